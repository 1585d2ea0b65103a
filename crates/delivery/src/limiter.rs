//! The state of the rate limits of one organisation's bots: token buckets, and pauses that a channel asked for.
//! It is stored between runs as JSON.

use crate::Limits;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vikno_domain::Channel;

/// Tokens that grow again with time; taking more than there are makes a debt.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Bucket(f64, i64);

impl Bucket {
    fn refilled(self, per_second: f64, burst: f64, now_ms: i64) -> Self {
        let since_ms = now_ms.saturating_sub(self.1).max(0) as f64;
        Self((self.0 + since_ms * per_second / 1000.0).min(burst), now_ms)
    }

    /// When there is a whole token.
    fn ready_at_ms(self, per_second: f64) -> i64 {
        let missing = (1.0 - self.0).max(0.0);
        // Bounded far above any real wait, so that the sum cannot overflow.
        self.1
            .saturating_add((missing * 1000.0 / per_second).ceil().min(1e12) as i64)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Bot {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bucket: Option<Bucket>,
    #[serde(default)]
    paused_until_ms: i64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    chats: BTreeMap<String, Bucket>,
}

/// The rate limits' state.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Limiter {
    #[serde(default)]
    bots: BTreeMap<Channel, Bot>,
}

impl Limiter {
    /// When the bot of a channel may make a call again; in the past if it may now.
    pub fn ready_at_ms(&self, channel: Channel, limits: &Limits) -> i64 {
        let (Some(rates), Some(bot)) = (limits.of(channel), self.bots.get(&channel)) else {
            return i64::MIN;
        };
        let bucket_ready = bot
            .bucket
            .map_or(i64::MIN, |bucket| bucket.ready_at_ms(rates.per_second));
        bucket_ready.max(bot.paused_until_ms)
    }

    /// When a chat may get a message again, whatever its bot may.
    pub(crate) fn chat_ready_at_ms(&self, channel: Channel, chat: &str, limits: &Limits) -> i64 {
        let (Some(rates), Some(bot)) = (limits.of(channel), self.bots.get(&channel)) else {
            return i64::MIN;
        };
        let bucket = bot.chats.get(chat);
        bucket.map_or(i64::MIN, |bucket| bucket.ready_at_ms(rates.chat_per_second))
    }

    /// Counts calls to a chat.
    pub(crate) fn take(
        &mut self,
        channel: Channel,
        chat: &str,
        calls: u32,
        limits: &Limits,
        now_ms: i64,
    ) {
        let Some(rates) = limits.of(channel) else {
            return;
        };
        let calls = f64::from(calls);
        let bot = self.bots.entry(channel).or_default();
        let full = Bucket(rates.per_second, now_ms);
        let bucket =
            bot.bucket
                .unwrap_or(full)
                .refilled(rates.per_second, rates.per_second, now_ms);
        bot.bucket = Some(Bucket(bucket.0 - calls, now_ms));
        let full = Bucket(rates.chat_burst, now_ms);
        let bucket = bot.chats.get(chat).copied().unwrap_or(full);
        let bucket = bucket.refilled(rates.chat_per_second, rates.chat_burst, now_ms);
        bot.chats
            .insert(chat.to_owned(), Bucket(bucket.0 - calls, now_ms));
    }

    /// A chat whose bucket is full again need not be remembered: the state stays as small as the last seconds.
    pub(crate) fn forget_quiet_chats(&mut self, limits: &Limits, now_ms: i64) {
        for (channel, bot) in &mut self.bots {
            let Some(rates) = limits.of(*channel) else {
                continue;
            };
            bot.chats.retain(|_, bucket| {
                bucket
                    .refilled(rates.chat_per_second, rates.chat_burst, now_ms)
                    .0
                    < rates.chat_burst
            });
        }
    }

    /// The channel wants to hear nothing of this bot for a while.
    pub fn pause(&mut self, channel: Channel, until_ms: i64) {
        let bot = self.bots.entry(channel).or_default();
        bot.paused_until_ms = bot.paused_until_ms.max(until_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TELEGRAM: Channel = Channel::Telegram;

    #[test]
    fn a_bot_is_ready_until_its_tokens_are_gone() {
        let limits = Limits::default();
        let mut limiter = Limiter::default();
        for chat in 0..30 {
            assert!(limiter.ready_at_ms(TELEGRAM, &limits) <= 1_000);
            limiter.take(TELEGRAM, &chat.to_string(), 1, &limits, 1_000);
        }
        assert_eq!(limiter.ready_at_ms(TELEGRAM, &limits), 1_034);
        assert!(limiter.ready_at_ms(Channel::Viber, &limits) <= 1_000);
    }

    #[test]
    fn a_chat_may_burst_and_then_waits() {
        let limits = Limits::default();
        let mut limiter = Limiter::default();
        for _ in 0..5 {
            assert!(limiter.chat_ready_at_ms(TELEGRAM, "42", &limits) <= 1_000);
            limiter.take(TELEGRAM, "42", 1, &limits, 1_000);
        }
        assert_eq!(limiter.chat_ready_at_ms(TELEGRAM, "42", &limits), 2_000);
        assert!(limiter.chat_ready_at_ms(TELEGRAM, "43", &limits) <= 1_000);
    }

    #[test]
    fn a_message_of_many_calls_makes_a_debt() {
        let limits = Limits::default();
        let mut limiter = Limiter::default();
        limiter.take(TELEGRAM, "42", 8, &limits, 0);
        assert_eq!(limiter.chat_ready_at_ms(TELEGRAM, "42", &limits), 4_000);
    }

    #[test]
    fn a_pause_is_never_shortened() {
        let mut limiter = Limiter::default();
        limiter.pause(TELEGRAM, 9_000);
        limiter.pause(TELEGRAM, 5_000);
        assert_eq!(limiter.ready_at_ms(TELEGRAM, &Limits::default()), 9_000);
    }

    #[test]
    fn quiet_chats_are_forgotten() {
        let limits = Limits::default();
        let mut limiter = Limiter::default();
        for second in 0..100 {
            limiter.forget_quiet_chats(&limits, second * 1_000);
            limiter.take(TELEGRAM, &second.to_string(), 1, &limits, second * 1_000);
        }
        assert!(limiter.bots[&TELEGRAM].chats.len() <= 2);
    }

    #[test]
    fn the_state_survives_being_stored() {
        let limits = Limits::default();
        let mut limiter = Limiter::default();
        limiter.take(TELEGRAM, "42", 2, &limits, 7);
        limiter.pause(Channel::Viber, 99);
        let stored = serde_json::to_string(&limiter).unwrap();
        assert_eq!(serde_json::from_str::<Limiter>(&stored).unwrap(), limiter);
        assert_eq!(
            serde_json::from_str::<Limiter>("{}").unwrap(),
            Limiter::default()
        );
    }

    #[test]
    fn a_clock_that_goes_back_does_no_harm() {
        let limits = Limits::default();
        let mut limiter = Limiter::default();
        limiter.take(TELEGRAM, "42", 1, &limits, 10_000);
        limiter.take(TELEGRAM, "42", 1, &limits, 5_000);
        assert!(limiter.chat_ready_at_ms(TELEGRAM, "42", &limits) <= 10_000);
    }
}
