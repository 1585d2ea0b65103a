//! JSON objects, one a row, written field by field.

use crate::{Cell, Column};
use serde_json::Value;

/// Writes `{"name":value,…}`.
pub(crate) fn object(out: &mut Vec<u8>, columns: &[Column], cells: &[Cell<'_>]) {
    out.push(b'{');
    for (index, (column, cell)) in columns.iter().zip(cells).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        string(out, column.name);
        out.push(b':');
        value(out, cell);
    }
    out.push(b'}');
}

fn value(out: &mut Vec<u8>, cell: &Cell<'_>) {
    match cell {
        Cell::Empty => out.extend(b"null"),
        Cell::Integer(number) => out.extend(number.to_string().bytes()),
        Cell::Instant(at_ms) => string(out, &vikno_domain::rfc3339(*at_ms)),
        Cell::Text(text) => string(out, text),
        // A document is passed on as it is; what is none is shown as text rather than lost.
        Cell::Json(text) => match serde_json::from_str::<Value>(text) {
            Ok(document) => out.extend(document.to_string().bytes()),
            Err(_) => string(out, text),
        },
    }
}

fn string(out: &mut Vec<u8>, text: &str) {
    out.extend(Value::from(text).to_string().bytes());
}
