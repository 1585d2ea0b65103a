//! A response body that asks for the next piece only when the one before has gone out.

use crate::rows::Rows;
use bytes::Bytes;
use futures_util::stream::{LocalBoxStream, StreamExt, unfold};
use http_body::Frame;
use http_body_util::{Either, StreamBody};
use serde_json::json;
use spin_sdk::http::FullBody;
use std::io;
use vikno_shell::log_error;

type Pieces = StreamBody<LocalBoxStream<'static, io::Result<Frame<Bytes>>>>;

/// A whole answer (a problem) or a streamed one.
pub type Response = http::Response<Either<FullBody<Bytes>, Pieces>>;

/// An answer in memory.
pub fn whole(response: vikno_shell::Response) -> Response {
    response.map(Either::Left)
}

/// The rows of an export. A failure on the way breaks the answer off, so that nobody takes half of it for all.
pub fn body(rows: Rows) -> Either<FullBody<Bytes>, Pieces> {
    let pieces = unfold(Some(rows), |rows| async {
        let mut rows = rows?;
        match rows.piece().await {
            Ok(Some(piece)) => Some((Ok(Frame::data(Bytes::from(piece))), Some(rows))),
            Ok(None) => None,
            Err(error) => {
                log_error("export_broken_off", json!({ "cause": error.to_string() }));
                Some((Err(io::Error::other(error)), None))
            }
        }
    });
    Either::Right(StreamBody::new(pieces.boxed_local()))
}
