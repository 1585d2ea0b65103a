//! How often somebody may try to sign in: pure arithmetic on one small record per login and per client address.

/// A record as stored: what was tried wrongly, and until when no more is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Throttle {
    /// Wrong tries that have not been forgotten.
    pub failures: i64,
    /// Unix milliseconds of the last one.
    pub last_at_ms: i64,
    /// Unix milliseconds; 0: not locked.
    pub locked_until_ms: i64,
}

/// Locked at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts; try again in {retry_after_s} seconds")]
pub struct TooManyAttempts {
    /// Whole seconds to wait, at least 1.
    pub retry_after_s: i64,
}

/// Free tries, then a lock that doubles with every further wrong one; a quiet spell forgets them all.
#[derive(Debug, Clone, Copy)]
struct Limit {
    free: i64,
    first_lock_ms: i64,
    lock_ms_max: i64,
    forget_after_ms: i64,
}

/// A login: after 3 wrong tries 30 s, 1 min, 2 min … up to 15 min, so that a guesser gets some
/// hundred tries a day and nobody can lock a colleague out for good.
const LOGIN: Limit = Limit {
    free: 3,
    first_lock_ms: 30_000,
    lock_ms_max: 900_000,
    forget_after_ms: 3_600_000,
};

/// A client address: a whole office may sit behind one, so more are free and locks are short.
const ADDRESS: Limit = Limit {
    free: 50,
    first_lock_ms: 10_000,
    lock_ms_max: 300_000,
    forget_after_ms: 900_000,
};

/// Counts one try for a login. It is counted as wrong before the password is looked at, so that tries
/// made at the same time cannot slip through; a right one clears the record afterwards.
pub fn login_limit(state: Throttle, now_ms: i64) -> Result<Throttle, TooManyAttempts> {
    count(LOGIN, state, now_ms)
}

/// Counts one try from a client address.
pub fn address_limit(state: Throttle, now_ms: i64) -> Result<Throttle, TooManyAttempts> {
    count(ADDRESS, state, now_ms)
}

fn count(limit: Limit, state: Throttle, now_ms: i64) -> Result<Throttle, TooManyAttempts> {
    if state.locked_until_ms > now_ms {
        let wait_ms = (state.locked_until_ms - now_ms).min(limit.lock_ms_max);
        return Err(TooManyAttempts {
            retry_after_s: (wait_ms + 999) / 1_000,
        });
    }
    let quiet_ms = now_ms.saturating_sub(state.last_at_ms.max(state.locked_until_ms));
    let earlier = if quiet_ms >= limit.forget_after_ms {
        0
    } else {
        state.failures.max(0)
    };
    let failures = earlier.saturating_add(1);
    let locked_until_ms = if failures < limit.free {
        0
    } else {
        let doublings = (failures - limit.free).min(20);
        let lock_ms = (limit.first_lock_ms << doublings).min(limit.lock_ms_max);
        now_ms.saturating_add(lock_ms)
    };
    Ok(Throttle {
        failures,
        last_at_ms: now_ms,
        locked_until_ms,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_763_900_000_000;

    fn tries(count: usize, now_ms: i64) -> Throttle {
        let mut state = Throttle::default();
        for _ in 0..count {
            state = login_limit(state, now_ms).unwrap();
        }
        state
    }

    #[test]
    fn three_tries_are_free_and_the_fourth_waits() {
        let state = tries(3, NOW);
        assert_eq!(
            login_limit(state, NOW + 1),
            Err(TooManyAttempts { retry_after_s: 30 })
        );
        assert!(login_limit(state, NOW + 30_000).is_ok());
    }

    #[test]
    fn every_further_wrong_try_doubles_the_wait_up_to_a_quarter_of_an_hour() {
        let mut state = tries(3, NOW);
        let mut waits_s = vec![];
        for _ in 0..7 {
            waits_s.push((state.locked_until_ms - state.last_at_ms) / 1_000);
            state = login_limit(state, state.locked_until_ms).unwrap();
        }
        assert_eq!(waits_s, [30, 60, 120, 240, 480, 900, 900]);
    }

    #[test]
    fn an_hour_of_quiet_forgets_the_wrong_tries() {
        let state = tries(2, NOW);
        assert_eq!(login_limit(state, NOW + 3_600_000).unwrap().failures, 1);
        assert_eq!(login_limit(state, NOW + 3_599_999).unwrap().failures, 3);
    }

    #[test]
    fn an_office_behind_one_address_has_fifty() {
        let mut state = Throttle::default();
        for _ in 0..50 {
            state = address_limit(state, NOW).unwrap();
        }
        assert_eq!(
            address_limit(state, NOW),
            Err(TooManyAttempts { retry_after_s: 10 })
        );
    }

    proptest! {
        #[test]
        fn no_record_and_no_clock_makes_it_panic_or_lock_for_longer_than_a_quarter_of_an_hour(
            failures: i64, last_at_ms: i64, locked_until_ms: i64, now_ms in 0..i64::MAX / 2,
        ) {
            let state = Throttle { failures, last_at_ms, locked_until_ms };
            match login_limit(state, now_ms) {
                Ok(next) => prop_assert!(next.locked_until_ms - now_ms <= 900_000),
                Err(wait) => prop_assert!((1..=900).contains(&wait.retry_after_s)),
            }
        }
    }
}
