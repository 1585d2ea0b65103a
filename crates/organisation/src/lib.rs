//! An organisation as data: its settings, working hours and processes, read from files that are
//! handed in as text, with every mistake reported together.
//!
//! Pure: it opens no file and reads no clock; what is said to citizens is in `vikno-texts`.

#[cfg(feature = "bundle")]
mod bundle;
#[cfg(feature = "check")]
mod check;
mod hours;
mod parse;
mod problem;
mod settings;
mod used_texts;

#[cfg(feature = "bundle")]
pub use bundle::{ProcessBundle, ProcessFiles};
#[cfg(feature = "check")]
pub use check::{OrganisationFiles, SharedFiles, check};
#[cfg(feature = "hours")]
pub use hours::HoursState;
pub use hours::{Date, Hours, Span, Weekday};
pub use problem::Problem;
pub use settings::{LocalName, Organisation, Queue, Simulation, Timers, Topic};
pub use used_texts::{ORGANISATION_ARGUMENT, USED_TEXTS, UsedText};
