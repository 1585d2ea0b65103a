//! Passkeys (Web Authentication level 3): what a browser's answer proves.
//!
//! A passkey takes the place of password and code: the device has asked for a finger, a face or a PIN (user verification), and
//! signs for this site only. Which make of device it is does not matter here, so its attestation is not asked for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use coset::cbor::Value;
use coset::iana::{self, EnumI64};
use coset::{CborSerializable, CoseKey, KeyType, Label, RegisteredLabelWithPrivate};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::SealingKey;
use crate::sealed::NONCE_BYTES;

/// A device has so long to answer.
pub const CHALLENGE_LIFE_MS: i64 = 5 * 60_000;
/// Signatures that are read, best first: ES256, EdDSA, RS256 (by their COSE numbers).
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];
/// Longer ones are refused by the standard too.
const ID_BYTES_MAX: usize = 1023;

/// Flags of authenticator data.
const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKED_UP: u8 = 0x10;
const HOLDS_CREDENTIAL: u8 = 0x40;

/// Why an answer proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyRefused {
    /// Not as the standard has it.
    #[error("{0} cannot be read")]
    Unreadable(&'static str),
    /// We did not ask this, or too long ago.
    #[error("the answer is to no question of ours, or came too late")]
    Challenge,
    /// Given to another site.
    #[error("the answer was given to another site")]
    Site,
    /// The device has not asked who is there.
    #[error("the device has not made sure who is there")]
    NotVerified,
    /// A signature of a kind that is not read here.
    #[error("the passkey signs in a way that is not known here")]
    Algorithm,
    /// Somebody else's.
    #[error("the signature is not the passkey's")]
    Signature,
    /// The device counts, and this count was seen before: there are two of it.
    #[error("the passkey has been copied: its count of signatures went back")]
    Copied,
    /// The device holds it for somebody else.
    #[error("the passkey is another person's")]
    Person,
}

/// The site that passkeys are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Scheme, host and port, as browsers write it.
    pub origin: String,
    /// The host alone, which passkeys are bound to.
    pub id: String,
}

impl Site {
    /// The site at this address; none where there can be no passkeys: at a bare IP address, or unencrypted on another machine.
    pub fn at(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
        let id = authority.split(':').next()?.to_owned();
        let is_name = id.contains(|c: char| c.is_ascii_alphabetic())
            && !authority.starts_with('[')
            && !authority.contains('@');
        let is_safe = scheme == "https" || (scheme == "http" && id == "localhost");
        (is_name && is_safe).then(|| Self {
            origin: format!("{scheme}://{authority}"),
            id,
        })
    }
}

/// A question for a device: nothing has to be stored of it until it is answered. In base64url; `purpose` says what for and whose.
pub fn challenge(key: &SealingKey, purpose: &str, now_ms: i64, nonce: [u8; NONCE_BYTES]) -> String {
    let until_ms = now_ms + CHALLENGE_LIFE_MS;
    let sealed = key.seal(purpose, &until_ms.to_be_bytes(), nonce);
    URL_SAFE_NO_PAD.encode(sealed)
}

fn is_ours(key: &SealingKey, purpose: &str, challenge: &str, now_ms: i64) -> bool {
    let opened = URL_SAFE_NO_PAD.decode(challenge).ok().and_then(|sealed| {
        let sealed = String::from_utf8(sealed).ok()?;
        key.open(purpose, &sealed).ok()
    });
    opened
        .and_then(|until_ms| until_ms.try_into().ok())
        .is_some_and(|until_ms| now_ms < i64::from_be_bytes(until_ms))
}

/// What an answer is checked against.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Made the challenge.
    pub key: &'a SealingKey,
    /// Of the challenge.
    pub purpose: &'a str,
    /// Ours.
    pub site: &'a Site,
    /// Unix time in milliseconds.
    pub now_ms: i64,
}

/// A new passkey, as a browser brings it (`RegistrationResponseJSON`).
#[derive(Debug, Clone, Deserialize)]
pub struct Registration {
    response: Attestation,
}

#[derive(Debug, Clone, Deserialize)]
struct Attestation {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "attestationObject")]
    object: String,
}

/// A passkey, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// The device's name of it, in base64url.
    pub id: String,
    /// Of the public key: a COSE key, in base64url.
    pub public_key: String,
    /// How often it has signed, where the device counts.
    pub sign_count: u32,
    /// Whether it is kept somewhere else too (synchronised between devices).
    pub backed_up: bool,
}

impl Registration {
    /// The passkey, if the answer is to our question.
    pub fn passkey(&self, question: Question<'_>) -> Result<Passkey, PasskeyRefused> {
        ClientData::read(&self.response.client_data)?.check("webauthn.create", question)?;
        let object = bytes(&self.response.object, "the attestation object")?;
        let object: Value = coset::cbor::from_reader(&object[..])
            .map_err(|_| PasskeyRefused::Unreadable("the attestation object"))?;
        let data = text_entry(&object, "authData").and_then(Value::as_bytes);
        let data = data.ok_or(PasskeyRefused::Unreadable("the authenticator data"))?;
        let data = AuthenticatorData::read(data, question.site)?;
        let (id, public_key) = data.credential()?;
        verification_key(&public_key)?;
        let public_key = public_key.to_vec();
        let public_key = public_key.map_err(|_| PasskeyRefused::Unreadable("the public key"))?;
        Ok(Passkey {
            id: URL_SAFE_NO_PAD.encode(id),
            public_key: URL_SAFE_NO_PAD.encode(public_key),
            sign_count: data.sign_count,
            backed_up: data.flags & BACKED_UP != 0,
        })
    }
}

/// A sign-in, as a browser brings it (`AuthenticationResponseJSON`).
#[derive(Debug, Clone, Deserialize)]
pub struct Assertion {
    /// Which passkey, in base64url.
    pub id: String,
    response: Signed,
}

#[derive(Debug, Clone, Deserialize)]
struct Signed {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    #[serde(rename = "authenticatorData")]
    data: String,
    signature: String,
    #[serde(rename = "userHandle", default)]
    user: Option<String>,
}

/// The owner of a passkey has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyProven {
    /// The question that is used up.
    pub challenge: String,
    /// As of now.
    pub sign_count: u32,
    /// As of now.
    pub backed_up: bool,
}

impl Assertion {
    /// Checks the answer of the person's passkey.
    pub fn verify(
        &self,
        question: Question<'_>,
        passkey: &Passkey,
        person_id: &str,
    ) -> Result<PasskeyProven, PasskeyRefused> {
        let client = ClientData::read(&self.response.client_data)?;
        client.check("webauthn.get", question)?;
        if let Some(user) = &self.response.user
            && bytes(user, "the user handle")? != person_id.as_bytes()
        {
            return Err(PasskeyRefused::Person);
        }
        let raw = bytes(&self.response.data, "the authenticator data")?;
        let data = AuthenticatorData::read(&raw, question.site)?;
        let key = bytes(&passkey.public_key, "the public key")?;
        let key =
            CoseKey::from_slice(&key).map_err(|_| PasskeyRefused::Unreadable("the public key"))?;
        let signed = [&raw[..], &Sha256::digest(&client.raw)[..]].concat();
        let signature = bytes(&self.response.signature, "the signature")?;
        verification_key(&key)?.verify(&signed, &signature)?;
        let counts = data.sign_count != 0 || passkey.sign_count != 0;
        if counts && data.sign_count <= passkey.sign_count {
            return Err(PasskeyRefused::Copied);
        }
        Ok(PasskeyProven {
            challenge: client.parsed.challenge,
            sign_count: data.sign_count,
            backed_up: data.flags & BACKED_UP != 0,
        })
    }
}

/// What the browser says of the question, and the bytes that are signed.
struct ClientData {
    raw: Vec<u8>,
    parsed: ClientDataFields,
}

#[derive(Deserialize)]
struct ClientDataFields {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

impl ClientData {
    fn read(given: &str) -> Result<Self, PasskeyRefused> {
        let raw = bytes(given, "the client data")?;
        let parsed = serde_json::from_slice(&raw)
            .map_err(|_| PasskeyRefused::Unreadable("the client data"))?;
        Ok(Self { raw, parsed })
    }

    fn check(&self, kind: &str, question: Question<'_>) -> Result<(), PasskeyRefused> {
        let Self { parsed, .. } = self;
        if parsed.kind != kind {
            return Err(PasskeyRefused::Unreadable("the kind of answer"));
        }
        if parsed.origin != question.site.origin || parsed.cross_origin {
            return Err(PasskeyRefused::Site);
        }
        let Question {
            key,
            purpose,
            now_ms,
            ..
        } = question;
        if is_ours(key, purpose, &parsed.challenge, now_ms) {
            Ok(())
        } else {
            Err(PasskeyRefused::Challenge)
        }
    }
}

/// What the device says: site (32 bytes), flags, count of signatures (4 bytes), then the credential where there is one.
struct AuthenticatorData<'a> {
    flags: u8,
    sign_count: u32,
    rest: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    fn read(data: &'a [u8], site: &Site) -> Result<Self, PasskeyRefused> {
        let unreadable = PasskeyRefused::Unreadable("the authenticator data");
        let (site_sha256, rest) = data.split_first_chunk::<32>().ok_or(unreadable.clone())?;
        let (&[flags], rest) = rest.split_first_chunk::<1>().ok_or(unreadable.clone())?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(unreadable)?;
        if !bool::from(site_sha256[..].ct_eq(&Sha256::digest(&site.id)[..])) {
            return Err(PasskeyRefused::Site);
        }
        if flags & USER_PRESENT == 0 || flags & USER_VERIFIED == 0 {
            return Err(PasskeyRefused::NotVerified);
        }
        Ok(Self {
            flags,
            sign_count: u32::from_be_bytes(*count),
            rest,
        })
    }

    /// Id and public key of a new passkey: kind of device (16 bytes), length (2 bytes) and id, the key; extensions may follow.
    fn credential(&self) -> Result<(&'a [u8], CoseKey), PasskeyRefused> {
        let unreadable = PasskeyRefused::Unreadable("the credential");
        if self.flags & HOLDS_CREDENTIAL == 0 {
            return Err(unreadable);
        }
        let (_, rest) = self
            .rest
            .split_first_chunk::<16>()
            .ok_or(unreadable.clone())?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(unreadable.clone())?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, mut rest) = rest.split_at_checked(length).ok_or(unreadable.clone())?;
        if id.is_empty() || id.len() > ID_BYTES_MAX {
            return Err(unreadable);
        }
        let key: Value = coset::cbor::from_reader(&mut rest).map_err(|_| unreadable.clone())?;
        let key = coset::AsCborValue::from_cbor_value(key).map_err(|_| unreadable)?;
        Ok((id, key))
    }
}

/// A public key of one of the [`ALGORITHMS`].
enum PublicKey {
    Es256(p256::ecdsa::VerifyingKey),
    EdDsa(ed25519_dalek::VerifyingKey),
    Rs256(rsa::pkcs1v15::VerifyingKey<Sha256>),
}

impl PublicKey {
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), PasskeyRefused> {
        use p256::ecdsa::signature::Verifier;
        let is_right = match self {
            Self::Es256(key) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Self::EdDsa(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Self::Rs256(key) => rsa::pkcs1v15::Signature::try_from(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
        };
        if is_right {
            Ok(())
        } else {
            Err(PasskeyRefused::Signature)
        }
    }
}

fn verification_key(key: &CoseKey) -> Result<PublicKey, PasskeyRefused> {
    let unreadable = PasskeyRefused::Unreadable("the public key");
    let number = |parameter: i64| {
        let found = key
            .params
            .iter()
            .find(|(label, _)| *label == Label::Int(parameter));
        found.map(|(_, value)| value)
    };
    let part = |parameter: i64| {
        let found = number(parameter).and_then(Value::as_bytes);
        found.ok_or(unreadable.clone())
    };
    let is_on = |parameter: i64, curve: iana::EllipticCurve| {
        let found = number(parameter).and_then(Value::as_integer);
        found == Some(curve.to_i64().into())
    };
    let Some(RegisteredLabelWithPrivate::Assigned(algorithm)) = key.alg else {
        return Err(PasskeyRefused::Algorithm);
    };
    let KeyType::Assigned(kind) = key.kty else {
        return Err(PasskeyRefused::Algorithm);
    };
    match (algorithm, kind) {
        (iana::Algorithm::ES256, iana::KeyType::EC2)
            if is_on(
                iana::Ec2KeyParameter::Crv.to_i64(),
                iana::EllipticCurve::P_256,
            ) =>
        {
            let x = part(iana::Ec2KeyParameter::X.to_i64())?;
            let y = part(iana::Ec2KeyParameter::Y.to_i64())?;
            let point = [&[0x04][..], x, y].concat();
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point);
            Ok(PublicKey::Es256(key.map_err(|_| unreadable)?))
        }
        (iana::Algorithm::EdDSA, iana::KeyType::OKP)
            if is_on(
                iana::OkpKeyParameter::Crv.to_i64(),
                iana::EllipticCurve::Ed25519,
            ) =>
        {
            let x = part(iana::OkpKeyParameter::X.to_i64())?;
            let x = <[u8; 32]>::try_from(&x[..]).map_err(|_| unreadable.clone())?;
            let key = ed25519_dalek::VerifyingKey::from_bytes(&x);
            Ok(PublicKey::EdDsa(key.map_err(|_| unreadable)?))
        }
        (iana::Algorithm::RS256, iana::KeyType::RSA) => {
            let whole = |parameter: iana::RsaKeyParameter| {
                part(parameter.to_i64()).map(|bytes| rsa::BigUint::from_bytes_be(bytes))
            };
            let (n, e) = (
                whole(iana::RsaKeyParameter::N)?,
                whole(iana::RsaKeyParameter::E)?,
            );
            let key = rsa::RsaPublicKey::new(n, e).map_err(|_| unreadable)?;
            Ok(PublicKey::Rs256(rsa::pkcs1v15::VerifyingKey::new(key)))
        }
        _ => Err(PasskeyRefused::Algorithm),
    }
}

fn text_entry<'a>(map: &'a Value, name: &str) -> Option<&'a Value> {
    let entries = map.as_map()?.iter();
    let mut found = entries.filter(|(key, _)| key.as_text() == Some(name));
    found.next().map(|(_, value)| value)
}

fn bytes(text: &str, what: &'static str) -> Result<Vec<u8>, PasskeyRefused> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| PasskeyRefused::Unreadable(what))
}
