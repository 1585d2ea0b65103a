//! One text message through the provider's API.

use crate::settings::Settings;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use spin_sdk::http::{FullBody, send as send_request};
use spin_sdk::wasip3::http::types::RequestOptions;
use spin_sdk::wasip3::http_compat::RequestOptionsExtension;
use std::fmt;
use vikno_steps::Phone;
use vikno_steps::otp::{SmsRefused, sms_accepted, sms_body};

/// To reach the provider.
const CONNECT_NS: u64 = 3_000_000_000;
/// For the provider to begin its answer: a person is waiting.
const FIRST_BYTE_NS: u64 = 8_000_000_000;
/// An answer about one message is under 1 KB.
const ANSWER_MAX: usize = 64 * 1024;

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
    let (status, answer) = post(settings, body.into()).await.ok_or(NotSent::NoAnswer)?;
    sms_accepted(status, &answer).map_err(NotSent::Refused)
}

async fn post(settings: &Settings, body: Bytes) -> Option<(u16, Bytes)> {
    let base = settings.sms_api_url.trim_end_matches('/');
    let mut request = http::Request::post(format!("{base}/message/send.json"))
        .header("content-type", "application/json")
        .header("content-length", body.len())
        .header(
            "authorization",
            format!("Bearer {}", settings.sms_api_token),
        )
        .body(FullBody::new(body))
        .ok()?;
    let options = RequestOptions::new();
    // A host without such limits refuses them; then its own limit on the whole call holds.
    let _ = options.set_connect_timeout(Some(CONNECT_NS));
    let _ = options.set_first_byte_timeout(Some(FIRST_BYTE_NS));
    request
        .extensions_mut()
        .insert(RequestOptionsExtension(options));
    let response = send_request(request).await.ok()?;
    let status = response.status().as_u16();
    let mut incoming = response.into_body();
    let mut answer = BytesMut::new();
    while let Some(frame) = incoming.frame().await {
        if let Ok(data) = frame.ok()?.into_data() {
            if answer.len() + data.len() > ANSWER_MAX {
                return None;
            }
            answer.extend_from_slice(&data);
        }
    }
    Some((status, answer.freeze()))
}
