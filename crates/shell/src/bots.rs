//! The bot that somebody made known for a channel, as webhooks need it at each call: looked up once a second.

use crate::{FRESH_MS, Problem, now_ms};
use std::cell::RefCell;
use vikno_domain::{Channel, OrgId};
use vikno_storage::Database;
use vikno_storage::channel_bots::{self, WebhookBot};

struct Known {
    org: OrgId,
    looked_at_ms: i64,
    bot: Option<WebhookBot>,
}

thread_local! {
    /// A webhook is of one channel, and an installation has ten organisations.
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

/// Verifies a call by the channel's bot; `None` where the deployment's variables count. A call that is refused by what was read
/// a moment ago is tried once more by what stands: the bot may have been made known since, and Viber asks before it takes an
/// address.
pub async fn with_webhook_bot<T>(
    database: &Database,
    org: &OrgId,
    channel: Channel,
    verify: impl AsyncFn(Option<WebhookBot>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let now_ms = now_ms();
    let mut known = KNOWN.with_borrow(|all| {
        let known = all.iter().find(|known| known.org == *org)?;
        (now_ms < known.looked_at_ms + FRESH_MS).then(|| known.bot.clone())
    });
    loop {
        let is_from_before = known.is_some();
        let bot = match known.take() {
            Some(bot) => bot,
            None => {
                let bot = channel_bots::webhook_bot(database, channel).await?;
                remember(org, now_ms, bot.clone());
                bot
            }
        };
        match verify(bot).await {
            Err(_) if is_from_before => {}
            verified => return verified,
        }
    }
}

fn remember(org: &OrgId, looked_at_ms: i64, bot: Option<WebhookBot>) {
    KNOWN.with_borrow_mut(|all| {
        all.retain(|known| known.org != *org);
        all.push(Known {
            org: org.clone(),
            looked_at_ms,
            bot,
        });
    });
}
