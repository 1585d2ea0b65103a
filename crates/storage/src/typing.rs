//! Who is writing just now, while an operator has the conversation. It ends by itself.

use crate::{Database, StorageError};
use vikno_domain::Channel;

/// So long somebody who has touched a key is taken to be writing. Clients tell of it every four seconds.
pub const TYPING_MS: i64 = 8_000;
/// Told again earlier, it changes nothing.
const AGAIN_MS: i64 = 2_000;

/// Where the dialogue is that somebody writes in, once it was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Its id here.
    pub conversation_id: String,
    /// How its citizen is reached from here.
    pub channel: Channel,
    /// Their chat there; on the channel `organisation` the organisation that moved it here and its id there, `ukc:c_…`.
    pub chat: String,
    /// The organisation that it was moved to.
    pub moved_to: Option<String>,
}

/// The citizen of this chat writes: of the web chat, or, on the channel `organisation`, of a conversation that was moved here from there
/// (`ukc:c_…`). `None` when nobody is to see it, or it was told just now.
pub async fn by_citizen(
    database: &Database,
    channel: Channel,
    chat: &str,
    now_ms: i64,
) -> Result<Option<Noted>, StorageError> {
    let who = "'citizen' FROM citizens AS p JOIN conversations AS c ON c.id = p.conversation_id
         WHERE p.chat = ?3 AND p.channel = ?4 AND c.status = 'with_operator'";
    note(database, who, [chat, channel.as_str()], now_ms).await
}

/// The operator writes in the conversation that they have. `None` when it is not theirs, or it was told just now.
pub async fn by_operator(
    database: &Database,
    conversation_id: &str,
    operator_id: &str,
    now_ms: i64,
) -> Result<Option<Noted>, StorageError> {
    let who = "'operator' FROM conversations AS c WHERE c.id = ?3 AND c.status = 'with_operator' AND c.operator_id = ?4";
    note(database, who, [conversation_id, operator_id], now_ms).await
}

/// An operator of the organisation that the conversation was moved to writes.
pub async fn by_operator_there(
    database: &Database,
    conversation_id: &str,
    moved_to: &str,
    now_ms: i64,
) -> Result<Option<Noted>, StorageError> {
    let who = "'operator' FROM conversations AS c WHERE c.id = ?3 AND c.status = 'with_operator'
         AND c.peer ->> '$.direction' = 'out' AND c.peer ->> '$.org' = ?4";
    note(database, who, [conversation_id, moved_to], now_ms).await
}

/// `who` is the side and where its conversation is found: our own text, with two parameters.
async fn note(
    database: &Database,
    who: &str,
    [first, second]: [&str; 2],
    now_ms: i64,
) -> Result<Option<Noted>, StorageError> {
    let transaction = database.transaction().await?;
    let over = "DELETE FROM typing WHERE until_ms < ?1";
    transaction.run(over, vec![now_ms.into()]).await?;
    let sql = format!(
        "INSERT INTO typing (until_ms, conversation_id, side) SELECT ?1, c.id, {who}
         ON CONFLICT (conversation_id, side) DO UPDATE SET until_ms = ?1 WHERE until_ms < ?2 RETURNING conversation_id"
    );
    let until_ms = now_ms + TYPING_MS;
    let parameters = vec![
        until_ms.into(),
        (until_ms - AGAIN_MS).into(),
        first.into(),
        second.into(),
    ];
    let noted = transaction.query_one(&sql, parameters).await?;
    let Some(noted) = noted else {
        transaction.commit().await?;
        return Ok(None);
    };
    let conversation_id = noted.text(0)?.to_owned();
    let place = transaction
        .query_one(
            "SELECT channel, chat, CASE peer ->> '$.direction' WHEN 'out' THEN peer ->> '$.org' END FROM conversations WHERE id = ?1",
            vec![conversation_id.as_str().into()],
        )
        .await?;
    transaction.commit().await?;
    let place = place.ok_or(StorageError::NotFound)?;
    let channel = place.text(0)?;
    let channel =
        Channel::parse(channel).map_err(|_| StorageError::Corrupt(format!("channel {channel}")))?;
    Ok(Some(Noted {
        channel,
        chat: place.text(1)?.to_owned(),
        moved_to: place.optional_string(2)?,
        conversation_id,
    }))
}

/// Whether the citizen of the conversation writes. What they have sent meanwhile ends it.
pub async fn is_citizen_writing(
    database: &Database,
    conversation_id: &str,
    now_ms: i64,
) -> Result<bool, StorageError> {
    let row = database
        .query_one(
            "SELECT 1 FROM typing AS t WHERE t.conversation_id = ?1 AND t.side = 'citizen' AND t.until_ms > ?2
             AND t.until_ms - ?3 >= coalesce((SELECT at_ms FROM messages WHERE conversation_id = ?1 ORDER BY seq DESC LIMIT 1), 0)",
            vec![conversation_id.into(), now_ms.into(), TYPING_MS.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// The Telegram chat of a conversation in which an operator writes.
pub async fn telegram_chat(
    database: &Database,
    conversation_id: &str,
    now_ms: i64,
) -> Result<Option<String>, StorageError> {
    let row = database
        .query_one(
            "SELECT c.chat FROM typing AS t JOIN conversations AS c ON c.id = t.conversation_id
             WHERE t.conversation_id = ?1 AND t.side = 'operator' AND t.until_ms > ?2 AND c.channel = 'telegram'",
            vec![conversation_id.into(), now_ms.into()],
        )
        .await?;
    row.map(|row| Ok(row.text(0)?.to_owned())).transpose()
}
