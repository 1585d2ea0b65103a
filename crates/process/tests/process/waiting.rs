//! Time semaphors, delays and the guards against tasks that never wait.

use serde_json::{Value, json};
use vikno_process::{Limits, Outcome, Runner, Severity, World, validate};

use crate::support::{Conversation, NOW, documents, go, idle_until, object, set};

fn time(value: Value, dimension: &str, to: &str) -> Value {
    json!({"type": "time", "value": value, "dimension": dimension, "to_node_id": to})
}

fn delay(value: Value, dimension: &str) -> Value {
    json!({"start": [go("delay")], "delay": [time(value, dimension, "end")], "end": []})
}

#[track_caller]
fn check_delay(value: Value, dimension: &str, data: Value, expected_ms: i64) {
    let set = set(&[("main", delay(value, dimension))]);
    let mut conversation = Conversation::new(&set);
    assert_eq!(
        idle_until(&conversation.create("main", "", data)),
        Some(NOW + expected_ms)
    );
    assert_eq!(
        idle_until(&conversation.wait_ms(expected_ms - 1)),
        Some(NOW + expected_ms)
    );
    assert_eq!(
        conversation.wait_ms(1),
        Outcome::Idle { next_wake_ms: None }
    );
    assert_eq!(conversation.the_end().0, "end");
}

#[test]
fn a_delay_lasts_as_its_value_and_unit_say() {
    check_delay(json!(30), "sec", json!({}), 30_000);
    check_delay(json!("5"), "", json!({}), 5_000);
    check_delay(json!(2), "min", json!({}), 120_000);
    check_delay(json!(14), "day", json!({}), 14 * 86_400_000);
    check_delay(json!(0), "sec", json!({}), 1_000);
}

#[test]
fn whole_units_of_seconds_are_seconds_and_the_author_is_warned() {
    check_delay(json!(1800), "min", json!({}), 1_800_000);
    check_delay(json!(86_400), "day", json!({}), 86_400_000);
    let warnings = validate(&documents(&[("main", delay(json!(1800), "min"))]));
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].severity, Severity::Warning);
    assert!(
        warnings[0]
            .message
            .contains("1800 min is read as 1800 seconds"),
        "{}",
        warnings[0]
    );
}

#[test]
fn a_text_value_is_a_moment_and_a_small_one_a_length() {
    check_delay(
        json!("{{when}}"),
        "sec",
        json!({"when": NOW / 1_000 + 90}),
        90_000,
    );
    check_delay(
        json!("{{when}}"),
        "day",
        json!({"when": "1799999999"}),
        1_000,
    );
    check_delay(json!("{{length}}"), "min", json!({"length": 3}), 180_000);
}

#[test]
fn a_computed_value_that_is_no_number_is_a_failure() {
    let set = set(&[("main", delay(json!("{{when}}"), "sec"))]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "", json!({"when": "soon"}));
    assert_eq!(conversation.failures[0].tag, "timer_wrong_value");
}

#[test]
fn a_modification_in_time_stops_the_timer() {
    let nodes = json!({"start": [go("wait")],
        "wait": [{"type": "api_callback"}, go("end_answered"), time(json!(60), "sec", "end_silent")],
        "end_answered": [], "end_silent": []});
    let set = set(&[("main", nodes)]);
    let mut answered = Conversation::new(&set);
    answered.create("main", "r", json!({}));
    answered.wait_ms(59_000);
    assert_eq!(
        answered.modify("main", "r", json!({})),
        Outcome::Idle { next_wake_ms: None }
    );
    assert_eq!(answered.the_end().0, "end_answered");

    let mut silent = Conversation::new(&set);
    silent.create("main", "r", json!({}));
    silent.wait_ms(3_600_000);
    assert_eq!(silent.the_end().0, "end_silent");
}

#[test]
fn the_earliest_of_several_timers_counts() {
    let nodes = json!({"start": [go("wait")],
        "wait": [{"type": "api_callback"}, go("end"), time(json!(60), "sec", "end_late"), time(json!(30), "sec", "end_early")],
        "end": [], "end_late": [], "end_early": []});
    let set = set(&[("main", nodes)]);
    let mut conversation = Conversation::new(&set);
    assert_eq!(
        idle_until(&conversation.create("main", "r", json!({}))),
        Some(NOW + 30_000)
    );
    conversation.wait_ms(100_000);
    assert_eq!(conversation.the_end().0, "end_early");
}

#[test]
fn a_task_that_turns_in_a_loop_is_stopped_and_its_caller_told() {
    let looping = json!({"start": [go("a")], "a": [go("b")], "b": [go("a")]});
    let main = json!({"start": [go("call")],
        "call": [{"type": "api_rpc", "conv_id": "@looping", "err_node_id": "end_told"}, go("end")], "end": [], "end_told": []});
    let set = set(&[("main", main), ("looping", looping)]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "", json!({}));
    assert_eq!(conversation.failures[0].tag, "loop_guard");
    assert_eq!(conversation.finished[0].node, "end_told");
    assert!(conversation.trace.len() < 110);
}

#[test]
fn a_loop_with_a_wait_in_it_goes_on_for_ever() {
    let nodes = json!({"start": [go("delay")], "delay": [time(json!(30), "sec", "count")], "count": [go("delay")]});
    let set = set(&[("main", nodes)]);
    let mut conversation = Conversation::new(&set);
    conversation.create("main", "", json!({}));
    for _ in 0..100 {
        assert!(idle_until(&conversation.wait_ms(30_000)).is_some());
    }
    assert_eq!(conversation.failures, []);
}

#[test]
fn a_task_whose_node_is_gone_fails_loudly_and_its_caller_is_told() {
    let main = json!({"start": [go("call")],
        "call": [{"type": "api_rpc", "conv_id": "@other", "err_node_id": "end_told"}, go("end")], "end": [], "end_told": []});
    let other = |wait: &str| json!({"start": [go(wait)], wait: [{"type": "api_callback"}, go("end")], "end": []});
    let before = set(&[("main", main.clone()), ("other", other("wait"))]);
    let after = set(&[("main", main), ("other", other("renamed"))]);
    let mut conversation = Conversation::new(&before);
    conversation.create("main", "", json!({}));
    let mut runner = Runner::new(&after, conversation.world(), conversation.limits, NOW);
    runner.step();
    assert_eq!(runner.take_failures()[0].tag, "process_changed");
    assert_eq!(runner.take_finished()[0].node, "end_told");
}

#[test]
fn a_world_that_an_earlier_version_stored_is_loaded_and_goes_on() {
    let nodes =
        json!({"start": [go("wait")], "wait": [{"type": "api_callback"}, go("end")], "end": []});
    let set = set(&[("main", nodes)]);
    let stored = r#"{"v":1,"n":2,"c":1,"t":{"1":{"p":"main","n":"wait","o":"start","f":"r","d":{"a":1},"s":"m","c":0,"e":0,"w":9000000000000,"x":"end"}}}"#;
    let world = World::from_json(stored.as_bytes()).unwrap();
    let again = String::from_utf8(world.to_json()).unwrap();
    assert_eq!(again, stored, "nothing is added that is not needed");
    let mut runner = Runner::new(&set, world, Limits::default(), NOW);
    let data = object(json!({"b": 2}));
    runner.modify_task("main", "r", data).unwrap();
    runner.step();
    let ends = runner.take_finished();
    assert_eq!(ends[0].data.to_value(), json!({"a": 1, "b": 2}));
}
