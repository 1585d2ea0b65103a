//! Whole dialogues through the processes of each organisation.

use crate::dialogue::{Dialogue, Turn, answers, command, fails, says};
use crate::files::ORGANISATIONS;
use expect_test::expect;
use serde_json::json;

fn waits(turn: &Turn, node: &str) {
    assert_eq!(
        turn.waits.as_deref(),
        Some(format!("project.{node}").as_str()),
        "{turn:#?}"
    );
}

/// Until an operator has the dialogue.
fn with_operator(id: &str) -> Dialogue {
    let mut dialogue = Dialogue::with(id);
    dialogue.telegram(
        "session_started",
        &[command("start"), says("welcome", "welcome")],
    );
    let intent = json!({"reply": {"text": ""}, "intent": "operator", "queue": ""});
    let queued = json!({"reply": {"text": "queue-position"}, "status": "waiting"});
    let turn = dialogue.telegram(
        "text",
        &[
            command("message"),
            answers("messages-handling", intent),
            answers("queue", queued),
        ],
    );
    assert_eq!(turn.said(), ["queue-position"]);
    waits(&turn, "wait-queue");
    let taken = json!({"reply": {"text": "operator-joined"}, "status": "with_operator"});
    let turn = dialogue.direct(
        "operator",
        &[command("operator"), answers("operator-events", taken)],
    );
    assert_eq!(turn.said(), ["operator-joined"]);
    waits(&turn, "wait-operator");
    dialogue
}

#[test]
fn a_full_dialogue_goes_through_each_of_the_ten_organisations() {
    for id in ORGANISATIONS {
        let mut dialogue = Dialogue::with(id);
        let turn = dialogue.viber(
            "session_started",
            &[command("start"), says("welcome", "welcome")],
        );
        assert_eq!(turn.said()[0], "welcome", "{id}");
        waits(&turn, "wait-open");
        let turn = dialogue.viber(
            "click",
            &[command("click"), says("clicks-handling", "answer-x")],
        );
        assert_eq!(turn.said(), ["answer-x"], "{id}");
        waits(&turn, "wait-open");

        let mut dialogue = with_operator(id);
        let turn = dialogue.direct(
            "operator",
            &[command("operator"), says("operator-events", "")],
        );
        assert_eq!(turn.said(), Vec::<&str>::new(), "{id}");
        waits(&turn, "wait-operator");
        let turn = dialogue.telegram(
            "media",
            &[command("message"), says("messages-handling", "")],
        );
        waits(&turn, "wait-operator");
        let closes = json!({"reply": {"text": ""}, "intent": "complete"});
        let rated = json!({"reply": {"text": "rate-dialogue"}, "status": "voting"});
        let turn = dialogue.direct(
            "operator",
            &[
                command("operator"),
                answers("operator-events", closes),
                answers("dialog-complete", rated),
            ],
        );
        assert_eq!(turn.said(), ["rate-dialogue"], "{id}");
        waits(&turn, "wait-vote");
        let voted = json!({"reply": {"text": "thanks-for-vote"}, "status": "closed"});
        let turn = dialogue.telegram("vote", &[command("vote"), answers("vote", voted)]);
        assert_eq!(turn.said(), ["thanks-for-vote"], "{id}");
        assert_eq!(turn.waits, None, "{id}");
    }
}

#[test]
fn a_message_passes_these_nodes_of_the_template() {
    let mut dialogue = Dialogue::with("mon");
    dialogue.telegram(
        "session_started",
        &[command("start"), says("welcome", "welcome")],
    );
    let turn = dialogue.telegram(
        "text",
        &[
            command("message"),
            says("messages-handling", "answer-school"),
        ],
    );
    expect![[r#"
        telegram-receiver.start
        telegram-receiver.is-dialogue
        telegram-receiver.pass-on
        project.convert
        command-converter.start
        command-converter.convert
        command-converter.answer
        command-converter.done
        project.by-command
        project.handle-message
        messages-handling.start
        messages-handling.ask
        messages-handling.has-media
        messages-handling.has-reply
        messages-handling.say
        send-text-message.start
        send-text-message.send
        send-text-message.answer
        send-text-message.done
        messages-handling.answer
        messages-handling.done
        project.by-intent
        project.by-status
        project.wait-open
        telegram-receiver.done"#]]
    .assert_eq(&turn.nodes.join("\n"));
}

#[test]
fn receipts_and_blocks_are_no_dialogue() {
    let mut dialogue = Dialogue::with("ukc");
    dialogue.viber(
        "session_started",
        &[command("start"), says("welcome", "welcome")],
    );
    for kind in ["receipt", "blocked", "unblocked", "ignored"] {
        let turn = dialogue.viber(kind, &[]);
        assert_eq!(turn.calls, Vec::<String>::new(), "{kind}");
        waits(&turn, "wait-open");
    }
}

#[test]
fn what_is_ignored_by_the_converter_says_nothing() {
    let mut dialogue = Dialogue::with("ukc");
    let turn = dialogue.direct("ignored", &[command("ignored")]);
    assert_eq!(turn.calls, ["command-converter"]);
    waits(&turn, "wait-open");
}

#[test]
fn a_contact_identifies_the_citizen_and_is_then_handled_as_a_message() {
    let mut dialogue = Dialogue::with("ukc");
    let turn = dialogue.telegram(
        "contact",
        &[
            command("contact"),
            says("sso-info", "phone-saved"),
            says("messages-handling", ""),
        ],
    );
    assert_eq!(
        turn.calls,
        [
            "command-converter",
            "sso-info",
            "send-text phone-saved",
            "messages-handling"
        ]
    );
    waits(&turn, "wait-open");
}

#[test]
fn silence_is_noticed_twice_and_then_ends_the_dialogue() {
    let mut dialogue = Dialogue::with("ukc");
    dialogue.telegram(
        "session_started",
        &[command("start"), says("welcome", "welcome")],
    );
    let turn = dialogue.after_seconds(599, &[]);
    assert_eq!(turn.calls, Vec::<String>::new());
    waits(&turn, "wait-open");
    let turn = dialogue.after_seconds(1, &[]);
    assert_eq!(turn.said(), ["still-there"]);
    waits(&turn, "wait-reminded");
    let closed = json!({"reply": {"text": "closed-silence"}, "status": "closed"});
    let turn = dialogue.after_seconds(1_800, &[answers("dialog-complete", closed)]);
    assert_eq!(turn.said(), ["closed-silence"]);
    assert_eq!(turn.waits, None);
}

#[test]
fn a_message_after_the_reminder_goes_on_with_the_dialogue() {
    let mut dialogue = Dialogue::with("ukc");
    dialogue.telegram(
        "session_started",
        &[command("start"), says("welcome", "welcome")],
    );
    dialogue.after_seconds(600, &[]);
    let turn = dialogue.telegram(
        "text",
        &[command("message"), says("messages-handling", "answer-x")],
    );
    assert_eq!(turn.said(), ["answer-x"]);
    waits(&turn, "wait-open");
}

#[test]
fn the_queue_is_looked_at_from_time_to_time_and_speaks_only_of_a_new_place() {
    let mut dialogue = Dialogue::with("mon");
    let intent = json!({"reply": {"text": ""}, "intent": "operator"});
    let queued = json!({"reply": {"text": "queue-closed"}, "status": "waiting"});
    let turn = dialogue.direct(
        "click",
        &[
            command("click"),
            answers("clicks-handling", intent),
            answers("queue", queued),
        ],
    );
    assert!(turn.nodes.contains(&"queue.say-closed".to_owned()));
    let turn = dialogue.after_seconds(120, &[says("queue", "")]);
    assert_eq!(turn.said(), Vec::<&str>::new());
    let turn = dialogue.after_seconds(120, &[says("queue", "queue-position")]);
    assert_eq!(turn.said(), ["queue-position"]);
    waits(&turn, "wait-queue");
}

#[test]
fn a_silent_operator_is_noticed_and_the_citizen_may_come_back_to_the_queue() {
    let mut dialogue = with_operator("mon");
    let turn = dialogue.after_seconds(300, &[says("operator-session", "operator-busy")]);
    assert_eq!(turn.said(), ["operator-busy"]);
    waits(&turn, "wait-operator");
    let returned = json!({"reply": {"text": "returned-to-queue"}, "status": "waiting"});
    let turn = dialogue.after_seconds(300, &[answers("operator-session", returned)]);
    assert_eq!(turn.said(), ["returned-to-queue"]);
    waits(&turn, "wait-queue");
}

#[test]
fn an_operator_who_moves_the_dialogue_names_the_queue() {
    let mut dialogue = with_operator("mon");
    let moved = json!({"reply": {"text": ""}, "intent": "operator", "queue": "school"});
    let queued = json!({"reply": {"text": "queue-position"}, "status": "waiting"});
    let turn = dialogue.direct(
        "operator",
        &[
            command("operator"),
            answers("operator-events", moved),
            answers("queue", queued),
        ],
    );
    waits(&turn, "wait-queue");
}

#[test]
fn a_dialogue_that_is_not_rated_ends_all_the_same() {
    let mut dialogue = with_operator("ukc");
    let rated = json!({"reply": {"text": "rate-dialogue"}, "status": "voting"});
    let turn = dialogue.telegram("text", &[command("end"), answers("dialog-complete", rated)]);
    waits(&turn, "wait-vote");
    let closed = json!({"reply": {"text": ""}, "status": "closed"});
    let turn = dialogue.after_seconds(86_400, &[answers("dialog-complete", closed)]);
    assert_eq!(turn.waits, None);
}

#[test]
fn a_failing_step_is_told_once_and_the_conversation_waits_where_it_stood() {
    let steps: [(&str, &'static str); 4] = [
        ("message", "messages-handling"),
        ("click", "clicks-handling"),
        ("start", "welcome"),
        ("contact", "sso-info"),
    ];
    for (name, step) in steps {
        let mut dialogue = Dialogue::with("mon");
        let turn = dialogue.telegram("text", &[command(name), fails(step)]);
        assert_eq!(turn.said(), ["technical-failure"], "{step}");
        waits(&turn, "wait-open");
    }
    let mut dialogue = with_operator("mon");
    let turn = dialogue.telegram("text", &[fails("command-converter")]);
    assert_eq!(turn.said(), ["technical-failure"]);
    waits(&turn, "wait-operator");
}

#[test]
fn when_nothing_can_be_said_the_conversation_still_waits() {
    let mut dialogue = Dialogue::with("mon");
    let turn = dialogue.telegram(
        "text",
        &[
            command("message"),
            says("messages-handling", "answer-x"),
            fails("send-text"),
            fails("send-text"),
        ],
    );
    assert_eq!(turn.said(), ["answer-x", "technical-failure"]);
    waits(&turn, "wait-open");
}

#[test]
fn a_failure_while_nobody_writes_disturbs_nobody() {
    let mut dialogue = with_operator("mon");
    let turn = dialogue.after_seconds(300, &[fails("operator-session")]);
    assert_eq!(turn.calls, ["operator-session"]);
    waits(&turn, "wait-operator");
}

#[test]
fn a_conversation_whose_task_was_lost_goes_on() {
    let mut dialogue = with_operator("ukc");
    dialogue.lose_the_task();
    let turn = dialogue.telegram("text", &[command("message"), says("messages-handling", "")]);
    assert!(
        turn.nodes
            .contains(&"telegram-receiver.open-anew".to_owned())
    );
    waits(&turn, "wait-operator");
}

#[test]
fn defence_hands_a_failure_to_a_person() {
    let mut dialogue = Dialogue::with("mou");
    let queued = json!({"reply": {"text": "queue-position"}, "status": "waiting"});
    let turn = dialogue.telegram(
        "text",
        &[
            command("message"),
            fails("messages-handling"),
            answers("queue", queued),
        ],
    );
    assert_eq!(turn.said(), ["technical-failure", "queue-position"]);
    waits(&turn, "wait-queue");
}

#[test]
fn cashback_asks_for_the_phone_where_it_is_unknown_and_can_be_shared() {
    let greet = |level: u8| {
        let identified = answers("sso-info", json!({"identified": level}));
        [command("start"), says("welcome", "welcome"), identified]
    };
    let cashback = || Dialogue::with("cashback");
    let unknown = cashback().telegram("session_started", &greet(0));
    assert_eq!(unknown.said(), ["welcome", "ask-phone"]);
    waits(&unknown, "wait-open");
    let unknown = cashback().viber("session_started", &greet(0));
    assert_eq!(unknown.said(), ["welcome", "ask-phone"]);
    let on_the_web = cashback().direct("session_started", &greet(0));
    assert_eq!(on_the_web.said(), ["welcome"]);
    let known = cashback().telegram("session_started", &greet(1));
    assert_eq!(known.said(), ["welcome"]);
    waits(&known, "wait-open");
}

#[test]
fn social_policy_waits_longer_before_it_reminds() {
    let mut dialogue = Dialogue::with("minsoc");
    dialogue.telegram(
        "session_started",
        &[command("start"), says("welcome", "welcome")],
    );
    assert_eq!(dialogue.after_seconds(899, &[]).calls, Vec::<String>::new());
    assert_eq!(dialogue.after_seconds(1, &[]).said(), ["still-there"]);
}

#[test]
fn around_the_clock_there_is_no_branch_for_closed_hours() {
    let mut dialogue = Dialogue::with("ukco");
    let intent = json!({"reply": {"text": ""}, "intent": "operator"});
    let queued = json!({"reply": {"text": "queue-position"}, "status": "waiting"});
    let turn = dialogue.direct(
        "click",
        &[
            command("click"),
            answers("clicks-handling", intent),
            answers("queue", queued),
        ],
    );
    assert!(turn.nodes.contains(&"queue.say-place".to_owned()));
    waits(&turn, "wait-queue");
}
