//! What the payload of an outbox row holds, besides an `OutgoingMessage` (kind `send`).

use crate::{Channel, InboundEvent, MediaKind, OrgId, RemoteFile};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Payload of kind `relay`: an event for another organisation's inbox, which drops repeats by its dedupe key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelayOrder {
    /// Whose inbox.
    pub org: OrgId,
    /// What is put there.
    pub event: InboundEvent,
}

/// Payload of kind `fetch`: an attachment to bring from a channel into the media store. Its row in `media` is there
/// already, in state `fetching`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchOrder {
    /// Id in the media store (`m_…`).
    pub media_id: String,
    /// Where it is.
    pub remote: RemoteFile,
    /// What the channel calls it.
    pub kind: MediaKind,
    /// Name as given, untrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Payload of kind `send` by channel `api`: a task to be made in a process of an outside Corezoid. The chat of its row is
/// the conversation, so that its tasks are made in the order of its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutsideOrder {
    /// The call, `<conversation>.<number>`: the task's reference, by which a repeat is known.
    pub call: String,
    /// Number or alias of the process.
    pub process: String,
    /// Where the citizen writes: what becomes of the call is told there.
    pub channel: Channel,
    /// The citizen's chat.
    pub chat: String,
    /// The task's parameters.
    pub data: Map<String, Value>,
}
