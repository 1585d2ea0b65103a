//! Every mistake in a tree is told with its place and what to do, all of them together.

use crate::support::frame;
use vikno_replies::Replies;

fn told(text: &str) -> Vec<String> {
    let faults = Replies::parse(text, &frame()).unwrap_err();
    let line = |fault: vikno_replies::Fault| format!("{}: {}", fault.place, fault.message);
    faults.into_iter().map(line).collect()
}

#[test]
fn all_mistakes_are_told_together() {
    let told = told(include_str!("bad.toml"));
    for expected in [
        "colour: unknown field",
        "reply[9]: missing field `id`",
        "reply.typo: unknown field `wrods`",
        "reply.Subsidy No 1.id: 'Subsidy No 1' is no id",
        "reply.Subsidy No 1.under: is missing",
        "reply.subsidies.words: 'с*' is no keyword",
        "reply.subsidies.words: 'на' is no keyword",
        "reply.subsidies.words.en: no words",
        "reply.subsidies.only.time: 'all day' is no span",
        "reply.subsidies.only.days: 'freeday' is no day",
        "reply.subsidies.only.dialogues_min: 5 is above dialogues_max 2",
        "reply.apply.id: the id 'apply' is used twice",
        "reply.apply.under: no reply 'subsidy'",
        "reply.apply.priority: 12 is out of range",
        "reply.apply.weight: 0 is out of range",
        "reply.apply.buttons: no reply 'gone'",
        "reply.apply.otherwise: 'apply' is no other reply",
        "reply.apply.variants[0].when: is empty",
        "reply.round.under: more than 4 levels, or a circle",
        "reply.displaced: no reply for this topic",
    ] {
        assert!(
            told.iter().any(|line| line.starts_with(expected)),
            "{expected} is not in {told:#?}"
        );
    }
}

#[test]
fn what_is_no_tree_is_told_by_its_line() {
    assert!(told("a = 1\nb = = 2")[0].starts_with("line 2: not valid TOML"));
    assert!(told("")[0].starts_with("reply: is missing"));
}
