//! Recorded dialogues: exported, replayed, made into scenarios.

use crate::disk::{centre, own, with};
use serde_json::{Value, json};
use vikno_domain::{Channel, Content, Language, MediaKind, OperatorAction, rfc3339};
use vikno_simulator::{Centre, Chat, Marks, Mode, Recorded, Scenario, Turned, as_scenario, replay};

/// A dialogue as the export of messages has it.
struct Recorder<'a> {
    chat: Chat<'a>,
    rows: Vec<Value>,
}

impl<'a> Recorder<'a> {
    fn new(centre: &'a Centre, language: &str) -> Self {
        let language = Language::parse(language).unwrap();
        Self {
            chat: Chat::new(centre, Channel::Viber, language),
            rows: Vec::new(),
        }
    }

    fn note(&mut self, turned: Turned) {
        for message in turned.decision.messages {
            self.rows.push(json!({
                "id": message.id, "conversation_id": message.conversation_id, "citizen_id": message.citizen_id,
                "at": rfc3339(message.at_ms), "from": message.author, "author_name": message.author_name,
                "text": message.text, "buttons": message.buttons, "media_id": message.media_id,
                "media_type": null, "media_name": null, "media_size": null,
                "delivery": message.delivery, "details": message.details,
            }));
        }
    }

    fn event(&mut self, content: Content) {
        self.chat.now_ms += 20_000;
        let turned = self.chat.event(content);
        self.note(turned);
    }

    fn text(&mut self, text: &str) {
        self.event(Content::Text {
            text: text.to_owned(),
        });
    }

    fn click(&mut self, button: &str) {
        let button = button.to_owned();
        self.event(Content::Click {
            button,
            callback: None,
        });
    }

    fn operator(&mut self, action: OperatorAction) {
        self.chat.now_ms += 20_000;
        let turned = self.chat.operator("Ірина Бойко", action);
        self.note(turned);
    }

    fn timer(&mut self) {
        let turned = self.chat.wait_for_timer().unwrap();
        self.note(turned);
    }

    fn export(&self) -> String {
        Value::from(self.rows.clone()).to_string()
    }
}

/// From the greeting by way of a reminder, a consultant and another queue to a vote by the chat API.
fn long_dialogue(centre: &Centre) -> Recorder<'_> {
    let mut recorder = Recorder::new(centre, "uk");
    recorder.event(Content::SessionStarted { context: None });
    recorder.click("topic:pensions");
    recorder.timer();
    recorder.text("Мій номер 0671112233, пишіть на olia@ukr.net, я Оля");
    let contact = Content::Contact {
        phone: "0671112233".into(),
        name: None,
        own: true,
    };
    recorder.event(contact);
    recorder.text("оператор");
    recorder.operator(OperatorAction::Take);
    let text = "Олю, назвіть номер справи".to_owned();
    recorder.operator(OperatorAction::Message {
        text: Some(text),
        media: None,
    });
    recorder.text("12345678");
    recorder.operator(OperatorAction::Note {
        text: "справа 12345678".into(),
    });
    recorder.operator(OperatorAction::TransferQueue {
        queue: "housing".into(),
        reason: None,
    });
    recorder.operator(OperatorAction::Take);
    recorder.operator(OperatorAction::Close { reason: None });
    recorder.event(Content::Vote {
        score: 2,
        comment: None,
    });
    recorder
}

fn conversations(recorder: &Recorder<'_>) -> String {
    let id = &recorder.rows[0]["conversation_id"];
    json!([{"id": id, "channel": "viber", "language": "uk", "citizen_name": "Оля", "status": "closed"}]).to_string()
}

#[test]
fn a_recorded_dialogue_comes_out_the_same_with_the_same_processes() {
    let centre = centre("ukc");
    let recorder = long_dialogue(&centre);
    for conversations in [None, Some(conversations(&recorder))] {
        let recorded = Recorded::read(&recorder.export(), conversations.as_deref()).unwrap();
        let report = replay(&centre, &recorded);
        assert_eq!((report.same, report.kinds.len()), (1, 0), "{report:#?}");
    }
}

#[test]
fn a_changed_process_shows_at_the_first_difference() {
    let centre = centre("minsoc");
    let mut recorder = Recorder::new(&centre, "uk");
    recorder.event(Content::SessionStarted { context: None });
    recorder.text("субсидія");
    recorder.timer();
    let recorded = Recorded::read(&recorder.export(), None).unwrap();
    assert_eq!(replay(&centre, &recorded).same, 1);
    // Now no word leads to what is said about subsidies.
    let mut files = own("minsoc");
    for word in ["\"субсид*\", ", "\"субсидия\", "] {
        files.replies = files.replies.replace(word, "");
    }
    let report = replay(&with(&files), &recorded);
    let different = &report.different[0];
    assert_eq!(different.act, "citizen: субсидія");
    assert_eq!(different.kind, "answer-subsidies → not-understood");
    assert_eq!(report.kinds.get(&different.kind), Some(&1));
    let told = different.to_string();
    assert!(
        told.contains("recorded") && told.contains(" | now"),
        "{told}"
    );
}

#[test]
fn what_cannot_be_repeated_is_told_with_the_reason() {
    let centre = centre("ukc");
    let row = |from: &str, text: &str| json!({"id": "m", "conversation_id": "c_1", "at": "2026-11-01T10:00:00Z", "from": from, "text": text});
    let of = |rows: &[Value]| {
        let recorded = Recorded::read(&Value::from(rows.to_vec()).to_string(), None).unwrap();
        let report = replay(&centre, &recorded);
        report.impossible.first().map(|one| one.why.clone())
    };
    let joined = centre.texts.render(
        &Language::parse("uk").unwrap(),
        "moved-to-organisation",
        json!({"name": "МЗС"}).as_object().unwrap(),
    );
    let greeting = centre.text(&Language::parse("uk").unwrap(), "greeting-reply");
    let greeting = greeting.unwrap();
    for (rows, why) in [
        (
            vec![row("robot", "Щось інше")],
            "the export begins in the middle of the dialogue",
        ),
        (vec![row("martian", "?")], "a message is from \"martian\""),
        (
            vec![row("citizen", "оператор"), row("system", &joined.unwrap())],
            "the dialogue goes on in another organisation",
        ),
        (
            vec![
                row("citizen", "привіт"),
                row("robot", &greeting),
                row("operator", "Так?"),
            ],
            "an act is refused: not_taken",
        ),
    ] {
        assert_eq!(of(&rows).as_deref(), Some(why), "{rows:?}");
    }
    for bad in ["{", "[1]", "[{\"id\": \"m\"}]", "<html>"] {
        assert!(Recorded::read(bad, None).is_err(), "{bad}");
    }
    let late = json!([{"id": "m_1", "conversation_id": "c", "at": "yesterday", "from": "robot"}]);
    let error = Recorded::read(&late.to_string(), None).unwrap_err();
    assert_eq!(error.to_string(), "message m_1: \"yesterday\" is no time");
}

#[test]
fn an_export_of_one_object_a_line_is_read_too() {
    let centre = centre("ukc");
    let mut recorder = Recorder::new(&centre, "en");
    recorder.text("pension");
    let media = vikno_domain::IncomingMedia {
        kind: MediaKind::Sticker,
        remote: None,
        stored: None,
        name: None,
        claimed_type: None,
        claimed_size: None,
        label: Some("👍".to_owned()),
    };
    recorder.event(Content::Media {
        media,
        caption: None,
        album: None,
    });
    recorder.event(Content::Location {
        latitude: 50.0,
        longitude: 30.0,
        title: None,
    });
    let lines: Vec<String> = recorder.rows.iter().map(Value::to_string).collect();
    let recorded = Recorded::read(&lines.join("\n"), None).unwrap();
    let report = replay(&centre, &recorded);
    assert_eq!((report.same, report.kinds.len()), (1, 0), "{report:#?}");
}

#[test]
fn a_dialogue_becomes_a_scenario_without_people_that_passes() {
    let centre = centre("ukc");
    let recorder = long_dialogue(&centre);
    let names = conversations(&recorder);
    let recorded = Recorded::read(&recorder.export(), Some(&names)).unwrap();
    let toml = as_scenario(&centre, &recorded[0]).unwrap();
    for personal in [
        "0671112233",
        "olia@ukr.net",
        "Оля",
        "Олю",
        "12345678",
        "Ірина",
        "Бойко",
    ] {
        assert!(!toml.contains(personal), "{personal} in:\n{toml}");
    }
    let scenario = Scenario::parse("recorded.toml", &toml).unwrap();
    let runs = scenario.runs(&centre);
    assert_eq!(runs.len(), 1, "{toml}");
    let played = runs[0].play(&centre, Mode::default(), &mut Marks::default());
    assert_eq!(played.mismatch, None, "{toml}\n{:#?}", played.beats);
    assert!(played.turns >= 13, "{toml}");
}
