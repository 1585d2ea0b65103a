//! Whatever is done to what is sealed is found, and told by its ids.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use vikno_ledger::{ChainKey, Fault, Field, Head, Row, Seal, Verifier, seal};

/// A journal and its seals as they lie in a database.
#[derive(Debug, Clone)]
struct Journal {
    rows: Vec<(i64, String)>,
    seals: Vec<Seal>,
}

fn key() -> ChainKey {
    ChainKey::derive("master", "ukc/journal").unwrap()
}

fn digested(rows: &[(i64, String)]) -> Vec<Row> {
    let row = |(id, text): &(i64, String)| Row::of(*id, [Field::Text(text)]);
    rows.iter().map(row).collect()
}

impl Journal {
    /// So many rows under each seal, and some under none.
    fn of(sealed: &[usize], unsealed: usize) -> Self {
        let count = i64::try_from(sealed.iter().sum::<usize>() + unsealed).unwrap();
        let mut journal = Self {
            rows: (1..=count).map(|id| (id, format!("line {id}"))).collect(),
            seals: Vec::new(),
        };
        for size in sealed {
            journal.seal_next(*size);
        }
        journal
    }

    fn head(&self) -> Head {
        self.seals.last().map(Seal::head).unwrap_or_default()
    }

    fn seal_next(&mut self, size: usize) {
        let head = self.head();
        let next = self.rows.iter().filter(|(id, _)| *id > head.last_id);
        let rows: Vec<_> = next.take(size).cloned().collect();
        self.seals.extend(seal(&key(), head, &digested(&rows), 1));
    }

    fn faults(&self, known: Option<Head>) -> Vec<Fault> {
        let mut verifier = Verifier::new(key(), known);
        for seal in &self.seals {
            let Some(span) = verifier.seal(seal) else {
                continue;
            };
            let within = |id: i64| id > span.after_id && id <= span.last_id;
            let rows = self.rows.iter().filter(|(id, _)| within(*id));
            let rows: Vec<_> = rows.cloned().collect();
            verifier.rows(seal, &digested(&rows));
        }
        let last_id = verifier.head().last_id;
        let rest = self.rows.iter().map(|(id, _)| *id);
        verifier.unsealed(rest.filter(|id| *id > last_id));
        verifier.end()
    }
}

fn sizes() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1_usize..6, 1..6)
}

proptest! {
    #[test]
    fn what_nobody_touched_is_whole(sizes in sizes(), unsealed in 0_usize..4) {
        let mut journal = Journal::of(&sizes, unsealed);
        prop_assert_eq!(journal.faults(None), vec![]);
        let known = journal.head();
        journal.seal_next(9);
        prop_assert_eq!(journal.faults(Some(known)), vec![]);
    }

    #[test]
    fn a_changed_row_is_named(sizes in sizes(), at in any::<prop::sample::Index>()) {
        let mut journal = Journal::of(&sizes, 0);
        let at = at.index(journal.rows.len());
        journal.rows[at].1.push('!');
        let id = journal.rows[at].0;
        let seal = journal.seals.iter().find(|seal| seal.last_id >= id).unwrap().number;
        prop_assert_eq!(journal.faults(None), vec![Fault::RowChanged { id, seal }]);
    }

    #[test]
    fn a_missing_row_is_named(sizes in sizes(), at in any::<prop::sample::Index>()) {
        let mut journal = Journal::of(&sizes, 0);
        let (id, _) = journal.rows.remove(at.index(journal.rows.len()));
        let seal = journal.seals.iter().find(|seal| seal.last_id >= id).unwrap().number;
        let missing = Fault::RowsMissing { first_id: id, last_id: id, seal };
        prop_assert_eq!(journal.faults(None), vec![missing]);
    }

    #[test]
    fn two_swapped_rows_are_both_named(sizes in sizes(), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>()) {
        let mut journal = Journal::of(&sizes, 0);
        let (one, other) = (one.index(journal.rows.len()), other.index(journal.rows.len()));
        prop_assume!(one != other);
        let text = journal.rows[one].1.clone();
        journal.rows[one].1 = std::mem::replace(&mut journal.rows[other].1, text);
        let mut found: Vec<usize> = journal.faults(None).iter().map(|fault| match fault {
            Fault::RowChanged { id, .. } => usize::try_from(*id).unwrap() - 1,
            other => panic!("{other}"),
        }).collect();
        found.sort_unstable();
        prop_assert_eq!(found, vec![one.min(other), one.max(other)]);
    }

    #[test]
    fn a_row_put_before_or_between_is_named(sizes in sizes(), at in any::<prop::sample::Index>(), id in -3_i64..=0) {
        let mut journal = Journal::of(&sizes, 0);
        journal.rows.insert(0, (id, "inserted".to_owned()));
        prop_assert_eq!(journal.faults(None), vec![Fault::RowInserted { id }]);
        // Where a row was gone before it could be sealed, another may be put later.
        let mut journal = Journal::of(&[], 9);
        let gap = 1 + at.index(7);
        let (id, _) = journal.rows.remove(gap);
        journal.seal_next(9);
        journal.seal_next(9);
        let gone = Fault::RowsNeverSealed { first_id: id, last_id: id };
        prop_assert_eq!(journal.faults(None), vec![gone.clone()]);
        journal.rows.insert(gap, (id, "inserted".to_owned()));
        prop_assert_eq!(journal.faults(None), vec![gone, Fault::RowInserted { id }]);
    }

    #[test]
    fn a_missing_seal_is_named(sizes in prop::collection::vec(1_usize..6, 2..6), at in any::<prop::sample::Index>()) {
        let mut journal = Journal::of(&sizes, 0);
        let at = at.index(journal.seals.len() - 1);
        let number = journal.seals.remove(at).number;
        prop_assert_eq!(journal.faults(None), vec![Fault::SealsMissing { first: number, last: number }]);
    }

    #[test]
    fn a_seal_changed_in_any_part_is_found(sizes in sizes(), at in any::<prop::sample::Index>(), part in 0_u8..7) {
        let mut journal = Journal::of(&sizes, 0);
        let at = at.index(journal.seals.len());
        let seal = &mut journal.seals[at];
        match part {
            0 => seal.first_id += 1,
            1 => seal.last_id -= 1,
            2 => seal.sealed_at_ms += 1,
            3 => seal.rows_sha256[3] ^= 1,
            4 => seal.marks[0] ^= 1,
            5 => seal.previous[0] ^= 1,
            _ => seal.code[0] ^= 1,
        }
        let number = seal.number;
        let faults = journal.faults(None);
        let changed = Fault::SealChanged { number };
        prop_assert!(faults.contains(&changed), "{:?}", faults);
        // And nothing is said of rows, which nobody touched.
        let of_rows = |fault: &Fault| !matches!(fault, Fault::SealChanged { .. } | Fault::SealUnlinked { .. });
        prop_assert_eq!(faults.iter().find(|fault| of_rows(fault)), None);
    }

    #[test]
    fn a_chain_cut_at_its_end_is_found_by_a_known_head(sizes in sizes(), keep in any::<prop::sample::Index>()) {
        let mut journal = Journal::of(&sizes, 0);
        let known = journal.head();
        let keep = keep.index(journal.seals.len());
        journal.seals.truncate(keep);
        let end = journal.head();
        journal.rows.retain(|(id, _)| *id <= end.last_id);
        let cut = Fault::ChainCut { known: known.number, last: end.number };
        prop_assert_eq!(journal.faults(Some(known)), vec![cut]);
        // And when it goes on from there with other rows.
        journal.rows.extend((end.last_id + 1..=end.last_id + 40).map(|id| (id, format!("other {id}"))));
        while journal.head().number < known.number {
            journal.seal_next(1);
        }
        let differs = Fault::KnownSealDiffers { number: known.number };
        prop_assert_eq!(journal.faults(Some(known)), vec![differs]);
    }
}

#[test]
fn a_seal_of_another_chain_or_key_is_no_seal_of_this_one() {
    for (master, chain) in [("master", "mon/journal"), ("other", "ukc/journal")] {
        let other = ChainKey::derive(master, chain).unwrap();
        let mut journal = Journal::of(&[2], 3);
        let rows = digested(&journal.rows[2..]);
        let mut forged = seal(&other, journal.head(), &rows, 1).unwrap();
        journal.seals.push(forged.clone());
        let key_name = other.name();
        let faults = journal.faults(None);
        assert_eq!(
            faults,
            [Fault::OtherKey {
                number: 2,
                key_name
            }]
        );
        forged.key_name = key().name();
        *journal.seals.last_mut().unwrap() = forged;
        assert_eq!(journal.faults(None), [Fault::SealChanged { number: 2 }]);
    }
}

#[test]
fn a_seal_ends_before_a_gap_and_at_its_largest_size() {
    let rows: Vec<Row> = (1..=5)
        .filter(|id| *id != 4)
        .map(|id| Row::of(id, []))
        .collect();
    let made = seal(&key(), Head::default(), &rows, 1).unwrap();
    assert_eq!((made.first_id, made.last_id), (1, 3));
    assert_eq!(made.rows(), 3);
    let many: Vec<Row> = (1..=2_001).map(|id| Row::of(id, [])).collect();
    assert_eq!(
        seal(&key(), Head::default(), &many, 1).unwrap().last_id,
        2_000
    );
    assert_eq!(seal(&key(), Head::default(), &[], 1), None);
}
