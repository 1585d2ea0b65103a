//! The distribution: most urgent and longest waiting first, each to the operator with the least load who may
//! serve them: of the queue, with the skills that it asks for, in the citizen's language.

use std::cmp::Reverse;
use vikno_domain::{Candidate, OperatorRef, Waiting};
use vikno_organisation::{Organisation, Queue};

/// A conversation and whom it is given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// `c_…`.
    pub conversation: String,
    /// To whom.
    pub to: OperatorRef,
}

/// Gives those who wait in distributed queues to operators, as long as somebody is free.
pub fn distribute(
    organisation: &Organisation,
    mut waiting: Vec<Waiting>,
    mut candidates: Vec<Candidate>,
    now_ms: i64,
) -> Vec<Given> {
    waiting.sort_by_key(|one| (Reverse(one.priority), one.since_ms, one.id.clone()));
    let mut given = Vec::new();
    for one in &waiting {
        let Some(queue) = organisation
            .queue(&one.queue)
            .filter(|queue| queue.is_distributed)
        else {
            continue;
        };
        let queues = served_by(queue, one, now_ms);
        let serves = |candidate: &Candidate| {
            candidate.load < candidate.capacity
                && (candidate.queues.is_empty()
                    || candidate
                        .queues
                        .iter()
                        .any(|own| queues.contains(&own.as_str())))
                && queue
                    .skills
                    .iter()
                    .all(|skill| candidate.skills.contains(skill))
                && (candidate.languages.is_empty() || candidate.languages.contains(&one.language))
        };
        let next = candidates
            .iter_mut()
            .filter(|candidate| serves(candidate))
            .min_by_key(|candidate| {
                (
                    candidate.load,
                    candidate.idle_since_ms,
                    candidate.operator.id.clone(),
                )
            });
        if let Some(candidate) = next {
            candidate.load += 1;
            candidate.idle_since_ms = now_ms;
            given.push(Given {
                conversation: one.id.clone(),
                to: candidate.operator.clone(),
            });
        }
    }
    given
}

/// The queues whose operators may serve somebody.
fn served_by<'a>(queue: &'a Queue, waiting: &Waiting, now_ms: i64) -> Vec<&'a str> {
    let overflow = queue.overflow.as_ref();
    let overflow = overflow.filter(|other| now_ms - waiting.since_ms >= other.after_s * 1_000);
    let other = overflow.map(|other| other.queue.as_str());
    std::iter::once(queue.id.as_str()).chain(other).collect()
}
