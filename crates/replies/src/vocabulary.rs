//! The words a tree listens for, found by stem, by beginning, in Latin letters, through the wrong keyboard
//! layout, and with slips of the finger; in this order, the first that finds something ends the search.

use crate::distance::slips;
use crate::letters::{from_latin, is_cyrillic, typed_as_cyrillic, typed_as_latin};
use crate::stem::stem;
use crate::words::{Word, plain};
use serde::Serialize;
use std::collections::BTreeMap;

/// Shortest beginning that is looked up.
const BEGINNING_MIN: usize = 2;
/// Words in one message that slips are looked for in: a screenful of text has fewer unknown ones.
pub(crate) const CORRECTIONS_MAX: usize = 60;

/// How a word was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "how")]
pub enum How {
    /// It is a form of the keyword.
    Form,
    /// It begins as the keyword does.
    Beginning,
    /// It is the keyword in Latin letters.
    Latin,
    /// It is the keyword, typed with another layout on.
    Layout,
    /// It is the keyword with so many slips.
    Slips {
        /// 1 or 2.
        count: u8,
    },
}

impl How {
    /// Points for each letter: what is less certain counts less.
    pub(crate) fn points(self) -> u32 {
        match self {
            Self::Form | Self::Beginning => 10,
            Self::Latin | Self::Layout => 9,
            Self::Slips { count: 1 } => 7,
            Self::Slips { .. } => 5,
        }
    }
}

/// A single word that keywords are made of.
#[derive(Debug, Clone)]
struct Part {
    letters: Vec<char>,
    is_beginning: bool,
    signature: u64,
}

/// A part that a word of the citizen stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) part: usize,
    pub(crate) how: How,
}

/// All parts of all keywords.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vocabulary {
    parts: Vec<Part>,
    stems: BTreeMap<String, usize>,
    beginnings: BTreeMap<String, usize>,
}

impl Vocabulary {
    /// The number of a part; `субсид*` is a beginning, anything else a word in one of its forms.
    pub(crate) fn add(&mut self, part: &str) -> usize {
        let beginning = part.strip_suffix('*');
        let key = beginning.map_or_else(|| stem(part), plain);
        let index = if beginning.is_some() {
            &mut self.beginnings
        } else {
            &mut self.stems
        };
        if let Some(known) = index.get(&key) {
            return *known;
        }
        let number = self.parts.len();
        index.insert(key.clone(), number);
        let letters: Vec<char> = key.chars().collect();
        self.parts.push(Part {
            signature: signature(&letters),
            letters,
            is_beginning: beginning.is_some(),
        });
        number
    }

    /// Letters of a part: a longer one tells more.
    pub(crate) fn length(&self, part: usize) -> u32 {
        u32::try_from(self.parts[part].letters.len()).unwrap_or(u32::MAX)
    }

    /// What a word stands for. `correct` allows for slips.
    pub(crate) fn find(&self, word: &Word, correct: bool) -> Vec<Hit> {
        let direct = self.direct(&stem(&word.written), &word.plain);
        if !direct.is_empty() {
            return direct;
        }
        for (how, guess) in guesses(word) {
            let hits = self.direct(&stem(&guess), &plain(&guess));
            if !hits.is_empty() {
                return hits.into_iter().map(|hit| Hit { how, ..hit }).collect();
            }
        }
        let skip = !correct || is_common(&word.plain);
        if skip {
            Vec::new()
        } else {
            self.corrected(word)
        }
    }

    fn direct(&self, stem: &str, plain: &str) -> Vec<Hit> {
        let form = self.stems.get(stem).map(|part| Hit {
            part: *part,
            how: How::Form,
        });
        let ends = plain
            .char_indices()
            .map(|(at, letter)| at + letter.len_utf8());
        let beginnings = ends.skip(BEGINNING_MIN - 1);
        let beginnings = beginnings.filter_map(|end| self.beginnings.get(&plain[..end]));
        let beginnings = beginnings.map(|part| Hit {
            part: *part,
            how: How::Beginning,
        });
        form.into_iter().chain(beginnings).collect()
    }

    /// The parts with the fewest slips.
    fn corrected(&self, word: &Word) -> Vec<Hit> {
        let whole: Vec<char> = word.plain.chars().collect();
        let stem: Vec<char> = stem(&word.written).chars().collect();
        let marks = [signature(&stem), signature(&whole)];
        let mut best = slips_allowed(whole.len());
        let mut hits = Vec::new();
        for (number, part) in self.parts.iter().enumerate() {
            let mark = marks[usize::from(part.is_beginning)];
            // A replaced letter changes two marks at most.
            if best == 0 || foreign_letters(part, mark) > best {
                continue;
            }
            let Some(count) = part.slips(&stem, &whole, best) else {
                continue;
            };
            if count < best {
                hits.clear();
                best = count;
            }
            let count = u8::try_from(count).unwrap_or(u8::MAX);
            let how = How::Slips { count };
            hits.push(Hit { part: number, how });
        }
        hits
    }
}

fn foreign_letters(part: &Part, mark: u64) -> usize {
    let missing = part.signature & !mark;
    missing.count_ones() as usize
}

impl Part {
    fn slips(&self, stem: &[char], whole: &[char], limit: usize) -> Option<usize> {
        let length = self.letters.len();
        if !self.is_beginning {
            let limit = limit.min(slips_in_stem(length.max(stem.len())));
            return slips(stem, &self.letters, limit).filter(|count| *count > 0);
        }
        let limit = limit.min(slips_in_stem(length));
        let lengths = [length.saturating_sub(1), length, length + 1];
        let starts = lengths.into_iter().filter(|end| *end <= whole.len());
        let counts = starts.filter_map(|end| slips(&whole[..end], &self.letters, limit));
        counts.filter(|count| *count > 0).min()
    }
}

/// By the length of the word as written.
fn slips_allowed(letters: usize) -> usize {
    match letters {
        0..=4 => 0,
        5..=7 => 1,
        _ => 2,
    }
}

/// By the length of what is compared: in a short stem one letter makes another word.
fn slips_in_stem(letters: usize) -> usize {
    match letters {
        0..=4 => 0,
        5..=6 => 1,
        _ => 2,
    }
}

/// Which letters occur, one bit each.
fn signature(letters: &[char]) -> u64 {
    let bit = |letter: &char| 1_u64 << (u32::from(*letter) % 64);
    letters.iter().map(bit).fold(0, |all, bit| all | bit)
}

fn guesses(word: &Word) -> impl Iterator<Item = (How, String)> + '_ {
    let latin = word.written.is_ascii();
    let cyrillic = word.written.chars().all(is_cyrillic);
    let spelled = if latin {
        from_latin(&word.written)
    } else {
        None
    };
    let typed = if word.keys.is_empty() {
        None
    } else {
        typed_as_latin(&word.keys)
    };
    let reversed = if cyrillic {
        typed_as_cyrillic(&word.written)
    } else {
        None
    };
    let found = [
        spelled.map(|guess| (How::Latin, guess)),
        typed.map(|guess| (How::Layout, guess)),
        reversed.map(|guess| (How::Layout, guess)),
    ];
    found.into_iter().flatten()
}

/// Frequent words that stand close to keywords without meaning them.
const COMMON: &[&str] = &[
    "будласка",
    "ласка",
    "дякую",
    "спасибо",
    "привит",
    "побачення",
    "свидания",
    "бувайте",
    "добрий",
    "доброго",
    "зараз",
    "можна",
    "можу",
    "може",
    "треба",
    "потрибно",
    "потрибна",
    "хочу",
    "скажить",
    "пидкажить",
    "питання",
    "вопрос",
    "почему",
    "чому",
    "коли",
    "когда",
    "куди",
    "куда",
    "який",
    "яка",
    "яке",
    "якщо",
    "если",
    "тому",
    "також",
    "только",
    "тилки",
    "дуже",
    "очень",
    "шкода",
    "мене",
    "меня",
    "мени",
    "нас",
    "вас",
    "вони",
    "було",
    "буде",
    "будет",
    "була",
    "були",
    "немае",
    "нету",
    "мати",
    "мае",
    "маю",
    "робити",
    "делать",
    "зробити",
    "погода",
    "столиця",
    "сесия",
    "сусид",
    "сусиди",
    "сосед",
    "прошу",
    "пожалуйста",
    "здравствуйте",
    "подскажите",
    "нужно",
    "нужна",
    "можно",
    "please",
    "hello",
    "thanks",
    "thank",
    "goodbye",
    "where",
    "when",
    "what",
    "which",
    "there",
    "their",
    "about",
    "would",
    "could",
    "should",
    "have",
    "need",
    "want",
    "know",
    "help",
    "tell",
    "weather",
    "after",
    "before",
    "other",
    "people",
    "thing",
    "think",
    "today",
    "still",
    "those",
    "these",
];

fn is_common(plain: &str) -> bool {
    COMMON.contains(&plain)
}
