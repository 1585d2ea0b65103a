//! Sending and checking codes: limits first, then the row, then the message.

use crate::settings::Settings;
use crate::sms::{self, NotSent};
use serde_json::{Map, json};
use vikno_domain::Language;
use vikno_shell::{log_error, new_id, now_ms, random};
use vikno_steps::Phone;
use vikno_steps::otp::{
    CodeOwner, LIFETIME_S, Outcome, SendHistory, TRIES_MAX, code_from, may_send,
};
use vikno_storage::otp::{NewCode, attempt, consume, issue, withdraw};
use vikno_storage::{Database, StorageError};
use vikno_texts::Texts;

/// Codes with their settings and their table.
pub(crate) struct Codes {
    settings: Settings,
    database: Database,
}

impl Codes {
    /// None where codes are not set up.
    pub(crate) async fn open() -> Result<Option<Self>, StorageError> {
        let Some(settings) = Settings::read().await else {
            log_error("otp_not_configured", json!({}));
            return Ok(None);
        };
        let database = Database::open("core").await?;
        Ok(Some(Self { settings, database }))
    }

    /// Makes a code and sends it.
    pub(crate) async fn send(
        &self,
        purpose: &str,
        phone: &Phone,
        org: Option<&str>,
        texts: &Texts,
        language: &Language,
    ) -> Result<Outcome, StorageError> {
        if !phone.may_get_codes() {
            return Ok(Outcome::NotSupported);
        }
        let (id, code) = (new_id("t"), code_from(random()));
        let owner = CodeOwner {
            purpose,
            phone,
            org,
        };
        let Ok(text) = texts.render(
            language,
            "otp-sms",
            &Map::from_iter([("code".to_owned(), json!(code))]),
        ) else {
            log_error("otp_text_missing", json!({ "language": language }));
            return Ok(Outcome::Unavailable);
        };
        let now_ms = now_ms();
        let row = NewCode {
            id: &id,
            purpose,
            subject: &self.settings.key.subject(phone),
            org,
            code_hash: &self.settings.key.hash(&id, owner, &code),
            now_ms,
            expires_at_ms: now_ms + LIFETIME_S * 1_000,
        };
        let allowed = issue(&self.database, row, |sent| {
            let history = SendHistory {
                last_at_ms: sent.last_at_ms,
                last_hour: sent.last_hour,
            };
            may_send(history, now_ms)
        });
        if let Err(too_often) = allowed.await? {
            return Ok(Outcome::TooOften(too_often));
        }
        self.post(&id, phone, &text).await
    }

    async fn post(&self, id: &str, phone: &Phone, text: &str) -> Result<Outcome, StorageError> {
        let Err(not_sent) = sms::send(&self.settings, phone, text).await else {
            return Ok(Outcome::Sent);
        };
        log_error("sms_not_sent", json!({ "cause": not_sent.to_string() }));
        match not_sent {
            NotSent::Refused(_) => withdraw(&self.database, id).await?,
            // It may have arrived all the same: then the code is good.
            NotSent::NoAnswer => {}
        }
        Ok(Outcome::Unavailable)
    }

    /// Tries a code; a right one is used up.
    pub(crate) async fn verify(
        &self,
        purpose: &str,
        phone: &Phone,
        org: Option<&str>,
        code: &str,
    ) -> Result<Outcome, StorageError> {
        let key = &self.settings.key;
        let subject = key.subject(phone);
        let tried = attempt(&self.database, purpose, &subject, TRIES_MAX, now_ms()).await?;
        let Some(tried) = tried else {
            return Ok(Outcome::Expired);
        };
        let owner = CodeOwner {
            purpose,
            phone,
            org,
        };
        if !key.is_right(&tried.id, owner, code, &tried.code_hash) {
            return Ok(Outcome::Wrong(TRIES_MAX.saturating_sub(tried.attempts)));
        }
        if consume(&self.database, &tried.id).await? {
            Ok(Outcome::Verified(phone.clone()))
        } else {
            Ok(Outcome::Expired)
        }
    }
}
