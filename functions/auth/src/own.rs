//! What a person who is signed in may do for themselves: see who they are, change the password, sign out.

use crate::BODY_LIMIT;
use crate::password::CountedTry;
use crate::signer::Signer;
use serde::Deserialize;
use serde_json::json;
use vikno_access::{client_address, signed_in};
use vikno_identity::{ACCESS_TOKEN_LIFE_S, acceptable_password, hash_password, verify_password};
use vikno_shell::{Problem, Reply, Request, empty, now_ms, random};
use vikno_storage::people::{self, Actor, Changed, PersonChange};
use vikno_storage::{Database, sign_in};

/// `GET me`.
pub(crate) async fn who(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let claims = signed_in(&request, &core).await?;
    let body = json!({ "id": claims.sub, "name": claims.name, "roles": claims.roles });
    Ok(vikno_shell::json(200, &body))
}

/// `POST logout`: ends the token it is sent with.
pub(crate) async fn sign_out(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let claims = signed_in(&request, &core).await?;
    let now_ms = now_ms();
    let address = client_address(&request);
    sign_in::sign_out(
        &core,
        &claims.sub,
        &claims.jti,
        now_ms + ACCESS_TOKEN_LIFE_S * 1_000,
        address.as_deref(),
        now_ms,
    )
    .await?;
    Ok(empty(204))
}

#[derive(Deserialize)]
struct NewPassword {
    current: String,
    new: String,
}

/// `POST password`: ends all of the person's tokens and answers with a new one.
pub(crate) async fn change_password(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let claims = signed_in(&request, &core).await?;
    let address = client_address(&request);
    let given: NewPassword = vikno_shell::json_body(request, BODY_LIMIT).await?;
    let now_ms = now_ms();
    let signer = Signer::load().await?;
    let person = people::by_id(&core, &claims.sub).await?;
    let person = person.ok_or_else(|| Problem::fault("a token that stands has no person"))?;

    let tries = CountedTry::count(&core, &person.login, address.as_deref(), now_ms).await?;
    let proof = verify_password(&person.password_hash, &given.current)
        .map_err(|_| Problem::new(403, "wrong_password", "The current password is not right."))?;
    tries.forget(&core, proof).await?;
    acceptable_password(&person.login, &given.new)
        .map_err(|error| Problem::new(400, "unusable_password", format!("'new': {error}.")))?;
    let change = PersonChange {
        password_hash: Some(hash_password(&given.new, random()).map_err(Problem::fault)?),
        ..PersonChange::default()
    };
    let actor = Actor {
        id: &person.id,
        address: address.as_deref(),
    };
    match people::change(&core, &person.id, &change, actor, now_ms).await? {
        Changed::Done(person) => signer.answer(&core, &person, now_ms).await,
        other => Err(Problem::fault(format!(
            "own password not changed: {other:?}"
        ))),
    }
}
