//! Session tokens: 256 random bits, of which only the SHA-256 is kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use vikno_shell::{Problem, Request, header, now_ms};
use vikno_storage::Database;
use vikno_storage::chat::{self, Standing};
use vikno_storage::chat_sessions::{self, Session};

/// How long a session lasts after its last use.
pub const SESSION_LIFE_MS: i64 = 180 * 24 * 3_600_000;

/// A new token from 32 random bytes.
pub fn issue(random: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

/// The form in which a token is stored.
pub fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The token in the `Authorization` header.
pub fn bearer(request: &Request) -> Option<String> {
    let (scheme, token) = header(request, "authorization")?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty())
        .then(|| token.trim().to_owned())
}

/// The open session of a request.
pub async fn session(request: &Request, database: &Database) -> Result<Session, Problem> {
    known(database, &given(request)?).await
}

/// The open session of a request, and how its chat stands.
pub async fn session_and_standing(
    request: &Request,
    database: &Database,
) -> Result<(Session, Option<Standing>), Problem> {
    let token = digest(&given(request)?);
    let known = chat::session_and_standing(database, &token, now_ms()).await?;
    known.ok_or_else(unknown)
}

/// The open session of a token.
pub async fn known(database: &Database, token: &str) -> Result<Session, Problem> {
    let session = chat_sessions::session(database, &digest(token), now_ms()).await?;
    session.ok_or_else(unknown)
}

fn given(request: &Request) -> Result<String, Problem> {
    bearer(request).ok_or_else(|| {
        refused(
            "Send 'Authorization: Bearer <token>' with the session's token.",
            "Bearer",
        )
    })
}

fn unknown() -> Problem {
    refused(
        "There is no such session, or it has expired: open a new one.",
        "Bearer error=\"invalid_token\"",
    )
}

fn refused(detail: &str, challenge: &str) -> Problem {
    Problem::new(401, "unknown_session", detail).header("WWW-Authenticate", challenge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_stored_as_its_digest_only() {
        let token = issue([7; 32]);
        assert_eq!(token.len(), 43);
        assert_eq!(digest(&token).len(), 64);
        assert_ne!(digest(&token), digest(&issue([8; 32])));
    }
}
