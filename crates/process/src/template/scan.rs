//! Finds where placeholders, brackets and calls end in a text.

/// Splits `inner}}after` at the braces that close what is open, counting nested ones.
pub(super) fn split_placeholder(text: &str) -> Option<(&str, &str)> {
    let mut depth = 1;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"{{") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"}}") {
            depth -= 1;
            if depth == 0 {
                return Some((&text[..at], &text[at + 2..]));
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    None
}

/// Splits `inner]after` or `inner)after` at the byte that closes what is open; placeholders inside are passed over.
pub(crate) fn split_at_close(text: &str, open: u8, close: u8) -> Option<(&str, &str)> {
    let mut depth = 1;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let byte = rest.as_bytes()[0];
        if let Some(inner) = rest.strip_prefix("{{")
            && let Some((_, after)) = split_placeholder(inner)
        {
            at = text.len() - after.len();
            continue;
        }
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return Some((&text[..at], &text[at + 1..]));
            }
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// Where the commas are that stand in no bracket and no placeholder.
pub(crate) fn outer_commas(text: &str) -> Vec<usize> {
    let mut commas = Vec::new();
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => commas.push(at),
            _ => {}
        }
    }
    commas
}

/// Whether a JSON text is inside a string after `text`.
pub(super) fn ends_in_quotes(text: &str, mut in_quotes: bool) -> bool {
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_quotes => escaped = true,
            b'"' => in_quotes = !in_quotes,
            _ => {}
        }
    }
    in_quotes
}
