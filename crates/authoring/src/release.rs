//! Whether drafts become what citizens meet: at once, after a second person's look, or not at all.

use crate::{Finding, Processes, has_errors};
use serde::Serialize;

/// What becomes of drafts that somebody wants to publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// They go live now.
    Publish,
    /// They wait for another author.
    Propose,
}

/// Why they stay drafts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// They would change nothing.
    #[error("the drafts are the same as what is published")]
    NothingChanged,
    /// What they were begun from has been published anew since.
    #[error("somebody published a changed process since its draft was begun")]
    Outdated(Vec<Outdated>),
    /// They would not run.
    #[error("the drafts have errors")]
    Errors,
}

/// A draft that knows nothing of what was published meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outdated {
    /// Alias of the process.
    pub process: String,
    /// The version it was begun from.
    pub base_version: i64,
}

/// Which drafts were begun from a process that has been published otherwise since: `base` is the version a draft was begun from.
pub fn outdated<'a>(
    drafts: impl IntoIterator<Item = (&'a str, i64, &'a Processes)>,
    newest: &Processes,
) -> Vec<Outdated> {
    drafts
        .into_iter()
        .filter(|(alias, _, base)| base.get(*alias) != newest.get(*alias))
        .map(|(alias, base_version, _)| Outdated {
            process: alias.to_owned(),
            base_version,
        })
        .collect()
}

/// Decides. `review`: the organisation wants a second person.
pub fn course(
    review: bool,
    changed: bool,
    outdated: Vec<Outdated>,
    findings: &[Finding],
) -> Result<Course, Refusal> {
    if !changed {
        return Err(Refusal::NothingChanged);
    }
    if !outdated.is_empty() {
        return Err(Refusal::Outdated(outdated));
    }
    if has_errors(findings) {
        return Err(Refusal::Errors);
    }
    Ok(if review {
        Course::Propose
    } else {
        Course::Publish
    })
}

/// What somebody does with a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// It goes live.
    Approve,
    /// It does not.
    Decline,
    /// Its author takes it back.
    Withdraw,
}

impl Settlement {
    /// By the word in a path.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "approve" => Some(Self::Approve),
            "decline" => Some(Self::Decline),
            "withdraw" => Some(Self::Withdraw),
            _ => None,
        }
    }

    /// What the proposal is afterwards.
    pub fn state(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Decline => "declined",
            Self::Withdraw => "withdrawn",
        }
    }
}

/// Whether this person may: another one approves or declines, the author alone withdraws.
pub fn may_settle(settlement: Settlement, proposed_by: &str, person: &str) -> bool {
    let is_author = proposed_by == person;
    match settlement {
        Settlement::Approve | Settlement::Decline => !is_author,
        Settlement::Withdraw => is_author,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Gravity;
    use serde_json::json;

    fn finding(severity: Gravity) -> Finding {
        Finding {
            process: "queue".to_owned(),
            node: None,
            severity,
            message: "…".to_owned(),
        }
    }

    fn old() -> Outdated {
        Outdated {
            process: "queue".to_owned(),
            base_version: 1,
        }
    }

    #[test]
    fn each_state_of_drafts_has_its_course() {
        let warning = finding(Gravity::Warning);
        let error = finding(Gravity::Error);
        for (review, changed, outdated, findings, expected) in [
            (false, true, vec![], vec![], Ok(Course::Publish)),
            (true, true, vec![], vec![], Ok(Course::Propose)),
            (
                false,
                true,
                vec![],
                vec![warning.clone()],
                Ok(Course::Publish),
            ),
            (
                false,
                true,
                vec![],
                vec![warning, error.clone()],
                Err(Refusal::Errors),
            ),
            (
                true,
                true,
                vec![],
                vec![error.clone()],
                Err(Refusal::Errors),
            ),
            (false, false, vec![], vec![], Err(Refusal::NothingChanged)),
            (
                true,
                true,
                vec![old()],
                vec![error],
                Err(Refusal::Outdated(vec![old()])),
            ),
        ] {
            assert_eq!(course(review, changed, outdated, &findings), expected);
        }
    }

    #[test]
    fn a_draft_is_outdated_when_its_process_was_published_otherwise_since() {
        let base = Processes::from([("a".into(), json!(1)), ("b".into(), json!(1))]);
        let newest = Processes::from([("a".into(), json!(2)), ("b".into(), json!(1))]);
        let drafts = [("a", 3, &base), ("b", 3, &base), ("new", 3, &base)];
        let expected = Outdated {
            process: "a".to_owned(),
            base_version: 3,
        };
        assert_eq!(outdated(drafts, &newest), [expected]);
    }

    #[test]
    fn nobody_approves_their_own_proposal() {
        use Settlement as S;
        for (settlement, person, may) in [
            (S::Approve, "u_2", true),
            (S::Approve, "u_1", false),
            (S::Decline, "u_2", true),
            (S::Decline, "u_1", false),
            (S::Withdraw, "u_1", true),
            (S::Withdraw, "u_2", false),
        ] {
            assert_eq!(
                may_settle(settlement, "u_1", person),
                may,
                "{settlement:?} {person}"
            );
        }
        for settlement in [S::Approve, S::Decline, S::Withdraw] {
            assert!(settlement.state().starts_with(match settlement {
                S::Approve => "approve",
                S::Decline => "decline",
                S::Withdraw => "withdraw",
            }));
        }
        assert_eq!(Settlement::parse("delete"), None);
    }
}
