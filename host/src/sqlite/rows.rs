//! Rows on their way from the thread that reads them to the component that takes them,
//! a bounded number at a time.

use super::session::UnwantedOnDrop;
use super::{Error, RowResult};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::{mpsc, oneshot};
use wasmtime::StoreContextMut;
use wasmtime::component::{Destination, StreamProducer, StreamResult, VecBuffer};

/// Bytes sent on together: large enough to be cheap, small beside a component's memory.
const CHUNK_BYTES: usize = 64 * 1024;
/// Chunks read ahead of the component.
const CHUNKS_AHEAD: usize = 2;

pub(super) struct RowSink {
    chunks: mpsc::Sender<Vec<RowResult>>,
    result: oneshot::Sender<Result<(), Error>>,
    chunk: Vec<RowResult>,
    chunk_bytes: usize,
}

/// The reading end.
pub struct RowStream {
    chunks: Chunks,
    result: oneshot::Receiver<Result<(), Error>>,
}

/// The rows of a stream, as a component's `stream<row-result>`.
pub(super) struct Chunks {
    receiver: mpsc::Receiver<Vec<RowResult>>,
    _unwanted: UnwantedOnDrop,
}

pub(super) fn channel(unwanted: UnwantedOnDrop) -> (RowSink, RowStream) {
    let (chunks, receiver) = mpsc::channel(CHUNKS_AHEAD);
    let (result, result_receiver) = oneshot::channel();
    let sink = RowSink {
        chunks,
        result,
        chunk: Vec::new(),
        chunk_bytes: 0,
    };
    let chunks = Chunks {
        receiver,
        _unwanted: unwanted,
    };
    let stream = RowStream {
        chunks,
        result: result_receiver,
    };
    (sink, stream)
}

impl RowSink {
    /// Sends the row on; blocks while the reader is behind. False: nobody reads any more.
    pub(super) fn push(&mut self, row: RowResult, bytes: usize) -> bool {
        self.chunk.push(row);
        self.chunk_bytes += bytes;
        if self.chunk_bytes < CHUNK_BYTES {
            return true;
        }
        self.chunk_bytes = 0;
        self.chunks
            .blocking_send(std::mem::take(&mut self.chunk))
            .is_ok()
    }

    /// Sends what is left and how the reading ended.
    pub(super) fn finish(mut self, result: Result<(), Error>) {
        if !self.chunk.is_empty() {
            // A reader that left needs neither the rows nor the result.
            let _ = self.chunks.blocking_send(std::mem::take(&mut self.chunk));
        }
        let _ = self.result.send(result);
    }
}

impl RowStream {
    pub(super) fn into_parts(self) -> (Chunks, oneshot::Receiver<Result<(), Error>>) {
        (self.chunks, self.result)
    }

    /// All rows at once, as the synchronous call wants them.
    pub async fn collect(mut self) -> Result<Vec<RowResult>, Error> {
        let mut rows = Vec::new();
        while let Some(chunk) = self.chunks.receiver.recv().await {
            rows.extend(chunk);
        }
        self.result
            .await
            .unwrap_or_else(|_| Err(Error::Io("reading was interrupted".into())))?;
        Ok(rows)
    }
}

impl<D: 'static> StreamProducer<D> for Chunks {
    type Item = RowResult;
    type Buffer = VecBuffer<RowResult>;

    fn poll_produce<'a>(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, Self::Item, Self::Buffer>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        if destination.remaining(&mut store) == Some(0) {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        match self.get_mut().receiver.poll_recv(cx) {
            Poll::Ready(Some(chunk)) => {
                destination.set_buffer(chunk.into());
                Poll::Ready(Ok(StreamResult::Completed))
            }
            Poll::Ready(None) => Poll::Ready(Ok(StreamResult::Dropped)),
            Poll::Pending if finish => Poll::Ready(Ok(StreamResult::Cancelled)),
            Poll::Pending => Poll::Pending,
        }
    }
}
