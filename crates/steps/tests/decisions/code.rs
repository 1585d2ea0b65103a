//! Running code: what is asked of the sandbox, and what its answers mean.

use crate::support::*;
use serde_json::{Value, json};
use vikno_domain::{ConversationStatus::Open, StepRequest};
use vikno_steps::run_code::{Failure, Order, answer, order};

fn asked(params: Value) -> StepRequest {
    with_params(request(Open, text("…")), params)
}

#[test]
fn an_order_holds_source_data_time_and_seed() {
    let request = asked(json!({"source": "data.x = 1;", "data": {"a": "ї"}, "seed": 7}));
    let expected = Order {
        source: "data.x = 1;".to_owned(),
        data: r#"{"a":"ї"}"#.to_owned(),
        now_ms: NOW_MS.unsigned_abs(),
        seed: 7,
    };
    assert_eq!(order(&request, 9).unwrap(), expected);
}

#[test]
fn data_and_seed_may_be_left_out() {
    let order = order(&asked(json!({"source": ""})), 9).unwrap();
    assert_eq!((order.data.as_str(), order.seed), ("{}", 9));
}

#[test]
fn an_order_of_another_form_is_refused() {
    for params in [
        json!({}),
        json!({"source": 1}),
        json!({"source": "", "data": []}),
        json!({"source": "", "data": "{}"}),
    ] {
        let error = order(&asked(params.clone()), 0).unwrap_err();
        assert_eq!(error.code, "code_executing_error", "{params}");
        assert!(!error.retryable);
    }
}

#[test]
fn the_whole_new_data_are_answered() {
    let response = answer(Ok(r#"{"b":2}"#.to_owned())).unwrap();
    assert_eq!(Value::Object(response.data), json!({"data": {"b": 2}}));
    assert!(response.effects.is_empty());
}

#[test]
fn failures_carry_the_tags_that_processes_test() {
    let thrown = Failure::Executing {
        message: "TypeError: x".to_owned(),
        line: Some(3),
    };
    let unplaced = Failure::Executing {
        message: "too deep".to_owned(),
        line: None,
    };
    for (failure, expected, retryable) in [
        (
            Failure::Timeout,
            "code_timeout: the code ran longer than it may",
            true,
        ),
        (thrown, "code_executing_error: line 3: TypeError: x", false),
        (unplaced, "code_executing_error: too deep", false),
        (
            Failure::ReturnFormat("n is a BigInt".to_owned()),
            "code_return_format_error: n is a BigInt",
            false,
        ),
    ] {
        let error = answer(Err(failure)).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.retryable),
            (expected, retryable)
        );
    }
    let broken = answer(Ok("[]".to_owned())).unwrap_err();
    assert_eq!(broken.code, "code_return_format_error");
}
