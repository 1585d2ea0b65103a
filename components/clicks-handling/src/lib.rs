//! Clicks handling: answers a pressed button. The decision is in `vikno_steps::clicks_handling`.

use spin_sdk::http_service;
use vikno_shell::{Request, Response};
use vikno_steps::clicks_handling::decide;
use vikno_steps::moment;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| {
        let organisation = vikno_shell::organisation(&request.org).await?;
        let replies = vikno_shell::replies(&organisation)?;
        let moment = moment(&organisation, request.now_ms);
        decide(&request, &organisation, &replies, moment)
    })
    .await
}
