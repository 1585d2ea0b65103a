//! The report of an import: what came, what was changed, what is doubtful, what cannot run; each with its
//! place and what to do, in words for somebody who has never seen the code.

use std::fmt;

use vikno_process::NodeDocument;

/// Nodes that are named for one entry; the others are counted.
const NODES_NAMED_MAX: usize = 5;

/// Characters of a name or value out of a file.
const PRINTED_CHARS_MAX: usize = 400;

/// What an entry of a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that was in the files.
    Came,
    /// Something that is written otherwise now.
    Changed,
    /// Something that may not do what its author meant: look at it before citizens meet it.
    Doubtful,
    /// Something that does not run here as it is.
    CannotRun,
}

/// A node as a person finds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeName {
    /// Its id.
    pub id: String,
    /// Its title, if it has one.
    pub title: String,
}

impl From<&NodeDocument> for NodeName {
    fn from(node: &NodeDocument) -> Self {
        Self {
            id: node.id.clone(),
            title: node.title.clone(),
        }
    }
}

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What kind of thing.
    pub kind: Kind,
    /// The file it came from.
    pub file: String,
    /// The alias of the process, if it is about one.
    pub process: Option<String>,
    /// The nodes, if it is about some.
    pub nodes: Vec<NodeName>,
    /// What it is.
    pub what: String,
    /// What to do; empty when there is nothing to do.
    pub advice: String,
}

/// Everything to know about an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    entries: Vec<Entry>,
}

impl Report {
    /// What there is to know, in the order of the files and processes.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many entries of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.of(kind).count()
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.kind == kind)
    }

    /// The same about another node of the same process is one entry with two nodes.
    pub(super) fn add(&mut self, entry: Entry) {
        let same = |other: &&mut Entry| {
            (other.kind, &other.process, &other.what, &other.advice)
                == (entry.kind, &entry.process, &entry.what, &entry.advice)
                && other.file == entry.file
        };
        match self.entries.iter_mut().rev().find(same) {
            Some(other) if !entry.nodes.is_empty() => {
                let new = entry
                    .nodes
                    .into_iter()
                    .filter(|node| !other.nodes.contains(node));
                let new: Vec<NodeName> = new.collect();
                other.nodes.extend(new);
            }
            Some(_) => {}
            None => self.entries.push(entry),
        }
    }
}

const SECTIONS: [(Kind, &str); 4] = [
    (Kind::Came, "What came"),
    (Kind::Changed, "What was changed"),
    (
        Kind::Doubtful,
        "What is doubtful: look at it before citizens meet it",
    ),
    (Kind::CannotRun, "What cannot run here as it is"),
];

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (kind, heading) in SECTIONS {
            let mut about = None;
            for entry in self.of(kind) {
                if about.is_none() {
                    writeln!(f, "{separator}{heading}")?;
                    separator = "\n";
                }
                let place = (&entry.file, &entry.process);
                if about != Some(place) {
                    writeln!(f, "  {}", place_of(entry))?;
                    about = Some(place);
                }
                write_entry(f, entry)?;
            }
        }
        Ok(())
    }
}

fn place_of(entry: &Entry) -> String {
    let file = printable(&entry.file);
    match &entry.process {
        Some(process) => format!("{} ({file})", printable(process)),
        None => file,
    }
}

fn write_entry(f: &mut fmt::Formatter<'_>, entry: &Entry) -> fmt::Result {
    writeln!(f, "    - {}", printable(&entry.what))?;
    if !entry.nodes.is_empty() {
        let named = entry
            .nodes
            .iter()
            .take(NODES_NAMED_MAX)
            .map(ToString::to_string);
        let word = if entry.nodes.len() == 1 {
            "node"
        } else {
            "nodes"
        };
        write!(f, "      {word} {}", named.collect::<Vec<_>>().join(", "))?;
        match entry.nodes.len().saturating_sub(NODES_NAMED_MAX) {
            0 => writeln!(f)?,
            more => writeln!(f, " and {more} more")?,
        }
    }
    if !entry.advice.is_empty() {
        writeln!(f, "      → {}", printable(&entry.advice))?;
    }
    Ok(())
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.title.trim() {
            "" => f.write_str(&printable(&self.id)),
            title => write!(f, "\"{}\" ({})", printable(title), printable(&self.id)),
        }
    }
}

/// A text out of a file, fit for a terminal: no control characters, no endless lines.
pub(super) fn printable(text: &str) -> String {
    let is_harmless = |char: char| !char.is_control() && !is_reordering(char);
    let shown: String = text
        .chars()
        .take(PRINTED_CHARS_MAX)
        .map(|char| if is_harmless(char) { char } else { '\u{fffd}' })
        .collect();
    match text.chars().nth(PRINTED_CHARS_MAX) {
        Some(_) => shown + "…",
        None => shown,
    }
}

/// Characters that make a terminal show a text in another order than it has.
fn is_reordering(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
