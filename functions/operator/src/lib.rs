//! The operators' API: what they see is read here, what they do is an event that the engine takes through the
//! processes. It changes no conversation itself.

mod act;
mod canned;
mod command;
mod desk;
mod journal;
mod labels;
mod letters;
mod list;
mod read;
mod search;
mod shift;
mod uploads;
mod view;

use spin_sdk::http_service;
use vikno_access::permitted;
use vikno_identity::Permission;
use vikno_shell::{Problem, Reply, Request, Response};
use vikno_storage::Database;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, route).await
}

async fn route(request: Request) -> Reply {
    let segments = vikno_shell::path_segments(&request);
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match &segments[..] {
        ["core", _, rest @ ..] => everywhere(request, rest).await,
        [_, _, rest @ ..] => organisation(request, rest).await,
        _ => Err(unknown_route()),
    }
}

/// `/core/operator/…`: one person's work in all organisations where they have a role.
async fn everywhere(request: Request, rest: &[&str]) -> Reply {
    match (request.method().as_str(), rest) {
        ("GET", ["desk"]) => desk::changes(&request).await,
        ("GET", ["status"]) => shift::status(&request).await,
        ("POST", ["status"]) => shift::set_status(request).await,
        ("GET", ["shift"]) => shift::wall(&request).await,
        ("GET", ["cabinet"]) => shift::cabinet(&request).await,
        (_, ["desk" | "status" | "shift" | "cabinet"]) => Err(Problem::wrong_method("GET")),
        _ => Err(unknown_route()),
    }
}

/// `/{org}/operator/…`.
async fn organisation(request: Request, rest: &[&str]) -> Reply {
    use Permission as P;
    let organisation = vikno_shell::served_organisation(&vikno_shell::org(&request)?).await?;
    let org = &organisation.id;
    let core = Database::open("core").await?;
    let allow = async |permission| permitted(&request, &core, org, permission).await;
    match (request.method().as_str(), rest) {
        ("GET", ["conversations"]) => {
            let permit = allow(P::ViewConversations).await?;
            list::conversations(&request, org, &permit).await
        }
        ("GET", ["conversations", id]) => {
            let permit = allow(P::ViewConversations).await?;
            read::conversation(&request, &core, org, id, &permit).await
        }
        ("POST", ["conversations", id, "typing"]) => {
            let permit = allow(P::HandleConversations).await?;
            desk::note_typing(org, id, &permit).await
        }
        ("POST", ["conversations", id, verb]) => {
            let permit = allow(match *verb {
                "assign" => P::AssignConversations,
                _ => P::HandleConversations,
            })
            .await?;
            desk::note_presence(&core, &permit).await?;
            let leads = *verb == "reopen" && allow(P::AssignConversations).await.is_ok();
            act::act(request, &core, org, id, verb, &permit, leads).await
        }
        ("PUT", ["conversations", id, "labels"]) => {
            let permit = allow(P::HandleConversations).await?;
            labels::set(request, org, id, &permit).await
        }
        ("GET", ["labels"]) => {
            let _ = allow(P::ViewConversations).await?;
            labels::offered(org).await
        }
        ("GET", ["citizens", id, "conversations"]) => {
            let _ = allow(P::ViewConversations).await?;
            list::of_citizen(&organisation, id).await
        }
        ("GET", ["search"]) => {
            let _ = allow(P::ViewConversations).await?;
            search::search(&request, org).await
        }
        ("GET", ["canned"]) => {
            let _ = allow(P::ViewConversations).await?;
            canned::list(org).await
        }
        ("POST", ["canned"]) => {
            let permit = allow(P::EditCannedAnswers).await?;
            canned::keep(request, &organisation, None, &permit).await
        }
        ("PUT", ["canned", id]) => {
            let permit = allow(P::EditCannedAnswers).await?;
            canned::keep(request, &organisation, Some(id), &permit).await
        }
        ("DELETE", ["canned", id]) => {
            let permit = allow(P::EditCannedAnswers).await?;
            canned::remove(org, id, &permit).await
        }
        ("GET", ["queues"]) => {
            let _ = allow(P::ViewConversations).await?;
            list::queues(&organisation).await
        }
        ("POST", ["uploads"]) => {
            let _ = allow(P::HandleConversations).await?;
            uploads::upload(request, org).await
        }
        ("GET", ["dead-letters"]) => {
            let _ = allow(P::ViewDeliveries).await?;
            letters::list(&request, org).await
        }
        ("GET", ["journal"]) => {
            let _ = allow(P::ReadAudit).await?;
            journal::search(&request, org).await
        }
        ("POST", ["dead-letters", id, "retry"]) => {
            let permit = allow(P::RetryDeliveries).await?;
            letters::retry(org, id, &permit).await
        }
        (
            _,
            ["conversations"]
            | ["conversations", _]
            | ["citizens", _, "conversations"]
            | ["search"]
            | ["labels"]
            | ["queues"]
            | ["dead-letters"]
            | ["journal"],
        ) => Err(Problem::wrong_method("GET")),
        (_, ["conversations", _, "labels"]) => Err(Problem::wrong_method("PUT")),
        (_, ["canned"]) => Err(Problem::wrong_method("GET, POST")),
        (_, ["canned", _]) => Err(Problem::wrong_method("PUT, DELETE")),
        (_, ["conversations", _, _] | ["uploads"] | ["dead-letters", _, "retry"]) => {
            Err(Problem::wrong_method("POST"))
        }
        _ => Err(unknown_route()),
    }
}

fn unknown_route() -> Problem {
    Problem::new(
        404,
        "not_found",
        "There are conversations, citizens, search, labels, canned, queues, uploads, dead-letters and a journal of an organisation, and desk, \
         status, shift and cabinet below /core/operator/.",
    )
}

pub(crate) fn unknown_conversation() -> Problem {
    Problem::new(
        404,
        "unknown_conversation",
        "There is no such conversation in this organisation.",
    )
}
