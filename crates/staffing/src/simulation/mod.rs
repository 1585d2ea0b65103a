//! One run: citizens come, wait, leave, are helped; event by event, from a seed.

mod citizens;
mod desk;
mod events;
mod run;
mod staff;
mod tally;
mod timetable;
mod waiting;

pub(crate) use run::run;
pub(crate) use tally::Run;
