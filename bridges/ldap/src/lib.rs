//! Brings people of an LDAP directory into Vikno by the API of its administration. All that decides is pure; `directory`,
//! `vikno` and `trust` reach the outside.

pub mod change;
pub mod config;
pub mod directory;
pub mod dn;
pub mod entry;
pub mod here;
pub mod membership;
pub mod plan;
mod secret;
mod trust;
pub mod vikno;

pub use change::{Change, Fields, Kind};
pub use config::Config;
pub use plan::{Brake, Plan, plan};
pub use secret::Secret;
pub use trust::TrustError;
