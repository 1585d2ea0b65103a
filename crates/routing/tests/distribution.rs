//! Who is given to whom.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

use proptest::prelude::*;
use vikno_domain::{Candidate, Language, OperatorRef, Waiting};
use vikno_organisation::Organisation;
use vikno_routing::{Given, distribute};

const NOW_MS: i64 = 1_000_000;

fn organisation() -> Organisation {
    Organisation::parse(
        r#"
id = "ukc"
project = "UKC"
time_zone = "Europe/Kyiv"
languages = ["uk"]
default_language = "uk"
processes = ["project"]
name = { uk = "Центр" }
[hours]
around_the_clock = true
[[queues]]
id = "general"
default = true
distributed = true
name = { uk = "Загальна" }
[[queues]]
id = "housing"
distributed = true
overflow = { queue = "general", after_s = 600 }
name = { uk = "Житло" }
[[queues]]
id = "law"
distributed = true
skills = ["law", "gas"]
name = { uk = "Право" }
[[queues]]
id = "pulled"
name = { uk = "Самі беруть" }
[[topics]]
id = "any"
queue = "general"
"#,
    )
    .unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn waiting(id: &str, queue: &str, priority: i64, waited_s: i64) -> Waiting {
    Waiting {
        id: id.into(),
        queue: queue.into(),
        priority,
        since_ms: NOW_MS - waited_s * 1_000,
        language: language("uk"),
    }
}

fn operator(id: &str, load: u32, idle_s: i64, queues: &[&str]) -> Candidate {
    Candidate {
        operator: OperatorRef {
            id: id.into(),
            name: id.into(),
        },
        load,
        capacity: 3,
        queues: queues.iter().map(|queue| (*queue).to_owned()).collect(),
        skills: Vec::new(),
        languages: Vec::new(),
        idle_since_ms: NOW_MS - idle_s * 1_000,
    }
}

fn language(code: &str) -> Language {
    Language::parse(code).unwrap()
}

fn check(waiting: &[Waiting], operators: &[Candidate], expected: &[(&str, &str)]) {
    let given = distribute(
        &organisation(),
        waiting.to_vec(),
        operators.to_vec(),
        NOW_MS,
    );
    let given: Vec<(&str, &str)> = given
        .iter()
        .map(|Given { conversation, to }| (conversation.as_str(), to.id.as_str()))
        .collect();
    assert_eq!(given, expected);
}

#[test]
fn the_urgent_and_the_longest_waiting_come_first() {
    let three = [
        waiting("late", "general", 0, 10),
        waiting("early", "general", 0, 90),
        waiting("urgent", "general", 5, 1),
    ];
    check(
        &three,
        &[operator("o", 1, 0, &[])],
        &[("urgent", "o"), ("early", "o")],
    );
}

#[test]
fn the_least_loaded_then_the_longest_idle_is_given_the_next() {
    let two = [waiting("a", "general", 0, 9), waiting("b", "general", 0, 8)];
    let operators = [
        operator("busy", 2, 900, &[]),
        operator("idle", 1, 60, &[]),
        operator("just", 1, 5, &[]),
    ];
    check(&two, &operators, &[("a", "idle"), ("b", "just")]);
}

#[test]
fn operators_serve_their_queues_and_help_after_some_time() {
    let general = [operator("o", 0, 0, &["general"])];
    check(&[waiting("a", "housing", 0, 599)], &general, &[]);
    check(&[waiting("a", "housing", 0, 600)], &general, &[("a", "o")]);
    check(
        &[waiting("a", "housing", 0, 0)],
        &[operator("o", 0, 0, &["housing"])],
        &[("a", "o")],
    );
}

#[test]
fn a_queue_that_asks_for_skills_is_served_by_those_who_have_all_of_them() {
    let with = |id: &str, skills: &[&str]| Candidate {
        skills: skills.iter().map(|skill| (*skill).to_owned()).collect(),
        ..operator(id, 0, 0, &[])
    };
    let one = [waiting("a", "law", 0, 5)];
    check(&one, &[with("o", &[]), with("p", &["law"])], &[]);
    check(
        &one,
        &[with("p", &["law"]), with("q", &["gas", "law", "tax"])],
        &[("a", "q")],
    );
}

#[test]
fn citizens_are_given_to_who_answers_in_their_language() {
    let speaks = |id: &str, codes: &[&str]| Candidate {
        languages: codes.iter().map(|code| language(code)).collect(),
        ..operator(id, 0, 0, &[])
    };
    let english = Waiting {
        language: language("en"),
        ..waiting("a", "general", 0, 5)
    };
    check(std::slice::from_ref(&english), &[speaks("o", &["uk"])], &[]);
    check(
        std::slice::from_ref(&english),
        &[speaks("o", &["uk"]), speaks("p", &["uk", "en"])],
        &[("a", "p")],
    );
    check(&[english], &[speaks("o", &[])], &[("a", "o")]);
}

#[test]
fn where_operators_take_by_themselves_nobody_is_given_anything() {
    let operators = [operator("o", 0, 0, &[]), operator("p", 0, 0, &["pulled"])];
    check(
        &[waiting("a", "pulled", 9, 999), waiting("b", "gone", 0, 1)],
        &operators,
        &[],
    );
}

proptest! {
    #[test]
    fn nobody_is_given_more_than_they_take_and_nobody_is_given_away_twice(
        waits in prop::collection::vec((0_i64..3, 0_i64..2_000, 0..3_usize), 0..40),
        loads in prop::collection::vec(0_u32..5, 0..8),
    ) {
        let queues = ["general", "housing", "pulled"];
        let waiting: Vec<Waiting> = waits.iter().enumerate()
            .map(|(index, (priority, waited_s, queue))| waiting(&format!("c{index}"), queues[*queue], *priority, *waited_s))
            .collect();
        let operators: Vec<Candidate> = loads.iter().enumerate()
            .map(|(index, load)| operator(&format!("o{index}"), *load, i64::from(*load), &[]))
            .collect();
        let given = distribute(&organisation(), waiting, operators.clone(), NOW_MS);
        let mut conversations: Vec<&str> = given.iter().map(|one| one.conversation.as_str()).collect();
        conversations.sort_unstable();
        conversations.dedup();
        prop_assert_eq!(conversations.len(), given.len());
        for candidate in &operators {
            let more = given.iter().filter(|one| one.to.id == candidate.operator.id).count();
            let more = u32::try_from(more).unwrap();
            prop_assert!(more == 0 || candidate.load + more <= candidate.capacity);
        }
    }
}
