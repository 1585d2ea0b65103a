//! Whatever the graph and whatever happens: no panic, an end within the limits, nothing lost, and the same
//! again for the same input, stored in between or not.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use vikno_process::{
    CallId, CallResult, Limits, Outcome, ProcessSet, Runner, SharedState, TaskState, World, parse,
    validate,
};

use crate::graphs::{ALIASES, NODES, graphs};
use crate::support::{NOW, documents, object};

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
    Callback {
        process: usize,
        node: usize,
        task: u64,
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
        1 => (0..3_usize, 0..8_usize, 0..9_u64).prop_map(|(process, node, task)| Event::Callback { process, node, task }),
        2 => (1..100_i64).prop_map(|seconds| Event::Wait { seconds }),
    ]
}

/// Plays the events and writes down all that can be seen.
fn play(set: &ProcessSet, events: &[Event], store_between: bool) -> Vec<String> {
    let mut told = Vec::new();
    let (mut now, mut open) = (NOW, None::<CallId>);
    let mut gone = 0;
    let others = SharedState::default();
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
        let mut runner = Runner::new(set, world, Limits::default(), now)
            .with_surroundings(&others)
            .with_seed(5);
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
            Event::Callback {
                process,
                node,
                task,
            } => format!(
                "{:?}",
                runner.callback(
                    ALIASES[*process],
                    NODES[*node],
                    object(json!({"n": task, "x": "late"}))
                )
            ),
            Event::Wait { .. } => "waited".to_owned(),
        });
        let outcome = runner.step();
        open = match &outcome {
            Outcome::Call(call) => Some(call.call_id),
            Outcome::Code(call) => Some(call.call_id),
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
        let wakes = world.next_wake_ms().is_some_and(|at| at > now);
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
                TaskState::Retrying => assert!(open.is_some() || task.wake_at.is_some() || wakes),
                TaskState::WaitingCopy { target } => {
                    assert!(world.tasks().any(|(id, _)| id == target))
                }
                TaskState::WaitingCallback | TaskState::Queued => {}
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
                    Outcome::Code(call) => runner.resume(call.call_id, CallResult::code_data(call.data)).unwrap(),
                    Outcome::Idle { .. } => break,
                }
            }
            world = runner.into_world();
        }
    }
}
