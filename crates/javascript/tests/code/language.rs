//! The language: what authors write, from the oldest to ES2020, and what is fixed for them.

use crate::support::{NOW_MS, answer, are_worth, outcome};
use serde_json::json;
use vikno_javascript::{Code, Limits, run};

#[test]
fn authors_may_write_what_es2020_has() {
    are_worth(&[
        ("`a${1 + 1}b`", "\"a2b\""),
        ("[3, 1, 2].sort((a, b) => a - b)", "[1,2,3]"),
        ("({...{a: 1}, b: 2})", r#"{"a":1,"b":2}"#),
        ("(([a, ...rest]) => rest)([1, 2, 3])", "[2,3]"),
        ("null ?? \"x\"", "\"x\""),
        ("({a: null}).a?.b?.c ?? 5", "5"),
        ("2 ** 10", "1024"),
        ("[[1], [2, [3]]].flat(Infinity)", "[1,2,3]"),
        ("Object.fromEntries(new Map([[\"a\", 1]]))", r#"{"a":1}"#),
        ("Object.entries({a: 1})", r#"[["a",1]]"#),
        ("[...\"їґ\".matchAll(/./gu)].length", "2"),
        (
            "\"2026-11-24\".match(/(?<y>\\d+)-(?<m>\\d+)/).groups.m",
            "\"11\"",
        ),
        ("\"x1y22\".replace(/\\d+/g, (d) => d * 2)", "\"x2y44\""),
        ("/^\\p{L}+$/u.test(\"Київ\")", "true"),
        ("\"київ\".toUpperCase()", "\"КИЇВ\""),
        ("\"abcd\".substr(-2)", "\"cd\""),
        ("[1, 2, 3].includes(2)", "true"),
        ("new Set([1, 1, 2]).size", "2"),
        ("parseInt(\"12px\")", "12"),
        ("(0.1 + 0.2).toFixed(2)", "\"0.30\""),
        ("Number(10n ** 3n)", "1000"),
        ("JSON.parse(\"{\\\"a\\\": [1]}\").a[0]", "1"),
        (
            "JSON.stringify({b: 1, a: [undefined]})",
            r#""{\"b\":1,\"a\":[null]}""#,
        ),
        ("encodeURIComponent(\"а б\")", "\"%D0%B0%20%D0%B1\""),
        ("typeof globalThis", "\"object\""),
    ]);
}

#[test]
fn whole_programs_run() {
    answer(&[
        (
            "var n = 0; for (var i = 0; i < 10; i++) { n += i; } data.n = n;",
            r#"{"n":45}"#,
        ),
        (
            "class A { #x = 1; get x() { return this.#x; } } data.x = new A().x;",
            r#"{"x":1}"#,
        ),
        (
            "function* g() { yield 1; yield 2; } data.all = [...g()];",
            r#"{"all":[1,2]}"#,
        ),
        (
            "try { null.x } catch { data.caught = true }",
            r#"{"caught":true}"#,
        ),
        ("data = {replaced: 1};", r#"{"replaced":1}"#),
        ("this.data.x = 1;", r#"{"x":1}"#),
        (
            "(async () => { await null; data.later = 1; })();",
            r#"{"later":1}"#,
        ),
        (
            "Promise.resolve(2).then((x) => { data.x = x; });",
            r#"{"x":2}"#,
        ),
        (
            "Promise.reject(1).catch((x) => { data.x = x; });",
            r#"{"x":1}"#,
        ),
        (
            "console.log(data); console.error(1); console.timeEnd();",
            "{}",
        ),
        ("", "{}"),
    ]);
}

#[test]
fn placeholders_are_left_alone() {
    answer(&[(r#"data.text = "{{name}}";"#, r#"{"text":"{{name}}"}"#)]);
}

#[test]
fn the_time_is_what_was_handed_in_and_universal() {
    are_worth(&[
        ("Date.now()", &NOW_MS.to_string()),
        ("new Date()", "\"2026-11-24T10:00:00.000Z\""),
        ("new Date().getHours()", "10"),
        ("new Date().getTimezoneOffset()", "0"),
        (
            "new Date(2026, 0, 31, 12).toISOString()",
            "\"2026-01-31T12:00:00.000Z\"",
        ),
    ]);
}

#[test]
fn chance_follows_from_the_seed() {
    let draw = |seed| {
        let code = Code {
            source: "data.x = [Math.random(), Math.random()];",
            data: "{}",
            now_ms: 0,
            seed,
        };
        run(&code, &Limits::default()).unwrap()
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn a_run_leaves_nothing_behind_for_the_next() {
    let spoil = "globalThis.left = 1; Array.prototype.map = 0; Object.keys = () => []; data.x = 1;";
    assert_eq!(outcome(spoil, &json!({})).unwrap(), json!({"x": 1}));
    answer(&[(
        "data.left = typeof left; data.map = [1].map((x) => x + 1);",
        r#"{"left":"undefined","map":[2]}"#,
    )]);
}
