//! The other way round: from a target to the number of operators.

use super::waiting::with_blocking;
use super::{Load, NoAnswer, Target, loss, positive};

/// More operators than this at once are looked for in no centre.
pub const OPERATORS_MAX: u32 = 20_000;

/// The fewest operators who reach the target.
pub fn operators_for(load: &Load, target: Target) -> Result<u32, NoAnswer> {
    load.check()?;
    positive("share", target.share)?;
    // Each step up takes one multiplication; the costly formula is asked only by halving.
    let blocked = blocked_with_fewer(load.offered());
    let reaches = |operators: u32| {
        let known = blocked[operators as usize - 1];
        with_blocking(load, operators, known, target.seconds.max(0.0))
            .is_ok_and(|found| found.within >= target.share)
    };
    if !reaches(OPERATORS_MAX) {
        return Err(NoAnswer::OutOfReach);
    }
    let (mut too_few, mut enough) = (0, OPERATORS_MAX);
    while enough - too_few > 1 {
        let middle = u32::midpoint(too_few, enough);
        match reaches(middle) {
            true => enough = middle,
            false => too_few = middle,
        }
    }
    Ok(enough)
}

/// The blocking of 0, 1, … operators.
fn blocked_with_fewer(offered: f64) -> Vec<f64> {
    let mut all = vec![1.0];
    let mut blocked = 1.0;
    for count in 1..OPERATORS_MAX {
        blocked = loss::next(blocked, count, offered);
        all.push(blocked);
    }
    all
}
