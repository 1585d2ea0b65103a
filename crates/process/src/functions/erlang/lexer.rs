//! From a text to the tokens of an expression.

use serde_json::Value;

use crate::value::parse_number;

/// Tokens of one expression: 1,000 is far above what fits into a field of the editor, and bounds the depth of the tree.
const TOKENS_MAX: usize = 1_000;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Value(Value),
    Word(String),
    Sign(&'static str),
}

/// Longer signs stand before their beginnings.
const SIGNS: [&str; 32] = [
    "=:=", "=/=", "<<", ">>", "==", "/=", "=<", "<=", ">=", "->", "=>", "++", "--", "#{", "||",
    "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]", "{", "}", ",", ";", "|", ":",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if tokens.len() >= TOKENS_MAX {
            return Err("it is too long".to_owned());
        }
        let (token, after) = if first.is_ascii_digit() {
            number(rest)?
        } else if first.is_alphabetic() || first == '_' {
            let end = rest
                .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
                .unwrap_or(rest.len());
            (Token::Word(rest[..end].to_owned()), &rest[end..])
        } else if first == '"' || first == '\'' {
            quoted(rest, first)?
        } else if first == '.' {
            (Token::Sign("."), &rest[1..])
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            let sign = sign.ok_or_else(|| format!("`{first}` is not understood"))?;
            (Token::Sign(sign), &rest[sign.len()..])
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

fn number(text: &str) -> Result<(Token, &str), String> {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        from + bytes[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(signed).is_some_and(u8::is_ascii_digit) {
            end = digits(signed);
        }
    }
    let value = parse_number(&text[..end]).ok_or("a number is too large")?;
    Ok((Token::Value(Value::Number(value)), &text[end..]))
}

fn quoted(text: &str, quote: char) -> Result<(Token, &str), String> {
    let mut value = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 't')) => value.push('\t'),
                Some((_, other)) => value.push(other),
                None => break,
            },
            _ if letter == quote => return Ok((Token::Value(value.into()), &text[at + 1..])),
            other => value.push(other),
        }
    }
    Err("a text is not closed".to_owned())
}
