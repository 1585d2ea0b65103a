//! Viber's webhook: verifies, reads, writes the event into the organisation's inbox, and only then acknowledges.
//! It decides nothing about the dialogue.

mod welcome;

use bytes::Bytes;
use spin_sdk::http_service;
use std::borrow::Cow;
use vikno_channels::viber::{self, Callback};
use vikno_channels::{Refused, VerifiedBody};
use vikno_domain::{Channel, Content, InboundEvent, OrgId};
use vikno_shell::{Problem, Reply, Request, Response};
use vikno_storage::Database;
use vikno_storage::channel_bots::WebhookBot;
use vikno_storage::inbox::{self, Accepted};

/// A callback is a few KB; the largest (a text of 7,000 characters, escaped) is under 100 KB.
const BODY_LIMIT: usize = 1024 * 1024;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, receive).await
}

async fn receive(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let org = vikno_shell::org(&request)?;
    let given = vikno_shell::header(&request, "x-viber-content-signature").map(str::to_owned);
    let database = Database::open(org.as_str()).await?;
    let body = vikno_shell::body(request, BODY_LIMIT).await?;
    let verified = vikno_shell::with_webhook_bot(&database, &org, Channel::Viber, async |bot| {
        verified(bot, &org, given.as_deref(), &body).await
    })
    .await?;
    let received_at_ms = vikno_shell::now_ms();
    let callback = viber::parse(verified, received_at_ms).map_err(|error| {
        Problem::new(
            400,
            "broken_callback",
            format!("The body is no callback: {error}."),
        )
    })?;

    let event = recorded(&callback);
    let accepted = inbox::accept(&database, &event, received_at_ms).await?;
    drop(database);
    if let Accepted::New {
        is_awaited: false, ..
    } = accepted
    {
        vikno_shell::nudge("engine", format!("/{org}/run"));
    }
    Ok(match callback.welcome {
        true => welcome::answer(&org, &callback.event, received_at_ms).await,
        false => vikno_shell::empty(200),
    })
}

/// What goes into the inbox. Somebody who has opened the chat without subscribing cannot be sent anything (status 6,
/// which would mark them as gone): that is journaled, the welcome goes with the answer, and the dialogue begins with
/// their first message or button.
fn recorded(callback: &Callback) -> Cow<'_, InboundEvent> {
    let event = &callback.event;
    if !callback.welcome {
        return Cow::Borrowed(event);
    }
    Cow::Owned(InboundEvent {
        channel: event.channel,
        chat: event.chat.clone(),
        dedupe_key: event.dedupe_key.clone(),
        at_ms: event.at_ms,
        sender: event.sender.clone(),
        external_id: event.external_id.clone(),
        content: Content::Ignored {
            what: "opened_before_subscribing".to_owned(),
        },
    })
}

async fn verified<'a>(
    bot: Option<WebhookBot>,
    org: &OrgId,
    signature: Option<&str>,
    body: &'a Bytes,
) -> Result<VerifiedBody<'a>, Problem> {
    let verified = if bot.is_some() {
        attested(org, signature, body).await?
    } else {
        let token = vikno_shell::variable(&token_name(org.as_str())).await;
        viber::verify_signature(signature, &token.ok_or_else(closed)?, body)
    };
    verified.map_err(|refused| {
        Problem::new(
            401,
            "bad_signature",
            format!("X-Viber-Content-Signature: {refused}."),
        )
    })
}

/// The token of a bot that somebody made known is opened by `delivery` alone, so that checks the signature.
async fn attested<'a>(
    org: &OrgId,
    signature: Option<&str>,
    body: &'a Bytes,
) -> Result<Result<VerifiedBody<'a>, Refused>, Problem> {
    let signature = match signature {
        Some(signature) if signature.bytes().all(|byte| byte.is_ascii_hexdigit()) => signature,
        Some(_) => return Ok(Err(Refused::Wrong)),
        None => return Ok(Err(Refused::Missing)),
    };
    let path = format!("/{org}/channels/viber/signature/{signature}");
    let (status, _) = vikno_shell::post("delivery", &path, body.clone())
        .await
        .map_err(Problem::fault)?;
    match status {
        204 => Ok(Ok(viber::attested(body))),
        401 => Ok(Err(Refused::Wrong)),
        _ => Err(Problem::fault(format!("delivery answered {status}"))),
    }
}

/// Names of settings have no dash.
fn token_name(org: &str) -> String {
    format!("{}_viber_token", org.replace('-', "_"))
}

fn closed() -> Problem {
    Problem::new(
        404,
        "channel_closed",
        "No organisation takes Viber messages here: set its token to open the channel.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(welcome: bool) -> Callback {
        Callback {
            welcome,
            event: InboundEvent {
                channel: Channel::Viber,
                chat: "xy5/5y6O81+/kbWHpLhBoA==".to_owned(),
                dedupe_key: "1:conversation_started".to_owned(),
                at_ms: 1,
                sender: None,
                external_id: None,
                content: Content::SessionStarted { context: None },
            },
        }
    }

    #[test]
    fn only_a_subscriber_who_opens_the_chat_starts_a_session() {
        assert_eq!(recorded(&opened(false)).content.kind(), "session_started");
        assert_eq!(recorded(&opened(true)).content.kind(), "ignored");
    }

    #[test]
    fn a_setting_is_named_after_its_organisation() {
        assert_eq!(token_name("city-water"), "city_water_viber_token");
    }
}
