//! Whether somebody made a bot known for a channel, as webhooks ask at each call: looked up once a second.

use crate::now_ms;
use std::cell::RefCell;
use vikno_domain::{Channel, OrgId};
use vikno_storage::channel_bots::{self, WebhookBot};
use vikno_storage::{Database, StorageError};

/// How long an instance goes on with what it has read.
const FRESH_MS: i64 = 1_000;

struct Known {
    org: OrgId,
    looked_at_ms: i64,
    bot: Option<WebhookBot>,
}

thread_local! {
    /// A webhook is of one channel, and an installation has ten organisations.
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

/// The bot of the channel; `None` where the deployment's variables count.
pub async fn webhook_bot(
    database: &Database,
    org: &OrgId,
    channel: Channel,
) -> Result<Option<WebhookBot>, StorageError> {
    let now_ms = now_ms();
    let known = KNOWN.with_borrow(|all| {
        let known = all.iter().find(|known| known.org == *org)?;
        (now_ms < known.looked_at_ms + FRESH_MS).then(|| known.bot.clone())
    });
    if let Some(bot) = known {
        return Ok(bot);
    }
    let bot = channel_bots::webhook_bot(database, channel).await?;
    forget_webhook_bot(org);
    KNOWN.with_borrow_mut(|all| {
        all.push(Known {
            org: org.clone(),
            looked_at_ms: now_ms,
            bot: bot.clone(),
        });
    });
    Ok(bot)
}

/// Forgets what was read: a call that did not prove itself may come from a bot that was made known this moment.
pub fn forget_webhook_bot(org: &OrgId) {
    KNOWN.with_borrow_mut(|all| all.retain(|known| known.org != *org));
}
