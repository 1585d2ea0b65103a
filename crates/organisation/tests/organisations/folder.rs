//! The files of all ten: complete, in agreement, and each different from the template where it says so.

use crate::files::{ORGANISATIONS, bundle, folder, organisation, own, shared};
use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::Language;
use vikno_organisation::{Organisation, OrganisationFiles, SharedFiles, check};
use vikno_process::ProcessDocument;

#[test]
fn the_folder_holds_exactly_the_ten_organisations() {
    let entries = std::fs::read_dir(folder()).unwrap();
    let names: BTreeSet<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| name != "_templates")
        .collect();
    assert_eq!(names, ORGANISATIONS.map(String::from).into());
}

#[test]
fn every_organisation_passes_its_check() {
    let shared = shared();
    for id in ORGANISATIONS {
        let problems = check(&shared, &own(id));
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, Vec::<String>::new());
    }
}

#[test]
fn every_organisation_speaks_ukrainian_and_english() {
    for id in ORGANISATIONS {
        let languages = ["uk", "en"].map(|code| Language::parse(code).unwrap());
        assert_eq!(organisation(id).languages, languages, "{id}");
    }
}

#[test]
fn two_organisations_have_seventeen_processes_and_the_others_fifteen() {
    for id in ORGANISATIONS {
        let expected = if ["ukc", "mindov"].contains(&id) {
            17
        } else {
            15
        };
        let organisation = organisation(id);
        assert_eq!(organisation.processes.len(), expected, "{id}");
        assert_eq!(organisation.operations.len(), 5, "{id}");
        assert_eq!(bundle(id).processes().len(), expected + 5, "{id}");
    }
}

#[test]
fn processes_are_called_as_the_organisation_calls_them() {
    let titles = |id: &str| -> BTreeMap<String, String> {
        let bundle = bundle(id);
        let titles = bundle.processes().iter();
        titles
            .map(|(alias, process)| (alias.clone(), process["title"].as_str().unwrap().to_owned()))
            .collect()
    };
    let ukc = titles("ukc");
    assert_eq!(ukc["digitalcore"], "Administration DigitalCore");
    assert_eq!(ukc["project"], "UKC Project");
    assert_eq!(ukc["queue"], "UKC Project->Queue");
    let mindov = titles("mindov");
    assert_eq!(
        mindov["client-voted"],
        "Mindov Project->Sender-> Client voted for the dialogue"
    );
    for id in ORGANISATIONS {
        assert!(
            titles(id).values().all(|title| !title.contains('{')),
            "{id}"
        );
    }
}

#[test]
fn every_process_of_every_organisation_validates() {
    for id in ORGANISATIONS {
        let documents: BTreeMap<String, ProcessDocument> = bundle(id)
            .processes()
            .iter()
            .map(|(alias, process)| {
                let document = vikno_process::parse(process.to_string().as_bytes()).unwrap();
                (alias.clone(), document)
            })
            .collect();
        let problems = vikno_process::validate(&documents);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, Vec::<String>::new(), "{id}");
    }
}

#[test]
fn the_same_files_make_the_same_version_and_a_changed_node_another() {
    assert_eq!(bundle("mou").version(), bundle("mou").version());
    assert_ne!(bundle("mou").json(), bundle("mon").json());
    assert_ne!(bundle("mou").version(), bundle("mon").version());
}

#[test]
fn overrides_change_what_they_name_and_nothing_else() {
    let changed = |id: &str, alias: &str| -> BTreeSet<String> {
        let nodes = |id: &str| -> BTreeMap<String, serde_json::Value> {
            let bundle = bundle(id);
            let nodes = bundle.processes()[alias]["scheme"]["nodes"]
                .as_array()
                .unwrap();
            let named = nodes.iter();
            named
                .map(|node| (node["id"].as_str().unwrap().to_owned(), node.clone()))
                .collect()
        };
        // mon has no override at all: it is the template.
        let (template, own) = (nodes("mon"), nodes(id));
        let ids: BTreeSet<&String> = template.keys().chain(own.keys()).collect();
        ids.into_iter()
            .filter(|node| template.get(*node) != own.get(*node))
            .cloned()
            .collect()
    };
    let set =
        |ids: &[&str]| -> BTreeSet<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
    assert_eq!(changed("minsoc", "project"), set(&["by-intent", "remind"]));
    assert_eq!(
        changed("ukco", "queue"),
        set(&["say-closed", "working-hours"])
    );
    assert_eq!(
        changed("mou", "project"),
        set(&[
            "ask-queue-after-failure",
            "failure-needs-person",
            "technical-failure"
        ])
    );
    assert_eq!(changed("diia", "project"), set(&[]));
}

/// A check that finds nothing in good files has to find something in bad ones.
#[test]
fn the_check_finds_what_does_not_fit() {
    let find = |change: &dyn Fn(&mut SharedFiles, &mut OrganisationFiles)| -> Vec<String> {
        let (mut shared, mut own) = (shared(), own("mon"));
        change(&mut shared, &mut own);
        let problems = check(&shared, &own);
        problems.iter().map(ToString::to_string).collect()
    };
    let contains = |told: Vec<String>, words: &str| {
        assert!(
            told.iter().any(|told| told.contains(words)),
            "{words} is not in {told:#?}"
        );
    };
    contains(
        find(&|_, own| own.folder = "mom".into()),
        "mom/organisation.toml: id: the folder is called 'mom'",
    );
    contains(
        find(&|_, own| {
            let en = own.texts.get_mut("en").unwrap();
            *en = en.replace("answer-school", "answer-schol");
        }),
        "mon/texts/en.ftl: answer-school: no such text",
    );
    contains(
        find(&|_, own| {
            own.texts.remove("en");
        }),
        "mon/texts/en.ftl: is missing",
    );
    contains(
        find(&|_, own| {
            own.texts
                .get_mut("uk")
                .unwrap()
                .push_str("\nwelcome = { $name }\n")
        }),
        "mon/texts/uk.ftl: welcome: names { $name }, which it is never given",
    );
    contains(
        find(&|_, own| {
            own.texts
                .get_mut("uk")
                .unwrap()
                .push_str("\nthis is no text\n")
        }),
        "not valid Fluent",
    );
    contains(
        find(&|_, own| {
            own.replies = own
                .replies
                .replace("under = \"school\"", "under = \"scool\"")
        }),
        "mon/replies.toml: reply.school-first.under: no reply 'scool'",
    );
    contains(
        find(&|shared, _| {
            shared.processes.remove("queue.json");
        }),
        "no process 'queue'",
    );
    contains(
        find(&|shared, _| {
            let project = shared.processes.get_mut("project.json").unwrap();
            *project = project.replace("@client-voted", "@client-votes");
        }),
        "mon/processes/project.json: take-vote: calls @client-votes",
    );
    contains(
        find(&|shared, _| {
            let project = shared.processes.get_mut("project.json").unwrap();
            *project = project.replace("still-there", "stil-there");
        }),
        "mon/texts/uk.ftl: stil-there: no such text",
    );
    contains(
        find(&|shared, _| {
            let queue = shared.processes.get_mut("queue.json").unwrap();
            *queue = queue.replace("http://queue.spin.internal/", "https://example.com/");
        }),
        "mon/processes/queue.json: ask: calls \"https://example.com/\", which is no step",
    );
    contains(
        find(&|_, own| {
            own.processes.insert(
                "queue.nodes.json".into(),
                r#"[{"id":"none","removed":true}]"#.into(),
            );
        }),
        "mon/processes/queue.nodes.json: none: is removed but is not in the process",
    );
    contains(
        find(&|_, own| {
            own.processes.insert("greeting.json".into(), "{}".into());
        }),
        "mon/processes/greeting.json: belongs to no listed process",
    );
    contains(
        find(&|_, own| {
            own.processes
                .insert("queue.json".into(), "{\n  \"scheme\": oops\n}".into());
        }),
        "mon/processes/queue.json: line 2: not valid JSON",
    );
}

#[test]
fn variables_of_the_settings_are_seen_by_processes() {
    let variables = "[variables]\nform_url = \"https://ukc.gov.ua/form\"\nlimit = 5\n\n[name]";
    let settings = own("ukc").settings.replace("[name]", variables);
    let env = Organisation::parse(&settings).unwrap().env();
    assert_eq!(env["form_url"], "https://ukc.gov.ua/form");
    assert_eq!(env["limit"], 5);
    assert_eq!(env["project"], "UKC");
}
