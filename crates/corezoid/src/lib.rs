//! Corezoid both ways: its process files in and out (`files`), its HTTP API as served here and as
//! called elsewhere (`api`). Pure: bytes and times are handed in; nothing is opened, sent or stored.

#[cfg(feature = "api")]
pub mod api;
#[cfg(feature = "files")]
pub mod files;
