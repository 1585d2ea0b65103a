//! Plain blocking requests; every status is an answer, none an error.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::time::Duration;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// Panics unless the status is the wanted one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

/// Sends a request.
pub fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    try_send(method, url, headers, body).unwrap_or_else(|error| panic!("{method} {url}: {error}"))
}

/// Sends a request; an error when there is no server or it goes away.
pub fn try_send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Answer, String> {
    let mut response = run(method, url, headers, body)?;
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let body = response
        .body_mut()
        .with_config()
        .limit(256 * 1024 * 1024)
        .read_to_vec()
        .map_err(|error| error.to_string())?;
    Ok(Answer {
        status: response.status().as_u16(),
        headers,
        body,
    })
}

/// Gets an answer and hands out its lines one by one as they come, without keeping them.
pub fn lines(url: &str, headers: &[(&str, &str)], mut each: impl FnMut(&str)) {
    let response = run("GET", url, headers, b"").unwrap_or_else(|error| panic!("{url}: {error}"));
    assert_eq!(response.status().as_u16(), 200, "{url}");
    let (_, body) = response.into_parts();
    for line in BufReader::new(body.into_reader()).lines() {
        each(&line.unwrap_or_else(|error| panic!("{url} broke off: {error}")));
    }
}

fn run(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<ureq::http::Response<ureq::Body>, String> {
    thread_local! {
        static AGENT: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .into();
    }
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(body.to_vec())
        .map_err(|error| error.to_string())?;
    AGENT
        .with(|agent| agent.run(request))
        .map_err(|error| error.to_string())
}
