//! Direct and callback addresses.

use serde_json::json;
use vikno_corezoid::api::{
    Address, AddressKey, AddressRefused, CallbackAddress, DirectAddress, task_id_in,
};

fn key(organisation: &str) -> AddressKey {
    AddressKey::derive("a master key of enough bytes", organisation).unwrap()
}

#[test]
fn a_direct_address_lets_in_its_own_callers_only() {
    let address = DirectAddress {
        process: "appeals",
        generation: 1,
    };
    let hash = address.hash(&key("ukc"));
    assert_eq!(hash.len(), 40);
    let verified = address
        .verify(&key("ukc"), &hash.to_uppercase(), b"{}")
        .unwrap();
    assert_eq!(verified.bytes(), b"{}");
    let others = [
        (key("mon"), address, "another organisation"),
        (
            key("ukc"),
            DirectAddress {
                process: "queue",
                ..address
            },
            "another process",
        ),
        (
            key("ukc"),
            DirectAddress {
                generation: 2,
                ..address
            },
            "turned off and on",
        ),
    ];
    for (key, address, what) in others {
        assert_eq!(
            address.verify(&key, &hash, b"{}"),
            Err(AddressRefused::WrongHash),
            "{what}"
        );
    }
}

#[test]
fn a_callback_address_is_of_one_node() {
    let address = CallbackAddress {
        process: "appeals",
        node: "65f0c1d2e3a4b5c6d7e8f901",
    };
    let hash = address.hash(&key("ukc"));
    assert!(address.verify(&key("ukc"), &hash, b"").is_ok());
    let elsewhere = CallbackAddress {
        node: "65f0c1d2e3a4b5c6d7e8f902",
        ..address
    };
    assert_eq!(
        elsewhere.verify(&key("ukc"), &hash, b""),
        Err(AddressRefused::WrongHash)
    );
    // Where one part ends and the next begins counts.
    let shifted = CallbackAddress {
        process: "appeals6",
        node: "5f0c1d2e3a4b5c6d7e8f901",
    };
    assert_ne!(shifted.hash(&key("ukc")), hash);
}

#[test]
fn what_is_no_hash_is_refused() {
    let address = DirectAddress {
        process: "appeals",
        generation: 1,
    };
    let hash = address.hash(&key("ukc"));
    for given in [
        "",
        "abc",
        &hash[2..],
        &format!("{hash}00"),
        &"zz".repeat(20),
    ] {
        assert_eq!(
            address.verify(&key("ukc"), given, b""),
            Err(AddressRefused::NoHash),
            "{given}"
        );
    }
    assert_eq!(
        AddressKey::derive("", "ukc").err(),
        Some(AddressRefused::NotConfigured)
    );
}

#[test]
fn a_callback_names_its_task_where_the_node_says() {
    let body =
        json!({"id": "t1", "order": {"id": 55, "items": [{"ref": "r"}]}, "a/b": "s", "n": null});
    for (path, expected) in [
        ("id", Some("t1")),
        ("{{id}}", Some("t1")),
        ("order.id", Some("55")),
        ("order.items[0].ref", Some("r")),
        ("a/b", Some("s")),
        ("order", None),
        ("n", None),
        ("missing.x", None),
        ("", None),
    ] {
        assert_eq!(task_id_in(&body, path).as_deref(), expected, "{path}");
    }
}
