//! The steps with the texts and settings of every organisation: whatever a step can say, it can say there, in
//! each language, and a topic's own label is understood as that topic.

use crate::support::{
    NOW_MS, STATUSES, click, contact, event, operator, request, text, with_params,
};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::PathBuf;
use vikno_domain::{
    Content, ConversationStatus, Effect, Language, OperatorAction, Step, StepRequest,
};
use vikno_organisation::Organisation;
use vikno_replies::Replies;
use vikno_steps::queue::{Opening, QueueLoad, choose};
use vikno_steps::{Phone, otp};
use vikno_steps::{
    clicks_handling, dialog_complete, messages_handling, operator_events, operator_session, queue,
    send_text, sso_info, vote, welcome,
};
use vikno_texts::Texts;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../organisations")
}

fn read(path: &str) -> String {
    let path = folder().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn organisations() -> Vec<Organisation> {
    let mut ids: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("organisation.toml").is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    ids.sort();
    let parse =
        |id: &String| Organisation::parse(&read(&format!("{id}/organisation.toml"))).unwrap();
    ids.iter().map(parse).collect()
}

fn replies(organisation: &Organisation) -> Replies {
    let toml = read(&format!("{}/replies.toml", organisation.id));
    organisation.replies(&toml).unwrap()
}

fn handle_message(organisation: &Organisation, request: &StepRequest) -> Step {
    let moment = vikno_steps::moment(organisation, request.now_ms);
    messages_handling::decide(request, organisation, &replies(organisation), moment)
}

fn handle_click(organisation: &Organisation, request: &StepRequest) -> Step {
    let moment = vikno_steps::moment(organisation, request.now_ms);
    clicks_handling::decide(request, organisation, &replies(organisation), moment)
}

fn texts(organisation: &Organisation) -> Texts {
    let mut texts = Texts::new(organisation.default_language.clone());
    for language in &organisation.languages {
        for owner in ["_templates", organisation.id.as_str()] {
            texts
                .add(language, &read(&format!("{owner}/texts/{language}.ftl")))
                .unwrap();
        }
    }
    texts
}

/// One answer of every kind that the steps can give.
fn answers(organisation: &Organisation, language: &Language) -> Vec<Step> {
    let ask = |status, content| {
        let mut request = request(status, content);
        request.conversation.language = language.clone();
        request
    };
    let mut answers = Vec::new();
    for status in STATUSES {
        let start = ask(status, event(json!({"kind": "session_started"})));
        let mut again = start.clone();
        again.citizen.earlier_conversations = 1;
        answers.extend([
            welcome::decide(&start, organisation, true),
            welcome::decide(&start, organisation, false),
            welcome::decide(&again, organisation, true),
        ]);
        for words in ["дякую", "привіт", "bye", "асдфг", "5", "1"] {
            let mut said = ask(status, text(words));
            answers.push(vote::decide(&said));
            for misunderstood in [0, 1] {
                said.conversation.misunderstood = misunderstood;
                answers.push(handle_message(organisation, &said));
            }
        }
        let photo = ask(
            status,
            event(json!({"kind": "media", "media": {"kind": "photo"}})),
        );
        answers.push(handle_message(organisation, &photo));
        let tree = replies(organisation);
        let topics = tree.all().iter().map(|reply| format!("topic:{}", reply.id));
        let others = [
            "menu",
            "helped:yes",
            "helped:no",
            "lang:uk",
            "lang:en",
            "gone",
        ];
        for button in topics.chain(others.map(str::to_owned)) {
            let pressed = ask(status, click(&button));
            answers.push(handle_click(organisation, &pressed));
        }
        for unhelpful in [0, 1] {
            let mut pressed = ask(status, click("helped:no"));
            pressed.conversation.replies.given = vec![organisation.topics[0].id.clone()];
            pressed.conversation.replies.unhelpful = unhelpful;
            answers.push(handle_click(organisation, &pressed));
        }
        for reason in ["", "silence", "no_vote"] {
            let end = with_params(ask(status, text("/end")), json!({ "reason": reason }));
            answers.push(dialog_complete::decide(&end));
        }
        let timer = ask(status, event(json!({"kind": "timer"})));
        for silent_s in [
            organisation.timers.operator_silence_s,
            3 * organisation.timers.operator_silence_s,
        ] {
            let mut timer = timer.clone();
            timer.conversation.citizen_last_at_ms = NOW_MS - silent_s * 1_000;
            answers.push(operator_session::decide(&timer, organisation));
        }
        for own in [true, false] {
            answers.push(sso_info::decide(&ask(
                status,
                contact("+380671234567", own),
            )));
        }
        answers.extend(queue_answers(organisation, &ask(status, click("operator"))));
    }
    for action in [
        OperatorAction::Take,
        OperatorAction::Close { reason: None },
        OperatorAction::TransferOrganisation {
            org: organisation.id.clone(),
            queue: None,
            reason: None,
        },
    ] {
        let act = ask(ConversationStatus::WithOperator, operator(action));
        answers.push(operator_events::decide(&act, Some(organisation)));
        answers.push(dialog_complete::decide(&act));
    }
    let moved = organisation.default_queue().id.clone();
    let moved = ask(
        ConversationStatus::Waiting,
        operator(OperatorAction::TransferQueue {
            queue: moved,
            reason: None,
        }),
    );
    answers.extend(queue_answers(organisation, &moved));
    answers.extend(code_answers());
    answers
}

fn queue_answers(organisation: &Organisation, request: &StepRequest) -> Vec<Step> {
    let queue = choose(request, organisation).unwrap();
    let openings = [
        Opening::Now,
        Opening::At("25.11, 09:00".into()),
        Opening::Unknown,
    ];
    let loads = [0, 1, 4].map(|ahead| QueueLoad {
        ahead,
        ..QueueLoad::default()
    });
    let pairs = openings
        .iter()
        .flat_map(|opening| loads.iter().map(move |load| (opening, load)));
    pairs
        .map(|(opening, load)| queue::decide(request, queue, opening, load))
        .collect()
}

fn code_answers() -> Vec<Step> {
    let phone = Phone::parse("+380671234567").unwrap();
    let outcomes = [
        otp::Outcome::Sent,
        otp::Outcome::TooOften(otp::TooOften { retry_after_s: 60 }),
        otp::Outcome::NotSupported,
        otp::Outcome::Unavailable,
        otp::Outcome::Verified(phone),
        otp::Outcome::Wrong(2),
        otp::Outcome::Expired,
        otp::Outcome::NoCode,
        otp::Outcome::Unclear,
    ];
    outcomes
        .iter()
        .map(|outcome| Ok(otp::answer(outcome)))
        .collect()
}

/// The step's reply said by send-text; none when it says nothing.
fn say(
    organisation: &Organisation,
    texts: &Texts,
    language: &Language,
    reply: Value,
) -> Option<String> {
    let mut request = request(ConversationStatus::Open, text(""));
    request.conversation.language = language.clone();
    request.params = Map::from_iter([("reply".to_owned(), reply.clone())]);
    let response = send_text::decide(&request, organisation, texts)
        .unwrap_or_else(|error| panic!("{} {language}: {error} in {reply}", organisation.id));
    match response.effects.into_iter().next()? {
        Effect::Send { message } => {
            assert!(
                message
                    .buttons
                    .iter()
                    .all(|button| !button.label.trim().is_empty()),
                "{reply}"
            );
            message.text
        }
        other => panic!("send-text only sends, not {other:?}"),
    }
}

#[test]
fn whatever_a_step_can_say_can_be_said_in_every_organisation_and_language() {
    let organisations = organisations();
    assert_eq!(organisations.len(), 10);
    for organisation in &organisations {
        let texts = texts(organisation);
        for language in &organisation.languages {
            let mut said = 0;
            for answer in answers(organisation, language) {
                let reply = answer.unwrap().data["reply"].clone();
                let words = say(organisation, &texts, language, reply.clone());
                assert_eq!(words.is_none(), reply["text"] == "", "{reply}");
                assert!(
                    words.is_none_or(|words| !words.trim().is_empty()),
                    "{reply}"
                );
                said += usize::from(reply["text"] != "");
            }
            assert!(
                said > 50,
                "{} {language} says only {said} things",
                organisation.id
            );
        }
    }
}

#[test]
fn a_topics_label_written_out_is_understood_as_that_topic() {
    let mut lost = Vec::new();
    for organisation in &organisations() {
        let texts = texts(organisation);
        for language in &organisation.languages {
            for topic in &organisation.topics {
                let label = texts
                    .render(language, &format!("topic-{}", topic.id), &Map::new())
                    .unwrap();
                let written = request(ConversationStatus::Open, text(&label));
                let response = handle_message(organisation, &written).unwrap();
                let expected = format!("answer-{}", topic.id);
                if response.data["reply"]["text"] != expected {
                    let got = format!(
                        "{}{}",
                        response.data["reply"]["text"], response.data["intent"]
                    );
                    lost.push(format!(
                        "{} {language}: '{label}' is {got}, not {expected}",
                        organisation.id
                    ));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn asking_for_an_operator_works_everywhere() {
    for organisation in &organisations() {
        for words in [
            "оператор",
            "Покличте консультанта, будь ласка",
            "operator please",
            "/operator",
        ] {
            let asked = request(ConversationStatus::Open, text(words));
            let response = handle_message(organisation, &asked).unwrap();
            assert_eq!(
                response.data["intent"], "operator",
                "{} {words}",
                organisation.id
            );
        }
    }
}

#[test]
fn a_topics_answer_leads_to_its_queue() {
    for organisation in &organisations() {
        for topic in &organisation.topics {
            let mut asked = request(ConversationStatus::Open, Content::Timer);
            asked.conversation.topic = Some(topic.id.clone());
            assert_eq!(
                choose(&asked, organisation).unwrap().id,
                topic.queue,
                "{} {}",
                organisation.id,
                topic.id
            );
        }
    }
}
