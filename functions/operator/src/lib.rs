//! The operators' API: what they see is read here, what they do is an event that the engine takes through the
//! processes. It changes no conversation itself.

mod act;
mod command;
mod journal;
mod letters;
mod list;
mod read;
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
    use Permission as P;
    let organisation = vikno_shell::served_organisation(&vikno_shell::org(&request)?).await?;
    let org = &organisation.id;
    let segments = vikno_shell::path_segments(&request);
    let rest: Vec<&str> = segments.iter().skip(2).map(String::as_str).collect();
    let core = Database::open("core").await?;
    let allow = async |permission| permitted(&request, &core, org, permission).await;
    match (request.method().as_str(), &rest[..]) {
        ("GET", ["conversations"]) => {
            let permit = allow(P::ViewConversations).await?;
            list::conversations(&request, org, &permit).await
        }
        ("GET", ["conversations", id]) => {
            let permit = allow(P::ViewConversations).await?;
            read::conversation(&request, &core, org, id, &permit).await
        }
        ("POST", ["conversations", id, verb]) => {
            let permit = allow(P::HandleConversations).await?;
            act::act(request, org, id, verb, &permit).await
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
            ["conversations"] | ["conversations", _] | ["queues"] | ["dead-letters"] | ["journal"],
        ) => Err(Problem::wrong_method("GET")),
        (_, ["conversations", _, _] | ["uploads"] | ["dead-letters", _, "retry"]) => {
            Err(Problem::wrong_method("POST"))
        }
        _ => Err(Problem::new(
            404,
            "not_found",
            "There are conversations, queues, uploads, dead-letters and a journal here.",
        )),
    }
}

pub(crate) fn unknown_conversation() -> Problem {
    Problem::new(
        404,
        "unknown_conversation",
        "There is no such conversation in this organisation.",
    )
}
