//! `$.md5`, `$.sha1` and their kin. The original gives raw bytes without `_hex`, which no JSON text can hold: here
//! both names give the hex form.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

/// A digest by the name authors use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name.strip_suffix("_hex").unwrap_or(name) {
            "md5" => Self::Md5,
            "sha1" => Self::Sha1,
            "sha224" => Self::Sha224,
            "sha256" => Self::Sha256,
            "sha384" => Self::Sha384,
            "sha512" => Self::Sha512,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5_hex",
            Self::Sha1 => "sha1_hex",
            Self::Sha224 => "sha224_hex",
            Self::Sha256 => "sha256_hex",
            Self::Sha384 => "sha384_hex",
            Self::Sha512 => "sha512_hex",
        }
    }

    pub(super) fn hex(self, text: &str) -> String {
        match self {
            Self::Md5 => hex::encode(Md5::digest(text)),
            Self::Sha1 => hex::encode(Sha1::digest(text)),
            Self::Sha224 => hex::encode(Sha224::digest(text)),
            Self::Sha256 => hex::encode(Sha256::digest(text)),
            Self::Sha384 => hex::encode(Sha384::digest(text)),
            Self::Sha512 => hex::encode(Sha512::digest(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_abc_are_those_of_their_standards() {
        for (name, begins) in [
            ("md5_hex", "900150983cd24fb0d6963f7d28e17f72"),
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("sha224_hex", "23097d223405d8228642a477bda255b3"),
            ("sha256_hex", "ba7816bf8f01cfea414140de5dae2223"),
            ("sha384_hex", "cb00753f45a35e8bb5a03d699ac65007"),
            ("sha512", "ddaf35a193617abacc417349ae204131"),
        ] {
            let hex = Digest::parse(name).expect(name).hex("abc");
            assert!(hex.starts_with(begins), "{name}: {hex}");
        }
        assert_eq!(Digest::parse("sha3_hex"), None);
    }
}
