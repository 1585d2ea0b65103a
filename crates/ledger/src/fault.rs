//! What a check finds, in words for whoever has to look into it.

use std::fmt;

/// One thing that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Rows that a seal covers are gone.
    RowsMissing {
        /// The first.
        first_id: i64,
        /// The last.
        last_id: i64,
        /// The seal that covers them.
        seal: i64,
    },
    /// Ids that were given to rows which were gone before they were sealed.
    RowsNeverSealed {
        /// The first.
        first_id: i64,
        /// The last.
        last_id: i64,
    },
    /// A row does not say what it said when it was sealed.
    RowChanged {
        /// Which.
        id: i64,
        /// The seal that covers it.
        seal: i64,
    },
    /// A row stands where there was none when its neighbours were sealed.
    RowInserted {
        /// Which.
        id: i64,
    },
    /// Rows differ from what was sealed in a way that their marks do not tell.
    RowsDiffer {
        /// The seal that covers them.
        seal: i64,
    },
    /// Seals are gone.
    SealsMissing {
        /// The first.
        first: i64,
        /// The last.
        last: i64,
    },
    /// A seal was changed, or made without the key.
    SealChanged {
        /// Which.
        number: i64,
    },
    /// A seal does not follow the one before it.
    SealUnlinked {
        /// Which.
        number: i64,
    },
    /// A seal says that another key made it.
    OtherKey {
        /// Which.
        number: i64,
        /// The name of that key.
        key_name: [u8; 8],
    },
    /// The end that was known before is gone: the chain was cut.
    ChainCut {
        /// The number of the last seal that was known.
        known: i64,
        /// The number of the last one there is.
        last: i64,
    },
    /// The seal that was known before is another one now: the chain was cut and went on.
    KnownSealDiffers {
        /// Its number.
        number: i64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RowsMissing {
                first_id,
                last_id,
                seal,
            } => write!(
                out,
                "{} missing, sealed by seal {seal}",
                Ids("row", *first_id, *last_id)
            ),
            Self::RowsNeverSealed { first_id, last_id } => write!(
                out,
                "{} missing, gone before they were sealed",
                Ids("row", *first_id, *last_id)
            ),
            Self::RowChanged { id, seal } => {
                write!(out, "row {id} was changed after seal {seal}")
            }
            Self::RowInserted { id } => write!(
                out,
                "row {id} was put among rows that were sealed without it"
            ),
            Self::RowsDiffer { seal } => {
                write!(out, "rows under seal {seal} are not those that were sealed")
            }
            Self::SealsMissing { first, last } => write!(
                out,
                "{} missing; nothing vouches for their rows",
                Ids("seal", *first, *last)
            ),
            Self::SealChanged { number } => write!(
                out,
                "seal {number} was changed, or made without the master key"
            ),
            Self::SealUnlinked { number } => {
                write!(out, "seal {number} does not follow the seal before it")
            }
            Self::OtherKey { number, key_name } => write!(
                out,
                "seal {number} and those after it were made with another master key ({})",
                Hex(key_name)
            ),
            Self::ChainCut { known, last } => write!(
                out,
                "the chain was cut: it ends at seal {last}, seal {known} was known"
            ),
            Self::KnownSealDiffers { number } => write!(
                out,
                "the chain was cut and went on: seal {number} is not the one that was known"
            ),
        }
    }
}

struct Ids(&'static str, i64, i64);

impl fmt::Display for Ids {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(what, first, last) = self;
        if first == last {
            write!(out, "{what} {first} is")
        } else {
            write!(out, "{what}s {first} to {last} are")
        }
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}
