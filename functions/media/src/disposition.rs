//! How a browser is to treat a file: pictures are shown, everything else is saved.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use vikno_domain::MediaRef;

/// The `Content-Disposition` header with the file's name (RFC 6266).
pub(crate) fn content_disposition(file: &MediaRef) -> String {
    let kind = if file.media_type.starts_with("image/") {
        "inline"
    } else {
        "attachment"
    };
    let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
    format!("{kind}; filename*=UTF-8''{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(media_type: &str, name: &str) -> MediaRef {
        MediaRef {
            id: "f_1".into(),
            media_type: media_type.into(),
            name: name.into(),
            size: 1,
        }
    }

    #[test]
    fn pictures_are_shown_and_the_rest_is_saved() {
        assert_eq!(
            content_disposition(&file("image/png", "a b.png")),
            "inline; filename*=UTF-8''a%20b%2Epng"
        );
        assert_eq!(
            content_disposition(&file("application/pdf", "д.pdf")),
            "attachment; filename*=UTF-8''%D0%B4%2Epdf"
        );
    }

    #[test]
    fn no_name_breaks_the_header() {
        let header = content_disposition(&file("image/png", "a\r\nX: y\"; filename=z"));
        assert!(header.is_ascii() && !header.contains(['\r', '\n', '"']));
    }
}
