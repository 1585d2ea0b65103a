//! Passkeys: the person's own, and signing in with one, which takes the place of password and code.

use crate::session::{self, Origin};
use crate::signer::Signer;
use crate::{sealing_key, sha256_hex, site};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use vikno_access::{client_address, signed_in};
use vikno_domain::rfc3339;
use vikno_identity::passkey::{
    ALGORITHMS, Assertion, CHALLENGE_LIFE_MS, Passkey, PasskeyRefused, Question, Registration,
    Site, challenge,
};
use vikno_shell::{Problem, Reply, Request, empty, json, now_ms, random};
use vikno_storage::passkeys::{self, Stored, Use};
use vikno_storage::people::{self, Actor};
use vikno_storage::{Database, StorageError};

/// A browser's answer says some things more than once.
const BODY_LIMIT: usize = 16 * 1024;
/// What a question for signing in is sealed for.
const SIGN_IN: &str = "passkey sign-in";
/// What people see where the device asks them.
const RP_NAME: &str = "Vikno";
/// Of a name that people give a passkey.
const NAME_CHARS_MAX: usize = 60;

/// What a question for a new passkey is sealed for: one person's answer is not another's.
fn registers(person_id: &str) -> String {
    format!("passkey of {person_id}")
}

async fn our_site(request: &Request) -> Result<Site, Problem> {
    let url = site::public_url(request).await;
    url.as_deref().and_then(Site::at).ok_or_else(|| {
        let detail = "Passkeys need a name of the site and an encrypted way: https://… or localhost, no bare address.";
        Problem::new(409, "no_passkeys_here", detail)
    })
}

/// `GET passkeys`: the person's, and whether there can be some at this address.
pub(crate) async fn list(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let claims = signed_in(&request, &core).await?.claims;
    let offered = our_site(&request).await.is_ok();
    let own = passkeys::of(&core, &claims.sub).await?;
    let shown: Vec<Value> = own.into_iter().map(shown).collect();
    Ok(json(200, &json!({ "offered": offered, "passkeys": shown })))
}

fn shown(passkey: Stored) -> Value {
    json!({
        "id": passkey.id, "name": passkey.name, "site": passkey.rp_id, "synchronised": passkey.backed_up,
        "created_at": rfc3339(passkey.created_at_ms), "used_at": passkey.used_at_ms.map(rfc3339),
    })
}

/// `POST passkeys/begin`: what the browser asks a device for a new passkey (`PublicKeyCredentialCreationOptionsJSON`).
pub(crate) async fn begin(request: Request) -> Reply {
    let site = our_site(&request).await;
    let (core, person, now_ms) = crate::password::shown_again(request).await?;
    let site = site?;
    let known = passkeys::of(&core, &person.id).await?;
    let known: Vec<Value> = known
        .iter()
        .map(|passkey| json!({ "type": "public-key", "id": passkey.id }))
        .collect();
    let kinds = ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg }));
    let question = challenge(
        &sealing_key().await?,
        &registers(&person.id),
        now_ms,
        random(),
    );
    let options = json!({
        "challenge": question, "timeout": CHALLENGE_LIFE_MS,
        "rp": { "id": site.id, "name": RP_NAME },
        "user": {
            "id": URL_SAFE_NO_PAD.encode(&person.id), "name": person.login, "displayName": person.name,
        },
        "pubKeyCredParams": kinds, "excludeCredentials": known, "attestation": "none",
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
        },
    });
    Ok(json(200, &options))
}

#[derive(Deserialize)]
struct Brought {
    #[serde(default)]
    name: String,
    credential: Registration,
}

/// `POST passkeys`: the device has made one.
pub(crate) async fn add(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let claims = signed_in(&request, &core).await?.claims;
    let site = our_site(&request).await?;
    let address = client_address(&request);
    let given: Brought = vikno_shell::json_body(request, BODY_LIMIT).await?;
    let now_ms = now_ms();
    let question = Question {
        key: &sealing_key().await?,
        purpose: &registers(&claims.sub),
        site: &site,
        now_ms,
    };
    let passkey = given
        .credential
        .passkey(question)
        .map_err(|refused| Problem::new(400, "passkey_refused", format!("Not kept: {refused}.")))?;
    let new = Stored {
        id: passkey.id,
        person_id: claims.sub,
        rp_id: site.id,
        name: given.name.trim().chars().take(NAME_CHARS_MAX).collect(),
        public_key: passkey.public_key,
        sign_count: passkey.sign_count,
        backed_up: passkey.backed_up,
        created_at_ms: now_ms,
        used_at_ms: None,
    };
    if !passkeys::add(&core, &new, address.as_deref(), now_ms).await? {
        let max = passkeys::PASSKEYS_MAX;
        let detail = format!("It is known already, or you have {max} of them: remove one.");
        return Err(Problem::new(409, "passkey_exists", detail));
    }
    Ok(json(201, &shown(new)))
}

/// `POST passkeys/{id}/remove`.
pub(crate) async fn remove(request: Request, id: &str) -> Reply {
    let address = client_address(&request);
    let (core, person, now_ms) = crate::password::shown_again(request).await?;
    let actor = Actor {
        id: &person.id,
        address: address.as_deref(),
    };
    if passkeys::remove(&core, id, actor, now_ms).await? {
        Ok(empty(204))
    } else {
        let detail = "You have no such passkey; it may be gone already.";
        Err(Problem::new(404, "unknown_passkey", detail))
    }
}

/// `POST passkey/begin`: what the browser asks a device (`PublicKeyCredentialRequestOptionsJSON`). Nothing is kept of it.
pub(crate) async fn ask(request: &Request) -> Reply {
    let site = our_site(request).await?;
    let question = challenge(&sealing_key().await?, SIGN_IN, now_ms(), random());
    let options = json!({
        "challenge": question, "timeout": CHALLENGE_LIFE_MS, "rpId": site.id, "userVerification": "required",
        "allowCredentials": [],
    });
    Ok(json(200, &options))
}

#[derive(Deserialize)]
struct Answer {
    credential: Assertion,
}

/// `POST passkey`: a device has answered; its owner is signed in.
pub(crate) async fn sign_in(request: Request) -> Reply {
    let site = our_site(&request).await?;
    let origin = Origin::of(&request);
    let Answer { credential } = vikno_shell::json_body(request, BODY_LIMIT).await?;
    let now_ms = now_ms();
    let signer = Signer::load(now_ms).await?;
    let core = Database::open("core").await?;
    let stored = passkeys::by_id(&core, &credential.id).await?;
    let stored = stored.filter(|stored| stored.rp_id == site.id);
    let stored = stored.ok_or_else(unknown)?;
    let person = people::by_id(&core, &stored.person_id).await?;
    let person = person.filter(|person| person.active).ok_or_else(unknown)?;
    let question = Question {
        key: &sealing_key().await?,
        purpose: SIGN_IN,
        site: &site,
        now_ms,
    };
    let proven = match credential.verify(question, &known(&stored), &person.id) {
        Ok(proven) => proven,
        Err(refused) => {
            let address = origin.address.as_deref();
            crate::password::note_failure(&core, Some(&person), address, now_ms).await?;
            return Err(not_signed_in(&refused));
        }
    };
    let used = Use {
        id: &stored.id,
        challenge_sha256: &sha256_hex("passkey", &proven.challenge),
        expires_at_ms: now_ms + CHALLENGE_LIFE_MS,
        sign_count: proven.sign_count,
        backed_up: proven.backed_up,
    };
    if !passkeys::used(&core, used, now_ms).await? {
        return Err(not_signed_in(&PasskeyRefused::Challenge));
    }
    session::begin(&core, &signer, &person, &origin, now_ms).await
}

fn known(stored: &Stored) -> Passkey {
    Passkey {
        id: stored.id.clone(),
        public_key: stored.public_key.clone(),
        sign_count: stored.sign_count,
        backed_up: stored.backed_up,
    }
}

fn unknown() -> Problem {
    let detail =
        "Nobody here has this passkey. Sign in with your password and add it to your account.";
    Problem::new(401, "unknown_passkey", detail).header("WWW-Authenticate", "Bearer")
}

fn not_signed_in(refused: &PasskeyRefused) -> Problem {
    let detail = format!("Not signed in: {refused}. Try again.");
    Problem::new(401, "passkey_refused", detail).header("WWW-Authenticate", "Bearer")
}

/// Whether the person signs in with one. Those of a name that the site no longer has do not count; where the site's name is not set,
/// all count, since whoever asks could name any.
pub(crate) async fn has_any(core: &Database, person_id: &str) -> Result<bool, StorageError> {
    let own = passkeys::of(core, person_id).await?;
    let set = site::set_url().await.as_deref().and_then(Site::at);
    Ok(own
        .iter()
        .any(|passkey| set.as_ref().is_none_or(|site| site.id == passkey.rp_id)))
}
