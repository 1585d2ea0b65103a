//! From the text of `replies.toml` to the tree; all mistakes are told together.

use crate::condition::{Conditions, DAYS, span};
use crate::tree::{Keyword, Replies, Reply, Variant};
use crate::vocabulary::Vocabulary;
use crate::words::words;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::{Language, MediaRef};

/// Telegram lets a button's id have 64 bytes; `topic:` takes 6 of them.
const ID_LENGTH_MAX: usize = 40;
/// Topic, subtopic and two below: in more levels nobody finds their way.
const LEVELS_MAX: usize = 4;
/// More buttons than this below one answer are a wall of text on a phone.
const BUTTONS_MAX: usize = 8;
const WEIGHT_MAX: u32 = 1_000;

/// One mistake: where, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// `reply.subsidies.words.en`.
    pub place: String,
    /// In words for the person who edits the file.
    pub message: String,
}

/// What the tree has to fit into.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The organisation's topics: the first level of the tree.
    pub topics: Vec<String>,
    /// Its languages: each reply is recognised in each of them.
    pub languages: Vec<Language>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReply {
    id: String,
    #[serde(default)]
    under: Option<String>,
    #[serde(default)]
    words: BTreeMap<Language, Vec<String>>,
    #[serde(default)]
    hints: BTreeMap<Language, Vec<String>>,
    #[serde(default)]
    priority: Option<i64>,
    #[serde(default)]
    weight: Option<u32>,
    #[serde(default)]
    only: Conditions,
    #[serde(default)]
    otherwise: Option<String>,
    #[serde(default)]
    variants: Vec<Variant>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    buttons: Option<Vec<String>>,
    #[serde(default)]
    media: Option<MediaRef>,
}

struct Reader<'a> {
    frame: &'a Frame,
    raw: Vec<RawReply>,
    faults: Vec<Fault>,
}

impl Replies {
    /// Reads and checks a tree.
    pub fn parse(text: &str, frame: &Frame) -> Result<Self, Vec<Fault>> {
        let mut table = text.parse::<toml::Table>().map_err(|error| {
            let before = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(before).filter(|b| *b == b'\n').count() + 1;
            let message = format!("not valid TOML: {}", error.message());
            vec![fault(&format!("line {line}"), message)]
        })?;
        let mut faults = Vec::new();
        let raw = match table.remove("reply") {
            Some(toml::Value::Array(elements)) => elements,
            _ => {
                faults.push(fault(
                    "reply",
                    "is missing; write a [[reply]] for each topic",
                ));
                Vec::new()
            }
        };
        for unknown in table.keys() {
            faults.push(fault(unknown, "unknown field; known is [[reply]]"));
        }
        Self::read(raw, faults, frame)
    }

    /// Reads and checks a tree that is no file: its `[[reply]]` as a list.
    pub fn from_list(list: Vec<toml::Value>, frame: &Frame) -> Result<Self, Vec<Fault>> {
        Self::read(list, Vec::new(), frame)
    }

    fn read(
        list: Vec<toml::Value>,
        mut faults: Vec<Fault>,
        frame: &Frame,
    ) -> Result<Self, Vec<Fault>> {
        let raw = list.into_iter().enumerate().filter_map(|(index, value)| {
            let name = value.get("id").and_then(toml::Value::as_str);
            let place = name.map_or(format!("reply[{index}]"), |id| format!("reply.{id}"));
            let read = value.try_into::<RawReply>();
            read.map_err(|error| faults.push(fault(&place, error.message().trim())))
                .ok()
        });
        let raw = raw.collect();
        let mut reader = Reader { frame, raw, faults };
        reader.check();
        if reader.faults.is_empty() {
            Ok(build(reader.raw))
        } else {
            Err(reader.faults)
        }
    }
}

fn fault(place: &str, message: impl Into<String>) -> Fault {
    Fault {
        place: place.to_owned(),
        message: message.into(),
    }
}

impl Reader<'_> {
    fn check(&mut self) {
        let mut found = std::mem::take(&mut self.faults);
        let mut seen = BTreeSet::new();
        for reply in &self.raw {
            let place = format!("reply.{}", reply.id);
            let mut told = Vec::new();
            self.check_id(reply, !seen.insert(reply.id.as_str()), &mut told);
            self.check_place(reply, &mut told);
            self.check_links(reply, &mut told);
            self.check_keywords(reply, &mut told);
            check_numbers(reply, &mut told);
            check_conditions("only", &reply.only, &mut told);
            for (index, variant) in reply.variants.iter().enumerate() {
                check_conditions(&format!("variants[{index}].when"), &variant.when, &mut told);
            }
            let at = |(field, message): (String, String)| match field.is_empty() {
                true => fault(&place, message),
                false => fault(&format!("{place}.{field}"), message),
            };
            found.extend(told.into_iter().map(at));
        }
        for topic in &self.frame.topics {
            if !seen.contains(topic.as_str()) {
                let message = format!("no reply for this topic; add [[reply]] id = \"{topic}\"");
                found.push(fault(&format!("reply.{topic}"), message));
            }
        }
        self.faults = found;
    }

    fn find(&self, id: &str) -> Option<&RawReply> {
        self.raw.iter().find(|reply| reply.id == id)
    }

    fn check_id(&self, reply: &RawReply, twice: bool, told: &mut Vec<(String, String)>) {
        let id = &reply.id;
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let starts_well = id.starts_with(|first: char| first.is_ascii_lowercase());
        if !id.bytes().all(plain) || !starts_well || id.len() > ID_LENGTH_MAX {
            tell(
                told,
                "id",
                format!(
                    "'{id}' is no id; use a-z, 0-9 and '-', starting with a letter, at most {ID_LENGTH_MAX} characters"
                ),
            );
        }
        if twice {
            tell(
                told,
                "id",
                format!("the id '{id}' is used twice; ids are unique"),
            );
        }
    }

    fn check_place(&self, reply: &RawReply, told: &mut Vec<(String, String)>) {
        let is_topic = self.frame.topics.contains(&reply.id);
        match &reply.under {
            None if !is_topic => tell(
                told,
                "under",
                "is missing; only topics of organisation.toml stand at the top, so name the reply it belongs under or add the topic",
            ),
            Some(_) if is_topic => tell(
                told,
                "under",
                "is not for a topic: topics stand at the top; take it out",
            ),
            Some(above) if self.find(above).is_none() => tell(
                told,
                "under",
                format!("no reply '{above}'; name one of this file"),
            ),
            _ => {}
        }
        let mut levels = 1;
        let mut above = reply.under.as_deref();
        while let Some(next) = above.and_then(|id| self.find(id)) {
            levels += 1;
            if levels > LEVELS_MAX {
                tell(
                    told,
                    "under",
                    format!("more than {LEVELS_MAX} levels, or a circle; move it up"),
                );
                break;
            }
            above = next.under.as_deref();
        }
    }

    fn check_links(&self, reply: &RawReply, told: &mut Vec<(String, String)>) {
        let buttons = reply.buttons.iter().flatten();
        let varied = reply
            .variants
            .iter()
            .flat_map(|variant| variant.buttons.iter().flatten());
        for id in buttons.chain(varied) {
            if self.find(id).is_none() {
                tell(
                    told,
                    "buttons",
                    format!("no reply '{id}'; name one of this file"),
                );
            }
        }
        if let Some(id) = &reply.otherwise
            && (self.find(id).is_none() || *id == reply.id)
        {
            tell(
                told,
                "otherwise",
                format!("'{id}' is no other reply; name one of this file"),
            );
        }
        let below = self
            .raw
            .iter()
            .filter(|other| other.under.as_ref() == Some(&reply.id));
        let count = reply.buttons.as_ref().map_or(below.count(), Vec::len);
        if count > BUTTONS_MAX {
            tell(
                told,
                "buttons",
                format!(
                    "{count} buttons; keep it to {BUTTONS_MAX}, choose them with buttons = [...]"
                ),
            );
        }
    }

    fn check_keywords(&self, reply: &RawReply, told: &mut Vec<(String, String)>) {
        for language in &self.frame.languages {
            let count =
                |lists: &BTreeMap<Language, Vec<String>>| lists.get(language).map_or(0, Vec::len);
            if count(&reply.words) + count(&reply.hints) == 0 {
                tell(
                    told,
                    &format!("words.{language}"),
                    "no words; give those by which citizens name it",
                );
            }
        }
        for (field, lists) in [("words", &reply.words), ("hints", &reply.hints)] {
            for word in lists.values().flatten().filter(|word| !is_keyword(word)) {
                tell(
                    told,
                    field,
                    format!(
                        "'{word}' is no keyword; write a word or words side by side, or a beginning of two letters or more and one '*' at its end"
                    ),
                );
            }
        }
        if reply.under.is_none() && reply.words.values().all(Vec::is_empty) {
            tell(
                told,
                "words",
                "a topic has to be recognised by itself; give words, not only hints",
            );
        }
    }
}

fn tell(told: &mut Vec<(String, String)>, field: &str, message: impl Into<String>) {
    told.push((field.to_owned(), message.into()));
}

fn check_numbers(reply: &RawReply, told: &mut Vec<(String, String)>) {
    if let Some(priority) = reply
        .priority
        .filter(|priority| !(0..=9).contains(priority))
    {
        tell(
            told,
            "priority",
            format!("{priority} is out of range; give 0 (normal) to 9 (most urgent)"),
        );
    }
    if let Some(weight) = reply
        .weight
        .filter(|weight| !(1..=WEIGHT_MAX).contains(weight))
    {
        tell(
            told,
            "weight",
            format!("{weight} is out of range; give 1 to {WEIGHT_MAX} percent"),
        );
    }
}

fn check_conditions(field: &str, conditions: &Conditions, told: &mut Vec<(String, String)>) {
    if let Some(time) = conditions
        .time
        .as_deref()
        .filter(|time| span(time).is_none())
    {
        tell(
            told,
            &format!("{field}.time"),
            format!("'{time}' is no span; write \"22:00-06:00\""),
        );
    }
    for day in conditions
        .days
        .iter()
        .filter(|day| !DAYS.contains(&day.as_str()))
    {
        tell(
            told,
            &format!("{field}.days"),
            format!("'{day}' is no day; write monday to sunday"),
        );
    }
    if let (Some(min), Some(max)) = (conditions.dialogues_min, conditions.dialogues_max)
        && min > max
    {
        tell(
            told,
            &format!("{field}.dialogues_min"),
            format!("{min} is above dialogues_max {max}; nobody is meant"),
        );
    }
    if field != "only" && conditions.is_empty() {
        tell(
            told,
            field,
            "is empty, so the answer would always be this one; write when it applies",
        );
    }
}

/// The parts of a keyword: words as a citizen's message is split, a `*` kept at its word.
fn parts(keyword: &str) -> Vec<String> {
    let pieces = keyword.split_whitespace().flat_map(|piece| {
        let is_beginning = piece.ends_with('*');
        let mut found: Vec<String> = words(piece).into_iter().map(|word| word.written).collect();
        if let Some(last) = found.last_mut().filter(|_| is_beginning) {
            last.push('*');
        }
        found
    });
    pieces.collect()
}

fn is_keyword(keyword: &str) -> bool {
    let pieces = keyword.split_whitespace();
    let stars_end = pieces.clone().all(|piece| {
        let inside = piece.strip_suffix('*').unwrap_or(piece);
        !inside.contains('*') && (inside == piece || inside.chars().count() >= 2)
    });
    stars_end && !parts(keyword).is_empty()
}

/// By language, the first words; hints where a reply has nothing else.
fn first_words(reply: &RawReply) -> BTreeMap<Language, String> {
    let lists = reply.hints.iter().chain(&reply.words);
    let first =
        lists.filter_map(|(language, words)| Some((language.clone(), words.first()?.clone())));
    first.collect()
}

fn build(raw: Vec<RawReply>) -> Replies {
    let ids: Vec<String> = raw.iter().map(|reply| reply.id.clone()).collect();
    let above: Vec<Option<String>> = raw.iter().map(|reply| reply.under.clone()).collect();
    let place = |id: &String| ids.iter().position(|known| known == id);
    let mut tree = Replies::default();
    let mut vocabulary = Vocabulary::default();
    for (number, reply) in raw.into_iter().enumerate() {
        for (lists, is_hint) in [(&reply.words, false), (&reply.hints, true)] {
            for written in lists.values().flatten() {
                let parts: Vec<usize> = parts(written)
                    .iter()
                    .map(|part| vocabulary.add(part))
                    .collect();
                let keyword = Keyword {
                    written: written.to_lowercase(),
                    parts,
                    reply: number,
                    is_hint,
                };
                let same = |known: &Keyword| known.reply == number && known.parts == keyword.parts;
                if !tree.keywords.iter().any(same) {
                    tree.keywords.push(keyword);
                }
            }
        }
        let first_words = first_words(&reply);
        let mut line = vec![number];
        while let Some(next) = above[line[line.len() - 1]].as_ref().and_then(place) {
            line.push(next);
        }
        let below = (0..ids.len()).filter(|other| above[*other].as_ref() == Some(&ids[number]));
        let below = below.map(|other| ids[other].clone());
        tree.replies.push(Reply {
            under: line.get(1).copied(),
            topic: ids[line[line.len() - 1]].clone(),
            depth: line.len() - 1,
            priority: reply.priority,
            weight: reply.weight.unwrap_or(100),
            only: reply.only,
            otherwise: reply.otherwise.as_ref().and_then(place),
            variants: reply.variants,
            text: reply.text.unwrap_or_else(|| format!("answer-{}", reply.id)),
            buttons: reply.buttons.unwrap_or_else(|| below.collect()),
            media: reply.media,
            first_words,
            id: reply.id,
        });
    }
    for (number, keyword) in tree.keywords.iter().enumerate() {
        let first = keyword.parts[0];
        if tree.by_part.len() <= first {
            tree.by_part.resize(first + 1, Vec::new());
        }
        tree.by_part[first].push(number);
    }
    tree.vocabulary = vocabulary;
    tree
}
