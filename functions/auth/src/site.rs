//! The address at which people have this installation in their browsers.

use vikno_shell::{Request, header, variable};

/// As it is set, or else as this browser has asked; without a slash at its end.
pub(crate) async fn public_url(request: &Request) -> Option<String> {
    match set_url().await {
        Some(url) => Some(url),
        None => asked_origin(request),
    }
}

/// As it is set.
pub(crate) async fn set_url() -> Option<String> {
    let url = variable("public_url").await?;
    Some(url.trim_end_matches('/').to_owned())
}

/// Scheme and host that the browser has asked.
fn asked_origin(request: &Request) -> Option<String> {
    let url = header(request, "spin-full-url")?;
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let scheme = header(request, "x-forwarded-proto").unwrap_or(scheme);
    Some(format!("{scheme}://{host}"))
}
