//! What is measured, and how it is called and written.

use serde::Serialize;

/// One figure of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Citizens who wrote.
    Arrived,
    /// Of them, answered by the process alone.
    Automated,
    /// Told to come again, since the centre was closed.
    TurnedAway,
    /// Who needed an operator and were let into the queue.
    Queued,
    /// Of those, taken by an operator.
    Answered,
    /// Who left without an answer: their patience ended, or the working hours did.
    Abandoned,
    /// Who still waited a week after the last day.
    Unresolved,
    /// Automated over arrived.
    AutomatedShare,
    /// Abandoned over queued.
    AbandonedShare,
    /// Answered within the target's time, over queued.
    WithinTarget,
    /// Mean wait of everybody queued: until taken, or until they left.
    WaitMeanS,
    /// Half of everybody queued waits no longer.
    WaitP50S,
    /// Nine of ten wait no longer.
    WaitP90S,
    /// Nineteen of twenty wait no longer.
    WaitP95S,
    /// Mean wait of those answered.
    AnsweredWaitMeanS,
    /// Mean number waiting.
    QueueMean,
    /// Most waiting at once in one queue.
    QueueMax,
    /// Mean number of operators on duty.
    OnDuty,
    /// Chats under way over chats that those on duty can have at once.
    Occupancy,
    /// Share of their time in which those on duty have at least one chat.
    Busy,
    /// Hours worked after a shift's end to bring chats to their end.
    OvertimeH,
}

impl Measure {
    /// All, in the order of `Figures`.
    pub const ALL: [Self; 21] = [
        Self::Arrived,
        Self::Automated,
        Self::TurnedAway,
        Self::Queued,
        Self::Answered,
        Self::Abandoned,
        Self::Unresolved,
        Self::AutomatedShare,
        Self::AbandonedShare,
        Self::WithinTarget,
        Self::WaitMeanS,
        Self::WaitP50S,
        Self::WaitP90S,
        Self::WaitP95S,
        Self::AnsweredWaitMeanS,
        Self::QueueMean,
        Self::QueueMax,
        Self::OnDuty,
        Self::Occupancy,
        Self::Busy,
        Self::OvertimeH,
    ];

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Arrived => "citizens",
            Self::Automated => "answered by the process",
            Self::TurnedAway => "told to come again",
            Self::Queued => "to an operator",
            Self::Answered => "answered by operators",
            Self::Abandoned => "left without an answer",
            Self::Unresolved => "still waiting a week later",
            Self::AutomatedShare => "share answered by the process",
            Self::AbandonedShare => "share left without an answer",
            Self::WithinTarget => "share answered in time",
            Self::WaitMeanS => "mean wait",
            Self::WaitP50S => "half wait at most",
            Self::WaitP90S => "nine of ten wait at most",
            Self::WaitP95S => "nineteen of twenty wait at most",
            Self::AnsweredWaitMeanS => "mean wait of those answered",
            Self::QueueMean => "waiting at a time",
            Self::QueueMax => "most waiting in one queue",
            Self::OnDuty => "operators on duty",
            Self::Occupancy => "occupancy",
            Self::Busy => "time with a chat",
            Self::OvertimeH => "hours after the shift's end",
        }
    }

    /// How its values are written.
    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::AutomatedShare | Self::AbandonedShare | Self::WithinTarget => Unit::Share,
            Self::Occupancy | Self::Busy => Unit::Share,
            Self::WaitMeanS | Self::WaitP50S | Self::WaitP90S | Self::WaitP95S => Unit::Seconds,
            Self::AnsweredWaitMeanS => Unit::Seconds,
            _ => Unit::Number,
        }
    }
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Number,
    Share,
    Seconds,
}

impl Unit {
    pub(crate) fn write(self, value: f64) -> String {
        match self {
            Self::Share => format!("{} %", tenths(value * 100.0)),
            Self::Seconds => seconds(value),
            Self::Number if value.abs() < 100.0 => tenths(value),
            Self::Number => format!("{value:.0}"),
        }
    }

    /// A difference: with its sign, and shares in points.
    pub(crate) fn write_difference(self, value: f64) -> String {
        let text = match self {
            Self::Share => format!("{} points", tenths(value * 100.0)),
            _ => self.write(value),
        };
        let is_nothing = text.starts_with("0.0");
        match value > 0.0 && !is_nothing {
            true => format!("+{text}"),
            false => text,
        }
    }
}

/// With one decimal, and without a nought below nought.
fn tenths(value: f64) -> String {
    let text = format!("{value:.1}");
    if text == "-0.0" {
        "0.0".to_owned()
    } else {
        text
    }
}

/// As a person reads it: `42 s`, `3:20 min`, `2:05 h`.
fn seconds(value: f64) -> String {
    let sign = if value <= -0.05 { "-" } else { "" };
    let value = value.abs();
    let whole = value.round() as u64;
    match whole {
        0..=9 => format!("{sign}{value:.1} s"),
        10..=119 => format!("{sign}{whole} s"),
        120..=7199 => format!("{sign}{}:{:02} min", whole / 60, whole % 60),
        _ => format!("{sign}{}:{:02} h", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::{Measure, Unit};

    #[test]
    fn the_list_is_in_the_order_of_the_measures() {
        for (index, measure) in Measure::ALL.into_iter().enumerate() {
            assert_eq!(measure as usize, index);
        }
    }

    #[test]
    fn times_are_written_for_people() {
        for (value, expected) in [
            (0.0, "0.0 s"),
            (9.44, "9.4 s"),
            (42.4, "42 s"),
            (200.0, "3:20 min"),
            (7500.0, "2:05 h"),
            (-200.0, "-3:20 min"),
        ] {
            assert_eq!(Unit::Seconds.write(value), expected);
        }
    }

    #[test]
    fn differences_have_a_sign() {
        for (unit, value, expected) in [
            (Unit::Share, 0.0634, "+6.3 points"),
            (Unit::Share, -0.0634, "-6.3 points"),
            (Unit::Number, -0.01, "0.0"),
            (Unit::Number, 250.4, "+250"),
            (Unit::Seconds, -0.01, "0.0 s"),
            (Unit::Seconds, 13.0, "+13 s"),
        ] {
            assert_eq!(unit.write_difference(value), expected);
        }
    }
}
