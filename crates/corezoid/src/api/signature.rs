//! Corezoid's signature: a hash over time, secret, body and secret. It compares nothing.

use std::fmt;

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

/// A shared secret. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the text as it was given out.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// An API key: who calls, and the secret between both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub(super) login: String,
    pub(super) secret: Secret,
}

impl Account {
    /// An API key of that login.
    pub fn new(login: impl Into<String>, secret: Secret) -> Self {
        Self {
            login: login.into(),
            secret,
        }
    }

    /// Its login.
    pub fn login(&self) -> &str {
        &self.login
    }
}

/// The hash of a signature. Every description names SHA-1; white labels use the others, told apart by length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// 40 hex digits.
    Sha1,
    /// 56 hex digits.
    Sha224,
    /// 64 hex digits.
    Sha256,
    /// 96 hex digits.
    Sha384,
    /// 128 hex digits.
    Sha512,
}

impl Algorithm {
    /// By the length of a signature in hex digits.
    pub fn of_hex_length(length: usize) -> Option<Self> {
        Some(match length {
            40 => Self::Sha1,
            56 => Self::Sha224,
            64 => Self::Sha256,
            96 => Self::Sha384,
            128 => Self::Sha512,
            _ => return None,
        })
    }
}

/// The signature of a body sent at `time` (Unix seconds, as they stand in the URL), in lower-case hex.
pub fn signature(algorithm: Algorithm, time: &str, account: &Account, body: &[u8]) -> String {
    hex::encode(digest(algorithm, time, &account.secret, body))
}

pub(super) fn digest(algorithm: Algorithm, time: &str, secret: &Secret, body: &[u8]) -> Vec<u8> {
    let parts = [
        time.as_bytes(),
        secret.0.as_bytes(),
        body,
        secret.0.as_bytes(),
    ];
    match algorithm {
        Algorithm::Sha1 => hash::<Sha1>(parts),
        Algorithm::Sha224 => hash::<Sha224>(parts),
        Algorithm::Sha256 => hash::<Sha256>(parts),
        Algorithm::Sha384 => hash::<Sha384>(parts),
        Algorithm::Sha512 => hash::<Sha512>(parts),
    }
}

fn hash<D: Digest>(parts: [&[u8]; 4]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}
