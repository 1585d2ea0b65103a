//! `GET settings/channels`, `PUT`, `DELETE settings/channels/{channel}`, `POST settings/channels/{channel}/check`: the bots of
//! an organisation. Tokens go on to `delivery`, which alone opens them and speaks with the messengers.

use crate::BODY_LIMIT;
use crate::command::{self, ChannelBot};
use serde_json::{Value, json};
use vikno_domain::{Channel, OrgId};
use vikno_identity::Authorised;
use vikno_shell::{Problem, Reply, Request, json_body};

/// Channels that have a bot.
const WITH_BOT: [Channel; 2] = [Channel::Telegram, Channel::Viber];
/// What `delivery` refuses and the caller can mend.
const FOR_THE_CALLER: [&str; 5] = [
    "no_bot",
    "no_public_url",
    "no_master_key",
    "bot_refused",
    "channel_unreachable",
];
/// Telegram's tokens are under 50 characters, Viber's under 60.
const TOKEN_CHARS_MAX: usize = 200;

pub(crate) async fn all(org: &OrgId) -> Reply {
    let mut shown = vec![];
    for channel in WITH_BOT {
        shown.push(ask(org, channel, &json!({ "act": "look" })).await?);
    }
    Ok(vikno_shell::json(200, &json!({ "channels": shown })))
}

pub(crate) async fn check(org: &OrgId, channel: &str) -> Reply {
    let channel = command::channel(channel)?;
    let shown = ask(org, channel, &json!({ "act": "look" })).await?;
    Ok(vikno_shell::json(200, &shown))
}

pub(crate) async fn register(
    request: Request,
    org: &OrgId,
    channel: &str,
    permit: &Authorised,
) -> Reply {
    let channel = command::channel(channel)?;
    let given: ChannelBot = json_body(request, BODY_LIMIT).await?;
    let token = given.token.trim();
    let is_plain = token.bytes().all(|byte| byte.is_ascii_graphic());
    // It becomes part of an address.
    if token.is_empty()
        || token.len() > TOKEN_CHARS_MAX
        || !is_plain
        || token.contains(['/', '?', '#', '%'])
    {
        let detail = "'token' must be the token as the messenger gave it out, and nothing else.";
        return Err(Problem::new(400, "invalid_field", detail));
    }
    let act = json!({ "act": "register", "token": token, "by": permit.person() });
    Ok(vikno_shell::json(200, &ask(org, channel, &act).await?))
}

pub(crate) async fn forget(org: &OrgId, channel: &str, permit: &Authorised) -> Reply {
    let channel = command::channel(channel)?;
    ask(
        org,
        channel,
        &json!({ "act": "forget", "by": permit.person() }),
    )
    .await?;
    Ok(vikno_shell::empty(204))
}

/// What `delivery` answers; its refusals are for the caller.
async fn ask(org: &OrgId, channel: Channel, act: &Value) -> Result<Value, Problem> {
    let path = format!("/{org}/channels/{channel}");
    let (status, answer): (u16, Value) = vikno_shell::call("delivery", &path, act)
        .await
        .map_err(Problem::fault)?;
    if status == 200 {
        return Ok(answer);
    }
    let detail = answer["detail"].as_str().unwrap_or_default().to_owned();
    let code = answer["type"]
        .as_str()
        .and_then(|kind| kind.rsplit('/').next());
    let code = FOR_THE_CALLER
        .into_iter()
        .find(|known| code == Some(*known));
    Err(match code {
        Some(code) => Problem::new(status, code, detail),
        None => Problem::fault(format!("delivery answered {status}: {detail}")),
    })
}
