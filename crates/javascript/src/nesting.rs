//! How deep a source nests. The parser descends once for each open bracket, and its stack is bounded.

/// The most brackets open at once. Those in texts and comments count too, which is simple and errs on the safe side:
/// they nearly always come in pairs.
pub(crate) fn depth(source: &str) -> usize {
    let (mut open, mut deepest) = (0usize, 0);
    for byte in source.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => continue,
        }
        deepest = deepest.max(open);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn open_brackets_are_counted() {
        for (source, expected) in [
            ("", 0),
            ("f(a[{}])", 3),
            ("()()()", 1),
            ("))))((", 2),
            ("`${`${a}`}`", 2),
        ] {
            assert_eq!(depth(source), expected, "{source}");
        }
    }
}
