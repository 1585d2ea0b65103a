//! An author's regular expression, linear in the text it is tried on. It can only say whether it matches.

use regex_lite::Regex;

/// A compiled expression. The library ignores case in ASCII only; with `(?i)` in front the letters
/// beyond ASCII are made small here, in the expression and in the text.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    regex: Regex,
    folded: bool,
}

impl Pattern {
    pub(crate) fn compile(expression: &str) -> Option<Self> {
        let folded = expression.starts_with("(?i)");
        let regex = if folded {
            Regex::new(&fold(expression))
        } else {
            Regex::new(expression)
        };
        Some(Self {
            regex: regex.ok()?,
            folded,
        })
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        if self.folded && !text.is_ascii() {
            return self.regex.is_match(&fold(text));
        }
        self.regex.is_match(text)
    }
}

/// Only letters beyond ASCII: classes such as `\S` must keep their case.
fn fold(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if c.is_ascii() {
                vec![c]
            } else {
                c.to_lowercase().collect()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn case_is_ignored_in_ukrainian_too() {
        for (expression, text, expected) in [
            ("(?i)оператор", "Покличте ОПЕРАТОРА", true),
            ("(?i)[А-Я]\\S+ID", "еЩо_id", true),
            ("оператор", "ОПЕРАТОР", false),
            ("^/(end|exit)$", "/end", true),
        ] {
            assert_eq!(
                Pattern::compile(expression).unwrap().matches(text),
                expected,
                "{expression}"
            );
        }
        assert!(Pattern::compile("(").is_none());
    }
}
