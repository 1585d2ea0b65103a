//! Get SSO info: identifies the citizen by the data at hand. Only a number that the channel vouches for is proven;
//! somebody else's contact card never replaces a proven number.

use crate::event::content;
use crate::reply::{Answer, Reply};
use crate::{ButtonId, Phone};
use serde_json::json;
use vikno_domain::{CitizenView, Content, Effect, Step, StepRequest};

/// Takes a shared contact, and tells the level of what is known: 0 the channel's id (or an unproven number),
/// 1 a proven number, 2 a portal's signed token.
pub fn decide(request: &StepRequest) -> Step {
    let citizen = &request.citizen;
    let (answer, proven_now) = match content(request) {
        Content::Contact { phone, own, .. } => contact(citizen, phone, *own),
        _ => (Answer::nothing(), false),
    };
    let mut response = answer.done();
    let level = level(citizen, proven_now);
    response.data.insert("identified".to_owned(), json!(level));
    Ok(response)
}

fn contact(citizen: &CitizenView, phone: &str, own: bool) -> (Answer, bool) {
    let Some(phone) = Phone::parse(phone) else {
        return (unverified(), false);
    };
    let identify = Effect::Identify {
        phone: Some(phone.as_str().to_owned()),
        phone_verified: own,
        identity: None,
        name: None,
    };
    if own {
        return (
            Answer::say(Reply::robot("phone-saved")).effect(identify),
            true,
        );
    }
    (
        unverified().effect_if(!citizen.phone_verified, identify),
        false,
    )
}

fn unverified() -> Answer {
    Answer::say(Reply::robot("phone-unverified").buttons([ButtonId::SharePhone]))
}

fn level(citizen: &CitizenView, proven_now: bool) -> u8 {
    match citizen {
        CitizenView {
            identity: Some(_), ..
        } => 2,
        CitizenView {
            phone: Some(_),
            phone_verified: true,
            ..
        } => 1,
        _ if proven_now => 1,
        _ => 0,
    }
}
