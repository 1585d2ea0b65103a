//! Static files from the read-only mount `/web`, with content types, entity tags and protecting headers.

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LOCATION, REFERRER_POLICY,
};
use http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::HashMap;
use vikno_shell::{Problem, Reply, Response, bytes as answer, empty};

/// Pages run only our own scripts and styles, talk only to us and are shown in no other page. Who may show one stands
/// last, so that others can be added.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Files kept by one instance, which are a few hundred KB; others are read again.
const KEPT_MAX: usize = 200;

thread_local! {
    /// Files with their entity tags; the mount is read-only, so they never change while the instance lives.
    static KEPT: RefCell<HashMap<String, (Bytes, String)>> = RefCell::default();
}

/// The file at a path of the site.
pub fn file(path: &str, known: Option<&str>) -> Reply {
    let file = located(path).ok_or_else(missing)?;
    let content_type = content_type(&file).ok_or_else(missing)?;
    let Some((content, tag)) = read(&file) else {
        // A folder is asked for without its slash.
        if read(&format!("{file}/index.html")).is_some() {
            let mut response = empty(308);
            if let Ok(target) = HeaderValue::from_str(&format!("{path}/")) {
                response.headers_mut().insert(LOCATION, target);
            }
            return Ok(response);
        }
        return Err(missing());
    };
    Ok(with_tag(content_type, content, &tag, known))
}

/// The content of a file of the site.
pub fn content(file: &str) -> Option<Bytes> {
    read(file).map(|(content, _)| content)
}

/// The policy of a page that pages of these origins may show in a frame.
pub fn policy_framed_by(origins: &[String]) -> String {
    // What cannot stand in a header's list would say something else there.
    let plain = |origin: &&String| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-[]".contains(&byte);
        origin.bytes().all(allowed)
    };
    let mut policy = POLICY.to_owned();
    for origin in origins.iter().filter(plain) {
        policy.push(' ');
        policy.push_str(origin);
    }
    policy
}

/// An answer that a client may keep but has to ask about: `304` when it has the same already.
pub fn tagged(content_type: &'static str, content: Bytes, known: Option<&str>) -> Response {
    let tag = tag(&content);
    with_tag(content_type, content, &tag, known)
}

fn with_tag(
    content_type: &'static str,
    content: Bytes,
    tag: &str,
    known: Option<&str>,
) -> Response {
    let same = known.is_some_and(|known| {
        known
            .split(',')
            .any(|one| one.trim().trim_start_matches("W/") == tag)
    });
    let mut response = if same {
        empty(304)
    } else {
        answer(200, content_type, content)
    };
    let headers = response.headers_mut();
    if same {
        headers.remove(http::header::CONTENT_LENGTH);
        // Browsers refuse a script of another origin when the answer that confirms it calls it something else.
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=0, must-revalidate"),
    );
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    response
}

/// Headers of every answer of the site. A page may have a policy of its own.
pub fn protect(headers: &mut HeaderMap) {
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        (REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (http::header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    );
    headers
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static("text/plain; charset=utf-8"));
}

fn read(file: &str) -> Option<(Bytes, String)> {
    if let Some(kept) = KEPT.with_borrow(|kept| kept.get(file).cloned()) {
        return Some(kept);
    }
    let content = Bytes::from(std::fs::read(format!("/web/{file}")).ok()?);
    let tag = tag(&content);
    KEPT.with_borrow_mut(|kept| {
        if kept.len() < KEPT_MAX {
            kept.insert(file.to_owned(), (content.clone(), tag.clone()));
        }
    });
    Some((content, tag))
}

fn tag(content: &[u8]) -> String {
    format!("\"{}\"", hex::encode(&Sha256::digest(content)[..12]))
}

/// The file behind a path: only plain names, a folder means its `index.html`.
fn located(path: &str) -> Option<String> {
    let path = path.strip_prefix('/')?;
    let (folder, path) = match path.strip_suffix('/') {
        Some(path) => (true, path),
        None => (path.is_empty(), path),
    };
    let plain = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    if !path.is_empty() && !path.split('/').all(plain) {
        return None;
    }
    match (folder, path) {
        (true, "") => Some("index.html".to_owned()),
        (true, path) => Some(format!("{path}/index.html")),
        (false, path) => Some(path.to_owned()),
    }
}

/// By the ending of the name; files of other kinds are not served. Without an ending it may be a folder.
fn content_type(file: &str) -> Option<&'static str> {
    let name = file.rsplit('/').next().unwrap_or(file);
    Some(match name.rsplit_once('.').map(|(_, ending)| ending) {
        None | Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/vnd.microsoft.icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some(_) => return None,
    })
}

/// There is nothing at this path.
pub fn missing() -> Problem {
    Problem::new(
        404,
        "not_found",
        "There is no such page here. The start page lists what there is.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_files_of_the_site_and_nowhere_else() {
        for (path, expected) in [
            ("/", Some("index.html")),
            ("/processes.html", Some("processes.html")),
            ("/console/", Some("console/index.html")),
            ("/console", Some("console")),
            ("/assets/chat.js", Some("assets/chat.js")),
            ("/../organisations/ukc", None),
            ("/js/../../x", None),
            ("/.env", None),
            ("/a//b", None),
            ("//etc", None),
            ("/%2e%2e/x", None),
            ("/a\\b", None),
            ("", None),
        ] {
            assert_eq!(located(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn only_known_kinds_are_served() {
        assert_eq!(
            content_type("a/b.js"),
            Some("text/javascript; charset=utf-8")
        );
        assert_eq!(content_type("console"), Some("text/html; charset=utf-8"));
        for other in ["a.sh", "a.toml", "a.yaml"] {
            assert_eq!(content_type(other), None, "{other}");
        }
    }

    #[test]
    fn only_listed_origins_are_added_to_those_who_may_frame() {
        let origins = [
            "https://ukc.gov.ua",
            "http://[::1]:8080",
            "https://x; script-src *",
            "'none'",
        ];
        let policy = policy_framed_by(&origins.map(str::to_owned));
        assert!(
            policy.ends_with("frame-ancestors 'self' https://ukc.gov.ua http://[::1]:8080"),
            "{policy}"
        );
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&policy).unwrap(),
        );
        protect(&mut headers);
        assert_eq!(headers[CONTENT_SECURITY_POLICY], policy);
    }

    #[test]
    fn an_unchanged_file_is_not_sent_again() {
        let first = tagged("text/plain", Bytes::from_static(b"x"), None);
        let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
        assert_eq!(first.status(), 200);
        for known in [tag.clone(), format!("\"other\", W/{tag}")] {
            let same = tagged("text/javascript", Bytes::from_static(b"x"), Some(&known));
            assert_eq!(same.status(), 304);
            assert_eq!(same.headers()[CONTENT_TYPE], "text/javascript");
        }
        assert_eq!(
            tagged("text/plain", Bytes::from_static(b"y"), Some(&tag)).status(),
            200
        );
    }
}
