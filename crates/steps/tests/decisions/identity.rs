//! SSO info.

use crate::support::*;
use vikno_domain::{ConversationStatus::Open, StepRequest};
use vikno_steps::sso_info::decide;

fn identified(request: &StepRequest) -> (String, u64) {
    let response = decide(request).unwrap();
    let level = response.data["identified"].as_u64().unwrap();
    (told(Ok(response)), level)
}

#[test]
fn an_own_number_is_proven_and_anothers_is_not() {
    assert_eq!(
        identified(&request(Open, contact("380671234567", true))),
        ("phone-saved !identify(+380671234567,true)".to_owned(), 1)
    );
    assert_eq!(
        identified(&request(Open, contact("+380671234567", false))),
        (
            "phone-unverified [share-phone] !identify(+380671234567,false)".to_owned(),
            0
        )
    );
    assert_eq!(
        identified(&request(Open, contact("call me", true))),
        ("phone-unverified [share-phone]".to_owned(), 0)
    );
}

#[test]
fn somebody_elses_card_does_not_replace_a_proven_number() {
    let mut request = request(Open, contact("+380501112233", false));
    request.citizen.phone = Some("+380671234567".into());
    request.citizen.phone_verified = true;
    assert_eq!(
        identified(&request),
        ("phone-unverified [share-phone]".to_owned(), 1)
    );
}

#[test]
fn the_level_follows_what_is_proven() {
    let mut request = request(Open, text("вітаю"));
    assert_eq!(identified(&request), (String::new(), 0));
    request.citizen.phone = Some("+380671234567".into());
    assert_eq!(identified(&request), (String::new(), 0));
    request.citizen.phone_verified = true;
    assert_eq!(identified(&request), (String::new(), 1));
    request.citizen.identity = Some("subject".into());
    assert_eq!(identified(&request), (String::new(), 2));
}
