//! Citizens on Telegram and Viber: each writes, waits for the acknowledgement and for the reply, and may write again.

use super::connections::{Call, Connections};
use super::meter::Meter;
use super::organisations::{Addressee, telegram_secret, viber_token};
use super::replies::Replies;
use anyhow::{Result, bail};
use http::Method;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use vikno_standins::payload;

/// Citizens who take turns; half on each channel, spread over the organisations.
const CITIZENS: usize = 2_000;
/// Telegram chats are numbers from here.
const FIRST_CHAT: i64 = 1_000;
/// Message tokens of Viber are large.
const FIRST_VIBER_TOKEN: u64 = 4_912_661_846_655_000_000;
/// A reply that takes longer has not come.
pub const REPLY_MAX: Duration = Duration::from_secs(15);
/// Before a citizen who was refused tries again.
const PAUSE_REFUSED: Duration = Duration::from_millis(100);

/// Everybody on the messengers.
pub struct Messengers {
    connections: Connections,
    replies: Replies,
    free: Mutex<VecDeque<Citizen>>,
    sent: AtomicI64,
}

/// Somebody; whoever holds the value speaks for them.
pub struct Citizen {
    organisation: Addressee,
    is_viber: bool,
    number: i64,
    chat: String,
}

impl Messengers {
    /// Everybody is free.
    pub fn new(connections: Connections, replies: Replies, organisations: &[Addressee]) -> Self {
        let citizens = organisations.iter().cycle().zip(FIRST_CHAT..);
        let citizens = citizens.take(CITIZENS).map(|(organisation, number)| {
            // Not by the number alone, else an organisation would have one channel only.
            let is_viber = (number / 10) % 2 == 0;
            Citizen {
                organisation: organisation.clone(),
                is_viber,
                number,
                chat: match is_viber {
                    true => format!("viber-user-{number}=="),
                    false => number.to_string(),
                },
            }
        });
        Self {
            connections,
            replies,
            free: Mutex::new(citizens.collect()),
            sent: AtomicI64::new(1),
        }
    }

    /// Messages that nobody waited for.
    pub fn unasked(&self) -> u64 {
        self.replies.unasked()
    }

    /// Who has waited longest for a turn.
    pub fn next(&self) -> Option<Citizen> {
        self.free().pop_front()
    }

    /// Says something and sees the reply; `since` is when it was due. Tells whether the reply came.
    pub async fn say(&self, citizen: Citizen, since: Instant, meter: &Meter) -> bool {
        let reply = self.replies.expect(&citizen.chat);
        let acknowledged = self.post(&citizen).await;
        let answered = match acknowledged {
            Err(_) => {
                meter.count(|counted| counted.failures.refused += 1);
                tokio::time::sleep(PAUSE_REFUSED).await;
                false
            }
            Ok(()) => {
                let took = since.elapsed();
                meter.count(|counted| counted.acknowledged.push(took));
                match tokio::time::timeout(REPLY_MAX, reply).await {
                    Ok(Ok(at)) => {
                        let took = at.saturating_duration_since(since);
                        meter.count(|counted| counted.delivered.push(took));
                        true
                    }
                    _ => {
                        meter.count(|counted| counted.failures.unanswered += 1);
                        false
                    }
                }
            }
        };
        if !answered {
            self.replies.forget(&citizen.chat);
        }
        self.free().push_back(citizen);
        answered
    }

    async fn post(&self, citizen: &Citizen) -> Result<()> {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let (status, _) = self.connections.send(&call(citizen, number)).await?;
        if status != 200 {
            bail!("answered {status}");
        }
        Ok(())
    }

    fn free(&self) -> MutexGuard<'_, VecDeque<Citizen>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The webhook call of one message.
fn call(citizen: &Citizen, number: i64) -> Call {
    let org = &citizen.organisation.id;
    let text = text(&citizen.organisation, number.unsigned_abs());
    let (channel, header, body) = match citizen.is_viber {
        true => {
            let token = FIRST_VIBER_TOKEN + number.unsigned_abs();
            let body = payload::viber_text(token, &citizen.chat, &text, "uk");
            let signature = payload::viber_signature(&viber_token(org), body.as_bytes());
            ("viber", ("x-viber-content-signature", signature), body)
        }
        false => (
            "telegram",
            ("x-telegram-bot-api-secret-token", telegram_secret(org)),
            payload::telegram_text(number, citizen.number, &text, "uk"),
        ),
    };
    Call {
        method: Method::POST,
        path: format!("/{org}/{channel}"),
        headers: vec![("content-type", "application/json".to_owned()), header],
        body: body.into(),
    }
}

/// A question about one of the organisation's topics.
pub fn text(organisation: &Addressee, number: u64) -> String {
    let words = &organisation.words;
    let word = words.get(number as usize % words.len().max(1));
    format!(
        "Доброго дня! {} {number}",
        word.map_or("питання", String::as_str)
    )
}
