//! Office documents by their inner structure: which kind, and whether they carry a program. Signatures alone cannot
//! tell a document from any other archive or an installer.

use crate::Refused;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// An archive's directory is read this far; real documents have some dozens of parts.
const ENTRIES_MAX: usize = 10_000;

/// Whether it is a compound file (`.doc`, `.xls`, `.ppt`, but `.msi` too).
pub(crate) fn is_compound(content: &[u8]) -> bool {
    content.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

/// The document kind of a compound file, by the name of its main stream (UTF-16 in the directory).
pub(crate) fn compound_type(content: &[u8]) -> Result<&'static str, Refused> {
    if contains_utf16(content, "_VBA_PROJECT") {
        return Err(Refused::Macros);
    }
    [
        ("WordDocument", "application/msword"),
        ("Workbook", "application/vnd.ms-excel"),
        ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ]
    .into_iter()
    .find(|(stream, _)| contains_utf16(content, stream))
    .map(|(_, media_type)| media_type)
    .ok_or_else(|| Refused::Type("application/x-ole-storage".to_owned()))
}

/// The document kind of an archive, by the parts in its directory.
pub(crate) fn archive_type(content: &[u8]) -> Result<&'static str, Refused> {
    let refused = || Refused::Type("application/zip".to_owned());
    let names = entries(content).ok_or_else(refused)?;
    let any = |test: &dyn Fn(&[u8]) -> bool| names.iter().any(|name| test(name));
    if !any(&|name| name == b"[Content_Types].xml") {
        return Err(refused());
    }
    if any(&|name| name.to_ascii_lowercase().ends_with(b"vbaproject.bin")) {
        return Err(Refused::Macros);
    }
    [("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)]
        .into_iter()
        .find(|(folder, _)| any(&|name| name.starts_with(folder.as_bytes())))
        .map(|(_, media_type)| media_type)
        .ok_or_else(refused)
}

/// The names in a ZIP archive's central directory; `None` when it has no readable one.
fn entries(zip: &[u8]) -> Option<Vec<&[u8]>> {
    const END: &[u8] = b"PK\x05\x06";
    const ENTRY: &[u8] = b"PK\x01\x02";
    // The end record has 22 bytes and a comment of up to 65,535.
    let tail = zip.len().saturating_sub(22 + 65_535);
    let end = tail + zip[tail..].windows(4).rposition(|window| window == END)?;
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = zip.get(at..at.checked_add(length)?)?;
        Some(
            bytes
                .iter()
                .rev()
                .fold(0, |number, byte| number << 8 | usize::from(*byte)),
        )
    };
    let count = number(end + 10, 2)?.min(ENTRIES_MAX);
    let mut at = number(end + 16, 4)?;
    let mut names = Vec::with_capacity(count);
    for _ in 0..count {
        if zip.get(at..at.checked_add(4)?)? != ENTRY {
            return None;
        }
        let (name, extra, comment) = (
            number(at + 28, 2)?,
            number(at + 30, 2)?,
            number(at + 32, 2)?,
        );
        names.push(zip.get(at + 46..at + 46 + name)?);
        at += 46 + name + extra + comment;
    }
    Some(names)
}

fn contains_utf16(content: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    content.windows(name.len()).any(|window| window == name)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An archive with empty parts of these names.
    pub(crate) fn archive(names: &[&str]) -> Vec<u8> {
        let (mut zip, mut directory) = (Vec::new(), Vec::new());
        for name in names {
            let at = zip.len() as u32;
            let length = (name.len() as u16).to_le_bytes();
            zip.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0");
            zip.extend([0; 12]);
            zip.extend(length);
            zip.extend([0; 2]);
            zip.extend(name.as_bytes());
            directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
            directory.extend([0; 12]);
            directory.extend(length);
            directory.extend([0; 12]);
            directory.extend(at.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let (start, size) = (zip.len() as u32, directory.len() as u32);
        zip.extend(directory);
        zip.extend(b"PK\x05\x06\0\0\0\0");
        zip.extend((names.len() as u16).to_le_bytes());
        zip.extend((names.len() as u16).to_le_bytes());
        zip.extend(size.to_le_bytes());
        zip.extend(start.to_le_bytes());
        zip.extend([0; 2]);
        zip
    }

    pub(crate) fn compound(streams: &[&str]) -> Vec<u8> {
        let mut file = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        file.resize(512, 0);
        for stream in streams {
            file.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
            file.resize(file.len().next_multiple_of(128), 0);
        }
        file
    }

    #[test]
    fn modern_documents_are_told_by_their_parts_in_any_order() {
        for (names, expected) in [
            (
                vec!["[Content_Types].xml", "_rels/.rels", "word/document.xml"],
                Ok(DOCX),
            ),
            (vec!["xl/workbook.xml", "[Content_Types].xml"], Ok(XLSX)),
            (
                vec![
                    "docProps/app.xml",
                    "ppt/presentation.xml",
                    "[Content_Types].xml",
                ],
                Ok(PPTX),
            ),
            (
                vec![
                    "[Content_Types].xml",
                    "word/document.xml",
                    "word/vbaProject.bin",
                ],
                Err(Refused::Macros),
            ),
            (
                vec!["word/document.xml"],
                Err(Refused::Type("application/zip".into())),
            ),
            (
                vec!["[Content_Types].xml", "evil.exe"],
                Err(Refused::Type("application/zip".into())),
            ),
            (vec![], Err(Refused::Type("application/zip".into()))),
        ] {
            assert_eq!(archive_type(&archive(&names)), expected, "{names:?}");
        }
    }

    #[test]
    fn old_documents_are_told_by_their_main_stream_and_installers_refused() {
        for (streams, expected) in [
            (vec!["Root Entry", "WordDocument"], Ok("application/msword")),
            (vec!["Workbook"], Ok("application/vnd.ms-excel")),
            (
                vec!["PowerPoint Document"],
                Ok("application/vnd.ms-powerpoint"),
            ),
            (vec!["WordDocument", "_VBA_PROJECT"], Err(Refused::Macros)),
            (
                vec!["Root Entry"],
                Err(Refused::Type("application/x-ole-storage".into())),
            ),
        ] {
            assert_eq!(compound_type(&compound(&streams)), expected, "{streams:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_broken_directory_never_panics(
            cut in 0_usize..400, at in 0_usize..400, byte in proptest::num::u8::ANY,
        ) {
            let mut zip = archive(&["[Content_Types].xml", "word/document.xml"]);
            let (at, cut) = (at % zip.len(), cut % zip.len());
            zip[at] = byte;
            let _ = archive_type(&zip);
            let _ = archive_type(&zip[..cut]);
            let _ = archive_type(&zip[cut..]);
        }
    }
}
