//! The process authors' API: versions, drafts, publishing with a second person's look, and where live dialogues stand.
//! It runs no process; what authors do with live dialogues
//! it hands to the engine.

mod command;
mod desk;
mod drafts;
mod failures;
mod interventions;
mod live;
mod moves;
mod proposals;
mod publish;
mod rehearse;
mod traffic;
mod versions;
mod view;

use spin_sdk::http_service;
use vikno_access::permitted;
use vikno_identity::{Authorised, Permission};
use vikno_shell::{Problem, Reply, Request, Response};
use vikno_storage::Database;
use vikno_storage::versions::Person;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, route).await
}

async fn route(request: Request) -> Reply {
    use Permission as P;
    let organisation = vikno_shell::served_organisation(&vikno_shell::org(&request)?).await?;
    let segments = vikno_shell::path_segments(&request);
    let rest: Vec<&str> = segments.iter().skip(2).map(String::as_str).collect();
    let core = Database::open("core").await?;
    let method = request.method().as_str().to_owned();
    // Asking what is wrong, what would be said or what would become of dialogues changes nothing.
    let reads = method == "GET"
        || matches!(
            &rest[..],
            ["check"] | ["rehearse"] | ["coverage"] | ["moves", "check"]
        );
    let wanted = if reads {
        P::ViewProcesses
    } else {
        P::EditProcesses
    };
    let permit = permitted(&request, &core, &organisation.id, wanted).await?;
    let database = Database::open(organisation.id.as_str()).await?;
    match (method.as_str(), &rest[..]) {
        ("GET", ["versions"]) => versions::list(&request, &database).await,
        ("GET", ["versions", id]) => versions::read(&database, id).await,
        ("GET", ["versions", from, "differences", to]) => {
            versions::differences(&database, from, to).await
        }
        ("POST", ["versions", id, "restore"]) => {
            let id = command::number(id)?;
            publish::restore(request, &organisation, &database, id, &person(&permit)).await
        }
        ("GET", ["drafts"]) => drafts::list(&database).await,
        ("GET", ["drafts", alias]) => drafts::read(&database, alias).await,
        ("PUT", ["drafts", alias]) => {
            drafts::save(request, &organisation, &database, alias, &person(&permit)).await
        }
        ("DELETE", ["drafts", alias]) => {
            drafts::discard(&request, &database, alias, &person(&permit)).await
        }
        ("GET", ["check"]) => drafts::check(&organisation, &database).await,
        ("POST", ["check"]) => drafts::check_unsaved(request, &organisation, &database).await,
        ("POST", ["rehearse"]) => rehearse::rehearse(request, &organisation, &database).await,
        ("POST", ["coverage"]) => rehearse::coverage(request, &organisation, &database).await,
        ("POST", ["publish"]) => {
            publish::publish(request, &organisation, &database, &person(&permit)).await
        }
        ("GET", ["proposals"]) => proposals::list(&request, &database).await,
        ("GET", ["proposals", id]) => proposals::read(&database, command::number(id)?).await,
        ("POST", ["proposals", id, verb]) => {
            let id = command::number(id)?;
            proposals::settle(
                request,
                &organisation,
                &database,
                id,
                verb,
                &person(&permit),
            )
            .await
        }
        ("GET", ["conversations"]) => live::list(&request, &database).await,
        ("GET", ["conversations", id]) => {
            let sight = live::sight(&request, &core, &organisation.id).await?;
            live::read(&request, &database, id, sight).await
        }
        ("POST", ["conversations", id, "interventions"]) => {
            let sight = live::sight(&request, &core, &organisation.id).await?;
            let (org, person) = (&organisation.id, person(&permit));
            interventions::intervene(request, org, &database, id, &person, sight).await
        }
        ("GET", ["conversations", id, "fork"]) => {
            let reader = permitted(&request, &core, &organisation.id, P::ViewConversations).await?;
            rehearse::fork(&organisation, &database, id, &reader).await
        }
        ("GET", ["failures"]) => {
            let sight = live::sight(&request, &core, &organisation.id).await?;
            failures::list(&request, &database, sight).await
        }
        ("POST", ["failures", "settle"]) => {
            failures::settle(request, &database, &person(&permit)).await
        }
        ("GET", ["traffic"]) => traffic::read(&request, &database).await,
        ("POST", ["moves"]) => {
            moves::apply(request, &organisation.id, &database, &person(&permit)).await
        }
        ("POST", ["moves", "check"]) => moves::check(request, &database).await,
        _ => Err(wrong(&rest)),
    }
}

fn wrong(rest: &[&str]) -> Problem {
    let allowed = match rest {
        ["versions"] | ["versions", _] | ["versions", _, "differences", _] => "GET",
        ["drafts"] | ["proposals"] | ["proposals", _] => "GET",
        ["check"] => "GET, POST",
        ["conversations"] | ["conversations", _] | ["conversations", _, "fork"] => "GET",
        ["failures"] | ["traffic"] => "GET",
        ["versions", _, "restore"]
        | ["publish"]
        | ["rehearse"]
        | ["coverage"]
        | ["proposals", _, _]
        | ["conversations", _, "interventions"]
        | ["failures", "settle"]
        | ["moves"]
        | ["moves", "check"] => "POST",
        ["drafts", _] => "GET, PUT, DELETE",
        _ => {
            return Problem::new(
                404,
                "not_found",
                "There are versions, drafts, check, rehearse, publish, proposals, conversations, failures, traffic and moves here.",
            );
        }
    };
    Problem::wrong_method(allowed)
}

fn person(permit: &Authorised) -> Person {
    let person = permit.person();
    Person {
        id: person.id.clone(),
        name: person.name.clone(),
    }
}
