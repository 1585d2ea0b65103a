//! How many turns a second one core takes: `cargo run --profile bench -p vikno-simulator --example turns`.
#![allow(clippy::print_stdout, reason = "it is for a terminal")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use vikno_organisation::{OrganisationFiles, SharedFiles};
use vikno_simulator::{Centre, speed};

const WARM_UP: usize = 500;
const MEASURED: usize = 10_000;

fn files(folder: &Path, ending: &str) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut found = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if let Some(stem) = name.strip_suffix(ending) {
            let name = if ending == ".ftl" { stem } else { name };
            found.insert(name.to_owned(), fs::read_to_string(&path)?);
        }
    }
    Ok(found)
}

/// Time that this process had a core for, where the system tells it (Linux): what else runs does not count then.
fn on_core(start: Instant) -> Duration {
    let told = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = told
        .split_whitespace()
        .next()
        .and_then(|ns| ns.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

fn turns(centre: &Centre, dialogues: usize) -> f64 {
    let start = Instant::now();
    let before = on_core(start);
    let turns: usize = (0..dialogues)
        .map(|number| speed::dialogue(centre, number))
        .sum();
    turns as f64 / (on_core(start) - before).as_secs_f64()
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../organisations");
    let (shared, own) = (folder.join("_templates"), folder.join("ukc"));
    let shared = SharedFiles {
        texts: files(&shared.join("texts"), ".ftl")?,
        processes: files(&shared.join("processes"), ".json")?,
    };
    let own = OrganisationFiles {
        folder: "ukc".to_owned(),
        settings: fs::read_to_string(own.join("organisation.toml"))?,
        replies: fs::read_to_string(own.join("replies.toml"))?,
        texts: files(&own.join("texts"), ".ftl")?,
        processes: files(&own.join("processes"), ".json")?,
    };
    let centre = Centre::build(&shared, &own, &[])?;
    turns(&centre, WARM_UP);
    println!("{:.0} turns a second on one core", turns(&centre, MEASURED));
    Ok(())
}
