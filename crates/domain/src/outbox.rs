//! What the payload of an outbox row holds, besides an `OutgoingMessage` (kind `send`).

use crate::{InboundEvent, MediaKind, OrgId, RemoteFile};
use serde::{Deserialize, Serialize};

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
