//! CSV by RFC 4180, made safe for spreadsheets: no cell of ours is taken for a formula.

/// Writes a record of ready cells.
pub(crate) fn record<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        field(out, cell);
    }
    out.extend(b"\r\n");
}

/// Words of a person, with an apostrophe before what a spreadsheet would compute.
pub(crate) fn harmless(text: &str) -> String {
    let dangerous = |c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
        )
    };
    if text.starts_with(dangerous) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Quotes whatever could be split or trimmed on its way into a table, also by one that splits at semicolons.
fn field(out: &mut Vec<u8>, cell: &str) {
    let trimmed = cell.starts_with(' ') || cell.ends_with(' ');
    if !trimmed && !cell.contains([',', '"', '\r', '\n', ';', '\t', '\'']) {
        out.extend(cell.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend(cell.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
