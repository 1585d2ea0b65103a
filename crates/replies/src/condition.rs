//! When a reply may be given: kind of person, time, earlier interactions, language, channel. Everything that
//! is written has to hold; in a list one is enough.

use crate::Situation;
use serde::{Deserialize, Serialize};
use vikno_domain::{Channel, Language};

/// What kind of person it is. Somebody may be of several kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Person {
    /// Signed in at a portal, or with a proven phone number.
    Identified,
    /// Whose phone number is known.
    KnownPhone,
    /// Who has been here before.
    Returning,
    /// Whose first dialogue it is.
    New,
}

/// How the organisation's working hours stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoursAre {
    /// Operators work now.
    Working,
    /// They do not.
    Closed,
    /// Today is a holiday.
    Holiday,
}

/// What has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// One of these kinds of person.
    pub person: Vec<Person>,
    /// One of these states of the working hours.
    pub hours: Vec<HoursAre>,
    /// A span of local time, `22:00-06:00`; it may go over midnight.
    pub time: Option<String>,
    /// One of these days, `monday` to `sunday`.
    pub days: Vec<String>,
    /// One of these channels.
    pub channel: Vec<Channel>,
    /// One of these languages.
    pub language: Vec<Language>,
    /// Whether this reply (or one below it) has been given in this dialogue.
    pub asked_before: Option<bool>,
    /// Whether the last reply did not help.
    pub did_not_help: Option<bool>,
    /// At least so many dialogues before this one.
    pub dialogues_min: Option<u32>,
    /// At most so many.
    pub dialogues_max: Option<u32>,
}

/// Days by name, Monday first.
pub(crate) const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

impl Conditions {
    /// Each condition that is written: its name, and whether it holds. `asked` is whether the reply has been given.
    pub fn verdicts(&self, situation: &Situation, asked: bool) -> Vec<(&'static str, bool)> {
        let moment = &situation.moment;
        let mut found = Vec::new();
        let mut look = |name, written: bool, holds: bool| {
            if written {
                found.push((name, holds));
            }
        };
        let is = |person: &Person| is_person(*person, situation);
        look(
            "person",
            !self.person.is_empty(),
            self.person.iter().any(is),
        );
        let hours = self.hours.iter().any(|hours| match hours {
            HoursAre::Working => moment.working,
            HoursAre::Closed => !moment.working,
            HoursAre::Holiday => moment.holiday,
        });
        look("hours", !self.hours.is_empty(), hours);
        let in_time = self.time.as_deref().and_then(span);
        let in_time = in_time.is_some_and(|span| within(span, moment.minute));
        look("time", self.time.is_some(), in_time);
        let today = DAYS.get(usize::from(moment.weekday)).copied();
        let on_day = self.days.iter().any(|day| Some(day.as_str()) == today);
        look("days", !self.days.is_empty(), on_day);
        let on_channel = self.channel.contains(&situation.channel);
        look("channel", !self.channel.is_empty(), on_channel);
        let speaks = self.language.contains(&situation.language);
        look("language", !self.language.is_empty(), speaks);
        let before = self.asked_before == Some(asked);
        look("asked_before", self.asked_before.is_some(), before);
        let unhelpful = self.did_not_help == Some(situation.unhelpful > 0);
        look("did_not_help", self.did_not_help.is_some(), unhelpful);
        let enough = self
            .dialogues_min
            .is_some_and(|min| situation.dialogues >= min);
        look("dialogues_min", self.dialogues_min.is_some(), enough);
        let few = self
            .dialogues_max
            .is_some_and(|max| situation.dialogues <= max);
        look("dialogues_max", self.dialogues_max.is_some(), few);
        found
    }

    /// Whether all of them hold.
    pub fn hold(&self, situation: &Situation, asked: bool) -> bool {
        self.verdicts(situation, asked)
            .iter()
            .all(|(_, holds)| *holds)
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn is_person(person: Person, situation: &Situation) -> bool {
    match person {
        Person::Identified => situation.identified,
        Person::KnownPhone => situation.phone_known,
        Person::Returning => situation.dialogues > 0,
        Person::New => situation.dialogues == 0,
    }
}

/// First minute and the minute after the last.
pub(crate) fn span(text: &str) -> Option<(u16, u16)> {
    let (start, end) = text.split_once('-')?;
    let span = (minute(start)?, minute(end)?);
    (span.0 != span.1).then_some(span)
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| -> Option<u16> {
        let plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| part.parse().ok())?
    };
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= 24 * 60).then_some(total)
}

fn within((start, end): (u16, u16), minute: u16) -> bool {
    if start < end {
        (start..end).contains(&minute)
    } else {
        minute >= start || minute < end
    }
}
