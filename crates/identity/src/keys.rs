//! The Ed25519 key pairs that access tokens are signed with: derived from the master key, a new one each month, never stored.

use ed25519_dalek::{SigningKey as PrivateKey, VerifyingKey};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

/// Separates this key from every other one derived from the same master key.
const CONTEXT: &[u8] = b"vikno access token signing key ed25519 v2";
/// A key signs for so long.
const PERIOD_MS: i64 = 30 * 24 * 3_600 * 1_000;

/// Why bytes are no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// Nothing to derive from.
    #[error("the master key is empty")]
    EmptyMasterKey,
    /// Not 32 bytes of a point on the curve, in hex.
    #[error("a verification key is 64 hex digits of an Ed25519 public key")]
    NotAPublicKey,
}

/// Signs access tokens; only the function that issues them ever holds one.
pub struct SigningKey {
    pub(crate) private: PrivateKey,
    public: VerificationKey,
}

impl SigningKey {
    /// The pair that signs at a time (Unix milliseconds): the same master key gives the same one, on every machine and after
    /// every restart, until its month is over.
    pub fn derive(master_key: &str, now_ms: i64) -> Result<Self, KeyRefused> {
        Self::of(master_key, now_ms.div_euclid(PERIOD_MS))
    }

    /// The public keys that others have to know at a time: of the pair that signs, of the one before, whose last tokens may still
    /// be on their way, and of the next one, so that it is known everywhere before it signs.
    pub fn known(master_key: &str, now_ms: i64) -> Result<[VerificationKey; 3], KeyRefused> {
        let period = now_ms.div_euclid(PERIOD_MS);
        let public = |period| Self::of(master_key, period).map(|key| key.public);
        Ok([public(period)?, public(period - 1)?, public(period + 1)?])
    }

    fn of(master_key: &str, period: i64) -> Result<Self, KeyRefused> {
        if master_key.is_empty() {
            return Err(KeyRefused::EmptyMasterKey);
        }
        let mut seed = [0; 32];
        Hkdf::<Sha256>::new(None, master_key.as_bytes())
            .expand_multi_info(&[CONTEXT, &period.to_be_bytes()], &mut seed)
            .map_err(|_| KeyRefused::EmptyMasterKey)?;
        let private = PrivateKey::from_bytes(&seed);
        let public = VerificationKey::new(private.verifying_key());
        Ok(Self { private, public })
    }

    /// The public half, to be registered where tokens are checked.
    pub fn verification_key(&self) -> &VerificationKey {
        &self.public
    }
}

/// Checks access tokens; no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationKey {
    pub(crate) public: VerifyingKey,
    id: String,
}

impl VerificationKey {
    fn new(public: VerifyingKey) -> Self {
        let id = hex::encode(&Sha256::digest(public.as_bytes())[..8]);
        Self { public, id }
    }

    /// Reads what [`VerificationKey::to_hex`] wrote.
    pub fn parse(public_hex: &str) -> Result<Self, KeyRefused> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(public_hex, &mut bytes).map_err(|_| KeyRefused::NotAPublicKey)?;
        let public = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyRefused::NotAPublicKey)?;
        if public.is_weak() {
            return Err(KeyRefused::NotAPublicKey);
        }
        Ok(Self::new(public))
    }

    /// First 8 bytes of the key's SHA-256, in hex: the `kid` of its tokens.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public key as JSON Web Keys have it (RFC 8037).
    pub fn to_base64url(&self) -> String {
        base64::Engine::encode(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD,
            self.public.as_bytes(),
        )
    }

    /// The public key, in hex.
    pub fn to_hex(&self) -> String {
        hex::encode(self.public.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_master_key_gives_the_same_pair_and_another_one_another() {
        let first = SigningKey::derive("one", 0).unwrap();
        let again = SigningKey::derive("one", PERIOD_MS - 1).unwrap();
        let other = SigningKey::derive("two", 0).unwrap();
        assert_eq!(first.verification_key(), again.verification_key());
        assert_ne!(first.verification_key().id(), other.verification_key().id());
    }

    #[test]
    fn each_month_has_a_pair_of_its_own_that_is_known_before_and_after() {
        let signs = |now_ms| SigningKey::derive("one", now_ms).unwrap().public;
        let months = [0, 1, 2, 3].map(|month| signs(month * PERIOD_MS));
        assert_ne!(months[0], months[1]);
        let known = |month: i64| SigningKey::known("one", month * PERIOD_MS + 5).unwrap();
        let [now, before, next] = known(1);
        assert_eq!([&now, &before, &next], [&months[1], &months[0], &months[2]]);
        assert!(!known(3).contains(&months[1]));
    }

    #[test]
    fn an_empty_master_key_signs_nothing() {
        assert_eq!(
            SigningKey::derive("", 0).err(),
            Some(KeyRefused::EmptyMasterKey)
        );
    }

    #[test]
    fn a_public_key_reads_back_as_written() {
        let key = SigningKey::derive("one", 0).unwrap();
        let read = VerificationKey::parse(&key.verification_key().to_hex()).unwrap();
        assert_eq!(&read, key.verification_key());
    }

    #[test]
    fn texts_that_are_no_key_are_refused() {
        let all_zero_is_a_weak_point = "00".repeat(32);
        for bad in ["", "zz", "00ff", &all_zero_is_a_weak_point] {
            assert_eq!(
                VerificationKey::parse(bad),
                Err(KeyRefused::NotAPublicKey),
                "{bad:?}"
            );
        }
    }
}
