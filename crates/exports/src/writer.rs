//! Rows to bytes, one at a time: a beginning, rows, an end.

use crate::{Column, Format, csv, json};
use std::borrow::Cow;

/// One cell of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Words.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Unix milliseconds.
    Instant(i64),
    /// A JSON document as text.
    Json(&'a str),
}

/// Writes rows of one data set in one form.
#[derive(Debug)]
pub struct Writer {
    format: Format,
    columns: &'static [Column],
    rows: u64,
}

impl Writer {
    /// A writer that has written nothing yet.
    pub fn new(format: Format, columns: &'static [Column]) -> Self {
        Self {
            format,
            columns,
            rows: 0,
        }
    }

    /// What comes before the first row.
    pub fn begin(&self, out: &mut Vec<u8>) {
        match self.format {
            Format::Json => out.push(b'['),
            Format::Ndjson => {}
            Format::Csv { bom } => {
                if bom {
                    out.extend("\u{feff}".as_bytes());
                }
                csv::record(out, self.columns.iter().map(|column| column.name));
            }
        }
    }

    /// One row; its cells in the order of the columns.
    pub fn row(&mut self, cells: &[Cell<'_>], out: &mut Vec<u8>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        match self.format {
            Format::Json => {
                out.extend(if self.rows == 0 { "\n" } else { ",\n" }.as_bytes());
                json::object(out, self.columns, cells);
            }
            Format::Ndjson => {
                json::object(out, self.columns, cells);
                out.push(b'\n');
            }
            Format::Csv { .. } => {
                let texts: Vec<Cow<'_, str>> = cells.iter().map(csv_text).collect();
                csv::record(out, texts.iter().map(AsRef::as_ref));
            }
        }
        self.rows += 1;
    }

    /// What comes after the last row.
    pub fn end(&self, out: &mut Vec<u8>) {
        if self.format == Format::Json {
            out.extend(b"\n]\n");
        }
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}

fn csv_text<'a>(cell: &Cell<'a>) -> Cow<'a, str> {
    match *cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Integer(number) => Cow::Owned(number.to_string()),
        Cell::Instant(at_ms) => Cow::Owned(vikno_domain::rfc3339(at_ms)),
        Cell::Text(text) | Cell::Json(text) => Cow::Owned(csv::harmless(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dataset;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn written(format: Format, rows: &[[Cell<'_>; 6]]) -> String {
        let mut writer = Writer::new(format, Dataset::Journal.columns());
        let mut out = Vec::new();
        writer.begin(&mut out);
        for row in rows {
            writer.row(row, &mut out);
        }
        writer.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    const ROWS: [[Cell<'_>; 6]; 2] = [
        [
            Cell::Integer(1),
            Cell::Instant(1_795_000_000_123),
            Cell::Text("c_1"),
            Cell::Text("=HYPERLINK(\"x\"),\nрядок"),
            Cell::Text("dialogue opened; again"),
            Cell::Json("{\"a\": [1, null]}"),
        ],
        [
            Cell::Integer(-2),
            Cell::Instant(0),
            Cell::Empty,
            Cell::Text("+380"),
            Cell::Text(""),
            Cell::Json("not json"),
        ],
    ];

    fn check(format: Format, expected: Expect) {
        expected.assert_eq(&written(format, &ROWS).replace('\r', "␍"));
    }

    #[test]
    fn json_is_one_array() {
        check(
            Format::Json,
            expect![[r#"
            [
            {"id":1,"at":"2026-11-18T11:06:40.123Z","conversation_id":"c_1","actor":"=HYPERLINK(\"x\"),\nрядок","what":"dialogue opened; again","data":{"a":[1,null]}},
            {"id":-2,"at":"1970-01-01T00:00:00.000Z","conversation_id":null,"actor":"+380","what":"","data":"not json"}
            ]
        "#]],
        );
        assert_eq!(written(Format::Json, &[]), "[\n]\n");
    }

    #[test]
    fn ndjson_is_one_object_a_line() {
        check(
            Format::Ndjson,
            expect![[r#"
            {"id":1,"at":"2026-11-18T11:06:40.123Z","conversation_id":"c_1","actor":"=HYPERLINK(\"x\"),\nрядок","what":"dialogue opened; again","data":{"a":[1,null]}}
            {"id":-2,"at":"1970-01-01T00:00:00.000Z","conversation_id":null,"actor":"+380","what":"","data":"not json"}
        "#]],
        );
        assert_eq!(written(Format::Ndjson, &[]), "");
    }

    #[test]
    fn csv_has_a_heading_and_no_formulas() {
        check(
            Format::Csv { bom: false },
            expect![[r#"
            id,at,conversation_id,actor,what,data␍
            1,2026-11-18T11:06:40.123Z,c_1,"'=HYPERLINK(""x""),
            рядок","dialogue opened; again","{""a"": [1, null]}"␍
            -2,1970-01-01T00:00:00.000Z,,"'+380",,not json␍
        "#]],
        );
        assert!(written(Format::Csv { bom: true }, &[]).starts_with('\u{feff}'));
    }

    proptest! {
        #[test]
        fn csv_reads_back_as_written(first in any::<String>(), second in ".*") {
            let row = [Cell::Integer(7), Cell::Instant(0), Cell::Text(&first), Cell::Text(&second), Cell::Empty, Cell::Json("[]")];
            let text = written(Format::Csv { bom: false }, &[row]);
            let mut reader = ::csv::Reader::from_reader(text.as_bytes());
            let records: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(records.len(), 1);
            prop_assert_eq!(&records[0][2], csv::harmless(&first));
            prop_assert_eq!(&records[0][3], csv::harmless(&second));
            prop_assert!(!records[0][2].starts_with(['=', '+', '-', '@', '\t', '\r']));
        }

        #[test]
        fn json_reads_back_as_written(text in any::<String>()) {
            let row = [Cell::Integer(7), Cell::Instant(0), Cell::Text(&text), Cell::Empty, Cell::Empty, Cell::Json("{}")];
            let read: serde_json::Value = serde_json::from_str(&written(Format::Json, &[row, row])).unwrap();
            prop_assert_eq!(read.as_array().unwrap().len(), 2);
            prop_assert_eq!(read[1]["conversation_id"].as_str(), Some(text.as_str()));
            let lines = written(Format::Ndjson, &[row, row]);
            prop_assert_eq!(lines.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()).count(), 2);
        }
    }
}
