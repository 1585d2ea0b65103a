//! The `Content-Disposition` header, both ways (RFC 6266 with RFC 5987 names).

/// The file name in a `Content-Disposition` header: `filename*` before `filename`. Untrusted: clean it.
pub fn file_name(header: &str) -> Option<String> {
    let mut plain = None;
    for parameter in parameters(header) {
        let (name, value) = parameter.split_once('=')?;
        match name.trim().to_ascii_lowercase().as_str() {
            "filename*" => {
                if let Some(name) = extended(value.trim()) {
                    return Some(name);
                }
            }
            "filename" => plain = Some(unquoted(value.trim())),
            _ => {}
        }
    }
    plain.filter(|name| !name.is_empty())
}

/// A header that shows (`inline`) or offers a file under a clean name.
pub fn attachment(name: &str, inline: bool) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let ascii: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    format!(
        "{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}",
        percent_encoded(name)
    )
}

/// Everything but RFC 3986's unreserved characters is escaped.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

/// The parts after the first semicolon, those in quotes kept whole.
fn parameters(header: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in header.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                parts.push(&header[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&header[start..]);
    parts
        .into_iter()
        .skip(1)
        .filter(|part| part.contains('='))
        .collect()
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => out.extend(chars.next()),
            c => out.push(c),
        }
    }
    out
}

/// `UTF-8'uk'%D1%84.png`; other character sets are not read.
fn extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, escaped) = rest.split_once('\'')?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let [high, low, after @ ..] = tail else {
                return None;
            };
            let digit = |c: u8| {
                char::from(c)
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
            };
            bytes.push(digit(*high)? << 4 | digit(*low)?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_every_usual_form() {
        for (header, expected) in [
            ("attachment; filename=photo.png", Some("photo.png")),
            ("attachment; filename=\"a; b.png\"", Some("a; b.png")),
            (
                r#"attachment; filename="a \"b\".png""#,
                Some(r#"a "b".png"#),
            ),
            (
                "attachment; filename=x.png; filename*=UTF-8''%D1%84%D0%BE%D1%82%D0%BE.png",
                Some("фото.png"),
            ),
            (
                "attachment; FILENAME*=utf-8'uk'%D1%84.png; filename=x.png",
                Some("ф.png"),
            ),
            (
                "attachment; filename*=UTF-8''%ff.png; filename=x.png",
                Some("x.png"),
            ),
            (
                "attachment; filename*=UTF-8''%d; filename=x.png",
                Some("x.png"),
            ),
            ("attachment; filename*=KOI8-U''%d4.png", None),
            ("attachment", None),
            ("filename=x.png", None),
            ("attachment; filename=\"\"", None),
            ("attachment; filename=\"open", Some("open")),
        ] {
            assert_eq!(file_name(header).as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn a_written_header_reads_back() {
        assert_eq!(
            attachment("фото 1.png", true),
            "inline; filename=\"____ 1.png\"; filename*=UTF-8''%D1%84%D0%BE%D1%82%D0%BE%201.png"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_clean_name_survives_the_header(given in ".{0,150}") {
            let name = crate::clean_name(&given, "image/png");
            let header = attachment(&name, false);
            proptest::prop_assert!(header.is_ascii());
            proptest::prop_assert_eq!(file_name(&header), Some(name));
        }

        #[test]
        fn reading_never_panics(header in ".{0,200}") {
            let _ = file_name(&header);
        }
    }
}
