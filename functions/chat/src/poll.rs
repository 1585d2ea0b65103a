//! How soon a client should ask again: quickly while something is going on, seldom when nothing is. Nobody holds a
//! connection or an instance open meanwhile.

use vikno_domain::ConversationStatus;

/// A page was full: more is waiting already.
const MORE_MS: u64 = 100;
/// Longest pause: somebody who left the tab open costs four requests a minute.
const IDLE_MAX_MS: u64 = 15_000;

/// Milliseconds until the next poll. `quiet_ms` is the time since anything was said in the chat.
pub fn poll_ms(status: ConversationStatus, quiet_ms: i64, more: bool) -> u64 {
    if more {
        return MORE_MS;
    }
    let quiet_ms = u64::try_from(quiet_ms).unwrap_or_default();
    // A tenth of the silence while a person may write: after 30 s of it an answer is at most 3 s late. A quarter
    // while only the robot could: it answers within a second, and unasked it only reminds, minutes later.
    let (pause_ms, shortest, longest) = match status {
        // An operator may write at any moment.
        ConversationStatus::WithOperator => (quiet_ms / 10, 1_000, 5_000),
        // Somebody takes the dialogue at some moment.
        ConversationStatus::Waiting => (quiet_ms / 10, 2_000, 5_000),
        ConversationStatus::Open | ConversationStatus::Voting => (quiet_ms / 4, 700, IDLE_MAX_MS),
        ConversationStatus::Closed => (quiet_ms / 4, 1_000, IDLE_MAX_MS),
    };
    pause_ms.clamp(shortest, longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConversationStatus::{Closed, Open, Voting, Waiting, WithOperator};

    #[test]
    fn the_pause_grows_with_the_silence_up_to_a_limit() {
        for (status, quiet_ms, expected) in [
            (Open, 0, 700),
            (Open, 2_000, 700),
            (Open, 30_000, 7_500),
            (Open, 3_600_000, 15_000),
            (Voting, 0, 700),
            (Waiting, 0, 2_000),
            (Waiting, 3_600_000, 5_000),
            (WithOperator, 0, 1_000),
            (WithOperator, 10_000, 1_000),
            (WithOperator, 3_600_000, 5_000),
            (Closed, 0, 1_000),
            (Closed, i64::MAX, 15_000),
            (Open, -5, 700),
        ] {
            assert_eq!(
                poll_ms(status, quiet_ms, false),
                expected,
                "{status:?} {quiet_ms}"
            );
        }
    }

    #[test]
    fn a_full_page_is_followed_at_once() {
        assert_eq!(poll_ms(Closed, i64::MAX, true), 100);
    }
}
