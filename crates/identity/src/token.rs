//! Access tokens of the centre's people: JWT signed with Ed25519 (EdDSA). The algorithm is fixed here, never chosen by the token.

use chrono::{DateTime, Duration};
use jwt_compact::{AlgorithmExt, Claims, Header, TimeOptions, UntrustedToken, alg::Ed25519};
use serde::{Deserialize, Serialize};

use crate::{SigningKey, VerificationKey};

/// How long an access token is good for, in seconds.
pub const ACCESS_TOKEN_LIFE_S: i64 = 900;
/// How far the issuer's clock may be ahead of ours, in seconds.
const CLOCK_SKEW_S: i64 = 60;
/// Longest token looked at: a name and three ids need less than 1 KiB.
const TOKEN_BYTES_MAX: usize = 4 * 1024;
const ISSUER: &str = "vikno";

/// What a valid access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Person id.
    pub sub: String,
    /// Name shown to colleagues and citizens.
    pub name: String,
    /// Always `vikno`.
    pub iss: String,
    /// The session that it belongs to: it ends with it.
    pub sid: String,
    /// Must equal the person's: a new password or other roles raise it, and older tokens end. What the person may do is not in
    /// the token: it is what their roles permit at each request.
    pub generation: i64,
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefused {
    /// None was sent, or not as `Authorization: Bearer …`.
    #[error("no access token: send 'Authorization: Bearer <token>'")]
    Missing,
    /// Not a JWT.
    #[error("the access token is not a JWT")]
    Malformed,
    /// Signed by somebody else or in another manner.
    #[error("the access token is not signed by this installation")]
    NotOurs,
    /// Over.
    #[error("the access token has expired: sign in again")]
    Expired,
    /// Its time has not come.
    #[error("the access token is not valid yet: check the clocks")]
    NotYetValid,
    /// Signed out, or the person's rights have changed since.
    #[error("the access token was withdrawn: sign in again")]
    Withdrawn,
}

/// The token in an `Authorization` header.
pub fn bearer(authorization: Option<&str>) -> Result<&str, TokenRefused> {
    let (scheme, token) = authorization
        .and_then(|value| value.trim().split_once(' '))
        .ok_or(TokenRefused::Missing)?;
    let token = token.trim();
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() {
        Ok(token)
    } else {
        Err(TokenRefused::Missing)
    }
}

impl AccessClaims {
    /// Claims of a person who has just signed in.
    pub fn new(
        sub: impl Into<String>,
        name: impl Into<String>,
        generation: i64,
        sid: impl Into<String>,
    ) -> Self {
        Self {
            sub: sub.into(),
            name: name.into(),
            iss: ISSUER.to_owned(),
            sid: sid.into(),
            generation,
        }
    }
}

fn instant(unix_ms: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(unix_ms.div_euclid(1_000), 0).unwrap_or_default()
}

/// Signs a token that is good from now for [`ACCESS_TOKEN_LIFE_S`].
pub fn issue_access_token(key: &SigningKey, claims: AccessClaims, now_ms: i64) -> String {
    let header = Header::empty()
        .with_token_type("JWT")
        .with_key_id(key.verification_key().id());
    let now = instant(now_ms);
    let clock = TimeOptions::new(Duration::zero(), move || now);
    let claims = Claims::new(claims)
        .set_duration_and_issuance(&clock, Duration::seconds(ACCESS_TOKEN_LIFE_S))
        .set_not_before(now);
    // Signing fails only where the claims are no JSON, and these are strings, a number and a map of them.
    Ed25519
        .token(&header, &claims, &key.private)
        .unwrap_or_default()
}

/// A token as it came, not yet believed.
pub struct ReceivedToken<'a> {
    token: UntrustedToken<'a>,
    key_id: String,
}

impl<'a> ReceivedToken<'a> {
    /// Splits it, so that its key can be looked up.
    pub fn parse(text: &'a str) -> Result<Self, TokenRefused> {
        if text.len() > TOKEN_BYTES_MAX {
            return Err(TokenRefused::Malformed);
        }
        let token = UntrustedToken::new(text).map_err(|_| TokenRefused::Malformed)?;
        let key_id = token.header().key_id.clone().ok_or(TokenRefused::NotOurs)?;
        Ok(Self { token, key_id })
    }

    /// Id of the key that it claims to be signed with.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The claims, when signature, issuer and times are right.
    pub fn verify(&self, key: &VerificationKey, now_ms: i64) -> Result<AccessClaims, TokenRefused> {
        if key.id() != self.key_id {
            return Err(TokenRefused::NotOurs);
        }
        let token = Ed25519
            .validator::<AccessClaims>(&key.public)
            .validate(&self.token)
            .map_err(|_| TokenRefused::NotOurs)?;
        let now = instant(now_ms);
        let claims = token.claims();
        claims
            .validate_expiration(&TimeOptions::new(Duration::zero(), || now))
            .map_err(|_| TokenRefused::Expired)?;
        let skew = Duration::seconds(CLOCK_SKEW_S);
        claims
            .validate_maturity(&TimeOptions::new(skew, || now))
            .map_err(|_| TokenRefused::NotYetValid)?;
        if claims.custom.iss != ISSUER {
            return Err(TokenRefused::NotOurs);
        }
        Ok(claims.custom.clone())
    }
}
