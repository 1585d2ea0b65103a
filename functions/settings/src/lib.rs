//! Settings, texts and channels of an organisation as people change them in the running installation. What stands changed
//! is checked as the files are before a release, kept in the organisation's database with its history, and laid into the
//! key-value store `settings`, where every component reads it within a second.

mod channels;
mod command;
mod parts;
mod replies;
mod standing;
mod texts;
mod tree;
mod view;

use spin_sdk::http_service;
use vikno_access::permitted;
use vikno_identity::Permission;
use vikno_shell::{Problem, Reply, Request, Response};
use vikno_storage::Database;

/// Settings and texts of an organisation are some hundred short fields.
pub(crate) const BODY_LIMIT: usize = 128 * 1024;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, route).await
}

async fn route(request: Request) -> Reply {
    use Permission as P;
    let segments = vikno_shell::path_segments(&request);
    let rest: Vec<&str> = segments.iter().skip(2).map(String::as_str).collect();
    let organisation = vikno_shell::served_organisation(&vikno_shell::org(&request)?).await?;
    let org = &organisation.id;
    let core = Database::open("core").await?;
    let allow = async |permission| permitted(&request, &core, org, permission).await;
    match (request.method().as_str(), &rest[..]) {
        ("GET", ["parts"]) => {
            let _ = allow(P::ManageSettings).await?;
            parts::all(org).await
        }
        ("GET", ["history"]) => {
            let _ = allow(P::ManageSettings).await?;
            parts::history(&request, org).await
        }
        ("GET", ["texts"]) => {
            let _ = allow(P::ManageSettings).await?;
            texts::all(org).await
        }
        ("PUT" | "DELETE", ["texts", id]) => {
            let permit = allow(P::ManageSettings).await?;
            texts::change(request, org, id, &permit).await
        }
        ("GET", ["replies"]) => {
            let _ = allow(P::ManageSettings).await?;
            replies::tree(&organisation).await
        }
        ("DELETE", ["replies"]) => {
            let permit = allow(P::ManageSettings).await?;
            replies::change(request, &organisation, None, &permit).await
        }
        ("POST", ["replies", "test"]) => {
            let _ = allow(P::ManageSettings).await?;
            replies::test(request, &organisation).await
        }
        ("PUT" | "DELETE", ["replies", id]) => {
            let permit = allow(P::ManageSettings).await?;
            replies::change(request, &organisation, Some(id), &permit).await
        }
        ("GET", ["channels"]) => {
            let _ = allow(P::ManageChannels).await?;
            channels::all(org).await
        }
        ("PUT", ["channels", channel]) => {
            let permit = allow(P::ManageChannels).await?;
            channels::register(request, org, channel, &permit).await
        }
        ("POST", ["channels", channel, "check"]) => {
            let _ = allow(P::ManageChannels).await?;
            channels::check(org, channel).await
        }
        ("DELETE", ["channels", channel]) => {
            let permit = allow(P::ManageChannels).await?;
            channels::forget(org, channel, &permit).await
        }
        ("PUT" | "DELETE", [part]) => {
            let permit = allow(P::ManageSettings).await?;
            parts::change(request, org, part, &permit).await
        }
        (_, ["parts" | "history" | "texts" | "replies" | "channels"]) => {
            Err(Problem::wrong_method("GET"))
        }
        (_, ["replies", "test"] | ["channels", _, "check"]) => Err(Problem::wrong_method("POST")),
        (_, [_] | ["texts" | "channels" | "replies", _]) => {
            Err(Problem::wrong_method("PUT, DELETE"))
        }
        _ => Err(Problem::new(
            404,
            "not_found",
            "There are parts of the settings, history, texts, replies and channels here.",
        )),
    }
}
