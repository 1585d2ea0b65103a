//! Key-value stores by label, each in an SQLite file with Spin's own table.
//! Values are bytes; what must change atomically belongs into SQLite proper.

mod host;

use crate::bindings::spin::key_value::key_value::Error;
use crate::sqlite::{Databases, Rows, Session, Value};
use std::path::PathBuf;

const CREATED: &str = "SELECT 1 FROM sqlite_master WHERE name = 'spin_key_value'";
const CREATE: &str = "CREATE TABLE IF NOT EXISTS spin_key_value (
    store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))";
const GET: &str = "SELECT value FROM spin_key_value WHERE store = ?1 AND key = ?2";
const EXISTS: &str = "SELECT 1 FROM spin_key_value WHERE store = ?1 AND key = ?2";
const KEYS: &str = "SELECT key FROM spin_key_value WHERE store = ?1 ORDER BY key";
const SET: &str = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)
    ON CONFLICT (store, key) DO UPDATE SET value = excluded.value";
const DELETE: &str = "DELETE FROM spin_key_value WHERE store = ?1 AND key = ?2";

/// The key-value stores of the application, by label.
#[derive(Default)]
pub struct Stores(Databases);

/// An open store.
#[derive(Clone)]
pub struct Store {
    label: String,
    session: Session,
}

impl Stores {
    /// Names the file of each label. Files are made when a store is first opened.
    pub fn new(paths: impl IntoIterator<Item = (String, PathBuf)>) -> Self {
        Self(Databases::new(paths))
    }

    /// Opens a store.
    pub async fn open(&self, label: &str) -> Result<Store, Error> {
        let database = self.0.get(label).ok_or(Error::NoSuchStore)?;
        let store = Store {
            label: label.to_owned(),
            session: Session::open(database).map_err(failed)?,
        };
        // A look costs nothing; creating would stand in the queue of writers and wait for the disk.
        if store.query(CREATED, Vec::new()).await?.is_empty() {
            store.query(CREATE, Vec::new()).await?;
        }
        Ok(store)
    }

    /// Closes every store's file.
    pub fn close(&self) {
        self.0.close();
    }
}

impl Store {
    /// The value of a key.
    pub async fn get(&self, key: String) -> Result<Option<Vec<u8>>, Error> {
        let rows = self.query(GET, vec![Value::Text(key)]).await?;
        Ok(match rows.into_iter().next() {
            Some(Value::Blob(bytes)) => Some(bytes),
            Some(Value::Text(text)) => Some(text.into_bytes()),
            _ => None,
        })
    }

    /// Its label.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Sets the value of a key.
    pub async fn set(&self, key: String, value: Vec<u8>) -> Result<(), Error> {
        self.query(SET, vec![Value::Text(key), Value::Blob(value)])
            .await
            .map(drop)
    }

    /// Forgets a key.
    pub async fn delete(&self, key: String) -> Result<(), Error> {
        self.query(DELETE, vec![Value::Text(key)]).await.map(drop)
    }

    /// Whether a key has a value.
    pub async fn exists(&self, key: String) -> Result<bool, Error> {
        let rows = self.query(EXISTS, vec![Value::Text(key)]).await?;
        Ok(!rows.is_empty())
    }

    /// All keys in order.
    pub async fn keys(&self) -> Result<Vec<String>, Error> {
        let rows = self.query(KEYS, Vec::new()).await?;
        Ok(rows
            .into_iter()
            .filter_map(|value| match value {
                Value::Text(key) => Some(key),
                _ => None,
            })
            .collect())
    }

    /// The first column of each row; the store's label is the first parameter of every statement about keys.
    async fn query(&self, sql: &str, mut parameters: Vec<Value>) -> Result<Vec<Value>, Error> {
        if ![CREATED, CREATE].contains(&sql) {
            parameters.insert(0, Value::Text(self.label.clone()));
        }
        let answer = self
            .session
            .execute(sql.to_owned(), parameters)
            .await
            .map_err(failed)?;
        let rows = match answer.rows {
            Rows::Whole(rows) => rows,
            Rows::Stream(stream) => stream.collect().await.map_err(failed)?,
        };
        Ok(rows
            .into_iter()
            .filter_map(|row| row.values.into_iter().next())
            .collect())
    }
}

fn failed(error: crate::sqlite::Error) -> Error {
    match error {
        crate::sqlite::Error::Io(message) => Error::Other(message),
        other => Error::Other(other.to_string()),
    }
}
