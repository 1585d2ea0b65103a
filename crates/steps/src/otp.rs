//! One-time codes: how they are made, hashed, limited and sent as a text message. The code itself is never
//! stored or logged.

use crate::event::{content, parameter};
use crate::reply::{Answer, Reply};
use crate::{ButtonId, Phone};
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use vikno_domain::{Content, Effect, StepRequest, StepResponse};

/// Wrong codes that one sent code allows; with a million codes a guess has 5 in a million.
pub const TRIES_MAX: u32 = 5;
/// How long a code lives.
pub const LIFETIME_S: i64 = 600;
/// Between two codes to one number.
pub const RESEND_S: i64 = 60;
/// Codes to one number in an hour.
pub const PER_HOUR_MAX: u32 = 5;

/// Digits of a code.
const DIGITS: usize = 6;
/// Separates this key from every other one derived from the same master key.
const CONTEXT: &[u8] = b"vikno one-time codes hmac-sha256 v1";

/// Who a code is for.
#[derive(Debug, Clone, Copy)]
pub struct CodeOwner<'a> {
    /// What it opens, e.g. `staff_login`.
    pub purpose: &'a str,
    /// The number it goes to.
    pub phone: &'a Phone,
    /// The organisation, when it is one's own matter.
    pub org: Option<&'a str>,
}

/// Hashes codes and numbers; derived from the master key.
pub struct CodeKey(Hmac<Sha256>);

impl CodeKey {
    /// None without a master key: then no code is sent or accepted.
    pub fn derive(master_key: &str) -> Option<Self> {
        if master_key.is_empty() {
            return None;
        }
        let mut mac = keyed(master_key.as_bytes());
        mac.update(CONTEXT);
        Some(Self(keyed(&mac.finalize().into_bytes())))
    }

    /// The number as the database knows it.
    pub fn subject(&self, phone: &Phone) -> String {
        hex::encode(
            self.mac(&["subject", phone.as_str()])
                .finalize()
                .into_bytes(),
        )
    }

    /// The hash of a code, bound to its row, purpose, number and organisation.
    pub fn hash(&self, row_id: &str, owner: CodeOwner<'_>, code: &str) -> String {
        hex::encode(self.code_mac(row_id, owner, code).finalize().into_bytes())
    }

    /// Whether the code is the one that was hashed; takes the same time either way.
    pub fn is_right(&self, row_id: &str, owner: CodeOwner<'_>, code: &str, hash: &str) -> bool {
        let Ok(hash) = hex::decode(hash) else {
            return false;
        };
        self.code_mac(row_id, owner, code)
            .verify_slice(&hash)
            .is_ok()
    }

    fn code_mac(&self, row_id: &str, owner: CodeOwner<'_>, code: &str) -> Hmac<Sha256> {
        let org = owner.org.unwrap_or_default();
        self.mac(&[
            "code",
            row_id,
            owner.purpose,
            owner.phone.as_str(),
            org,
            code,
        ])
    }

    /// Each part with its length before it, so that no two lists of parts look alike.
    fn mac(&self, parts: &[&str]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// Six digits from 64 random bits; the bias of the remainder is below one in 10^13.
pub fn code_from(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_be_bytes(random) % 1_000_000)
}

/// The code in what somebody wrote: six digits, spaces and a dash among them allowed.
pub fn code_in(text: &str) -> Option<String> {
    let code: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    let is_code = code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(code)
}

/// What was sent to a number before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SendHistory {
    /// Newest code, Unix milliseconds.
    pub last_at_ms: Option<i64>,
    /// Codes of the last hour.
    pub last_hour: u32,
}

/// Too many codes to one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another code may be sent in {retry_after_s} s")]
pub struct TooOften {
    /// When to come again.
    pub retry_after_s: i64,
}

/// Whether another code may go to the number.
pub fn may_send(history: SendHistory, now_ms: i64) -> Result<(), TooOften> {
    if history.last_hour >= PER_HOUR_MAX {
        return Err(TooOften {
            retry_after_s: 3_600,
        });
    }
    let Some(last_at_ms) = history.last_at_ms else {
        return Ok(());
    };
    let passed_s = now_ms.saturating_sub(last_at_ms).max(0) / 1_000;
    if passed_s < RESEND_S {
        return Err(TooOften {
            retry_after_s: RESEND_S - passed_s,
        });
    }
    Ok(())
}

/// The provider's request body (TurboSMS form).
pub fn sms_body(phone: &Phone, sender: &str, text: &str) -> Value {
    json!({ "recipients": [phone.digits()], "sms": { "sender": sender, "text": text } })
}

/// The provider did not take the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the SMS provider answered HTTP {http_status}, code {code:?}")]
pub struct SmsRefused {
    /// HTTP status.
    pub http_status: u16,
    /// `response_code` of the answer or of its item.
    pub code: Option<i64>,
}

/// Reads the provider's answer: 0, 800 and 801 are success, 802 and 803 if the message's own item says so.
pub fn sms_accepted(http_status: u16, body: &[u8]) -> Result<(), SmsRefused> {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = answer["response_code"].as_i64();
    let item = answer["response_result"][0]["response_code"].as_i64();
    let accepted = match code {
        Some(0 | 800 | 801) => true,
        Some(802 | 803) => matches!(item, Some(0 | 800 | 801)),
        _ => false,
    };
    if http_status == 200 && accepted {
        Ok(())
    } else {
        Err(SmsRefused {
            http_status,
            code: item.or(code),
        })
    }
}

/// What a process asks of this step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Send a code to that number.
    Send(Phone),
    /// Check a code that was sent there.
    Verify(Phone, String),
    /// There is nothing like a code in what was written.
    NoCode,
    /// No number, or nothing to do with it.
    Unclear,
}

/// Reads parameters `do` (`send` or `verify`), `phone` (else the citizen's own), `code` (else the words of the event).
pub fn wish(request: &StepRequest) -> Wish {
    let written = parameter(request, "phone").or(request.citizen.phone.as_deref());
    let Some(phone) = written.and_then(Phone::parse) else {
        return Wish::Unclear;
    };
    let words = match content(request) {
        Content::Text { text } => Some(text.as_str()),
        _ => None,
    };
    match parameter(request, "do") {
        Some("send") => Wish::Send(phone),
        Some("verify") => match parameter(request, "code").or(words).and_then(code_in) {
            Some(code) => Wish::Verify(phone, code),
            None => Wish::NoCode,
        },
        _ => Wish::Unclear,
    }
}

/// How a wish ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A code is on its way.
    Sent,
    /// Wait before the next one.
    TooOften(TooOften),
    /// Codes are not sent to such numbers.
    NotSupported,
    /// No code can be sent now.
    Unavailable,
    /// The code is right; it cannot be used again.
    Verified(Phone),
    /// The code is wrong; so many tries are left.
    Wrong(u32),
    /// There is no living code to try.
    Expired,
    /// Nothing like a code was written; no try is counted.
    NoCode,
    /// Nothing was tried.
    Unclear,
}

impl Outcome {
    /// Short name, for data and answers.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::TooOften(_) => "too_often",
            Self::NotSupported => "not_supported",
            Self::Unavailable => "unavailable",
            Self::Verified(_) => "verified",
            Self::Wrong(_) => "wrong",
            Self::Expired => "expired",
            Self::NoCode => "no_code",
            Self::Unclear => "unclear",
        }
    }
}

/// What the citizen is told of it.
pub fn answer(outcome: &Outcome) -> StepResponse {
    let text = match outcome {
        Outcome::Sent => "otp-sent",
        Outcome::TooOften(_) => "otp-too-often",
        Outcome::NotSupported => "phone-not-supported",
        Outcome::Unavailable => "otp-unavailable",
        Outcome::Verified(_) => "otp-verified",
        Outcome::Wrong(_) | Outcome::NoCode => "otp-wrong",
        Outcome::Expired => "otp-expired",
        Outcome::Unclear => "ask-phone",
    };
    let reply = Reply::robot(text);
    let reply = match outcome {
        Outcome::Unclear => reply.buttons([ButtonId::SharePhone]),
        _ => reply,
    };
    let answer = Answer::say(reply);
    let answer = match outcome {
        Outcome::Verified(phone) => answer.effect(Effect::Identify {
            phone: Some(phone.as_str().to_owned()),
            phone_verified: true,
            identity: None,
            name: None,
        }),
        _ => answer,
    };
    let mut response = answer.done();
    response
        .data
        .insert("otp".to_owned(), json!(outcome.as_str()));
    response
}
