//! Words of a message: how they are told apart and recognised. Ukrainian, English, and the Russian
//! forms that people write all the same.

/// A text of 4,096 characters has under 1,500 words; what stands beyond is not looked at.
const WORDS_MAX: usize = 1_500;
/// A greeting with more words than this carries a question of its own.
const SMALL_TALK_WORDS_MAX: usize = 4;
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

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether somebody asks for a person.
    pub(crate) fn ask_for_operator(&self) -> bool {
        self.have_any(OPERATOR)
            || (self.have_any(SOMEBODY)
                && (self.0.len() <= SHORT_MESSAGE_WORDS_MAX || self.have_any(ASKING)))
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

    /// How well the keywords fit: the characters of those that occur, so that a longer keyword weighs more.
    pub(crate) fn score(&self, keywords: &[String]) -> usize {
        let found = keywords
            .iter()
            .filter(|keyword| self.have(&keyword.to_lowercase()));
        found
            .map(|keyword| keyword.trim_end_matches('*').chars().count())
            .sum()
    }

    fn have_any(&self, patterns: &[&str]) -> bool {
        patterns.iter().any(|pattern| self.have(pattern))
    }

    /// Whether the pattern's words stand side by side; `*` at a word's end stands for any ending.
    fn have(&self, pattern: &str) -> bool {
        let pattern = pattern.replace('’', "'");
        let parts: Vec<&str> = pattern.split_whitespace().collect();
        if parts.is_empty() {
            return false;
        }
        self.0.windows(parts.len()).any(|words| {
            words
                .iter()
                .zip(&parts)
                .all(|(word, part)| match part.strip_suffix('*') {
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
    fn a_longer_keyword_weighs_more_and_an_ending_is_free() {
        let words = Words::of("Як оформити СУБСИДІЮ на житло?");
        let keywords = |list: &[&str]| {
            list.iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(words.score(&keywords(&["субсид*"])), 6);
        assert_eq!(words.score(&keywords(&["субсид*", "житл*"])), 10);
        assert_eq!(words.score(&keywords(&["субсидію на житло"])), 17);
        assert_eq!(words.score(&keywords(&["субсид", "*", "", "пенсі*"])), 0);
    }

    #[test]
    fn apostrophes_of_all_kinds_are_one() {
        for text in ["сім'я", "сім’я", "сімʼя", "'сім`я'"] {
            assert_eq!(Words::of(text).0, ["сім'я"], "{text}");
        }
    }
}
