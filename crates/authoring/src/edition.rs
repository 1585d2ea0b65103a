//! Which state of a process an author has seen, so that two authors never overwrite each other unawares.

use std::fmt;

/// Longest alias: it stands in journals, paths and labels.
const ALIAS_LENGTH_MAX: usize = 64;

/// One state of a process: a draft's revision, or the published version where there is no draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// The draft's revision; never used twice.
    Draft(i64),
    /// The published version.
    Published(i64),
}

impl fmt::Display for Edition {
    /// As an entity tag.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft(revision) => write!(f, "\"d{revision}\""),
            Self::Published(version) => write!(f, "\"v{version}\""),
        }
    }
}

/// What a writer expects to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// This edition (`If-Match`).
    Edition(Edition),
    /// No such process at all (`If-None-Match: *`).
    Nothing,
}

/// A writer does not say what they have seen, or says it in no known form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditionError {
    /// Neither header.
    #[error(
        "send the ETag of what you have read as If-Match, or If-None-Match: * for a new process"
    )]
    Missing,
    /// Not a tag of ours.
    #[error("If-Match is no ETag of a draft or a published process")]
    Unknown,
}

impl Expected {
    /// Reads the two headers.
    pub fn parse(
        if_match: Option<&str>,
        if_none_match: Option<&str>,
    ) -> Result<Self, EditionError> {
        match (if_match, if_none_match.map(str::trim)) {
            (Some(tag), _) => edition(tag).map(Self::Edition).ok_or(EditionError::Unknown),
            (None, Some("*")) => Ok(Self::Nothing),
            (None, _) => Err(EditionError::Missing),
        }
    }

    /// Whether that is what is there.
    pub fn is_met_by(self, found: Option<Edition>) -> bool {
        match self {
            Self::Edition(edition) => found == Some(edition),
            Self::Nothing => found.is_none(),
        }
    }
}

fn edition(tag: &str) -> Option<Edition> {
    // A proxy that compresses answers makes tags weak.
    let tag = tag.trim().trim_start_matches("W/");
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
    let number = |text: &str| text.parse().ok().filter(|number| *number > 0);
    match inner.split_at_checked(1)? {
        ("d", revision) => number(revision).map(Edition::Draft),
        ("v", version) => number(version).map(Edition::Published),
        _ => None,
    }
}

/// Whether a process may be called so: lower-case words joined by dashes.
pub fn valid_alias(alias: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=ALIAS_LENGTH_MAX).contains(&alias.len())
        && alias.chars().all(plain)
        && alias.starts_with(|c: char| c.is_ascii_lowercase())
        && !alias.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_read_back_as_written() {
        for edition in [Edition::Draft(42), Edition::Published(7)] {
            let tag = edition.to_string();
            let expected = Ok(Expected::Edition(edition));
            assert_eq!(Expected::parse(Some(&tag), None), expected);
            assert_eq!(Expected::parse(Some(&format!("W/{tag}")), None), expected);
        }
    }

    #[test]
    fn a_writer_says_what_they_have_seen() {
        assert_eq!(Expected::parse(None, Some("*")), Ok(Expected::Nothing));
        assert_eq!(Expected::parse(None, None), Err(EditionError::Missing));
        assert_eq!(
            Expected::parse(None, Some("\"d1\"")),
            Err(EditionError::Missing)
        );
        for bad in [
            "*", "d1", "\"d\"", "\"x1\"", "\"d-1\"", "\"v0\"", "", "\"\"",
        ] {
            assert_eq!(
                Expected::parse(Some(bad), None),
                Err(EditionError::Unknown),
                "{bad}"
            );
        }
    }

    #[test]
    fn only_what_was_seen_may_be_overwritten() {
        let seen = Expected::Edition(Edition::Draft(2));
        assert!(seen.is_met_by(Some(Edition::Draft(2))));
        assert!(!seen.is_met_by(Some(Edition::Draft(3))));
        assert!(!seen.is_met_by(Some(Edition::Published(2))));
        assert!(!seen.is_met_by(None));
        assert!(Expected::Nothing.is_met_by(None));
        assert!(!Expected::Nothing.is_met_by(Some(Edition::Published(1))));
    }

    #[test]
    fn aliases_are_words_joined_by_dashes() {
        for good in ["queue", "send-text-message", "otp2"] {
            assert!(valid_alias(good), "{good}");
        }
        for bad in [
            "",
            "Queue",
            "2otp",
            "-a",
            "a-",
            "a b",
            "a/b",
            "черга",
            &"a".repeat(65),
        ] {
            assert!(!valid_alias(bad), "{bad}");
        }
    }
}
