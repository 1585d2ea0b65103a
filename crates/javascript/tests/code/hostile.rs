//! Code that wants out, or wants to do harm, finds nothing to do it with.

use crate::support::{answer, are_worth, told};

#[test]
fn there_is_nothing_to_reach_the_outside_with() {
    for name in [
        "process",
        "fetch",
        "XMLHttpRequest",
        "WebAssembly",
        "Deno",
        "setTimeout",
        "setInterval",
        "importScripts",
        "Atomics",
        "SharedArrayBuffer",
        "navigator",
        "window",
        "global",
        "module",
        "exports",
    ] {
        are_worth(&[(&format!("typeof {name}"), "\"undefined\"")]);
    }
}

#[test]
fn code_is_not_made_from_text() {
    for source in [
        "eval(\"1\");",
        "(0, eval)(\"1\");",
        "new Function(\"return 1\")();",
        "data.constructor.constructor(\"return this\")();",
        "(() => 1).constructor(\"return 1\")();",
        "(async () => 1).constructor(\"return 1\")();",
        "(function* () {}).constructor(\"yield 1\")();",
        "[].constructor.constructor(\"return process\")();",
        "Reflect.construct(Function, [\"return 1\"])();",
    ] {
        let told = told(source);
        assert!(
            told.contains("EvalError: code cannot be made from text here"),
            "{source}: {told}"
        );
    }
}

#[test]
fn modules_are_not_loaded() {
    let told = told("import(\"./x.js\");");
    assert!(told.starts_with("code_executing_error"), "{told}");
    let told = crate::support::told("import x from \"x\";");
    assert!(
        told.starts_with("code_executing_error: line 1: SyntaxError"),
        "{told}"
    );
}

#[test]
fn tampered_built_ins_do_not_change_how_data_are_read() {
    answer(&[
        (
            "Object.keys = () => { throw 1; }; JSON.stringify = () => 1; data.x = 1;",
            r#"{"x":1}"#,
        ),
        (
            "Object.prototype.toJSON = function () { return 1; };",
            "code_return_format_error: data is no object any more",
        ),
        (
            "Array.prototype[Symbol.iterator] = null; data.x = [1];",
            r#"{"x":[1]}"#,
        ),
        ("data.__proto__ = {x: 1}; data.y = 2;", r#"{"y":2}"#),
        ("Object.prototype.x = 1;", "{}"),
        (
            "Object.setPrototypeOf(data, null); data.y = 1;",
            r#"{"y":1}"#,
        ),
        (
            "Object.freeze(Object.prototype); Object.freeze(Array.prototype); data.x = [1];",
            r#"{"x":[1]}"#,
        ),
        (
            "Object.defineProperty(globalThis, \"data\", {get() { return {x: 1}; }});",
            r#"{"x":1}"#,
        ),
    ]);
}

#[test]
fn traps_and_getters_that_throw_are_errors_of_the_code() {
    for source in [
        "data = new Proxy({}, {ownKeys() { throw new Error(\"no\"); }});",
        "data.x = new Proxy({}, {get() { throw new Error(\"no\"); }});",
        "data.x = {toJSON() { throw new Error(\"no\"); }};",
        "const error = new Error(\"no\"); Object.defineProperty(error, \"message\", {get() { throw error; }}); throw error;",
        "throw new Proxy(new Error(\"no\"), {});",
        "throw {toString() { throw 1; }};",
        "throw Symbol(\"no\");",
        "throw undefined;",
        "throw null;",
        "Error.prototype.constructor = null; throw new Error(\"no\");",
    ] {
        let told = told(source);
        assert!(
            told.starts_with("code_executing_error: "),
            "{source}: {told}"
        );
    }
}

#[test]
fn a_proxy_that_answers_for_ever_is_cut_off() {
    answer(&[
        (
            "const endless = () => new Proxy({}, {ownKeys: () => [\"a\"], get: (t, k) => k === \"a\" ? endless() : undefined, getOwnPropertyDescriptor: () => ({enumerable: true, configurable: true})}); data.x = endless();",
            "code_return_format_error: data nests deeper than 64 or refers to itself",
        ),
        (
            "data.x = {toJSON() { return {a: this}; }};",
            "code_return_format_error: data nests deeper than 64 or refers to itself",
        ),
        (
            "let a = {}; for (let i = 0; i < 100000; i++) a = {a}; data.a = a;",
            "code_return_format_error: data nests deeper than 64 or refers to itself",
        ),
        (
            "let a = [1]; for (let i = 0; i < 60; i++) a = [a, a]; data.a = a;",
            "code_return_format_error: data is larger than 128000 bytes",
        ),
    ]);
}

#[test]
fn large_texts_and_lists_do_not_come_back() {
    for source in [
        "let s = \"x\"; for (let i = 0; i < 24; i++) s += s; data.s = s;",
        "data.a = Array(200000).fill(0);",
        "data.a = []; data.a[4294967294] = 1;",
        "data.s = \"x\".padEnd(1000000);",
        "data.o = {}; for (let i = 0; i < 15000; i++) data.o[\"key\" + i] = i;",
    ] {
        assert_eq!(
            told(source),
            "code_return_format_error: data is larger than 128000 bytes",
            "{source}"
        );
    }
}

#[test]
fn too_many_copies_are_stopped_before_they_are_made() {
    answer(&[(
        "\"x\".repeat(1e7);",
        "code_timeout: the code ran longer than it may",
    )]);
}
