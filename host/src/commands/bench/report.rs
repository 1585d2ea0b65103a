//! What the figures say: a table for people, JSON for machines, and which marks are met.

use super::desk::{DeskFigures, FEW};
use super::load::{SESSIONS, Shown};
use super::meter::{Counted, Failures, Percentiles};
use super::target::Usage;
use crate::commands::print;
use serde::Serialize;

/// Messages per second through the whole path.
const MESSAGES_PER_SECOND: f64 = 600.0;
/// Acknowledgement, 99 of 100.
const ACKNOWLEDGED_P99_MS: f64 = 100.0;
/// Of the bare server's messages per second.
const PART_OF_YARDSTICK: f64 = 1.0 / 3.0;
/// Growth of the memory from the second third of the full load to the last that counts as none.
const MEMORY_GROWTH: f64 = 1.1;
/// Growth of a poll's processor time from few operators to all that counts as none.
const POLL_GROWTH: f64 = 1.2;

/// Of dialogues without a host, on one core.
const TURNS_PER_SECOND: f64 = 50_000.0;

/// Everything that was measured.
#[derive(Serialize)]
pub struct Report {
    /// Processors, shared by the server, the generator and the stand-ins.
    pub processors: usize,
    /// Length of each window.
    pub seconds: u64,
    /// Open sessions of the web chat.
    pub sessions: usize,
    /// Start with nothing compiled and no databases.
    pub cold_start_s: f64,
    /// Start over the same folder again.
    pub warm_start_s: f64,
    /// The application.
    pub application: Figures,
    /// The bare server.
    pub yardstick: Figures,
    /// Operators at their consoles.
    pub desk: DeskFigures,
    /// Nodes of processes that were passed and committed, each second of the full load.
    pub durable_nodes_per_second: f64,
    /// Turns of dialogues without a host, on one core; absent where nothing was to be built.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turns_per_second: Option<f64>,
    /// What is aimed at.
    pub marks: Vec<Mark>,
}

/// One server's figures.
#[derive(Serialize)]
pub struct Figures {
    /// Under full load.
    pub full: Load,
    /// Under a steady part of it.
    pub steady: Load,
    /// Messages that reached a chat unasked.
    pub unasked: u64,
    /// Under full load; absent where the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Memory>,
    /// Of the server alone; absent where the system does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processor_ms_per_message: Option<f64>,
}

/// What one load has shown.
#[derive(Serialize)]
pub struct Load {
    /// Messages that went the whole path.
    pub messages_per_second: f64,
    /// Polls of the web chat beside them.
    pub polls_per_second: f64,
    /// Webhook or chat API called → answered.
    pub acknowledged: Percentiles,
    /// Webhook called → the channel has got the reply.
    pub delivered: Percentiles,
    /// Chat API called → a poll has brought the reply.
    pub seen: Percentiles,
    /// What was not to happen.
    pub failures: Failures,
}

/// Means of two parts of the full load.
#[derive(Serialize)]
pub struct Memory {
    /// Second third.
    pub before: Usage,
    /// Last third.
    pub after: Usage,
}

/// Something aimed at.
#[derive(Serialize)]
pub struct Mark {
    /// What.
    pub name: String,
    /// As measured.
    pub measured: f64,
    /// Whether it is reached.
    pub is_met: bool,
}

fn percentiles(of: Percentiles) -> String {
    format!("{:.1} / {:.1} / {:.1}", of.p50_ms, of.p95_ms, of.p99_ms)
}

impl Figures {
    /// Of what two loads have shown.
    pub fn of(shown: &Shown) -> Self {
        let processor_s = match (shown.usage.first(), shown.usage.last()) {
            (Some(first), Some(last)) => Some(last.processor_s - first.processor_s),
            _ => None,
        };
        let measured_s = shown.usage.len().saturating_sub(1) as f64;
        let full = Load::of(&shown.full);
        Self {
            processor_ms_per_message: processor_s
                .filter(|_| measured_s > 0.0 && full.messages_per_second > 0.0)
                .map(|spent_s| spent_s * 1000.0 / measured_s / full.messages_per_second),
            full,
            steady: Load::of(&shown.steady),
            unasked: shown.unasked,
            memory: memory(&shown.usage),
        }
    }

    fn load(&self, is_full: bool) -> &Load {
        match is_full {
            true => &self.full,
            false => &self.steady,
        }
    }
}

impl Load {
    fn of(counted: &Counted) -> Self {
        let elapsed_s = counted.elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
        Self {
            messages_per_second: counted.messages_per_second(),
            polls_per_second: counted.polls as f64 / elapsed_s,
            acknowledged: Percentiles::of(&counted.acknowledged),
            delivered: Percentiles::of(&counted.delivered),
            seen: Percentiles::of(&counted.seen),
            failures: counted.failures,
        }
    }
}

fn memory(usage: &[Usage]) -> Option<Memory> {
    let third = usage.len() / 3;
    if third == 0 {
        return None;
    }
    let (before, after) = usage[usage.len() - 2 * third..].split_at(third);
    let mean = |part: &[Usage], of: fn(&Usage) -> f64| {
        part.iter().map(of).sum::<f64>() / part.len() as f64
    };
    let means = |part| Usage {
        resident_mb: mean(part, |usage| usage.resident_mb),
        own_mb: mean(part, |usage| usage.own_mb),
        processor_s: 0.0,
    };
    Some(Memory {
        before: means(before),
        after: means(after),
    })
}

/// Holds the figures against what is aimed at.
pub fn marks(
    application: &Figures,
    yardstick: &Figures,
    desk: &DeskFigures,
    turns_per_second: Option<f64>,
) -> Vec<Mark> {
    let rate = application.full.messages_per_second;
    let part = rate / yardstick.full.messages_per_second.max(f64::MIN_POSITIVE);
    let acknowledged = application.steady.acknowledged.p99_ms;
    let mark = |name: String, measured, is_met| Mark {
        name,
        measured,
        is_met,
    };
    let mut marks = vec![
        mark(
            format!("at least {MESSAGES_PER_SECOND} messages per second with {SESSIONS} sessions"),
            rate,
            rate >= MESSAGES_PER_SECOND,
        ),
        mark(
            format!("acknowledgement p99 below {ACKNOWLEDGED_P99_MS} ms"),
            acknowledged,
            acknowledged > 0.0 && acknowledged < ACKNOWLEDGED_P99_MS,
        ),
        mark(
            "at least a third of the bare server".to_owned(),
            part,
            part >= PART_OF_YARDSTICK,
        ),
    ];
    marks.extend(turns_per_second.map(|turns| {
        mark(
            format!("at least {TURNS_PER_SECOND} turns per second on one core without a host"),
            turns,
            turns >= TURNS_PER_SECOND,
        )
    }));
    if let Some(Memory { before, after }) = &application.memory {
        let growth = after.resident_mb / before.resident_mb.max(f64::MIN_POSITIVE);
        marks.push(mark(
            format!("memory flat: growth below {MEMORY_GROWTH}"),
            growth,
            growth < MEMORY_GROWTH,
        ));
    }
    let growth = desk.quiet_all_ms / desk.quiet_few_ms.max(f64::MIN_POSITIVE);
    marks.push(mark(
        format!(
            "an operator's poll costs with {} as with {FEW}: growth below {POLL_GROWTH}",
            desk.operators
        ),
        growth,
        growth < POLL_GROWTH,
    ));
    let lost = [&application.full, &application.steady]
        .map(|load| load.failures.refused + load.failures.unanswered + load.failures.polls);
    let lost = lost.iter().sum::<u64>() + desk.failures;
    marks.push(mark(
        "nothing refused, nothing unanswered".to_owned(),
        lost as f64,
        lost == 0,
    ));
    marks
}

impl Report {
    /// The table.
    pub fn print(&self) {
        let both = [&self.application, &self.yardstick];
        let row = |name: &str, value: &dyn Fn(&Figures) -> String| {
            let mut cells = vec![name.to_owned()];
            cells.extend(both.map(value));
            cells
        };
        let memory = |of: fn(&Memory) -> (f64, f64)| {
            move |figures: &Figures| match &figures.memory {
                Some(memory) => {
                    let (before, after) = of(memory);
                    format!("{before:.0} → {after:.0}")
                }
                None => "unknown".to_owned(),
            }
        };
        let mut rows = vec![vec![
            String::new(),
            "vikno".to_owned(),
            "bare server".to_owned(),
        ]];
        for (name, is_full) in [("full load", true), ("steady load", false)] {
            rows.push(row(&format!("{name}: messages/s"), &|figures| {
                format!("{:.0}", figures.load(is_full).messages_per_second)
            }));
            rows.push(row("  polls/s beside them", &|figures| {
                format!("{:.0}", figures.load(is_full).polls_per_second)
            }));
            rows.push(row("  acknowledged, ms p50 / p95 / p99", &|figures| {
                percentiles(figures.load(is_full).acknowledged)
            }));
            rows.push(row("  delivered, ms", &|figures| {
                percentiles(figures.load(is_full).delivered)
            }));
            rows.push(row("  seen in the web chat, ms", &|figures| {
                percentiles(figures.load(is_full).seen)
            }));
            rows.push(row(
                "  refused / unanswered / failed polls / not sent",
                &|figures| {
                    let failures = figures.load(is_full).failures;
                    format!(
                        "{} / {} / {} / {}",
                        failures.refused, failures.unanswered, failures.polls, failures.not_sent
                    )
                },
            ));
        }
        rows.push(row("messages nobody waited for", &|figures| {
            figures.unasked.to_string()
        }));
        rows.push(row(
            "processor ms per message with its polls",
            &|figures| match figures.processor_ms_per_message {
                Some(spent_ms) => format!("{spent_ms:.2}"),
                None => "unknown".to_owned(),
            },
        ));
        let resident = memory(|of| (of.before.resident_mb, of.after.resident_mb));
        rows.push(row("memory, MB, second → last third", &resident));
        let own = memory(|of| (of.before.own_mb, of.after.own_mb));
        rows.push(row("  without mapped files", &own));
        print::table(&rows);
        self.desk.print();
        print::line(format!(
            "start: {:.1} s with nothing compiled, {:.2} s again",
            self.cold_start_s, self.warm_start_s
        ));
        print::line(format!(
            "process nodes passed and committed per second of the full load: {:.0}",
            self.durable_nodes_per_second
        ));
        for mark in &self.marks {
            let met = if mark.is_met { "met   " } else { "missed" };
            print::line(format!("{met}  {}: {:.2}", mark.name, mark.measured));
        }
    }
}

impl DeskFigures {
    fn print(&self) {
        let heads = format!(
            "{} operators, {} dialogues",
            self.operators, self.conversations
        );
        let rows = [
            (heads, String::new()),
            (
                format!("processor ms per poll, nothing new, {FEW} / all operators"),
                format!("{:.2} / {:.2}", self.quiet_few_ms, self.quiet_all_ms),
            ),
            (
                "polls/s, citizens' words/s".to_owned(),
                format!("{:.0}, {:.0}", self.polls_per_second, self.words_per_second),
            ),
            (
                "  polled, ms p50 / p95 / p99".to_owned(),
                percentiles(self.polled),
            ),
            (
                "  from a citizen's words to the screen, ms".to_owned(),
                percentiles(self.to_screen),
            ),
            (
                "  answer accepted, ms".to_owned(),
                percentiles(self.answered),
            ),
            ("  failed".to_owned(), self.failures.to_string()),
        ];
        print::table(&rows.map(|(name, value)| vec![name, value]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(messages_per_second: f64, resident_mb: [f64; 6]) -> Figures {
        let usage = resident_mb.map(|resident_mb| Usage {
            resident_mb,
            ..Usage::default()
        });
        let mut figures = Figures::of(&Shown {
            usage: usage.into(),
            ..Shown::default()
        });
        figures.full.messages_per_second = messages_per_second;
        figures.steady.acknowledged.p99_ms = 20.0;
        figures
    }

    fn missed(application: &Figures, yardstick: &Figures) -> Vec<usize> {
        let marks = marks(application, yardstick, &DeskFigures::default(), None);
        (0..marks.len())
            .filter(|index| !marks[*index].is_met)
            .collect()
    }

    #[test]
    fn marks_are_met_or_missed_one_by_one() {
        let flat = [100.0, 200.0, 300.0, 300.0, 301.0, 299.0];
        let growing = [100.0, 200.0, 300.0, 400.0, 500.0, 600.0];
        let yardstick = figures(1_800.0, flat);
        assert_eq!(missed(&figures(600.0, flat), &yardstick), [0; 0]);
        assert_eq!(missed(&figures(599.0, flat), &yardstick), [0, 2]);
        assert_eq!(missed(&figures(700.0, growing), &yardstick), [3]);
        let mut slow = figures(700.0, flat);
        slow.steady.acknowledged.p99_ms = 100.0;
        slow.full.failures.unanswered = 1;
        assert_eq!(missed(&slow, &yardstick), [1, 5]);
    }
}
