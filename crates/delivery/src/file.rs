//! Which files are let in: known by their content, never by their name or claimed type.

/// The largest file that is taken: what Telegram lets a bot download.
pub const SIZE_MAX: usize = 20 * 1024 * 1024;
/// Longer names say no more.
const NAME_MAX: usize = 100;
/// Where a script or page betrays itself at the latest.
const TEXT_HEAD: usize = 4096;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileType {
    /// Media type, e.g. `image/png`.
    pub media_type: &'static str,
    /// Extension without the dot.
    pub extension: &'static str,
}

/// Why a file is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileRefused {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// More than [`SIZE_MAX`].
    #[error("the file is larger than 20 MB")]
    TooLarge,
    /// Of a known type that is not let in.
    #[error("files of the type {0} are not accepted")]
    NotAccepted(&'static str),
    /// Of no known type, and no plain text.
    #[error("the type of the file is not known")]
    Unknown,
}

impl FileRefused {
    /// Stable code for the journal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::NotAccepted(_) => "type_not_accepted",
            Self::Unknown => "type_unknown",
        }
    }
}

/// Office documents; of the archives and applications no others are let in.
const DOCUMENTS: &[&str] = &[
    "application/pdf",
    "application/rtf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
];

/// Finds out by content what a file is, and refuses what is not a picture, sound, film, office document or plain
/// text. SVG and HTML are refused, since they can carry scripts.
pub fn examine(bytes: &[u8]) -> Result<FileType, FileRefused> {
    if bytes.is_empty() {
        return Err(FileRefused::Empty);
    }
    if bytes.len() > SIZE_MAX {
        return Err(FileRefused::TooLarge);
    }
    let Some(found) = infer::get(bytes) else {
        return plain_text(bytes);
    };
    let (media_type, extension) = match found.mime_type() {
        // Opus in its usual container: players know it by the container.
        "audio/opus" => ("audio/ogg", "ogg"),
        media_type => (media_type, found.extension()),
    };
    let is_media = ["image/", "audio/", "video/"]
        .iter()
        .any(|kind| media_type.starts_with(kind));
    if (is_media && media_type != "image/svg+xml") || DOCUMENTS.contains(&media_type) {
        Ok(FileType {
            media_type,
            extension,
        })
    } else {
        Err(FileRefused::NotAccepted(media_type))
    }
}

fn plain_text(bytes: &[u8]) -> Result<FileType, FileRefused> {
    let text = std::str::from_utf8(bytes).map_err(|_| FileRefused::Unknown)?;
    let is_binary =
        |scalar: char| scalar.is_control() && !matches!(scalar, '\n' | '\r' | '\t' | '\u{c}');
    if text.contains(is_binary) {
        return Err(FileRefused::Unknown);
    }
    let mut cut = TEXT_HEAD.min(text.len());
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let head = text[..cut]
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    let is_code = head.starts_with("#!")
        || head.starts_with("@echo off")
        || [
            "<html",
            "<!doctype",
            "<svg",
            "<script",
            "<?php",
            "<?xml",
            "<iframe",
        ]
        .iter()
        .any(|mark| head.contains(mark));
    if is_code {
        return Err(FileRefused::NotAccepted("text/html or script"));
    }
    Ok(FileType {
        media_type: "text/plain",
        extension: "txt",
    })
}

/// A name for the reader: no path, no control characters or marks that turn the writing direction, not too long,
/// with the extension of what the file really is.
pub fn clean_name(name: Option<&str>, extension: &str) -> String {
    let last = name
        .unwrap_or_default()
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default();
    let hides = |scalar: &char| {
        scalar.is_control()
            || matches!(scalar, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(scalar, '"' | '<' | '>' | '|' | ':' | '*' | '?' | ';')
    };
    let visible: String = last
        .chars()
        .filter(|scalar| !hides(scalar))
        .take(NAME_MAX)
        .collect();
    let visible = visible.trim_matches(|scalar: char| scalar == '.' || scalar.is_whitespace());
    let stem = match visible.rsplit_once('.') {
        Some((stem, tail)) if same_extension(tail, extension) => stem,
        _ => visible,
    };
    let stem = stem.trim_end_matches(|scalar: char| scalar == '.' || scalar.is_whitespace());
    let stem = if stem.is_empty() { "file" } else { stem };
    format!("{stem}.{extension}")
}

fn same_extension(given: &str, found: &str) -> bool {
    let plain = |extension: &str| match extension.to_ascii_lowercase().as_str() {
        "jpeg" => "jpg".to_owned(),
        "tiff" => "tif".to_owned(),
        "oga" | "opus" => "ogg".to_owned(),
        other => other.to_owned(),
    };
    plain(given) == plain(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn what_citizens_send_is_let_in() {
        let cases: &[(&[u8], &str)] = &[
            (PNG, "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
            (b"GIF89a......", "image/gif"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"%PDF-1.7\n%", "application/pdf"),
            (
                b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0OpusHead",
                "audio/ogg",
            ),
            (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video/mp4"),
            (b"ID3\x03\0\0\0\0", "audio/mpeg"),
            (b"{\\rtf1\\ansi", "application/rtf"),
            (
                "\u{feff}Прошу розглянути заяву 5 < 7.\n".as_bytes(),
                "text/plain",
            ),
        ];
        for (bytes, media_type) in cases {
            assert_eq!(
                examine(bytes).map(|found| found.media_type),
                Ok(*media_type)
            );
        }
    }

    #[test]
    fn what_can_do_harm_is_refused() {
        let cases: &[&[u8]] = &[
            b"MZ\x90\0\x03",
            b"\x7fELF\x02\x01\x01\0",
            b"#!/bin/sh\nrm -rf /",
            b"<!DOCTYPE html><html><script>alert(1)</script>",
            b"  \n<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
            b"<?xml version='1.0'?><svg/>",
            b"note\n<script src=x></script>",
            b"PK\x03\x04\x14\0\0\0\x08\0archive",
            b"\x1f\x8b\x08\0",
            b"@ECHO OFF\r\nformat c:",
            b"\0\x01\x02\x03",
            b"\xff\xfe\xfd",
        ];
        for bytes in cases {
            assert!(
                examine(bytes).is_err(),
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!(examine(b""), Err(FileRefused::Empty));
        let mut large = PNG.to_vec();
        large.resize(SIZE_MAX + 1, 0);
        assert_eq!(examine(&large), Err(FileRefused::TooLarge));
        large.pop();
        assert!(examine(&large).is_ok());
    }

    #[test]
    fn names_are_cleaned_and_tell_the_true_type() {
        let cases = [
            (Some("фото.PNG"), "png", "фото.png"),
            (Some("photo.jpeg"), "jpg", "photo.jpg"),
            (Some("../../etc/passwd"), "txt", "passwd.txt"),
            (Some("C:\\temp\\скан.pdf"), "pdf", "скан.pdf"),
            (Some("invoice.pdf.exe"), "pdf", "invoice.pdf.exe.pdf"),
            (Some("a\u{202e}fdp.exe\r\n\""), "png", "afdp.exe.png"),
            (Some(".."), "png", "file.png"),
            (None, "ogg", "file.ogg"),
        ];
        for (given, extension, clean) in cases {
            assert_eq!(clean_name(given, extension), clean, "{given:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_examination_fail(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = examine(&bytes);
        }

        #[test]
        fn clean_names_are_safe_in_a_path_and_in_a_header(name in "\\PC{0,200}|[\\x00-\\x7f]{0,200}") {
            let clean = clean_name(Some(&name), "png");
            prop_assert!(clean.ends_with(".png") && clean.chars().count() <= NAME_MAX + 4);
            prop_assert!(!clean.contains(['/', '\\', '"', '\r', '\n', '\0']));
        }
    }
}
