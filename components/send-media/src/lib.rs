//! Send image message: sends a file. The decision is in `vikno_steps::send_media`.

use spin_sdk::http_service;
use vikno_shell::{Request, Response};
use vikno_steps::send_media::decide;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| {
        let organisation = vikno_shell::organisation(&request.org).await?;
        let texts = vikno_shell::texts(&organisation);
        decide(&request, &organisation, &texts)
    })
    .await
}
