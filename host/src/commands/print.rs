//! Words for the person at the terminal, on stdout. The log goes to stderr.

use std::fmt::Display;
#[cfg(not(test))]
use std::io::Write;

/// One line. Somebody who has closed the pipe does not read it, which is no failure.
#[cfg(not(test))]
pub fn line(text: impl Display) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}

/// In tests the harness keeps what is printed, and shows it when the test fails.
#[cfg(test)]
pub fn line(text: impl Display) {
    println!("{text}");
}

/// Columns; the first is aligned to the left, the others to the right.
pub fn table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate();
        let text: Vec<String> = cells
            .map(|(column, (cell, width))| match column {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            })
            .collect();
        line(format!("  {}", text.join("  ").trim_end()));
    }
}

/// What is called what.
pub fn named(lines: &[(&str, String)]) {
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, text) in lines {
        line(format!("  {name:<width$}  {text}"));
    }
}

/// Bytes as kilobytes, as a person reads them.
pub fn kilobytes(bytes: u64) -> String {
    format!("{} KB", bytes.div_ceil(1000))
}
