//! Two versions of an organisation: what differs is told, and nothing else.

use crate::disk::{centre, own, suite, with};
use vikno_simulator::changed_processes;

#[test]
fn a_version_does_not_differ_from_itself() {
    let (before, now) = (centre("cashback"), centre("cashback"));
    assert_eq!(suite("cashback").compare(&before, &now), []);
    assert_eq!(changed_processes(&before, &now), Vec::<String>::new());
}

#[test]
fn without_its_own_greeting_cashback_asks_nobody_for_the_phone() {
    let now = centre("cashback");
    let mut files = own("cashback");
    files.processes.clear();
    let before = with(&files);
    assert_eq!(changed_processes(&before, &now), ["welcome-message"]);
    let changes = suite("cashback").compare(&before, &now);
    let change = changes
        .iter()
        .find(|change| change.file == "cashback/scenarios/phone.toml")
        .expect("the scenario about it differs");
    assert_eq!(change.before.keys, ["welcome"]);
    assert_eq!(change.now.keys, ["welcome", "ask-phone"]);
    // In both messengers and languages, and not on the web.
    assert_eq!((change.line, change.runs), (4, 4));
    let told = change.to_string();
    assert!(
        told.contains("before: open") && told.contains("now: open"),
        "{told}"
    );
}

#[test]
fn another_text_is_a_difference_in_every_dialogue_that_says_it() {
    let now = centre("ukc");
    let mut files = own("ukc");
    let texts = files.texts.get_mut("uk").unwrap();
    texts.push_str("\nthanks-for-vote = Красно дякуємо!\n");
    let before = with(&files);
    assert_eq!(changed_processes(&before, &now), Vec::<String>::new());
    let changes = suite("ukc").compare(&before, &now);
    assert!(!changes.is_empty());
    for change in &changes {
        assert!(
            change.before.said.concat().contains("Красно дякуємо!"),
            "{change}"
        );
        assert!(
            change.now.keys.contains(&"thanks-for-vote".to_owned()),
            "{change}"
        );
    }
}
