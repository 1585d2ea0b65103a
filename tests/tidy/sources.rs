//! Rules for every Rust file.

use crate::tree::{files, name, none, read};

/// A longer file holds more than one idea.
const LINES_MAX: usize = 600;

#[test]
fn every_file_says_first_what_it_is_for() {
    let offenders = files(".", ".rs")
        .into_iter()
        .filter(|path| !read(path).starts_with("//! "));
    none(
        offenders
            .map(|path| format!("{}: begin with `//!` and what the file is for", name(&path)))
            .collect(),
    );
}

#[test]
fn no_file_is_too_long_to_read() {
    let long = files(".", ".rs").into_iter().filter_map(|path| {
        let lines = read(&path).lines().count();
        (lines > LINES_MAX)
            .then(|| format!("{}: {lines} lines; split it at {LINES_MAX}", name(&path)))
    });
    none(long.collect());
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not find itself.
    let marks = [
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
        concat!("db", "g!("),
        concat!("#[ign", "ore"),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
    ];
    let mut offenders = Vec::new();
    for path in files(".", ".rs") {
        for (number, line) in read(&path).lines().enumerate() {
            for mark in marks.iter().filter(|mark| line.contains(**mark)) {
                offenders.push(format!("{}:{}: {mark}", name(&path), number + 1));
            }
        }
    }
    none(offenders);
}

#[test]
fn wit_files_say_what_they_are_for() {
    let offenders = files("wit", ".wit")
        .into_iter()
        .filter(|path| !read(path).starts_with("//"));
    none(
        offenders
            .map(|path| format!("{}: begin with what it is for", name(&path)))
            .collect(),
    );
}
