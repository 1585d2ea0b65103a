//! What can be exported. Columns are a contract with analysts and CRMs: they may grow at the end, not change.

/// A data set by its name in the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dataset {
    /// Dialogues, by the time they were opened.
    Conversations,
    /// Messages in both directions and operators' notes, by their time.
    Messages,
    /// What people and processes did, by its time.
    Journal,
    /// Ratings, by the time they were given.
    Ratings,
}

/// A column of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Field name in JSON, heading in CSV.
    pub name: &'static str,
    /// How its cells are written.
    pub kind: Kind,
}

/// How a cell is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number.
    Integer,
    /// Unix milliseconds inside, RFC 3339 in UTC outside.
    Instant,
    /// A JSON document: itself in JSON, its text in CSV.
    Json,
}

/// The path names no data set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "exports are conversations, messages, journal and ratings, each with .json, .csv or no ending"
)]
pub struct UnknownDataset;

const fn text(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Text,
    }
}

const fn integer(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Integer,
    }
}

const fn instant(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Instant,
    }
}

const fn json(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Json,
    }
}

const CONVERSATIONS: &[Column] = &[
    text("id"),
    text("status"),
    text("channel"),
    text("language"),
    text("queue"),
    text("topic"),
    integer("priority"),
    text("citizen_id"),
    text("citizen_name"),
    text("citizen_phone"),
    text("operator_id"),
    text("operator_name"),
    instant("opened_at"),
    instant("queued_at"),
    instant("taken_at"),
    instant("last_at"),
    instant("closed_at"),
    text("close_reason"),
    integer("score"),
    integer("process_version"),
];

const MESSAGES: &[Column] = &[
    text("id"),
    text("conversation_id"),
    text("citizen_id"),
    instant("at"),
    text("from"),
    text("author_name"),
    text("text"),
    json("buttons"),
    text("media_id"),
    text("media_type"),
    text("media_name"),
    integer("media_size"),
    text("delivery"),
    json("details"),
];

const JOURNAL: &[Column] = &[
    integer("id"),
    instant("at"),
    text("conversation_id"),
    text("actor"),
    text("what"),
    json("data"),
];

const RATINGS: &[Column] = &[
    text("conversation_id"),
    instant("at"),
    integer("score"),
    text("comment"),
    text("channel"),
    text("queue"),
    text("topic"),
    text("operator_id"),
    text("operator_name"),
];

impl Dataset {
    /// Every data set.
    pub const ALL: [Self; 4] = [
        Self::Conversations,
        Self::Messages,
        Self::Journal,
        Self::Ratings,
    ];

    /// Its name in the path.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Messages => "messages",
            Self::Journal => "journal",
            Self::Ratings => "ratings",
        }
    }

    /// Reads the last path segment: the name, and the ending if there is one.
    pub fn parse(segment: &str) -> Result<(Self, Option<&str>), UnknownDataset> {
        let (name, ending) = match segment.split_once('.') {
            Some((name, ending)) => (name, Some(ending)),
            None => (segment, None),
        };
        let known = Self::ALL.into_iter().find(|set| set.as_str() == name);
        match (known, ending) {
            (Some(set), None | Some("json" | "csv")) => Ok((set, ending)),
            _ => Err(UnknownDataset),
        }
    }

    /// Its columns, in order.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Conversations => CONVERSATIONS,
            Self::Messages => MESSAGES,
            Self::Journal => JOURNAL,
            Self::Ratings => RATINGS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_endings_are_read_from_the_path() {
        assert_eq!(Dataset::parse("messages"), Ok((Dataset::Messages, None)));
        assert_eq!(
            Dataset::parse("journal.csv"),
            Ok((Dataset::Journal, Some("csv")))
        );
        for bad in [
            "",
            "people",
            "messages.xml",
            "messages.",
            ".json",
            "messages.json.csv",
            "Messages",
        ] {
            assert_eq!(Dataset::parse(bad), Err(UnknownDataset), "{bad:?}");
        }
    }

    #[test]
    fn column_names_are_unique_within_a_data_set() {
        for set in Dataset::ALL {
            let mut names: Vec<_> = set.columns().iter().map(|column| column.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), set.columns().len(), "{set:?}");
        }
    }
}
