//! Each limit: what is over it fails in its own way, what is under it does not.

use crate::support::{outcome, outcome_within, told};
use serde_json::json;
use vikno_javascript::{CodeError, Limits};

fn failure(source: &str, limits: &Limits) -> CodeError {
    outcome_within(source, &json!({}), limits).unwrap_err()
}

#[test]
fn loops_end() {
    for source in [
        "while (true) {}",
        "for (;;) { data.x = 1; }",
        "do {} while (1)",
        "function f() { for (;;) {} } f();",
        "[1].map(() => { for (;;) {} });",
        "data.x = {get y() { for (;;) {} }};",
        "data.x = {toJSON() { for (;;) {} }};",
        "Promise.resolve().then(() => { for (;;) {} });",
        "function again() { Promise.resolve().then(again); } again();",
        "(async () => { for (;;) { await null; } })();",
        "try { for (;;) {} } catch { data.x = 1 } finally { data.y = 1 }",
        "var s = \"\"; for (;;) { s = s.length > 99 ? \"\" : s + \"x\"; }",
        "label: for (;;) { continue label; }",
        "for (const x of (function* () { for (;;) yield 1; })()) {}",
    ] {
        assert_eq!(
            failure(source, &Limits::default()),
            CodeError::Timeout,
            "{source}"
        );
    }
}

#[test]
fn work_that_takes_no_loop_ends_too() {
    let source =
        "function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } data.x = fib(60);";
    assert_eq!(failure(source, &Limits::default()), CodeError::Timeout);
}

#[test]
fn honest_work_has_room() {
    let source = "let sum = 0; for (let i = 0; i < 200000; i++) { sum += i % 7; } data.sum = sum;";
    assert_eq!(told(source), r#"{"sum":599994}"#);
    let source = "const walk = (x, n) => n ? walk({x}, n - 1) : 1; data.ok = walk({}, 100);";
    assert_eq!(told(source), r#"{"ok":1}"#);
    let source = "data.n = Array.from({length: 20000}, (_, i) => i).filter((i) => i % 2).map((i) => `${i}`).sort().length;";
    assert_eq!(told(source), r#"{"n":10000}"#);
}

#[test]
fn a_run_may_be_given_less() {
    let few = Limits {
        cycles_max: 50_000,
        ..Limits::default()
    };
    let source = "for (let i = 0; i < 100000; i++) {}";
    assert_eq!(failure(source, &few), CodeError::Timeout);
    assert!(outcome(source, &json!({})).is_ok());
}

#[test]
fn calls_go_only_so_deep() {
    let deep = "calls are nested too deep; does a function call itself for ever?";
    for source in [
        "function f() { f(); } f();",
        "const f = () => [1].map(f); f();",
        "const o = {get x() { return this.x; }}; o.x;",
        "const p = new Proxy({}, {get: (t, k, r) => r[k]}); p.x;",
        "class A { constructor() { new A(); } } new A();",
        "function f() { try { f(); } finally { f(); } } f();",
        "const f = () => JSON.parse(\"[1]\", f); f();",
        "const f = () => \"a\".replace(/a/, f); f();",
        "const f = () => Reflect.apply(f, null, []); f();",
        "const f = (...a) => f(...a, 1); f();",
    ] {
        let failure = failure(source, &Limits::default());
        assert!(failure.to_string().contains(deep), "{source}: {failure}");
    }
}

#[test]
fn source_and_data_are_only_so_large() {
    let comment = format!("//{}", "x".repeat(64 * 1024));
    assert_eq!(
        told(&comment),
        "code_executing_error: the source has 65538 bytes, it may have 65536"
    );
    let nested = format!("data.x = {}{};", "[".repeat(41), "]".repeat(41));
    assert_eq!(
        told(&nested),
        "code_executing_error: 41 brackets are open at once, there may be 40"
    );
    let large = json!({"x": "x".repeat(128_000)});
    let failure = outcome("", &large).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "the data have 128008 bytes, they may have 128000"
    );
    let mut deep = json!(1);
    for _ in 0..65 {
        deep = json!([deep]);
    }
    let failure = outcome("", &json!({ "x": deep })).unwrap_err();
    assert_eq!(failure.tag(), "code_return_format_error");
}

#[test]
fn data_must_be_an_object() {
    for data in ["", "[]", "1", "{", "null"] {
        let code = vikno_javascript::Code {
            source: "",
            data,
            now_ms: 0,
            seed: 0,
        };
        let failure = vikno_javascript::run(&code, &Limits::default()).unwrap_err();
        assert_eq!(failure.tag(), "code_executing_error", "{data}");
    }
}

#[test]
fn buffers_are_only_so_large() {
    assert_eq!(
        told("data.n = new Uint8Array(1 << 20).length;"),
        r#"{"n":1048576}"#
    );
    let told = told("new ArrayBuffer(2 ** 40);");
    assert!(
        told.starts_with("code_executing_error: line 1: RangeError"),
        "{told}"
    );
}
