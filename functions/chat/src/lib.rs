//! The chat API: sessions, messages and uploads of web chat, mobile applications and portals. It writes into the
//! inbox and reads what was said; it decides nothing about the dialogue, and nobody waits inside it.

mod bucket;
mod command;
mod cors;
mod messages;
mod poll;
mod sessions;
mod shape;
mod token;
mod uploads;

use cors::Caller;
use spin_sdk::http_service;
use vikno_shell::{Problem, Reply, Request, Response, empty, header};

#[http_service]
async fn handle(request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let caller = match caller(&request).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(&path),
    };
    let reply = match (&caller, request.method().as_str()) {
        (Caller::Foreign, _) => Err(Problem::new(
            403,
            "origin_not_allowed",
            "Pages of this origin may not use the chat; the organisation lists its own in 'origins'.",
        )),
        (_, "OPTIONS") => Ok(preflight()),
        _ => route(request).await,
    };
    let mut response = reply.unwrap_or_else(|problem| problem.into_response(&path));
    cors::permit(&caller, response.headers_mut());
    response
}

async fn caller(request: &Request) -> Result<Caller, Problem> {
    let organisation = vikno_shell::served_organisation(&vikno_shell::org(request)?).await?;
    let authority = header(request, "host").or_else(|| {
        request
            .uri()
            .authority()
            .map(|authority| authority.as_str())
    });
    Ok(cors::caller(
        header(request, "origin"),
        authority,
        &organisation.origins,
    ))
}

fn preflight() -> Response {
    let mut response = empty(204);
    cors::preflight(response.headers_mut());
    response
}

async fn route(request: Request) -> Reply {
    let organisation = vikno_shell::served_organisation(&vikno_shell::org(&request)?).await?;
    let segments = vikno_shell::path_segments(&request);
    let rest: Vec<&str> = segments.iter().skip(2).map(String::as_str).collect();
    match (request.method().as_str(), &rest[..]) {
        ("POST", ["sessions"]) => sessions::open(request, &organisation).await,
        ("DELETE", ["sessions"]) => sessions::end(request, &organisation.id).await,
        ("GET", ["messages"]) => messages::receive(request, &organisation).await,
        ("POST", ["messages"]) => messages::send(request, &organisation.id).await,
        ("POST", ["typing"]) => messages::typing(&request, &organisation.id).await,
        ("POST", ["uploads"]) => uploads::upload(request, &organisation.id).await,
        (_, ["sessions"]) => Err(Problem::wrong_method("POST, DELETE")),
        (_, ["messages"]) => Err(Problem::wrong_method("GET, POST")),
        (_, ["uploads" | "typing"]) => Err(Problem::wrong_method("POST")),
        _ => Err(Problem::new(
            404,
            "not_found",
            "The chat API has sessions, messages, typing and uploads.",
        )),
    }
}
