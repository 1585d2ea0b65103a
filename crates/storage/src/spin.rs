//! Statements over `spin:sqlite`. What never waits (reads, and everything inside a transaction) uses the synchronous
//! import (one call, no stream). What may wait, for another writer or for the disk, uses the asynchronous one: that
//! writer may be another request of this very instance, which a synchronous call would keep from ever finishing.

use crate::{StorageError, Value};
use spin_sdk::sqlite::wit::sqlite as wit;
use std::cell::Cell;

pub(crate) struct Connection {
    inner: wit::Connection,
    /// It is our turn to write until COMMIT or ROLLBACK.
    in_transaction: Cell<bool>,
}

impl Connection {
    pub(crate) async fn open(label: &str) -> Result<Self, StorageError> {
        let inner = wit::Connection::open(label).map_err(graded)?;
        Ok(Self {
            inner,
            in_transaction: Cell::new(false),
        })
    }

    pub(crate) async fn execute(
        &self,
        sql: &str,
        parameters: Vec<Value>,
    ) -> Result<Vec<Vec<Value>>, StorageError> {
        let parameters: Vec<wit::Value> = parameters.into_iter().map(Into::into).collect();
        let never_waits = only_reads(sql) || (self.in_transaction.get() && sql != "COMMIT");
        let rows = if never_waits {
            self.inner.execute(sql, &parameters).map_err(graded)?.rows
        } else {
            self.execute_waiting(sql, parameters).await?
        };
        if matches!(sql, "COMMIT" | "ROLLBACK") {
            self.in_transaction.set(false);
        }
        Ok(rows
            .into_iter()
            .map(|row| row.values.into_iter().map(Into::into).collect())
            .collect())
    }

    async fn execute_waiting(
        &self,
        sql: &str,
        parameters: Vec<wit::Value>,
    ) -> Result<Vec<wit::RowResult>, StorageError> {
        let (_, rows, result) = self
            .inner
            .execute_async(sql.to_owned(), parameters)
            .await
            .map_err(graded)?;
        let rows = rows.collect().await;
        result.await.map_err(graded)?;
        Ok(rows)
    }

    pub(crate) async fn begin(&self) -> Result<(), StorageError> {
        self.execute_waiting("BEGIN IMMEDIATE", Vec::new()).await?;
        self.in_transaction.set(true);
        Ok(())
    }

    pub(crate) fn roll_back_now(&self) {
        // When this fails, dropping the connection rolls the transaction back all the same.
        let _ = self.inner.execute("ROLLBACK", &[]);
        self.in_transaction.set(false);
    }
}

/// Readers never wait for writers (the databases are in WAL mode).
fn only_reads(sql: &str) -> bool {
    sql.trim_start()
        .get(..6)
        .is_some_and(|verb| verb.eq_ignore_ascii_case("select"))
}

fn graded(error: wit::Error) -> StorageError {
    match error {
        wit::Error::Io(message) => StorageError::from_sqlite(message),
        // The manifest grants no such label: for a caller, there is no such organisation.
        wit::Error::NoSuchDatabase | wit::Error::AccessDenied => StorageError::NotFound,
        other => StorageError::Unavailable(other.to_string()),
    }
}

impl From<Value> for wit::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Integer(number) => Self::Integer(number),
            Value::Real(number) => Self::Real(number),
            Value::Text(text) => Self::Text(text),
            Value::Blob(bytes) => Self::Blob(bytes),
        }
    }
}

impl From<wit::Value> for Value {
    fn from(value: wit::Value) -> Self {
        match value {
            wit::Value::Null => Self::Null,
            wit::Value::Integer(number) => Self::Integer(number),
            wit::Value::Real(number) => Self::Real(number),
            wit::Value::Text(text) => Self::Text(text),
            wit::Value::Blob(bytes) => Self::Blob(bytes),
        }
    }
}
