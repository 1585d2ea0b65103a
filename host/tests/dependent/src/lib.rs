//! A component that answers what its dependency says to the request's body. For the host's tests only.

mod bindings {
    spin_sdk::wit_bindgen::generate!({
        path: "../parts",
        world: "dependent",
        runtime_path: "spin_sdk::wit_bindgen::rt",
    });
}

use spin_sdk::http::body::IncomingBodyExt;
use spin_sdk::http::{IntoResponse, Request, Result};
use spin_sdk::http_service;

#[http_service]
async fn handle(request: Request) -> Result<impl IntoResponse> {
    let body = request.into_body().bytes().await?;
    let what = String::from_utf8_lossy(&body);
    Ok(bindings::probe::parts::api::get(&what))
}
