//! The simulator over the project's organisations as they lie on the disk, and over small changes of them.

mod changes;
mod disk;
mod every_organisation;
mod faults;
mod replays;
mod scenarios;
