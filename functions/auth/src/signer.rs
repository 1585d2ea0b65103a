//! The installation's signing key, and the tokens made with it.

use serde::Serialize;
use std::cell::RefCell;
use vikno_identity::{
    ACCESS_TOKEN_LIFE_S, AccessClaims, SigningKey, VerificationKey, issue_access_token,
};
use vikno_media::LinkKey;
use vikno_shell::{Problem, Reply, Response, json, now_ms};
use vikno_storage::people::Person;
use vikno_storage::{Database, sign_in};

thread_local! {
    /// Id of the key that this instance has seen published.
    static PUBLISHED: RefCell<Option<String>> = RefCell::default();
}

/// What signs; made of the master key.
pub(crate) struct Signer {
    key: SigningKey,
    known: [VerificationKey; 3],
    link_key: String,
}

#[derive(Serialize)]
struct Token<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: i64,
}

impl Signer {
    /// Without a master key nobody is signed in.
    pub(crate) async fn load(now_ms: i64) -> Result<Self, Problem> {
        let master_key = crate::master_key().await?;
        Ok(Self {
            key: SigningKey::derive(&master_key, now_ms).map_err(Problem::fault)?,
            known: SigningKey::known(&master_key, now_ms).map_err(Problem::fault)?,
            link_key: LinkKey::derive(&master_key).to_hex(),
        })
    }

    /// Signs a token for the person and answers with it.
    pub(crate) async fn answer(
        &self,
        core: &Database,
        person: &Person,
        session_id: &str,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        self.publish(core, now_ms).await?;
        let claims = AccessClaims::new(&person.id, &person.name, person.generation, session_id);
        let token = Token {
            access_token: &issue_access_token(&self.key, claims, now_ms),
            token_type: "Bearer",
            expires_in: ACCESS_TOKEN_LIFE_S,
        };
        Ok(json(200, &token))
    }

    /// Once an instance and key: what the functions need that check tokens and sign links but hold no master key.
    async fn publish(&self, core: &Database, now_ms: i64) -> Result<(), Problem> {
        let key = self.key.verification_key();
        let done = PUBLISHED.with_borrow(|published| published.as_deref() == Some(key.id()));
        if !done {
            let known = self.known.iter();
            let known: Vec<_> = known.map(|key| (key.id(), key.to_hex())).collect();
            sign_in::publish_keys(core, &known, &self.link_key, now_ms).await?;
            PUBLISHED.set(Some(key.id().to_owned()));
        }
        Ok(())
    }
}

/// `GET jwks.json`: the public keys, for others that check our tokens (RFC 7517, RFC 8037).
pub(crate) async fn published() -> Reply {
    let signer = Signer::load(now_ms()).await?;
    let keys: Vec<_> = signer.known.iter().map(|key| serde_json::json!({
        "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.id(), "x": key.to_base64url(),
    })).collect();
    Ok(json(200, &serde_json::json!({ "keys": keys })))
}
