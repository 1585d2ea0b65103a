//! Graphs of any kind for the property tests: every logic, mostly as authors write them, sometimes not.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

pub const ALIASES: [&str; 3] = ["one", "two", "three"];
pub const NODES: [&str; 8] = ["start", "a", "b", "c", "d", "e", "end", "error"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(vec![
            "{{x}}", "{{y}}", "{{x.k[0]}}", "{{ {{y}} }}", "{{list[{{n}}]}}", "{{root.ref}}", "{{env_var[@v]}}", "x", "5", "",
            "{\"k\":[\"{{x}}\",{{y}}]}", "[{{x}},{{x}}]", "{{x}}{{y}}{{x}}", "{{", "}}", "true", "one", "@two", "{{n",
            "{{conv[one].ref[r]}}", "{{conv[@{{y}}].ref[{{x}}].x}}", "{{node[a].count}}", "{{conv[two].node[b].s}}", "$.math({{n}}*2-1)",
            "$.random({{n}})", "$.date(%y-%m-%d+{{n}})", "$.unixtime({{x}})", "$.sha256_hex({{x}})", "$.map(fun(X) -> [X | [X]] end, {{list}})",
            "$.filter(fun(X) -> X > 1 end, {{x}})", "$.to_number({{n}})", "{\"a\":\"$.to_array({{list}})\"}", "$.math($.math({{n}}))",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        60 => proptest::sample::select(vec!["x", "y", "n", "list", "x.k", "list[3]", "x.k[0].z", "{{y}}"]).prop_map(str::to_owned),
        1 => "\\PC{1,6}",
    ]
}

fn node_id() -> impl Strategy<Value = String> {
    prop_oneof![
        400 => proptest::sample::select(NODES[1..].to_vec()).prop_map(str::to_owned),
        1 => Just("nowhere".to_owned()),
    ]
}

fn values() -> impl Strategy<Value = (Value, Value)> {
    let value_type =
        proptest::sample::select(vec!["string", "number", "boolean", "object", "array"]);
    let value = prop_oneof![4 => text().prop_map(Value::from), 1 => text().prop_map(|text| json!({"t": [text, 1]}))];
    vec((key(), value, value_type), 0..3).prop_map(|fields| {
        let (mut extra, mut types) = (json!({}), json!({}));
        for (key, value, value_type) in fields {
            extra[&key] = value;
            types[&key] = value_type.into();
        }
        (extra, types)
    })
}

fn process_name() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["@one", "@two", "three", "@{{y}}", "{{x}}", "@one"])
        .prop_map(str::to_owned)
}

/// An error branch, or none.
fn error_branch() -> impl Strategy<Value = String> {
    prop_oneof![3 => node_id(), 1 => Just(String::new())]
}

fn action() -> impl Strategy<Value = Value> {
    let set_param = (values(), error_branch()).prop_map(|((extra, types), error)| {
        json!({"type": "set_param", "extra": extra, "extra_type": types, "err_node_id": error})
    });
    let api = (values(), text(), error_branch(), any::<bool>(), any::<bool>()).prop_map(
        |((extra, types), path, error, raw, customised)| {
            json!({"type": "api", "url": format!("http://a.test/{path}"), "method": if raw { "POST" } else { "GET" },
                   "format": if raw { "raw" } else { "" }, "raw_body": path, "extra": extra, "extra_type": types,
                   "customize_response": customised, "response": {"x": "{{body}}", "y": "{{header.h}}"},
                   "response_type": {"x": "object"}, "send_sys": true, "err_node_id": error})
        },
    );
    let copy = (values(), process_name(), text(), error_branch(), any::<bool>(), any::<bool>()).prop_map(
        |((data, types), to, reference, error, modify, all)| {
            json!({"type": "api_copy", "mode": if modify { "modify" } else { "create" }, "conv_id": to,
                   "ref": format!("r{reference}"), "data": data, "data_type": types, "group": if all { "all" } else { "" },
                   "err_node_id": error})
        },
    );
    let rpc = (values(), process_name(), error_branch(), any::<bool>()).prop_map(
        |((extra, types), to, error, all)| {
            json!({"type": "api_rpc", "conv_id": to, "extra": extra, "extra_type": types,
               "group": if all { "all" } else { "" }, "err_node_id": error})
        },
    );
    let reply = (values(), error_branch(), any::<bool>()).prop_map(|((data, types), error, throws)| {
        json!({"type": "api_rpc_reply", "mode": "key_value", "res_data": data, "res_data_type": types,
               "throw_exception": throws, "exception_reason": "{{x}}", "err_node_id": error})
    });
    let keys = vec(key(), 0..3)
        .prop_map(|keys| json!({"type": "api_rpc_reply", "mode": "keys", "res_data": keys, "throw_exception": false}));
    prop_oneof![
        5 => set_param,
        4 => api,
        4 => copy,
        3 => rpc,
        2 => reply,
        1 => keys,
        8 => newer_action(),
    ]
}

/// What came to the interpreter after its first logics.
fn newer_action() -> impl Strategy<Value = Value> {
    let callback = (any::<bool>(), any::<bool>()).prop_map(|(sync, path)| {
        json!({"type": "api_callback", "is_sync": sync, "obj_id_path": if path { "n" } else { "" }})
    });
    let code = error_branch().prop_map(
        |error| json!({"type": "api_code", "lang": "js", "src": "data.x = 1", "err_node_id": error}),
    );
    let call_again = (values(), error_branch(), 1..4_u32, any::<bool>(), any::<bool>()).prop_map(
        |((extra, types), error, attempts, jitter, conveyor)| {
            json!({"type": "api", "url": "http://a.test/", "method": "POST", "format": if conveyor { "conveyor" } else { "" },
                   "extra": extra, "extra_type": types, "api_secret_outer": "{{x}}", "debug_info": true,
                   "retry": {"attempts": attempts, "wait_s": 1, "jitter": jitter}, "err_node_id": error})
        },
    );
    let modify = (values(), process_name(), text(), error_branch()).prop_map(
        |((data, types), to, id, error)| {
            json!({"type": "api_copy", "mode": "modify", "is_sync": true, "conv_id": to, "ref": "r", "obj_id": id,
                   "data": data, "data_type": types, "send_parent_data": true, "err_node_id": error})
        },
    );
    let sum = (text(), error_branch()).prop_map(
        |(value, error)| json!({"type": "api_sum", "extra": [{"id": "s", "value": value}], "err_node_id": error}),
    );
    let queue = (values(), error_branch()).prop_map(|((data, types), error)| {
        json!({"type": "api_queue", "data": data, "data_type": types, "err_node_id": error})
    });
    let take = (process_name(), node_id(), any::<bool>(), error_branch()).prop_map(
        |(from, node, newest, error)| {
            json!({"type": "api_get_task", "conv_id": from, "node_id": node, "order_by": if newest { "DESC" } else { "ASC" },
                   "err_node_id": error})
        },
    );
    let elsewhere =
        error_branch().prop_map(|error| json!({"type": "db_call", "err_node_id": error}));
    prop_oneof![
        callback, code, call_again, modify, sum, queue, take, elsewhere
    ]
}

/// A count semaphor, with a limit that tasks reach.
fn count() -> impl Strategy<Value = Value> {
    let value = prop_oneof![Just(json!(1)), Just(json!(2)), Just(json!("{{n}}"))];
    (value, node_id())
        .prop_map(|(value, to)| json!({"type": "count", "value": value, "esc_node_id": to}))
}

/// A stub of a reply with or without a condition.
fn stub() -> impl Strategy<Value = Value> {
    (values(), condition(), any::<bool>()).prop_map(|((data, types), condition, throws)| {
        let reply = json!({"type": "api_rpc_reply", "mode": "key_value", "res_data": data, "res_data_type": types,
            "throw_exception": throws, "exception_reason": "{{x}}"});
        json!({"type": "stub", "logics": [[condition, reply.clone()], [reply]]})
    })
}

fn condition() -> impl Strategy<Value = Value> {
    let functions = vec![
        "eq",
        "not_eq",
        "more",
        "less",
        "more_or_eq",
        "less_or_eq",
        "regexp",
    ];
    let casts = vec!["string", "number", "boolean", "object", "array"];
    (
        key(),
        text(),
        proptest::sample::select(functions),
        proptest::sample::select(casts),
        node_id(),
    )
        .prop_map(|(param, constant, fun, cast, to)| {
            json!({"type": "go_if_const", "to_node_id": to,
                   "conditions": [{"param": param, "const": constant, "fun": fun, "cast": cast}]})
        })
}

fn node() -> impl Strategy<Value = Value> {
    let timer = (prop_oneof![Just(json!(5)), Just(json!(60)), Just(json!("{{n}}"))], node_id())
        .prop_map(|(value, to)| json!({"type": "time", "value": value, "dimension": "sec", "to_node_id": to}));
    (
        proptest::option::weighted(0.8, action()),
        vec(condition(), 0..2),
        node_id(),
        proptest::option::weighted(0.3, timer),
        proptest::option::weighted(0.1, count()),
        stub(),
    )
        .prop_map(|(action, conditions, to, timer, count, stub)| {
            let calls = action
                .as_ref()
                .is_some_and(|action| action["type"] == "api_rpc" && action["group"] == "all");
            let mut steps: Vec<Value> = action.into_iter().collect();
            steps.extend(conditions);
            steps.push(json!({"type": "go", "to_node_id": to}));
            steps.extend(timer);
            steps.extend(count);
            steps.extend(calls.then_some(stub));
            Value::Array(steps)
        })
}

fn graph() -> impl Strategy<Value = Value> {
    vec(node(), 6).prop_map(|nodes| {
        let mut graph = json!({"end": [], "error": []});
        for (id, node) in NODES.iter().zip(nodes) {
            graph[id] = node;
        }
        graph
    })
}

pub fn graphs() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    vec(graph(), 3).prop_map(|graphs| ALIASES.into_iter().zip(graphs).collect())
}
