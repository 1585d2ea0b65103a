//! The channels' file stores.

use crate::server::{Answer, problem};
use crate::state::State;
use bytes::Bytes;

/// A file that a citizen has sent.
#[derive(Clone)]
pub(crate) struct StoredFile {
    pub media_type: String,
    pub bytes: Bytes,
}

/// `GET` of a file, the same for both channels.
pub(crate) fn get(state: &State, id: &str) -> Answer {
    match state.file(id) {
        Some(file) => Answer {
            status: 200,
            content_type: file.media_type,
            body: file.bytes,
            retry_after_s: None,
        },
        None => problem(404, "no such file"),
    }
}
