//! How many turns a second one core takes: `cargo run --profile bench -p vikno-simulator --example turns`.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use vikno_organisation::{OrganisationFiles, SharedFiles};
use vikno_simulator::{Centre, speed};

const WARM_UP: Duration = Duration::from_secs(1);
const MEASURED: Duration = Duration::from_secs(5);

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

fn turns(centre: &Centre, length: Duration) -> f64 {
    let (mut turns, mut number) = (0, 0);
    let start = Instant::now();
    while start.elapsed() < length {
        // A hundred between two looks at the clock.
        for _ in 0..100 {
            turns += speed::dialogue(centre, number);
            number += 1;
        }
    }
    turns as f64 / start.elapsed().as_secs_f64()
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
        texts: files(&own.join("texts"), ".ftl")?,
        processes: files(&own.join("processes"), ".json")?,
    };
    let centre = Centre::build(&shared, &own, &[])?;
    turns(&centre, WARM_UP);
    println!("{:.0} turns a second on one core", turns(&centre, MEASURED));
    Ok(())
}
