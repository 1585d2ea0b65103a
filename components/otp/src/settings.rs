//! The variables of this component.

use vikno_shell::variable;
use vikno_steps::otp::CodeKey;

/// What codes need; there is none of it when a part is missing.
pub(crate) struct Settings {
    pub(crate) key: CodeKey,
    pub(crate) sms_api_url: String,
    pub(crate) sms_api_token: String,
    pub(crate) sms_sender: String,
}

impl Settings {
    pub(crate) async fn read() -> Option<Self> {
        Some(Self {
            key: CodeKey::derive(&variable("master_key").await?)?,
            sms_api_url: variable("sms_api_url").await?,
            sms_api_token: variable("sms_api_token").await?,
            sms_sender: variable("sms_sender").await?,
        })
    }
}
