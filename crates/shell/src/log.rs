//! One JSON line per event on standard error, which the host puts into its log. Never message texts,
//! phone numbers, names, tokens or bodies.

use serde_json::{Value, json};

/// Writes an event of normal work.
pub fn log_info(event: &str, fields: Value) {
    write("info", event, fields);
}

/// Writes a fault of ours.
pub fn log_error(event: &str, fields: Value) {
    write("error", event, fields);
}

fn write(level: &str, event: &str, fields: Value) {
    let line = json!({ "level": level, "event": event, "fields": fields });
    eprintln!("{line}");
}
