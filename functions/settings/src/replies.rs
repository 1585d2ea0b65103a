//! `GET settings/replies`, `POST settings/replies/test`: the tree of automatic replies, and what it answers to a text.

use crate::command::ReplyTest;
use crate::{BODY_LIMIT, view};
use vikno_domain::{Channel, instant_ms};
use vikno_organisation::Organisation;
use vikno_replies::Situation;
use vikno_shell::{Problem, Reply, Request, json, json_body, now_ms};
use vikno_steps::moment;

pub(crate) fn tree(organisation: &Organisation) -> Reply {
    let replies = vikno_shell::replies(organisation).map_err(Problem::fault)?;
    let texts = vikno_shell::texts(organisation);
    Ok(json(200, &view::replies(organisation, &replies, &texts)))
}

pub(crate) async fn test(request: Request, organisation: &Organisation) -> Reply {
    let given: ReplyTest = json_body(request, BODY_LIMIT).await?;
    let replies = vikno_shell::replies(organisation).map_err(Problem::fault)?;
    let at_ms = match given.at.as_deref() {
        None => now_ms(),
        Some(at) => instant_ms(at).ok_or_else(|| {
            let detail = "'at' must be an instant as in RFC 3339, e.g. 2026-11-23T09:00:00Z.";
            Problem::new(400, "invalid_field", detail)
        })?,
    };
    if let Some(topic) = given
        .topic
        .as_deref()
        .filter(|id| replies.get(id).is_none())
    {
        let detail = format!("There is no topic or reply '{topic}'.");
        return Err(Problem::new(400, "invalid_field", detail));
    }
    let language = organisation.language(given.language.as_ref());
    let situation = Situation {
        language: language.clone(),
        channel: given.channel.unwrap_or(Channel::Web),
        identified: false,
        phone_known: false,
        dialogues: 0,
        moment: moment(organisation, at_ms),
        current: given.topic.clone(),
        asked: given.topic.into_iter().collect(),
        unhelpful: 0,
    };
    let explanation = replies.explain(&given.text, &situation);
    let texts = vikno_shell::texts(organisation);
    let answer = view::reply_test(organisation, &texts, language, &explanation);
    Ok(json(200, &answer))
}
