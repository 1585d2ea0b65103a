//! The second step of signing in: a one-time code by text message, for those of whom it is asked.

use crate::signer::Signer;
use crate::{BODY_LIMIT, sha256_hex};
use serde::Deserialize;
use serde_json::{Value, json};
use vikno_access::client_address;
use vikno_shell::{Problem, Reply, Request, now_ms, random};
use vikno_storage::people::{self, Person};
use vikno_storage::{Database, sign_in};

/// What the codes are for, as the `otp` step keeps it.
const PURPOSE: &str = "staff_login";
/// As long as a code lives.
const CHALLENGE_LIFE_MS: i64 = 600_000;
/// Tries at one challenge; the `otp` step allows no more of a code either.
const ATTEMPTS_MAX: i64 = 5;

#[derive(Deserialize)]
struct Answer {
    challenge: String,
    code: String,
}

/// The password was right: sends a code and answers with the challenge that it belongs to.
pub(crate) async fn ask(core: &Database, person: &Person, now_ms: i64) -> Reply {
    let phone = phone(person)?;
    let request = json!({ "do": "send", "purpose": PURPOSE, "subject": phone });
    match otp(&request).await?.as_str() {
        "sent" => {}
        "too_often" => {
            return Err(Problem::new(
                429,
                "code_too_often",
                "A code was sent already. Wait a minute before you ask for another.",
            )
            .header("Retry-After", "60"));
        }
        other => {
            return Err(Problem::new(
                503,
                "code_unavailable",
                "No code can be sent now. Try again later or ask an administrator.",
            )
            .internal(format!("one-time code: {other}")));
        }
    }
    let challenge = hex::encode(random::<32>());
    sign_in::begin_challenge(
        core,
        &sha256_hex("challenge", &challenge),
        &person.id,
        now_ms + CHALLENGE_LIFE_MS,
        now_ms,
    )
    .await?;
    Ok(vikno_shell::json(
        200,
        &json!({ "otp_required": true, "challenge": challenge, "expires_in": CHALLENGE_LIFE_MS / 1_000 }),
    ))
}

/// `POST otp`: checks the code and answers with a token.
pub(crate) async fn sign_in(request: Request) -> Reply {
    let address = client_address(&request);
    let given: Answer = vikno_shell::json_body(request, BODY_LIMIT).await?;
    let now_ms = now_ms();
    let signer = Signer::load().await?;
    let core = Database::open("core").await?;

    let challenge = sha256_hex("challenge", &given.challenge);
    let person_id = sign_in::try_challenge(&core, &challenge, ATTEMPTS_MAX, now_ms).await?;
    let person = match &person_id {
        Some(id) => people::by_id(&core, id).await?,
        None => None,
    };
    let person = person.filter(|person| person.active).ok_or_else(over)?;
    let request = json!({
        "do": "verify", "purpose": PURPOSE, "subject": phone(&person)?, "code": given.code,
    });
    match otp(&request).await?.as_str() {
        "verified" => {}
        "wrong" | "unclear" => {
            return Err(refused("wrong_code", "The code is not right."));
        }
        "expired" => return Err(over()),
        other => {
            return Err(Problem::new(
                503,
                "code_unavailable",
                "The code cannot be checked now. Try again later.",
            )
            .internal(format!("one-time code: {other}")));
        }
    }
    if !sign_in::end_challenge(&core, &challenge).await? {
        return Err(over());
    }
    sign_in::signed_in(&core, &person.id, address.as_deref(), now_ms).await?;
    signer.answer(&core, &person, now_ms).await
}

fn phone(person: &Person) -> Result<&str, Problem> {
    person.phone.as_deref().ok_or_else(|| {
        Problem::new(
            403,
            "no_phone",
            "You sign in with a one-time code, but no phone number is known. Ask an administrator.",
        )
    })
}

fn over() -> Problem {
    refused(
        "challenge_over",
        "This sign-in has ended or was tried too often. Begin again with login and password.",
    )
}

fn refused(code: &'static str, detail: &str) -> Problem {
    Problem::new(401, code, detail).header("WWW-Authenticate", "Bearer")
}

/// Asks the `otp` step; its short answer.
async fn otp(request: &Value) -> Result<String, Problem> {
    let (status, answer) = vikno_shell::call::<Value>("otp", "/", request)
        .await
        .map_err(Problem::fault)?;
    let outcome = answer["outcome"].as_str();
    let outcome = outcome.ok_or_else(|| Problem::fault(format!("otp answered {status}")))?;
    Ok(outcome.to_owned())
}
