//! A code node's step order, run natively: for simulations.

use crate::{Code, CodeError, Limits, run};
use vikno_steps::run_code::{Failure, Order};

/// Runs what the step `run-code` was asked for, with the limits that every process gets.
pub fn run_order(order: Order) -> Result<String, Failure> {
    let code = Code {
        source: &order.source,
        data: &order.data,
        now_ms: order.now_ms,
        seed: order.seed,
    };
    run(&code, &Limits::default()).map_err(|error| match error {
        CodeError::Timeout => Failure::Timeout,
        CodeError::Executing { message, line } => Failure::Executing { message, line },
        CodeError::ReturnFormat(message) => Failure::ReturnFormat(message),
    })
}
