//! Which web pages may use the chat API: those of the organisation's listed origins and our own.

use http::{HeaderMap, HeaderValue, header};

/// How long a browser may remember the answer to a preflight, in seconds (two hours is Chromium's most).
const MAX_AGE_S: &str = "7200";

/// Whether and how a page may read the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// No browser page, or one of ours: needs no permission.
    Own,
    /// A page of a listed origin.
    Listed(String),
    /// A page of any other origin.
    Foreign,
}

/// Who calls, by the `Origin` header, the address that was called and the organisation's list.
pub fn caller(origin: Option<&str>, authority: Option<&str>, listed: &[String]) -> Caller {
    let Some(origin) = origin else {
        return Caller::Own;
    };
    let host = origin.split_once("://").map(|(_, host)| host);
    if host.is_some() && host.map(str::to_ascii_lowercase) == authority.map(str::to_ascii_lowercase)
    {
        return Caller::Own;
    }
    let same = |entry: &String| entry.trim_end_matches('/').eq_ignore_ascii_case(origin);
    if listed.iter().any(same) {
        Caller::Listed(origin.to_owned())
    } else {
        Caller::Foreign
    }
}

/// Permits the caller's page to read the answer. Credentials are never allowed: the token travels in a header.
pub fn permit(caller: &Caller, headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Caller::Listed(origin) = caller else {
        return;
    };
    if let Ok(origin) = HeaderValue::from_str(origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("retry-after"),
        );
    }
}

/// What a preflight is told besides.
pub fn preflight(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-disposition, content-type",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_S),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_and_listed_pages_may_call() {
        let listed = [
            "https://ukc.gov.ua".to_owned(),
            "https://Portal.gov.ua/".to_owned(),
        ];
        let own = Some("chat.example:3000");
        for (origin, expected) in [
            (None, Caller::Own),
            (Some("http://chat.example:3000"), Caller::Own),
            (Some("https://CHAT.example:3000"), Caller::Own),
            (
                Some("https://ukc.gov.ua"),
                Caller::Listed("https://ukc.gov.ua".into()),
            ),
            (
                Some("https://portal.gov.ua"),
                Caller::Listed("https://portal.gov.ua".into()),
            ),
            (Some("http://ukc.gov.ua"), Caller::Foreign),
            (Some("https://ukc.gov.ua.evil.example"), Caller::Foreign),
            (Some("https://ukc.gov.ua:8443"), Caller::Foreign),
            (Some("null"), Caller::Foreign),
            (Some(""), Caller::Foreign),
            (Some("*"), Caller::Foreign),
        ] {
            assert_eq!(caller(origin, own, &listed), expected, "{origin:?}");
        }
        assert_eq!(caller(Some("null"), None, &listed), Caller::Foreign);
        assert_eq!(
            caller(Some("https://x.example"), own, &["*".to_owned()]),
            Caller::Foreign
        );
    }

    #[test]
    fn a_permission_names_the_origin_and_never_credentials() {
        let mut headers = HeaderMap::new();
        permit(&Caller::Listed("https://ukc.gov.ua".into()), &mut headers);
        assert_eq!(headers["access-control-allow-origin"], "https://ukc.gov.ua");
        assert_eq!(headers["vary"], "Origin");
        assert!(!headers.contains_key("access-control-allow-credentials"));
        let mut headers = HeaderMap::new();
        permit(&Caller::Foreign, &mut headers);
        assert!(!headers.contains_key("access-control-allow-origin"));
    }
}
