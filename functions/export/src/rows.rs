//! From stored rows to bytes, a page at a time.

use vikno_exports::{Cell, Column, Dataset, Format, Kind, Range, Writer};
use vikno_storage::export::{self, Export, Page, Position};
use vikno_storage::{Database, StorageError, Value};

/// Rows of a page: about 200 KB of messages.
const PAGE: i64 = 500;

/// An export under way.
pub struct Rows {
    database: Database,
    export: Export,
    columns: &'static [Column],
    to_ms: i64,
    writer: Writer,
    ready: Option<Vec<u8>>,
    next: Option<Position>,
}

impl Rows {
    /// Reads the first page, so that what can go wrong goes wrong before the first byte is sent.
    pub async fn begin(
        database: Database,
        dataset: Dataset,
        format: Format,
        range: Range,
    ) -> Result<Self, StorageError> {
        let export = source(dataset);
        let columns = dataset.columns();
        let page = export::page(
            &database,
            export,
            export.start(range.from_ms),
            range.to_ms,
            PAGE,
        )
        .await?;
        let mut rows = Self {
            database,
            export,
            columns,
            to_ms: range.to_ms,
            writer: Writer::new(format, columns),
            ready: None,
            next: None,
        };
        let mut out = Vec::new();
        rows.writer.begin(&mut out);
        rows.take(page, &mut out)?;
        rows.ready = Some(out);
        Ok(rows)
    }

    /// The next piece; none after the last one.
    pub async fn piece(&mut self) -> Result<Option<Vec<u8>>, StorageError> {
        if let Some(ready) = self.ready.take() {
            return Ok(Some(ready));
        }
        let Some(position) = self.next.take() else {
            return Ok(None);
        };
        let page = export::page(&self.database, self.export, position, self.to_ms, PAGE).await?;
        let mut out = Vec::new();
        self.take(page, &mut out)?;
        Ok(Some(out))
    }

    fn take(&mut self, page: Page, out: &mut Vec<u8>) -> Result<(), StorageError> {
        for row in &page.rows {
            self.writer.row(&cells(self.columns, row.values())?, out);
        }
        self.next = page.next;
        if self.next.is_none() {
            self.writer.end(out);
        }
        Ok(())
    }
}

fn source(dataset: Dataset) -> Export {
    match dataset {
        Dataset::Conversations => Export::Conversations,
        Dataset::Messages => Export::Messages,
        Dataset::Journal => Export::Journal,
        Dataset::Ratings => Export::Ratings,
    }
}

fn cells<'a>(columns: &[Column], values: &'a [Value]) -> Result<Vec<Cell<'a>>, StorageError> {
    columns
        .iter()
        .zip(values)
        .map(|(column, value)| match (column.kind, value) {
            (_, Value::Null) => Ok(Cell::Empty),
            (Kind::Text, Value::Text(text)) => Ok(Cell::Text(text)),
            (Kind::Json, Value::Text(text)) => Ok(Cell::Json(text)),
            (Kind::Integer, Value::Integer(number)) => Ok(Cell::Integer(*number)),
            (Kind::Instant, Value::Integer(at_ms)) => Ok(Cell::Instant(*at_ms)),
            (kind, _) => Err(StorageError::Corrupt(format!(
                "column {} is no {kind:?}",
                column.name
            ))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vikno_storage::{block_on, migrations};

    fn filled(messages: i64) -> Database {
        let database = block_on(Database::open(":memory:")).unwrap();
        block_on(migrations::migrate(
            &database,
            migrations::Kind::Organisation,
        ))
        .unwrap();
        for sql in [
            "INSERT INTO citizens (id, channel, chat, name, language, created_at_ms) VALUES ('p_1', 'web', 'w', '=1+1', 'uk', 0)",
            "INSERT INTO conversations (id, citizen_id, channel, chat, status, queue, language, process_version, world, facts,
                 opened_at_ms, last_at_ms) VALUES ('c_1', 'p_1', 'web', 'w', 'closed', 'general', 'uk', 1, '', '{}', 5, 6)",
            "INSERT INTO journal (at_ms, conversation_id, actor, what, data) VALUES (5, 'c_1', 'citizen', 'conversation_opened', '{\"a\":1}')",
            "INSERT INTO ratings (conversation_id, channel, score, at_ms) VALUES ('c_1', 'web', 5, 9)",
        ] {
            block_on(database.run(sql, vec![])).unwrap();
        }
        block_on(database.run(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
             INSERT INTO messages (id, conversation_id, citizen_id, author, text, buttons, at_ms)
             SELECT 'm_' || i, 'c_1', 'p_1', 'robot', 'слово ' || i, '[{\"id\":\"menu\",\"label\":\"Меню\"}]', i FROM n",
            vec![messages.into()],
        ))
        .unwrap();
        database
    }

    fn written(database: Database, dataset: Dataset, format: Format) -> Vec<String> {
        let range = Range {
            from_ms: 0,
            to_ms: i64::MAX,
        };
        let mut rows = block_on(Rows::begin(database, dataset, format, range)).unwrap();
        let mut pieces = Vec::new();
        while let Some(piece) = block_on(rows.piece()).unwrap() {
            pieces.push(String::from_utf8(piece).unwrap());
        }
        pieces
    }

    #[test]
    fn every_data_set_is_written_with_all_its_columns() {
        for dataset in Dataset::ALL {
            let json = written(filled(1), dataset, Format::Json).concat();
            let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
            let row = rows[0].as_object().unwrap();
            for column in dataset.columns() {
                assert!(row.contains_key(column.name), "{dataset:?} {}", column.name);
            }
        }
    }

    #[test]
    fn a_large_export_comes_in_pages_and_is_one_document() {
        let pieces = written(filled(1_234), Dataset::Messages, Format::Json);
        assert_eq!(pieces.len(), 3);
        let rows: serde_json::Value = serde_json::from_str(&pieces.concat()).unwrap();
        assert_eq!(rows.as_array().unwrap().len(), 1_234);
        assert_eq!(rows[1_233]["text"], "слово 1234");
        assert_eq!(rows[0]["buttons"][0]["label"], "Меню");
    }

    #[test]
    fn a_full_last_page_ends_the_document_too() {
        let pieces = written(filled(1_000), Dataset::Messages, Format::Json);
        let rows: serde_json::Value = serde_json::from_str(&pieces.concat()).unwrap();
        assert_eq!(rows.as_array().unwrap().len(), 1_000);
    }

    #[test]
    fn a_name_that_looks_like_a_formula_is_words_in_csv() {
        let csv = written(
            filled(1),
            Dataset::Conversations,
            Format::Csv { bom: false },
        )
        .concat();
        assert!(csv.contains(",\"'=1+1\","), "{csv}");
    }
}
