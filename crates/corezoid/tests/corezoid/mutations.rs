//! Damaged and hostile files: every real file is changed at random, in its bytes and in its structure. Whatever comes
//! of it is read or refused with a place and a reason, in time and without a panic.
//!
//! Chance comes from the number of the case, so a failure names all it takes to see it again. `VIKNO_MUTATIONS=20000`
//! tries that many cases of each file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use vikno_corezoid::files::BrokenFile;
use vikno_process::{Problem, validate};

use crate::support::{documents, own_file, real_files, take};

/// Cases of each file: with 17 files some seconds in a build without optimisation.
const CASES: u64 = 100;
/// One case takes milliseconds; what needs a thousand times as long grows with something other than the file.
const CASE_TIME_MAX: Duration = Duration::from_secs(10);
/// What is told of a file, in proportion to it: a finding is a sentence or two about some bytes of JSON.
const TOLD_PER_BYTE_MAX: usize = 100;
/// The same of the smallest file.
const TOLD_BYTES_MIN: usize = 10_000;
/// Changes made to one file, so that one does not always hide the next.
const CHANGES_MAX: usize = 4;
/// How deep a value is wrapped, beyond the 128 levels at which JSON readers stop.
const WRAPPINGS: usize = 140;
/// How often an element is repeated.
const REPETITIONS: usize = 200;

/// What stumbles readers of JSON, of placeholders and of expressions.
const FRAGMENTS: [&str; 20] = [
    "{{",
    "}}",
    "{{{{a}}}}",
    "{{conv[1].ref[{{x}}].y}}",
    "{{node[].count}}",
    "{{a[99999999999999999999]}}",
    "$.date({{",
    "$.math(1/0)",
    "$.random(9,1)",
    "$.map(\"fun(X) -> X\",{{list}})",
    "\"",
    "\\",
    "\\ud800",
    "\u{0}",
    "\u{feff}",
    "і́🇺🇦",
    "[[[[[[[[",
    "-0",
    "1e999",
    "9223372036854775808",
];

/// SplitMix64: chance by number.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let state = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^ (state >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn cases() -> u64 {
    let wanted = std::env::var("VIKNO_MUTATIONS").ok();
    wanted.map_or(CASES, |wanted| wanted.parse().expect("a number of cases"))
}

/// Tries a way of changing files with all of them. Both ends have to be seen.
fn check(files: &[(String, Vec<u8>)], change: impl Fn(&mut Chance, &[u8]) -> Vec<u8>) {
    let (mut read, mut refused) = (0, 0);
    for (name, bytes) in files {
        for case in 0..cases() {
            let mut chance = Chance(case);
            let changed = change(&mut chance, bytes);
            let start = Instant::now();
            let looked_at = catch_unwind(AssertUnwindSafe(|| look_at(name, &changed)));
            match looked_at {
                Ok(true) => read += 1,
                Ok(false) => refused += 1,
                Err(_) => panic!("case {case} of {name} panics"),
            }
            let took = start.elapsed();
            assert!(took < CASE_TIME_MAX, "case {case} of {name}: {took:?}");
        }
    }
    assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
}

/// What is read can be checked, and each problem says where; what is not says where and why. Whether it is read.
fn look_at(name: &str, bytes: &[u8]) -> bool {
    let taken = take(name, bytes);
    let is_read = taken.is_ok();
    let told = match taken {
        Ok(import) => {
            let documents = documents(&import);
            let problems = validate(&documents);
            for problem in &problems {
                assert!(documents.contains_key(&problem.process), "{problem}");
                assert!(!problem.message.is_empty(), "{problem:?}");
            }
            let told: String = problems.iter().map(Problem::to_string).collect();
            told.len() + import.report.to_string().len()
        }
        Err(refused) => {
            assert!(!refused.broken.is_empty());
            refused
                .broken
                .iter()
                .for_each(|fault| located(fault, name, bytes));
            refused.to_string().len()
        }
    };
    let told_max = TOLD_BYTES_MIN.max(bytes.len() * TOLD_PER_BYTE_MAX);
    assert!(told < told_max, "{told} bytes about {}", bytes.len());
    is_read
}

fn located(fault: &BrokenFile, name: &str, bytes: &[u8]) {
    assert!(!fault.reason.is_empty(), "{fault}");
    let Some(entry) = fault.file.strip_prefix(name) else {
        panic!("{fault}: of another file than {name}");
    };
    let Some((line, column)) = fault.place else {
        return;
    };
    assert!(line >= 1 && column >= 1, "{fault}");
    if entry.is_empty() {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let found = lines
            .nth(line - 1)
            .unwrap_or_else(|| panic!("{fault}: no such line"));
        assert!(column <= found.len() + 1, "{fault}: no such column");
    }
}

fn changed_bytes(chance: &mut Chance, bytes: &[u8], others: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=chance.below(CHANGES_MAX) {
        let at = chance.below(bytes.len());
        let end = bytes.len().min(at + 1 + chance.below(60));
        match chance.below(7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => drop(bytes.splice(at..at, chance.of(&FRAGMENTS).bytes())),
            3 => {
                let repeated = bytes[at..end].repeat(1 + chance.below(REPETITIONS));
                bytes.splice(at..at, repeated);
            }
            4 => {
                let (_, other) = chance.of(others);
                let from = chance.below(other.len());
                let taken = &other[from..other.len().min(from + 200)];
                bytes.splice(at..end, taken.iter().copied());
            }
            _ => {
                let byte = chance.next() as u8;
                if let Some(old) = bytes.get_mut(at) {
                    *old = byte;
                }
            }
        }
    }
    bytes
}

fn changed_structure(chance: &mut Chance, bytes: &[u8], others: &[Value]) -> Vec<u8> {
    let mut file: Value = serde_json::from_slice(bytes).expect("a real file is JSON");
    for _ in 0..=chance.below(CHANGES_MAX) {
        let at = chance.below(size(&file));
        if let Some(value) = find(&mut file, &mut { at }) {
            change_value(chance, value, others);
        }
    }
    file.to_string().into_bytes()
}

/// How many values there are, the whole included.
fn size(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    };
    inner + 1
}

/// The value at a place, counted from the outermost on.
fn find<'v>(value: &'v mut Value, at: &mut usize) -> Option<&'v mut Value> {
    if *at == 0 {
        return Some(value);
    }
    *at -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| find(item, at)),
        Value::Object(fields) => fields.values_mut().find_map(|item| find(item, at)),
        _ => None,
    }
}

fn change_value(chance: &mut Chance, value: &mut Value, others: &[Value]) {
    let scalars = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(0.5),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(""),
        json!([]),
        json!({}),
    ];
    match (chance.below(8), &mut *value) {
        (0 | 1, Value::String(text)) => {
            let mut at = chance.below(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            let fragment: &&str = chance.of(&FRAGMENTS);
            text.insert_str(at, fragment);
        }
        (0, Value::Array(items)) if !items.is_empty() => {
            let item = chance.of(items).clone();
            items.extend(std::iter::repeat_n(item, REPETITIONS));
        }
        (1, Value::Array(items)) if !items.is_empty() => {
            let at = chance.below(items.len());
            items.remove(at);
        }
        (0, Value::Object(fields)) => {
            let name = fields.keys().nth(chance.below(fields.len())).cloned();
            if let Some(taken) = name.and_then(|name| fields.remove(&name)) {
                fields.insert((*chance.of(&FRAGMENTS)).to_owned(), taken);
            }
        }
        (1, Value::Object(fields)) => {
            let name = fields.keys().nth(chance.below(fields.len())).cloned();
            name.and_then(|name| fields.remove(&name));
        }
        (2, value) => {
            let (mut other, at) = (chance.of(others).clone(), chance.next() as usize);
            let mut at = at % size(&other);
            *value = find(&mut other, &mut at)
                .map(Value::take)
                .unwrap_or_default();
        }
        (3, value) => {
            let is_list = chance.below(2) == 0;
            for _ in 0..WRAPPINGS {
                let inner = value.take();
                *value = match is_list {
                    true => Value::Array(vec![inner]),
                    false => Value::Object(Map::from_iter([("extra".to_owned(), inner)])),
                };
            }
        }
        (4, value) => *value = (*chance.of(&FRAGMENTS)).into(),
        (_, value) => *value = chance.of(&scalars).clone(),
    }
}

#[test]
fn changed_bytes_are_read_or_refused_with_place_and_reason() {
    let mut files = Vec::from_iter(real_files());
    let archive = "sample_process.zip";
    files.push((archive.to_owned(), own_file(archive)));
    check(&files, |chance, bytes| changed_bytes(chance, bytes, &files));
}

#[test]
fn changed_structures_are_read_or_refused_with_place_and_reason() {
    let files: Vec<(String, Vec<u8>)> = real_files()
        .into_iter()
        .filter(|(_, bytes)| serde_json::from_slice::<Value>(bytes).is_ok())
        .collect();
    let values: Vec<Value> = files
        .iter()
        .filter_map(|(_, bytes)| serde_json::from_slice(bytes).ok())
        .collect();
    check(&files, |chance, bytes| {
        changed_structure(chance, bytes, &values)
    });
}
