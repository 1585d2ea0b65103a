//! A small tree and the situation of an ordinary citizen at noon.

use vikno_domain::{Channel, Language};
use vikno_replies::{Frame, Moment, Replies, Situation};

pub fn language(code: &str) -> Language {
    Language::parse(code).unwrap()
}

pub fn frame() -> Frame {
    Frame {
        topics: vec!["subsidies".to_owned(), "displaced".to_owned()],
        languages: vec![language("uk"), language("en")],
    }
}

pub fn tree() -> Replies {
    Replies::parse(include_str!("tree.toml"), &frame()).unwrap()
}

pub fn noon() -> Situation {
    Situation {
        language: language("uk"),
        channel: Channel::Telegram,
        identified: false,
        phone_known: false,
        dialogues: 0,
        moment: Moment {
            weekday: 1,
            minute: 12 * 60,
            working: true,
            holiday: false,
        },
        current: None,
        asked: Vec::new(),
        unhelpful: 0,
    }
}

/// Id of the reply to a text, or `-`.
pub fn reply(text: &str, situation: &Situation) -> String {
    tree()
        .choose(text, situation)
        .map_or_else(|| "-".to_owned(), |chosen| chosen.reply)
}
