//! How it goes with a given number of operators: Erlang-C, or Erlang-A when citizens leave.

use super::patience::Offered;
use super::{Load, NoAnswer, loss};

/// How a queue does in the long run.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Performance {
    /// Share of citizens who find nobody free.
    pub waits: f64,
    /// Mean wait of all in seconds, those who leave included.
    pub wait_mean_s: f64,
    /// Share answered within the seconds asked for; those who left count as not answered.
    pub within: f64,
    /// Share who leave without an answer.
    pub abandoned: f64,
    /// Mean number waiting.
    pub queue_mean: f64,
    /// Share of their time that operators are busy.
    pub occupancy: f64,
}

/// How `operators` operators do under this load, and the share they answer within so many seconds.
pub fn performance(load: &Load, operators: u32, within_s: f64) -> Result<Performance, NoAnswer> {
    load.check()?;
    if operators == 0 {
        return Err(NoAnswer::NotPositive("operators"));
    }
    let blocked = loss::blocking(operators - 1, load.offered());
    with_blocking(load, operators, blocked, within_s.max(0.0))
}

/// The same when the blocking of one operator fewer is known already.
pub(super) fn with_blocking(
    load: &Load,
    operators: u32,
    blocked_with_one_fewer: f64,
    within_s: f64,
) -> Result<Performance, NoAnswer> {
    match load.patience_s {
        None => everybody_waits(load, operators, blocked_with_one_fewer, within_s),
        Some(patience_s) => Ok(some_leave(
            load,
            operators,
            patience_s,
            blocked_with_one_fewer,
            within_s,
        )),
    }
}

/// Erlang-C.
fn everybody_waits(
    load: &Load,
    operators: u32,
    blocked_with_one_fewer: f64,
    within_s: f64,
) -> Result<Performance, NoAnswer> {
    let offered = load.offered();
    let count = f64::from(operators);
    if offered >= count {
        return Err(NoAnswer::Overloaded { operators, offered });
    }
    let blocked = loss::next(blocked_with_one_fewer, operators, offered);
    let occupancy = offered / count;
    let waits = blocked / (1.0 - occupancy * (1.0 - blocked));
    // How fast a queue shrinks while everybody is busy.
    let drain = (count - offered) / load.handling_s;
    let wait_mean_s = waits / drain;
    Ok(Performance {
        waits,
        wait_mean_s,
        within: 1.0 - waits * (-drain * within_s).exp(),
        abandoned: 0.0,
        queue_mean: load.arrival_rate() * wait_mean_s,
        occupancy,
    })
}

/// Erlang-A, by the wait that a citizen of endless patience would have.
fn some_leave(
    load: &Load,
    operators: u32,
    patience_s: f64,
    blocked_with_one_fewer: f64,
    within_s: f64,
) -> Performance {
    let offered = Offered {
        arrival_rate: load.arrival_rate(),
        service_rate: f64::from(operators) / load.handling_s,
        patience_rate: 1.0 / patience_s,
        blocked_with_one_fewer,
    };
    let shares = offered.shares(within_s);
    let wait_mean_s = shares.abandoned * patience_s;
    Performance {
        waits: shares.waits,
        wait_mean_s,
        within: shares.within,
        abandoned: shares.abandoned,
        queue_mean: load.arrival_rate() * wait_mean_s,
        occupancy: load.offered() * (1.0 - shares.abandoned) / f64::from(operators),
    }
}
