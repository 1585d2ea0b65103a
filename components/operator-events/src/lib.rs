//! Events in operators' chat: tells the citizen what an operator did. The decision is in
//! `vikno_steps::operator_events`.

use spin_sdk::http_service;
use vikno_shell::{Request, Response};
use vikno_steps::operator_events::{decide, transfer_target};

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| {
        // One that does not exist is for the decision to refuse.
        let target = match transfer_target(&request) {
            Some(org) => vikno_shell::organisation(org).await.ok(),
            None => None,
        };
        decide(&request, target.as_deref())
    })
    .await
}
