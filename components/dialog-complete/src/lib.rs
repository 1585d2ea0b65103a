//! Widget dialog complete: ends a dialogue. The decision is in `vikno_steps::dialog_complete`.

use spin_sdk::http_service;
use vikno_shell::{Request, Response};
use vikno_steps::dialog_complete::decide;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| decide(&request)).await
}
