//! Which files are taken. The type is found in the content; what a sender claims counts for nothing.

use crate::office;

/// Largest file taken in either direction: 20 MiB, which is also what Telegram's `getFile` hands out.
pub const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;

/// How far into a file without a known signature we look to call it text.
const TEXT_PROBE_BYTES: usize = 64 * 1024;

/// Types a citizen or an operator may send, as found by content.
const ALLOWED: &[&str] = &[
    // Pictures. No SVG: it is a program.
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/heif",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
    // Documents; those of Microsoft's kinds are looked into (`office`).
    "application/pdf",
    "application/rtf",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    // Sound and film.
    "audio/aac",
    "audio/amr",
    "audio/m4a",
    "audio/mpeg",
    "audio/ogg",
    "audio/x-flac",
    "audio/x-wav",
    "video/mp4",
    "video/mpeg",
    "video/quicktime",
    "video/webm",
    "video/x-m4v",
    "video/x-matroska",
    "video/x-msvideo",
];

/// Types that a browser may show in place; everything else is offered for download.
const INLINE: &[&str] = &[
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
];

/// What betrays a text that some program would execute or render.
const ACTIVE_START: &[&str] = &["#!", "@echo off"];
const ACTIVE_MARKS: &[&str] = &[
    "<!doctype",
    "<?php",
    "<?xml",
    "<html",
    "<iframe",
    "<script",
    "<svg",
];
/// Where it does so at the latest.
const ACTIVE_PROBE_CHARS: usize = 4_096;

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Over [`FILE_BYTES_MAX`].
    #[error("the file is larger than {} MiB", FILE_BYTES_MAX / 1024 / 1024)]
    TooLarge,
    /// Found by content, not on the list.
    #[error("files of type {0} are not taken; send a picture, a document, sound or film")]
    Type(String),
    /// An office document that carries a program.
    #[error("documents with macros are not taken; save it without them")]
    Macros,
    /// Nothing that we know.
    #[error("the file is of an unknown type; send a picture, a document, sound or film")]
    Unknown,
}

impl Refused {
    /// Stable code for the database and the journal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge => "too_large",
            Self::Type(_) => "type_not_allowed",
            Self::Macros => "macros",
            Self::Unknown => "unknown_type",
        }
    }
}

/// The media type of a whole file, if it is one we take.
pub fn sniff(content: &[u8]) -> Result<&'static str, Refused> {
    if content.is_empty() {
        return Err(Refused::Empty);
    }
    if content.len() > FILE_BYTES_MAX {
        return Err(Refused::TooLarge);
    }
    if office::is_compound(content) {
        return office::compound_type(content);
    }
    if let Some(found) = infer::get(content).map(|found| found.mime_type()) {
        // Opus in its usual container: players know it by the container.
        let found = if found == "audio/opus" {
            "audio/ogg"
        } else {
            found
        };
        let allowed = ALLOWED.iter().find(|name| **name == found);
        return match allowed {
            Some(allowed) => Ok(allowed),
            None if content.starts_with(b"PK") => office::archive_type(content),
            None => Err(Refused::Type(found.to_owned())),
        };
    }
    if content.starts_with(b"{\\rtf") {
        return Ok("application/rtf");
    }
    text(content)
}

/// Whether a browser may show this type in place.
pub fn shown_inline(media_type: &str) -> bool {
    INLINE.contains(&media_type)
}

fn text(content: &[u8]) -> Result<&'static str, Refused> {
    let probe = &content[..content.len().min(TEXT_PROBE_BYTES)];
    let words = match std::str::from_utf8(probe) {
        Ok(words) => words,
        // The probe may end in the middle of a character, nothing else may be broken.
        Err(error) if error.error_len().is_none() && content.len() > probe.len() => {
            std::str::from_utf8(&probe[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return Err(Refused::Unknown),
    };
    let words = words.trim_start_matches('\u{feff}').trim_start();
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    if words.is_empty() || words.chars().any(control) {
        return Err(Refused::Unknown);
    }
    let head: String = words.chars().take(ACTIVE_PROBE_CHARS).collect();
    let head = head.to_lowercase();
    let starts = ACTIVE_START.iter().any(|mark| head.starts_with(mark));
    if starts || ACTIVE_MARKS.iter().any(|mark| head.contains(mark)) {
        return Err(Refused::Type("text with markup or a script".to_owned()));
    }
    Ok("text/plain")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn types_are_found_by_content() {
        for (content, expected) in [
            (PNG, "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
            (b"GIF89a\x01\0\x01\0", "image/gif"),
            (b"%PDF-1.7\n", "application/pdf"),
            (b"{\\rtf1\\ansi", "application/rtf"),
            (
                b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0OpusHead",
                "audio/ogg",
            ),
            ("Доброго дня,\nпосвідчення № 5".as_bytes(), "text/plain"),
            ("\u{feff}a;b\r\n1;2".as_bytes(), "text/plain"),
        ] {
            assert_eq!(sniff(content), Ok(expected));
        }
    }

    #[test]
    fn programs_and_active_documents_are_refused() {
        for content in [
            b"MZ\x90\0\x03\0\0\0\x04\0".as_slice(),
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            b"#!/bin/sh\nrm -rf /",
            b"@ECHO OFF\r\nformat c:",
            b"note\n<script src=x></script>",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>",
            b"  <!DOCTYPE html><p>",
            b"<?xml version=\"1.0\"?><svg/>",
            "\u{feff}<HTML>".as_bytes(),
            b"\0asm\x01\0\0\0",
        ] {
            assert!(matches!(sniff(content), Err(Refused::Type(_))), "{:?}", sniff(content));
        }
        assert_eq!(sniff(b""), Err(Refused::Empty));
        assert_eq!(sniff(b"   \n"), Err(Refused::Unknown));
        assert_eq!(sniff(&[0xc0, 0x01, 0x02, 0x03]), Err(Refused::Unknown));
        assert_eq!(
            sniff(&vec![b'a'; FILE_BYTES_MAX + 1]),
            Err(Refused::TooLarge)
        );
    }

    #[test]
    fn office_documents_are_taken_and_other_archives_are_not() {
        use crate::office::tests::{archive, compound};
        let docx = archive(&["[Content_Types].xml", "word/document.xml"]);
        assert!(sniff(&docx).unwrap().ends_with("wordprocessingml.document"));
        assert_eq!(
            sniff(&compound(&["WordDocument"])),
            Ok("application/msword")
        );
        assert!(matches!(sniff(&archive(&["a.exe"])), Err(Refused::Type(_))));
        assert!(matches!(
            sniff(&compound(&["installer"])),
            Err(Refused::Type(_))
        ));
    }

    #[test]
    fn a_long_text_may_be_cut_inside_a_character() {
        let mut text = "a".to_owned();
        text.push_str(&"ї".repeat(TEXT_PROBE_BYTES));
        assert_eq!(sniff(text.as_bytes()), Ok("text/plain"));
    }

    #[test]
    fn only_pictures_are_shown_in_place() {
        assert!(shown_inline("image/png"));
        for other in [
            "application/pdf",
            "text/plain",
            "image/svg+xml",
            "text/html",
            "",
        ] {
            assert!(!shown_inline(other), "{other}");
        }
    }
}
