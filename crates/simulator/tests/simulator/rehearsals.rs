//! What an author is shown who plays the citizen against a draft.

use crate::disk::centre;
use vikno_domain::{Channel, ConversationStatus, Language};
use vikno_simulator::{Rehearsal, Rehearsed};

fn rehearse(steps: &str) -> Rehearsed {
    let rehearsal = Rehearsal {
        scenario: format!("title = \"t\"\n{steps}"),
        channel: Channel::Web,
        language: Language::parse("uk").unwrap(),
    };
    rehearsal.play(&centre("ukc")).unwrap()
}

#[test]
fn words_buttons_and_the_way_are_shown_step_by_step() {
    let played = rehearse("[[step]]\nopens = true\n[[step]]\nsays = \"Покличте оператора\"\n");
    let [opened, asked] = &played.steps[..] else {
        panic!("{played:?}")
    };
    assert!(opened.said[0].text.as_deref().unwrap().contains("Вітаємо"));
    assert!(!opened.said.last().unwrap().buttons.is_empty());
    assert_eq!(asked.status, ConversationStatus::Waiting);
    assert!(asked.queue.is_some());
    assert!(
        asked
            .path
            .iter()
            .any(|one| (one.process.as_str(), one.node.as_str()) == ("queue", "ask"))
    );
    assert!(
        asked
            .journal
            .iter()
            .any(|line| line.what == "queue_entered")
    );
    assert!(asked.journal.iter().all(|line| line.what != "process_ran"));
    assert!(played.wakes_at.is_some());
}

#[test]
fn it_ends_with_what_cannot_be_done_and_goes_on_after_what_was_not_expected() {
    let steps = "[[step]]\nopens = true\nsilent = true\n[[step]]\npresses = \"Грати\"\n[[step]]\nsays = \"a\"\n";
    let played = rehearse(steps);
    let problems: Vec<_> = played
        .steps
        .iter()
        .map(|step| step.problem.as_deref())
        .collect();
    assert!(
        problems[0]
            .unwrap()
            .starts_with("expected nothing is said; came ")
    );
    assert!(problems[1].unwrap().starts_with("no button says \"Грати\""));
    assert_eq!(problems.len(), 2);
}

#[test]
fn a_step_that_fails_shows_the_error_branch() {
    let steps = "[[step]]\nopens = true\n[[step]]\nsays = \"Покличте оператора\"\nfailing.queue = \"timeout\"\n";
    let played = rehearse(steps);
    let asked = played.steps.last().unwrap();
    assert!(
        asked.journal.iter().any(|line| line.what == "step_failed"),
        "{asked:?}"
    );
}
