//! The ids of our buttons: the one place that writes and reads them. What comes back is untrusted.

use vikno_domain::Language;

/// What a pressed button says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ButtonId {
    /// Asks about a topic; whether there is one is for the reader to check.
    Topic(String),
    /// Wants an operator.
    Operator,
    /// Wants the topics again.
    Menu,
    /// Rates the dialogue, 1 to 5.
    Vote(u8),
    /// Goes on in another language.
    Language(Language),
    /// Ends the dialogue.
    End,
    /// The answer has helped.
    HelpedYes,
    /// It has not.
    HelpedNo,
    /// Shares the own phone number (what comes back is a contact, not this id).
    SharePhone,
}

impl ButtonId {
    /// Reads an id; `None` for one that is not ours.
    pub fn parse(id: &str) -> Option<Self> {
        match id {
            "operator" => return Some(Self::Operator),
            "menu" => return Some(Self::Menu),
            "end" => return Some(Self::End),
            "helped:yes" => return Some(Self::HelpedYes),
            "helped:no" => return Some(Self::HelpedNo),
            "share-phone" => return Some(Self::SharePhone),
            _ => {}
        }
        match id.split_once(':')? {
            ("topic", topic) if !topic.is_empty() => Some(Self::Topic(topic.to_owned())),
            ("vote", "1") => Some(Self::Vote(1)),
            ("vote", "2") => Some(Self::Vote(2)),
            ("vote", "3") => Some(Self::Vote(3)),
            ("vote", "4") => Some(Self::Vote(4)),
            ("vote", "5") => Some(Self::Vote(5)),
            ("lang", language) => Language::parse(language).ok().map(Self::Language),
            _ => None,
        }
    }

    /// The id as it goes out.
    pub fn id(&self) -> String {
        match self {
            Self::Topic(topic) => format!("topic:{topic}"),
            Self::Operator => "operator".to_owned(),
            Self::Menu => "menu".to_owned(),
            Self::Vote(score) => format!("vote:{score}"),
            Self::Language(language) => format!("lang:{language}"),
            Self::End => "end".to_owned(),
            Self::HelpedYes => "helped:yes".to_owned(),
            Self::HelpedNo => "helped:no".to_owned(),
            Self::SharePhone => "share-phone".to_owned(),
        }
    }

    /// The text that stands on it.
    pub fn text(&self) -> String {
        match self {
            Self::Topic(topic) => format!("topic-{topic}"),
            Self::Vote(score) => format!("button-vote-{score}"),
            Self::Language(language) => format!("button-language-{language}"),
            Self::Operator => "button-operator".to_owned(),
            Self::Menu => "button-menu".to_owned(),
            Self::End => "button-end".to_owned(),
            Self::HelpedYes => "button-helped-yes".to_owned(),
            Self::HelpedNo => "button-helped-no".to_owned(),
            Self::SharePhone => "button-share-phone".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_reads_back_as_written() {
        let all = [
            ButtonId::Topic("subsidies".into()),
            ButtonId::Operator,
            ButtonId::Menu,
            ButtonId::Vote(1),
            ButtonId::Vote(5),
            ButtonId::Language(Language::parse("en").unwrap()),
            ButtonId::End,
            ButtonId::HelpedYes,
            ButtonId::HelpedNo,
            ButtonId::SharePhone,
        ];
        for button in all {
            assert_eq!(ButtonId::parse(&button.id()), Some(button));
        }
    }

    #[test]
    fn foreign_ids_are_not_ours() {
        for id in [
            "",
            "topic:",
            "topic",
            "vote:0",
            "vote:6",
            "vote:05",
            "vote:",
            "lang:",
            "lang:українська",
            "lang:e1",
            "OPERATOR",
            "helped:maybe",
            "; DROP TABLE messages",
            "menu ",
            "\u{0}",
        ] {
            assert_eq!(ButtonId::parse(id), None, "{id:?}");
        }
    }

    #[test]
    fn labels_have_the_ids_of_the_shared_texts() {
        assert_eq!(ButtonId::HelpedYes.text(), "button-helped-yes");
        assert_eq!(ButtonId::SharePhone.text(), "button-share-phone");
        assert_eq!(ButtonId::Vote(5).text(), "button-vote-5");
        assert_eq!(ButtonId::Topic("x".into()).text(), "topic-x");
    }
}
