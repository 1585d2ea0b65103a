//! What a person who is signed in may do for themselves: see who they are, change the password.

use crate::password::proven_again;
use crate::session::{self, Origin};
use crate::signer::Signer;
use crate::{BODY_LIMIT, passkeys};
use serde::Deserialize;
use serde_json::json;
use vikno_access::{not_breached, signed_in};
use vikno_identity::{acceptable_password, hash_password};
use vikno_shell::{Problem, Reply, Request, now_ms, random};
use vikno_storage::people::{self, Actor, Changed, PersonChange};
use vikno_storage::{Database, totp};

/// `GET me`.
pub(crate) async fn who(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let bearer = signed_in(&request, &core).await?;
    let person = people::by_id(&core, &bearer.claims.sub).await?;
    let person = person.ok_or_else(|| Problem::fault("a token that stands has no person"))?;
    let second_factor = match totp::of(&core, &person.id, true).await? {
        Some(_) => "totp",
        None if person.otp_required => "sms",
        None if passkeys::has_any(&core, &person.id).await? => "passkey",
        None => "none",
    };
    let body = json!({
        "id": person.id, "login": person.login, "name": person.name,
        "roles": people::by_organisation(person.roles),
        "permissions": bearer.permissions.named(), "second_factor": second_factor,
    });
    Ok(vikno_shell::json(200, &body))
}

#[derive(Deserialize)]
struct NewPassword {
    current: String,
    new: String,
}

/// `POST password`: ends all of the person's sessions and begins a new one.
pub(crate) async fn change_password(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let claims = signed_in(&request, &core).await?.claims;
    let origin = Origin::of(&request);
    let given: NewPassword = vikno_shell::json_body(request, BODY_LIMIT).await?;
    let now_ms = now_ms();
    let signer = Signer::load(now_ms).await?;
    let address = origin.address.as_deref();
    let person = proven_again(&core, &claims, &given.current, address, now_ms).await?;
    acceptable_password(&person.login, &given.new)
        .map_err(|error| Problem::new(400, "unusable_password", format!("'new': {error}.")))?;
    not_breached(&given.new).await?;
    let change = PersonChange {
        password_hash: Some(hash_password(&given.new, random()).map_err(Problem::fault)?),
        ..PersonChange::default()
    };
    let actor = Actor {
        id: &person.id,
        address,
    };
    match people::change(&core, &person.id, &change, actor, now_ms).await? {
        Changed::Done(person) => session::begin(&core, &signer, &person, &origin, now_ms).await,
        other => Err(Problem::fault(format!(
            "own password not changed: {other:?}"
        ))),
    }
}
