//! How long to wait before trying again.

/// The first wait.
const FIRST_MS: i64 = 1_000;
/// The longest wait: ten minutes.
const LONGEST_MS: i64 = 600_000;

/// The wait before the next attempt, doubling from one second to ten minutes; half of it is jitter, so that what
/// failed together does not come back together. `random` is any number.
pub fn backoff_ms(failed_attempts: u32, random: u64) -> i64 {
    let doublings = failed_attempts.saturating_sub(1).min(16);
    let full = (FIRST_MS << doublings).min(LONGEST_MS);
    let half = full / 2;
    half + i64::try_from(random % half.unsigned_abs()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_and_stay_within_bounds() {
        for (failed, shortest) in [
            (1, 500),
            (2, 1_000),
            (5, 8_000),
            (10, 256_000),
            (11, 300_000),
            (90, 300_000),
        ] {
            for random in [0, 1, 12_345, u64::MAX] {
                let wait = backoff_ms(failed, random);
                assert!(
                    (shortest..=2 * shortest).contains(&wait),
                    "{failed}: {wait}"
                );
            }
        }
    }

    #[test]
    fn what_failed_together_comes_back_apart() {
        assert_ne!(backoff_ms(5, 1), backoff_ms(5, 4_000));
    }
}
