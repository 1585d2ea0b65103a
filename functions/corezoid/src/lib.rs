//! Corezoid's API: signed calls, direct addresses, callback addresses. It writes tasks and their events into the inbox,
//! waits for what the engine makes of them, and shows tasks; it carries out nothing by itself.

mod answer;
mod answers;
mod callback;
mod catalogue;
mod direct;
mod plan;
mod settings;
mod signed;
mod sync;
mod taking;

use spin_sdk::http_service;
use vikno_corezoid::api::{Answer, BodyError, Form, Version};
use vikno_shell::{Problem, Reply, Request, Response};

/// A thousand operations of a kilobyte.
const BODY_LIMIT: usize = 1024 * 1024;

#[http_service]
async fn handle(request: Request) -> Response {
    let path = shown(request.uri().path());
    route(request)
        .await
        .unwrap_or_else(|problem| problem.into_response(&path))
}

/// Signatures and hashes belong into no log and no answer.
fn shown(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((place, _)) => format!("{place}/…"),
        None => path.to_owned(),
    }
}

async fn route(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let org = vikno_shell::org(&request)?;
    let segments = vikno_shell::path_segments(&request);
    let rest: Vec<&str> = segments.iter().skip(2).map(String::as_str).collect();
    let [version, form, rest @ ..] = &rest[..] else {
        return Err(unknown());
    };
    let posted = Posted {
        version: Version::parse(version).ok_or_else(unknown)?,
        form: Form::parse(form).ok_or_else(unknown)?,
    };
    let version = posted.version;
    match rest {
        ["public", process, hash] => direct::take(request, &org, posted, process, hash).await,
        ["callback", node, hash] => callback::take(request, &org, posted, node, hash).await,
        ["answer", call, hash] => answer::take(request, &org, posted, call, hash).await,
        [login, time, signature] if posted.form == Form::Json => {
            let address = signed::Address {
                version,
                login,
                time,
                signature,
            };
            signed::take(request, &org, address).await
        }
        _ => Err(unknown()),
    }
}

/// How the caller of an address writes, and is answered.
#[derive(Clone, Copy)]
struct Posted {
    version: Version,
    form: Form,
}

fn unknown() -> Problem {
    Problem::new(
        404,
        "not_found",
        "The API is /{org}/api/2/json/{login}/{time}/{signature}, and the same with 1.",
    )
}

/// Says nothing about why, so that nothing is learned by trying.
fn denied(text: &'static str, cause: impl std::fmt::Display) -> Problem {
    Problem::new(403, "access_denied", format!("{text}.")).internal(cause)
}

fn frame(answer: &Answer, version: Version) -> Response {
    let body = answer.to_json(version);
    vikno_shell::bytes(200, "application/json", body.into())
}

fn unreadable(error: BodyError, version: Version) -> Response {
    let body = error.to_json(version);
    vikno_shell::bytes(error.status(version), "application/json", body.into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_signature_is_not_shown() {
        assert_eq!(
            super::shown("/ukc/api/2/json/7/1800000000/abcdef"),
            "/ukc/api/2/json/7/1800000000/…"
        );
    }
}
