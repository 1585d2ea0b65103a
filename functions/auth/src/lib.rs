//! Signing in and out of the centre's people. The only function that issues access tokens; it decides nothing about
//! what a token permits.

mod browser;
mod code;
mod cookies;
mod own;
mod passkeys;
mod password;
mod session;
mod signer;
mod site;
mod sso;
mod totp;

use sha2::{Digest, Sha256};
use spin_sdk::http_service;
use vikno_identity::SealingKey;
use vikno_shell::{Problem, Reply, Request, Response, variable};

/// Login, password, challenge: a few hundred bytes.
pub(crate) const BODY_LIMIT: usize = 4 * 1024;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, route).await
}

async fn route(request: Request) -> Reply {
    let segments = vikno_shell::path_segments(&request);
    let rest: Vec<&str> = segments.iter().skip(2).map(String::as_str).collect();
    match (request.method().as_str(), &rest[..]) {
        ("POST", ["login"]) => password::sign_in(request).await,
        ("POST", ["otp"]) => code::sign_in(request).await,
        ("POST", ["refresh"]) => session::refresh(request).await,
        ("POST", ["logout"]) => session::sign_out(request).await,
        ("POST", ["password"]) => own::change_password(request).await,
        ("POST", ["totp"]) => totp::begin(request).await,
        ("POST", ["totp", "confirm"]) => totp::confirm(request).await,
        ("POST", ["totp", "remove"]) => totp::remove(request).await,
        ("GET", ["passkeys"]) => passkeys::list(request).await,
        ("POST", ["passkeys"]) => passkeys::add(request).await,
        ("POST", ["passkeys", "begin"]) => passkeys::begin(request).await,
        ("POST", ["passkeys", id, "remove"]) => passkeys::remove(request, id).await,
        ("POST", ["passkey"]) => passkeys::sign_in(request).await,
        ("POST", ["passkey", "begin"]) => passkeys::ask(&request).await,
        ("GET", ["me"]) => own::who(request).await,
        ("GET", ["sso"]) => sso::offered(&request).await,
        ("GET", ["sso", "start"]) => sso::start(&request).await,
        ("GET", ["sso", "callback"]) => sso::callback(request).await,
        ("GET", ["sessions"]) => session::list(request).await,
        ("DELETE", ["sessions", id]) => session::end(request, id).await,
        ("GET", ["jwks.json"]) => signer::published().await,
        (
            _,
            ["login" | "otp" | "refresh" | "logout" | "password" | "totp" | "passkey"]
            | ["totp" | "passkey", _]
            | ["passkeys", ..],
        ) => Err(Problem::wrong_method("POST")),
        (_, ["me" | "sessions" | "jwks.json" | "sso"] | ["sso", "start" | "callback"]) => {
            Err(Problem::wrong_method("GET"))
        }
        (_, ["sessions", _]) => Err(Problem::wrong_method("DELETE")),
        _ => Err(Problem::new(
            404,
            "not_found",
            "There are login, otp, refresh, logout, password, totp, passkey, passkeys, sso, me, sessions and jwks.json here.",
        )),
    }
}

/// What secrets at rest, and questions for passkeys, are sealed with.
pub(crate) async fn sealing_key() -> Result<SealingKey, Problem> {
    SealingKey::derive(&master_key().await?).map_err(Problem::fault)
}

/// Without it nobody is signed in.
pub(crate) async fn master_key() -> Result<String, Problem> {
    variable("master_key").await.ok_or_else(|| {
        let detail = "Nobody can sign in: the variable 'master_key' is not set.";
        Problem::new(503, "missing_master_key", detail)
    })
}

/// How secrets, logins and addresses are known to the database.
pub(crate) fn sha256_hex(kind: &str, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    hash.update([0]);
    hash.update(text.as_bytes());
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::sha256_hex;

    #[test]
    fn the_same_text_of_another_kind_is_another_key() {
        assert_eq!(sha256_hex("login", "a"), sha256_hex("login", "a"));
        assert_ne!(sha256_hex("login", "a"), sha256_hex("address", "a"));
        assert_ne!(sha256_hex("login", "a"), sha256_hex("logina", ""));
    }
}
