//! Token buckets: how much somebody may still do. Pure arithmetic; the record is kept with a session or by a key.

use vikno_storage::chat_sessions::StoredBucket;

/// A burst, and how fast it fills up again.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    burst: f64,
    per_second: f64,
}

/// Nothing left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted {
    /// Whole seconds until there is enough again, at least 1.
    pub retry_after_s: u64,
}

impl Limit {
    /// So much at once, and so much more each second.
    pub const fn new(burst: f64, per_second: f64) -> Self {
        Self { burst, per_second }
    }

    /// A bucket that nobody has taken from.
    pub fn full(self, now_ms: i64) -> StoredBucket {
        StoredBucket {
            tokens: self.burst,
            at_ms: now_ms,
        }
    }

    /// Takes `cost` from a bucket, after filling it up to now.
    pub fn take(
        self,
        bucket: Option<StoredBucket>,
        cost: f64,
        now_ms: i64,
    ) -> Result<StoredBucket, Exhausted> {
        let bucket = bucket.unwrap_or_else(|| self.full(now_ms));
        // A clock that was set back fills nothing.
        let passed_s = now_ms.saturating_sub(bucket.at_ms).max(0) as f64 / 1_000.0;
        let tokens = (bucket.tokens.max(0.0) + passed_s * self.per_second).min(self.burst);
        if tokens >= cost {
            return Ok(StoredBucket {
                tokens: tokens - cost,
                at_ms: now_ms,
            });
        }
        let wait_s = ((cost - tokens) / self.per_second)
            .ceil()
            .clamp(1.0, 3_600.0);
        Err(Exhausted {
            retry_after_s: wait_s as u64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit {
        burst: 3.0,
        per_second: 0.5,
    };

    #[test]
    fn a_burst_is_free_and_then_it_fills_up_slowly() {
        let mut bucket = None;
        for _ in 0..3 {
            bucket = Some(LIMIT.take(bucket, 1.0, 1_000).unwrap());
        }
        assert_eq!(
            LIMIT.take(bucket, 1.0, 1_000),
            Err(Exhausted { retry_after_s: 2 })
        );
        assert_eq!(
            LIMIT.take(bucket, 1.0, 2_000),
            Err(Exhausted { retry_after_s: 1 })
        );
        assert!(LIMIT.take(bucket, 1.0, 3_000).is_ok());
    }

    #[test]
    fn it_never_holds_more_than_the_burst() {
        let bucket = StoredBucket {
            tokens: 3.0,
            at_ms: 0,
        };
        assert_eq!(LIMIT.take(Some(bucket), 1.0, i64::MAX).unwrap().tokens, 2.0);
        assert!(LIMIT.take(Some(bucket), 4.0, i64::MAX).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_record_and_no_clock_breaks_it(tokens: f64, at_ms: i64, now_ms: i64, cost in 0.0..10.0) {
            match LIMIT.take(Some(StoredBucket { tokens, at_ms }), cost, now_ms) {
                Ok(left) => proptest::prop_assert!((0.0..=3.0).contains(&left.tokens)),
                Err(wait) => proptest::prop_assert!((1..=3_600).contains(&wait.retry_after_s)),
            }
        }
    }
}
