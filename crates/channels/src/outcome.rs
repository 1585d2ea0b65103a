//! What a channel's answer to a message of ours means for its delivery.

/// The meaning of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The channel has it.
    Sent {
        /// The channel's id of the message, if it tells one.
        external_id: Option<String>,
    },
    /// The whole bot sends too fast: nothing more of it for so long.
    RetryAfter {
        /// Milliseconds.
        ms: i64,
    },
    /// This one chat gets nothing more for so long.
    ChatBusy {
        /// Milliseconds.
        ms: i64,
    },
    /// The person cannot be reached by this bot any more.
    Blocked,
    /// The channel will never take this message.
    Rejected {
        /// Why, in the channel's words, for the operator's list.
        code: String,
    },
    /// The bot itself is refused: token, account or payment.
    Unauthorised,
    /// No answer, or none that tells what became of the message: try again.
    Unavailable,
}
