//! Command converter: turns an event into a command. The decision is in `vikno_steps::command_converter`.

use spin_sdk::http_service;
use vikno_shell::{Request, Response};
use vikno_steps::command_converter::decide;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| {
        let organisation = vikno_shell::organisation(&request.org).await?;
        decide(&request, &organisation)
    })
    .await
}
