//! From an outbox row to the calls that bring it to its chat. No I/O.

use crate::settings::Settings;
use vikno_channels::telegram::{self, TelegramRequest};
use vikno_channels::viber::{self, ViberContext};
use vikno_delivery::DueMessage;
use vikno_domain::{Channel, OutgoingMessage, OutsideOrder, RelayOrder};
use vikno_storage::outbox::OutboxRow;

/// A row with what is left to do for it.
pub(crate) struct Prepared {
    pub(crate) row: OutboxRow,
    /// Calls that are left, in order.
    pub(crate) calls: Vec<Call>,
}

/// One call of the outside.
pub(crate) enum Call {
    Telegram(TelegramRequest),
    Viber(String),
    Relay(Box<RelayOrder>),
    Corezoid(Box<OutsideOrder>),
}

/// A row that can never be sent, and why.
pub(crate) struct Unsendable {
    pub(crate) row: OutboxRow,
    pub(crate) reason: String,
}

/// What is left to do for a row.
pub(crate) fn prepare(
    row: OutboxRow,
    settings: &Settings,
    now_ms: i64,
) -> Result<Prepared, Box<Unsendable>> {
    match calls(&row, settings, now_ms) {
        Ok(calls) if calls.is_empty() => {
            let reason = "nothing to send".to_owned();
            Err(Box::new(Unsendable { row, reason }))
        }
        Ok(calls) => {
            let calls = calls.into_iter().skip(row.parts_done as usize).collect();
            Ok(Prepared { row, calls })
        }
        Err(reason) => Err(Box::new(Unsendable { row, reason })),
    }
}

fn calls(row: &OutboxRow, settings: &Settings, now_ms: i64) -> Result<Vec<Call>, String> {
    let unreadable = |error: serde_json::Error| format!("unreadable payload: {error}");
    if row.kind == "relay" {
        let order = serde_json::from_str(&row.payload).map_err(unreadable)?;
        return Ok(vec![Call::Relay(Box::new(order))]);
    }
    if row.channel == Channel::Api {
        let order = serde_json::from_str(&row.payload).map_err(unreadable)?;
        return Ok(vec![Call::Corezoid(Box::new(order))]);
    }
    let message: OutgoingMessage = serde_json::from_str(&row.payload).map_err(unreadable)?;
    match row.channel {
        Channel::Telegram => {
            let requests = telegram::render(&message, &row.chat);
            Ok(requests.into_iter().map(Call::Telegram).collect())
        }
        Channel::Viber => {
            let media_url = message
                .media
                .as_ref()
                .and_then(|media| settings.media_url(media, now_ms));
            // Without a bot nothing is sent; that is told when it is tried.
            let sender = settings.viber.as_ref().map_or("", |bot| &bot.sender_name);
            let context = ViberContext {
                sender_name: sender,
                media_url: media_url.as_deref(),
            };
            let bodies = viber::render(&message, &row.chat, context);
            Ok(bodies.into_iter().map(Call::Viber).collect())
        }
        Channel::Web | Channel::Organisation | Channel::Api => {
            Err(format!("no messages are sent by channel {}", row.channel))
        }
    }
}

impl Prepared {
    /// As the plan sees it.
    pub(crate) fn due(&self) -> DueMessage {
        DueMessage {
            id: self.row.id,
            channel: self.row.channel,
            chat: self.row.chat.clone(),
            calls: u32::try_from(self.calls.len()).unwrap_or(u32::MAX),
        }
    }
}
