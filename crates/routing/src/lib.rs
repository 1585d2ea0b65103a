//! Who of those who wait is given to which operator, and by when somebody has to be served.
//!
//! Pure: those who wait, the operators and the time are passed in.

mod distribution;
mod service;

pub use distribution::{Given, distribute};
pub use service::{Due, DueKind, Standing, due};
