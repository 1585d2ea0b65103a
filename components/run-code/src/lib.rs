//! Widget run code: runs the code of a code node. It runs in `javascript`, composed in; what is asked of it and what
//! its answer means is in `vikno_steps::run_code`.

mod bindings {
    spin_sdk::wit_bindgen::generate!({
        path: "../../wit/code",
        world: "caller",
        runtime_path: "spin_sdk::wit_bindgen::rt",
    });
}

use bindings::vikno::code::javascript::{self, CodeError, ExecutingError};
use spin_sdk::http_service;
use vikno_shell::{Request, Response};
use vikno_steps::run_code::{Failure, Order, answer, order};

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::lone_step(request, async |request| {
        let drawn = u64::from_le_bytes(vikno_shell::random());
        answer(run(order(&request, drawn)?))
    })
    .await
}

fn run(order: Order) -> Result<String, Failure> {
    let code = javascript::Code {
        source: order.source,
        data: order.data,
        now_ms: order.now_ms,
        seed: order.seed,
    };
    javascript::run(&code).map_err(|error| match error {
        CodeError::Timeout => Failure::Timeout,
        CodeError::Executing(ExecutingError { message, line }) => {
            Failure::Executing { message, line }
        }
        CodeError::ReturnFormat(message) => Failure::ReturnFormat(message),
    })
}
