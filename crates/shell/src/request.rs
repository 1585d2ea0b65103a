//! Reading a request: everything in it is hostile until checked.

use crate::Problem;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use spin_sdk::http::Request;
use std::collections::BTreeMap;
use vikno_domain::OrgId;

/// A header's text; `None` when it is missing or no text.
pub fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// The organisation named by the first path segment (the route's `:org`).
pub fn org(request: &Request) -> Result<OrgId, Problem> {
    header(request, "spin-path-match-org")
        .and_then(|id| OrgId::parse(id).ok())
        .ok_or_else(|| {
            Problem::new(
                404,
                "unknown_organisation",
                "The first path segment names no organisation.",
            )
        })
}

/// The path's segments, percent-decoded.
pub fn path_segments(request: &Request) -> Vec<String> {
    let path = request.uri().path();
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(decoded)
        .collect()
}

/// The query's parameters, percent-decoded; of a repeated one the last counts.
pub fn query(request: &Request) -> BTreeMap<String, String> {
    let query = request.uri().query().unwrap_or_default();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (
                decoded(&name.replace('+', " ")),
                decoded(&value.replace('+', " ")),
            )
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, tail @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                out.push(high << 4 | low);
                rest = &rest[3..];
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// Refuses every method but one.
pub fn method(request: &Request, allowed: &'static str) -> Result<(), Problem> {
    if request.method().as_str() == allowed {
        return Ok(());
    }
    Err(Problem::wrong_method(allowed))
}

/// Reads the body, at most `limit` bytes: the declared length is checked first, then what really comes.
pub async fn body(request: Request, limit: usize) -> Result<Bytes, Problem> {
    let declared = header(&request, "content-length").and_then(|text| text.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let mut incoming = request.into_body();
    let mut collected = BytesMut::new();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| {
            Problem::new(400, "broken_body", "The body ended before it was complete.")
                .internal(format!("{error:?}"))
        })?;
        if let Ok(data) = frame.into_data() {
            if collected.len() + data.len() > limit {
                return Err(too_large(limit));
            }
            collected.extend_from_slice(&data);
        }
    }
    Ok(collected.freeze())
}

/// Reads a JSON body of a known form.
pub async fn json_body<T: DeserializeOwned>(request: Request, limit: usize) -> Result<T, Problem> {
    from_json(&body(request, limit).await?)
}

/// Reads JSON of a known form.
pub(crate) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let detail = if error.is_data() {
            format!("The JSON body does not have the expected form at {place}: {error}")
        } else {
            format!("The body is not JSON: see {place}.")
        };
        Problem::new(400, "invalid_body", detail)
    })
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        413,
        "body_too_large",
        format!("The body may have at most {limit} bytes."),
    )
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn escapes_are_decoded_and_broken_ones_stay() {
        assert_eq!(decoded("%D0%BA%20x%"), "к x%");
        assert_eq!(decoded("%zz%4"), "%zz%4");
    }
}
