//! Checks a chain seal by seal, in order, holding one seal's rows at a time.

use crate::fault::Fault;
use crate::key::ChainKey;
use crate::row::Row;
use crate::seal::{Code, Seal, digest};
use subtle::ConstantTimeEq;

/// Where a chain ends: what the next seal follows, and what is worth keeping elsewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last seal; 0 when there is none.
    pub number: i64,
    /// The last row it covers.
    pub last_id: i64,
    /// Its code.
    pub code: Code,
}

/// A check under way.
pub struct Verifier {
    key: ChainKey,
    known: Option<Head>,
    head: Head,
    /// The last id that is accounted for; none behind a seal that cannot be believed.
    reached: Option<i64>,
    other_key: bool,
    faults: Vec<Fault>,
}

/// Rows to be read for a seal: those after `after_id`, up to `last_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Not this one.
    pub after_id: i64,
    /// This one too.
    pub last_id: i64,
}

impl Verifier {
    /// Begins. `known` is the end of the chain as somebody saw it before, if anybody did.
    pub fn new(key: ChainKey, known: Option<Head>) -> Self {
        Self {
            key,
            known: known.filter(|known| known.number > 0),
            head: Head::default(),
            reached: Some(0),
            other_key: false,
            faults: Vec::new(),
        }
    }

    /// Where it has got to.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Checks the next seal by itself. When it can be believed, [`Verifier::rows`] wants all rows of the answered span.
    pub fn seal(&mut self, seal: &Seal) -> Option<Span> {
        let linked = self.link(seal);
        if let Some(known) = self.known.filter(|known| known.number == seal.number)
            && !bool::from(known.code.ct_eq(&seal.code))
        {
            let number = seal.number;
            self.faults.push(Fault::KnownSealDiffers { number });
        }
        let first = self.head.number == 0;
        self.head = seal.head();
        let reached = self.reached.take().filter(|_| linked);
        if !self.is_trusted(seal) {
            return None;
        }
        let last_id = seal.last_id;
        self.reached = Some(last_id);
        let after_id = match reached {
            // No id is below 1, unless somebody put it there.
            Some(_) if first => i64::MIN,
            Some(reached) => reached,
            // For what was covered by seals that are gone or changed nothing vouches, and that is said already.
            None => seal.first_id - 1,
        };
        if let Some(reached) = reached {
            self.never_sealed(reached, seal.first_id);
        }
        Some(Span { after_id, last_id })
    }

    /// Checks the rows of a seal, in the order of their ids.
    pub fn rows(&mut self, seal: &Seal, rows: &[Row]) {
        let between = rows.iter().filter(|row| row.id < seal.first_id);
        let inserted = between.map(|row| Fault::RowInserted { id: row.id });
        self.faults.extend(inserted);
        let covered = rows.iter().filter(|row| row.id >= seal.first_id);
        let faults_before = self.faults.len();
        let mut next_id = seal.first_id;
        for row in covered.clone() {
            self.missing(seal, next_id, row.id - 1);
            next_id = row.id + 1;
            if seal.mark_of(row.id) != Some(row.mark().as_slice()) {
                self.faults.push(Fault::RowChanged {
                    id: row.id,
                    seal: seal.number,
                });
            }
        }
        self.missing(seal, next_id, seal.last_id);
        // The whole digest decides; the marks only tell where.
        if self.faults.len() == faults_before && digest(covered) != seal.rows_sha256 {
            let seal = seal.number;
            self.faults.push(Fault::RowsDiffer { seal });
        }
    }

    /// Checks that ids which no seal covers yet, in order after the last sealed one, have no gap between them.
    pub fn unsealed(&mut self, ids: impl IntoIterator<Item = i64>) {
        for id in ids {
            if let Some(reached) = self.reached.replace(id) {
                self.never_sealed(reached, id);
            }
        }
    }

    /// Checks that nothing is gone from the end, by the last id and the last number that the database has ever given.
    pub fn given(&mut self, row_id: i64, seal_number: i64) {
        if let Some(reached) = self.reached {
            self.never_sealed(reached, row_id + 1);
        }
        if seal_number > self.head.number {
            self.faults.push(Fault::SealsMissing {
                first: self.head.number + 1,
                last: seal_number,
            });
        }
    }

    /// Ends; what was found.
    pub fn end(mut self) -> Vec<Fault> {
        if let Some(known) = self.known.filter(|known| known.number > self.head.number) {
            self.faults.push(Fault::ChainCut {
                known: known.number,
                last: self.head.number,
            });
        }
        self.faults
    }

    /// Whether the seal stands directly behind the one before.
    fn link(&mut self, seal: &Seal) -> bool {
        let number = seal.number;
        if number > self.head.number + 1 {
            let first = self.head.number + 1;
            let last = number - 1;
            self.faults.push(Fault::SealsMissing { first, last });
            return false;
        }
        if !bool::from(seal.previous.ct_eq(&self.head.code)) {
            self.faults.push(Fault::SealUnlinked { number });
        }
        true
    }

    /// Whether the seal's own words can be believed.
    fn is_trusted(&mut self, seal: &Seal) -> bool {
        let number = seal.number;
        let other_key = seal.key_name != self.key.name();
        if other_key && !self.other_key {
            let key_name = seal.key_name;
            self.faults.push(Fault::OtherKey { number, key_name });
        }
        self.other_key = other_key;
        if other_key {
            return false;
        }
        let whole = seal.is_whole(&self.key);
        if !whole {
            self.faults.push(Fault::SealChanged { number });
        }
        whole
    }

    fn never_sealed(&mut self, last_id: i64, next_id: i64) {
        if next_id - 1 > last_id {
            self.faults.push(Fault::RowsNeverSealed {
                first_id: last_id + 1,
                last_id: next_id - 1,
            });
        }
    }

    fn missing(&mut self, seal: &Seal, first_id: i64, last_id: i64) {
        if first_id <= last_id {
            self.faults.push(Fault::RowsMissing {
                first_id,
                last_id,
                seal: seal.number,
            });
        }
    }
}
