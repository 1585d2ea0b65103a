//! Whatever the graph and whatever happens: no panic, an end within the limits, nothing lost, and the same
//! again for the same input, stored in between or not.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use vikno_process::{
    CallId, CallResult, Limits, Outcome, ProcessSet, Runner, TaskState, World, parse, validate,
};

use crate::support::{NOW, documents, object};

const ALIASES: [&str; 3] = ["one", "two", "three"];
const NODES: [&str; 8] = ["start", "a", "b", "c", "d", "e", "end", "error"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(vec![
            "{{x}}", "{{y}}", "{{x.k[0]}}", "{{ {{y}} }}", "{{list[{{n}}]}}", "{{root.ref}}", "{{env_var[@v]}}", "x", "5", "",
            "{\"k\":[\"{{x}}\",{{y}}]}", "[{{x}},{{x}}]", "{{x}}{{y}}{{x}}", "{{", "}}", "true", "one", "@two", "{{n",
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
        set_param,
        api,
        copy,
        rpc,
        reply,
        keys,
        Just(json!({"type": "api_callback"}))
    ]
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
    )
        .prop_map(|(action, conditions, to, timer)| {
            let mut steps: Vec<Value> = action.into_iter().collect();
            steps.extend(conditions);
            steps.push(json!({"type": "go", "to_node_id": to}));
            steps.extend(timer);
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

fn graphs() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    vec(graph(), 3).prop_map(|graphs| ALIASES.into_iter().zip(graphs).collect())
}

#[derive(Debug, Clone)]
enum Event {
    Create {
        process: usize,
        reference: String,
        data: Value,
    },
    Modify {
        process: usize,
        reference: String,
        data: Value,
    },
    Answer {
        status: u16,
        body: Value,
    },
    Fail,
    Strange {
        call: u64,
    },
    Wait {
        seconds: i64,
    },
}

fn data() -> impl Strategy<Value = Value> {
    proptest::sample::select(vec![
        json!({}),
        json!({"x": "слово", "y": "x", "n": 2}),
        json!({"x": {"k": [1, {"z": null}]}, "y": "list", "list": [1, 2, 3]}),
        json!({"n": 0, "list": ["one"], "y": "two", "x": "one"}),
        json!({"x": "long ".repeat(20_000)}),
    ])
}

fn event() -> impl Strategy<Value = Event> {
    let reference = || {
        prop_oneof![
            Just("r".to_owned()),
            Just("rx".to_owned()),
            Just(String::new())
        ]
    };
    let status = proptest::sample::select(vec![200, 200, 200, 204, 301, 404, 429, 503]);
    let body = prop_oneof![
        data(),
        Just(Value::Null),
        Just(json!([1])),
        Just(json!("text"))
    ];
    prop_oneof![
        2 => (0..3_usize, reference(), data()).prop_map(|(process, reference, data)| Event::Create { process, reference, data }),
        2 => (0..3_usize, reference(), data()).prop_map(|(process, reference, data)| Event::Modify { process, reference, data }),
        4 => (status, body).prop_map(|(status, body)| Event::Answer { status, body }),
        1 => Just(Event::Fail),
        1 => (0..9_u64).prop_map(|call| Event::Strange { call }),
        2 => (1..100_i64).prop_map(|seconds| Event::Wait { seconds }),
    ]
}

/// Plays the events and writes down all that can be seen.
fn play(set: &ProcessSet, events: &[Event], store_between: bool) -> Vec<String> {
    let mut told = Vec::new();
    let (mut now, mut open) = (NOW, None::<CallId>);
    let mut gone = 0;
    let mut world = World::default();
    for event in std::iter::once(&Event::Create {
        process: 0,
        reference: "r".to_owned(),
        data: json!({"x": "a"}),
    })
    .chain(events)
    {
        if let Event::Wait { seconds } = event {
            now += seconds * 1_000;
        }
        let mut runner = Runner::new(set, world, Limits::default(), now);
        told.push(match event {
            Event::Create {
                process,
                reference,
                data,
            } => {
                format!(
                    "{:?}",
                    runner.create_task(ALIASES[*process], Some(reference), object(data.clone()))
                )
            }
            Event::Modify {
                process,
                reference,
                data,
            } => {
                format!(
                    "{:?}",
                    runner.modify_task(ALIASES[*process], reference, object(data.clone()))
                )
            }
            Event::Answer { status, body } => {
                format!(
                    "{:?}",
                    open.map(|call| runner.resume(call, CallResult::answer(*status, body.clone())))
                )
            }
            Event::Fail => {
                let failed = CallResult::Failed {
                    tag: "api_bind_error".into(),
                    hardware: true,
                    description: "d".into(),
                    http_code: None,
                };
                format!("{:?}", open.map(|call| runner.resume(call, failed)))
            }
            Event::Strange { call } => format!(
                "{:?}",
                runner.resume(CallId(*call), CallResult::answer(200, Value::Null))
            ),
            Event::Wait { .. } => "waited".to_owned(),
        });
        let outcome = runner.step();
        open = match &outcome {
            Outcome::Call(call) => Some(call.call_id),
            Outcome::Idle { .. } => None,
        };
        told.push(format!("{outcome:?}"));

        let limits = Limits::default();
        let trace = runner.take_trace();
        assert!(
            trace.len() <= limits.nodes_per_run_max + limits.nodes_grace_max + limits.tasks_max,
            "{}",
            trace.len()
        );
        told.push(format!("{trace:?}"));
        let (failures, finished) = (runner.take_failures(), runner.take_finished());
        gone += failures.len() + finished.len();
        told.push(format!("{failures:?} {finished:?}"));
        world = runner.into_world();

        // Nothing is lost: every task that was ever made is alive, finished or told as failed.
        let stored: Value = serde_json::from_slice(&world.to_json()).unwrap();
        let created = stored["n"].as_u64().unwrap() as usize - 1;
        let alive = world.tasks().count();
        assert_eq!(created, alive + gone);
        assert!(alive <= limits.tasks_max);
        for (id, task) in world.tasks() {
            match task.state {
                TaskState::Ready => assert!(open.is_some(), "task {id:?} is forgotten"),
                TaskState::WaitingRpc { child } => {
                    assert!(world.tasks().any(|(id, _)| id == child))
                }
                TaskState::Delayed => assert!(task.wake_at.is_some()),
                TaskState::WaitingCall { .. } => assert!(open.is_some()),
                TaskState::WaitingCallback => {}
            }
            assert!(open.is_some() || task.wake_at.is_none_or(|at| at > now));
        }
        if store_between {
            world = World::from_json(&world.to_json()).expect("what was stored is loaded");
        }
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_runs_within_the_limits_and_the_same_way_each_time(graphs in graphs(), events in vec(event(), 0..12)) {
        let documents = documents(&graphs);
        let problems = validate(&documents);
        match ProcessSet::build(&documents) {
            Ok(set) => {
                let told = play(&set, &events, false);
                prop_assert_eq!(&told, &play(&set, &events, false));
                prop_assert_eq!(&told, &play(&set, &events, true));
            }
            Err(refused) => prop_assert_eq!(refused.0, problems),
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
        let _ = World::from_json(&bytes);
    }

    #[test]
    fn a_world_of_other_processes_ends_in_told_failures(
        before in graphs(), after in graphs(), events in vec(event(), 1..6)
    ) {
        let (Ok(before), Ok(after)) = (ProcessSet::build(&documents(&before)), ProcessSet::build(&documents(&after))) else {
            return Ok(());
        };
        let mut world = World::default();
        for (at, event) in events.iter().enumerate() {
            let set = if at % 2 == 0 { &before } else { &after };
            let mut runner = Runner::new(set, world, Limits::default(), NOW + at as i64 * 60_000);
            if let Event::Create { process, reference, data } = event {
                let _ = runner.create_task(ALIASES[*process], Some(reference), object(data.clone()));
            }
            for _ in 0..50 {
                match runner.step() {
                    Outcome::Call(call) => runner.resume(call.call_id, CallResult::answer(200, json!({"x": 1}))).unwrap(),
                    Outcome::Idle { .. } => break,
                }
            }
            world = runner.into_world();
        }
    }
}
