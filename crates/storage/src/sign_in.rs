//! Signing in, in `core`: throttling, challenges, public keys, and whether a token still stands.

use crate::{Database, Row, StorageError};

/// Wrong tries under one key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    /// Wrong tries that have not been forgotten.
    pub failures: i64,
    /// Unix milliseconds of the last one.
    pub last_at_ms: i64,
    /// Unix milliseconds; 0: not locked.
    pub locked_until_ms: i64,
}

/// A week without a try and the row goes; 20 at a time, so that cleaning up costs no more than the try itself.
const TRIES_KEPT_MS: i64 = 7 * 24 * 3_600_000;

/// Counts one try under each key, by the caller's arithmetic, in one transaction; when one refuses nothing is counted.
pub async fn count_try<E>(
    core: &Database,
    keys: &[&str],
    now_ms: i64,
    mut count: impl FnMut(usize, Tries) -> Result<Tries, E>,
) -> Result<Result<(), E>, StorageError> {
    let transaction = core.transaction().await?;
    for (index, key) in keys.iter().enumerate() {
        let row = transaction
            .query_one(
                "SELECT failures, last_at_ms, locked_until_ms FROM sign_in_throttle WHERE key = ?1",
                vec![(*key).into()],
            )
            .await?;
        let before = row.as_ref().map_or(Ok(Tries::default()), tries)?;
        let after = match count(index, before) {
            Ok(after) => after,
            Err(refused) => {
                transaction.rollback().await?;
                return Ok(Err(refused));
            }
        };
        transaction
            .run(
                "INSERT INTO sign_in_throttle (key, failures, last_at_ms, locked_until_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (key) DO UPDATE SET failures = ?2, last_at_ms = ?3, locked_until_ms = ?4",
                vec![
                    (*key).into(),
                    after.failures.into(),
                    after.last_at_ms.into(),
                    after.locked_until_ms.into(),
                ],
            )
            .await?;
    }
    transaction
        .run(
            "DELETE FROM sign_in_throttle WHERE key IN
             (SELECT key FROM sign_in_throttle WHERE last_at_ms < ?1 ORDER BY last_at_ms LIMIT 20)",
            vec![(now_ms - TRIES_KEPT_MS).into()],
        )
        .await?;
    transaction.commit().await?;
    Ok(Ok(()))
}

fn tries(row: &Row) -> Result<Tries, StorageError> {
    Ok(Tries {
        failures: row.integer(0)?,
        last_at_ms: row.integer(1)?,
        locked_until_ms: row.integer(2)?,
    })
}

/// The password was right: forgets the login's tries and takes back the one counted for the address.
pub async fn forget_tries(
    core: &Database,
    login_key: &str,
    address_key: &str,
) -> Result<(), StorageError> {
    let transaction = core.transaction().await?;
    transaction
        .run(
            "DELETE FROM sign_in_throttle WHERE key = ?1",
            vec![login_key.into()],
        )
        .await?;
    transaction
        .run(
            "UPDATE sign_in_throttle SET failures = max(failures - 1, 0), locked_until_ms = 0 WHERE key = ?1",
            vec![address_key.into()],
        )
        .await?;
    transaction.commit().await
}

/// Publishes what functions without the master key need: the public keys (id, hex), and the key that signs links to files.
/// Other keys, those of an earlier master key too, are forgotten, and the tokens signed with them end.
pub async fn publish_keys(
    core: &Database,
    keys: &[(&str, String)],
    link_key: &str,
    now_ms: i64,
) -> Result<(), StorageError> {
    let transaction = core.transaction().await?;
    let keys = serde_json::to_string(keys)?;
    transaction
        .run(
            "INSERT INTO signing_keys (kid, public_key, created_at_ms)
             SELECT value ->> 0, value ->> 1, ?2 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING",
            vec![keys.as_str().into(), now_ms.into()],
        )
        .await?;
    transaction
        .run(
            "DELETE FROM signing_keys WHERE kid NOT IN (SELECT value ->> 0 FROM json_each(?1))",
            vec![keys.into()],
        )
        .await?;
    transaction
        .run(
            "INSERT INTO installation (name, value, at_ms) VALUES ('media_link_key', ?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = ?1, at_ms = ?2 WHERE value <> ?1",
            vec![link_key.into(), now_ms.into()],
        )
        .await?;
    transaction.commit().await
}

/// The public key with this id, in hex.
pub async fn public_key(core: &Database, kid: &str) -> Result<Option<String>, StorageError> {
    let row = core
        .query_one(
            "SELECT public_key FROM signing_keys WHERE kid = ?1",
            vec![kid.into()],
        )
        .await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// The key that signs links to files, in hex; none before the first sign-in.
pub async fn link_key(core: &Database) -> Result<Option<String>, StorageError> {
    let row = core
        .query_one(
            "SELECT value FROM installation WHERE name = 'media_link_key'",
            vec![],
        )
        .await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// What a person's roles permit where: (organisation or `*`, permissions; `*` is everything).
pub type HeldPermissions = Vec<(String, Vec<String>)>;

/// What the bearer of a token with a right signature may do as roles stand now; none when the token does not stand: its
/// person is not active or of another generation, or its session has ended.
pub async fn standing(
    core: &Database,
    person_id: &str,
    generation: i64,
    session_id: &str,
) -> Result<Option<HeldPermissions>, StorageError> {
    let row = core
        .query_one(
            "SELECT (SELECT json_group_array(json_array(held.org, json(roles.permissions))) FROM (
                         SELECT org, role FROM held_roles WHERE person_id = ?1
                         UNION SELECT g.org, r.role FROM group_members AS m JOIN groups AS g ON g.id = m.group_id
                               JOIN group_roles AS r ON r.group_id = m.group_id WHERE m.person_id = ?1
                     ) AS held JOIN roles ON roles.id = held.role)
             FROM people WHERE id = ?1 AND generation = ?2 AND active = 1
             AND EXISTS (SELECT 1 FROM staff_sessions WHERE id = ?3 AND person_id = ?1)",
            vec![person_id.into(), generation.into(), session_id.into()],
        )
        .await?;
    row.map(|row| row.json(0)).transpose()
}

/// Remembers that a right password waits for its one-time code; forgets those that have ended.
pub async fn begin_challenge(
    core: &Database,
    challenge_sha256: &str,
    person_id: &str,
    expires_at_ms: i64,
    now_ms: i64,
) -> Result<(), StorageError> {
    let transaction = core.transaction().await?;
    transaction
        .run(
            "DELETE FROM login_challenges WHERE expires_at_ms < ?1",
            vec![now_ms.into()],
        )
        .await?;
    transaction
        .run(
            "INSERT INTO login_challenges (challenge_sha256, person_id, created_at_ms, expires_at_ms)
             VALUES (?1, ?2, ?3, ?4)",
            vec![
                challenge_sha256.into(),
                person_id.into(),
                now_ms.into(),
                expires_at_ms.into(),
            ],
        )
        .await?;
    transaction.commit().await
}

/// Counts one try at a challenge and says whose it is; none when it is unknown, over, or tried `attempts_max` times.
pub async fn try_challenge(
    core: &Database,
    challenge_sha256: &str,
    attempts_max: i64,
    now_ms: i64,
) -> Result<Option<String>, StorageError> {
    let row = core
        .query_one(
            "UPDATE login_challenges SET attempts = attempts + 1
             WHERE challenge_sha256 = ?1 AND expires_at_ms > ?2 AND attempts < ?3 RETURNING person_id",
            vec![challenge_sha256.into(), now_ms.into(), attempts_max.into()],
        )
        .await?;
    row.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Ends a challenge; false when somebody else ended it first.
pub async fn end_challenge(core: &Database, challenge_sha256: &str) -> Result<bool, StorageError> {
    let row = core
        .query_one(
            "DELETE FROM login_challenges WHERE challenge_sha256 = ?1 RETURNING person_id",
            vec![challenge_sha256.into()],
        )
        .await?;
    Ok(row.is_some())
}
