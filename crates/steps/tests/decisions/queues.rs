//! The queue.

use crate::support::*;
use serde_json::{Value, json};
use vikno_domain::ConversationStatus::{self, Closed, Open, Voting, Waiting, WithOperator};
use vikno_domain::{OperatorAction, StepRequest};
use vikno_steps::queue::{Opening, QueueLoad, choose, decide};

const THIRD: QueueLoad = QueueLoad {
    ahead: 2,
    operators: 2,
    mean_handling_s: Some(300),
};

fn enter(request: &StepRequest, opening: &Opening) -> String {
    let organisation = organisation();
    let queue = choose(request, &organisation).unwrap();
    told(decide(request, queue, opening, &THIRD))
}

#[test]
fn the_place_and_the_time_are_told_and_the_citizen_waits() {
    for status in [Open, Waiting, Voting] {
        let request = request(status, text("оператор"));
        assert_eq!(
            enter(&request, &Opening::Now),
            "queue-position !enqueue(3,general)",
            "{status:?}"
        );
    }
    let organisation = organisation();
    let request = request(Open, text("оператор"));
    let response = decide(
        &request,
        organisation.default_queue(),
        &Opening::Now,
        &THIRD,
    )
    .unwrap();
    assert_eq!(
        response.data["reply"]["args"],
        json!({"position": 3, "minutes": 8})
    );
    assert_eq!(
        (&response.data["position"], &response.data["estimate_s"]),
        (&json!(3), &json!(450))
    );
}

#[test]
fn outside_working_hours_the_opening_is_told() {
    let request = request(Open, click("operator"));
    assert_eq!(
        enter(&request, &Opening::At("25.11, 09:00".into())),
        "queue-closed !enqueue(3,general)"
    );
    assert_eq!(
        enter(&request, &Opening::Unknown),
        "queue-closed-unknown !enqueue(3,general)"
    );
}

#[test]
fn opening_follows_the_organisations_hours() {
    let organisation = organisation();
    let hour_ms = 3_600_000;
    assert_eq!(Opening::of(&organisation.hours, NOW_MS), Opening::Now);
    let evening = Opening::of(&organisation.hours, NOW_MS + 8 * hour_ms);
    assert_eq!(evening, Opening::At("30.11, 09:00".into()));
}

#[test]
fn the_clock_speaks_only_when_the_place_has_changed() {
    let tick = |status: ConversationStatus, told_position: u32, opening: &Opening, flag: Value| {
        let timer = request(status, event(json!({"kind": "timer"})));
        let mut request = with_params(timer, json!({ "tick": flag }));
        request.conversation.told_position = told_position;
        enter(&request, opening)
    };
    assert_eq!(tick(Waiting, 3, &Opening::Now, json!(true)), "");
    assert_eq!(tick(Waiting, 3, &Opening::Now, json!("true")), "");
    assert_eq!(
        tick(Waiting, 5, &Opening::Now, json!(true)),
        "queue-position !enqueue(3,general)"
    );
    assert_eq!(
        tick(Waiting, 0, &Opening::Now, json!("1")),
        "queue-position !enqueue(3,general)"
    );
    assert_eq!(tick(Waiting, 5, &Opening::Unknown, json!(true)), "");
    assert_eq!(tick(WithOperator, 5, &Opening::Now, json!(true)), "");
}

#[test]
fn whoever_has_an_operator_or_is_done_is_not_queued() {
    for status in [WithOperator, Closed] {
        assert_eq!(
            enter(&request(status, click("operator")), &Opening::Now),
            "",
            "{status:?}"
        );
    }
}

#[test]
fn an_operators_move_names_the_new_queue() {
    for status in [Waiting, WithOperator] {
        let action = OperatorAction::TransferQueue {
            queue: "benefits".into(),
            reason: None,
        };
        let request = request(status, operator(action));
        assert_eq!(
            enter(&request, &Opening::Now),
            "moved-to-queue+queue-position !enqueue(3,benefits)",
            "{status:?}"
        );
    }
    let nowhere = OperatorAction::TransferQueue {
        queue: "nowhere".into(),
        reason: None,
    };
    let error = choose(&request(Waiting, operator(nowhere)), &organisation()).unwrap_err();
    assert_eq!(
        (error.code.as_str(), error.retryable),
        ("unknown_queue", false)
    );
}

#[test]
fn the_queue_is_the_wished_one_then_the_topics_then_the_default() {
    let organisation = organisation();
    let chosen = |status, wished: &str, topic: Option<&str>, present: Option<&str>| {
        let mut request = with_params(
            request(status, text("оператор")),
            json!({ "queue": wished }),
        );
        request.conversation.topic = topic.map(str::to_owned);
        request.conversation.queue = present.map(str::to_owned);
        choose(&request, &organisation).unwrap().id.clone()
    };
    assert_eq!(chosen(Open, "", None, None), "general");
    assert_eq!(chosen(Open, "", Some("subsidies"), None), "benefits");
    assert_eq!(
        chosen(Open, "benefits", Some("displaced"), None),
        "benefits"
    );
    assert_eq!(chosen(Open, "made-up", Some("gone"), None), "general");
    assert_eq!(
        chosen(Waiting, "", Some("displaced"), Some("benefits")),
        "benefits"
    );
}

#[test]
fn estimates_are_bounded() {
    for (ahead, operators, mean_handling_s, estimate_s, minutes) in [
        (0, 0, None, 180, 3),
        (0, 1, Some(1), 30, 1),
        (4, 5, Some(240), 240, 4),
        (0, 1, Some(100_000), 3_600, 60),
        (u32::MAX, 1, Some(i64::MAX), 14_400, 240),
        (0, 1, Some(-5), 30, 1),
    ] {
        let load = QueueLoad {
            ahead,
            operators,
            mean_handling_s,
        };
        assert_eq!(
            (load.estimate_s(), load.minutes()),
            (estimate_s, minutes),
            "{load:?}"
        );
    }
}
