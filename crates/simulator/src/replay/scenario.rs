//! A recorded dialogue written as a scenario file: what people did, with themselves taken out, and what was said.

use super::Recorded;
use super::acts::{Acts, Deed, PHONE, RecordedAct, Told};
use crate::Centre;
use crate::mask::mask;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::fmt::Write;
use vikno_domain::OperatorAction;

/// What is said later than this after an act is said by a timer.
const AT_ONCE_MS: i64 = 5_000;

/// Writes it.
pub(super) fn write(centre: &Centre, recorded: &Recorded, acts: &Acts) -> String {
    let mut names: Vec<&str> = recorded.citizen_name.as_deref().into_iter().collect();
    let mut operators: Vec<&str> = Vec::new();
    for act in &acts.list {
        if let Deed::Operator(name, _) = &act.deed
            && !operators.contains(&name.as_str())
        {
            operators.push(name);
        }
    }
    names.extend(&operators);
    let writer = Writer { names, operators };
    let mut out = format!(
        "title = {}\nchannels = [\"{}\"]\nlanguages = [\"{}\"]\n",
        quoted(&format!("As recorded: {}", recorded.conversation)),
        acts.channel,
        acts.language,
    );
    if let Some(first) = acts.list.first() {
        let _ = writeln!(out, "starts = {}", quoted(&local(centre, first.at_ms)));
    }
    for (number, act) in acts.list.iter().enumerate() {
        let next_ms = acts.list.get(number + 1).map(|next| next.at_ms);
        writer.act(&mut out, act, next_ms.unwrap_or(acts.last_ms));
    }
    out
}

/// `2026-11-30 12:00` where the organisation works.
fn local(centre: &Centre, at_ms: i64) -> String {
    let zone = TimeZone::get(&centre.organisation.hours.time_zone).unwrap_or(TimeZone::UTC);
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

struct Writer<'a> {
    names: Vec<&'a str>,
    operators: Vec<&'a str>,
}

impl Writer<'_> {
    fn act(&self, out: &mut String, act: &RecordedAct, next_ms: i64) {
        out.push_str("\n[[step]]\n");
        out.push_str(&self.deed(&act.deed));
        let (at_once, later): (Vec<&Told>, Vec<&Told>) = act
            .told
            .iter()
            .partition(|told| told.at_ms - act.at_ms <= AT_ONCE_MS);
        self.told(out, &at_once);
        let pause_s = (next_ms - act.at_ms) / 1_000;
        if pause_s > 0 && (!later.is_empty() || pause_s >= AT_ONCE_MS / 1_000) {
            let _ = write!(out, "\n[[step]]\nwait = \"{pause_s} seconds\"\n");
            self.told(out, &later);
        }
    }

    fn told(&self, out: &mut String, told: &[&Told]) {
        if told.is_empty() {
            return;
        }
        let keys: Vec<String> = told
            .iter()
            .flat_map(|told| &told.keys)
            .map(|key| quoted(key))
            .collect();
        if !keys.is_empty() {
            let _ = writeln!(out, "answer = [{}]", keys.join(", "));
        }
        let unknown = told
            .iter()
            .filter(|told| told.keys.is_empty() && !told.text.is_empty());
        let texts: Vec<String> = unknown.map(|told| self.masked(&told.text)).collect();
        if !texts.is_empty() {
            let _ = writeln!(out, "text = [{}]", texts.join(", "));
        }
    }

    fn deed(&self, deed: &Deed) -> String {
        match deed {
            Deed::Opens => "opens = true\n".to_owned(),
            Deed::Says(text) => format!("says = {}\n", self.masked(text)),
            Deed::Presses { id, .. } => format!("presses_id = {}\n", quoted(id)),
            Deed::Sends(kind, caption, label) => {
                let mut lines = format!("sends = \"{}\"\n", format!("{kind:?}").to_lowercase());
                if let Some(caption) = caption {
                    let _ = writeln!(lines, "caption = {}", self.masked(caption));
                }
                if let Some(label) = label {
                    let _ = writeln!(lines, "label = {}", quoted(label));
                }
                lines
            }
            Deed::Shares { own } => format!("shares_phone = {}\nown = {own}\n", quoted(PHONE)),
            // Where somebody is is about them; a place in the middle of the capital is about nobody.
            Deed::Place(..) => "shares_place = [50.45, 30.52]\n".to_owned(),
            Deed::Votes(score) => format!("votes = {score}\n"),
            Deed::Operator(name, action) => {
                format!(
                    "operator = {}\n{}",
                    self.operator(name),
                    self.action(action)
                )
            }
        }
    }

    fn operator(&self, name: &str) -> String {
        let place = self.operators.iter().position(|known| *known == name);
        quoted(&format!("Консультант {}", place.unwrap_or_default() + 1))
    }

    fn action(&self, action: &OperatorAction) -> String {
        match action {
            // To the citizen it is the same: somebody has joined.
            OperatorAction::Take | OperatorAction::Assign { .. } => "takes = true\n".to_owned(),
            OperatorAction::Message { text, .. } => {
                format!(
                    "answers = {}\n",
                    self.masked(text.as_deref().unwrap_or_default())
                )
            }
            OperatorAction::Note { text } => format!("notes = {}\n", self.masked(text)),
            OperatorAction::Close { .. } => "closes = true\n".to_owned(),
            OperatorAction::Reopen { .. } => "reopens = true\n".to_owned(),
            OperatorAction::Return { .. } => "away = true\n".to_owned(),
            OperatorAction::TransferQueue { queue, .. } => {
                format!("moves_to_queue = {}\n", quoted(queue))
            }
            OperatorAction::TransferOrganisation { org, .. } => {
                format!("moves_to = {}\n", quoted(org.as_str()))
            }
        }
    }

    /// Words with people taken out; what looks like a placeholder is written so that it is none.
    fn masked(&self, text: &str) -> String {
        quoted(&mask(text, &self.names).replace('<', "‹").replace('>', "›"))
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
