//! The bridge between a real directory (`slapd`) and a stand-in of Vikno, run as people run it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests"
)]

mod server;
mod standin;

use libtest_mimic::{Arguments, Trial};
use serde_json::json;
use server::{BASE, Slapd, group, group_dn, person, person_dn};
use standin::Standin;
use std::fs;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    // There is nothing to try without a directory.
    let is_there = server::find().is_some();
    let tests: [(&str, fn()); 8] = [
        (
            "people_come_change_go_and_come_back",
            people_come_change_go_and_come_back,
        ),
        (
            "people_name_their_groups_themselves",
            people_name_their_groups_themselves,
        ),
        (
            "large_directories_are_read_by_pages",
            large_directories_are_read_by_pages,
        ),
        (
            "an_answer_that_is_not_whole_changes_nothing",
            an_answer_that_is_not_whole_changes_nothing,
        ),
        (
            "the_brake_holds_until_a_person_says_otherwise",
            the_brake_holds_until_a_person_says_otherwise,
        ),
        (
            "others_are_left_alone_or_adopted",
            others_are_left_alone_or_adopted,
        ),
        (
            "a_refused_change_stops_no_other",
            a_refused_change_stops_no_other,
        ),
        (
            "whatever_is_missing_or_wrong_ends_it",
            whatever_is_missing_or_wrong_ends_it,
        ),
    ];
    let tests = tests.map(|(name, test)| {
        let trial = Trial::test(name, move || {
            test();
            Ok(())
        });
        trial.with_ignored_flag(!is_there)
    });
    libtest_mimic::run(&Arguments::from_args(), tests.into()).exit_code()
}

/// A directory, a Vikno, and what leads from one to the other.
struct Case {
    slapd: Slapd,
    vikno: Standin,
    folder: tempfile::TempDir,
    configuration: String,
}

/// How a run ended, and what it printed.
struct Ran {
    code: i32,
    output: String,
}

impl Ran {
    #[track_caller]
    fn expect(&self, code: i32, lines: &[&str]) {
        assert_eq!(self.code, code, "{}", self.output);
        for line in lines {
            assert!(
                self.output.contains(line),
                "{line} is not in:\n{}",
                self.output
            );
        }
    }
}

impl Case {
    fn new(entries: &str) -> Self {
        let (slapd, vikno) = (Slapd::start(entries), Standin::start());
        let configuration = format!(
            r#"
[directory]
kind = "openldap"
url = "{}"
ca_file = "{}"
bind_dn = "{}"
timeout_s = 20
[people]
base = "ou=people,{BASE}"
phone_prefix = "+38"
disabled = {{ attribute = "employeeType", value = "dismissed" }}
[groups]
base = "ou=groups,{BASE}"
[vikno]
url = "{}"
[[rules]]
group = "{}"
roles = {{ ukc = ["operator"] }}
groups = {{ ukc = ["First line"] }}
[[rules]]
group = "{}"
roles = {{ ukc = ["supervisor"], mou = ["supervisor"] }}
"#,
            slapd.tls_url(),
            slapd.ca_file().display(),
            server::BRIDGE,
            vikno.url,
            group_dn("Operators").replace("cn=", "CN = "),
            group_dn("Heads"),
        );
        let folder = tempfile::tempdir().unwrap();
        Self {
            slapd,
            vikno,
            folder,
            configuration,
        }
    }

    fn with(mut self, what: &str, with: &str) -> Self {
        assert!(self.configuration.contains(what), "{what}");
        self.configuration = self.configuration.replace(what, with);
        self
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    /// `changed` are variables that have another value, or none.
    fn run_with(&self, arguments: &[&str], changed: &[(&str, Option<&str>)]) -> Ran {
        let file = self.folder.path().join("ldap.toml");
        fs::write(&file, &self.configuration).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_vikno-ldap"));
        command
            .args(arguments)
            .arg("--config")
            .arg(&file)
            .env_clear();
        command.env("VIKNO_LDAP_PASSWORD", server::PASSWORD);
        command
            .env("VIKNO_LOGIN", standin::LOGIN)
            .env("VIKNO_PASSWORD", standin::PASSWORD);
        for (name, value) in changed {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let ran = command.output().unwrap();
        let texts = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        let output = texts.concat();
        for secret in [server::PASSWORD, standin::PASSWORD, "made up"] {
            assert!(!output.contains(secret), "{output}");
        }
        Ran {
            code: ran.status.code().unwrap(),
            output,
        }
    }
}

fn three_people() -> String {
    [
        person("Olena.Koval", "Olena Koval", "(067) 123-45-67"),
        person("ivan", "Ivan Bondar", ""),
        person("maria", "Maria Shevchuk", "+380501112233"),
        person("nobody", "Nobody", ""),
        group(
            "Operators",
            &[
                person_dn("Olena.Koval"),
                person_dn("ivan"),
                group_dn("Heads"),
            ],
        ),
        group("Heads", &[person_dn("maria")]),
    ]
    .concat()
}

fn people_come_change_go_and_come_back() {
    let case = Case::new(&three_people());
    let vikno = &case.vikno;
    let added = "add olena.koval: +*:directory, +ukc:operator";
    case.run(&["plan"]).expect(
        2,
        &[
            added,
            "make the role directory\n",
            "6 changes would be made",
        ],
    );
    assert_eq!(
        (vikno.writes(), vikno.shown("ivan")),
        (0, "nobody".to_owned())
    );

    case.run(&["apply"]).expect(
        0,
        &[
            added,
            "group ukc/First line: +ivan, +maria, +olena.koval",
            "6 changes made",
        ],
    );
    let operator = r#"{"*":["directory"],"ukc":["operator"]}"#;
    assert_eq!(
        vikno.shown("olena.koval"),
        format!("on, Olena Koval, +380671234567, {operator}")
    );
    assert_eq!(
        vikno.shown("ivan"),
        format!("on, Ivan Bondar, -, {operator}")
    );
    let head = r#"{"*":["directory"],"mou":["supervisor"],"ukc":["operator","supervisor"]}"#;
    assert_eq!(
        vikno.shown("maria"),
        format!("on, Maria Shevchuk, +380501112233, {head}")
    );
    assert_eq!(vikno.shown("nobody"), "nobody");
    assert_eq!(vikno.members(), ["ivan", "maria", "olena.koval", "petro"]);
    assert_eq!(vikno.state().groups[0]["queues"], json!(["general"]));
    assert_eq!(vikno.writes(), 6);

    case.run(&["plan"]).expect(0, &["nothing to change"]);
    case.run(&["apply"]).expect(0, &["nothing to change"]);
    assert_eq!(vikno.writes(), 0);

    let case = case.with("[vikno]", "[vikno]\nbrake_percent = 70");
    case.slapd.set("olena.koval", "cn", "Olena Bondar");
    case.slapd.set("olena.koval", "mobile", "+380631234567");
    case.slapd.set("ivan", "employeeType", "Dismissed");
    case.slapd.remove("maria");
    let gone = "switch off ivan: +*:directory_gone, -*:directory, -ukc:operator";
    case.run(&["apply"]).expect(
        0,
        &[
            "change olena.koval: name, phone\n",
            gone,
            "switch off maria",
            "4 changes made",
        ],
    );
    let vikno = &case.vikno;
    assert_eq!(
        vikno.shown("olena.koval"),
        format!("on, Olena Bondar, +380631234567, {operator}")
    );
    assert_eq!(
        vikno.shown("ivan"),
        r#"off, Ivan Bondar, -, {"*":["directory_gone"]}"#
    );
    assert_eq!(vikno.members(), ["olena.koval", "petro"]);
    case.run(&["apply"]).expect(0, &["nothing to change"]);

    case.slapd.set("ivan", "employeeType", "staff");
    case.run(&["apply"]).expect(
        0,
        &[
            "switch on ivan",
            "group ukc/First line: +ivan",
            "2 changes made",
        ],
    );
    assert_eq!(
        vikno.shown("ivan"),
        format!("on, Ivan Bondar, -, {operator}")
    );

    // An administrator has the last word.
    vikno
        .state()
        .people
        .iter_mut()
        .find(|person| person["login"] == "ivan")
        .unwrap()["active"] = json!(false);
    case.run(&["apply"])
        .expect(0, &["note: ivan: stays switched off", "nothing to change"]);
}

fn people_name_their_groups_themselves() {
    let groups = format!("[groups]\nbase = \"ou=groups,{BASE}\"");
    let case = Case::new(&three_people()).with(&groups, "[groups]\nfrom = \"person\"");
    // The overlay fills in `memberOf` as members are named.
    let heads = group_dn("Heads");
    case.slapd.administer(|connection| {
        let members = std::collections::HashSet::from([person_dn("ivan"), person_dn("maria")]);
        let members = members.iter().map(String::as_str).collect();
        connection.modify(&heads, vec![ldap3::Mod::Replace("member", members)])
    });
    let ran = case.run(&["apply"]);
    ran.expect(
        0,
        &[
            "add ivan: +*:directory, +mou:supervisor",
            "note: nobody who was found is in the group CN = Operators",
        ],
    );
    case.run(&["apply"]).expect(0, &["nothing to change"]);
}

fn large_directories_are_read_by_pages() {
    const PEOPLE: usize = 1_200;
    let logins: Vec<String> = (0..PEOPLE).map(|number| format!("p{number:04}")).collect();
    let people = logins.iter().map(|login| person(login, "Somebody", ""));
    let members: Vec<String> = logins.iter().map(|login| person_dn(login)).collect();
    let entries = people.chain([group("Heads", &members)]).collect::<String>();
    let case = Case::new(&entries);
    let (ldaps, ldap) = (case.slapd.tls_url(), case.slapd.url());
    let case = case
        .with(&ldaps, &ldap)
        .with("bind_dn", "start_tls = true\nbind_dn");
    // A first import takes longer than a token lives.
    case.vikno.state().token_life = 500;
    case.run(&["apply"]).expect(0, &["1202 changes made"]);
    assert_eq!(case.vikno.state().people.len(), PEOPLE + 2);
    case.run(&["apply"]).expect(0, &["nothing to change"]);
}

fn an_answer_that_is_not_whole_changes_nothing() {
    let people: String = (0..30)
        .map(|number| person(&format!("p{number:02}"), "Somebody", ""))
        .collect();
    let case = Case::new(&people).with(server::BRIDGE, server::SHORT_SIGHTED);
    case.run(&["apply"]).expect(
        1,
        &["error: searching below 'ou=people,dc=ministry,dc=example' failed"],
    );
    assert_eq!(case.vikno.writes(), 0);
}

fn the_brake_holds_until_a_person_says_otherwise() {
    let case = Case::new(&three_people());
    case.run(&["apply"]).expect(0, &["6 changes made"]);
    case.vikno.writes();
    case.slapd.remove("maria");
    let told = "1 of 3 people of the directory would be switched off, more than 20 %";
    case.run(&["plan"]).expect(3, &["switch off maria", told]);
    case.run(&["apply"])
        .expect(3, &["nothing is changed", told]);
    assert_eq!(case.vikno.writes(), 0);
    case.run(&["apply", "--force"])
        .expect(0, &["switch off maria", "2 changes made"]);
    case.vikno.writes();

    let case = case.with(
        "base = \"ou=people,",
        "filter = \"(employeeType=*)\"\nbase = \"ou=people,",
    );
    case.run(&["apply"]).expect(
        3,
        &["nothing is changed: the directory answers with nobody"],
    );
    assert_eq!(case.vikno.writes(), 0);
}

fn others_are_left_alone_or_adopted() {
    let more = [
        person("petro", "Petro Other", ""),
        person("bridge", "Bridge Other", ""),
        person("ivan", "Ivan", ""),
    ];
    let members = ["petro", "bridge"].map(person_dn);
    let case = Case::new(&[more.concat(), group("Heads", &members)].concat());
    let before = (case.vikno.shown("petro"), case.vikno.shown("bridge"));
    case.run(&["apply"]).expect(
        0,
        &[
            "note: petro: left as is: somebody had this login",
            "note: bridge: left as is: the bridge signs in as this person",
        ],
    );
    assert_eq!(
        (case.vikno.shown("petro"), case.vikno.shown("bridge")),
        before
    );

    let case = case.with("[vikno]", "[vikno]\nadopt = true");
    case.run(&["apply"]).expect(
        0,
        &[
            "adopt petro: name, +*:directory, +mou:supervisor",
            "group ukc/First line: -petro",
        ],
    );
    assert_eq!(case.vikno.shown("bridge"), before.1);
    case.run(&["apply"]).expect(0, &["nothing to change"]);
}

fn a_refused_change_stops_no_other() {
    let case = Case::new(&three_people());
    case.run(&["plan"]).expect(2, &[]);
    // Somebody takes the login between reading and writing: here, under a name that the list hides.
    let vikno = &case.vikno;
    let mut hidden = vikno.state().people[1].clone();
    hidden["login"] = json!("ivan");
    vikno.state().hidden.push(hidden);
    let ran = case.run(&["apply"]);
    let refused =
        "REFUSED add ivan: +*:directory, +ukc:operator: 409 login_taken: Refused: login_taken.";
    ran.expect(
        1,
        &[
            refused,
            "add maria",
            "5 changes made",
            "error: Vikno refused 1 of 6 changes",
        ],
    );
    assert_eq!(vikno.members(), ["maria", "olena.koval", "petro"]);
}

fn whatever_is_missing_or_wrong_ends_it() {
    let case = Case::new(&three_people());
    for (variable, value, expected) in [
        (
            "VIKNO_LDAP_PASSWORD",
            None,
            "error: the environment variable VIKNO_LDAP_PASSWORD is not set",
        ),
        (
            "VIKNO_LDAP_PASSWORD",
            Some(""),
            "error: the environment variable VIKNO_LDAP_PASSWORD is not set",
        ),
        (
            "VIKNO_LOGIN",
            None,
            "error: the environment variable VIKNO_LOGIN is not set",
        ),
        (
            "VIKNO_PASSWORD",
            None,
            "error: the environment variable VIKNO_PASSWORD is not set",
        ),
        (
            "VIKNO_LDAP_PASSWORD",
            Some("wrong"),
            "error: the directory does not let 'cn=bridge",
        ),
        (
            "VIKNO_PASSWORD",
            Some("wrong"),
            "error: signing in to Vikno: 401 wrong_credentials",
        ),
    ] {
        case.run_with(&["apply"], &[(variable, value)])
            .expect(1, &[expected]);
    }
    case.run(&["aply"]).expect(1, &["unrecognized subcommand"]);
    let case = case
        .with("\"operator\"", "\"operater\"")
        .with("First line", "Second line");
    let both = [
        "'operater' is no role of this Vikno",
        "'Second line' is no group of 'ukc' in this Vikno: make it first",
    ];
    case.run(&["apply"]).expect(1, &both);

    let stranger = Slapd::start("");
    let own = case.slapd.ca_file().display().to_string();
    let foreign = stranger.ca_file().display().to_string();
    let case = case.with(&own, &foreign);
    case.run(&["apply"]).expect(
        1,
        &["error: no connection to ldaps://localhost", "certificate"],
    );
    let case = case.with(&foreign, "/nowhere.pem");
    case.run(&["apply"])
        .expect(1, &["error: /nowhere.pem has no certificates"]);
    assert_eq!(case.vikno.writes(), 0);
}
