//! What a given file holds, whichever of Corezoid's containers it is: an array, a single object, an API
//! answer, or a zip of them. Nothing is judged here beyond whether it can be read.

mod archive;
mod companions;
mod json;

use vikno_process::ProcessDocument;

pub use archive::{ARCHIVE_BYTES_MAX, FILE_BYTES_MAX};
pub(super) use companions::AliasEntry;
pub use companions::Variable;

use crate::files::report::printable;

/// A file as it was given.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its name, for the report.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// A file that cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BrokenFile {
    /// The file; within an archive, `archive.zip/file.json`.
    pub file: String,
    /// Line and column, from 1, when there is a place.
    pub place: Option<(usize, usize)>,
    /// What is wrong there.
    pub reason: String,
}

impl std::fmt::Display for BrokenFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&printable(&self.file))?;
        if let Some((line, column)) = self.place {
            write!(f, ": line {line}, column {column}")?;
        }
        write!(f, ": {}", printable(&self.reason))
    }
}

/// Why a text is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    place: Option<(usize, usize)>,
    reason: String,
}

impl Fault {
    fn new(reason: impl Into<String>) -> Self {
        Self {
            place: None,
            reason: reason.into(),
        }
    }

    fn in_file(self, file: &str) -> BrokenFile {
        BrokenFile {
            file: file.to_owned(),
            place: self.place,
            reason: self.reason,
        }
    }
}

/// A process and the file it was in.
#[derive(Debug, Clone)]
pub(super) struct FoundProcess {
    pub(super) file: String,
    pub(super) document: ProcessDocument,
    /// An id that is no number, which was put aside.
    pub(super) put_aside: Option<String>,
}

/// Something that came along and is no process.
#[derive(Debug, Clone)]
pub(super) struct FoundOther {
    pub(super) file: String,
    pub(super) kind: OtherKind,
    pub(super) title: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherKind {
    Folder,
    Dashboard,
    /// Access data of a database or another outside system.
    Instance,
    /// A project, a stage, a version.
    Surroundings,
    Unknown(i64),
    /// A file that no process file is.
    Foreign,
}

/// All that came.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) processes: Vec<FoundProcess>,
    pub(super) aliases: Vec<AliasEntry>,
    pub(super) variables: Vec<Variable>,
    pub(super) others: Vec<FoundOther>,
    pub(super) broken: Vec<BrokenFile>,
}

/// Reads all files; what is broken is told for all of them.
pub(super) fn read(sources: &[Source<'_>]) -> Contents {
    let mut contents = Contents::default();
    for source in sources {
        if archive::is_archive(source.bytes) {
            match archive::entries(source.bytes) {
                Ok(entries) => {
                    for (name, bytes) in entries {
                        contents.take(&format!("{}/{name}", source.name), &name, &bytes);
                    }
                }
                Err(faults) => {
                    let named = faults.into_iter().map(|(entry, fault)| {
                        fault.in_file(&match entry {
                            Some(entry) => format!("{}/{entry}", source.name),
                            None => source.name.to_owned(),
                        })
                    });
                    contents.broken.extend(named);
                }
            }
        } else {
            contents.take(source.name, source.name, source.bytes);
        }
    }
    contents
}

impl Contents {
    fn take(&mut self, file: &str, name: &str, bytes: &[u8]) {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let taken = match base {
            "_ALIASES_.json" => companions::aliases(bytes).map(|found| self.aliases.extend(found)),
            "_ENV_VARS_.json" => {
                companions::variables(bytes).map(|found| self.variables.extend(found))
            }
            // Never opened: it holds passwords.
            base if base.ends_with(".instance.json") => {
                self.other(file, OtherKind::Instance, base);
                Ok(())
            }
            base if base.to_ascii_lowercase().ends_with(".json") || file == name => {
                self.take_objects(file, bytes)
            }
            base => {
                self.other(file, OtherKind::Foreign, base);
                Ok(())
            }
        };
        if let Err(fault) = taken {
            self.broken.push(fault.in_file(file));
        }
    }

    fn take_objects(&mut self, file: &str, bytes: &[u8]) -> Result<(), Fault> {
        for object in json::objects(bytes)? {
            match object {
                json::Object::Process {
                    document,
                    put_aside,
                } => self.processes.push(FoundProcess {
                    file: file.to_owned(),
                    document: *document,
                    put_aside,
                }),
                json::Object::Alias(entry) => self.aliases.push(entry),
                json::Object::Other { obj_type, title } => {
                    self.other(file, OtherKind::of(obj_type), &title);
                }
            }
        }
        Ok(())
    }

    fn other(&mut self, file: &str, kind: OtherKind, title: &str) {
        self.others.push(FoundOther {
            file: file.to_owned(),
            kind,
            title: title.to_owned(),
        });
    }
}

impl OtherKind {
    fn of(obj_type: i64) -> Self {
        match obj_type {
            0 => Self::Folder,
            3 => Self::Dashboard,
            4 => Self::Instance,
            5..=7 | 10 => Self::Surroundings,
            other => Self::Unknown(other),
        }
    }
}
