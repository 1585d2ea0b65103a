//! Operators at their consoles: some hundreds who ask what is new, while citizens write to them and are answered.

use super::connections::{Call, Connections};
use super::messengers;
use super::meter::Percentiles;
use super::organisations::{Addressee, telegram_secret};
use super::target::Target;
use crate::commands::print;
use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::Method;
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use vikno_standins::payload;

/// Signed-in operators.
pub const OPERATORS: usize = 200;
/// As many as their cost is compared with.
pub const FEW: usize = 50;
/// Dialogues that operators have.
pub const CONVERSATIONS: usize = 1_000;
/// What citizens write in them, each second.
const WORDS_PER_SECOND: u32 = 40;
/// Everybody's password here: the administrator's, whose hash their rows are made with.
pub const PASSWORD: &str = "only for a measurement 1";
/// Telegram chats are numbers from here.
const FIRST_CHAT: i64 = 5_000_000;
const CONNECTIONS_MAX: usize = 256;
/// Checking a password takes a core for a while.
const SIGN_INS_AT_ONCE: usize = 4;
/// Webhooks and takings at once while dialogues are made.
const AT_ONCE: usize = 16;
/// Until everybody who asked for an operator waits for one.
const PREPARED_MAX: Duration = Duration::from_secs(120);
/// Words that are not on a screen then were lost.
const SEEN_MAX: Duration = Duration::from_secs(20);
const FAILED_POLL_PAUSE: Duration = Duration::from_secs(1);
/// Failures that are told in words.
const REASONS_MAX: usize = 3;

/// What it showed.
#[derive(Default, Serialize)]
pub struct DeskFigures {
    /// Signed-in operators.
    pub operators: usize,
    /// Dialogues that they have.
    pub conversations: usize,
    /// Processor time of the server for one poll, nothing new: with [`FEW`] operators.
    pub quiet_few_ms: f64,
    /// The same with all of them.
    pub quiet_all_ms: f64,
    /// Polls each second while citizens write.
    pub polls_per_second: f64,
    /// Answers of polls.
    pub polled: Percentiles,
    /// Citizens' words each second.
    pub words_per_second: f64,
    /// From the webhook call to the answer that brings the words to the operator's screen.
    pub to_screen: Percentiles,
    /// Operators' answers, until they are accepted.
    pub answered: Percentiles,
    /// Words that no screen showed in time, polls and answers that failed.
    pub failures: u64,
}

/// Puts the operators into the database of an installation that does not run.
pub fn hire(state: &Path, organisations: &[Addressee]) -> Result<()> {
    let mut core = Connection::open(state.join("sqlite/core.db"))?;
    let hiring = core.transaction()?;
    for (number, organisation) in (0..OPERATORS).zip(organisations.iter().cycle()) {
        let login = login(number);
        hiring.execute(
            "INSERT INTO people (id, login, name, password_hash, created_at_ms, created_by, changed_at_ms, capacity)
             SELECT ?1, ?1, ?1, password_hash, 0, 'bench', 0, 100 FROM people WHERE login = 'admin'",
            [&login],
        )?;
        hiring.execute(
            "INSERT INTO held_roles (person_id, org, role) VALUES (?1, ?2, 'operator')",
            [&login, &organisation.id],
        )?;
    }
    Ok(hiring.commit()?)
}

fn login(number: usize) -> String {
    format!("bench-{number}")
}

/// Everybody, and what was measured of them.
struct Desk {
    connections: Connections,
    operators: Vec<Operator>,
    stop: AtomicBool,
    updates: AtomicI64,
    seen: Mutex<Seen>,
}

struct Operator {
    id: String,
    org: String,
    authorization: String,
}

#[derive(Default)]
struct Seen {
    /// Words on their way to a screen: when they were sent, by which citizen.
    under_way: HashMap<String, (Instant, usize)>,
    /// Citizens whose last words have been answered.
    free: VecDeque<usize>,
    polled: Vec<Duration>,
    to_screen: Vec<Duration>,
    answered: Vec<Duration>,
    failures: u64,
    /// Why, for the first few.
    reasons: Vec<String>,
}

impl Seen {
    fn fail(&mut self, why: &anyhow::Error) {
        self.failures += 1;
        if self.reasons.len() < REASONS_MAX {
            self.reasons.push(why.to_string());
        }
    }
}

/// Signs everybody in, makes the dialogues and measures three windows.
pub async fn run(
    target: &Target,
    organisations: &[Addressee],
    window: Duration,
) -> Result<DeskFigures> {
    let connections = Connections::new(target.address, CONNECTIONS_MAX);
    let operators = sign_in(&connections, organisations).await?;
    let desk = Arc::new(Desk {
        connections,
        operators,
        stop: AtomicBool::new(false),
        updates: AtomicI64::new(FIRST_CHAT),
        seen: Mutex::default(),
    });
    desk.begin_dialogues(organisations).await?;
    let quiet_few_ms = desk.quiet(target, FEW, window).await;
    let quiet_all_ms = desk.quiet(target, OPERATORS, window).await;
    desk.busy(organisations, window).await;
    let seen = std::mem::take(&mut *desk.seen());
    for why in &seen.reasons {
        print::line(format!("failed: {why}"));
    }
    let seconds = window.as_secs_f64();
    Ok(DeskFigures {
        operators: OPERATORS,
        conversations: CONVERSATIONS,
        quiet_few_ms,
        quiet_all_ms,
        polls_per_second: seen.polled.len() as f64 / seconds,
        polled: Percentiles::of(&seen.polled),
        words_per_second: seen.to_screen.len() as f64 / seconds,
        to_screen: Percentiles::of(&seen.to_screen),
        answered: Percentiles::of(&seen.answered),
        failures: seen.failures + seen.under_way.len() as u64,
    })
}

async fn sign_in(connections: &Connections, organisations: &[Addressee]) -> Result<Vec<Operator>> {
    let logins: Vec<usize> = (0..OPERATORS).collect();
    let mut operators = Vec::new();
    for some in logins.chunks(SIGN_INS_AT_ONCE) {
        let signed_in = some.iter().map(async |number| {
            let given = json!({ "login": login(*number), "password": PASSWORD });
            let answer = asked(connections, &post("/core/auth/login", None, &given)).await?;
            let token = answer["access_token"].as_str().context("no token")?;
            anyhow::Ok(Operator {
                id: login(*number),
                org: organisations[number % organisations.len()].id.clone(),
                authorization: format!("Bearer {token}"),
            })
        });
        for operator in futures::future::join_all(signed_in).await {
            operators.push(operator?);
        }
    }
    Ok(operators)
}

impl Desk {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every citizen asks for an operator, and every operator takes their part.
    async fn begin_dialogues(&self, organisations: &[Addressee]) -> Result<()> {
        let citizens: Vec<usize> = (0..CONVERSATIONS).collect();
        for some in citizens.chunks(AT_ONCE) {
            let said = some
                .iter()
                .map(|citizen| self.says(organisations, *citizen, "оператор"));
            for said in futures::future::join_all(said).await {
                said?;
            }
        }
        let share = CONVERSATIONS / OPERATORS;
        let until = Instant::now() + PREPARED_MAX;
        let mut held = vec![0; self.operators.len()];
        while held.iter().any(|held| *held < share) {
            if Instant::now() > until {
                bail!("not everybody who asked for an operator came to one");
            }
            for (operator, held) in self.operators.iter().zip(&mut held) {
                if *held < share {
                    *held += self.take(operator, share - *held).await?;
                }
            }
        }
        self.seen().free = citizens.into();
        Ok(())
    }

    /// Takes up to so many of those who wait.
    async fn take(&self, operator: &Operator, count_max: usize) -> Result<usize> {
        let list = format!("/{}/operator/conversations", operator.org);
        let path = format!("{list}?status=waiting");
        let waiting = asked(&self.connections, &get(&path, &operator.authorization)).await?;
        let rows = waiting["conversations"].as_array().context("no list")?;
        let mut taken = 0;
        for row in rows.iter().take(count_max) {
            let path = format!("{list}/{}/take", row["id"].as_str().unwrap_or_default());
            let take = post(&path, Some(&operator.authorization), &json!({}));
            asked(&self.connections, &take).await?;
            taken += 1;
        }
        Ok(taken)
    }

    async fn says(&self, organisations: &[Addressee], citizen: usize, text: &str) -> Result<()> {
        let org = &organisations[citizen % organisations.len()].id;
        let update = self.updates.fetch_add(1, Ordering::Relaxed);
        let chat = FIRST_CHAT + i64::try_from(citizen)?;
        let body = payload::telegram_text(update, chat, text, "uk");
        let call = Call {
            method: Method::POST,
            path: format!("/{org}/telegram"),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("x-telegram-bot-api-secret-token", telegram_secret(org)),
            ],
            body: body.into(),
        };
        asked(&self.connections, &call).await.map(drop)
    }

    /// Nobody writes: the server's processor time for one poll of so many operators, in milliseconds.
    async fn quiet(self: &Arc<Self>, target: &Target, count: usize, window: Duration) -> f64 {
        let consoles = self.open_consoles(count);
        // The first answer holds everything; and what was said before is delivered meanwhile.
        tokio::time::sleep(messengers::REPLY_MAX).await;
        self.seen().polled.clear();
        let before = target.usage();
        tokio::time::sleep(window).await;
        let after = target.usage();
        let polls = self.seen().polled.len().max(1);
        self.close(consoles).await;
        match (before, after) {
            (Some(before), Some(after)) => {
                (after.processor_s - before.processor_s) * 1000.0 / polls as f64
            }
            _ => 0.0,
        }
    }

    /// Citizens write and are answered while all consoles ask.
    async fn busy(self: &Arc<Self>, organisations: &[Addressee], window: Duration) {
        let consoles = self.open_consoles(OPERATORS);
        tokio::time::sleep(FAILED_POLL_PAUSE).await;
        {
            let mut seen = self.seen();
            seen.polled.clear();
            seen.failures = 0;
            seen.reasons.clear();
        }
        let mut turns = tokio::time::interval(Duration::from_secs(1) / WORDS_PER_SECOND);
        let until = tokio::time::Instant::now() + window;
        let mut number = 0_u64;
        while tokio::time::timeout_at(until, turns.tick()).await.is_ok() {
            let Some(citizen) = self.seen().free.pop_front() else {
                continue;
            };
            number += 1;
            let words = format!("Питання {number} від {citizen}");
            let sent = (Instant::now(), citizen);
            self.seen().under_way.insert(words.clone(), sent);
            if let Err(why) = self.says(organisations, citizen, &words).await {
                let mut seen = self.seen();
                seen.under_way.remove(&words);
                seen.fail(&why);
            }
        }
        let late = tokio::time::Instant::now() + SEEN_MAX;
        while !self.seen().under_way.is_empty() && tokio::time::Instant::now() < late {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.close(consoles).await;
    }

    fn open_consoles(self: &Arc<Self>, count: usize) -> JoinSet<()> {
        self.stop.store(false, Ordering::Relaxed);
        let mut consoles = JoinSet::new();
        for place in 0..count {
            let desk = Arc::clone(self);
            consoles.spawn(async move { desk.console(place).await });
        }
        consoles
    }

    async fn close(&self, mut consoles: JoinSet<()>) {
        self.stop.store(true, Ordering::Relaxed);
        while consoles.join_next().await.is_some() {}
    }

    /// Asks as the console does, and answers what citizens write.
    async fn console(&self, place: usize) {
        let operator = &self.operators[place];
        let mut cursor = String::new();
        // Not all at once.
        tokio::time::sleep(Duration::from_millis(15) * u32::try_from(place).unwrap_or(0)).await;
        while !self.stop.load(Ordering::Relaxed) {
            let path = format!("/core/operator/desk?after={cursor}");
            let begun = Instant::now();
            let answer = asked(&self.connections, &get(&path, &operator.authorization)).await;
            let answer = match answer {
                Ok(answer) => answer,
                Err(why) => {
                    self.seen().fail(&why);
                    tokio::time::sleep(FAILED_POLL_PAUSE).await;
                    continue;
                }
            };
            self.seen().polled.push(begun.elapsed());
            answer["cursor"]
                .as_str()
                .unwrap_or_default()
                .clone_into(&mut cursor);
            for row in answer["conversations"].as_array().into_iter().flatten() {
                self.look(operator, row).await;
            }
            let pause_ms = answer["poll_ms"].as_u64().unwrap_or(3_000);
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        }
    }

    /// Words of a citizen came to the screen: they are answered.
    async fn look(&self, operator: &Operator, row: &Value) {
        // A console that begins sees those of all colleagues, too.
        if row["operator"]["id"] != operator.id.as_str() {
            return;
        }
        let words = row["last"]["text"].as_str().unwrap_or_default();
        let Some((sent, citizen)) = self.seen().under_way.remove(words) else {
            return;
        };
        self.seen().to_screen.push(sent.elapsed());
        let id = row["id"].as_str().unwrap_or_default();
        let path = format!("/{}/operator/conversations/{id}/messages", operator.org);
        let answer = json!({ "text": format!("Відповідь на: {words}") });
        let begun = Instant::now();
        let answer = post(&path, Some(&operator.authorization), &answer);
        let accepted = asked(&self.connections, &answer).await;
        let mut seen = self.seen();
        match accepted {
            Ok(_) => seen.answered.push(begun.elapsed()),
            Err(why) => seen.fail(&why),
        }
        seen.free.push_back(citizen);
    }
}

fn get(path: &str, authorization: &str) -> Call {
    Call {
        method: Method::GET,
        path: path.to_owned(),
        headers: vec![("authorization", authorization.to_owned())],
        body: Bytes::new(),
    }
}

fn post(path: &str, authorization: Option<&str>, body: &Value) -> Call {
    let authorization = authorization.map(|value| ("authorization", value.to_owned()));
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(authorization);
    Call {
        method: Method::POST,
        path: path.to_owned(),
        headers,
        body: body.to_string().into(),
    }
}

/// The answer's JSON, or null where it has none.
async fn asked(connections: &Connections, call: &Call) -> Result<Value> {
    let (status, body) = connections.send(call).await?;
    if !(200..300).contains(&status) {
        bail!(
            "{} {}: {status} {}",
            call.method,
            call.path,
            String::from_utf8_lossy(&body)
        );
    }
    Ok(serde_json::from_slice(&body).unwrap_or_default())
}
