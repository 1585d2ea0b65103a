//! Ids drawn from one random seed, so that a turn is the same whenever it is run with the same input.

use vikno_domain::sortable_id;

/// A source of ids for one batch of turns.
#[derive(Debug, Clone)]
pub struct Ids {
    now_ms: i64,
    seed: [u8; 10],
    drawn: u32,
}

impl Ids {
    /// `seed` is random and used for one batch only; two ids of it differ by their counter.
    pub fn new(now_ms: i64, seed: [u8; 10]) -> Self {
        Self {
            now_ms,
            seed,
            drawn: 0,
        }
    }

    /// A number for a run's chance, which is not that of an id.
    pub(crate) fn seed(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.seed;
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) ^ u64::from(self.drawn).rotate_left(32)
    }

    /// The next id, e.g. `m_…`.
    pub fn next(&mut self, prefix: &str) -> String {
        let [.., a, b, c, d] = self.seed;
        let last = u32::from_be_bytes([a, b, c, d]).wrapping_add(self.drawn);
        self.drawn = self.drawn.wrapping_add(1);
        let mut random = self.seed;
        random[6..].copy_from_slice(&last.to_be_bytes());
        sortable_id(prefix, self.now_ms, random)
    }
}
