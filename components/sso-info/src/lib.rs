//! Get SSO info: identifies a citizen. The decision is in `vikno_steps::sso_info`.

use spin_sdk::http_service;
use vikno_shell::{Request, Response};
use vikno_steps::sso_info::decide;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| decide(&request)).await
}
