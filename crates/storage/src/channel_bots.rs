//! Bots of an organisation's channels that were made known in the running installation, with their tokens sealed.

use crate::{Database, Row, StorageError, journal};
use serde_json::json;
use vikno_domain::{Channel, OperatorRef, OrgId};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelBot {
    /// What it calls itself.
    pub name: String,
    /// Its public name in the channel, where there is one.
    pub username: Option<String>,
    /// Its token, sealed.
    pub sealed_token: String,
    /// SHA-256 in hex of the secret that Telegram sends along.
    pub secret_sha256: Option<String>,
    /// Unix milliseconds.
    pub changed_at_ms: i64,
    /// Who made it known.
    pub by: OperatorRef,
}

const COLUMNS: &str =
    "name, username, sealed_token, secret_sha256, changed_at_ms, person_id, person_name";

/// What a bot's token is sealed for: it opens for nobody else.
pub fn purpose(org: &OrgId, channel: Channel) -> String {
    format!("token of {org} for {channel}")
}

/// All bots of the organisation.
pub async fn all(database: &Database) -> Result<Vec<(Channel, ChannelBot)>, StorageError> {
    let rows = database
        .query(
            &format!("SELECT {COLUMNS}, channel FROM channel_bots"),
            vec![],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let channel = row.text(7)?;
            let channel = Channel::parse(channel)
                .map_err(|error| StorageError::Corrupt(error.to_string()))?;
            Ok((channel, bot(row)?))
        })
        .collect()
}

/// The bot of a channel.
pub async fn find(
    database: &Database,
    channel: Channel,
) -> Result<Option<ChannelBot>, StorageError> {
    let row = database
        .query_one(
            &format!("SELECT {COLUMNS} FROM channel_bots WHERE channel = ?1"),
            vec![channel.as_str().into()],
        )
        .await?;
    row.as_ref().map(bot).transpose()
}

fn bot(row: &Row) -> Result<ChannelBot, StorageError> {
    Ok(ChannelBot {
        name: row.text(0)?.to_owned(),
        username: row.optional_string(1)?,
        sealed_token: row.text(2)?.to_owned(),
        secret_sha256: row.optional_string(3)?,
        changed_at_ms: row.integer(4)?,
        by: OperatorRef {
            id: row.text(5)?.to_owned(),
            name: row.text(6)?.to_owned(),
        },
    })
}

/// What a webhook needs of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookBot {
    /// SHA-256 in hex of the secret that Telegram sends along.
    pub secret_sha256: Option<String>,
}

/// The same bot as a webhook needs it.
pub async fn webhook_bot(
    database: &Database,
    channel: Channel,
) -> Result<Option<WebhookBot>, StorageError> {
    let row = database
        .query_one(
            "SELECT secret_sha256 FROM channel_bots WHERE channel = ?1",
            vec![channel.as_str().into()],
        )
        .await?;
    row.map(|row| {
        let secret_sha256 = row.optional_string(0)?;
        Ok(WebhookBot { secret_sha256 })
    })
    .transpose()
}

/// Keeps a channel's bot in place of an earlier one, with the journal's line.
pub async fn keep(
    database: &Database,
    channel: Channel,
    bot: &ChannelBot,
) -> Result<(), StorageError> {
    let transaction = database.transaction().await?;
    transaction
        .run(
            "INSERT INTO channel_bots (channel, sealed_token, secret_sha256, name, username, changed_at_ms, person_id, person_name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (channel) DO UPDATE SET sealed_token = ?2, secret_sha256 = ?3, name = ?4, username = ?5,
                changed_at_ms = ?6, person_id = ?7, person_name = ?8",
            vec![
                channel.as_str().into(),
                bot.sealed_token.as_str().into(),
                bot.secret_sha256.clone().into(),
                bot.name.as_str().into(),
                bot.username.clone().into(),
                bot.changed_at_ms.into(),
                bot.by.id.as_str().into(),
                bot.by.name.as_str().into(),
            ],
        )
        .await?;
    let data = json!({ "channel": channel, "bot": bot.name });
    journal::record(
        database,
        &bot.by.id,
        "channel_bot_kept",
        &data,
        bot.changed_at_ms,
    )
    .await?;
    transaction.commit().await
}

/// Forgets a channel's bot, with the journal's line; false when there is none.
pub async fn forget(
    database: &Database,
    channel: Channel,
    by: &OperatorRef,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let transaction = database.transaction().await?;
    let row = transaction
        .query_one(
            "DELETE FROM channel_bots WHERE channel = ?1 RETURNING name",
            vec![channel.as_str().into()],
        )
        .await?;
    let Some(row) = row else {
        transaction.rollback().await?;
        return Ok(false);
    };
    let data = json!({ "channel": channel, "bot": row.text(0)? });
    journal::record(database, &by.id, "channel_bot_forgotten", &data, now_ms).await?;
    transaction.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;
    use crate::migrations::{Kind, migrate};

    fn bot(name: &str) -> ChannelBot {
        ChannelBot {
            name: name.into(),
            username: Some("gov_bot".into()),
            sealed_token: format!("sealed {name}"),
            secret_sha256: None,
            changed_at_ms: 5_000,
            by: OperatorRef {
                id: "u_1".into(),
                name: "Олена".into(),
            },
        }
    }

    #[test]
    fn a_channel_has_one_bot_until_it_is_forgotten() {
        let database = block_on(Database::open(":memory:")).unwrap();
        block_on(migrate(&database, Kind::Organisation)).unwrap();
        let found = |channel| block_on(find(&database, channel)).unwrap();
        assert_eq!(found(Channel::Telegram), None);
        for name in ["old", "new"] {
            block_on(keep(&database, Channel::Telegram, &bot(name))).unwrap();
        }
        assert_eq!(found(Channel::Telegram), Some(bot("new")));
        assert_eq!(found(Channel::Viber), None);
        let by = bot("new").by;
        let gone = || block_on(forget(&database, Channel::Telegram, &by, 6_000)).unwrap();
        assert!(gone());
        assert!(!gone());
        assert_eq!(found(Channel::Telegram), None);
        let lines =
            block_on(database.query("SELECT what, data FROM journal ORDER BY id", vec![])).unwrap();
        let told: Vec<_> = lines
            .iter()
            .map(|line| line.text(0).unwrap().to_owned())
            .collect();
        assert_eq!(
            told,
            [
                "channel_bot_kept",
                "channel_bot_kept",
                "channel_bot_forgotten"
            ]
        );
        assert!(
            lines
                .iter()
                .all(|line| !line.text(1).unwrap().contains("sealed"))
        );
    }
}
