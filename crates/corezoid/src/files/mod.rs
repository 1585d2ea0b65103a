//! Process files of Corezoid in and out: containers, names, a report for people, and back. It opens no
//! file and runs no process.

mod alias;
mod container;
mod export;
mod findings;
mod import;
mod naming;
mod node_ids;
mod place;
mod references;
mod report;

pub use alias::{Alias, NotAnAlias};
pub use container::{ARCHIVE_BYTES_MAX, BrokenFile, FILE_BYTES_MAX, Source, Variable};
pub use export::{ExportError, Exported, Exporting, to_archive, to_array, to_object};
pub use import::{Import, ImportRefused, ImportedProcess, Known, import};
pub use place::{Change, Occupied, OrganisationFolder, Overwrite, into_folder, into_organisation};
pub use report::{Entry, Kind, NodeName, Report};
