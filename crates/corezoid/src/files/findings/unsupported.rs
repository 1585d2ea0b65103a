//! Logics that this platform leaves out for good, with what to do in their place.

use std::collections::BTreeSet;

use super::Look;
use crate::files::report::Kind;

/// What was told, as (node, logic), so that nobody tells it again.
pub(super) type Told = BTreeSet<(String, String)>;

pub(super) fn tell(look: &mut Look<'_>) -> Told {
    let mut told = Told::new();
    for (node, logic) in look.logics() {
        let Some((what, advice)) = unsupported(&logic.kind, logic.fields.get("lang")) else {
            continue;
        };
        look.tell(Kind::CannotRun, Some(node), what.to_owned(), advice);
        told.insert((node.id.clone(), logic.kind.clone()));
    }
    told
}

fn unsupported(
    kind: &str,
    language: Option<&serde_json::Value>,
) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "db_call" => (
            "asks a database directly (db_call): processes here hold no access to databases",
            "have a small service or step make the query, and call it from an API node in this node's place",
        ),
        "git_call" | "api_git" => (
            "runs a program from a Git repository (git_call), which is not built or run here",
            "make the program a step (a component of its own) or a service, and call it from an API node",
        ),
        "api_form" => (
            "sends a form to the messenger Sender (api_form), which is no more",
            "send a message with buttons: call @send-text-message",
        ),
        "api_code" if language.is_some_and(|language| language == "erl") => (
            "holds code in Erlang, which is not run here",
            "write the code anew in JavaScript",
        ),
        _ => return None,
    })
}
