//! Expressions as the original's manual shows them, and what must not be possible.

use super::*;
use serde_json::json;

#[test]
fn arithmetic_is_exact_while_it_can_be() {
    for (text, expected) in [
        ("1+1", json!(2)),
        ("2+3*4-(1-2)", json!(15)),
        ("-2*-3", json!(6)),
        ("2--3", json!(5)),
        ("round(2.5)+1", json!(4)),
        ("10/4", json!(2.5)),
        ("10/5", json!(2)),
        ("1/3", json!(0.333333)),
        ("0.1+0.2", json!(0.3)),
        ("7 div 2 + 7 rem 2", json!(4)),
        ("9007199254740993+0", json!(9_007_199_254_740_993_i64)),
        ("9223372036854775807*2", json!(1.8446744073709552e19)),
        ("1.5e3", json!(1500)),
        ("5 band 3 bor 8", json!(9)),
    ] {
        assert_eq!(arithmetic(text), Ok(expected), "{text}");
    }
    for text in [
        "", "1+", "1 2", "(1", "a+1", "1/0", "1 rem 0", "\"1\"+1", "1,5", "1e999", "true",
    ] {
        assert!(arithmetic(text).is_err(), "{text}");
    }
}

#[track_caller]
fn check_map(program: &str, items: Value, expected: Value) {
    let program = Program::parse(program).expect(program);
    let Value::Array(items) = items else {
        panic!("a list")
    };
    assert_eq!(map(&program, items, 10_000), Ok(expected));
}

#[test]
fn map_makes_of_each_item_what_the_function_says() {
    check_map(
        "fun(Item) -> Item*2 end",
        json!([1, 2, 3]),
        json!([2, 4, 6]),
    );
    check_map(
        "fun(obj) -> obj.status end",
        json!([{"status": "a"}, {}]),
        json!(["a", null]),
    );
    check_map(
        r#"fun(E) -> FieldName = eutils:get_value(<<"fieldName">>, E), FieldName end"#,
        json!([{"fieldName": 1}]),
        json!([1]),
    );
    check_map(
        r#"fun(Value) -> #{<<"a">> => Value, <<"b">> => Value} end"#,
        json!([1]),
        json!([{"a": 1, "b": 1}]),
    );
    check_map(
        r#"fun(Value) -> [{<<"a">>, Value}, {<<"b">>, Value + 1}] end"#,
        json!([1]),
        json!([{"a": 1, "b": 2}]),
    );
    check_map(
        r#"fun(Item) -> Test = proplists:get_value(<<"test">>, Item), [{<<"test">>, Test + 1} | proplists:delete(<<"test">>, Item)] end"#,
        json!([{"test": 1, "other": 2}]),
        json!([{"test": 2, "other": 2}]),
    );
    check_map(
        "fun(x) -> case is_binary(x) of true -> erlang:binary_to_integer(x); false -> x end end",
        json!(["5", 6]),
        json!([5, 6]),
    );
    check_map(
        r#"fun(X) -> binary:split(X, <<",">>, [global]) ++ [base64:encode(X)] end"#,
        json!(["a,b"]),
        json!([["a", "b", "YSxi"]]),
    );
    check_map(
        "fun(X) -> if X > 1 -> integer_to_binary(X, 16); true -> hd([X]) end end",
        json!([255, 1]),
        json!(["FF", 1]),
    );
}

#[test]
fn filter_keeps_what_the_function_holds_for() {
    let items: Vec<_> = (1..=6).map(Value::from).collect();
    for (text, expected) in [
        (
            "fun(Item) when Item rem 2 < 1 -> true; (_) -> false end",
            json!([2, 4, 6]),
        ),
        ("fun(X) -> X > 2 andalso not (X == 4) end", json!([3, 5, 6])),
        ("fun(X) -> X =:= 1 orelse X >= 6 end", json!([1, 6])),
    ] {
        let program = Program::parse(text).expect(text);
        assert_eq!(
            filter(&program, items.clone(), 1_000),
            Ok(expected),
            "{text}"
        );
    }
    let program = Program::parse("fun(X) -> X end").unwrap();
    assert!(filter(&program, items, 1_000).is_err());
}

#[test]
fn what_is_not_understood_is_told_and_what_grows_is_stopped() {
    for (text, expected) in [
        ("X * 2", "`fun` is missing before `X`"),
        ("fun(X) -> X", "`end` is missing before the end"),
        ("fun(X) -> X ! 1 end", "`!` is not understood"),
    ] {
        assert_eq!(Program::parse(text), Err(expected.to_owned()), "{text}");
    }
    let deep = format!("fun(X) -> {}X{} end", "(".repeat(400), ")".repeat(400));
    assert!(Program::parse(&deep).is_err());
    assert!(Program::parse(&format!("fun(X) -> {}1 end", "-".repeat(400))).is_err());
    assert!(arithmetic(&"1+".repeat(5_000)).is_err());
    let growing = Program::parse(
        "fun(X) -> A = [X,X,X,X], B = A++A++A++A, C = B++B++B++B, D = C++C++C++C, E = D++D++D++D, E++E++E end",
    );
    let told = map(&growing.unwrap(), vec![json!("x")], 1_000);
    assert_eq!(told, Err("it makes more than a task may hold".to_owned()));
    let calling = Program::parse("fun(X) -> os:cmd(X) end").unwrap();
    let told = map(&calling, vec![json!("ls")], 1_000);
    assert_eq!(told, Err("os:cmd/1 cannot be called here".to_owned()));
}
