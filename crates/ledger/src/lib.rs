//! The chain of seals over a journal. A seal covers rows with consecutive ids; it is keyed, and names the seal before
//! it, so that whoever changes, removes or adds a sealed row is found, and whoever has no key can make no seal.
//!
//! Pure: rows and seals are handed in and given out; reading and writing them is the caller's.

mod fault;
mod key;
mod row;
mod seal;
mod verify;

pub use fault::Fault;
pub use key::{ChainKey, EmptyMasterKey};
pub use row::{Field, Row};
pub use seal::{Code, ROWS_MAX, Seal, seal};
pub use verify::{Head, Span, Verifier};
