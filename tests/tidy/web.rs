//! Static pages: every word in both languages, libraries with their licences, no file where a component answers.

use crate::tree::{at, files, folders, name, none, read, toml};
use std::collections::BTreeSet;
use std::path::Path;

/// The languages of the pages' own words.
const LANGUAGES: [&str; 2] = ["uk", "en"];

/// Pages with words; the empty one stands for what they share.
const PAGES: [&str; 3] = ["", "processes", "chat"];

/// The words of a page. The chat's come with its script, those of other pages lie where they are fetched.
fn words(page: &str, language: &str) -> BTreeSet<String> {
    let file = match page {
        "" => format!("web/public/i18n/{language}.json"),
        "chat" => format!("web/chat/words/{language}.json"),
        page => format!("web/public/i18n/{page}.{language}.json"),
    };
    let words: serde_json::Value = serde_json::from_str(&read(&at(&file))).unwrap();
    words.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn both_languages_have_the_same_words() {
    for page in PAGES {
        assert_eq!(words(page, "uk"), words(page, "en"), "{page}");
    }
}

#[test]
fn every_word_that_is_said_is_there() {
    let all: Vec<BTreeSet<String>> = LANGUAGES
        .iter()
        .map(|language| {
            PAGES
                .iter()
                .flat_map(|page| words(page, language))
                .collect()
        })
        .collect();
    let mut offenders = Vec::new();
    for path in pages_and_scripts() {
        let text = read(&path);
        let marks = [
            "text(\"",
            "data-text=\"",
            "data-label=\"",
            "data-placeholder=\"",
        ];
        let said = marks.iter().flat_map(|mark| {
            let rests = text.split(mark).skip(1);
            rests.filter_map(|rest| rest.split('"').next())
        });
        for id in said.filter(|id| !all.iter().all(|words| words.contains(*id))) {
            offenders.push(format!("{}: says '{id}', which there is not", name(&path)));
        }
    }
    none(offenders);
}

fn pages_and_scripts() -> Vec<std::path::PathBuf> {
    let own = |path: &Path| !name(path).contains("web/vendor/");
    let found = [".html", ".js", ".ts"].map(|ending| files("web", ending));
    found
        .into_iter()
        .flatten()
        .filter(|path| own(path))
        .collect()
}

#[test]
fn libraries_of_others_bring_their_licence_and_evaluate_nothing() {
    let notices = read(&at("web/vendor/README.md"));
    let mut offenders = Vec::new();
    for library in folders("web/vendor") {
        if !at(&format!("web/vendor/{library}/LICENSE.txt")).is_file() {
            offenders.push(format!("web/vendor/{library}: has no LICENSE.txt"));
        }
        for path in files(&format!("web/vendor/{library}"), ".js") {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            if !notices.contains(&format!("`{library}/{file}`")) {
                offenders.push(format!(
                    "{}: web/vendor/README.md does not name it",
                    name(&path)
                ));
            }
            let text = read(&path);
            if ["eval(", "new Function"]
                .iter()
                .any(|word| text.contains(word))
            {
                offenders.push(format!("{}: evaluates text as code", name(&path)));
            }
        }
    }
    none(offenders);
}

#[test]
fn no_file_lies_where_a_component_answers() {
    let manifest = toml(&at("spin.toml"));
    let triggers = manifest["trigger"]["http"].as_array().unwrap();
    let routes: Vec<&str> = triggers
        .iter()
        .filter_map(|trigger| trigger["route"].as_str())
        .filter(|route| *route != "/...")
        .collect();
    let mut offenders = Vec::new();
    for path in files("web", "") {
        let address = name(&path);
        let address = address
            .trim_start_matches("web/")
            .trim_start_matches("public/");
        for route in routes.iter().filter(|route| takes(route, address)) {
            offenders.push(format!(
                "web/{address}: {route} answers there; call the folder otherwise"
            ));
        }
    }
    none(offenders);
}

/// Whether a route takes an address, segment by segment; `:org` is any segment, `...` the rest.
fn takes(route: &str, address: &str) -> bool {
    let route: Vec<&str> = route.trim_start_matches('/').split('/').collect();
    let address: Vec<&str> = address.split('/').collect();
    let open = route.last() == Some(&"...");
    let fixed = if open {
        &route[..route.len() - 1]
    } else {
        &route[..]
    };
    let long_enough = if open {
        address.len() > fixed.len()
    } else {
        address.len() == fixed.len()
    };
    let pairs = fixed.iter().zip(&address);
    long_enough
        && pairs
            .into_iter()
            .all(|(fixed, given)| fixed.starts_with(':') || fixed == given)
}

#[test]
fn an_organisation_route_takes_any_first_segment() {
    for (route, address, expected) in [
        ("/:org/processes/...", "js/processes/main.js", true),
        ("/:org/processes/...", "js/viewer/main.js", false),
        ("/:org/processes/...", "processes/main.js", false),
        ("/:org/telegram", "js/telegram", true),
        ("/:org/telegram", "js/telegram/x.js", false),
        ("/core/auth/...", "core/auth/x.js", true),
    ] {
        assert_eq!(takes(route, address), expected, "{route} {address}");
    }
}
