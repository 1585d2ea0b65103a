//! Seals over the journal of an organisation and over the audit of `core`: what is not sealed yet, the next seal, and
//! everything again for a check. Rows and seals are only ever added.

use crate::{Database, Row, StorageError, Value};
use vikno_ledger::{Field, Head, ROWS_MAX, Row as Digested, Seal, Span, Verifier};

/// Something that is sealed: the table of its rows and that of its seals.
#[derive(Debug, Clone, Copy)]
pub struct Book {
    /// The rows' table; their chain is named after it.
    pub rows: &'static str,
    columns: &'static str,
    seals: &'static str,
}

/// An organisation's journal.
pub const JOURNAL: Book = Book {
    rows: "journal",
    columns: "id, at_ms, conversation_id, actor, what, data",
    seals: "journal_seals",
};

/// The audit of `core`.
pub const AUDIT: Book = Book {
    rows: "audit",
    columns: "id, at_ms, person_id, what, org, target, address, data",
    seals: "audit_seals",
};

/// Seals read at once: the largest have 16 kB.
const SEALS_PAGE: i64 = 100;
const SEAL: &str =
    "number, first_id, last_id, sealed_at_ms, rows_sha256, marks, key_name, previous, code";

impl Book {
    /// The name of its chain, which the chain's key is derived by.
    pub fn chain(self, database: &str) -> String {
        format!("{database}/{}", self.rows)
    }
}

/// The end of the chain, when there are rows after it: one read where there is nothing to do.
pub async fn end_to_seal(database: &Database, book: Book) -> Result<Option<Head>, StorageError> {
    let sql = format!(
        "SELECT number, last_id, code, (SELECT max(id) FROM {}) FROM (SELECT 1)
         LEFT JOIN (SELECT number, last_id, code FROM {} ORDER BY number DESC LIMIT 1)",
        book.rows, book.seals
    );
    let row = database.query_one(&sql, vec![]).await?;
    let row = row.ok_or(StorageError::NotFound)?;
    let head = match row.optional_integer(0)? {
        None => Head::default(),
        Some(number) => Head {
            number,
            last_id: row.integer(1)?,
            code: row.bytes(2)?,
        },
    };
    let newest = row.optional_integer(3)?.unwrap_or_default();
    Ok((newest > head.last_id).then_some(head))
}

/// The next rows that no seal covers, as many as one may. Ids are given by the one writer there is, so that no row comes
/// later with a lower one.
pub async fn unsealed(
    database: &Database,
    book: Book,
    head: Head,
) -> Result<Vec<Digested>, StorageError> {
    let span = Span {
        after_id: head.last_id,
        last_id: i64::MAX,
    };
    page(database, book, span).await
}

/// Adds a seal behind the one it names; false when another one stands there already.
pub async fn append(database: &Database, book: Book, seal: &Seal) -> Result<bool, StorageError> {
    let seals = book.seals;
    let sql = format!(
        "INSERT INTO {seals} ({SEAL}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
         WHERE (SELECT coalesce(max(number), 0) FROM {seals}) = ?1 - 1
           AND coalesce((SELECT code FROM {seals} WHERE number = ?1 - 1), zeroblob(32)) = ?8
         RETURNING number"
    );
    let values = vec![
        seal.number.into(),
        seal.first_id.into(),
        seal.last_id.into(),
        seal.sealed_at_ms.into(),
        seal.rows_sha256.to_vec().into(),
        seal.marks.clone().into(),
        seal.key_name.to_vec().into(),
        seal.previous.to_vec().into(),
        seal.code.to_vec().into(),
    ];
    Ok(database.query_one(&sql, values).await?.is_some())
}

/// What a check went through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Seals there are.
    pub seals: u64,
    /// Rows that seals cover.
    pub sealed: u64,
    /// Rows that none covers yet.
    pub unsealed: u64,
    /// When the last seal was made, Unix milliseconds.
    pub sealed_at_ms: Option<i64>,
    /// When the first row that no seal covers was written, Unix milliseconds.
    pub unsealed_since_ms: Option<i64>,
}

/// Leads a verifier through all seals and rows there are, in order and in pages.
pub async fn check(
    database: &Database,
    book: Book,
    verifier: &mut Verifier,
) -> Result<Checked, StorageError> {
    // First, since more may be given while we read.
    let (row_id, seal_number) = given(database, book).await?;
    let mut checked = Checked::default();
    loop {
        let seals = seals(database, book, verifier.head().number).await?;
        if seals.is_empty() {
            break;
        }
        for seal in seals {
            if let Some(span) = verifier.seal(&seal) {
                let rows = within(database, book, span).await?;
                verifier.rows(&seal, &rows);
            }
            checked.seals += 1;
            checked.sealed += seal.rows();
            checked.sealed_at_ms = Some(seal.sealed_at_ms);
        }
    }
    count_unsealed(database, book, verifier, &mut checked).await?;
    verifier.given(row_id, seal_number);
    Ok(checked)
}

async fn count_unsealed(
    database: &Database,
    book: Book,
    verifier: &mut Verifier,
    checked: &mut Checked,
) -> Result<(), StorageError> {
    let sql = format!(
        "SELECT id, at_ms FROM {} WHERE id > ?1 ORDER BY id LIMIT ?2",
        book.rows
    );
    let mut after_id = verifier.head().last_id;
    loop {
        let page = vec![after_id.into(), rows_max().into()];
        let rows = database.query(&sql, page).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after_id = last.integer(0)?;
        if checked.unsealed == 0 {
            checked.unsealed_since_ms = Some(rows[0].integer(1)?);
        }
        checked.unsealed += rows.len() as u64;
        let ids: Result<Vec<i64>, _> = rows.iter().map(|row| row.integer(0)).collect();
        verifier.unsealed(ids?);
    }
}

/// The last id and the last number that the database has ever given.
async fn given(database: &Database, book: Book) -> Result<(i64, i64), StorageError> {
    let sql = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?1), 0),
                      coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?2), 0)";
    let names = vec![book.rows.into(), book.seals.into()];
    let row = database.query_one(sql, names).await?;
    let row = row.ok_or(StorageError::NotFound)?;
    Ok((row.integer(0)?, row.integer(1)?))
}

async fn seals(database: &Database, book: Book, after: i64) -> Result<Vec<Seal>, StorageError> {
    let sql = format!(
        "SELECT {SEAL} FROM {} WHERE number > ?1 ORDER BY number LIMIT ?2",
        book.seals
    );
    let page = vec![after.into(), SEALS_PAGE.into()];
    let rows = database.query(&sql, page).await?;
    rows.iter().map(seal).collect()
}

fn seal(row: &Row) -> Result<Seal, StorageError> {
    let seal = Seal {
        number: row.integer(0)?,
        first_id: row.integer(1)?,
        last_id: row.integer(2)?,
        sealed_at_ms: row.integer(3)?,
        rows_sha256: row.bytes(4)?,
        marks: row.blob(5)?.to_vec(),
        key_name: row.bytes(6)?,
        previous: row.bytes(7)?,
        code: row.bytes(8)?,
    };
    Ok(seal)
}

/// All rows of a span; under a seal that can be believed they are few.
async fn within(
    database: &Database,
    book: Book,
    mut span: Span,
) -> Result<Vec<Digested>, StorageError> {
    let mut all = Vec::new();
    loop {
        let rows = page(database, book, span).await?;
        let Some(last) = rows.last() else {
            return Ok(all);
        };
        span.after_id = last.id;
        all.extend(rows);
    }
}

async fn page(database: &Database, book: Book, span: Span) -> Result<Vec<Digested>, StorageError> {
    let sql = format!(
        "SELECT {} FROM {} WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3",
        book.columns, book.rows
    );
    let page = vec![span.after_id.into(), span.last_id.into(), rows_max().into()];
    let rows = database.query(&sql, page).await?;
    rows.iter().map(digested).collect()
}

fn rows_max() -> i64 {
    i64::try_from(ROWS_MAX).unwrap_or(i64::MAX)
}

fn digested(row: &Row) -> Result<Digested, StorageError> {
    let fields = row.values().iter().skip(1).map(|value| match value {
        Value::Null => Field::Null,
        Value::Integer(number) => Field::Integer(*number),
        Value::Real(number) => Field::Real(*number),
        Value::Text(text) => Field::Text(text),
        Value::Blob(bytes) => Field::Bytes(bytes),
    });
    Ok(Digested::of(row.integer(0)?, fields))
}
