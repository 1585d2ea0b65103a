//! The server's own routes, for those who do not share its process.

use crate::Fault;
use crate::server::{Answer, Call, problem};
use crate::state::State;
use http::Method;
use serde_json::json;

/// `GET /_recorded?after=N` lists calls above a number; `DELETE` forgets all.
pub(crate) fn recorded(state: &State, call: &Call) -> Answer {
    match call.method {
        Method::GET => {
            let after = call.query.strip_prefix("after=");
            let after = after.and_then(|number| number.parse().ok()).unwrap_or(0);
            Answer::json(200, &json!({ "calls": state.calls(after) }))
        }
        Method::DELETE => {
            state.clear_calls();
            Answer::json(200, &json!({}))
        }
        _ => problem(405, "GET or DELETE"),
    }
}

/// `POST /_faults` adds one; `DELETE` removes all.
pub(crate) fn faults(state: &State, call: &Call) -> Answer {
    match call.method {
        Method::POST => match serde_json::from_slice::<Fault>(&call.body) {
            Ok(fault) => {
                state.add_fault(fault);
                Answer::json(200, &json!({}))
            }
            Err(error) => problem(400, &error.to_string()),
        },
        Method::DELETE => {
            state.clear_faults();
            Answer::json(200, &json!({}))
        }
        _ => problem(405, "POST or DELETE"),
    }
}

/// `PUT /_files/{id}` keeps a file; the answer tells its address.
pub(crate) fn put_file(state: &State, id: &str, call: Call) -> Answer {
    if call.method != Method::PUT {
        return problem(405, "PUT");
    }
    let url = state.put_file(id, call.header("content-type"), call.body.clone());
    Answer::json(200, &json!({ "url": url }))
}
