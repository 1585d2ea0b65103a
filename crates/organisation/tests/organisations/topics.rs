//! Keywords of the ten: a citizen who types what stands on a topic's button gets that topic's answer.

use crate::files::{ORGANISATIONS, organisation, own, replies, shared};
use serde_json::{Map, json};
use vikno_domain::{Effect, Language, StepRequest};
use vikno_organisation::Organisation;
use vikno_steps::messages_handling;
use vikno_texts::Texts;

fn texts(id: &str, language: &Language) -> Texts {
    let mut texts = Texts::new(language.clone());
    for layer in [shared().texts, own(id).texts] {
        texts.add(language, &layer[language.as_str()]).unwrap();
    }
    texts
}

fn typed(organisation: &Organisation, language: &Language, text: &str) -> StepRequest {
    let request = json!({
        "org": organisation.id,
        "now_ms": 0,
        "conversation": {
            "id": "c_1", "status": "open", "language": language, "channel": "web",
            "opened_at_ms": 0, "citizen_last_at_ms": 0,
        },
        "citizen": { "id": "p_1", "chat": "1" },
        "event": {
            "channel": "web", "chat": "1", "dedupe_key": "client:1", "at_ms": 0,
            "content": { "kind": "text", "text": text },
        },
    });
    serde_json::from_value(request).unwrap()
}

fn topic_of(organisation: &Organisation, language: &Language, text: &str) -> Option<String> {
    let request = typed(organisation, language, text);
    let replies = replies(organisation.id.as_str());
    let moment = vikno_steps::moment(organisation, request.now_ms);
    let response = messages_handling::decide(&request, organisation, &replies, moment).unwrap();
    response
        .effects
        .into_iter()
        .find_map(|effect| match effect {
            Effect::Classify { topic, .. } => topic,
            _ => None,
        })
}

#[test]
fn the_words_on_a_topics_button_lead_to_that_topic() {
    let mut astray = Vec::new();
    for id in ORGANISATIONS {
        let organisation = organisation(id);
        for language in &organisation.languages {
            let texts = texts(id, language);
            for topic in &organisation.topics {
                let label = format!("topic-{}", topic.id);
                let label = texts.render(language, &label, &Map::new()).unwrap();
                let found = topic_of(&organisation, language, &label);
                if found.as_deref() != Some(topic.id.as_str()) {
                    astray.push(format!("{id} {language} {label}: {found:?}"));
                }
            }
        }
    }
    assert_eq!(astray, Vec::<String>::new());
}

#[test]
fn urgent_matters_are_recognised_in_plain_words() {
    let cases = [
        ("mou", "uk", "мій син зник безвісти, що робити?", "missing"),
        ("mou", "en", "My brother is missing since March", "missing"),
        (
            "minsoc",
            "uk",
            "чоловік б'є мене, домашнє насильство",
            "violence",
        ),
        ("mzs", "uk", "Мене затримали в аеропорту", "emergency"),
        (
            "mindov",
            "uk",
            "За селом велике звалище, шкода лісу",
            "violation",
        ),
        (
            "cashback",
            "uk",
            "Чому не нараховано кешбек за молоко?",
            "not-credited",
        ),
        ("ukc", "en", "Where can I apply for a subsidy?", "subsidies"),
    ];
    for (id, language, text, topic) in cases {
        let language = Language::parse(language).unwrap();
        let found = topic_of(&organisation(id), &language, text);
        assert_eq!(found.as_deref(), Some(topic), "{id}: {text}");
    }
}
