//! A connection, its rows and its transactions.

use crate::{StorageError, Value, backend};

/// A connection to one database. Cheap to open (the host keeps a pool); open one for each request,
/// since two requests of one instance that shared a connection would interleave their transactions.
pub struct Database {
    connection: backend::Connection,
}

impl Database {
    /// Opens the database with this label; the manifest must grant it.
    pub async fn open(label: &str) -> Result<Self, StorageError> {
        Ok(Self {
            connection: backend::Connection::open(label).await?,
        })
    }

    /// Opens a database file that is there, for reading only.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn open_read_only(file: &std::path::Path) -> Result<Self, StorageError> {
        Ok(Self {
            connection: backend::Connection::open_read_only(file)?,
        })
    }

    /// Runs one statement and returns its rows. For results of a bounded, small size.
    pub async fn query(&self, sql: &str, parameters: Vec<Value>) -> Result<Vec<Row>, StorageError> {
        let rows = self.connection.execute(sql, parameters).await?;
        Ok(rows.into_iter().map(Row).collect())
    }

    /// Runs one statement that returns at most one row of interest.
    pub async fn query_one(
        &self,
        sql: &str,
        parameters: Vec<Value>,
    ) -> Result<Option<Row>, StorageError> {
        Ok(self.query(sql, parameters).await?.into_iter().next())
    }

    /// Runs one statement for its effect.
    pub async fn run(&self, sql: &str, parameters: Vec<Value>) -> Result<(), StorageError> {
        self.connection.execute(sql, parameters).await.map(drop)
    }

    /// Begins a writing transaction (waits its turn among the writers). Dropping it rolls it back.
    pub async fn transaction(&self) -> Result<Transaction<'_>, StorageError> {
        self.connection.begin().await?;
        Ok(Transaction {
            database: self,
            open: true,
        })
    }
}

/// A transaction in progress.
#[must_use = "a transaction that is not committed is rolled back"]
pub struct Transaction<'a> {
    database: &'a Database,
    open: bool,
}

impl Transaction<'_> {
    /// As [`Database::query`].
    pub async fn query(&self, sql: &str, parameters: Vec<Value>) -> Result<Vec<Row>, StorageError> {
        self.database.query(sql, parameters).await
    }

    /// As [`Database::query_one`].
    pub async fn query_one(
        &self,
        sql: &str,
        parameters: Vec<Value>,
    ) -> Result<Option<Row>, StorageError> {
        self.database.query_one(sql, parameters).await
    }

    /// As [`Database::run`].
    pub async fn run(&self, sql: &str, parameters: Vec<Value>) -> Result<(), StorageError> {
        self.database.run(sql, parameters).await
    }

    /// Makes it durable.
    pub async fn commit(mut self) -> Result<(), StorageError> {
        self.database.run("COMMIT", Vec::new()).await?;
        self.open = false;
        Ok(())
    }

    /// Undoes it.
    pub async fn rollback(mut self) -> Result<(), StorageError> {
        self.open = false;
        self.database.run("ROLLBACK", Vec::new()).await
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            self.database.connection.roll_back_now();
        }
    }
}

/// One row of a result; columns by position, as the statement lists them.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// Every column, as it is.
    pub fn values(&self) -> &[Value] {
        &self.0
    }

    /// A text column that is not NULL.
    pub fn text(&self, column: usize) -> Result<&str, StorageError> {
        self.optional_text(column)?
            .ok_or_else(|| corrupt(column, "text"))
    }

    /// A text column that may be NULL.
    pub fn optional_text(&self, column: usize) -> Result<Option<&str>, StorageError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            _ => Err(corrupt(column, "text or null")),
        }
    }

    /// An owned text that may be NULL.
    pub fn optional_string(&self, column: usize) -> Result<Option<String>, StorageError> {
        Ok(self.optional_text(column)?.map(str::to_owned))
    }

    /// An integer column that is not NULL.
    pub fn integer(&self, column: usize) -> Result<i64, StorageError> {
        self.optional_integer(column)?
            .ok_or_else(|| corrupt(column, "integer"))
    }

    /// An integer column that may be NULL.
    pub fn optional_integer(&self, column: usize) -> Result<Option<i64>, StorageError> {
        match self.0.get(column) {
            Some(Value::Integer(number)) => Ok(Some(*number)),
            Some(Value::Null) => Ok(None),
            _ => Err(corrupt(column, "integer or null")),
        }
    }

    /// A number column that is not NULL.
    pub fn real(&self, column: usize) -> Result<f64, StorageError> {
        match self.0.get(column) {
            Some(Value::Real(number)) => Ok(*number),
            Some(Value::Integer(number)) => Ok(*number as f64),
            _ => Err(corrupt(column, "number")),
        }
    }

    /// Bytes of a known length.
    pub fn bytes<const N: usize>(&self, column: usize) -> Result<[u8; N], StorageError> {
        self.blob(column)?
            .try_into()
            .map_err(|_| corrupt(column, &format!("{N} bytes")))
    }

    /// A column of bytes that is not NULL.
    pub fn blob(&self, column: usize) -> Result<&[u8], StorageError> {
        match self.0.get(column) {
            Some(Value::Blob(bytes)) => Ok(bytes),
            _ => Err(corrupt(column, "bytes")),
        }
    }

    /// A JSON document in a text column.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, StorageError> {
        Ok(serde_json::from_str(self.text(column)?)?)
    }

    /// A JSON document in a text column that may be NULL.
    pub fn optional_json<T: serde::de::DeserializeOwned>(
        &self,
        column: usize,
    ) -> Result<Option<T>, StorageError> {
        Ok(self
            .optional_text(column)?
            .map(serde_json::from_str)
            .transpose()?)
    }
}

fn corrupt(column: usize, wanted: &str) -> StorageError {
    StorageError::Corrupt(format!("column {column} is not {wanted}"))
}
