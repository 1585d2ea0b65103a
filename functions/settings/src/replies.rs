//! `GET settings/replies`, `PUT` and `DELETE settings/replies/{id}`, `POST settings/replies/test`: the tree of automatic replies,
//! how it changes, and what it answers to a text.

use crate::command::{self, ReplyChange, ReplyTest};
use crate::tree::{Plan, Standing};
use crate::{BODY_LIMIT, parts, standing, texts, view};
use vikno_domain::{Channel, OrgId, instant_ms};
use vikno_identity::Authorised;
use vikno_organisation::{ChangedSettings, Organisation, ReplyList};
use vikno_replies::Situation;
use vikno_shell::{
    Problem, Reply, Request, changed_settings, json, json_body, now_ms, organisation_file, query,
    replies_file,
};
use vikno_steps::moment;
use vikno_storage::{Database, settings};

/// `GET replies`.
pub(crate) async fn tree(organisation: &Organisation) -> Reply {
    let database = Database::open(organisation.id.as_str()).await?;
    let changed = changed_settings(&database).await?;
    shown(&organisation.id, &changed)
}

/// The tree with these changes; what components have read of it may be a second old. Where a later release does not fit what was
/// changed: as citizens are served meanwhile, and why.
fn shown(org: &OrgId, changed: &ChangedSettings) -> Reply {
    let toml = organisation_file(org).map_err(Problem::fault)?;
    let file = replies_file(org).map_err(Problem::fault)?;
    let read = |changed: &ChangedSettings| {
        let organisation = Organisation::parse_changed(&toml, changed)?;
        let replies = organisation.replies(&file)?;
        Ok::<_, Vec<vikno_organisation::Problem>>((organisation, replies))
    };
    let (standing, problems) = match read(changed) {
        Ok(standing) => (standing, Vec::new()),
        Err(problems) => {
            let delivered = read(&ChangedSettings::default()).map_err(|own| {
                Problem::fault(own.first().map(ToString::to_string).unwrap_or_default())
            })?;
            (delivered, problems)
        }
    };
    let (organisation, replies) = standing;
    let list = ReplyList::standing(&organisation, &file).map_err(Problem::fault)?;
    let written = view::Written {
        list: &list,
        delivered: &texts::delivered(&organisation),
        changed,
        problems: &problems,
    };
    Ok(json(200, &view::replies(&organisation, &replies, &written)))
}

/// `PUT replies/{id}`, `DELETE replies/{id}` and `DELETE replies`.
pub(crate) async fn change(
    request: Request,
    organisation: &Organisation,
    id: Option<&str>,
    permit: &Authorised,
) -> Reply {
    let org = &organisation.id;
    let database = Database::open(org.as_str()).await?;
    let changed = changed_settings(&database).await?;
    let revision = changed.revision;
    let toml = organisation_file(org).map_err(Problem::fault)?;
    let (plan, seen) = match id {
        Some(id) => one(request, organisation, changed, &toml, id).await?,
        None => {
            let delivered = Organisation::parse(&toml).map_err(|own| {
                Problem::fault(own.first().map(ToString::to_string).unwrap_or_default())
            })?;
            let seen = command::revision(&query(&request))?;
            (Plan::delivered_again(changed, &delivered), seen)
        }
    };
    if revision != seen {
        return Err(command::stale());
    }
    parts::fits(org, &plan.after, &settings::queues_in_use(&database).await?)?;
    let changes: Vec<settings::Change<'_>> = plan
        .changes
        .iter()
        .map(|(part, value)| (part.as_str(), value.as_ref()))
        .collect();
    let changed = standing::change(&database, org, seen, &changes, permit).await?;
    shown(org, &changed)
}

/// What becomes of one reply, and the revision that the caller has seen.
async fn one(
    request: Request,
    organisation: &Organisation,
    changed: ChangedSettings,
    toml: &str,
    id: &str,
) -> Result<(Plan, i64), Problem> {
    let standing_now = Organisation::parse_changed(toml, &changed)
        .map_err(|problems| command::unfit(&problems))?;
    let file = replies_file(&organisation.id).map_err(Problem::fault)?;
    let standing = Standing {
        list: ReplyList::standing(&standing_now, &file).map_err(Problem::fault)?,
        delivered: texts::delivered(&standing_now),
        organisation: &standing_now,
        changed,
    };
    if request.method() == http::Method::PUT {
        let given: ReplyChange = json_body(request, BODY_LIMIT).await?;
        let seen = given.revision;
        let texts = vikno_shell::texts(organisation);
        return Ok((standing.with(id, given, &texts)?, seen));
    }
    let seen = command::revision(&query(&request))?;
    let plan = standing.without(id).ok_or_else(|| unknown(id))?;
    Ok((plan, seen))
}

fn unknown(id: &str) -> Problem {
    Problem::new(
        404,
        "unknown_reply",
        format!("There is no reply '{id}' here."),
    )
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
