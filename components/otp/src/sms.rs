//! One text message through the provider's API.

use crate::settings::Settings;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use std::fmt;
use vikno_shell::outbound;
use vikno_steps::Phone;
use vikno_steps::otp::{SmsRefused, sms_accepted, sms_body};

/// Why a message is not known to be on its way.
pub(crate) enum NotSent {
    /// The provider said no.
    Refused(SmsRefused),
    /// Nobody answered; it may have been sent.
    NoAnswer,
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(f),
            Self::NoAnswer => f.write_str("the SMS provider did not answer"),
        }
    }
}

/// Hands a message to the provider.
pub(crate) async fn send(settings: &Settings, phone: &Phone, text: &str) -> Result<(), NotSent> {
    let body = sms_body(phone, &settings.sms_sender, text).to_string();
    let (status, answer) = post(settings, body).await.ok_or(NotSent::NoAnswer)?;
    sms_accepted(status, &answer).map_err(NotSent::Refused)
}

async fn post(settings: &Settings, body: String) -> Option<(u16, Bytes)> {
    let base = settings.sms_api_url.trim_end_matches('/');
    let url = format!("{base}/message/send.json");
    let token = format!("Bearer {}", settings.sms_api_token);
    let answer = outbound::post(
        &url,
        "application/json",
        Some((AUTHORIZATION, &token)),
        body,
    )
    .await
    .ok()?;
    Some((answer.status, answer.body))
}
