//! From what became of each row to what is written. No I/O.

use serde_json::{Value, json};
use vikno_delivery::{Limiter, Verdict};
use vikno_domain::Channel;
use vikno_storage::outbox::{
    AgainResult, DeadResult, DeferredChat, JournalLine, MessageResult, OutboxRow, Results,
    UnreachableChat,
};

/// Adds what became of a message; `parts_done` are its calls that have succeeded by now.
pub(crate) fn record(
    results: &mut Results,
    limiter: &mut Limiter,
    row: &OutboxRow,
    parts_done: u32,
    verdict: Verdict,
) {
    match verdict {
        Verdict::Sent { external_id } => {
            results.done.push(row.id);
            tell_message(results, row, "sent", external_id);
            let what = match (row.kind.as_str(), row.channel) {
                ("relay", _) => "event_relayed",
                (_, Channel::Api) => "outside_told",
                _ => "message_delivered",
            };
            journal(results, row, what, json!({}));
        }
        Verdict::Again {
            at_ms,
            failed,
            reason,
            bot_waits,
        } => {
            if bot_waits {
                limiter.pause(row.channel, at_ms);
            } else {
                journal(
                    results,
                    row,
                    "delivery_failed",
                    json!({ "reason": reason, "attempts": failed }),
                );
            }
            results.deferred.push(DeferredChat {
                channel: row.channel,
                chat: row.chat.clone(),
                until_ms: at_ms,
            });
            results.again.push(AgainResult {
                id: row.id,
                attempts: failed,
                parts_done,
                next_at_ms: at_ms,
                reason,
            });
        }
        Verdict::Dead { reason } => bury(results, row, parts_done, reason),
        Verdict::Unreachable => {
            results.unreachable.push(UnreachableChat {
                channel: row.channel,
                chat: row.chat.clone(),
            });
            journal(results, row, "citizen_unreachable", json!({}));
        }
    }
}

/// Puts a row to the dead letters.
pub(crate) fn bury(results: &mut Results, row: &OutboxRow, parts_done: u32, reason: String) {
    tell_message(results, row, "failed", None);
    journal(results, row, "dead_letter", json!({ "reason": reason }));
    let attempts = row.attempts + 1;
    results.dead.push(DeadResult {
        id: row.id,
        attempts,
        parts_done,
        reason,
    });
}

/// Adds the chats that have had enough for now.
pub(crate) fn defer(results: &mut Results, chats: Vec<(Channel, String, i64)>) {
    let chats = chats.into_iter();
    results
        .deferred
        .extend(chats.map(|(channel, chat, until_ms)| DeferredChat {
            channel,
            chat,
            until_ms,
        }));
}

fn tell_message(
    results: &mut Results,
    row: &OutboxRow,
    delivery: &'static str,
    external_id: Option<String>,
) {
    if let Some(id) = row.message_id.clone().filter(|_| row.kind == "send") {
        results.messages.push(MessageResult {
            id,
            delivery,
            external_id,
        });
    }
}

pub(crate) fn journal(results: &mut Results, row: &OutboxRow, what: &'static str, mut data: Value) {
    if let Some(id) = &row.message_id {
        data["message"] = json!(id);
    }
    data["channel"] = json!(row.channel);
    results.journal.push(JournalLine {
        conversation_id: row.conversation_id.clone(),
        what,
        data,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: &str) -> OutboxRow {
        OutboxRow {
            id: 7,
            kind: kind.into(),
            channel: Channel::Telegram,
            chat: "42".into(),
            conversation_id: Some("c_1".into()),
            message_id: (kind == "send").then(|| "m_1".into()),
            payload: "{}".into(),
            attempts: 2,
            parts_done: 0,
            created_at_ms: 0,
        }
    }

    fn recorded(kind: &str, verdict: Verdict) -> (Results, Limiter) {
        let (mut results, mut limiter) = (Results::default(), Limiter::default());
        record(&mut results, &mut limiter, &row(kind), 1, verdict);
        (results, limiter)
    }

    fn journaled(results: &Results) -> Vec<String> {
        results
            .journal
            .iter()
            .map(|line| format!("{} {}", line.what, line.data))
            .collect()
    }

    #[test]
    fn a_message_that_was_sent_is_done_and_told() {
        let (results, _) = recorded(
            "send",
            Verdict::Sent {
                external_id: Some("9".into()),
            },
        );
        assert_eq!(results.done, [7]);
        assert_eq!(
            results.messages,
            [MessageResult {
                id: "m_1".into(),
                delivery: "sent",
                external_id: Some("9".into())
            }]
        );
        assert_eq!(
            journaled(&results),
            [r#"message_delivered {"channel":"telegram","message":"m_1"}"#]
        );
    }

    #[test]
    fn an_event_for_another_organisation_is_no_message() {
        let (results, _) = recorded("relay", Verdict::Sent { external_id: None });
        assert!(results.messages.is_empty());
        assert_eq!(
            journaled(&results),
            [r#"event_relayed {"channel":"telegram"}"#]
        );
    }

    #[test]
    fn a_failed_message_holds_its_chat_and_keeps_its_parts() {
        let again = Verdict::Again {
            at_ms: 5_000,
            failed: 3,
            reason: "unavailable".into(),
            bot_waits: false,
        };
        let (results, limiter) = recorded("send", again);
        assert_eq!(results.again[0].parts_done, 1);
        assert_eq!(
            results.deferred,
            [DeferredChat {
                channel: Channel::Telegram,
                chat: "42".into(),
                until_ms: 5_000
            }]
        );
        assert_eq!(limiter, Limiter::default());
        assert_eq!(results.journal[0].what, "delivery_failed");
    }

    #[test]
    fn a_bot_that_must_wait_is_paused_without_a_journal_line_for_each_message() {
        let again = Verdict::Again {
            at_ms: 5_000,
            failed: 2,
            reason: "too_many_requests".into(),
            bot_waits: true,
        };
        let (results, limiter) = recorded("send", again);
        assert_ne!(limiter, Limiter::default());
        assert!(results.journal.is_empty());
    }

    #[test]
    fn a_dead_letter_tells_why() {
        let (results, _) = recorded(
            "send",
            Verdict::Dead {
                reason: "telegram 400: no".into(),
            },
        );
        assert_eq!(results.dead[0].attempts, 3);
        assert_eq!(results.messages[0].delivery, "failed");
        assert_eq!(
            journaled(&results),
            [r#"dead_letter {"channel":"telegram","message":"m_1","reason":"telegram 400: no"}"#]
        );
    }

    #[test]
    fn a_person_out_of_reach_takes_the_whole_chat_along() {
        let (results, _) = recorded("send", Verdict::Unreachable);
        assert_eq!(
            results.unreachable,
            [UnreachableChat {
                channel: Channel::Telegram,
                chat: "42".into()
            }]
        );
        assert!(results.dead.is_empty() && results.done.is_empty());
    }
}
