//! Distinguished names, comparable: a directory writes one and the same name in several ways (RFC 4514). Pure.

use std::fmt;

/// Longer is no name that a directory gives.
const BYTES_MAX: usize = 4_096;

/// A distinguished name in one spelling: lower case, single spaces, one way to escape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dn(String);

/// Why a text is no distinguished name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDn {
    /// There is nothing.
    #[error("it is empty")]
    Empty,
    /// More than any directory gives.
    #[error("it has more than {BYTES_MAX} bytes")]
    TooLong,
    /// A part without `attribute=`.
    #[error("a part has no attribute before '='")]
    NoAttribute,
    /// A backslash before nothing that can be escaped.
    #[error("a backslash escapes nothing")]
    Escape,
    /// Escaped bytes that are no UTF-8.
    #[error("it is no UTF-8")]
    NotUtf8,
}

impl Dn {
    /// Reads a name as directories and people write it.
    pub fn parse(text: &str) -> Result<Self, InvalidDn> {
        if text.trim().is_empty() {
            return Err(InvalidDn::Empty);
        }
        if text.len() > BYTES_MAX {
            return Err(InvalidDn::TooLong);
        }
        let parts = split(text, b',')
            .into_iter()
            .map(part)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self(parts.join(",")))
    }
}

impl fmt::Display for Dn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Cuts at a separator that no backslash stands before.
fn split(text: &str, separator: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (index, byte) in text.bytes().enumerate() {
        if !escaped && byte == separator {
            parts.push(&text[start..index]);
            start = index + 1;
        }
        escaped = !escaped && byte == b'\\';
    }
    parts.push(&text[start..]);
    parts
}

/// One part: attributes and values, usually one pair. Their order says nothing.
fn part(text: &str) -> Result<String, InvalidDn> {
    let mut pairs = split(text, b'+')
        .into_iter()
        .map(pair)
        .collect::<Result<Vec<_>, _>>()?;
    pairs.sort();
    Ok(pairs.join("+"))
}

fn pair(text: &str) -> Result<String, InvalidDn> {
    let (attribute, value) = text.split_once('=').ok_or(InvalidDn::NoAttribute)?;
    let attribute = attribute.trim().to_ascii_lowercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    if attribute.is_empty() || !attribute.bytes().all(plain) {
        return Err(InvalidDn::NoAttribute);
    }
    Ok(format!("{attribute}={}", value_of(value)?))
}

fn value_of(text: &str) -> Result<String, InvalidDn> {
    let value = String::from_utf8(unescaped(text)?).map_err(|_| InvalidDn::NotUtf8)?;
    // Names are compared without case, and any run of spaces is one space.
    let words: Vec<String> = value.split_whitespace().map(str::to_lowercase).collect();
    let mut written = String::new();
    for character in words.join(" ").chars() {
        if ",+=\\".contains(character) {
            written.push('\\');
        }
        written.push(character);
    }
    Ok(written)
}

fn unescaped(text: &str) -> Result<Vec<u8>, InvalidDn> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let next = rest.next().ok_or(InvalidDn::Escape)?;
        match hex(next) {
            Some(high) => {
                let low = rest.next().and_then(hex).ok_or(InvalidDn::Escape)?;
                bytes.push(high * 16 + low);
            }
            None if next.is_ascii_punctuation() || next == b' ' => bytes.push(next),
            None => return Err(InvalidDn::Escape),
        }
    }
    Ok(bytes)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_the_same_however_it_is_written() {
        let same = [
            ("CN=Operators,OU=Groups,DC=x", "cn=operators,ou=groups,dc=x"),
            (
                "cn=Operators , ou = Groups, dc=x",
                "CN=operators,OU=groups,DC=X",
            ),
            ("cn=Перша  лінія,dc=x", "CN=ПЕРША ЛІНІЯ,DC=x"),
            (r"cn=Koval\, Olena,dc=x", r"CN=koval\2C olena,DC=x"),
            (r"cn=\D0\9E\D0\BB\D0\B5\D0\BD\D0\B0,dc=x", "cn=Олена,dc=x"),
            ("cn=a+uid=b,dc=x", "uid=b + cn=a,dc=x"),
        ];
        for (one, other) in same {
            assert_eq!(Dn::parse(one), Dn::parse(other), "{one}");
            assert!(Dn::parse(one).is_ok(), "{one}");
        }
    }

    #[test]
    fn other_names_stay_apart() {
        let apart = [
            (r"cn=a\,ou=b,dc=x", "cn=a,ou=b,dc=x"),
            (r"cn=a\+uid\=b,dc=x", "cn=a+uid=b,dc=x"),
            ("cn=a,dc=x", "cn=a,dc=y"),
            ("cn=ab,dc=x", "cn=a b,dc=x"),
        ];
        for (one, other) in apart {
            assert_ne!(Dn::parse(one).unwrap(), Dn::parse(other).unwrap(), "{one}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for (text, why) in [
            ("", InvalidDn::Empty),
            (" ", InvalidDn::Empty),
            ("operators", InvalidDn::NoAttribute),
            ("cn=a,,dc=x", InvalidDn::NoAttribute),
            ("=a,dc=x", InvalidDn::NoAttribute),
            ("c n=a", InvalidDn::NoAttribute),
            (r"cn=a\", InvalidDn::Escape),
            (r"cn=\f", InvalidDn::Escape),
            (r"cn=\zz", InvalidDn::Escape),
            (r"cn=\ff,dc=x", InvalidDn::NotUtf8),
        ] {
            assert_eq!(Dn::parse(text), Err(why), "{text:?}");
        }
        assert_eq!(
            Dn::parse(&format!("cn={}", "a".repeat(BYTES_MAX))),
            Err(InvalidDn::TooLong)
        );
    }

    proptest! {
        #[test]
        fn its_spelling_reads_as_itself(text in r"(?s)(cn|OU)=.{1,20}(,dc=[a-zА-Я\\,+ ]{1,9})?") {
            if let Ok(dn) = Dn::parse(&text) {
                prop_assert_eq!(Dn::parse(&dn.to_string()), Ok(dn));
            }
        }
    }
}
