//! Files of citizens and operators: which types are taken (by content, never by name or claim), names fit for
//! showing, and signed links to the media store. No I/O; the clock and the key come in.

mod disposition;
mod kind;
mod link;
mod name;
mod office;

pub use disposition::{attachment, file_name};
pub use kind::{FILE_BYTES_MAX, Refused, shown_inline, sniff};
pub use link::{LINK_LIFE_S, LinkKey, LinkRefused, store_key};
pub use name::clean_name;
