//! Proof that a webhook call comes from the channel: constant-time comparison on raw bytes, failing closed.
//! The proof is a value without which nothing can be parsed.

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Why a call is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// We hold no secret to check with.
    #[error("no secret is configured")]
    NotConfigured,
    /// The call brings no proof.
    #[error("the proof is missing")]
    Missing,
    /// The proof is wrong.
    #[error("the proof is wrong")]
    Wrong,
}

/// A request body that the channel is known to have sent.
#[derive(Debug, Clone, Copy)]
pub struct VerifiedBody<'a>(&'a [u8]);

impl<'a> VerifiedBody<'a> {
    /// One that another component of ours has verified.
    pub(crate) fn attested(body: &'a [u8]) -> Self {
        Self(body)
    }

    /// The raw bytes.
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }
}

/// A body that came with a shared secret (Telegram).
pub(crate) fn by_shared_secret<'a>(
    given: Option<&str>,
    secret: &str,
    body: &'a [u8],
) -> Result<VerifiedBody<'a>, Refused> {
    if secret.is_empty() {
        return Err(Refused::NotConfigured);
    }
    // Digests are of one length, so that the time does not tell the secret's length either.
    by_digest(given, &Sha256::digest(secret), body)
}

/// A body that came with a secret of which we keep the SHA-256 only.
pub(crate) fn by_digest<'a>(
    given: Option<&str>,
    digest: &[u8],
    body: &'a [u8],
) -> Result<VerifiedBody<'a>, Refused> {
    let given = given.ok_or(Refused::Missing)?;
    match bool::from(Sha256::digest(given).ct_eq(digest)) {
        true => Ok(VerifiedBody(body)),
        false => Err(Refused::Wrong),
    }
}

/// A body that came with its HMAC-SHA256 in hexadecimal (Viber).
pub(crate) fn by_hmac<'a>(
    given: Option<&str>,
    key: &str,
    body: &'a [u8],
) -> Result<VerifiedBody<'a>, Refused> {
    if key.is_empty() {
        return Err(Refused::NotConfigured);
    }
    let given = hex::decode(given.ok_or(Refused::Missing)?).map_err(|_| Refused::Wrong)?;
    signature(key, body)
        .verify_slice(&given)
        .map(|()| VerifiedBody(body))
        .map_err(|_| Refused::Wrong)
}

/// The HMAC-SHA256 of a body in hexadecimal, as Viber signs.
pub(crate) fn signed(key: &str, body: &[u8]) -> String {
    hex::encode(signature(key, body).finalize().into_bytes())
}

fn signature(key: &str, body: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    mac
}
