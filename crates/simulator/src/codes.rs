//! One-time codes without a provider: the same limits and answers as in production, and always the same code, so that
//! a scenario can write it.

use std::collections::BTreeMap;
use vikno_domain::StepRequest;
use vikno_steps::Phone;
use vikno_steps::otp::{
    LIFETIME_S, Outcome, SendHistory, TRIES_MAX, Wish, code_from, may_send, wish,
};

/// What is drawn in place of chance; the code of it is [`SIMULATED_CODE`].
const DRAWN: [u8; 8] = 123_456_u64.to_be_bytes();
/// The code that every simulated text message holds.
pub const SIMULATED_CODE: &str = "123456";
const HOUR_MS: i64 = 3_600_000;

/// The codes sent in one dialogue, by number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Codes(BTreeMap<String, Sent>);

#[derive(Debug, Clone, Default)]
struct Sent {
    at_ms: Vec<i64>,
    /// Tries made at the newest code; none when it is used up.
    tries: Option<u32>,
}

impl Codes {
    pub(crate) fn carry_out(&mut self, request: &StepRequest) -> Outcome {
        match wish(request) {
            Wish::Unclear => Outcome::Unclear,
            Wish::NoCode => Outcome::NoCode,
            Wish::Send(phone) if !phone.may_get_codes() => Outcome::NotSupported,
            Wish::Send(phone) => self.send(&phone, request.now_ms),
            Wish::Verify(phone, code) => self.verify(phone, &code, request.now_ms),
        }
    }

    fn send(&mut self, phone: &Phone, now_ms: i64) -> Outcome {
        let sent = self.0.entry(phone.as_str().to_owned()).or_default();
        let in_last_hour = sent.at_ms.iter().filter(|at| now_ms - **at < HOUR_MS);
        let history = SendHistory {
            last_at_ms: sent.at_ms.last().copied(),
            last_hour: u32::try_from(in_last_hour.count()).unwrap_or(u32::MAX),
        };
        match may_send(history, now_ms) {
            Ok(()) => {
                sent.at_ms.push(now_ms);
                sent.tries = Some(0);
                Outcome::Sent
            }
            Err(too_often) => Outcome::TooOften(too_often),
        }
    }

    fn verify(&mut self, phone: Phone, code: &str, now_ms: i64) -> Outcome {
        let Some(sent) = self.0.get_mut(phone.as_str()) else {
            return Outcome::Expired;
        };
        let age_ms = now_ms - sent.at_ms.last().copied().unwrap_or_default();
        let living = sent
            .tries
            .filter(|tries| *tries < TRIES_MAX && age_ms < LIFETIME_S * 1_000);
        let Some(tries) = living else {
            return Outcome::Expired;
        };
        if code == code_from(DRAWN) {
            sent.tries = None;
            return Outcome::Verified(phone);
        }
        sent.tries = Some(tries + 1);
        Outcome::Wrong(TRIES_MAX - tries - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{DRAWN, SIMULATED_CODE, code_from};

    #[test]
    fn the_code_is_the_one_that_is_documented() {
        assert_eq!(code_from(DRAWN), SIMULATED_CODE);
    }
}
