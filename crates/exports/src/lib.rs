//! Exports as bytes: the columns of each data set, the time range asked for, and JSON, NDJSON and CSV writers that
//! take one row at a time. Reads nothing, keeps no rows.

mod csv;
mod dataset;
mod format;
mod json;
mod range;
mod writer;

pub use dataset::{Column, Dataset, Kind, UnknownDataset};
pub use format::{Format, FormatRefused};
pub use range::{InvalidRange, Range};
pub use writer::{Cell, Writer};
