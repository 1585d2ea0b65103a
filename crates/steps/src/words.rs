//! What people say in every dialogue, whatever it is about: they want a person, are polite, or say that an
//! answer did not help. Ukrainian, English, and the Russian forms that people write all the same.

/// A text of 4,096 characters has under 1,500 words; what stands beyond is not looked at.
const WORDS_MAX: usize = 1_500;
/// A greeting with more words than this carries a question of its own.
const SMALL_TALK_WORDS_MAX: usize = 4;
/// A complaint about an answer with more words than this carries a question of its own.
const UNHELPFUL_WORDS_MAX: usize = 5;
/// A short message in which "людина" or "human" stands is about an operator; a long one may be about anyone.
const SHORT_MESSAGE_WORDS_MAX: usize = 3;

/// Mean an operator wherever they stand.
const OPERATOR: &[&str] = &[
    "оператор*",
    "консультант*",
    "спеціаліст*",
    "специалист*",
    "operator*",
    "agent",
    "agents",
    "consultant*",
];
/// Mean an operator in a short message or beside a word of asking.
const SOMEBODY: &[&str] = &[
    "людин*",
    "людськ*",
    "человек*",
    "human",
    "person",
    "somebody",
    "someone",
];
/// Words of asking for somebody.
const ASKING: &[&str] = &[
    "з'єдна*",
    "зєдна*",
    "поклич*",
    "жив*",
    "справжн*",
    "поговорити",
    "поспілкуватися",
    "переключ*",
    "перемкн*",
    "соедини*",
    "позов*",
    "поговорить",
    "real",
    "live",
    "talk",
    "speak",
    "connect",
    "chat",
    "transfer",
];
const GREETING: &[&str] = &[
    "привіт*",
    "вітаю",
    "вітання",
    "здрастуй*",
    "доброго дня",
    "доброго ранку",
    "доброго вечора",
    "добрий день",
    "добрий ранок",
    "добрий вечір",
    "добридень",
    "добривечір",
    "здравствуй*",
    "привет*",
    "добрый день",
    "hello",
    "hi",
    "hey",
    "good morning",
    "good afternoon",
    "good evening",
    "good day",
    "greetings",
];
const THANKS: &[&str] = &[
    "дяку*",
    "подяк*",
    "спасиб*",
    "вдячн*",
    "thanks",
    "thank",
    "thx",
    "👍*",
    "🙏*",
    "❤*",
];
const GOODBYE: &[&str] = &[
    "до побачення",
    "бувайте",
    "прощавай*",
    "па па",
    "на все добре",
    "гарного дня",
    "до свидания",
    "bye",
    "goodbye",
    "good bye",
    "see you",
    "have a nice day",
];

/// The last answer was no help.
const UNHELPFUL: &[&str] = &[
    "не допомо*",
    "не помогл*",
    "не те",
    "не то",
    "не про те",
    "not help*",
    "didn't help",
    "no help",
    "not what i asked",
];

/// The words of a text in lower case, with one kind of apostrophe.
#[derive(Debug)]
pub(crate) struct Words(Vec<String>);

/// What sort of politeness a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SmallTalk {
    Greeting,
    Thanks,
    Goodbye,
}

impl Words {
    pub(crate) fn of(text: &str) -> Self {
        let text: String = text.to_lowercase().replace(['’', 'ʼ', '`', '‘', '′'], "'");
        let words = text.split(|c: char| c.is_whitespace() || is_separator(c));
        let words = words.map(|word| word.trim_matches('\''));
        Self(
            words
                .filter(|word| !word.is_empty())
                .take(WORDS_MAX)
                .map(str::to_owned)
                .collect(),
        )
    }

    /// Whether somebody asks for a person.
    pub(crate) fn ask_for_operator(&self) -> bool {
        self.have_any(OPERATOR)
            || (self.have_any(SOMEBODY)
                && (self.0.len() <= SHORT_MESSAGE_WORDS_MAX || self.have_any(ASKING)))
    }

    /// Says that an answer was no help, and asks nothing else.
    pub(crate) fn say_it_did_not_help(&self) -> bool {
        self.0.len() <= UNHELPFUL_WORDS_MAX && self.have_any(UNHELPFUL)
    }

    /// Politeness with no question in it.
    pub(crate) fn small_talk(&self) -> Option<SmallTalk> {
        if self.0.len() > SMALL_TALK_WORDS_MAX {
            return None;
        }
        [
            (SmallTalk::Thanks, THANKS),
            (SmallTalk::Goodbye, GOODBYE),
            (SmallTalk::Greeting, GREETING),
        ]
        .into_iter()
        .find_map(|(kind, patterns)| self.have_any(patterns).then_some(kind))
    }

    fn have_any(&self, patterns: &[&str]) -> bool {
        patterns.iter().any(|pattern| self.have(pattern))
    }

    /// Whether the pattern's words stand side by side; `*` at a word's end stands for any ending.
    fn have(&self, pattern: &str) -> bool {
        let parts = pattern.split_whitespace();
        let count = parts.clone().count();
        if count == 0 {
            return false;
        }
        self.0.windows(count).any(|words| {
            let mut pairs = words.iter().zip(parts.clone());
            pairs.all(|(word, part)| match part.strip_suffix('*') {
                Some(stem) => !stem.is_empty() && word.starts_with(stem),
                None => word == part,
            })
        })
    }
}

/// Punctuation of the keyboards at hand; an emoji is a word of its own.
fn is_separator(c: char) -> bool {
    c.is_control()
        || (c.is_ascii_punctuation() && c != '\'')
        || matches!(
            c,
            '«' | '»' | '„' | '“' | '”' | '…' | '–' | '—' | '№' | '•' | '¿' | '¡'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_for_a_person_is_recognised() {
        for text in [
            "оператор",
            "Оператора, будь ласка!",
            "З’єднайте мене з оператором",
            "хочу поговорити з живою людиною",
            "ПОКЛИЧТЕ КОНСУЛЬТАНТА",
            "людину",
            "потрібен спеціаліст",
            "позовите человека",
            "Operator please",
            "I want to talk to a real person",
            "human",
            "Agent!!!",
            "/operator",
            "can I speak to a consultant?",
        ] {
            assert!(Words::of(text).ask_for_operator(), "{text}");
        }
    }

    #[test]
    fn people_in_a_question_are_no_wish_for_an_operator() {
        for text in [
            "Які виплати отримує людина з інвалідністю першої групи?",
            "benefits for a person with a disability of the first group",
            "Добрий день",
            "кооператив",
            "agency for energy",
            "",
            "🙂",
        ] {
            assert!(!Words::of(text).ask_for_operator(), "{text}");
        }
    }

    #[test]
    fn that_an_answer_did_not_help_is_recognised() {
        for (text, expected) in [
            ("Не допомогло", true),
            ("нет, это не помогло", true),
            ("це не те!", true),
            ("that did not help", true),
            ("It didn’t help.", true),
            ("допомогло", false),
            ("не допомогло, як подати заяву ще раз і куди", false),
            ("", false),
        ] {
            assert_eq!(Words::of(text).say_it_did_not_help(), expected, "{text}");
        }
    }

    #[test]
    fn politeness_is_told_from_questions() {
        for (text, expected) in [
            ("Добрий день!", Some(SmallTalk::Greeting)),
            ("привіт", Some(SmallTalk::Greeting)),
            ("Hello there", Some(SmallTalk::Greeting)),
            ("Дякую!", Some(SmallTalk::Thanks)),
            ("щиро вдячна вам", Some(SmallTalk::Thanks)),
            ("thank you", Some(SmallTalk::Thanks)),
            ("👍🏻", Some(SmallTalk::Thanks)),
            ("До побачення", Some(SmallTalk::Goodbye)),
            ("bye-bye", Some(SmallTalk::Goodbye)),
            ("Добрий день, коли буде виплата за жовтень", None),
            ("паспорт", None),
            ("", None),
        ] {
            assert_eq!(Words::of(text).small_talk(), expected, "{text}");
        }
    }

    #[test]
    fn apostrophes_of_all_kinds_are_one() {
        for text in ["сім'я", "сім’я", "сімʼя", "'сім`я'"] {
            assert_eq!(Words::of(text).0, ["сім'я"], "{text}");
        }
    }
}
