//! What an answer of the channel means for a message of the outbox.

use crate::{Limits, backoff_ms};
use vikno_channels::DeliveryOutcome;

/// A bot that is refused is tried again after so long; its messages wait.
const REFUSED_BOT_MS: i64 = 60_000;

/// An attempt that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Failed attempts before this one.
    pub failed_before: u32,
    /// When the message was written, Unix milliseconds.
    pub created_at_ms: i64,
    /// When the answer came, Unix milliseconds.
    pub now_ms: i64,
    /// Any number, for the jitter.
    pub random: u64,
}

/// What becomes of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is with the channel.
    Sent {
        /// The channel's id of it.
        external_id: Option<String>,
    },
    /// It is tried again; later messages of the chat wait for it.
    Again {
        /// Not before, Unix milliseconds.
        at_ms: i64,
        /// Failed attempts, this one included if it was the message's or the channel's fault.
        failed: u32,
        /// Why, for the operator's list.
        reason: String,
        /// The whole bot waits as well.
        bot_waits: bool,
    },
    /// It goes to the dead letters.
    Dead {
        /// Why, for the operator's list.
        reason: String,
    },
    /// The person cannot be reached: all that waits for them goes to the dead letters.
    Unreachable,
}

/// Judges an answer.
pub fn settle(outcome: DeliveryOutcome, attempt: Attempt, limits: &Limits) -> Verdict {
    let failed = attempt.failed_before + 1;
    let again = |wait_ms: i64, failed: u32, reason: &str, bot_waits: bool| Verdict::Again {
        at_ms: attempt.now_ms + wait_ms,
        failed,
        reason: reason.to_owned(),
        bot_waits,
    };
    let verdict = match outcome {
        DeliveryOutcome::Sent { external_id } => return Verdict::Sent { external_id },
        DeliveryOutcome::Blocked => return Verdict::Unreachable,
        DeliveryOutcome::Rejected { code } => return Verdict::Dead { reason: code },
        // The bot's haste or a wrong token is not the message's fault: it does not count as an attempt.
        DeliveryOutcome::RetryAfter { ms } => {
            again(ms, attempt.failed_before, "too_many_requests", true)
        }
        DeliveryOutcome::Unauthorised => {
            again(REFUSED_BOT_MS, attempt.failed_before, "bot_refused", true)
        }
        DeliveryOutcome::ChatBusy { ms } => again(ms, failed, "chat_busy", false),
        DeliveryOutcome::Unavailable => again(
            backoff_ms(failed, attempt.random),
            failed,
            "unavailable",
            false,
        ),
    };
    let too_old = attempt.now_ms - attempt.created_at_ms > limits.age_max_ms;
    match verdict {
        Verdict::Again { reason, .. } if too_old => Verdict::Dead {
            reason: format!("expired: {reason}"),
        },
        Verdict::Again { failed, reason, .. } if failed >= limits.attempts_max => Verdict::Dead {
            reason: format!("{failed} attempts: {reason}"),
        },
        verdict => verdict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Attempt = Attempt {
        failed_before: 0,
        created_at_ms: 0,
        now_ms: 1_000,
        random: 0,
    };

    fn settled(outcome: DeliveryOutcome, attempt: Attempt) -> Verdict {
        settle(outcome, attempt, &Limits::default())
    }

    fn again(at_ms: i64, failed: u32, reason: &str, bot_waits: bool) -> Verdict {
        Verdict::Again {
            at_ms,
            failed,
            reason: reason.into(),
            bot_waits,
        }
    }

    #[test]
    fn each_outcome_has_its_verdict() {
        let cases = [
            (
                DeliveryOutcome::Sent {
                    external_id: Some("7".into()),
                },
                Verdict::Sent {
                    external_id: Some("7".into()),
                },
            ),
            (DeliveryOutcome::Blocked, Verdict::Unreachable),
            (
                DeliveryOutcome::Rejected {
                    code: "telegram 400: no".into(),
                },
                Verdict::Dead {
                    reason: "telegram 400: no".into(),
                },
            ),
            (
                DeliveryOutcome::RetryAfter { ms: 35_000 },
                again(36_000, 0, "too_many_requests", true),
            ),
            (
                DeliveryOutcome::Unauthorised,
                again(61_000, 0, "bot_refused", true),
            ),
            (
                DeliveryOutcome::ChatBusy { ms: 300_000 },
                again(301_000, 1, "chat_busy", false),
            ),
            (
                DeliveryOutcome::Unavailable,
                again(1_500, 1, "unavailable", false),
            ),
        ];
        for (outcome, verdict) in cases {
            assert_eq!(settled(outcome.clone(), FIRST), verdict, "{outcome:?}");
        }
    }

    #[test]
    fn after_twelve_failures_it_is_a_dead_letter() {
        let eleventh = Attempt {
            failed_before: 10,
            ..FIRST
        };
        assert!(matches!(
            settled(DeliveryOutcome::Unavailable, eleventh),
            Verdict::Again { .. }
        ));
        let twelfth = Attempt {
            failed_before: 11,
            ..FIRST
        };
        assert_eq!(
            settled(DeliveryOutcome::Unavailable, twelfth),
            Verdict::Dead {
                reason: "12 attempts: unavailable".into()
            }
        );
    }

    #[test]
    fn a_day_old_message_is_not_tried_again() {
        let late = Attempt {
            now_ms: 24 * 3_600_000 + 1,
            ..FIRST
        };
        assert_eq!(
            settled(DeliveryOutcome::Unauthorised, late),
            Verdict::Dead {
                reason: "expired: bot_refused".into()
            }
        );
        assert!(matches!(
            settled(DeliveryOutcome::Sent { external_id: None }, late),
            Verdict::Sent { .. }
        ));
    }
}
