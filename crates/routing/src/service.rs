//! By when somebody has to be served.

use vikno_domain::ConversationStatus;
use vikno_organisation::ServiceTimes;

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub status: ConversationStatus,
    /// Since when it waits or waited last, Unix milliseconds.
    pub queued_at_ms: Option<i64>,
    /// The citizen's first words that no operator has answered, Unix milliseconds.
    pub asked_at_ms: Option<i64>,
    /// Since when an operator has it, Unix milliseconds.
    pub taken_at_ms: Option<i64>,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueKind {
    /// An operator has to be there.
    FirstAnswer,
    /// The operator has to answer.
    NextAnswer,
    /// The dialogue has to end.
    Resolution,
}

impl DueKind {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstAnswer => "first_answer",
            Self::NextAnswer => "next_answer",
            Self::Resolution => "resolution",
        }
    }
}

/// What is due next, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub kind: DueKind,
    /// From when on consoles warn, Unix milliseconds: three fifths of the time have passed.
    pub warn_at_ms: i64,
    /// Unix milliseconds.
    pub at_ms: i64,
}

/// What is due next in a conversation; nothing where no operator is needed.
pub fn due(times: ServiceTimes, standing: Standing) -> Option<Due> {
    let from = |kind, since_ms: Option<i64>, seconds: i64| {
        since_ms.map(|since_ms| Due {
            kind,
            warn_at_ms: since_ms + seconds * 600,
            at_ms: since_ms + seconds * 1_000,
        })
    };
    let resolution = from(
        DueKind::Resolution,
        standing.queued_at_ms,
        times.resolution_s,
    );
    let next = match standing.status {
        ConversationStatus::Waiting => from(
            DueKind::FirstAnswer,
            standing.queued_at_ms,
            times.first_answer_s,
        ),
        // What was asked before the operator came counts from their coming.
        ConversationStatus::WithOperator => {
            let asked_at_ms = standing.asked_at_ms.max(standing.taken_at_ms);
            let asked_at_ms = asked_at_ms.filter(|_| standing.asked_at_ms.is_some());
            from(DueKind::NextAnswer, asked_at_ms, times.next_answer_s)
        }
        ConversationStatus::Open | ConversationStatus::Voting | ConversationStatus::Closed => {
            return None;
        }
    };
    let both = next.into_iter().chain(resolution);
    both.min_by_key(|due| due.at_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(standing: Standing) -> Option<(&'static str, i64)> {
        due(ServiceTimes::default(), standing).map(|due| (due.kind.as_str(), due.at_ms))
    }

    const WAITS: Standing = Standing {
        status: ConversationStatus::Waiting,
        queued_at_ms: Some(0),
        asked_at_ms: Some(-5_000),
        taken_at_ms: None,
    };

    #[test]
    fn who_waits_is_to_be_met_and_who_asks_to_be_answered() {
        assert_eq!(told(WAITS), Some(("first_answer", 300_000)));
        let with_operator = Standing {
            status: ConversationStatus::WithOperator,
            taken_at_ms: Some(60_000),
            ..WAITS
        };
        assert_eq!(told(with_operator), Some(("next_answer", 240_000)));
        let answered = Standing {
            asked_at_ms: None,
            ..with_operator
        };
        assert_eq!(told(answered), Some(("resolution", 3_600_000)));
        let asked_again = Standing {
            asked_at_ms: Some(90_000),
            ..with_operator
        };
        assert_eq!(told(asked_again), Some(("next_answer", 270_000)));
    }

    #[test]
    fn with_the_robot_nothing_is_due() {
        for status in [
            ConversationStatus::Open,
            ConversationStatus::Voting,
            ConversationStatus::Closed,
        ] {
            assert_eq!(told(Standing { status, ..WAITS }), None);
        }
    }

    #[test]
    fn a_warning_comes_before() {
        let due = due(ServiceTimes::default(), WAITS).unwrap();
        assert_eq!(due.warn_at_ms, 180_000);
    }
}
