//! Command converter: which command an event is. It answers nothing.

use crate::event::{content, text};
use crate::score::score_of;
use serde_json::json;
use vikno_domain::{
    Content, ConversationStatus, Effect, Language, Relayed, Step, StepRequest, StepResponse,
};
use vikno_organisation::Organisation;

/// Names the command; `/lang xx` also changes the language.
pub fn decide(request: &StepRequest, organisation: &Organisation) -> Step {
    let name = match content(request) {
        Content::SessionStarted { context } => {
            return Ok(command("start", context.as_deref().unwrap_or_default()));
        }
        Content::Text { text } => return Ok(of_text(request, organisation, text)),
        Content::Edited { .. } | Content::Media { .. } | Content::Location { .. } => "message",
        Content::Click { button, .. } => return Ok(command("click", button)),
        Content::Vote { .. } => "vote",
        Content::Contact { .. } => "contact",
        // What a task asks of a dialogue is done as if an operator did it.
        Content::Operator { .. }
        | Content::TransferredIn { .. }
        | Content::Asked { .. }
        | Content::Relayed {
            relayed: Relayed::Returned { .. },
        } => "operator",
        Content::Blocked
        | Content::Unblocked
        | Content::Receipt { .. }
        | Content::Ignored { .. }
        | Content::Timer
        | Content::Relayed { .. }
        | Content::TaskCreated
        | Content::TaskModified { .. }
        | Content::Intervention { .. }
        | Content::Outside { .. }
        | Content::TaskCalledBack { .. }
        | Content::TaskDeleted { .. } => "ignored",
    };
    Ok(command(name, ""))
}

fn of_text(request: &StepRequest, organisation: &Organisation, written: &str) -> StepResponse {
    let voting = request.conversation.status == ConversationStatus::Voting;
    if voting && text(request).and_then(score_of).is_some() {
        return command("vote", "");
    }
    let mut words = written.split_whitespace();
    // Telegram writes `/start@our_bot` in groups.
    let first = words.next().unwrap_or_default().to_lowercase();
    let slash = first.split('@').next().unwrap_or_default();
    let argument = words.next().unwrap_or_default();
    match slash {
        "/start" | "/menu" | "/help" => command("start", argument),
        "/end" | "/stop" => command("end", ""),
        "/operator" => command("message", "operator"),
        "/lang" | "/language" => of_language(organisation, argument),
        _ => command("message", ""),
    }
}

/// A language that is not spoken here changes nothing; the menu shows the ones that are.
fn of_language(organisation: &Organisation, argument: &str) -> StepResponse {
    let wanted = Language::parse(argument).ok();
    let spoken = wanted.filter(|language| organisation.languages.contains(language));
    match spoken {
        Some(language) => command("start", "").effect(Effect::Speak { language }),
        None => command("start", ""),
    }
}

fn command(name: &str, argument: &str) -> StepResponse {
    StepResponse::data(json!({ "command": name, "argument": argument }))
}
