//! Making a seal, and reading one back.

use crate::key::ChainKey;
use crate::row::{MARK, Row};
use crate::verify::Head;
use hmac::Mac;
use sha2::{Digest, Sha256};

/// Rows under one seal at most: what a run holds in memory at once.
pub const ROWS_MAX: usize = 2_000;

/// The keyed digest that closes a seal.
pub type Code = [u8; 32];

/// Covers the rows from `first_id` to `last_id`, each of which was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// 1, 2, 3, …
    pub number: i64,
    /// The first row.
    pub first_id: i64,
    /// The last row.
    pub last_id: i64,
    /// When it was made, Unix milliseconds.
    pub sealed_at_ms: i64,
    /// SHA-256 over the rows' digests, in order.
    pub rows_sha256: [u8; 32],
    /// The first eight bytes of each row's digest: they tell which row was changed.
    pub marks: Vec<u8>,
    /// Which key made it.
    pub key_name: [u8; 8],
    /// The code of the seal before; zeros in the first one.
    pub previous: Code,
    /// HMAC-SHA256 over all of this.
    pub code: Code,
}

/// Seals rows that stand in the order of their ids, after the last sealed one: those up to the first gap between ids,
/// or up to [`ROWS_MAX`]. None when there are no rows.
pub fn seal(key: &ChainKey, head: Head, rows: &[Row], now_ms: i64) -> Option<Seal> {
    let first_id = rows.first()?.id;
    let run = rows
        .iter()
        .zip(first_id..)
        .take_while(|(row, expected)| row.id == *expected)
        .take(ROWS_MAX);
    let run: Vec<&Row> = run.map(|(row, _)| row).collect();
    let mut made = Seal {
        number: head.number + 1,
        first_id,
        last_id: run.last()?.id,
        sealed_at_ms: now_ms,
        rows_sha256: digest(run.iter().copied()),
        marks: run.iter().flat_map(|row| row.mark()).collect(),
        key_name: key.name(),
        previous: head.code,
        code: [0; 32],
    };
    made.code = made.mac(key).finalize().into_bytes().into();
    Some(made)
}

/// SHA-256 over the digests of rows.
pub(crate) fn digest<'a>(rows: impl Iterator<Item = &'a Row>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for row in rows {
        hasher.update(row.digest);
    }
    hasher.finalize().into()
}

impl Seal {
    /// The end of the chain that this seal is the last of.
    pub fn head(&self) -> Head {
        Head {
            number: self.number,
            last_id: self.last_id,
            code: self.code,
        }
    }

    /// Whether a key made it so, in constant time.
    pub(crate) fn is_whole(&self, key: &ChainKey) -> bool {
        self.mac(key).verify_slice(&self.code).is_ok()
    }

    /// The mark of a row by its id.
    pub(crate) fn mark_of(&self, id: i64) -> Option<&[u8]> {
        let index = usize::try_from(id.checked_sub(self.first_id)?).ok()?;
        self.marks.chunks_exact(MARK).nth(index)
    }

    /// How many rows it covers.
    pub fn rows(&self) -> u64 {
        (self.marks.len() / MARK) as u64
    }

    fn mac(&self, key: &ChainKey) -> hmac::Hmac<Sha256> {
        let mut mac = key.mac();
        mac.update(&self.previous);
        for number in [self.number, self.first_id, self.last_id, self.sealed_at_ms] {
            mac.update(&number.to_be_bytes());
        }
        mac.update(&self.rows().to_be_bytes());
        mac.update(&self.rows_sha256);
        mac.update(&self.key_name);
        // Last, since only its length varies, and that is said above.
        mac.update(&self.marks);
        mac
    }
}
