//! Sending texts and files.

use crate::support::*;
use serde_json::{Value, json};
use vikno_domain::{ConversationStatus::Open, Effect, OutgoingMessage, Step, StepRequest};
use vikno_steps::{send_media, send_text};
use vikno_texts::Texts;

fn texts() -> Texts {
    let mut texts = Texts::new(language("uk"));
    let uk = "queue-position = Ви { $position }-й у черзі.\n\
        welcome = Вітає { $organisation }!\nwelcome-closed = Зараз не працюємо.\nbutton-menu = Меню\n\
        button-operator = Оператор\nbutton-unknown = Кнопка застаріла.\nbutton-share-phone = Мій номер\nonly-uk = Лише так\n";
    let en = "welcome = { $organisation } welcomes you!\nbutton-menu = Menu\n";
    texts.add(&language("uk"), uk).unwrap();
    texts.add(&language("en"), en).unwrap();
    texts
}

fn say(params: Value) -> StepRequest {
    with_params(request(Open, text("вітаю")), params)
}

fn sent(step: Step) -> OutgoingMessage {
    match step.unwrap().effects.as_slice() {
        [Effect::Send { message }] => message.clone(),
        other => panic!("not one message but {other:?}"),
    }
}

#[test]
fn a_reply_is_said_in_the_language_of_the_dialogue_with_labelled_buttons() {
    let buttons = json!([{"id": "menu", "text": "button-menu"}]);
    let mut request =
        say(json!({"reply": {"text": "welcome", "note": "welcome-closed", "buttons": buttons}}));
    request.conversation.language = language("en");
    let message = sent(send_text::decide(&request, &organisation(), &texts()));
    assert_eq!(
        json!(message),
        json!({"from": "robot", "text": "Ministry of Social Policy welcomes you!\n\nЗараз не працюємо.",
            "buttons": [{"id": "menu", "label": "Menu"}]})
    );
}

#[test]
fn a_language_not_spoken_here_gets_the_default_one() {
    let mut request = say(json!({"text": "welcome"}));
    request.conversation.language = language("und");
    let message = sent(send_text::decide(&request, &organisation(), &texts()));
    assert_eq!(message.text.as_deref(), Some("Вітає Мінсоцполітики!"));
}

#[test]
fn buttons_may_ask_for_the_number_or_open_an_address() {
    let buttons = json!([
        {"id": "share-phone", "text": "button-share-phone", "kind": "contact"},
        {"id": "site", "text": "button-menu", "url": "https://msp.gov.ua"},
    ]);
    let request = say(json!({"reply": {"literal": "…", "buttons": buttons, "from": "system"}}));
    let message = sent(send_text::decide(&request, &organisation(), &texts()));
    assert_eq!(
        json!(message),
        json!({"from": "system", "text": "…", "buttons": [
            {"id": "share-phone", "label": "Мій номер", "kind": "contact"},
            {"id": "site", "label": "Меню", "kind": {"url": "https://msp.gov.ua"}},
        ]})
    );
}

#[test]
fn what_a_step_answers_can_be_said() {
    let answer = handle_click(&request(Open, click("made up"))).unwrap();
    let request = say(json!({"reply": answer.data["reply"]}));
    let message = sent(send_text::decide(&request, &organisation(), &texts()));
    assert_eq!(message.text.as_deref(), Some("Кнопка застаріла."));
    assert_eq!(message.buttons.len(), 2);
    let as_text = say(json!({"reply": answer.data["reply"].to_string()}));
    assert_eq!(
        sent(send_text::decide(&as_text, &organisation(), &texts())),
        message
    );
}

#[test]
fn nothing_to_say_sends_nothing() {
    for params in [
        json!({}),
        json!({"reply": {"text": ""}}),
        json!({"text": " "}),
        json!({"reply": ""}),
    ] {
        let response = send_text::decide(&say(params.clone()), &organisation(), &texts()).unwrap();
        assert_eq!(response.effects, [], "{params}");
    }
}

#[test]
fn texts_that_cannot_be_said_are_terminal_errors() {
    let long_id = "x".repeat(65);
    for (params, code) in [
        (json!({"text": "no-such-text"}), "unknown_text"),
        (json!({"reply": {"text": "queue-position"}}), "unknown_text"),
        (
            json!({"reply": {"text": "welcome", "buttons": [{"id": "a", "text": "no-such"}]}}),
            "unknown_text",
        ),
        (
            json!({"reply": {"text": "welcome", "buttons": [{"id": long_id, "text": "button-menu"}]}}),
            "invalid_reply",
        ),
        (json!({"reply": {"text": 5}}), "invalid_reply"),
        (json!({"reply": "not json"}), "invalid_reply"),
    ] {
        let error = send_text::decide(&say(params.clone()), &organisation(), &texts()).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.retryable),
            (code, false),
            "{params}"
        );
    }
}

#[test]
fn a_file_is_sent_with_its_caption() {
    let media = json!({"id": "m_1", "type": "image/png", "name": "a.png", "size": 9});
    let request = say(json!({"media": media, "caption": "only-uk"}));
    let message = sent(send_media::decide(&request, &organisation(), &texts()));
    assert_eq!(message.text.as_deref(), Some("Лише так"));
    assert_eq!(json!(message.media), media);
    let plain = say(json!({"media": media.to_string()}));
    assert_eq!(
        sent(send_media::decide(&plain, &organisation(), &texts())).text,
        None
    );
}

#[test]
fn what_is_no_file_is_a_terminal_error() {
    let no_id = json!({"media": {"id": "", "type": "", "name": "", "size": 0}});
    for params in [
        json!({}),
        json!({"media": "m_1"}),
        json!({"media": {"id": "m_1"}}),
        no_id,
    ] {
        let error =
            send_media::decide(&say(params.clone()), &organisation(), &texts()).unwrap_err();
        assert_eq!(error.code, "invalid_media", "{params}");
    }
}
