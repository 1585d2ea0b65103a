//! Telegram's webhook: verifies, reads, writes the event into the organisation's inbox, and only then acknowledges.
//! It decides nothing about the dialogue.

use serde_json::json;
use spin_sdk::http_service;
use vikno_channels::VerifiedBody;
use vikno_channels::telegram::{self, Update};
use vikno_domain::{Channel, OrgId};
use vikno_shell::{Problem, Reply, Request, Response};
use vikno_storage::Database;
use vikno_storage::channel_bots::WebhookBot;
use vikno_storage::inbox::{self, Accepted};

/// An update is a few KB; the largest (a text of 4,096 characters with its entities) is well under 100 KB.
const BODY_LIMIT: usize = 1024 * 1024;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, receive).await
}

async fn receive(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let org = vikno_shell::org(&request)?;
    let given = vikno_shell::header(&request, "x-telegram-bot-api-secret-token").map(str::to_owned);
    let given = given.as_deref();
    let database = Database::open(org.as_str()).await?;
    let body = vikno_shell::body(request, BODY_LIMIT).await?;
    let verified = vikno_shell::with_webhook_bot(&database, &org, Channel::Telegram, async |bot| {
        verified(bot, &org, given, &body).await
    })
    .await?;
    let received_at_ms = vikno_shell::now_ms();
    let update = telegram::parse(verified, received_at_ms).map_err(|error| {
        Problem::new(
            400,
            "broken_update",
            format!("The body is no update: {error}."),
        )
    })?;

    let accepted = inbox::accept(&database, &update.event, received_at_ms).await?;
    if let Accepted::New {
        is_awaited: false, ..
    } = accepted
    {
        vikno_shell::nudge("engine", format!("/{org}/run"));
    }
    Ok(acknowledgement(&update))
}

/// Of a bot that somebody made known we keep the secret's digest; else the deployment has a variable.
async fn verified<'a>(
    bot: Option<WebhookBot>,
    org: &OrgId,
    given: Option<&str>,
    body: &'a [u8],
) -> Result<VerifiedBody<'a>, Problem> {
    let verified = if let Some(bot) = bot {
        let digest = bot.secret_sha256.as_deref().unwrap_or_default();
        telegram::verify_secret_digest(given, digest, body)
    } else {
        let secret = vikno_shell::variable(&secret_name(org.as_str())).await;
        telegram::verify_secret(given, &secret.ok_or_else(closed)?, body)
    };
    verified.map_err(|refused| {
        Problem::new(
            401,
            "bad_secret",
            format!("X-Telegram-Bot-Api-Secret-Token: {refused}."),
        )
    })
}

/// Telegram carries out a method that the answer names. A pressed button is released that way, which costs no call.
fn acknowledgement(update: &Update) -> Response {
    match &update.callback {
        Some(id) => vikno_shell::json(
            200,
            &json!({ "method": "answerCallbackQuery", "callback_query_id": id }),
        ),
        None => vikno_shell::empty(200),
    }
}

/// Names of settings have no dash.
fn secret_name(org: &str) -> String {
    format!("{}_telegram_secret", org.replace('-', "_"))
}

fn closed() -> Problem {
    Problem::new(
        404,
        "channel_closed",
        "No organisation takes Telegram messages here: set its secret to open the channel.",
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_setting_is_named_after_its_organisation() {
        assert_eq!(
            super::secret_name("city-water"),
            "city_water_telegram_secret"
        );
    }
}
