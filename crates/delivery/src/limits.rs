//! How fast and how long delivery tries.

use vikno_domain::Channel;

/// The rates of one bot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChannelLimits {
    /// Calls a second of the whole bot; as many at once.
    pub per_second: f64,
    /// Calls a second to one chat.
    pub chat_per_second: f64,
    /// Calls at once to one chat that has been quiet.
    pub chat_burst: f64,
}

impl ChannelLimits {
    /// Telegram's published figures: about 30 a second in all, 1 a second to a chat with short bursts.
    pub const TELEGRAM: Self = Self {
        per_second: 30.0,
        chat_per_second: 1.0,
        chat_burst: 5.0,
    };
    /// Viber publishes none for single messages; the same do no harm.
    pub const VIBER: Self = Self {
        per_second: 30.0,
        chat_per_second: 1.0,
        chat_burst: 5.0,
    };

    /// Corezoid's default is 200 operations a second of an account.
    pub const COREZOID: Self = Self {
        per_second: 100.0,
        chat_per_second: 20.0,
        chat_burst: 20.0,
    };

    /// Takes other rates, as far as they are numbers above zero.
    pub fn with(self, per_second: Option<f64>, chat_per_second: Option<f64>) -> Self {
        let usable = |rate: &f64| rate.is_finite() && *rate > 0.0;
        let per_second = per_second.filter(usable).unwrap_or(self.per_second);
        let chat_per_second = chat_per_second
            .filter(usable)
            .unwrap_or(self.chat_per_second);
        Self {
            per_second,
            chat_per_second,
            chat_burst: self.chat_burst.max(chat_per_second),
        }
    }
}

/// Everything that bounds delivery.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The Telegram bot.
    pub telegram: ChannelLimits,
    /// The Viber bot.
    pub viber: ChannelLimits,
    /// An outside Corezoid.
    pub corezoid: ChannelLimits,
    /// After so many failed attempts a message is a dead letter: with the waits between them about 45 minutes.
    pub attempts_max: u32,
    /// A message that fails when it is older is a dead letter: an answer of yesterday helps nobody.
    pub age_max_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            telegram: ChannelLimits::TELEGRAM,
            viber: ChannelLimits::VIBER,
            corezoid: ChannelLimits::COREZOID,
            attempts_max: 12,
            age_max_ms: 24 * 3_600_000,
        }
    }
}

impl Limits {
    /// The rates of a channel; `None` for what has none (another organisation).
    pub fn of(&self, channel: Channel) -> Option<&ChannelLimits> {
        match channel {
            Channel::Telegram => Some(&self.telegram),
            Channel::Viber => Some(&self.viber),
            Channel::Api => Some(&self.corezoid),
            Channel::Web | Channel::Organisation => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sensible_rates_are_taken() {
        let changed = ChannelLimits::TELEGRAM.with(Some(500.0), Some(20.0));
        assert_eq!(
            (
                changed.per_second,
                changed.chat_per_second,
                changed.chat_burst
            ),
            (500.0, 20.0, 20.0)
        );
        for nonsense in [
            Some(0.0),
            Some(-1.0),
            Some(f64::NAN),
            Some(f64::INFINITY),
            None,
        ] {
            assert_eq!(
                ChannelLimits::TELEGRAM.with(nonsense, nonsense),
                ChannelLimits::TELEGRAM
            );
        }
    }
}
