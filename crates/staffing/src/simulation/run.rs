//! The loop over time.

use super::citizens::Citizens;
use super::desk::Desk;
use super::tally::Run;
use super::timetable::Timetable;
use crate::plan::Plan;
use crate::week::WEEK_S;

/// How long after the last day the last counted citizens are still followed.
const AFTERWARDS_S: f64 = WEEK_S;

/// Simulates the plan once. The same seed and number of the run give the same citizens for every plan with the same
/// demand: run by run, two plans can be compared.
pub(crate) fn run(plan: &Plan, seed: u64, number: u32) -> Run {
    let mut desk = Desk::new(plan);
    let mut timetable = Timetable::new(plan);
    let mut citizens = Citizens::new(plan, seed, number);
    let end_s = desk.tally.end_s();
    let last_s = end_s + AFTERWARDS_S;
    let mut next = citizens.next_before(last_s);
    loop {
        let next_s = next.as_ref().map_or(f64::INFINITY, |citizen| citizen.at_s);
        let (clock_s, event_s) = (timetable.next_s(), desk.events.next_s());
        let now_s = clock_s.min(event_s).min(next_s);
        if now_s >= last_s || (now_s >= end_s && desk.counted_waiting == 0) {
            return desk.finish();
        }
        if clock_s <= now_s {
            take_changes(&mut desk, &mut timetable, now_s);
        } else if event_s <= now_s {
            if let Some(event) = desk.events.take() {
                desk.happens(event, now_s);
            }
        } else if let Some(citizen) = next {
            desk.arrives(citizen);
            next = citizens.next_before(last_s);
        }
    }
}

/// All that the clock brings at one moment, before anybody takes a chat.
fn take_changes(desk: &mut Desk<'_>, timetable: &mut Timetable, now_s: f64) {
    while timetable.next_s() <= now_s {
        let Some(change) = timetable.take() else {
            break;
        };
        desk.changes(change, now_s);
    }
    desk.share_out(now_s);
}
