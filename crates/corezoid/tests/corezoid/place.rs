//! What an import writes, and what it leaves alone.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect;
use serde_json::json;
use vikno_corezoid::files::{
    Change, Import, Occupied, OrganisationFolder, Overwrite, into_folder, into_organisation,
};

use crate::support::{small, taken, zip};

const SETTINGS: &str = r#"# The settings of a ministry.
id = "ukc"
processes = [
    "project", # the heart
    "queue",
]

[name] # shown to citizens
uk = "Урядовий контактний центр"
"#;

fn two() -> Import {
    let processes = json!([small(100, "Payment"), small(200, "Queue")]).to_string();
    let aliases =
        json!([{"short_name": "queue", "obj_to_id": 200, "obj_to_type": "conv"}]).to_string();
    let variables = json!({
        "url": {"value": "https://a.example"}, "limit": {"value": 5}, "list": {"value": [1]}, "key": {}});
    let bytes = zip(&[
        ("p.json", processes.as_bytes()),
        ("_ALIASES_.json", aliases.as_bytes()),
        ("_ENV_VARS_.json", variables.to_string().as_bytes()),
    ]);
    taken("two.zip", &bytes)
}

fn files(names: &[&str]) -> BTreeMap<String, String> {
    names
        .iter()
        .map(|name| ((*name).to_owned(), "{}".to_owned()))
        .collect()
}

fn place(own: &[&str], shared: &[&str], overwrite: Overwrite) -> Result<Vec<Change>, Occupied> {
    let (own, shared) = (files(own), files(shared));
    let folder = OrganisationFolder {
        settings: SETTINGS,
        own: &own,
        shared: &shared,
    };
    into_organisation(&two(), &folder, overwrite)
}

fn paths(changes: &[Change]) -> Vec<String> {
    let paths = changes.iter().map(|change| match change {
        Change::Write { path, .. } => path.clone(),
        Change::Remove { path } => format!("- {path}"),
    });
    paths.collect()
}

#[test]
fn processes_are_written_and_listed_and_comments_stay() {
    let changes = place(&[], &[], Overwrite::Refuse).unwrap();
    assert_eq!(
        paths(&changes),
        [
            "processes/payment.json",
            "processes/queue.json",
            "organisation.toml"
        ]
    );
    let Some(Change::Write { text, .. }) = changes.last() else {
        panic!("the settings are written last")
    };
    expect![[r#"
        # The settings of a ministry.
        id = "ukc"
        processes = [
            "project", # the heart
            "queue",
            "payment",
        ]

        [name] # shown to citizens
        uk = "Урядовий контактний центр"

        [variables]
        limit = 5
        list = "[1]"
        url = "https://a.example"
    "#]]
    .assert_eq(text);
    let Change::Write { text, .. } = &changes[0] else {
        panic!("a process is written")
    };
    assert_eq!(
        vikno_process::parse(text.as_bytes()).unwrap().title,
        "Payment"
    );
}

#[test]
fn a_list_in_one_line_stays_in_one_line() {
    let own = BTreeMap::new();
    let folder = OrganisationFolder {
        settings: "processes = [\"project\", \"queue\"]\n[variables]\nurl = \"mine\"\n",
        own: &own,
        shared: &own,
    };
    let changes = into_organisation(&two(), &folder, Overwrite::Refuse).unwrap();
    let Some(Change::Write { text, .. }) = changes.last() else {
        panic!("the settings are written last")
    };
    expect![[r#"
        processes = ["project", "queue", "payment"]
        [variables]
        url = "mine"
        limit = 5
        list = "[1]"
    "#]]
    .assert_eq(text);
}

#[test]
fn what_is_there_is_replaced_only_when_asked_for() {
    for (own, shared, taken) in [
        (vec!["queue.json"], vec![], "processes/queue.json"),
        (
            vec!["queue.nodes.json"],
            vec!["queue.json"],
            "processes/queue.json",
        ),
        (vec![], vec!["queue.json"], "the shared process queue"),
    ] {
        let refused = place(&own, &shared, Overwrite::Refuse);
        assert_eq!(refused, Err(Occupied::Taken(vec![taken.to_owned()])));
        assert!(place(&own, &shared, Overwrite::Replace).is_ok());
    }
    // A shared process that the organisation does not use is nobody's loss.
    assert!(place(&[], &["payment.json"], Overwrite::Refuse).is_ok());
    let changes = place(&["queue.nodes.json"], &[], Overwrite::Replace).unwrap();
    assert!(paths(&changes).contains(&"- processes/queue.nodes.json".to_owned()));
}

#[test]
fn settings_that_cannot_be_changed_are_told() {
    let own = BTreeMap::new();
    for (settings, reason) in [
        ("= 5", "is not valid TOML"),
        ("id = \"ukc\"", "has no list `processes`"),
    ] {
        let folder = OrganisationFolder {
            settings,
            own: &own,
            shared: &own,
        };
        let refused = into_organisation(&two(), &folder, Overwrite::Replace).unwrap_err();
        assert!(
            refused
                .to_string()
                .starts_with(&format!("organisation.toml: {reason}")),
            "{refused}"
        );
    }
}

#[test]
fn any_folder_takes_the_bare_files() {
    let changes = into_folder(&two(), &BTreeSet::new(), Overwrite::Refuse).unwrap();
    assert_eq!(paths(&changes), ["payment.json", "queue.json"]);
    let present = BTreeSet::from(["queue.json".to_owned(), "other.json".to_owned()]);
    let refused = into_folder(&two(), &present, Overwrite::Refuse).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "nothing is written, since these are there already (--force replaces them): queue.json"
    );
    assert!(into_folder(&two(), &present, Overwrite::Replace).is_ok());
}
