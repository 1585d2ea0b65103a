//! The same over rusqlite, for native tests: a label names a file or `:memory:`.

use crate::{StorageError, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use std::cell::RefCell;
use std::path::Path;

pub(crate) struct Connection(RefCell<rusqlite::Connection>);

impl Connection {
    pub(crate) async fn open(label: &str) -> Result<Self, StorageError> {
        let connection = rusqlite::Connection::open(label).map_err(graded)?;
        connection
            .execute_batch("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;")
            .map_err(graded)?;
        Ok(Self(RefCell::new(connection)))
    }

    /// A file that is there, for reading only; whoever writes to it is not disturbed.
    pub(crate) fn open_read_only(file: &Path) -> Result<Self, StorageError> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let connection = rusqlite::Connection::open_with_flags(file, flags).map_err(graded)?;
        connection
            .execute_batch("PRAGMA busy_timeout = 5000;")
            .map_err(graded)?;
        Ok(Self(RefCell::new(connection)))
    }

    pub(crate) async fn execute(
        &self,
        sql: &str,
        parameters: Vec<Value>,
    ) -> Result<Vec<Vec<Value>>, StorageError> {
        let connection = self.0.borrow();
        let mut statement = connection.prepare_cached(sql).map_err(graded)?;
        let columns = statement.column_count();
        let mut rows = statement
            .query(rusqlite::params_from_iter(parameters))
            .map_err(graded)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(graded)? {
            let values = (0..columns).map(|column| row.get_ref(column).map(owned));
            found.push(values.collect::<Result<_, _>>().map_err(graded)?);
        }
        Ok(found)
    }

    pub(crate) async fn begin(&self) -> Result<(), StorageError> {
        self.execute("BEGIN IMMEDIATE", Vec::new()).await.map(drop)
    }

    pub(crate) fn roll_back_now(&self) {
        // When this fails, dropping the connection rolls the transaction back all the same.
        let _ = self.0.borrow().execute_batch("ROLLBACK");
    }
}

fn graded(error: rusqlite::Error) -> StorageError {
    StorageError::from_sqlite(error.to_string())
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Integer(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Real(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}
