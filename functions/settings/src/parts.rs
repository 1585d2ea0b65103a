//! `GET settings/parts`, `PUT` and `DELETE settings/{part}`, `GET settings/history`.

use crate::command::{self, PartChange};
use crate::{BODY_LIMIT, standing, view};
use vikno_domain::OrgId;
use vikno_identity::Authorised;
use vikno_organisation::{ChangedSettings, Organisation};
use vikno_shell::{
    Problem, Reply, Request, changed_settings, json, json_body, organisation_file, query,
    replies_file,
};
use vikno_storage::{Database, settings};

pub(crate) async fn all(org: &OrgId) -> Reply {
    let database = Database::open(org.as_str()).await?;
    shown(org, &changed_settings(&database).await?)
}

fn shown(org: &OrgId, changed: &ChangedSettings) -> Reply {
    let toml = organisation_file(org).map_err(Problem::fault)?;
    let (settings, problems) = match Organisation::parse_changed(&toml, changed) {
        Ok(settings) => (settings, vec![]),
        // A later release of the files does not fit what was changed; citizens are served as delivered meanwhile.
        Err(problems) => {
            let delivered = Organisation::parse(&toml).map_err(|own| {
                Problem::fault(own.first().map(ToString::to_string).unwrap_or_default())
            })?;
            (delivered, problems)
        }
    };
    Ok(json(200, &view::settings(&settings, changed, &problems)))
}

pub(crate) async fn change(
    request: Request,
    org: &OrgId,
    part: &str,
    permit: &Authorised,
) -> Reply {
    let part = command::part(part)?;
    let database = Database::open(org.as_str()).await?;
    let (value, seen) = if request.method() == http::Method::DELETE {
        (None, command::revision(&query(&request))?)
    } else {
        let given: PartChange = json_body(request, BODY_LIMIT).await?;
        (Some(given.value), given.revision)
    };
    let mut changed = changed_settings(&database).await?;
    if changed.revision != seen {
        return Err(command::stale());
    }
    match &value {
        Some(value) => changed.parts.insert(part, value.clone()),
        None => changed.parts.remove(&part),
    };
    fits(org, &changed, &settings::queues_in_use(&database).await?)?;
    let name = part.as_str();
    let change = [(name, value.as_ref())];
    let changed = standing::change(&database, org, seen, &change, permit).await?;
    shown(org, &changed)
}

/// Refuses what would not run: settings that do not parse, topics without their reply, queues taken from those who stand in
/// them.
pub(crate) fn fits(
    org: &OrgId,
    changed: &ChangedSettings,
    in_use: &[String],
) -> Result<(), Problem> {
    let toml = organisation_file(org).map_err(Problem::fault)?;
    let settings = Organisation::parse_changed(&toml, changed)
        .map_err(|problems| command::unfit(&problems))?;
    let lost = in_use.iter().find(|queue| settings.queue(queue).is_none());
    if let Some(queue) = lost {
        let detail = format!(
            "In the queue '{queue}' are dialogues that wait or are with an operator; move them to another one first."
        );
        return Err(Problem::new(409, "queue_in_use", detail));
    }
    let replies = replies_file(org).map_err(Problem::fault)?;
    match settings.replies(&replies) {
        Ok(_) => Ok(()),
        Err(problems) => Err(command::unfit(&problems)),
    }
}

pub(crate) async fn history(request: &Request, org: &OrgId) -> Reply {
    let before = match query(request).get("before") {
        None => i64::MAX,
        Some(cursor) => cursor.parse().map_err(|_| {
            let detail = "'before' must be the cursor of an earlier answer.";
            Problem::new(400, "invalid_cursor", detail)
        })?,
    };
    let database = Database::open(org.as_str()).await?;
    let changes = settings::history(&database, before).await?;
    Ok(json(200, &view::history(changes)))
}
