//! The key of one chain: derived from the master key, so that no chain's seals fit another chain.

use hkdf::Hkdf;
use hmac::Hmac;
use sha2::Sha256;

/// Separates these keys from every other one derived from the same master key.
const SEALS: &str = "vikno journal seals hmac-sha256 v1";
/// What a key is recognised by.
const NAME: &str = "vikno journal seals key name v1";

/// There is nothing to derive a key from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the master key is empty")]
pub struct EmptyMasterKey;

/// Seals and checks one chain.
pub struct ChainKey {
    secret: [u8; 32],
    name: [u8; 8],
}

impl ChainKey {
    /// The key of a chain by its name, e.g. `ukc/journal`.
    pub fn derive(master_key: &str, chain: &str) -> Result<Self, EmptyMasterKey> {
        if master_key.is_empty() {
            return Err(EmptyMasterKey);
        }
        let source = Hkdf::<Sha256>::new(None, master_key.as_bytes());
        let mut key = Self {
            secret: [0; 32],
            name: [0; 8],
        };
        let chain = chain.as_bytes();
        let expanded = source
            .expand_multi_info(&[SEALS.as_bytes(), b"\0", chain], &mut key.secret)
            .and(source.expand_multi_info(&[NAME.as_bytes(), b"\0", chain], &mut key.name));
        // Both are far shorter than what HKDF can give, so that this never fails.
        expanded.map_err(|_| EmptyMasterKey)?;
        Ok(key)
    }

    /// Tells keys apart without telling anything of them.
    pub fn name(&self) -> [u8; 8] {
        self.name
    }

    pub(crate) fn mac(&self) -> Hmac<Sha256> {
        let block = hmac_block(&self.secret);
        <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into())
    }
}

/// A key shorter than a block is the same key with zeros behind it.
fn hmac_block(secret: &[u8; 32]) -> [u8; 64] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(secret);
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chain_has_a_key_of_its_own() {
        let of = |master: &str, chain: &str| ChainKey::derive(master, chain).unwrap();
        let key = of("one", "ukc/journal");
        assert_eq!(key.secret, of("one", "ukc/journal").secret);
        for other in [of("one", "mon/journal"), of("two", "ukc/journal")] {
            assert_ne!(key.secret, other.secret);
            assert_ne!(key.name, other.name);
        }
        assert_ne!(key.secret[..8], key.name);
    }

    #[test]
    fn an_empty_master_key_seals_nothing() {
        assert_eq!(
            ChainKey::derive("", "ukc/journal").err(),
            Some(EmptyMasterKey)
        );
    }
}
