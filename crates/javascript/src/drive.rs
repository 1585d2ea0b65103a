//! Runs a script in slices, so that it can be ended between two of them.

use boa_engine::{Context, JsResult, JsValue, Script};
use std::pin::pin;
use std::task::{self, Poll, Waker};

/// Cycles between two looks at what is left: often enough to end on time, seldom enough to cost nothing.
const SLICE_CYCLES: u32 = 10_000;

/// Runs the script; `None` when it wants more cycles than it may have.
pub(crate) fn evaluate(
    script: &Script,
    context: &mut Context,
    cycles_max: u64,
) -> Option<JsResult<JsValue>> {
    let mut running = pin!(script.evaluate_async_with_budget(context, SLICE_CYCLES));
    let mut nobody = task::Context::from_waker(Waker::noop());
    for _ in 0..=cycles_max / u64::from(SLICE_CYCLES) {
        if let Poll::Ready(result) = running.as_mut().poll(&mut nobody) {
            return Some(result);
        }
    }
    None
}
