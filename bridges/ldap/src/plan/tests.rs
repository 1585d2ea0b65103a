//! Plans as readable tables; and whatever is given, a plan that was carried out leaves nothing to plan.

use super::*;
use crate::config::{DirectoryGroup, Rule};
use crate::dn::Dn;
use crate::here::{Group, Member};
use proptest::prelude::*;

fn dn(name: &str) -> Dn {
    Dn::parse(&format!("cn={name},dc=x")).unwrap()
}

fn pairs(text: &str) -> BTreeSet<(String, String)> {
    let each = text
        .split_whitespace()
        .map(|pair| pair.split_once(':').unwrap());
    each.map(|(org, name)| (org.to_owned(), name.to_owned()))
        .collect()
}

fn rule(group: Option<&str>, roles: &str, groups: &str) -> Rule {
    let group = group.map(|name| DirectoryGroup {
        text: format!("CN={name},DC=x"),
        dn: dn(name),
    });
    Rule {
        group,
        roles: pairs(roles),
        groups: pairs(groups),
    }
}

fn rules() -> Rules {
    Rules {
        marker: "directory".into(),
        adopt: false,
        brake_percent: 100,
        by_hand: BTreeSet::from(["administrator".into()]),
        rules: vec![
            rule(Some("ops"), "ukc:operator", "ukc:first"),
            rule(Some("heads"), "ukc:supervisor *:analyst", ""),
        ],
    }
}

/// `login[!|?] number groups…`: `!` is switched off, `?` unclear, `-` no number.
fn there(text: &str) -> DirectoryPerson {
    let mut words = text.split_whitespace();
    let login = words.next().unwrap();
    let account = match login.chars().last() {
        Some('!') => Account::Disabled,
        Some('?') => Account::Unclear("why"),
        _ => Account::Enabled,
    };
    let login = Login::parse(login.trim_end_matches(['!', '?'])).unwrap();
    DirectoryPerson {
        name: format!("Name of {login}"),
        login,
        phone: words.next().filter(|word| *word != "-").map(str::to_owned),
        account,
        groups: words.map(dn).collect(),
    }
}

/// `login[!] number org:role…`: `!` is switched off. Ids are logins in capitals.
fn here_person(text: &str) -> Person {
    let mut words = text.split_whitespace();
    let login = words.next().unwrap();
    let active = !login.ends_with('!');
    let login = login.trim_end_matches('!').to_owned();
    let phone = words.next().filter(|word| *word != "-").map(str::to_owned);
    let mut roles = Roles::new();
    for (org, role) in pairs(&words.collect::<Vec<_>>().join(" ")) {
        roles.entry(org).or_default().insert(role);
    }
    Person {
        id: login.to_uppercase(),
        name: format!("Name of {login}"),
        login,
        phone,
        active,
        roles,
    }
}

fn here(people: &[&str], members: &[&str]) -> Here {
    let members = members.iter().map(|login| Member {
        id: login.to_uppercase(),
    });
    let mut people: Vec<Person> = people.iter().map(|text| here_person(text)).collect();
    people.push(here_person("bridge - *:administrator"));
    Here {
        me: "BRIDGE".into(),
        people,
        groups: vec![Group {
            id: "g_1".into(),
            org: "ukc".into(),
            name: "first".into(),
            roles: vec![],
            queues: vec![],
            members: members.collect(),
        }],
        roles: BTreeSet::from([
            "directory".into(),
            "directory_gone".into(),
            "operator".into(),
        ]),
        organisations: BTreeSet::from(["ukc".into()]),
    }
}

fn lines(plan: &Plan) -> Vec<String> {
    plan.changes.iter().map(ToString::to_string).collect()
}

/// What changes, given who is there and who is here.
fn check(directory: &[&str], people: &[&str], members: &[&str], expected: &[&str]) {
    let directory: Vec<_> = directory.iter().map(|text| there(text)).collect();
    let plan = plan(&directory, &here(people, members), &rules());
    assert_eq!(lines(&plan), expected, "{directory:?}\n{people:?}");
}

#[test]
fn people_are_added_changed_and_switched_off() {
    let olena = "olena +380671234567 ukc:operator *:directory";
    check(
        &["olena - ops"],
        &[],
        &[],
        &[
            "add olena: +*:directory, +ukc:operator",
            "group ukc/first: +olena",
        ],
    );
    check(
        &["olena - heads"],
        &[],
        &[],
        &["add olena: +*:analyst, +*:directory, +ukc:supervisor"],
    );
    check(&["olena - other"], &[], &[], &[]);
    check(&["olena! - ops"], &[], &[], &[]);
    check(&["olena +380671234567 ops"], &[olena], &["olena"], &[]);
    check(&["olena - ops"], &[olena], &["olena"], &[]);
    check(
        &["olena +380990000000 ops"],
        &[olena],
        &["olena"],
        &["change olena: phone"],
    );
    check(
        &["olena - heads"],
        &[olena],
        &["olena"],
        &[
            "change olena: +*:analyst, +ukc:supervisor, -ukc:operator",
            "group ukc/first: -olena",
        ],
    );
    let off = [
        "switch off olena: +*:directory_gone, -*:directory, -ukc:operator",
        "group ukc/first: -olena",
    ];
    for gone in ["olena! - ops", "olena - other", "ivan! - ops"] {
        check(&[gone], &[olena], &["olena"], &off);
    }
}

#[test]
fn a_name_of_the_directory_counts() {
    let mut directory = there("olena - ops");
    directory.name = "Олена".into();
    let here = here(&["olena - ukc:operator *:directory"], &["olena"]);
    assert_eq!(
        lines(&plan(&[directory], &here, &rules())),
        ["change olena: name"]
    );
}

#[test]
fn who_was_switched_off_comes_back_unless_an_administrator_did_it() {
    let back = [
        "switch on olena: +*:directory, +ukc:operator, -*:directory_gone",
        "group ukc/first: +olena",
    ];
    check(&["olena - ops"], &["olena! - *:directory_gone"], &[], &back);
    check(
        &["olena - ops"],
        &["olena! - *:directory ukc:operator"],
        &[],
        &[],
    );
    check(
        &["olena! - ops"],
        &["olena! - *:directory ukc:operator"],
        &[],
        &[],
    );
    check(&["ivan! -"], &["olena! - *:directory_gone"], &[], &[]);
    // Switched on by hand, and still gone.
    check(
        &["ivan! -"],
        &["olena - *:directory_gone"],
        &[],
        &["switch off olena"],
    );
}

#[test]
fn others_and_the_bridge_itself_are_never_touched() {
    let others = ["olena - ukc:supervisor", "ivan! -"];
    check(
        &["olena - ops", "ivan - ops", "bridge - ops"],
        &others,
        &[],
        &[],
    );
    check(
        &["olena! - ops", "bridge! -"],
        &others,
        &["olena", "ivan"],
        &[],
    );
    // Somebody gave the mark to the bridge.
    let mut here = here(&[], &[]);
    here.people = vec![here_person("bridge - *:administrator *:directory")];
    for person in ["bridge! - ops", "ivan! - ops", "bridge - ops"] {
        assert_eq!(
            lines(&plan(&[there(person)], &here, &rules())),
            [""; 0],
            "{person}"
        );
    }
}

#[test]
fn an_unclear_account_is_left_as_it_is() {
    let olena = "olena - *:directory ukc:supervisor";
    check(&["olena? - ops"], &[olena], &["olena"], &[]);
    check(&["olena? - ops"], &[], &[], &[]);
}

#[test]
fn roles_given_by_hand_stay() {
    let olena = "olena - ukc:operator *:directory *:administrator ukc:analyst";
    check(
        &["olena - ops"],
        &[olena],
        &["olena"],
        &["change olena: -ukc:analyst"],
    );
}

#[test]
fn people_who_were_there_are_adopted_only_when_told() {
    let adopting = Rules {
        adopt: true,
        ..rules()
    };
    let people = here(
        &[
            "olena - ukc:supervisor *:administrator",
            "ivan! - ukc:operator",
        ],
        &[],
    );
    let directory = [there("olena - ops"), there("ivan - ops")];
    let adopted = plan(&directory, &people, &adopting);
    let expected = [
        "adopt olena: +*:directory, +ukc:operator, -ukc:supervisor",
        "group ukc/first: +olena",
    ];
    assert_eq!(lines(&adopted), expected);
    assert_eq!(
        adopted.remarks[0],
        "ivan: not adopted: switched off in Vikno"
    );
    let left = plan(&directory, &people, &rules());
    assert!(left.changes.is_empty());
    assert!(
        left.remarks[0].starts_with("olena: left as is: somebody had this login"),
        "{:?}",
        left.remarks
    );
}

#[test]
fn a_rule_without_a_group_is_for_everybody() {
    let everybody = Rules {
        rules: vec![rule(None, "ukc:operator", "")],
        ..rules()
    };
    let plan = plan(
        &[there("olena -"), there("ivan! -")],
        &here(&[], &[]),
        &everybody,
    );
    assert_eq!(lines(&plan), ["add olena: +*:directory, +ukc:operator"]);
}

#[test]
fn the_marks_are_made_first_and_lonely_groups_are_told() {
    let empty = Here {
        roles: BTreeSet::new(),
        ..here(&[], &[])
    };
    let plan = plan(&[there("olena - heads")], &empty, &rules());
    assert_eq!(
        lines(&plan)[..2],
        ["make the role directory", "make the role directory_gone"]
    );
    assert_eq!(
        plan.remarks,
        ["nobody who was found is in the group CN=ops,DC=x"]
    );
}

#[test]
fn what_rules_name_has_to_be_there() {
    let mut here = here(&[], &[]);
    here.groups.clear();
    let expected = [
        "'analyst' is no role of this Vikno",
        "'first' is no group of 'ukc' in this Vikno: make it first",
        "'supervisor' is no role of this Vikno",
    ];
    assert_eq!(here.missing(&rules()), expected);
    here.organisations.clear();
    assert!(
        here.missing(&rules())
            .contains(&"'ukc' is no organisation of this Vikno".to_owned())
    );
}

#[test]
fn too_many_at_once_are_braked() {
    let people: Vec<String> = (0..10)
        .map(|number| format!("p{number} - ukc:operator *:directory"))
        .collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let here = here(&people, &[]);
    for (gone, percent, is_braked) in [
        (0, 20, false),
        (2, 20, false),
        (3, 20, true),
        (3, 30, false),
        (1, 0, true),
        (10, 100, false),
    ] {
        let still = (gone..10).map(|number| there(&format!("p{number} - ops")));
        let directory: Vec<_> = still.chain([there("new - heads")]).collect();
        let rules = Rules {
            brake_percent: percent,
            ..rules()
        };
        let expected = is_braked.then_some(Brake::TooMany {
            off: gone,
            managed: 10,
            percent,
        });
        assert_eq!(
            plan(&directory, &here, &rules).brake,
            expected,
            "{gone} of 10 at {percent} %"
        );
    }
    assert_eq!(plan(&[], &here, &rules()).brake, Some(Brake::Nobody));
}

/// What Vikno would do.
fn carried_out(mut here: Here, changes: &[Change]) -> Here {
    for change in changes {
        match change.clone() {
            Change::MakeRole { id, .. } => drop(here.roles.insert(id)),
            Change::Add {
                login,
                name,
                phone,
                roles,
            } => here.people.push(Person {
                id: login.as_str().to_uppercase(),
                login: login.to_string(),
                name,
                phone,
                active: true,
                roles,
            }),
            Change::Update { id, fields, .. } => {
                let person = here
                    .people
                    .iter_mut()
                    .find(|person| person.id == id)
                    .unwrap();
                person.name = fields.name.unwrap_or(person.name.clone());
                person.phone = fields.phone.or(person.phone.clone());
                person.active = fields.active.unwrap_or(person.active);
                person.roles = fields.roles.unwrap_or(person.roles.clone());
            }
            Change::Members {
                id, joins, leaves, ..
            } => {
                let group = here.groups.iter_mut().find(|group| group.id == id).unwrap();
                group
                    .members
                    .retain(|member| !leaves.contains(&member.id.to_lowercase()));
                let joined = joins.iter().map(|login| Member {
                    id: login.to_uppercase(),
                });
                group.members.extend(joined);
            }
        }
    }
    here
}

fn any_there() -> impl Strategy<Value = Vec<String>> {
    let person = ("[!?]?", "-|\\+380671234567", "(ops)?", "(heads)?");
    let person =
        person.prop_map(|(mark, phone, one, other)| format!("{mark} {phone} {one} {other}"));
    proptest::collection::btree_map("[abcd]x|bridge", person, 0..6).prop_map(joined)
}

fn any_here() -> impl Strategy<Value = Vec<String>> {
    let roles = (
        "(\\*:directory)?",
        "(\\*:directory_gone)?",
        "(ukc:operator)?",
        "(\\*:administrator)?",
        "(mou:analyst)?",
    );
    let roles = roles.prop_map(|(a, b, c, d, e)| format!("{a} {b} {c} {d} {e}"));
    let person = ("!?", "-|\\+380990000000", roles)
        .prop_map(|(mark, phone, roles)| format!("{mark} {phone} {roles}"));
    proptest::collection::btree_map("[abcd]x", person, 0..5).prop_map(joined)
}

fn joined(people: BTreeMap<String, String>) -> Vec<String> {
    people
        .into_iter()
        .map(|(login, rest)| format!("{login}{rest}"))
        .collect()
}

proptest! {
    #[test]
    fn a_plan_that_was_carried_out_leaves_nothing_to_plan(
        directory in any_there(), people in any_here(), members in "[abcd]{0,4}", adopt: bool,
    ) {
        let rules = Rules { adopt, ..rules() };
        let directory: Vec<_> = directory.iter().map(|text| there(text)).collect();
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        // Only people are in groups.
        let is_member = |text: &&str| members.contains(&text[..1]);
        let members: Vec<String> = people.iter().copied().filter(is_member).map(|text| text[..2].to_owned()).collect();
        let before = here(&people, &members.iter().map(String::as_str).collect::<Vec<_>>());
        let first = plan(&directory, &before, &rules);
        let after = carried_out(before.clone(), &first.changes);
        let second = plan(&directory, &after, &rules);
        prop_assert_eq!(lines(&second), Vec::<String>::new(), "after {:?}", lines(&first));

        // Whom the bridge neither brought nor was told to adopt is as before, and so is the bridge itself.
        for person in &before.people {
            let is_other = !person.is_managed(&rules) && !adopt || person.id == before.me;
            let now = after.people.iter().find(|now| now.id == person.id);
            prop_assert!(!is_other || now == Some(person), "{:?}", person);
        }
        // Nobody is administrator by the directory.
        let administrators = |here: &Here| here.people.iter().filter(|p| p.active && p.holds("administrator")).count();
        prop_assert!(administrators(&after) <= administrators(&before));
    }
}
