//! Calls of the outside, with a time limit on each and a size limit on what comes back.

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use http::{HeaderName, Method, Uri};
use http_body_util::BodyExt;
use spin_sdk::http::{FullBody, send};
use spin_sdk::wasip3::http::types::{ErrorCode, RequestOptions};
use spin_sdk::wasip3::http_compat::RequestOptionsExtension;

/// To reach the other side.
const CONNECT_NS: u64 = 3_000_000_000;
/// For the other side to begin its answer.
const FIRST_BYTE_NS: u64 = 12_000_000_000;
/// Between two pieces of an answer.
const BETWEEN_BYTES_NS: u64 = 5_000_000_000;
/// An answer about a message is a few KB.
const ANSWER_MAX: usize = 256 * 1024;
/// A file server may move a file, not lead in circles.
const REDIRECTS_MAX: usize = 3;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// Nobody answered, or not to the end.
    NoAnswer,
    /// More came than is taken.
    TooLarge,
    /// The address is none, or leads where we do not follow or the manifest does not let us.
    BadAddress,
}

/// An answer.
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// As it came.
    pub body: Bytes,
    location: Option<String>,
}

impl Answer {
    /// One that leads nowhere else.
    pub fn of(status: u16, body: Bytes) -> Self {
        Self {
            status,
            body,
            location: None,
        }
    }
}

/// Posts a body.
pub async fn post(
    url: &str,
    content_type: &str,
    header: Option<(HeaderName, &str)>,
    body: impl Into<Bytes>,
) -> Result<Answer, Failed> {
    let body = body.into();
    let mut request = http::Request::builder()
        .method(Method::POST)
        .uri(url)
        .header(CONTENT_TYPE, content_type)
        .header(CONTENT_LENGTH, body.len());
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    call(request.body(FullBody::new(body)), ANSWER_MAX).await
}

/// Gets a file of at most `limit` bytes. Redirects are followed a few times, never from HTTPS to HTTP; whether a
/// host may be reached at all is for the manifest to say.
pub async fn get(url: &str, limit: usize) -> Result<Answer, Failed> {
    get_as(url, None, limit).await
}

/// The same with a header, which goes along to wherever the address leads on the same host only.
pub async fn get_as(
    url: &str,
    header: Option<(HeaderName, &str)>,
    limit: usize,
) -> Result<Answer, Failed> {
    let first: Uri = url.parse().map_err(|_| Failed::BadAddress)?;
    let mut url = url.to_owned();
    for _ in 0..=REDIRECTS_MAX {
        let mut request = http::Request::builder().uri(&url);
        let is_same = url.parse::<Uri>().is_ok_and(|uri| {
            (uri.scheme(), uri.authority()) == (first.scheme(), first.authority())
        });
        if let Some((name, value)) = header.clone().filter(|_| is_same) {
            request = request.header(name, value);
        }
        let request = request.body(FullBody::new(Bytes::new()));
        let answer = call(request, limit).await?;
        match answer
            .location
            .as_deref()
            .filter(|_| (300..400).contains(&answer.status))
        {
            Some(location) => url = followed(&url, location).ok_or(Failed::BadAddress)?,
            None => return Ok(answer),
        }
    }
    Err(Failed::BadAddress)
}

async fn call(
    request: Result<http::Request<FullBody<Bytes>>, http::Error>,
    limit: usize,
) -> Result<Answer, Failed> {
    let mut request = request.map_err(|_| Failed::BadAddress)?;
    let options = RequestOptions::new();
    // A host without such limits refuses them; then its own limit on the whole call holds.
    let _ = options.set_connect_timeout(Some(CONNECT_NS));
    let _ = options.set_first_byte_timeout(Some(FIRST_BYTE_NS));
    let _ = options.set_between_bytes_timeout(Some(BETWEEN_BYTES_NS));
    request
        .extensions_mut()
        .insert(RequestOptionsExtension(options));
    let response = send(request).await.map_err(|error| match error {
        ErrorCode::HttpRequestDenied | ErrorCode::HttpRequestUriInvalid => Failed::BadAddress,
        _ => Failed::NoAnswer,
    })?;
    let status = response.status().as_u16();
    let header = |name| {
        response
            .headers()
            .get(name)?
            .to_str()
            .ok()
            .map(str::to_owned)
    };
    let location = header(LOCATION);
    let declared: usize = header(CONTENT_LENGTH)
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    if declared > limit {
        return Err(Failed::TooLarge);
    }
    let mut incoming = response.into_body();
    let mut body = BytesMut::with_capacity(declared);
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|_| Failed::NoAnswer)?;
        if let Ok(data) = frame.into_data() {
            if body.len() + data.len() > limit {
                return Err(Failed::TooLarge);
            }
            body.extend_from_slice(&data);
        }
    }
    Ok(Answer {
        status,
        body: body.freeze(),
        location,
    })
}

/// Where a redirect leads; `None` if we do not go there.
fn followed(from: &str, location: &str) -> Option<String> {
    let from: Uri = from.parse().ok()?;
    if location.starts_with('/') && !location.starts_with("//") {
        return Some(format!(
            "{}://{}{location}",
            from.scheme_str()?,
            from.authority()?
        ));
    }
    let to: Uri = location.parse().ok()?;
    let allowed = matches!(
        (from.scheme_str()?, to.scheme_str()?),
        (_, "https") | ("http", "http")
    );
    (allowed && to.authority().is_some()).then(|| location.to_owned())
}

/// Whether an address that a channel gave is one to get a file from.
pub fn is_web_address(url: &str) -> bool {
    let uri: Result<Uri, _> = url.parse();
    uri.is_ok_and(|uri| matches!(uri.scheme_str(), Some("https" | "http")) && uri.host().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_the_web_and_never_lose_their_cover() {
        let cases = [
            ("https://a.example/x", "/y", Some("https://a.example/y")),
            (
                "https://a.example/x",
                "https://b.example/y",
                Some("https://b.example/y"),
            ),
            (
                "http://a.example/x",
                "http://a.example/y",
                Some("http://a.example/y"),
            ),
            ("https://a.example/x", "http://a.example/y", None),
            ("https://a.example/x", "file:///etc/passwd", None),
            ("https://a.example/x", "//b.example/y", None),
            ("https://a.example/x", "y", None),
        ];
        for (from, location, to) in cases {
            assert_eq!(followed(from, location).as_deref(), to, "{location}");
        }
    }

    #[test]
    fn only_web_addresses_are_fetched() {
        assert!(is_web_address(
            "https://dl-media.viber.com/1/share/2/long/x.jpg"
        ));
        for bad in [
            "",
            "ftp://a/b",
            "/etc/passwd",
            "file:///etc/passwd",
            "data:text/plain,x",
        ] {
            assert!(!is_web_address(bad), "{bad}");
        }
    }
}
