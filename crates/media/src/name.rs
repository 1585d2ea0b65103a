//! Names of files, as far as a reader, a header and a path can bear them.

/// Longest name kept: more than any file system takes, short enough for a header.
const NAME_CHARS_MAX: usize = 120;

/// A name without path parts, control, formatting and reserved characters; never empty. The extension is made to fit
/// the type that was found, so that `photo.exe` which is a picture is saved as one.
pub fn clean_name(given: &str, media_type: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| is_harmless(*c)).collect();
    let kept = kept.trim_matches(['.', ' ']);
    let (stem, given_extension) = match kept.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, Some(extension)),
        _ => (kept, None),
    };
    let fitting = extensions(media_type);
    let given_extension = given_extension.map(str::to_lowercase);
    let extension = match given_extension {
        Some(extension) if fitting.contains(&extension.as_str()) => Some(extension),
        _ => fitting.first().map(|extension| (*extension).to_owned()),
    };
    let room = NAME_CHARS_MAX
        - extension
            .as_ref()
            .map_or(0, |extension| extension.len() + 1);
    let stem: String = stem.chars().take(room).collect();
    let stem = match stem.trim_end_matches(['.', ' ']) {
        "" => "file",
        stem => stem,
    };
    match extension {
        Some(extension) => format!("{stem}.{extension}"),
        None => stem.to_owned(),
    }
}

/// Letters, digits and ordinary punctuation. Out: controls, characters reserved in file systems and headers, and
/// those that turn the direction of writing (`exe.gnp` shown as `png.exe`).
fn is_harmless(c: char) -> bool {
    let reserved = matches!(c, '"' | '*' | ':' | '<' | '>' | '?' | '|' | '%' | ';');
    let invisible = matches!(c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}');
    !c.is_control() && !reserved && !invisible
}

/// Extensions that fit a type, the usual one first. Empty: not known, the name gets none.
fn extensions(media_type: &str) -> &'static [&'static str] {
    match media_type {
        "application/msword" => &["doc"],
        "application/pdf" => &["pdf"],
        "application/rtf" => &["rtf"],
        "application/vnd.ms-excel" => &["xls"],
        "application/vnd.ms-powerpoint" => &["ppt"],
        "application/vnd.oasis.opendocument.presentation" => &["odp"],
        "application/vnd.oasis.opendocument.spreadsheet" => &["ods"],
        "application/vnd.oasis.opendocument.text" => &["odt"],
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => &["pptx"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => &["xlsx"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => &["docx"],
        "audio/aac" => &["aac"],
        "audio/amr" => &["amr"],
        "audio/m4a" => &["m4a"],
        "audio/mpeg" => &["mp3"],
        "audio/ogg" => &["ogg", "opus", "oga"],
        "audio/x-flac" => &["flac"],
        "audio/x-wav" => &["wav"],
        "image/avif" => &["avif"],
        "image/bmp" => &["bmp"],
        "image/gif" => &["gif"],
        "image/heif" => &["heic", "heif"],
        "image/jpeg" => &["jpg", "jpeg"],
        "image/png" => &["png"],
        "image/tiff" => &["tiff", "tif"],
        "image/webp" => &["webp"],
        "text/plain" => &["txt", "csv", "md", "log"],
        "video/mp4" => &["mp4"],
        "video/mpeg" => &["mpg", "mpeg"],
        "video/quicktime" => &["mov"],
        "video/webm" => &["webm"],
        "video/x-m4v" => &["m4v"],
        "video/x-matroska" => &["mkv"],
        "video/x-msvideo" => &["avi"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_paths_and_hostile_characters() {
        for (given, media_type, expected) in [
            ("довідка.pdf", "application/pdf", "довідка.pdf"),
            ("../../etc/passwd", "text/plain", "passwd.txt"),
            ("C:\\temp\\фото 1.JPEG", "image/jpeg", "фото 1.jpeg"),
            ("photo.exe", "image/png", "photo.png"),
            ("a\"b\r\nX: y;.png", "image/png", "abX y.png"),
            ("invoice\u{202e}gnp.exe", "image/png", "invoicegnp.png"),
            ("", "image/png", "file.png"),
            ("...", "", "file"),
            (".htaccess", "text/plain", "htaccess.txt"),
            ("no extension", "image/jpeg", "no extension.jpg"),
        ] {
            assert_eq!(clean_name(given, media_type), expected, "{given:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_clean_name_is_short_never_empty_and_stays_as_it_is(given in ".{0,300}") {
            let name = clean_name(&given, "image/png");
            proptest::prop_assert!(!name.is_empty() && name.chars().count() <= NAME_CHARS_MAX);
            proptest::prop_assert!(!name.contains(['/', '\\', '"', '\n', '\r', '\0']));
            proptest::prop_assert_eq!(clean_name(&name, "image/png"), name);
        }
    }
}
