//! An organisation as data: its settings, working hours and processes, read from files that are
//! handed in as text, with every mistake reported together.
//!
//! Pure: it opens no file and reads no clock; what is said to citizens is in `vikno-texts`.

#[cfg(feature = "bundle")]
mod bundle;
#[cfg(feature = "bundle")]
mod calls;
mod changed;
#[cfg(feature = "check")]
mod check;
mod hours;
mod parse;
mod problem;
mod settings;
#[cfg(feature = "replies")]
mod tree;
mod used_texts;

#[cfg(feature = "bundle")]
pub use bundle::{ProcessBundle, ProcessFiles};
#[cfg(feature = "bundle")]
pub use calls::{Callee, LostCall, SaidText, lost_calls, said_texts};
pub use changed::{BadChange, ChangedSettings, Part, REPLIES, TEXT_PREFIX, message};
#[cfg(feature = "check")]
pub use check::{OrganisationFiles, Said, SharedFiles, check, check_text, said};
pub use hours::{Date, Hours, Span, Weekday};
#[cfg(feature = "hours")]
pub use hours::{HoursState, LocalMoment};
pub use problem::Problem;
pub use settings::{
    LocalName, Organisation, OutsideCorezoid, Overflow, Queue, ServiceTimes, Shared, Simulation,
    Timers, Topic, Transfers,
};
#[cfg(feature = "replies")]
pub use tree::ReplyList;
pub use used_texts::{ORGANISATION_ARGUMENT, USED_TEXTS, UsedText};
