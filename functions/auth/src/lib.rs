//! Signing in and out of the centre's people. The only function that issues access tokens; it decides nothing about
//! what a token permits.

mod code;
mod own;
mod password;
mod signer;

use sha2::{Digest, Sha256};
use spin_sdk::http_service;
use vikno_shell::{Problem, Reply, Request, Response};

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
        ("POST", ["logout"]) => own::sign_out(request).await,
        ("POST", ["password"]) => own::change_password(request).await,
        ("GET", ["me"]) => own::who(request).await,
        (_, ["login" | "otp" | "logout" | "password"]) => Err(Problem::wrong_method("POST")),
        (_, ["me"]) => Err(Problem::wrong_method("GET")),
        _ => Err(Problem::new(
            404,
            "not_found",
            "There are login, otp, logout, password and me here.",
        )),
    }
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
