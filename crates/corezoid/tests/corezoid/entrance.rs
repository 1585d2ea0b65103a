//! Who may come in by a signature.

use proptest::prelude::*;
use vikno_corezoid::api::{
    Account, Algorithm, CLOCK_SKEW_S_MAX, Refused, Secret, SignedCall, Version, signature,
};

const TIME: &str = "1435138801";
const NOW_S: i64 = 1_435_138_801;
const BODY: &str =
    r#"{"ops":[{"ref":"1","type":"create","obj":"task","conv_id":25,"data":{"name":"Оля"}}]}"#;

/// Computed with another implementation.
const VECTORS: [(Algorithm, &str); 5] = [
    (Algorithm::Sha1, "d3fce6dbf57e595aadccaa865d5a9452db001501"),
    (
        Algorithm::Sha224,
        "76afec2970dd1fd233907b16f446bb70768d13a19af7a3c7c2044906",
    ),
    (
        Algorithm::Sha256,
        "7c23a3396f9c2ac50dfa119ea549a55df96bb647af008de72f56d0753283a5ef",
    ),
    (
        Algorithm::Sha384,
        "17759f5e6cb5b3a9c0ead71644daca0ffb9d336a5044b85117de90b04928846f625f5fb045d8d69d7b4b9da94b058993",
    ),
    (
        Algorithm::Sha512,
        "0fa530ffcca4ff80804fee5e41e95864fd50cf44afe8534fe7972731201050b6d0651540ab71f73c24c0146da7b5ed591edd7f387ea3c665a38e0400e16c7cae",
    ),
];

fn account() -> Account {
    Account::new("7455", Secret::new("wQ3kT7secret"))
}

/// The outcome of a call that is right but for what is given.
fn call(login: &str, time: &str, sent: &str, body: &[u8], now_s: i64) -> Result<String, Refused> {
    let call = SignedCall::parse(login, time, sent)?;
    let verified = call.verify(&account(), body, now_s)?;
    assert_eq!(verified.body().bytes(), body);
    Ok(verified.replay_key().as_str().to_owned())
}

#[test]
fn known_signatures_of_every_length_are_believed_in_either_case() {
    for (algorithm, known) in VECTORS {
        assert_eq!(
            signature(algorithm, TIME, &account(), BODY.as_bytes()),
            known
        );
        assert_eq!(Algorithm::of_hex_length(known.len()), Some(algorithm));
        for sent in [known.to_owned(), known.to_uppercase()] {
            call("7455", TIME, &sent, BODY.as_bytes(), NOW_S).unwrap();
        }
    }
}

#[test]
fn everything_else_is_refused() {
    let good = VECTORS[0].1;
    let other_secret = Account::new("7455", Secret::new("other"));
    let foreign = signature(Algorithm::Sha1, TIME, &other_secret, BODY.as_bytes());
    let altered = BODY.replace("25", "26");
    let cut = &good[1..];
    let not_hex = format!("{cut}g");
    let cases = [
        (
            "another login",
            "7456",
            TIME,
            good,
            BODY,
            Refused::UnknownLogin,
        ),
        (
            "another secret",
            "7455",
            TIME,
            &*foreign,
            BODY,
            Refused::WrongSignature,
        ),
        (
            "another body",
            "7455",
            TIME,
            good,
            &*altered,
            Refused::WrongSignature,
        ),
        (
            "another time",
            "7455",
            "1435138802",
            good,
            BODY,
            Refused::WrongSignature,
        ),
        (
            "the same time otherwise",
            "7455",
            "01435138801",
            good,
            BODY,
            Refused::WrongSignature,
        ),
        (
            "a digit short",
            "7455",
            TIME,
            cut,
            BODY,
            Refused::NoSignature,
        ),
        (
            "not hexadecimal",
            "7455",
            TIME,
            &*not_hex,
            BODY,
            Refused::NoSignature,
        ),
        ("nothing", "7455", TIME, "", BODY, Refused::NoSignature),
        ("no time", "7455", "", good, BODY, Refused::NoTime),
        (
            "a negative time",
            "7455",
            "-1435138801",
            good,
            BODY,
            Refused::NoTime,
        ),
        (
            "a time in words",
            "7455",
            "now",
            good,
            BODY,
            Refused::NoTime,
        ),
        (
            "an endless time",
            "7455",
            "1435138801000000000",
            good,
            BODY,
            Refused::NoTime,
        ),
    ];
    for (what, login, time, sent, body, expected) in cases {
        assert_eq!(
            call(login, time, sent, body.as_bytes(), NOW_S),
            Err(expected),
            "{what}"
        );
    }
}

#[test]
fn clocks_may_differ_by_five_minutes() {
    let good = VECTORS[0].1;
    for off_by_s in [-CLOCK_SKEW_S_MAX, -1, 0, 1, CLOCK_SKEW_S_MAX] {
        call("7455", TIME, good, BODY.as_bytes(), NOW_S - off_by_s).unwrap();
    }
    for off_by_s in [-CLOCK_SKEW_S_MAX - 1, CLOCK_SKEW_S_MAX + 1] {
        let refused = call("7455", TIME, good, BODY.as_bytes(), NOW_S - off_by_s);
        assert_eq!(refused, Err(Refused::ClockOff { off_by_s }));
    }
}

#[test]
fn an_account_without_a_secret_lets_nobody_in() {
    for account in [
        Account::new("7455", Secret::new("")),
        Account::new("", Secret::new("s")),
    ] {
        let sent = signature(Algorithm::Sha1, TIME, &account, b"{}");
        let call = SignedCall::parse(account.login(), TIME, &sent).unwrap();
        assert_eq!(
            call.verify(&account, b"{}", NOW_S),
            Err(Refused::NotConfigured)
        );
    }
}

#[test]
fn a_repeated_call_has_the_same_replay_key_and_another_one_has_not() {
    let sent = |body: &str| signature(Algorithm::Sha256, TIME, &account(), body.as_bytes());
    let key = |body: &str| call("7455", TIME, &sent(body), body.as_bytes(), NOW_S).unwrap();
    assert_eq!(key(BODY), key(BODY));
    assert_ne!(key(BODY), key("{}"));
    let upper = sent(BODY).to_uppercase();
    assert_eq!(
        call("7455", TIME, &upper, BODY.as_bytes(), NOW_S),
        Ok(key(BODY))
    );
    let call = SignedCall::parse("7455", TIME, VECTORS[0].1).unwrap();
    let verified = call.verify(&account(), BODY.as_bytes(), NOW_S).unwrap();
    assert_eq!(verified.replay_key().expires_at_s(), NOW_S + 300);
}

#[test]
fn secrets_are_not_printed_and_callers_learn_little() {
    let printed = format!("{:?}", account());
    assert!(!printed.contains("wQ3kT7secret"), "{printed}");
    for refused in [
        Refused::UnknownLogin,
        Refused::WrongSignature,
        Refused::NotConfigured,
    ] {
        assert_eq!(refused.public_text(), "Access denied");
    }
}

#[test]
fn there_are_two_versions() {
    assert_eq!(Version::parse("1"), Some(Version::One));
    assert_eq!(Version::parse("2"), Some(Version::Two));
    for other in ["", "0", "3", "02", "2 "] {
        assert_eq!(Version::parse(other), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_segments_panic_and_none_are_believed(
        login in "\\PC{0,10}", time in "\\PC{0,16}", sent in "[0-9a-fg]{0,130}", body in "\\PC{0,40}"
    ) {
        prop_assert!(call(&login, &time, &sent, body.as_bytes(), NOW_S).is_err());
    }

    #[test]
    fn whatever_is_signed_is_believed_unless_a_byte_changes(body in proptest::collection::vec(any::<u8>(), 1..60), at in any::<usize>()) {
        let sent = signature(Algorithm::Sha512, TIME, &account(), &body);
        prop_assert!(call("7455", TIME, &sent, &body, NOW_S).is_ok());
        let mut altered = body.clone();
        let at = at % altered.len();
        altered[at] ^= 1;
        prop_assert_eq!(call("7455", TIME, &sent, &altered, NOW_S), Err(Refused::WrongSignature));
    }
}
