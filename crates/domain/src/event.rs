//! What comes in: one neutral form for every channel, for operators, for timers and for other organisations.

use crate::{Channel, DialogueAct, Language, MediaRef, OrgId, OutgoingMessage};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One thing that happened in a chat, as stored in the organisation's inbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboundEvent {
    /// Where it came from. Operator and timer events carry the channel of their conversation.
    pub channel: Channel,
    /// The chat on that channel: Telegram chat id, Viber user id, web citizen id, `org:conversation` for a moved one.
    pub chat: String,
    /// The channel's own id of this event (`update:123`, `token:event`, `client:abc`): the same again is dropped.
    pub dedupe_key: String,
    /// When it happened by the channel's clock, Unix milliseconds.
    pub at_ms: i64,
    /// What the channel says of the person, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<Sender>,
    /// The channel's id of the message, for edits and replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What happened.
    pub content: Content,
}

/// What a channel says of the person who wrote; hints, not proof.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// The person's id on that channel.
    pub id: String,
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Language hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// The person opened the chat (`/start`, Viber `conversation_started`, a new web session).
    SessionStarted {
        /// Deep-link payload, opaque and untrusted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        context: Option<String>,
    },
    /// A text.
    Text {
        /// As written.
        text: String,
    },
    /// An earlier message was changed; `external_id` names it.
    Edited {
        /// The new text or caption.
        text: String,
    },
    /// A button was pressed.
    Click {
        /// Untrusted: checked against what the process offers.
        button: String,
        /// What the channel wants acknowledged (Telegram `callback_query.id`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        callback: Option<String>,
    },
    /// A vote given through the chat API.
    Vote {
        /// 1 to 5.
        score: u8,
        /// Free words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<String>,
    },
    /// A file, picture, voice note, sticker.
    Media {
        /// The file.
        media: IncomingMedia,
        /// Its caption.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
        /// Telegram `media_group_id`: parts of one album share it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        album: Option<String>,
    },
    /// A contact card.
    Contact {
        /// Digits with or without `+`, as given.
        phone: String,
        /// Name on the card.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// The channel vouches that it is the sender's own number (Telegram: `contact.user_id == from.id`).
        own: bool,
    },
    /// A place.
    Location {
        /// Degrees.
        latitude: f64,
        /// Degrees.
        longitude: f64,
        /// Name of the place, if told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
    },
    /// The person blocked the bot or unsubscribed.
    Blocked,
    /// The person came back.
    Unblocked,
    /// The channel tells what became of a message of ours.
    Receipt {
        /// `delivered`, `seen` or `failed`.
        receipt: String,
        /// The channel's words for a failure.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
    /// Something that this centre takes no notice of; kept, counted and journaled.
    Ignored {
        /// The channel's name for it, e.g. `poll`, `channel_post`.
        what: String,
    },
    /// An operator acts.
    Operator {
        /// Who.
        operator: OperatorRef,
        /// What.
        action: OperatorAction,
    },
    /// The conversation's wake-up time has come.
    Timer,
    /// Another organisation moves a conversation here.
    TransferredIn {
        /// What it hands over.
        conversation: TransferredConversation,
    },
    /// The peer organisation of a moved conversation passes something on.
    Relayed {
        /// What.
        relayed: Relayed,
    },
    /// A task asks something of this dialogue; `external_id` names it, if a certain one is meant.
    Asked {
        /// The number of the task that wants to know what came of it (channel `api`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<String>,
        /// What.
        act: DialogueAct,
    },
    /// An author changes where the processes of this dialogue stand; `external_id` names it.
    Intervention {
        /// Who.
        author: OperatorRef,
        /// Why, for those who read the journal.
        reason: String,
        /// What: an [`Intervention`] in JSON, so that what only carries events holds no code for it.
        act: Value,
    },
    /// An outside Corezoid tells of an event of this dialogue that was passed on to it.
    Outside {
        /// Which call it was.
        call: String,
        /// What it answers; none: it cannot be reached.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<Map<String, Value>>,
    },
    /// An outside system made the task of this chat (channel `api`); what it consists of is stored with it.
    TaskCreated,
    /// The task of this chat gets new parameters, for which it waits.
    TaskModified {
        /// Merged by top-level keys.
        data: Map<String, Value>,
    },
    /// Somebody posted to the callback address of a node where the task of this chat may wait.
    TaskCalledBack {
        /// The node.
        node: String,
        /// What was posted.
        body: Map<String, Value>,
    },
    /// The task of this chat is to be taken out.
    TaskDeleted {
        /// Where the caller believes it to be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<String>,
    },
}

impl Content {
    /// What an author does, where that is what happened; `None` also for what this release does not know.
    pub fn intervention(&self) -> Option<Intervention> {
        match self {
            Self::Intervention { act, .. } => Intervention::deserialize(act).ok(),
            _ => None,
        }
    }

    /// The tag as stored, e.g. `text`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SessionStarted { .. } => "session_started",
            Self::Text { .. } => "text",
            Self::Edited { .. } => "edited",
            Self::Click { .. } => "click",
            Self::Vote { .. } => "vote",
            Self::Media { .. } => "media",
            Self::Contact { .. } => "contact",
            Self::Location { .. } => "location",
            Self::Blocked => "blocked",
            Self::Unblocked => "unblocked",
            Self::Receipt { .. } => "receipt",
            Self::Ignored { .. } => "ignored",
            Self::Operator { .. } => "operator",
            Self::Timer => "timer",
            Self::TransferredIn { .. } => "transferred_in",
            Self::Relayed { .. } => "relayed",
            Self::Asked { .. } => "asked",
            Self::Intervention { .. } => "intervention",
            Self::Outside { .. } => "outside",
            Self::TaskCreated => "task_created",
            Self::TaskModified { .. } => "task_modified",
            Self::TaskCalledBack { .. } => "task_called_back",
            Self::TaskDeleted { .. } => "task_deleted",
        }
    }
}

/// What sort of file it is, kept as what the channel calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Photo,
    /// Any file.
    Document,
    /// A recorded voice note.
    Voice,
    /// Music or sound.
    Audio,
    /// A film, also a round video note.
    Video,
    /// A silent loop.
    Animation,
    /// A sticker.
    Sticker,
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomingMedia {
    /// What sort.
    pub kind: MediaKind,
    /// Where to fetch it; absent when it is in our store already or cannot be fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<RemoteFile>,
    /// In our media store (uploads of the chat API).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<MediaRef>,
    /// Name as given, untrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Type as claimed, untrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_type: Option<String>,
    /// Bytes as claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_size: Option<u64>,
    /// A sticker's emoji or id, for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// Where a channel keeps a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemoteFile {
    /// Telegram `file_id`, for `getFile`.
    TelegramFile(String),
    /// An address to GET (Viber); temporary.
    Url(String),
}

/// A person of the centre, as far as a conversation needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorRef {
    /// Person id in `core`.
    pub id: String,
    /// Name shown to colleagues and citizens.
    pub name: String,
}

/// What an operator does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum OperatorAction {
    /// Takes the conversation.
    Take,
    /// Gives it to somebody: a shift head, or the distribution of those who wait.
    Assign {
        /// To whom.
        to: OperatorRef,
        /// Only if nobody has it.
        #[serde(default)]
        waiting_only: bool,
    },
    /// Answers.
    Message {
        /// Words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// A file from the media store.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        media: Option<MediaRef>,
    },
    /// Writes a note that the citizen never sees.
    Note {
        /// Words.
        text: String,
    },
    /// Ends the conversation; the citizen is asked for a rating.
    Close {
        /// Why, for the journal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Takes a wrong end back, as long as the citizen has not rated the dialogue.
    Reopen {
        /// Also one that somebody else has ended: a shift head.
        #[serde(default)]
        any: bool,
    },
    /// Gives it back to its queue, since the operator who has it is away.
    Return {
        /// The id of that operator: whoever has taken it meanwhile keeps it.
        absent: String,
    },
    /// Moves it to another queue.
    TransferQueue {
        /// Queue id.
        queue: String,
        /// Why, for those who serve it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Moves it to another organisation.
    TransferOrganisation {
        /// Where to.
        org: OrgId,
        /// Queue there; its default one if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<String>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// What an author does with a live dialogue's processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Intervention {
    /// Ends all its tasks; people take care of the citizen.
    Stop,
    /// A task that waits goes on as if what it waits for had come.
    MoveOn {
        /// Its number in this dialogue.
        task: u64,
    },
    /// A task begins again at a node of its process, with the data that it has.
    Restart {
        /// Its number in this dialogue.
        task: u64,
        /// Where.
        node: String,
    },
    /// All its tasks go on in another version of the processes.
    Migrate {
        /// That version.
        version: i64,
        /// New node by old node, by process; a node that is not named keeps its id.
        #[serde(default)]
        nodes: BTreeMap<String, BTreeMap<String, String>>,
        /// Where the tasks stood when it was found that they can: they move only from there.
        standing: Vec<TaskStanding>,
    },
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskStanding {
    /// Its number in its dialogue.
    pub task: u64,
    /// Alias of its process.
    pub process: String,
    /// The node.
    pub node: String,
    /// When it entered the node, Unix milliseconds.
    pub since_ms: i64,
}

impl Intervention {
    /// Its name in the journal.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::MoveOn { .. } => "move_on",
            Self::Restart { .. } => "restart",
            Self::Migrate { .. } => "migrate",
        }
    }
}

/// The other end of a conversation that was moved between organisations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// The other organisation.
    pub org: OrgId,
    /// The conversation there, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
}

/// What an organisation hands over with a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TransferredConversation {
    /// Where it comes from, with the conversation's id there.
    pub from: Peer,
    /// Channel on which the citizen writes to that organisation.
    pub citizen_channel: Channel,
    /// The chat on that channel, so that answers find their way back.
    pub citizen_chat: String,
    /// Citizen's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citizen_name: Option<String>,
    /// Language of the dialogue.
    pub language: Language,
    /// Wanted queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Why it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The dialogue so far, oldest first: who and what, at most the last 50 messages.
    pub history: Vec<OutgoingMessage>,
}

/// What passes between the two organisations of a moved conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Relayed {
    /// From the citizen, to the organisation that has the conversation now.
    FromCitizen {
        /// The citizen's own event.
        event: Box<InboundEvent>,
    },
    /// To the citizen, through the organisation that holds the channel.
    ToCitizen {
        /// The message.
        message: OutgoingMessage,
    },
    /// The conversation comes back to the organisation that moved it.
    Returned {
        /// Queue there; the one it was in if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<String>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The conversation's status over there has changed.
    Status {
        /// The new status.
        status: crate::ConversationStatus,
    },
}
