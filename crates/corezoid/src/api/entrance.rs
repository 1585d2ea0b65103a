//! Who may come in: a signed call is verified on its raw bytes, and only what came out of that can be read.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::signature::{Account, Algorithm, digest};

/// How far a caller's clock may be off. Corezoid documents no window; five minutes is what signed
/// webhooks commonly allow, and how long replay keys have to be kept.
pub const CLOCK_SKEW_S_MAX: i64 = 300;

/// Digits of a time: ten today, eleven after the year 2286.
const TIME_DIGITS_MAX: usize = 12;

/// The version in the path; they differ in how failures are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `/api/1/json/…`: `proc` is the failure's code.
    One,
    /// `/api/2/json/…`: `proc` is `error`, with a description.
    Two,
}

impl Version {
    /// By the segment of the path.
    pub fn parse(segment: &str) -> Option<Self> {
        match segment {
            "1" => Some(Self::One),
            "2" => Some(Self::Two),
            _ => None,
        }
    }

    pub(super) fn segment(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
        }
    }
}

/// Why a call is not believed. All but the clock answer alike outside, so that nothing is learned by trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// We hold no secret to check with.
    #[error("no secret is configured")]
    NotConfigured,
    /// The path has no Unix time where one belongs.
    #[error("the time in the address is not a Unix time in seconds")]
    NoTime,
    /// The path has no signature where one belongs.
    #[error("the signature is not 40, 56, 64, 96 or 128 hexadecimal digits")]
    NoSignature,
    /// Another login than the one we know.
    #[error("the login is unknown")]
    UnknownLogin,
    /// The signature is not that of this body, time and secret.
    #[error("the signature is wrong")]
    WrongSignature,
    /// The signature is right, but too old or from the future: a recording, or a wrong clock.
    #[error("the time in the address is {off_by_s} seconds off")]
    ClockOff {
        /// The caller's time less ours.
        off_by_s: i64,
    },
}

impl Refused {
    /// What a caller is told.
    pub fn public_text(self) -> &'static str {
        match self {
            Self::ClockOff { .. } => "Access denied: the time in the address is too far from ours",
            _ => "Access denied",
        }
    }
}

/// The last three segments of `/api/2/json/{login}/{time}/{signature}`, read but not believed.
#[derive(Debug, Clone)]
pub struct SignedCall<'a> {
    login: &'a str,
    time: &'a str,
    time_s: i64,
    algorithm: Algorithm,
    signature: Vec<u8>,
}

impl<'a> SignedCall<'a> {
    /// Reads the segments.
    pub fn parse(login: &'a str, time: &'a str, signature: &str) -> Result<Self, Refused> {
        let is_number = time.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || time.len() > TIME_DIGITS_MAX {
            return Err(Refused::NoTime);
        }
        let time_s = time.parse().map_err(|_| Refused::NoTime)?;
        let algorithm = Algorithm::of_hex_length(signature.len()).ok_or(Refused::NoSignature)?;
        let signature = hex::decode(signature).map_err(|_| Refused::NoSignature)?;
        Ok(Self {
            login,
            time,
            time_s,
            algorithm,
            signature,
        })
    }

    /// Believes the body when login, signature and clock (`now_s`, Unix seconds) are right.
    pub fn verify<'b>(
        &self,
        account: &Account,
        body: &'b [u8],
        now_s: i64,
    ) -> Result<Verified<'b>, Refused> {
        if account.login.is_empty() || account.secret.is_empty() {
            return Err(Refused::NotConfigured);
        }
        // Computed before anything is refused, so that the time taken does not tell which logins exist.
        let expected = digest(self.algorithm, self.time, &account.secret, body);
        let same = bool::from(expected.ct_eq(&self.signature));
        if self.login != account.login {
            return Err(Refused::UnknownLogin);
        }
        if !same {
            return Err(Refused::WrongSignature);
        }
        let off_by_s = self.time_s.saturating_sub(now_s);
        if !(-CLOCK_SKEW_S_MAX..=CLOCK_SKEW_S_MAX).contains(&off_by_s) {
            return Err(Refused::ClockOff { off_by_s });
        }
        Ok(Verified {
            body: VerifiedBody(body),
            replay_key: self.replay_key(),
        })
    }

    fn replay_key(&self) -> ReplayKey {
        let mut hash = Sha256::new();
        for part in [self.login.as_bytes(), self.time.as_bytes(), &self.signature] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        ReplayKey {
            key: hex::encode(hash.finalize()),
            expires_at_s: self.time_s.saturating_add(CLOCK_SKEW_S_MAX),
        }
    }
}

/// A call that is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<'a> {
    body: VerifiedBody<'a>,
    replay_key: ReplayKey,
}

impl<'a> Verified<'a> {
    /// What may be read.
    pub fn body(&self) -> VerifiedBody<'a> {
        self.body
    }

    /// What to store: a second call with the same key is the same call again.
    pub fn replay_key(&self) -> &ReplayKey {
        &self.replay_key
    }
}

/// Names one signed call. Two calls of one second with the same body are not told apart: Corezoid's
/// signature does not tell them apart either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayKey {
    key: String,
    expires_at_s: i64,
}

impl ReplayKey {
    /// 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.key
    }

    /// When the clock refuses the call anyway and the key may be forgotten, Unix seconds.
    pub fn expires_at_s(&self) -> i64 {
        self.expires_at_s
    }
}

/// A body whose sender is known. Only this can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedBody<'a>(pub(super) &'a [u8]);

impl<'a> VerifiedBody<'a> {
    /// The raw bytes.
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }
}
