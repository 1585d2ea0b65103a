//! Secrets at rest: encrypted and authenticated with a key derived from the master key (XChaCha20-Poly1305).

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::KeyRefused;

/// Separates this key from every other one derived from the same master key.
const CONTEXT: &[u8] = b"vikno secrets at rest xchacha20poly1305 v1";
/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 24;

/// Seals secrets, and opens what it sealed.
pub struct SealingKey(XChaCha20Poly1305);

/// It was sealed with another key, for another purpose, or changed since.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a stored secret cannot be opened: the master key is another one, or the secret was changed"
)]
pub struct NotOurSeal;

impl SealingKey {
    /// The same master key gives the same key, on every machine and after every restart.
    pub fn derive(master_key: &str) -> Result<Self, KeyRefused> {
        if master_key.is_empty() {
            return Err(KeyRefused::EmptyMasterKey);
        }
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, master_key.as_bytes())
            .expand(CONTEXT, &mut key)
            .map_err(|_| KeyRefused::EmptyMasterKey)?;
        Ok(Self(XChaCha20Poly1305::new(&key.into())))
    }

    /// Nonce and ciphertext in hex. `purpose` names what the secret is for and whose; `nonce` is random.
    pub fn seal(&self, purpose: &str, secret: &[u8], nonce: [u8; NONCE_BYTES]) -> String {
        let payload = Payload {
            msg: secret,
            aad: purpose.as_bytes(),
        };
        // Encryption fails only above 256 GiB.
        let sealed = self
            .0
            .encrypt(XNonce::from_slice(&nonce), payload)
            .unwrap_or_default();
        hex::encode([&nonce[..], &sealed].concat())
    }

    /// What [`SealingKey::seal`] was given.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<Vec<u8>, NotOurSeal> {
        let bytes = hex::decode(sealed).map_err(|_| NotOurSeal)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or(NotOurSeal)?;
        let payload = Payload {
            msg: sealed,
            aad: purpose.as_bytes(),
        };
        self.0
            .decrypt(XNonce::from_slice(nonce), payload)
            .map_err(|_| NotOurSeal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_for_the_same_purpose_opens_what_was_not_changed() {
        let ours = SealingKey::derive("ours").unwrap();
        let sealed = ours.seal("totp u_1", b"secret", [7; NONCE_BYTES]);
        assert_eq!(ours.open("totp u_1", &sealed).unwrap(), b"secret");
        let foreign = SealingKey::derive("foreign").unwrap();
        assert_eq!(foreign.open("totp u_1", &sealed), Err(NotOurSeal));
        assert_eq!(ours.open("totp u_2", &sealed), Err(NotOurSeal));
        let changed = sealed.replacen(&sealed[50..52], "00", 1);
        for broken in [&changed, "", "xyz", &sealed[..20]] {
            assert_eq!(ours.open("totp u_1", broken), Err(NotOurSeal), "{broken}");
        }
    }

    #[test]
    fn without_a_master_key_nothing_is_sealed() {
        assert!(SealingKey::derive("").is_err());
    }
}
