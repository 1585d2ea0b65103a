//! Passkeys against a device made here: it answers as the standard has it, and wrongly in each way that matters.
#![allow(clippy::unwrap_used)]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use coset::cbor::Value;
use coset::{CborSerializable, CoseKey, CoseKeyBuilder, iana};
use p256::ecdsa::signature::Signer;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use vikno_identity::SealingKey;
use vikno_identity::passkey::{
    Assertion, CHALLENGE_LIFE_MS, Passkey, PasskeyRefused, Question, Registration, Site, challenge,
};

const NOW_MS: i64 = 1_795_000_000_000;
const ORIGIN: &str = "https://chat.example.gov.ua";
const PERSON: &str = "u_1";
const PRESENT_AND_VERIFIED: u8 = 0x05;
const HOLDS_CREDENTIAL: u8 = 0x40;

enum Secret {
    Es256(p256::ecdsa::SigningKey),
    EdDsa(ed25519_dalek::SigningKey),
}

/// A device, the site it thinks it is at, and what it does there.
struct Device {
    secret: Secret,
    origin: &'static str,
    site: &'static str,
    flags: u8,
    count: u32,
    user: &'static str,
}

impl Device {
    fn es256() -> Self {
        let secret = p256::ecdsa::SigningKey::from_bytes(&[7; 32].into()).unwrap();
        Self::with(Secret::Es256(secret))
    }

    fn eddsa() -> Self {
        Self::with(Secret::EdDsa(ed25519_dalek::SigningKey::from_bytes(
            &[7; 32],
        )))
    }

    fn with(secret: Secret) -> Self {
        Self {
            secret,
            origin: ORIGIN,
            site: "chat.example.gov.ua",
            flags: PRESENT_AND_VERIFIED,
            count: 0,
            user: PERSON,
        }
    }

    fn public_key(&self) -> CoseKey {
        match &self.secret {
            Secret::Es256(secret) => {
                let point = secret.verifying_key().to_encoded_point(false);
                let (x, y) = (point.x().unwrap().to_vec(), point.y().unwrap().to_vec());
                CoseKeyBuilder::new_ec2_pub_key(iana::EllipticCurve::P_256, x, y)
                    .algorithm(iana::Algorithm::ES256)
                    .build()
            }
            Secret::EdDsa(secret) => {
                let curve = i64::from(iana::EllipticCurve::Ed25519 as u8);
                CoseKeyBuilder::new_okp_key()
                    .algorithm(iana::Algorithm::EdDSA)
                    .param(-1, Value::from(curve))
                    .param(-2, Value::from(secret.verifying_key().as_bytes().to_vec()))
                    .build()
            }
        }
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.site).to_vec();
        data.push(flags);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let data = json!({ "type": kind, "challenge": challenge, "origin": self.origin });
        data.to_string().into_bytes()
    }

    fn registers(&self, challenge: &str) -> Json {
        let mut data = self.data(self.flags | HOLDS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend([0, 3]);
        data.extend(b"key");
        data.extend(self.public_key().to_vec().unwrap());
        let entry = |name: &str, value: Value| (Value::from(name), value);
        let object = Value::Map(vec![
            entry("fmt", Value::from("none")),
            entry("attStmt", Value::Map(Vec::new())),
            entry("authData", Value::from(data)),
        ]);
        let mut encoded = Vec::new();
        coset::cbor::into_writer(&object, &mut encoded).unwrap();
        let client_data = self.client_data("webauthn.create", challenge);
        json!({ "id": "a2V5", "type": "public-key", "response": {
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "attestationObject": URL_SAFE_NO_PAD.encode(encoded),
        }})
    }

    fn signs_in(&self, challenge: &str) -> Json {
        let client_data = self.client_data("webauthn.get", challenge);
        let data = self.data(self.flags);
        let signed = [&data[..], &Sha256::digest(&client_data)[..]].concat();
        let signature = match &self.secret {
            Secret::Es256(secret) => {
                let signature: p256::ecdsa::Signature = secret.sign(&signed);
                signature.to_der().as_bytes().to_vec()
            }
            Secret::EdDsa(secret) => secret.sign(&signed).to_vec(),
        };
        json!({ "id": "a2V5", "type": "public-key", "response": {
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client_data),
            "authenticatorData": URL_SAFE_NO_PAD.encode(data),
            "signature": URL_SAFE_NO_PAD.encode(signature),
            "userHandle": URL_SAFE_NO_PAD.encode(self.user),
        }})
    }
}

/// What a device makes of our question for `purpose`, checked `later_ms` after it was asked.
fn registered(device: &Device, later_ms: i64) -> Result<Passkey, PasskeyRefused> {
    let key = SealingKey::derive("ours").unwrap();
    let site = Site::at(ORIGIN).unwrap();
    let asked = challenge(&key, "register", NOW_MS, [1; 24]);
    let given: Registration = serde_json::from_value(device.registers(&asked)).unwrap();
    let now_ms = NOW_MS + later_ms;
    given.passkey(Question {
        key: &key,
        purpose: "register",
        site: &site,
        now_ms,
    })
}

fn signed_in(device: &Device, passkey: &Passkey, purpose: &str) -> Result<u32, PasskeyRefused> {
    let key = SealingKey::derive("ours").unwrap();
    let site = Site::at(ORIGIN).unwrap();
    let asked = challenge(&key, "sign in", NOW_MS, [2; 24]);
    let given: Assertion = serde_json::from_value(device.signs_in(&asked)).unwrap();
    let question = Question {
        key: &key,
        purpose,
        site: &site,
        now_ms: NOW_MS,
    };
    let proven = given.verify(question, passkey, PERSON)?;
    assert_eq!(proven.challenge, asked);
    Ok(proven.sign_count)
}

#[test]
fn a_passkey_is_kept_and_proves_its_owner() {
    for device in [Device::es256(), Device::eddsa()] {
        let passkey = registered(&device, 0).unwrap();
        assert_eq!(passkey.id, "a2V5");
        assert_eq!(signed_in(&device, &passkey, "sign in"), Ok(0));
    }
}

#[test]
fn an_answer_counts_at_our_site_in_time_and_with_its_owner_there_only() {
    let right = || Device {
        count: 9,
        ..Device::es256()
    };
    let passkey = registered(
        &Device {
            count: 8,
            ..right()
        },
        0,
    )
    .unwrap();
    assert_eq!(signed_in(&right(), &passkey, "sign in"), Ok(9));
    for (wrong, why) in [
        (
            Device {
                origin: "https://chat.example.gov.ua.evil.example",
                ..right()
            },
            PasskeyRefused::Site,
        ),
        (
            Device {
                origin: "http://chat.example.gov.ua",
                ..right()
            },
            PasskeyRefused::Site,
        ),
        (
            Device {
                site: "example.gov.ua",
                ..right()
            },
            PasskeyRefused::Site,
        ),
        (
            Device {
                flags: 0x01,
                ..right()
            },
            PasskeyRefused::NotVerified,
        ),
        (
            Device {
                flags: 0x04,
                ..right()
            },
            PasskeyRefused::NotVerified,
        ),
        (
            Device {
                count: 8,
                ..right()
            },
            PasskeyRefused::Copied,
        ),
        (
            Device {
                count: 0,
                ..right()
            },
            PasskeyRefused::Copied,
        ),
        (
            Device {
                user: "u_2",
                ..right()
            },
            PasskeyRefused::Person,
        ),
        (
            Device {
                count: 9,
                ..Device::eddsa()
            },
            PasskeyRefused::Signature,
        ),
    ] {
        assert_eq!(signed_in(&wrong, &passkey, "sign in"), Err(why));
    }
    assert_eq!(
        signed_in(&right(), &passkey, "register"),
        Err(PasskeyRefused::Challenge),
        "a question for something else"
    );
    assert_eq!(
        registered(&right(), CHALLENGE_LIFE_MS),
        Err(PasskeyRefused::Challenge),
        "too late"
    );
    let elsewhere = Device {
        origin: "https://other.example",
        ..right()
    };
    assert_eq!(registered(&elsewhere, 0), Err(PasskeyRefused::Site));
    let unverified = Device {
        flags: 0x01,
        ..right()
    };
    assert_eq!(registered(&unverified, 0), Err(PasskeyRefused::NotVerified));
}

#[test]
fn a_made_up_challenge_is_none_of_ours() {
    let site = Site::at(ORIGIN).unwrap();
    let key = SealingKey::derive("ours").unwrap();
    let theirs = challenge(
        &SealingKey::derive("theirs").unwrap(),
        "sign in",
        NOW_MS,
        [1; 24],
    );
    let passkey = registered(&Device::es256(), 0).unwrap();
    for asked in [theirs.as_str(), "", "AAAA", "not base64 at all"] {
        let given: Assertion = serde_json::from_value(Device::es256().signs_in(asked)).unwrap();
        let question = Question {
            key: &key,
            purpose: "sign in",
            site: &site,
            now_ms: NOW_MS,
        };
        let refused = given.verify(question, &passkey, PERSON);
        assert_eq!(refused, Err(PasskeyRefused::Challenge), "{asked}");
    }
}

#[test]
fn passkeys_are_for_names_over_an_encrypted_way() {
    let site = |url: &str| Site::at(url).map(|site| (site.origin, site.id));
    let is = |origin: &str, id: &str| Some((origin.to_owned(), id.to_owned()));
    for (url, expected) in [
        (
            "https://Chat.Example/",
            is("https://chat.example", "chat.example"),
        ),
        (
            "https://chat.example:8443/x?y#z",
            is("https://chat.example:8443", "chat.example"),
        ),
        (
            "http://localhost:3000",
            is("http://localhost:3000", "localhost"),
        ),
        ("http://chat.example", None),
        ("http://127.0.0.1:3000", None),
        ("https://10.0.0.1", None),
        ("https://[fe80::1]/", None),
        ("https://user@chat.example", None),
        ("chat.example", None),
        ("", None),
    ] {
        assert_eq!(site(url), expected, "{url}");
    }
}

proptest::proptest! {
    /// Whatever a browser sends, it is refused and nothing breaks.
    #[test]
    fn noise_is_refused(object in proptest::collection::vec(0u8.., 0..300)) {
        let key = SealingKey::derive("ours").unwrap();
        let site = Site::at(ORIGIN).unwrap();
        let asked = challenge(&key, "register", NOW_MS, [1; 24]);
        let mut given = Device::es256().registers(&asked);
        given["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(object));
        let given: Registration = serde_json::from_value(given).unwrap();
        let question = Question { key: &key, purpose: "register", site: &site, now_ms: NOW_MS };
        proptest::prop_assert!(given.passkey(question).is_err());
    }
}
