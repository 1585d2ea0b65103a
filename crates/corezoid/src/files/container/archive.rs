//! Zip archives, with limits against archives that are made to harm. It writes nothing, so that a name in an
//! archive leads nowhere; hostile ones are refused all the same.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Fault;

/// Of the archive as it was given: a stage of some hundred processes has 2 MB.
pub const ARCHIVE_BYTES_MAX: usize = 32 << 20;

/// Of one file in it: the largest process known has 760 nodes in about 1 MB.
pub const FILE_BYTES_MAX: usize = 16 << 20;

/// Of all files in it together, which is what it may take in memory.
const TOTAL_BYTES_MAX: usize = 64 << 20;

/// Files in it.
const FILES_MAX: usize = 2_000;

/// How far a file may be packed. Process files reach 10 to 30; only made-up ones go beyond 200, and
/// small ones do no harm.
const RATIO_MAX: u64 = 200;
const RATIO_FREE_BYTES: u64 = 1 << 20;

/// Bytes of a name.
const NAME_BYTES_MAX: usize = 500;

/// Whether bytes begin as an archive does, be it an empty one.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// A fault and the file in the archive that it is about.
pub(super) type EntryFault = (Option<String>, Fault);

/// The files of an archive by name, unpacked.
pub(super) fn entries(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Vec<EntryFault>> {
    let whole = |reason: String| vec![(None, Fault::new(reason))];
    if bytes.len() > ARCHIVE_BYTES_MAX {
        return Err(whole(format!(
            "is an archive of {} bytes; at most {ARCHIVE_BYTES_MAX} are read",
            bytes.len()
        )));
    }
    let archive = ZipArchive::new(Cursor::new(bytes));
    let mut archive = archive.map_err(|error| whole(reason_of(&error)))?;
    if archive.len() > FILES_MAX {
        let count = archive.len();
        return Err(whole(format!(
            "holds {count} files; at most {FILES_MAX} are read"
        )));
    }
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let (mut total, mut names) = (0, BTreeSet::new());
    for index in 0..archive.len() {
        match entry(&mut archive, index, &mut names, &mut total) {
            Ok(Some(entry)) => found.push(entry),
            Ok(None) => {}
            Err(fault) => {
                faults.push(fault);
                if total > TOTAL_BYTES_MAX {
                    break;
                }
            }
        }
    }
    match faults.is_empty() {
        true => Ok(found),
        false => Err(faults),
    }
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

fn entry(
    archive: &mut Archive<'_>,
    index: usize,
    names: &mut BTreeSet<String>,
    total: &mut usize,
) -> Result<Option<(String, Vec<u8>)>, EntryFault> {
    let mut file = archive
        .by_index(index)
        .map_err(|error| (None, Fault::new(reason_of(&error))))?;
    let name = file.name().to_owned();
    let fault = |reason: String| (Some(name.clone()), Fault::new(reason));
    check_name(&name).map_err(|reason| fault(reason.to_owned()))?;
    if file.is_dir() || is_left_by_a_desktop(&name) {
        return Ok(None);
    }
    if file.is_symlink() {
        return Err(fault("is a link to another file".to_owned()));
    }
    if !names.insert(name.to_lowercase()) {
        return Err(fault("is twice in the archive".to_owned()));
    }
    let (size, packed) = (file.size(), file.compressed_size().max(1));
    if size > RATIO_FREE_BYTES && size / packed > RATIO_MAX {
        return Err(fault(format!(
            "unpacks to {} times its size",
            size / packed
        )));
    }
    // The size in the directory is what the archive says; what comes out is counted.
    let mut bytes = Vec::new();
    let read = file
        .by_ref()
        .take(FILE_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes);
    *total += bytes.len();
    read.map_err(|error| fault(format!("cannot be unpacked: {error}")))?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(fault(format!(
            "unpacks to more than {FILE_BYTES_MAX} bytes"
        )));
    }
    if *total > TOTAL_BYTES_MAX {
        return Err(fault(format!(
            "and the files before it unpack to more than {TOTAL_BYTES_MAX} bytes"
        )));
    }
    Ok(Some((name, bytes)))
}

fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return Err("has no name, or one of more than 500 bytes");
    }
    if name.chars().any(char::is_control) {
        return Err("has control characters in its name");
    }
    if name.contains('\\') || name.contains(':') && name.find(':') == Some(1) {
        return Err("has a path of Windows for a name");
    }
    if name.starts_with('/') || name.split('/').any(|part| part == "..") {
        return Err("has a name that leads out of the archive");
    }
    Ok(())
}

fn is_left_by_a_desktop(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/") || matches!(base, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

fn reason_of(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(why) if why.contains("assword") => {
            "is encrypted; export without a password".to_owned()
        }
        ZipError::UnsupportedArchive(_) => {
            "is packed in a way that is not read here; pack it with the usual method (deflate)"
                .to_owned()
        }
        error => format!("is a damaged archive: {error}"),
    }
}
