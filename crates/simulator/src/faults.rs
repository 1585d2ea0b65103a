//! Every scenario once more under every single failure of every call of a step that it makes, and what a citizen
//! loses by it in silence.

use crate::play::{Mode, Player, Run};
use crate::scenario::{Act, Operation, Step};
use crate::suite::{FaultReport, Suite};
use crate::{Centre, Failure, Turned};
use serde::Serialize;
use std::collections::BTreeMap;
use vikno_domain::ConversationStatus;
use vikno_process::Name;

/// Timers after which a silence counts as lasting: reminder, end, and some looks at a queue.
const TIMERS_AFTER_MAX: usize = 6;

/// Of one call of a node, made again and again in one step of a scenario, so many are made to fail.
const SAME_CALLS_MAX: usize = 4;

/// What is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossKind {
    /// A citizen's message: nothing is ever said, no operator's queue has it.
    Citizen,
    /// A citizen's message: nothing but a reminder of a timer is said, no operator's queue has it.
    CitizenUntilTimer,
    /// An operator's answer: the citizen never gets it, though the operator's act was taken.
    OperatorAnswer,
}

/// Something that is lost in silence when a step fails.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Loss {
    /// What.
    pub kind: LossKind,
    /// The process whose call failed.
    pub process: String,
    /// Its node.
    pub node: String,
    /// The step that failed.
    pub step: String,
    /// How.
    pub failure: Failure,
    /// The scenario.
    pub file: String,
    /// The line of the citizen's or operator's act.
    pub line: usize,
    /// Channel, language, topic.
    pub run: String,
}

impl Suite {
    /// Plays each scenario under every single failure, on the first of its channels and in the organisation's own
    /// language: steps do not know the channel. Failures that the scenario makes by itself are left out.
    pub fn faults(&self, centre: &Centre) -> FaultReport {
        let mut report = FaultReport::default();
        let runs = self.runs(centre).into_iter();
        let first_topic = centre.organisation.topics.first().map(|topic| &topic.id);
        let wanted = runs.filter(|run| {
            run.language == centre.organisation.default_language
                && run.scenario.channels.first() == Some(&run.channel)
                && run.topic.is_none_or(|topic| Some(&topic.id) == first_topic)
        });
        for run in wanted {
            for number in calls_to_fail(&run, centre) {
                report.calls += 1;
                for failure in Failure::ALL {
                    report.dialogues += 1;
                    report.losses.extend(loss(&run, centre, number, failure));
                }
            }
        }
        report.losses.sort();
        report.losses.dedup();
        report
    }
}

fn lenient(fail_call: Option<(usize, Failure)>) -> Mode {
    Mode {
        lenient: true,
        fail_call,
        healthy: true,
    }
}

/// The numbers of the calls that a run makes. Of the same call by a timer again and again in one wait (a night in the
/// queue looks at the place four hundred times) the first ones stand for all.
fn calls_to_fail(run: &Run<'_>, centre: &Centre) -> Vec<usize> {
    let mut player = Player::new(run, centre, lenient(None));
    let (mut numbers, mut number) = (Vec::new(), 0);
    for step in &run.scenario.steps {
        let mut seen: BTreeMap<(Name, Name), usize> = BTreeMap::new();
        let turned = player.step(step).unwrap_or_default();
        for call in turned.into_iter().flat_map(|turned| turned.calls) {
            let times = seen.entry((call.process, call.node)).or_default();
            *times += 1;
            if *times <= SAME_CALLS_MAX {
                numbers.push(number);
            }
            number += 1;
        }
    }
    numbers
}

/// Plays until the call has failed, and looks at what became of the act in which it did.
fn loss(run: &Run<'_>, centre: &Centre, number: usize, failure: Failure) -> Option<Loss> {
    let mut player = Player::new(run, centre, lenient(Some((number, failure))));
    for step in &run.scenario.steps {
        let before = player.chat.outside.calls;
        let turned = player.step(step);
        if player.chat.outside.calls <= number {
            continue;
        }
        let turned = turned?;
        let kind = lost(&mut player, step, &turned)?;
        let mut calls = turned.iter().flat_map(|turned| &turned.calls);
        let failed = calls.nth(number - before)?;
        return Some(Loss {
            kind,
            process: failed.process.to_string(),
            node: failed.node.to_string(),
            step: failed.step.clone(),
            failure,
            file: run.scenario.file.clone(),
            line: step.line,
            run: run.name(),
        });
    }
    None
}

fn lost(player: &mut Player<'_>, step: &Step, turned: &[Turned]) -> Option<LossKind> {
    let silent = turned.iter().all(Turned::is_silent);
    let applied = turned
        .iter()
        .all(|turned| turned.outcome == vikno_conversation::Outcome::Applied);
    if let Act::Operator(_, Operation::Answers(_)) = &step.act {
        let sent = turned.iter().any(has_operators_words);
        return (applied && !sent).then_some(LossKind::OperatorAnswer);
    }
    let rated = turned
        .iter()
        .any(|turned| !turned.decision.ratings.is_empty());
    if !step.act.wants_an_answer() || !silent || rated || is_with_people(player) {
        return None;
    }
    for _ in 0..TIMERS_AFTER_MAX {
        let Some(turned) = player.chat.wait_for_timer() else {
            break;
        };
        if is_with_people(player) {
            return None;
        }
        if !turned.is_silent() {
            return Some(LossKind::CitizenUntilTimer);
        }
    }
    Some(LossKind::Citizen)
}

fn has_operators_words(turned: &Turned) -> bool {
    let mut messages = turned.decision.messages.iter();
    messages.any(|message| message.author == "operator")
}

/// In a queue, with an operator, or moved to another organisation.
fn is_with_people(player: &Player<'_>) -> bool {
    matches!(
        player.chat.status(),
        ConversationStatus::Waiting | ConversationStatus::WithOperator
    )
}
