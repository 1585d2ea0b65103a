//! Client voted: takes the rating. The decision is in `vikno_steps::vote`.

use spin_sdk::http_service;
use vikno_shell::{Request, Response};
use vikno_steps::vote::decide;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| decide(&request)).await
}
