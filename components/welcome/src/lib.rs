//! Widget welcome message: greets a citizen. The decision is in `vikno_steps::welcome`.

use spin_sdk::http_service;
use vikno_shell::{Request, Response};
use vikno_steps::{Opening, welcome::decide};

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| {
        let organisation = vikno_shell::organisation(&request.org).await?;
        let operators_work = Opening::of(&organisation.hours, request.now_ms) == Opening::Now;
        decide(&request, &organisation, operators_work)
    })
    .await
}
