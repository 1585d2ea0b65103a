//! `Math.random` from a seed: SplitMix64 (Steele, Lea, Flood 2014), small and good enough for what is no secret.

use boa_engine::{Context, JsResult, JsValue};
use std::cell::Cell;

/// A sequence of numbers that follows from its seed.
pub(crate) struct Random(Cell<u64>);

impl Random {
    /// The sequence of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    /// The next number, from 0 to below 1.
    pub(crate) fn next(&self) -> f64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        // 53 bits are what a number holds.
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The function `Math.random`.
pub(crate) fn function(_: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    Ok(context
        .get_data::<Random>()
        .map_or(0.0, Random::next)
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_follows_from_its_seed_and_stays_in_its_range() {
        let (one, same, other) = (Random::new(7), Random::new(7), Random::new(8));
        for _ in 0..1_000 {
            let drawn = one.next();
            assert!((0.0..1.0).contains(&drawn));
            assert_eq!(drawn, same.next());
            assert_ne!(drawn, other.next());
        }
    }
}
