//! A second factor of the person's own: an app that shows codes, and recovery codes for the day when it is lost.

use crate::password::shown_again;
use crate::{BODY_LIMIT, sealing_key, sha256_hex};
use serde::Deserialize;
use serde_json::json;
use vikno_access::signed_in;
use vikno_identity::{RECOVERY_CODES, TotpSecret, recovery_code};
use vikno_shell::{Problem, Reply, Request, empty, json, now_ms, random};
use vikno_storage::Database;
use vikno_storage::people::Person;
use vikno_storage::totp::{self, Stored};

#[derive(Deserialize)]
struct Code {
    code: String,
}

/// `POST totp`: a new secret, which counts once a code of it has been shown.
pub(crate) async fn begin(request: Request) -> Reply {
    let (core, person, now_ms) = shown_again(request).await?;
    let secret = TotpSecret::new(random());
    let sealed = secret.seal(&sealing_key().await?, &person.id, random());
    if !totp::begin(&core, &person.id, &sealed, now_ms).await? {
        let detail = "An app gives you codes already. Remove it before you add another.";
        return Err(Problem::new(409, "second_factor_exists", detail));
    }
    let body = json!({ "secret": secret.base32(), "uri": secret.uri(&person.login) });
    Ok(json(200, &body))
}

/// `POST totp/confirm`: the app shows right codes, so they are asked for from now on.
pub(crate) async fn confirm(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let claims = signed_in(&request, &core).await?.claims;
    let given: Code = vikno_shell::json_body(request, BODY_LIMIT).await?;
    let now_ms = now_ms();
    let none = || {
        let detail = "No app waits to be confirmed. Begin again.";
        Problem::new(409, "no_second_factor_begun", detail)
    };
    let stored = totp::of(&core, &claims.sub, false).await?;
    let stored = stored.ok_or_else(none)?;
    let step = step_of(&claims.sub, &stored, &given.code, now_ms).await?;
    let step = step.ok_or_else(|| {
        let detail = "The code is not right. See that the clock of the phone is.";
        Problem::new(400, "wrong_code", detail)
    })?;
    let codes: Vec<String> = std::iter::repeat_with(|| recovery_code(random()))
        .take(RECOVERY_CODES)
        .collect();
    let hashes: Vec<String> = codes.iter().map(|code| recovery_hash(code)).collect();
    if !totp::confirm(&core, &claims.sub, step, &hashes, now_ms).await? {
        return Err(none());
    }
    Ok(json(200, &json!({ "recovery_codes": codes })))
}

/// `POST totp/remove`.
pub(crate) async fn remove(request: Request) -> Reply {
    let (core, person, now_ms) = shown_again(request).await?;
    totp::remove(&core, &person.id, now_ms).await?;
    Ok(empty(204))
}

/// Whether the code is the app's or a recovery code; each is used up.
pub(crate) async fn takes(
    core: &Database,
    person: &Person,
    stored: &Stored,
    code: &str,
    now_ms: i64,
) -> Result<bool, Problem> {
    match step_of(&person.id, stored, code, now_ms).await? {
        Some(step) => Ok(totp::take_step(core, &person.id, step).await?),
        None => {
            let hash = recovery_hash(code);
            Ok(totp::take_recovery_code(core, &person.id, &hash, now_ms).await?)
        }
    }
}

async fn step_of(
    person_id: &str,
    stored: &Stored,
    code: &str,
    now_ms: i64,
) -> Result<Option<i64>, Problem> {
    let secret = TotpSecret::open(&sealing_key().await?, person_id, &stored.secret)
        .map_err(Problem::fault)?;
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    Ok(secret.step_of(&digits, now_ms, stored.last_step))
}

/// However somebody types it: with or without hyphens, in capitals.
fn recovery_hash(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    sha256_hex("recovery", &plain)
}

#[cfg(test)]
mod tests {
    use super::recovery_hash;

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed() {
        let right = recovery_hash("k7pd-92xm-4hte");
        for typed in ["K7PD 92XM 4HTE", "k7pd92xm4hte", " k7pd-92xm-4hte\n"] {
            assert_eq!(recovery_hash(typed), right, "{typed}");
        }
        assert_ne!(recovery_hash("k7pd-92xm-4htf"), right);
    }
}
