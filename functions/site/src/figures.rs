//! Live figures, read at most once in two seconds by an instance however many look at them.

use std::cell::RefCell;
use std::collections::HashMap;
use vikno_domain::OrgId;
use vikno_organisation::Organisation;
use vikno_shell::Problem;
use vikno_storage::Database;
use vikno_storage::stats::{self, Live};

/// How old a figure may be.
const FRESH_MS: i64 = 2_000;

thread_local! {
    static KEPT: RefCell<HashMap<OrgId, (i64, Live)>> = RefCell::default();
}

/// The figures of an organisation; messages are counted from its local midnight.
pub async fn of(organisation: &Organisation, now_ms: i64) -> Result<Live, Problem> {
    let kept = KEPT.with_borrow(|kept| kept.get(&organisation.id).copied());
    if let Some((at_ms, live)) = kept
        && (0..FRESH_MS).contains(&(now_ms - at_ms))
    {
        return Ok(live);
    }
    let database = Database::open(organisation.id.as_str()).await?;
    let since_ms = day_start_ms(&organisation.hours.time_zone, now_ms).unwrap_or(now_ms);
    let live = stats::live(&database, since_ms).await?;
    KEPT.with_borrow_mut(|kept| kept.insert(organisation.id.clone(), (now_ms, live)));
    Ok(live)
}

fn day_start_ms(time_zone: &str, now_ms: i64) -> Option<i64> {
    let now = jiff::Timestamp::from_millisecond(now_ms).ok()?;
    let start = now.in_tz(time_zone).ok()?.start_of_day().ok()?;
    Some(start.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::day_start_ms;

    #[test]
    fn today_begins_at_local_midnight() {
        // 2026-11-23T22:30Z is 00:30 of the 24th in Kyiv.
        assert_eq!(
            day_start_ms("Europe/Kyiv", 1_795_473_000_000),
            Some(1_795_471_200_000)
        );
        assert_eq!(
            day_start_ms("Europe/Kyiv", 1_795_471_199_999),
            Some(1_795_384_800_000)
        );
        assert_eq!(day_start_ms("Mars/Olympus", 0), None);
    }
}
