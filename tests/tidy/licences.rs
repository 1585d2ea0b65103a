//! Every package that is compiled in has a licence that `deny.toml` allows.

use crate::tree::{at, none, root, toml};
use std::process::Command;

/// Whether a licence expression is met by allowed licences: `OR` and the old `/` choose, `AND` and `WITH` bind.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words, allowed)
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words, allowed: &[String]) -> bool {
    let mut met = all(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= all(words, allowed);
    }
    met
}

fn all(words: &mut Words, allowed: &[String]) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words, allowed: &[String]) -> bool {
    match words.next() {
        Some("(") => {
            let met = either(words, allowed);
            words.next_if_eq(&")").is_some() && met
        }
        Some(name) => {
            let exception = words.next_if_eq(&"WITH").and_then(|_| words.next());
            let name = exception.map_or(name.to_owned(), |exception| {
                format!("{name} WITH {exception}")
            });
            allowed.contains(&name)
        }
        None => false,
    }
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let deny = toml(&at("deny.toml"));
    let allowed = deny["licenses"]["allow"].as_array().unwrap();
    let allowed: Vec<String> = allowed
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(
        packages.len() > 100,
        "cargo names {} packages only",
        packages.len()
    );
    let offenders = packages.iter().filter_map(|package| {
        let licence = package["license"].as_str().unwrap_or("none given");
        (!is_allowed(licence, &allowed)).then(|| format!("{}: {licence}", package["name"]))
    });
    none(offenders.collect());
}

#[test]
fn a_choice_needs_one_allowed_licence_and_a_sum_needs_all() {
    let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only/MIT", true),
        ("MIT AND GPL-3.0-only", false),
        (
            "(GPL-3.0-only OR MIT) AND Apache-2.0 WITH LLVM-exception",
            true,
        ),
        ("Apache-2.0", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}
