//! What people change in the running installation lies over the files.

use crate::files::{ORGANISATIONS, own, replies};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vikno_domain::Language;
use vikno_organisation::{ChangedSettings, Hours, Organisation, Part, check_text, message, said};
use vikno_texts::{Texts, patterns};

fn changed(parts: Value) -> ChangedSettings {
    serde_json::from_value(json!({ "revision": 3, "parts": parts })).unwrap()
}

fn with(parts: Value) -> Organisation {
    Organisation::parse_changed(&own("ukc").settings, &changed(parts)).unwrap()
}

/// The one queue of these settings, with more about it.
fn queues(more: Value) -> Value {
    let mut queue = json!({"id": "general", "default": true, "name": {"uk": "А", "en": "A"}});
    let (Value::Object(fields), Value::Object(more)) = (&mut queue, more) else {
        unreachable!("both are objects");
    };
    fields.extend(more);
    json!({ "queues": [queue], "topics": [{"id": "submit", "queue": "general"}] })
}

#[test]
fn a_queue_may_have_hours_of_its_own_and_shares_the_days_without_work() {
    let mut parts = queues(json!({
        "hours": {"friday": ["10:00-12:00"], "holidays": ["2026-12-31"]}, "skills": ["law"],
    }));
    parts["hours"] = json!({"monday": ["09:00-18:00"], "holidays": ["2026-12-25"]});
    let organisation = with(parts.clone());
    let queue = organisation.default_queue();
    let hours = organisation.hours_of(queue);
    let days = |hours: &Hours| {
        hours
            .holidays
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(days(hours), ["2026-12-25", "2026-12-31"]);
    assert!(hours.week[0].is_empty() && hours.week[4].len() == 1);
    assert_eq!(queue.skills, ["law"]);
    let shown = Part::Queues.value(&organisation);
    assert_eq!(shown[0]["hours"]["holidays"], json!(["2026-12-31"]));
    assert_eq!(shown[0]["hours"]["friday"], json!(["10:00-12:00"]));
}

#[test]
fn dialogues_are_moved_to_all_or_to_those_that_are_named() {
    let all = with(json!({})).transfers;
    let mou = vikno_domain::OrgId::parse("mou").unwrap();
    assert!(all.allow(&mou) && all.shares_name() && all.shares_history());
    let some = with(json!({ "transfers": {"to": ["mzs"], "shares": ["history"]} })).transfers;
    assert!(!some.allow(&mou) && !some.shares_name() && some.shares_history());
    let none = with(json!({ "transfers": {"to": [], "shares": []} })).transfers;
    assert!(!none.allow(&mou) && !none.shares_history());
}

fn places(parts: Value) -> Vec<String> {
    let refused = Organisation::parse_changed(&own("ukc").settings, &changed(parts));
    let problems = refused.unwrap_err();
    problems.into_iter().map(|problem| problem.place).collect()
}

#[test]
fn each_part_is_read_back_as_it_is_shown() {
    for id in ORGANISATIONS {
        let toml = own(id).settings;
        let delivered = Organisation::parse(&toml).unwrap();
        for part in Part::ALL {
            let shown = part.value(&delivered);
            let again = changed(json!({ part.as_str(): shown }));
            let again = Organisation::parse_changed(&toml, &again).unwrap();
            assert_eq!(part.value(&again), shown, "{id} {part:?}");
            assert_eq!(again.revision, 3);
        }
    }
}

#[test]
fn a_changed_part_takes_the_whole_place_and_leaves_the_others() {
    let before = Organisation::parse(&own("ukc").settings).unwrap();
    let after = with(json!({ "hours": {"monday": ["10:00-12:00"], "holidays": ["2027-01-01"]} }));
    assert_eq!(after.hours.week[0].len(), 1);
    assert!(after.hours.week[1].is_empty());
    assert_eq!(after.hours.holidays.len(), 1);
    assert_eq!(after.hours.time_zone, before.hours.time_zone);
    assert_eq!(after.queues, before.queues);
}

#[test]
fn what_does_not_fit_names_its_place() {
    let cases = [
        (json!({ "hours": {"monday": ["9-18"]} }), "hours.monday"),
        (json!({ "hours": {"monday": [null]} }), "hours"),
        (json!({ "timers": {"close_s": 0} }), "timers.close_s"),
        (json!({ "timers": {"secret_s": 9} }), "timers"),
        (json!({ "queues": [] }), "queues"),
        (json!({ "origins": ["https://*"] }), "origins"),
        (json!({ "transfers": {"to": ["ukc"]} }), "transfers.to"),
        (json!({ "transfers": {"shares": ["phone"]} }), "transfers"),
        (queues(json!({"skills": ["Law"]})), "queues.general.skills"),
        (queues(json!({"hours": {}})), "queues.general.hours"),
        (
            queues(json!({"hours": {"friday": ["9-10"]}})),
            "queues.general.hours.friday",
        ),
        (json!({ "name": {"uk": ""} }), "name.en"),
        (
            json!({ "queues": [{"id": "only", "default": true, "name": {"uk": "А", "en": "A"}}] }),
            "topics.submit.queue",
        ),
    ];
    for (parts, place) in cases {
        let found = places(parts.clone());
        assert!(
            found.iter().any(|found| found == place
                || found.starts_with("topics.") && place.starts_with("topics.")),
            "{parts}: {found:?}"
        );
    }
}

fn wrong(pattern: &str, given: &[&str]) -> Vec<String> {
    let uk = Language::parse("uk").unwrap();
    let mut texts = Texts::new(uk.clone());
    texts.add(&uk, "menu = Меню").unwrap();
    let given: BTreeSet<String> = given.iter().map(ToString::to_string).collect();
    let problems = check_text("welcome", &uk, pattern, &given, &texts);
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_text_that_somebody_writes_says_one_thing_with_what_it_is_given() {
    for fine in [
        "Вітаємо!",
        "Вітаємо, { $name }!\n\nОберіть: { menu }",
        "welcome-back = це теж слова",
        "{ $organisation }",
        "{ $name ->\n    [one] один\n   *[other] інші\n}",
    ] {
        assert_eq!(wrong(fine, &["name"]), Vec::<String>::new(), "{fine}");
    }
}

#[test]
fn a_text_that_would_not_be_said_as_meant_is_refused() {
    for (bad, told) in [
        ("", "is empty"),
        ("   \n ", "is empty"),
        ("Вітаємо, { $who }!", "$who"),
        ("Вітаємо, { nobody }!", "'nobody'"),
        ("Вітаємо, { $name", "not valid Fluent"),
        (".title = Ні", "write one text"),
        ("Так\n.title = Ні", "write one text"),
    ] {
        let found = wrong(bad, &["name"]);
        assert!(
            found.iter().any(|found| found.contains(told)),
            "{bad:?}: {found:?}"
        );
    }
}

#[test]
fn every_text_that_is_said_is_known_with_its_arguments() {
    let said = said(Some(&replies("ukc")), None);
    let given = |id: &str| {
        said.get(id)
            .map(|names| names.iter().cloned().collect::<Vec<_>>())
    };
    assert_eq!(given("queue-position").unwrap(), ["minutes", "position"]);
    assert_eq!(given("welcome").unwrap(), Vec::<String>::new());
    assert!(said.keys().any(|id| id.starts_with("topic-")));
    assert_eq!(given("no-such-text"), None);
}

#[test]
fn what_a_text_says_is_written_back_to_the_same() {
    for (code, ftl) in crate::files::shared().texts {
        let language = Language::parse(&code).unwrap();
        let written: String = patterns(&ftl)
            .iter()
            .map(|(id, pattern)| message(id, pattern))
            .collect();
        assert_eq!(patterns(&written), patterns(&ftl));
        let [before, after] = [&ftl, &written].map(|ftl| {
            let mut texts = Texts::new(language.clone());
            texts.add(&language, ftl).unwrap();
            texts
        });
        for id in patterns(&ftl).keys() {
            let args = json!({"position": 3, "minutes": 5, "opens": "завтра", "name": "Олена", "queue": "А", "code": "1", "organisation": "Б"});
            let said = |texts: &Texts| texts.render(&language, id, args.as_object().unwrap());
            assert_eq!(said(&after), said(&before), "{id}");
        }
    }
}
