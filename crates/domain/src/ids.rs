//! Identifiers and small closed vocabularies.

use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// Why a text is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Not an organisation id.
    #[error("an organisation id is 2 to 32 characters of a-z, 0-9 and '-', starting with a letter")]
    Organisation,
    /// Not a language tag.
    #[error("a language is a two or three letter code such as 'uk' or 'en'")]
    Language,
    /// Not a channel name.
    #[error("a channel is one of telegram, viber, web, organisation, api")]
    Channel,
}

/// The id of an organisation (tenant): also its folder name, its database label and its first path segment.
/// It goes along with every event and every call, so copies share the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgId(Arc<str>);

impl OrgId {
    /// Checks a text that came from outside.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let mut chars = text.chars();
        let starts_well = chars.next().is_some_and(|c| c.is_ascii_lowercase());
        let goes_on_well = chars.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if starts_well && goes_on_well && (2..=32).contains(&text.len()) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidId::Organisation)
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for OrgId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<OrgId> for String {
    fn from(id: OrgId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for OrgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a citizen writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Telegram Bot API.
    Telegram,
    /// Viber REST Bot API.
    Viber,
    /// Our chat API: web chat, mobile applications, portals.
    Web,
    /// Another organisation of this installation that moved a conversation here.
    Organisation,
    /// The Corezoid API: no citizen's chat but a task that an outside system made; the chat is the task's number.
    Api,
}

impl Channel {
    /// The name used in paths, the database and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Viber => "viber",
            Self::Web => "web",
            Self::Organisation => "organisation",
            Self::Api => "api",
        }
    }

    /// Reads the name written by [`Channel::as_str`].
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        match text {
            "telegram" => Ok(Self::Telegram),
            "viber" => Ok(Self::Viber),
            "web" => Ok(Self::Web),
            "organisation" => Ok(Self::Organisation),
            "api" => Ok(Self::Api),
            _ => Err(InvalidId::Channel),
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A language by its primary subtag (`uk`, `en`); region and script of a tag are dropped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Language {
    /// The third is zero in a code of two, so that the order is that of the texts.
    letters: [u8; 3],
}

impl Language {
    /// Reads `uk`, `en-US`, `en_GB`: the primary subtag counts.
    pub fn parse(tag: &str) -> Result<Self, InvalidId> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let mut letters = [0; 3];
        let is_code = (2..=3).contains(&primary.len())
            && primary.bytes().all(|letter| letter.is_ascii_alphabetic());
        if !is_code {
            return Err(InvalidId::Language);
        }
        for (place, letter) in letters.iter_mut().zip(primary.bytes()) {
            *place = letter.to_ascii_lowercase();
        }
        Ok(Self { letters })
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        let letters = self.letters.strip_suffix(&[0]).unwrap_or(&self.letters);
        // They are ASCII.
        std::str::from_utf8(letters).unwrap_or_default()
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Language").field(&self.as_str()).finish()
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl TryFrom<String> for Language {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.as_str().to_owned()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An id that sorts by time: `prefix_` + 9 characters of milliseconds + 16 characters of 80 random bits (Crockford base 32).
///
/// `now_ms` is Unix milliseconds; 45 bits of it are kept (until the year 3084).
pub fn sortable_id(prefix: &str, now_ms: i64, random: [u8; 10]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let digit = |value: u64| char::from(ALPHABET[(value & 31) as usize]);
    let mut id = String::with_capacity(prefix.len() + 26);
    id.push_str(prefix);
    id.push('_');
    let millis = now_ms.max(0) as u64;
    id.extend((0..9).rev().map(|place| digit(millis >> (5 * place))));
    for half in random.chunks_exact(5) {
        let bits = half
            .iter()
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        id.extend((0..8).rev().map(|place| digit(bits >> (5 * place))));
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisation_ids_are_checked() {
        for good in ["ukc", "mindov", "ab", "city-water-2"] {
            assert_eq!(OrgId::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "a",
            "1ab",
            "UKC",
            "a/b",
            "..",
            "ab_c",
            "укц",
            &"a".repeat(33),
        ] {
            assert_eq!(OrgId::parse(bad), Err(InvalidId::Organisation), "{bad:?}");
        }
    }

    #[test]
    fn languages_keep_the_primary_subtag() {
        assert_eq!(Language::parse("en-TH").unwrap().as_str(), "en");
        assert_eq!(Language::parse("UK").unwrap().as_str(), "uk");
        for bad in ["", "e", "украinian", "e1"] {
            assert!(Language::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn sortable_ids_sort_by_time_and_keep_the_randomness() {
        let earlier = sortable_id("c", 1_763_900_000_000, [255; 10]);
        let later = sortable_id("c", 1_763_900_000_001, [0; 10]);
        assert!(earlier < later);
        assert_eq!(earlier.len(), 2 + 9 + 16);
        assert_ne!(sortable_id("c", 1, [1; 10]), sortable_id("c", 1, [2; 10]));
    }
}
