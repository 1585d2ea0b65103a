//! What is read from scenario files, what is told of bad ones, and what a difference looks like.

use crate::disk::centre;
use expect_test::{Expect, expect};
use vikno_simulator::{Marks, Mode, Scenario, ScenarioFiles, Suite};

fn refused(toml: &str, expected: Expect) {
    let problems = Scenario::parse("x.toml", toml).unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn every_mistake_of_a_scenario_is_told_with_its_line() {
    refused(
        "title = ",
        expect![[r#"x.toml:1: string values must be quoted, expected literal string"#]],
    );
    refused(
        "title = \"t\"\nsteps = 1\n",
        expect![[
            r#"x.toml:2: unknown field `steps`, expected one of `title`, `channels`, `languages`, `starts`, `for_each`, `only`, `except`, `step`"#
        ]],
    );
    refused(
        "title = \"t\"\n",
        expect!["x.toml:1: has 0 steps; give 1 to 200 [[step]]"],
    );
    refused(
        "title = \"t\"\nstarts = \"soon\"\nfor_each = \"queue\"\nchannels = [\"organisation\"]\n\n[[step]]\nopens = true\nsays = \"a\"\n\n[[step]]\nwait = \"later\"\n\n[[step]]\nstatus = \"open\"\n\n[[step]]\noperator = \"a\"\n\n[[step]]\nsays = \"a\"\nfailing.queue = \"sometimes\"\nown = true\n",
        expect![[r#"
            x.toml:1: channels: write telegram, viber or web
            x.toml:1: starts: is no moment; write "90 seconds", "10 minutes", "2 hours", "3 days", "next timer", "working hours", "closed hours", "night", "weekend", "22:30", "saturday 10:30" or "2026-12-25 10:00"
            x.toml:1: for_each: only "topic" is known
            x.toml:6: 2 things happen at once; give each a [[step]] of its own
            x.toml:10: wait: is no moment; write "90 seconds", "10 minutes", "2 hours", "3 days", "next timer", "working hours", "closed hours", "night", "weekend", "22:30", "saturday 10:30" or "2026-12-25 10:00"
            x.toml:13: nothing happens; give one of opens, says, edits, presses, presses_id, votes, sends, shares_phone, shares_place, blocks, unblocks, receipt, operator, wait, task
            x.toml:16: an operator does one thing in a step: takes = true, answers, notes, closes = true, reopens = true, away = true, moves_to_queue or moves_to
            x.toml:19: failing.queue: write retryable, terminal, timeout or unreachable, and behind it perhaps once
            x.toml:19: own does not belong to what happens in this step"#]],
    );
}

/// What comes instead, when a scenario with these steps is played on Telegram in Ukrainian.
fn came(steps: &str) -> Option<(usize, String, String)> {
    let toml = format!("title = \"t\"\nchannels = [\"telegram\"]\nlanguages = [\"uk\"]\n{steps}");
    let scenario = Scenario::parse("x.toml", &toml).unwrap();
    let centre = centre("ukc");
    let runs = scenario.runs(&centre);
    let played = runs[0].play(&centre, Mode::default(), &mut Marks::default());
    let mismatch = played.mismatch?;
    Some((mismatch.line, mismatch.expected, mismatch.came))
}

#[test]
fn everything_that_can_be_expected_can_also_fail() {
    // Each of these is wrong about the same greeting.
    for (expected, wanted) in [
        ("answer = \"welcome-back\"", "the answer welcome-back"),
        ("answer = []\nexactly = true", "exactly the answer "),
        ("text = \"Бувайте\"", "words \"Бувайте\""),
        ("no_text = \"Вітаємо\"", "nothing with \"Вітаємо\""),
        ("silent = true", "nothing is said"),
        ("buttons = \"Грати\"", "button \"Грати\""),
        ("no_buttons = true", "no button is offered"),
        ("status = \"closed\"", "status closed"),
        ("in_queue = \"general\"", "queue general"),
        ("topic = \"pensions\"", "topic pensions"),
        ("priority = 9", "priority 9"),
        ("language = \"en\"", "language en"),
        ("journal = \"queue_entered\"", "journal line queue_entered"),
        ("note = \"x\"", "a note with \"x\""),
        ("refused = \"not_taken\"", "refused: not_taken"),
        ("rating = 5", "the rating 5"),
        ("phone = \"+380501234567\"", "phone +380501234567"),
        ("phone_verified = true", "phone_verified = true"),
        ("passes = \"queue.ask\"", "node queue.ask is passed"),
        (
            "failing.queue = \"timeout\"",
            "step queue is called and fails",
        ),
        ("given.queue.place = 1", "step queue is called"),
        ("answer = \"<nobody>\"", "words that can be filled in"),
    ] {
        let found = came(&format!("[[step]]\nopens = true\n{expected}\n"));
        let found = found.unwrap_or_else(|| panic!("{expected} did not fail"));
        assert_eq!(
            (found.0, found.1.as_str()),
            (4, wanted),
            "{expected}: {}",
            found.2
        );
    }
    let opened = "[[step]]\nopens = true\n[[step]]\n";
    for (step, wanted) in [
        ("presses = \"Грати\"", "a step that can be done"),
        ("wait = \"next timer\"\nsilent = true", "nothing is said"),
        ("operator = \"a\"\ntakes = true\nmoves = 1", ""),
        ("operator = \"a\"\nanswers = \"x\"", "the act is allowed"),
        ("task = \"nobody\"", "a step that can be done"),
        (
            "task = \"telegram-receiver\"\nends = \"failed\"",
            "it ends at failed",
        ),
    ] {
        let toml = format!("title = \"t\"\n{opened}{step}\n");
        if wanted.is_empty() {
            assert!(Scenario::parse("x.toml", &toml).is_err(), "{step}");
            continue;
        }
        let found =
            came(&format!("{opened}{step}\n")).unwrap_or_else(|| panic!("{step} did not fail"));
        assert_eq!(
            (found.0, found.1.as_str()),
            (6, wanted),
            "{step}: {}",
            found.2
        );
    }
}

#[test]
fn a_failure_that_nobody_asked_for_is_a_difference() {
    let steps = "[[step]]\nopens = true\n[[step]]\ntask = \"digitalcore\"\ndata = { action = \"nothing\" }\nends = \"failed\"\n";
    assert_eq!(came(steps), None);
    let missing = "[[step]]\nopens = true\ngiven.welcome.reply = { text = \"no-such-text\" }\n";
    let (line, expected, came) = came(missing).unwrap();
    assert_eq!((line, expected.as_str()), (4, "nothing fails"));
    assert!(came.contains("unknown_text"), "{came}");
}

#[test]
fn a_difference_is_shown_with_the_dialogue_so_far() {
    let file = "title = \"Wrong\"\nchannels = [\"web\"]\nlanguages = [\"en\"]\n\n[[step]]\nsays = \"Hello\"\nanswer = \"greeting-reply\"\n\n[[step]]\nsays = \"operator\"\nstatus = \"open\"\n";
    let own = ScenarioFiles::from([("wrong.toml".to_owned(), file.to_owned())]);
    let suite = Suite::read(&ScenarioFiles::new(), "ukco", &own);
    let report = suite.play(&centre("ukco"), false);
    assert_eq!((report.runs, report.passed), (1, 0));
    expect![[r#"
        ukco: ukco/scenarios/wrong.toml:9: "Wrong" (web, en)
            citizen: Hello
              robot: Hello! How can I help?  [Get advice | Register an appeal | Learn the status | I disagree with the answer | Hotline 1545 | Utilities | Call a consultant | Українською]
          > citizen: operator
          >   system: Your enquiry has been passed to the consultants. You are number 1 in the queue.
                Expected waiting time: 3 minutes.
          expected  status open
          came      status waiting; said: system: Your enquiry has been passed to the consultants. You are number 1 in the queue.
                    Expected waiting time: 3 minutes.
    "#]].assert_eq(&report.to_string());
}

#[test]
fn an_own_scenario_replaces_the_shared_one_and_below_the_coverage_is_told() {
    let file = |text: &str| ScenarioFiles::from([("a.toml".to_owned(), text.to_owned())]);
    let shared = file("title = \"s\"\n[[step]]\nopens = true\nanswer = \"no-such\"\n");
    let own = file("title = \"o\"\n[[step]]\nopens = true\nanswer = \"welcome\"\n");
    let suite = Suite::read(&shared, "ukc", &own);
    let report = suite.play(&centre("ukc"), true);
    assert_eq!(
        (report.scenarios, report.runs, report.failed.len()),
        (1, 6, 0)
    );
    assert!(report.is_below() && !report.is_good());
    assert!(report.to_string().contains("project.take-vote"), "{report}");
    assert!(!suite.play(&centre("ukc"), false).is_below());
}

#[test]
fn a_shared_scenario_is_left_out_where_it_does_not_fit() {
    let toml = |head: &str| format!("title = \"t\"\n{head}\n[[step]]\nopens = true\n");
    for (head, ukc, mon) in [
        ("starts = \"closed hours\"", 0, 6),
        ("only = [\"ukc\"]", 6, 0),
        ("except = [\"ukc\"]", 0, 6),
        ("for_each = \"topic\"", 42, 42),
        ("channels = [\"web\"]\nlanguages = [\"en\"]", 1, 1),
    ] {
        let scenario = Scenario::parse("x.toml", &toml(head)).unwrap();
        let runs = |org| scenario.runs(&centre(org)).len();
        assert_eq!((runs("ukc"), runs("mon")), (ukc, mon), "{head}");
    }
}
