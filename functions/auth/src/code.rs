//! The second step of signing in, for those of whom it is asked: a one-time code by text message or of an app.

use crate::password::note_failure;
use crate::session::{self, Origin};
use crate::signer::Signer;
use crate::{BODY_LIMIT, browser, sha256_hex, totp};
use serde::Deserialize;
use serde_json::{Value, json};
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
pub(crate) async fn ask_phone(core: &Database, person: &Person, now_ms: i64) -> Reply {
    let phone = phone(person)?;
    let request = json!({ "do": "send", "purpose": PURPOSE, "subject": phone });
    match otp(&request).await?.0 {
        200 => {}
        429 => {
            return Err(Problem::new(
                429,
                "code_too_often",
                "A code was sent already. Wait a minute before you ask for another.",
            )
            .header("Retry-After", "60"));
        }
        422 => return Err(no_phone()),
        status => return Err(unavailable(status)),
    }
    challenge(core, person, "sms", now_ms).await
}

/// The password was right, and an app shows the person's codes.
pub(crate) async fn ask_app(core: &Database, person: &Person, now_ms: i64) -> Reply {
    challenge(core, person, "totp", now_ms).await
}

async fn challenge(core: &Database, person: &Person, by: &str, now_ms: i64) -> Reply {
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
        &json!({
            "otp_required": true, "challenge": challenge, "by": by, "expires_in": CHALLENGE_LIFE_MS / 1_000,
        }),
    ))
}

/// `POST otp`: checks the code and answers with a token.
pub(crate) async fn sign_in(request: Request) -> Reply {
    let origin = Origin::of(&request);
    let browser = browser::held(&request);
    let given: Answer = vikno_shell::json_body(request, BODY_LIMIT).await?;
    let now_ms = now_ms();
    let signer = Signer::load(now_ms).await?;
    let core = Database::open("core").await?;

    let challenge = sha256_hex("challenge", &given.challenge);
    let person_id = sign_in::try_challenge(&core, &challenge, ATTEMPTS_MAX, now_ms).await?;
    let person = match &person_id {
        Some(id) => people::by_id(&core, id).await?,
        None => None,
    };
    let person = person.filter(|person| person.active).ok_or_else(over)?;
    if !is_right(&core, &person, &given.code, now_ms).await? {
        note_failure(&core, Some(&person), origin.address.as_deref(), now_ms).await?;
        return Err(refused("wrong_code", "The code is not right."));
    }
    if !sign_in::end_challenge(&core, &challenge).await? {
        return Err(over());
    }
    let response = session::begin(&core, &signer, &person, &origin, now_ms).await?;
    browser::remember(&core, browser, &person, &origin, response, now_ms).await
}

async fn is_right(
    core: &Database,
    person: &Person,
    code: &str,
    now_ms: i64,
) -> Result<bool, Problem> {
    if let Some(app) = vikno_storage::totp::of(core, &person.id, true).await? {
        return totp::takes(core, person, &app, code, now_ms).await;
    }
    let request =
        json!({ "do": "verify", "purpose": PURPOSE, "subject": phone(person)?, "code": code });
    let (status, outcome) = otp(&request).await?;
    match (status, outcome.as_deref()) {
        (200, Some("verified")) => Ok(true),
        (200, Some("expired")) => Err(over()),
        (200, _) | (400, _) => Ok(false),
        (status, _) => Err(unavailable(status)),
    }
}

fn phone(person: &Person) -> Result<&str, Problem> {
    person.phone.as_deref().ok_or_else(no_phone)
}

fn no_phone() -> Problem {
    Problem::new(
        403,
        "no_phone",
        "You sign in with a one-time code, but no number is known that codes are sent to. Ask an administrator.",
    )
}

fn unavailable(status: u16) -> Problem {
    Problem::new(
        503,
        "code_unavailable",
        "No code can be sent or checked now. Try again later or ask an administrator.",
    )
    .internal(format!("the otp step answered {status}"))
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

/// Asks the `otp` step: its status, and how the wish ended where it could be tried.
async fn otp(request: &Value) -> Result<(u16, Option<String>), Problem> {
    let (status, answer) = vikno_shell::call::<Value>("otp", "/", request)
        .await
        .map_err(Problem::fault)?;
    Ok((status, answer["outcome"].as_str().map(str::to_owned)))
}
