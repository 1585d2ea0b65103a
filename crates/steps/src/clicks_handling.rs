//! Clicks handling: what a pressed button does. The id is untrusted: a made-up or outdated one is answered kindly.

use crate::ButtonId;
use crate::automatic;
use crate::event::content;
use crate::menu::{menu, ways_out};
use crate::reply::{Answer, Intent, Reply};
use crate::situation::situation;
use vikno_domain::{
    Content, ConversationStatus, Effect, Language, Reaction, Step, StepError, StepRequest,
};
use vikno_organisation::Organisation;
use vikno_replies::{Moment, Replies};

/// Answers a press. `moment` is now on the organisation's clock.
pub fn decide(
    request: &StepRequest,
    organisation: &Organisation,
    replies: &Replies,
    moment: Moment,
) -> Step {
    let Content::Click { button, .. } = content(request) else {
        return Err(StepError::terminal(
            "not_a_click",
            "The event is no press of a button.",
        ));
    };
    let status = request.conversation.status;
    let with_people = matches!(
        status,
        ConversationStatus::Waiting | ConversationStatus::WithOperator
    );
    let button = ButtonId::parse(button);
    let reaction = reaction(button.as_ref());
    let answer = match button {
        Some(ButtonId::HelpedNo) if status == ConversationStatus::Open => {
            automatic::did_not_help(request, replies)
        }
        Some(ButtonId::Operator | ButtonId::HelpedNo) => Answer::intent(Intent::Operator),
        Some(ButtonId::End) => Answer::intent(Intent::Complete),
        Some(ButtonId::Vote(_)) => Answer::intent(Intent::Vote),
        Some(ButtonId::Language(language)) => speak(request, organisation, language),
        // What follows are the robot's answers; it does not talk across an operator.
        _ if with_people => Answer::nothing(),
        Some(ButtonId::Topic(id)) => match replies.answer(&id, &situation(request, moment)) {
            Some(chosen) => {
                automatic::say(chosen, organisation).effect_if(voting(request), Effect::Reopen)
            }
            None => unknown(),
        },
        Some(ButtonId::Menu) => {
            show_menu(request, organisation).effect_if(voting(request), Effect::Reopen)
        }
        // Whoever is asked for a rating already is not to be hurried out of it.
        Some(ButtonId::HelpedYes) if voting(request) => Answer::say(Reply::robot("glad-to-help")),
        Some(ButtonId::HelpedYes) => {
            Answer::say(Reply::robot("glad-to-help")).then(Intent::Complete)
        }
        Some(ButtonId::SharePhone) | None => unknown(),
    };
    let had_trouble = request.conversation.misunderstood > 0;
    Ok(answer
        .effect_if(had_trouble, Effect::Misunderstood { again: false })
        .after(request, reaction)
        .done())
}

/// What a press says of the answer before it.
fn reaction(button: Option<&ButtonId>) -> Reaction {
    match button {
        Some(ButtonId::HelpedYes) => Reaction::Helped,
        Some(ButtonId::HelpedNo) => Reaction::NotHelped,
        _ => Reaction::Button,
    }
}

fn voting(request: &StepRequest) -> bool {
    request.conversation.status == ConversationStatus::Voting
}

fn show_menu(request: &StepRequest, organisation: &Organisation) -> Answer {
    let language = organisation.language(Some(&request.conversation.language));
    Answer::say(Reply::robot("choose-topic").buttons(menu(organisation, language)))
}

fn speak(request: &StepRequest, organisation: &Organisation, language: Language) -> Answer {
    if !organisation.languages.contains(&language) {
        return unknown();
    }
    let reply = Reply::robot("language-changed");
    let in_dialogue = request.conversation.status == ConversationStatus::Open;
    let reply = if in_dialogue {
        reply.buttons(menu(organisation, &language))
    } else {
        reply
    };
    Answer::say(reply).effect(Effect::Speak { language })
}

fn unknown() -> Answer {
    Answer::say(Reply::robot("button-unknown").buttons(ways_out()))
}
