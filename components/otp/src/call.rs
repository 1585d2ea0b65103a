//! The plain call: codes for whatever another component guards with them.

use crate::codes::Codes;
use serde::Deserialize;
use serde_json::{Value, json};
use vikno_domain::{Language, OrgId};
use vikno_shell::{Problem, Reply};
use vikno_steps::Phone;
use vikno_steps::otp::{LIFETIME_S, Outcome, RESEND_S, code_in};

/// A purpose is a short name of ours.
const PURPOSE_LENGTH_MAX: usize = 40;
/// What a person without a language of their own is written in.
const DEFAULT_LANGUAGE: &str = "uk";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    #[serde(rename = "do")]
    action: Action,
    purpose: String,
    /// The number.
    subject: String,
    #[serde(default)]
    org: Option<OrgId>,
    #[serde(default)]
    language: Option<Language>,
    #[serde(default)]
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    Send,
    Verify,
}

pub(crate) async fn answer(body: Value) -> Reply {
    let call: Call = serde_json::from_value(body).map_err(|error| invalid(error.to_string()))?;
    if call.purpose.is_empty() || call.purpose.len() > PURPOSE_LENGTH_MAX {
        return Err(invalid("'purpose' is a name of 1 to 40 characters."));
    }
    let phone = Phone::parse(&call.subject).ok_or_else(not_supported)?;
    let codes = Codes::open().await?.ok_or_else(not_available)?;
    let outcome = match call.action {
        Action::Send => send(&codes, &call, &phone).await?,
        Action::Verify => {
            let Some(code) = call.code.as_deref().and_then(code_in) else {
                return Err(invalid("'code' is six digits."));
            };
            let org = call.org.as_ref().map(OrgId::as_str);
            codes.verify(&call.purpose, &phone, org, &code).await?
        }
    };
    told(&outcome)
}

async fn send(codes: &Codes, call: &Call, phone: &Phone) -> Result<Outcome, Problem> {
    let wanted = call.language.as_ref();
    let org = call.org.as_ref().map(OrgId::as_str);
    let outcome = match &call.org {
        Some(id) => {
            let organisation = vikno_shell::organisation(id)
                .await
                .map_err(Problem::fault)?;
            let texts = vikno_shell::texts(&organisation);
            let language = organisation.language(wanted);
            codes
                .send(&call.purpose, phone, org, &texts, language)
                .await?
        }
        None => {
            let default_language = Language::parse(DEFAULT_LANGUAGE).map_err(Problem::fault)?;
            let language = wanted.unwrap_or(&default_language);
            let texts = vikno_shell::shared_texts(language, &default_language);
            codes
                .send(&call.purpose, phone, org, &texts, language)
                .await?
        }
    };
    Ok(outcome)
}

fn told(outcome: &Outcome) -> Reply {
    let name = outcome.as_str();
    Ok(vikno_shell::json(
        200,
        &match outcome {
            Outcome::Sent => {
                json!({ "outcome": name, "expires_in": LIFETIME_S, "resend_in": RESEND_S })
            }
            Outcome::Wrong(left) => json!({ "outcome": name, "tries_left": left }),
            Outcome::Verified(_) | Outcome::Expired => json!({ "outcome": name }),
            Outcome::TooOften(too_often) => {
                let seconds = too_often.retry_after_s.to_string();
                let detail = "Too many codes to this number. Try again later.";
                return Err(
                    Problem::new(429, "otp_too_often", detail).header("Retry-After", seconds)
                );
            }
            Outcome::NotSupported => return Err(not_supported()),
            Outcome::Unavailable => return Err(not_available()),
            Outcome::NoCode | Outcome::Unclear => {
                return Err(invalid("There is nothing to do."));
            }
        },
    ))
}

fn invalid(detail: impl Into<String>) -> Problem {
    Problem::new(400, "invalid_body", detail)
}

fn not_supported() -> Problem {
    let detail = "Codes are not sent to such numbers.";
    Problem::new(422, "otp_phone_not_supported", detail)
}

fn not_available() -> Problem {
    let detail =
        "Codes cannot be sent now. Check master_key, sms_api_url, sms_api_token and sms_sender.";
    Problem::new(503, "otp_unavailable", detail)
}
