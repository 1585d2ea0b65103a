//! Chance from a seed: the same question always gets the same answer.
//!
//! Every quantity of every citizen has a number of its own: it does not depend on what was drawn before it. So two
//! rosters, or two versions of a process, meet the very same citizens, and their difference is not drowned by luck.

/// SplitMix64's step (Steele, Lea, Flood 2014): its n-th number is reached without the ones before.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a number is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// How long until the next citizen.
    Arrival = 1,
    /// How busy a whole day is.
    Day = 2,
    Topic = 3,
    Language = 4,
    /// Whether the process answers by itself.
    Automated = 5,
    Handling = 6,
    Patience = 7,
}

/// The numbers of one purpose in one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draws {
    key: u64,
}

impl Draws {
    pub(crate) fn new(seed: u64, run: u32, purpose: Purpose) -> Self {
        let key = mix(mix(seed) ^ mix(u64::from(run).wrapping_add(STEP)));
        Self {
            key: mix(key.wrapping_add((purpose as u64).wrapping_mul(STEP))),
        }
    }

    /// The number of this index, above 0 and below 1.
    pub(crate) fn at(self, index: u64) -> f64 {
        let bits = mix(self
            .key
            .wrapping_add(index.wrapping_add(1).wrapping_mul(STEP)));
        ((bits >> 11) as f64 + 0.5) * (-53_f64).exp2()
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Draws, Purpose, STEP, mix};

    /// The first numbers of SplitMix64 with seed 1234567, as its authors' reference code prints them.
    #[test]
    fn the_reference_sequence_is_met() {
        let expected: [u64; 5] = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        for (index, expected) in (1_u64..).zip(expected) {
            assert_eq!(
                mix(1_234_567_u64.wrapping_add(index.wrapping_mul(STEP))),
                expected
            );
        }
    }

    #[test]
    fn numbers_are_spread_evenly_and_purposes_have_nothing_to_do_with_each_other() {
        let topics = Draws::new(1, 0, Purpose::Topic);
        let times = Draws::new(1, 0, Purpose::Handling);
        let count = 100_000;
        let (mut sum, mut product) = (0.0, 0.0);
        for index in 0..count {
            sum += topics.at(index);
            product += (topics.at(index) - 0.5) * (times.at(index) - 0.5);
        }
        // Four standard errors: 0.2887 and 1/12 over the root of the count.
        assert!((sum / count as f64 - 0.5).abs() < 4.0 * 0.2887 / 316.0);
        assert!((product / count as f64).abs() < 4.0 / 12.0 / 316.0);
        assert_ne!(topics.at(0), Draws::new(1, 1, Purpose::Topic).at(0));
        assert_ne!(topics.at(0), Draws::new(2, 0, Purpose::Topic).at(0));
    }
}
