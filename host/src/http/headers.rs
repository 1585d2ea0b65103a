//! The headers that tell a component how it was reached. Only the host may set them.

use super::Request;
use crate::manifest::Match;
use http::header::{CONNECTION, HOST};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::net::SocketAddr;

const FULL_URL: HeaderName = HeaderName::from_static("spin-full-url");
const MATCHED_ROUTE: HeaderName = HeaderName::from_static("spin-matched-route");
const BASE_PATH: HeaderName = HeaderName::from_static("spin-base-path");
const RAW_ROUTE: HeaderName = HeaderName::from_static("spin-raw-component-route");
const ROUTE: HeaderName = HeaderName::from_static("spin-component-route");
const PATH_INFO: HeaderName = HeaderName::from_static("spin-path-info");
const CLIENT_ADDR: HeaderName = HeaderName::from_static("spin-client-addr");

/// The id of a request, the same in every component it leads to.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How a component was reached.
pub(crate) enum Origin<'a> {
    /// Through one of the application's routes.
    Route(&'a Match<'a>, SocketAddr),
    /// From inside, by its name.
    Chained,
}

/// Sets the headers of how a component was reached and removes what a caller may have made up.
/// The request's address must be absolute.
pub(crate) fn prepare(request: &mut Request, origin: &Origin<'_>, request_id: &str) {
    let full_url = request.uri().to_string();
    let path = request.uri().path().to_owned();
    let headers = request.headers_mut();
    remove_forged(headers);
    headers.remove(CONNECTION);
    headers.insert(BASE_PATH, HeaderValue::from_static("/"));
    set(headers, FULL_URL, &full_url);
    set(headers, REQUEST_ID, request_id);
    match origin {
        Origin::Route(found, client) => {
            set(headers, MATCHED_ROUTE, found.route.as_str());
            set(headers, RAW_ROUTE, found.route.as_str());
            set(headers, ROUTE, found.route.prefix());
            set(headers, PATH_INFO, found.path_info);
            set(headers, CLIENT_ADDR, &client.to_string());
            for (name, value) in &found.named {
                if let Ok(name) = HeaderName::try_from(format!("spin-path-match-{name}")) {
                    set(headers, name, value);
                }
            }
        }
        Origin::Chained => {
            headers.remove(HOST);
            headers.insert(MATCHED_ROUTE, HeaderValue::from_static("/..."));
            headers.insert(RAW_ROUTE, HeaderValue::from_static("/..."));
            headers.insert(ROUTE, HeaderValue::from_static(""));
            headers.insert(CLIENT_ADDR, HeaderValue::from_static("127.0.0.1:0"));
            set(headers, PATH_INFO, &path);
        }
    }
}

fn remove_forged(headers: &mut HeaderMap) {
    let forged: Vec<HeaderName> = headers
        .keys()
        .filter(|name| name.as_str().starts_with("spin-"))
        .cloned()
        .collect();
    for name in forged {
        headers.remove(name);
    }
    headers.remove("x-vikno-cron");
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    // What came in a request line or header is a valid header value again.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
