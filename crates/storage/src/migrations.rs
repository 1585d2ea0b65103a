//! Numbered migrations: each runs once, in one transaction with the new version number.

use crate::{Database, StorageError};

/// What kind of database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An organisation's own.
    Organisation,
    /// People, roles, organisations, audit.
    Core,
}

impl Kind {
    fn migrations(self) -> &'static [&'static str] {
        match self {
            Self::Organisation => &[
                include_str!("../../../kv-schemas/migrations/organisation/0001_initial.sql"),
                include_str!(
                    "../../../kv-schemas/migrations/organisation/0002_process_authoring.sql"
                ),
                include_str!("../../../kv-schemas/migrations/organisation/0003_corezoid_api.sql"),
                include_str!("../../../kv-schemas/migrations/organisation/0004_failures_sums.sql"),
                include_str!("../../../kv-schemas/migrations/organisation/0005_journal_seals.sql"),
                include_str!("../../../kv-schemas/migrations/organisation/0006_desk.sql"),
                include_str!("../../../kv-schemas/migrations/organisation/0007_settings.sql"),
                include_str!("../../../kv-schemas/migrations/organisation/0008_labels.sql"),
                include_str!("../../../kv-schemas/migrations/organisation/0009_same_person.sql"),
                include_str!("../../../kv-schemas/migrations/organisation/0010_typing.sql"),
            ],
            Self::Core => &[
                include_str!("../../../kv-schemas/migrations/core/0001_initial.sql"),
                include_str!("../../../kv-schemas/migrations/core/0002_audit_seals.sql"),
                include_str!("../../../kv-schemas/migrations/core/0003_sessions.sql"),
                include_str!("../../../kv-schemas/migrations/core/0004_roles_groups.sql"),
                include_str!("../../../kv-schemas/migrations/core/0005_skills.sql"),
                include_str!("../../../kv-schemas/migrations/core/0006_sso.sql"),
                include_str!("../../../kv-schemas/migrations/core/0007_known_browsers.sql"),
                include_str!("../../../kv-schemas/migrations/core/0008_passkeys.sql"),
            ],
        }
    }
}

/// Brings a database up to the newest version; returns how many migrations ran.
pub async fn migrate(database: &Database, kind: Kind) -> Result<usize, StorageError> {
    let done = version(database).await?;
    let mut ran = 0;
    for (index, sql) in kind.migrations().iter().enumerate().skip(done) {
        let transaction = database.transaction().await?;
        // Another starter may have been faster.
        if version(database).await? > index {
            transaction.rollback().await?;
            continue;
        }
        for statement in statements(sql) {
            transaction.run(statement, Vec::new()).await?;
        }
        // A pragma takes no parameters; the number is our own.
        transaction
            .run(&format!("PRAGMA user_version = {}", index + 1), Vec::new())
            .await?;
        transaction.commit().await?;
        ran += 1;
    }
    Ok(ran)
}

async fn version(database: &Database) -> Result<usize, StorageError> {
    let row = database
        .query_one("PRAGMA user_version", Vec::new())
        .await?;
    let version = row.ok_or(StorageError::NotFound)?.integer(0)?;
    usize::try_from(version).map_err(|error| StorageError::Corrupt(error.to_string()))
}

/// The statements of a migration: each ends with a semicolon at the end of a line (what a trigger does stands in one).
fn statements(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(";\n").map(str::trim).filter(|statement| {
        statement
            .lines()
            .any(|line| !line.trim().is_empty() && !line.trim().starts_with("--"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block_on;

    #[test]
    fn migrations_run_once() {
        for kind in [Kind::Organisation, Kind::Core] {
            let database = block_on(Database::open(":memory:")).unwrap();
            assert_eq!(
                block_on(migrate(&database, kind)).unwrap(),
                kind.migrations().len()
            );
            assert_eq!(block_on(migrate(&database, kind)).unwrap(), 0);
        }
    }

    #[test]
    fn processes_published_by_earlier_releases_came_from_their_files() {
        let database = block_on(Database::open(":memory:")).unwrap();
        for statement in statements(Kind::Organisation.migrations()[0]) {
            block_on(database.run(statement, vec![])).unwrap();
        }
        let published = "INSERT INTO process_versions (hash, bundle, published_at_ms, published_by)
             VALUES ('h1', '{}', 1, 'setup'), ('h2', '{\"a\":1}', 2, 'setup')";
        block_on(database.run(published, vec![])).unwrap();
        block_on(database.run("PRAGMA user_version = 1", vec![])).unwrap();

        let ran = block_on(migrate(&database, Kind::Organisation)).unwrap();
        assert_eq!(ran, Kind::Organisation.migrations().len() - 1);
        let texts = |sql: &str| {
            let row = block_on(database.query_one(sql, vec![])).unwrap().unwrap();
            (
                row.text(0).unwrap().to_owned(),
                row.text(1).unwrap().to_owned(),
            )
        };
        assert_eq!(
            texts("SELECT hash, bundle FROM process_folder"),
            ("h2".to_owned(), "{\"a\":1}".to_owned())
        );
        assert_eq!(
            texts("SELECT origin, reason FROM process_versions WHERE id = 1"),
            ("files".to_owned(), String::new())
        );
    }

    #[test]
    fn comments_are_no_statements() {
        let sql = "-- one\nCREATE TABLE a (b);\n-- two\n\nCREATE TABLE c (d);\n-- end\n";
        assert_eq!(statements(sql).count(), 2);
    }
}
