//! Statements over `spin:sqlite`. Small statements use the synchronous import (one call, no stream);
//! what may wait for another writer uses the asynchronous one, so that the instance serves on meanwhile.

use crate::{StorageError, Value};
use spin_sdk::sqlite::wit::sqlite as wit;

pub(crate) struct Connection(wit::Connection);

impl Connection {
    pub(crate) async fn open(label: &str) -> Result<Self, StorageError> {
        wit::Connection::open_async(label.to_owned())
            .await
            .map(Self)
            .map_err(graded)
    }

    pub(crate) async fn execute(
        &self,
        sql: &str,
        parameters: Vec<Value>,
    ) -> Result<Vec<Vec<Value>>, StorageError> {
        let parameters: Vec<wit::Value> = parameters.into_iter().map(Into::into).collect();
        let result = self.0.execute(sql, &parameters).map_err(graded)?;
        Ok(result
            .rows
            .into_iter()
            .map(|row| row.values.into_iter().map(Into::into).collect())
            .collect())
    }

    pub(crate) async fn begin(&self) -> Result<(), StorageError> {
        let (_, rows, result) = self
            .0
            .execute_async("BEGIN IMMEDIATE".to_owned(), Vec::new())
            .await
            .map_err(graded)?;
        drop(rows);
        result.await.map_err(graded)
    }

    pub(crate) fn roll_back_now(&self) {
        // When this fails, dropping the connection rolls the transaction back all the same.
        let _ = self.0.execute("ROLLBACK", &[]);
    }
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
