//! Aliases: the names by which processes call each other, and how a title becomes one.

use std::fmt;

/// Long enough for any title that a person can still tell apart.
const CHARS_MAX: usize = 64;

/// Shorter ones say nothing; Corezoid wants three characters too.
const CHARS_MIN: usize = 3;

/// An alias: lower-case Latin letters, digits and hyphens, no number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alias(String);

/// A text that cannot be an alias.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no alias: use lower-case Latin letters, digits and hyphens, with a letter among them"
)]
pub struct NotAnAlias(String);

impl Alias {
    /// Takes an alias as it is written, without `@`.
    pub fn parse(text: &str) -> Result<Self, NotAnAlias> {
        let of_alias =
            |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
        let valid = !text.starts_with('-')
            && (1..=CHARS_MAX).contains(&text.len())
            && text.chars().all(of_alias)
            // A number would be taken for a process's old id.
            && text.contains(|char: char| char.is_ascii_lowercase());
        match valid {
            true => Ok(Self(text.to_owned())),
            false => Err(NotAnAlias(text.chars().take(CHARS_MAX).collect())),
        }
    }

    /// The alias of a title: `"Черга: початок"` becomes `cherha-pochatok`. Nothing, if no letter is left.
    pub fn of_title(title: &str) -> Option<Self> {
        let mut slug = String::new();
        for char in title.chars().flat_map(char::to_lowercase) {
            match latin(char) {
                Some(letters) => slug.push_str(letters),
                None if char.is_ascii_lowercase() || char.is_ascii_digit() => slug.push(char),
                None if is_silent(char) => {}
                None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
                None => {}
            }
        }
        slug.truncate(CHARS_MAX);
        let slug = slug.trim_end_matches('-');
        if slug.is_empty() {
            return None;
        }
        match Self::parse(slug) {
            Ok(alias) if slug.len() >= CHARS_MIN => Some(alias),
            _ => Self::parse(&format!("process-{slug}")).ok(),
        }
    }

    /// A process without a title, by its number.
    pub(super) fn of_number(number: i64) -> Self {
        Self(format!("process-{}", number.unsigned_abs()))
    }

    /// The same with something behind it, to tell it from another.
    pub(super) fn with_suffix(&self, suffix: &str) -> Self {
        let room = CHARS_MAX.saturating_sub(suffix.len() + 1);
        let base: String = self.0.chars().take(room).collect();
        Self(format!("{}-{suffix}", base.trim_end_matches('-')))
    }

    /// The alias as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Soft signs and apostrophes leave nothing behind.
fn is_silent(char: char) -> bool {
    matches!(char, 'ь' | 'ъ' | '\'' | '’' | 'ʼ' | '`' | '\u{307}')
}

/// Ukrainian letters as passports write them, and the Russian ones besides.
fn latin(char: char) -> Option<&'static str> {
    Some(match char {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "h",
        'ґ' => "g",
        'д' => "d",
        'е' | 'э' | 'ё' => "e",
        'є' => "ie",
        'ж' => "zh",
        'з' => "z",
        'и' | 'ы' => "y",
        'і' | 'ї' | 'й' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "iu",
        'я' => "ia",
        _ => return None,
    })
}
