//! What comes back: all of `data`, by the rules of JSON.

use crate::support::{answer, are_worth, outcome};
use serde_json::json;

#[test]
fn untouched_data_come_back_as_they_were() {
    let data = json!({"a": {"b": [1, 2.5, -3, null, true, "ї\u{1f600}\n"]}, "empty": {}, "list": [], "": 0,
        "0": "zero", "__proto__": {"x": 1}, "big": 9_007_199_254_740_991_i64, "chat": 123_456_789_012_i64, "small": 1e-7});
    assert_eq!(outcome("", &data).unwrap(), data);
}

#[test]
fn values_are_written_as_json_writes_them() {
    are_worth(&[
        ("NaN", "null"),
        ("-1 / 0", "null"),
        ("-0", "0"),
        ("3e9", "3000000000"),
        ("2 ** 31", "2147483648"),
        ("1e21", "1e+21"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("[undefined, () => 1, Symbol()]", "[null,null,null]"),
        (
            "({a: undefined, b() {}, [Symbol()]: 1, c: 1})",
            r#"{"c":1}"#,
        ),
        ("new Date(0)", "\"1970-01-01T00:00:00.000Z\""),
        (
            "[new Number(1), new String(\"a\"), new Boolean(false)]",
            "[1,\"a\",false]",
        ),
        ("({toJSON: (key) => key + \"!\"})", "\"it!\""),
        ("new Map([[1, 2]])", "{}"),
        ("[, 1]", "[null,1]"),
        ("\"\\ud83d\"", "\"\u{fffd}\""),
        ("Object.create({inherited: 1}, {hidden: {value: 1}})", "{}"),
    ]);
}

#[test]
fn what_is_no_json_object_is_a_format_error() {
    answer(&[
        (
            "data = 1;",
            "code_return_format_error: data is no object any more",
        ),
        (
            "data = [1];",
            "code_return_format_error: data is no object any more",
        ),
        (
            "data = () => 1;",
            "code_return_format_error: data is no object any more",
        ),
        (
            "delete globalThis.data;",
            "code_return_format_error: data is no object any more",
        ),
        (
            "data.self = data;",
            "code_return_format_error: data nests deeper than 64 or refers to itself",
        ),
        (
            "data.n = 1n;",
            "code_return_format_error: n is a BigInt: use Number or String",
        ),
        (
            "data.a = new Array(4294967295);",
            "code_return_format_error: data is larger than 128000 bytes",
        ),
        (
            "data.a = \"x\".repeat(128001);",
            "code_return_format_error: data is larger than 128000 bytes",
        ),
    ]);
}

#[test]
fn errors_name_the_line() {
    answer(&[
        (
            "data.x = 1;\n\nundefined.y;",
            "code_executing_error: line 3: TypeError: cannot convert 'null' or 'undefined' to object",
        ),
        (
            "var f = function () {\n  throw new RangeError(\"мало\");\n};\nf();",
            "code_executing_error: line 2: RangeError: мало",
        ),
        (
            "throw \"text\";",
            "code_executing_error: line 1: thrown: text",
        ),
        (
            "throw {a: 1};",
            "code_executing_error: something was thrown that is no Error",
        ),
        (
            "absent();",
            "code_executing_error: ReferenceError: absent is not defined",
        ),
        (
            "data.x = 1;\nlet 1;",
            "code_executing_error: line 2: SyntaxError: expected token ';', got '1' in expression statement at line 2, col 5",
        ),
        (
            "Promise.reject(new Error(\"later\"));",
            "code_executing_error: line 1: Error: later",
        ),
        (
            "data.x = {get y() { throw new Error(\"asked\"); }};",
            "code_executing_error: line 1: Error: asked",
        ),
    ]);
}

#[test]
fn a_source_is_checked_without_being_run() {
    let check = |source| vikno_javascript::check(source, &vikno_javascript::Limits::default());
    assert_eq!(check("for (;;) {}"), Ok(()));
    assert_eq!(check("absent();"), Ok(()));
    let failure = check("data.x = 1;\nlet 1;").unwrap_err();
    assert!(
        failure.to_string().starts_with("line 2: SyntaxError"),
        "{failure}"
    );
    assert_eq!(
        check(&"[".repeat(100)).unwrap_err().tag(),
        "code_executing_error"
    );
}
