//! From the text of a scenario file to [`Scenario`]: every mistake with its line and what to do.

use super::raw::{Flag, Number, RawScenario, RawStep};
use super::{Act, Expected, Operation, Scenario, Step};
use crate::moment::Moment;
use crate::{Failing, Failure};
use std::collections::BTreeMap;
use std::fmt;
use vikno_domain::Channel;
use vikno_steps::queue::QueueLoad;

/// The channels of a scenario that names none.
const CHANNELS: [Channel; 3] = [Channel::Telegram, Channel::Viber, Channel::Web];
/// A scenario is a dialogue, not a novel.
const STEPS_MAX: usize = 200;

/// One mistake in a scenario file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ScenarioProblem {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for ScenarioProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

pub(super) fn scenario(file: &str, text: &str) -> Result<Scenario, Vec<ScenarioProblem>> {
    let mut problems = Vec::new();
    let mut problem = |line: usize, message: String| {
        problems.push(ScenarioProblem {
            file: file.to_owned(),
            line,
            message,
        });
    };
    let raw: RawScenario = match toml::from_str(text) {
        Ok(raw) => raw,
        Err(error) => {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            problem(line, error.message().trim().replace('\n', " "));
            return Err(problems);
        }
    };
    if raw.step.is_empty() || raw.step.len() > STEPS_MAX {
        problem(
            1,
            format!(
                "has {} steps; give 1 to {STEPS_MAX} [[step]]",
                raw.step.len()
            ),
        );
    }
    if raw.channels.contains(&Channel::Organisation) {
        problem(1, "channels: write telegram, viber or web".to_owned());
    }
    let starts = raw.starts.as_deref().map(Moment::parse);
    let starts = match starts.transpose() {
        Ok(starts) => starts,
        Err(error) => {
            problem(1, format!("starts: {error}"));
            None
        }
    };
    if raw.for_each.as_deref().is_some_and(|each| each != "topic") {
        problem(1, "for_each: only \"topic\" is known".to_owned());
    }
    let mut steps = Vec::new();
    for spanned in raw.step {
        let line = line_of(text, spanned.span().start);
        match step(line, spanned.into_inner()) {
            Ok(step) => steps.push(step),
            Err(messages) => messages
                .into_iter()
                .for_each(|message| problem(line, message)),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Scenario {
        file: file.to_owned(),
        title: raw.title,
        channels: if raw.channels.is_empty() {
            CHANNELS.to_vec()
        } else {
            raw.channels
        },
        languages: raw.languages,
        starts,
        for_each_topic: raw.for_each.is_some(),
        only: raw.only,
        except: raw.except,
        steps,
    })
}

fn line_of(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().iter().take(byte);
    before.filter(|byte| **byte == b'\n').count() + 1
}

fn step(line: usize, mut raw: RawStep) -> Result<Step, Vec<String>> {
    let mut problems = Vec::new();
    let act = act(&mut raw, &mut problems);
    let failing = failing(&raw.failing, &mut problems);
    let load = raw.load.take().map(|load| QueueLoad {
        ahead: load.ahead,
        operators: load.operators,
        mean_handling_s: load.mean_handling_s,
    });
    if let Some(name) = left_over(&raw) {
        problems.push(format!(
            "{name} does not belong to what happens in this step"
        ));
    }
    let given = std::mem::take(&mut raw.given);
    match act {
        Some(act) if problems.is_empty() => Ok(Step {
            line,
            act,
            failing,
            given,
            load,
            expected: expected(raw),
        }),
        _ => Err(problems),
    }
}

/// Exactly one thing happens in a step.
fn act(raw: &mut RawStep, problems: &mut Vec<String>) -> Option<Act> {
    let mut acts = citizen_acts(raw);
    if let Some(name) = raw.operator.take() {
        match operation(raw) {
            Ok(operation) => acts.push(Act::Operator(name, operation)),
            Err(message) => problems.push(message),
        }
    }
    match raw.wait.take().as_deref().map(Moment::parse) {
        Some(Ok(moment)) => acts.push(Act::Waits(moment)),
        Some(Err(error)) => problems.push(format!("wait: {error}")),
        None => {}
    }
    if let Some(process) = raw.task.take() {
        acts.push(Act::Task(process, raw.data.take().unwrap_or_default()));
    }
    match (acts.len(), problems.is_empty()) {
        (1, _) => acts.pop(),
        (0, true) => {
            problems.push(
                "nothing happens; give one of opens, says, edits, presses, presses_id, votes, sends, shares_phone, shares_place, blocks, unblocks, receipt, operator, wait, task"
                    .to_owned(),
            );
            None
        }
        (0, false) => None,
        (count, _) => {
            problems.push(format!(
                "{count} things happen at once; give each a [[step]] of its own"
            ));
            None
        }
    }
}

fn citizen_acts(raw: &mut RawStep) -> Vec<Act> {
    let mut acts = Vec::new();
    match raw.opens.take() {
        Some(Flag::Words(context)) => acts.push(Act::Opens(Some(context))),
        Some(Flag::Plain(true)) => acts.push(Act::Opens(None)),
        Some(Flag::Plain(false)) | None => {}
    }
    acts.extend(raw.says.take().map(Act::Says));
    acts.extend(raw.edits.take().map(Act::Edits));
    acts.extend(raw.presses.take().map(Act::Presses));
    acts.extend(raw.presses_id.take().map(Act::PressesId));
    if let Some(score) = raw.votes.take() {
        acts.push(Act::Votes(score, raw.comment.take()));
    }
    if let Some(kind) = raw.sends.take() {
        acts.push(Act::Sends {
            kind,
            caption: raw.caption.take(),
            label: raw.label.take(),
        });
    }
    if let Some(phone) = raw.shares_phone.take() {
        let own = raw.own.take().unwrap_or(true);
        acts.push(Act::SharesPhone { phone, own });
    }
    if let Some((latitude, longitude)) = raw.shares_place.take() {
        acts.push(Act::SharesPlace(latitude, longitude));
    }
    acts.extend((raw.blocks.take() == Some(true)).then_some(Act::Blocks));
    acts.extend((raw.unblocks.take() == Some(true)).then_some(Act::Unblocks));
    acts.extend(raw.receipt.take().map(Act::Receipt));
    acts
}

fn operation(raw: &mut RawStep) -> Result<Operation, String> {
    let mut found = Vec::new();
    found.extend((raw.takes.take() == Some(true)).then_some(Operation::Takes));
    found.extend(raw.answers.take().map(Operation::Answers));
    found.extend(raw.notes.take().map(Operation::Notes));
    match raw.closes.take() {
        Some(Flag::Words(reason)) => found.push(Operation::Closes(Some(reason))),
        Some(Flag::Plain(true)) => found.push(Operation::Closes(None)),
        Some(Flag::Plain(false)) | None => {}
    }
    found.extend((raw.reopens.take() == Some(true)).then_some(Operation::Reopens));
    found.extend((raw.away.take() == Some(true)).then_some(Operation::Away));
    found.extend(raw.moves_to_queue.take().map(Operation::MovesToQueue));
    found.extend(raw.moves_to.take().map(Operation::MovesTo));
    match (found.pop(), found.is_empty()) {
        (Some(operation), true) => Ok(operation),
        _ => Err(
            "an operator does one thing in a step: takes = true, answers, notes, closes = true, reopens = true, away = true, moves_to_queue or moves_to"
                .to_owned(),
        ),
    }
}

/// A field that says more about something that does not happen here.
fn left_over(raw: &RawStep) -> Option<&'static str> {
    let fields = [
        ("comment", raw.comment.is_some()),
        ("caption", raw.caption.is_some()),
        ("label", raw.label.is_some()),
        ("own", raw.own.is_some()),
        ("data", raw.data.is_some()),
        ("takes", raw.takes.is_some()),
        ("answers", raw.answers.is_some()),
        ("notes", raw.notes.is_some()),
        ("closes", raw.closes.is_some()),
        ("reopens", raw.reopens.is_some()),
        ("away", raw.away.is_some()),
        ("moves_to_queue", raw.moves_to_queue.is_some()),
        ("moves_to", raw.moves_to.is_some()),
    ];
    fields
        .into_iter()
        .find(|(_, given)| *given)
        .map(|(name, _)| name)
}

fn failing(
    written: &BTreeMap<String, String>,
    problems: &mut Vec<String>,
) -> BTreeMap<String, Failing> {
    let mut failing = BTreeMap::new();
    for (step, how) in written {
        let (how, once) = match how.strip_suffix(" once") {
            Some(how) => (how, true),
            None => (how.as_str(), false),
        };
        match Failure::parse(how.trim()) {
            Some(how) => {
                failing.insert(step.clone(), Failing { how, once });
            }
            None => problems.push(format!(
                "failing.{step}: write retryable, terminal, timeout or unreachable, and behind it perhaps once"
            )),
        }
    }
    failing
}

fn expected(raw: RawStep) -> Expected {
    Expected {
        answer: raw.answer,
        exactly: raw.exactly,
        text: raw.text,
        no_text: raw.no_text,
        silent: raw.silent,
        buttons: raw.buttons.list().to_vec(),
        no_buttons: raw.no_buttons,
        status: raw.status,
        in_queue: raw.in_queue,
        topic: raw.topic,
        priority: raw.priority.map(|priority| match priority {
            Number::Plain(number) => number.to_string(),
            Number::Words(words) => words,
        }),
        language: raw.language,
        journal: raw.journal.list().to_vec(),
        note: raw.note,
        refused: raw.refused,
        rating: raw.rating,
        phone: raw.phone,
        phone_verified: raw.phone_verified,
        passes: raw.passes.list().to_vec(),
        ends: raw.ends,
        result: raw.result,
    }
}
