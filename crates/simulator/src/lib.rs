//! Dialogues with an organisation in virtual time, without a host: scenarios and their coverage, single failures of
//! every step, replays of recorded dialogues, comparison of two versions of the processes.
//!
//! Pure: files are handed in as text, time stands where a scenario puts it, and the same input always leads to the
//! same dialogue.

mod against;
mod centre;
mod chat;
mod check;
mod codes;
mod coverage;
mod faults;
mod mask;
mod moment;
mod outside;
mod play;
mod rehearsal;
mod replay;
mod report;
pub mod scenario;
pub mod speed;
mod suite;

pub use against::{Change, changed_processes};
pub use centre::{Centre, NotReady, RunCode};
pub use chat::{CITIZEN_NAME, Chat, NOON_MS, Said, Turned};
pub use codes::SIMULATED_CODE;
pub use coverage::{Coverage, Marks, Part};
pub use faults::{Loss, LossKind};
pub use mask::mask;
pub use moment::{Moment, NoMoment};
pub use outside::{Called, Failing, Failure, Outside, Spoken};
pub use play::{Beat, Mismatch, Mode, Played, Run};
pub use rehearsal::{Forked, Heard, Line, Passed, Rehearsal, Rehearsed, Shown, fork};
pub use replay::{
    BadExport, Different, Impossible, Recorded, RecordedMessage, ReplayReport, as_scenario, replay,
};
pub use scenario::{Scenario, ScenarioProblem};
pub use suite::{Failed, FaultReport, ScenarioFiles, Suite, SuiteReport};
