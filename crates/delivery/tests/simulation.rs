//! A day of delivery in a blink, from a seed: a channel that is slow to anger, breaks, blocks and limits, a runner
//! that is killed between its calls and its transaction. Whatever happens, order, limits and every message hold.

use std::collections::{BTreeMap, BTreeSet};
use vikno_channels::DeliveryOutcome;
use vikno_delivery::{Attempt, DueMessage, Limiter, Limits, Verdict, plan, settle};
use vikno_domain::Channel;

const T: Channel = Channel::Telegram;
const CHATS: u64 = 12;
const MESSAGES: i64 = 300;
/// Two days of seconds are more than enough for every message to be sent or dead.
const SECONDS_MAX: i64 = 2 * 24 * 3_600;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.next() % 100 < chance
    }
}

struct Row {
    chat: String,
    attempts: u32,
    next_at_ms: i64,
    created_at_ms: i64,
}

/// The outbox as the database keeps it.
#[derive(Default)]
struct Outbox {
    pending: BTreeMap<i64, Row>,
    dead: BTreeSet<i64>,
    limiter: Limiter,
}

impl Outbox {
    /// The rule of the due statement: no row is due while an earlier one of its chat has to wait.
    fn due(&self, now_ms: i64) -> Vec<DueMessage> {
        let held = |id: i64, row: &Row| {
            let mut earlier = self.pending.range(..id);
            earlier.any(|(_, other)| other.chat == row.chat && other.next_at_ms > now_ms)
        };
        let due = self
            .pending
            .iter()
            .filter(|(id, row)| row.next_at_ms <= now_ms && !held(**id, row));
        due.take(64)
            .map(|(id, row)| DueMessage {
                id: *id,
                channel: T,
                chat: row.chat.clone(),
                calls: 1,
            })
            .collect()
    }

    fn wait_until(&mut self, chat: &str, until_ms: i64) {
        for row in self.pending.values_mut().filter(|row| row.chat == chat) {
            row.next_at_ms = row.next_at_ms.max(until_ms);
        }
    }

    fn apply(&mut self, id: i64, verdict: Verdict) {
        let chat = self.pending[&id].chat.clone();
        match verdict {
            Verdict::Sent { .. } => {
                self.pending.remove(&id);
            }
            Verdict::Dead { .. } => {
                self.pending.remove(&id);
                self.dead.insert(id);
            }
            Verdict::Unreachable => {
                let gone: Vec<i64> = self
                    .pending
                    .iter()
                    .filter(|(_, row)| row.chat == chat)
                    .map(|(id, _)| *id)
                    .collect();
                for id in gone {
                    self.pending.remove(&id);
                    self.dead.insert(id);
                }
            }
            Verdict::Again {
                at_ms,
                failed,
                bot_waits,
                ..
            } => {
                if bot_waits {
                    self.limiter.pause(T, at_ms);
                }
                if let Some(row) = self.pending.get_mut(&id) {
                    row.attempts = failed;
                }
                self.wait_until(&chat, at_ms);
            }
        }
    }
}

/// The other side: what it has been called for, and what it answers.
#[derive(Default)]
struct Messenger {
    calls: Vec<(i64, i64)>,
    silent_until_ms: i64,
    delivered: Vec<i64>,
}

impl Messenger {
    fn call(&mut self, id: i64, now_ms: i64, random: &mut Random) -> DeliveryOutcome {
        assert!(
            now_ms >= self.silent_until_ms,
            "message {id} was sent within the wait that was asked for"
        );
        self.calls.push((now_ms, id));
        match random.next() % 100 {
            0 => DeliveryOutcome::Blocked,
            1..=2 => DeliveryOutcome::Rejected { code: "no".into() },
            3..=5 => {
                let ms = 1_000 + (random.next() % 5_000) as i64;
                DeliveryOutcome::RetryAfter { ms }
            }
            6..=20 => DeliveryOutcome::Unavailable,
            _ => {
                self.delivered.push(id);
                DeliveryOutcome::Sent { external_id: None }
            }
        }
    }
}

struct Outcome {
    messenger: Messenger,
    outbox: Outbox,
    chats: BTreeMap<i64, String>,
    killed: u64,
}

fn simulate(seed: u64, kill_percent: u64) -> Outcome {
    let mut random = Random(seed);
    let limits = Limits::default();
    let mut outbox = Outbox::default();
    let mut messenger = Messenger::default();
    let mut chats = BTreeMap::new();
    let (mut next_id, mut killed) = (1, 0);
    for second in 0..SECONDS_MAX {
        let now_ms = second * 1_000;
        while next_id <= MESSAGES && random.percent(90) {
            let chat = format!("chat {}", random.next() % CHATS);
            chats.insert(next_id, chat.clone());
            let row = Row {
                chat,
                attempts: 0,
                next_at_ms: now_ms,
                created_at_ms: now_ms,
            };
            outbox.pending.insert(next_id, row);
            next_id += 1;
        }
        if next_id > MESSAGES && outbox.pending.is_empty() {
            return Outcome {
                messenger,
                outbox,
                chats,
                killed,
            };
        }
        let before = outbox.limiter.clone();
        if outbox.limiter.ready_at_ms(T, &limits) > now_ms {
            continue;
        }
        let due = outbox.due(now_ms);
        let plan = plan(&due, &mut outbox.limiter, &limits, now_ms);
        let mut verdicts = Vec::new();
        let mut told_to_wait_until_ms = 0;
        for sequence in plan.send {
            for id in sequence {
                let row = &outbox.pending[&id];
                let outcome = messenger.call(id, now_ms, &mut random);
                if let DeliveryOutcome::RetryAfter { ms } = outcome {
                    told_to_wait_until_ms = told_to_wait_until_ms.max(now_ms + ms);
                }
                let attempt = Attempt {
                    failed_before: row.attempts,
                    created_at_ms: row.created_at_ms,
                    now_ms,
                    random: random.next(),
                };
                let verdict = settle(outcome, attempt, &limits);
                let sent = matches!(verdict, Verdict::Sent { .. });
                verdicts.push((id, verdict));
                if !sent {
                    break;
                }
            }
        }
        if random.percent(kill_percent) {
            // The calls were made, their results are lost; so is what was told.
            outbox.limiter = before;
            killed += 1;
            continue;
        }
        messenger.silent_until_ms = messenger.silent_until_ms.max(told_to_wait_until_ms);
        for (_, chat, until_ms) in plan.defer {
            outbox.wait_until(&chat, until_ms);
        }
        for (id, verdict) in verdicts {
            if outbox.pending.contains_key(&id) {
                outbox.apply(id, verdict);
            }
        }
    }
    panic!(
        "seed {seed}: {} messages are neither sent nor dead after two days",
        outbox.pending.len()
    );
}

#[test]
fn every_message_is_sent_once_or_dead() {
    for seed in 0..60 {
        let Outcome {
            messenger, outbox, ..
        } = simulate(seed, 0);
        let mut ends: Vec<i64> = messenger
            .delivered
            .iter()
            .chain(&outbox.dead)
            .copied()
            .collect();
        ends.sort_unstable();
        assert_eq!(ends, (1..=MESSAGES).collect::<Vec<_>>(), "seed {seed}");
    }
}

#[test]
fn no_message_overtakes_another_of_its_chat() {
    for seed in 0..60 {
        let Outcome {
            messenger, chats, ..
        } = simulate(seed, 0);
        let mut last = BTreeMap::new();
        for id in &messenger.delivered {
            let before = last.insert(&chats[id], *id).unwrap_or(0);
            assert!(before < *id, "seed {seed}: {before} came before {id}");
        }
    }
}

#[test]
fn the_bot_keeps_its_rate() {
    for seed in 0..60 {
        let calls = simulate(seed, 0).messenger.calls;
        for (place, (from_ms, _)) in calls.iter().enumerate() {
            let within = calls[place..]
                .iter()
                .take_while(|(at_ms, _)| *at_ms < from_ms + 10_000)
                .count();
            // A full bucket of 30, then 30 a second.
            assert!(
                within <= 30 + 300,
                "seed {seed}: {within} calls within ten seconds"
            );
        }
    }
}

#[test]
fn a_kill_repeats_messages_and_loses_none() {
    let mut kills = 0;
    for seed in 0..60 {
        let Outcome {
            messenger,
            outbox,
            killed,
            ..
        } = simulate(seed, 10);
        kills += killed;
        let reached: BTreeSet<i64> = messenger
            .delivered
            .iter()
            .chain(&outbox.dead)
            .copied()
            .collect();
        assert_eq!(reached.len() as i64, MESSAGES, "seed {seed}");
        let repeats = messenger.delivered.len() as i64
            - messenger.delivered.iter().collect::<BTreeSet<_>>().len() as i64;
        // At most what one batch of each kill had under way.
        assert!(
            repeats <= 30 * killed as i64,
            "seed {seed}: {repeats} repeats after {killed} kills"
        );
    }
    assert!(kills > 0);
}

#[test]
fn the_same_seed_gives_the_same_day() {
    assert_eq!(
        simulate(7, 10).messenger.calls,
        simulate(7, 10).messenger.calls
    );
}
