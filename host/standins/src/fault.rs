//! Faults on demand.

use crate::{Sent, Service};
use serde::{Deserialize, Serialize};

/// What goes wrong, for which calls, and how often. A fault without conditions meets every call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Only calls for this service.
    #[serde(default)]
    pub service: Option<Service>,
    /// Only calls with this token.
    #[serde(default)]
    pub token: Option<String>,
    /// Only this method.
    #[serde(default)]
    pub method: Option<String>,
    /// Only this chat.
    #[serde(default)]
    pub chat: Option<String>,
    /// How many calls meet it.
    #[serde(default = "once")]
    pub times: u32,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
}

fn once() -> u32 {
    1
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum FaultKind {
    /// Telegram 429 with `retry_after`, Viber status 12, SMS 503.
    TooMany {
        /// How long to wait.
        retry_after_s: u32,
    },
    /// The person has blocked the bot: Telegram 403, Viber status 6, SMS stop list.
    Blocked,
    /// The token is wrong: Telegram 401, Viber status 2.
    Unauthorised,
    /// The request is wrong: Telegram 400, Viber status 3.
    Rejected,
    /// A status of Viber's own; other services answer 400.
    ViberStatus {
        /// Which.
        status: i64,
    },
    /// HTTP 500 with a page that is no JSON.
    Unavailable,
    /// HTTP 200 with half an answer.
    Malformed,
    /// The connection is closed without an answer, nothing was accepted.
    HangUp,
    /// It is accepted, but the answer is lost.
    AnswerLost,
    /// It is accepted late.
    Slow {
        /// How late.
        delay_ms: u64,
    },
}

impl Fault {
    /// Meets the next call, whichever it is; narrow it with the fields.
    pub fn next(kind: FaultKind) -> Self {
        Self {
            service: None,
            token: None,
            method: None,
            chat: None,
            times: 1,
            kind,
        }
    }

    /// Meets the next so many calls for one chat.
    pub fn for_chat(chat: &str, times: u32, kind: FaultKind) -> Self {
        Self {
            chat: Some(chat.to_owned()),
            times,
            ..Self::next(kind)
        }
    }

    pub(crate) fn meets(&self, call: &Sent) -> bool {
        let same =
            |wanted: &Option<String>, given: &str| wanted.as_deref().is_none_or(|w| w == given);
        self.times > 0
            && self.service.is_none_or(|service| service == call.service)
            && same(&self.token, &call.token)
            && same(&self.method, &call.method)
            && same(&self.chat, &call.chat)
    }
}
