//! `GET settings/texts`, `PUT` and `DELETE settings/texts/{id}`: what is said to citizens, by language.

use crate::command::{self, TextChange};
use crate::view::{self, Delivered, TextView};
use crate::{BODY_LIMIT, standing};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::OrgId;
use vikno_identity::Authorised;
use vikno_organisation::{
    ChangedSettings, Organisation, ProcessBundle, Said, TEXT_PREFIX, check_text, said, said_texts,
};
use vikno_shell::{
    Problem, Reply, Request, changed_settings, delivered_ftl, json_body, query, replies,
};
use vikno_storage::{Database, versions};
use vikno_texts::{Texts, patterns};

/// What an organisation says.
struct Speech {
    said: Said,
    used_in: BTreeMap<String, BTreeSet<String>>,
    delivered: Delivered,
}

/// The patterns of the deployment's files.
pub(crate) fn delivered(organisation: &Organisation) -> Delivered {
    let languages = organisation.languages.iter();
    languages
        .map(|language| {
            let layers = delivered_ftl(&organisation.id, language);
            let layers = layers.iter().flat_map(|ftl| patterns(ftl));
            (language.clone(), layers.collect())
        })
        .collect()
}

impl Speech {
    async fn read(database: &Database, organisation: &Organisation) -> Result<Self, Problem> {
        let bundle = match versions::newest_bundle(database).await? {
            Some((_, json)) => Some(ProcessBundle::of(
                serde_json::from_str(&json).map_err(Problem::fault)?,
            )),
            None => None,
        };
        let replies = replies(organisation).map_err(Problem::fault)?;
        let mut used_in: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for text in bundle.iter().flat_map(said_texts) {
            used_in.entry(text.id).or_default().insert(text.process);
        }
        Ok(Self {
            said: said(Some(&replies), bundle.as_ref()),
            used_in,
            delivered: delivered(organisation),
        })
    }

    fn shown(&self, organisation: &Organisation, changed: &ChangedSettings) -> Vec<TextView> {
        view::texts(
            organisation,
            &self.delivered,
            changed,
            &self.said,
            &self.used_in,
        )
    }
}

pub(crate) async fn all(org: &OrgId) -> Reply {
    let organisation = vikno_shell::served_organisation(org).await?;
    let database = Database::open(org.as_str()).await?;
    let changed = changed_settings(&database).await?;
    let speech = Speech::read(&database, &organisation).await?;
    Ok(shown(&organisation, &changed, &speech))
}

fn shown(
    organisation: &Organisation,
    changed: &ChangedSettings,
    speech: &Speech,
) -> vikno_shell::Response {
    let answer = json!({
        "languages": organisation.languages, "default_language": organisation.default_language,
        "revision": changed.revision, "texts": speech.shown(organisation, changed),
    });
    vikno_shell::json(200, &answer)
}

pub(crate) async fn change(request: Request, org: &OrgId, id: &str, permit: &Authorised) -> Reply {
    let organisation = vikno_shell::served_organisation(org).await?;
    let database = Database::open(org.as_str()).await?;
    let speech = Speech::read(&database, &organisation).await?;
    let given = speech.said.get(id).cloned().unwrap_or_default();
    let is_written = speech
        .delivered
        .values()
        .any(|texts| texts.contains_key(id));
    if !speech.said.contains_key(id) && !is_written {
        let detail = format!("Nothing here says a text '{id}'.");
        return Err(Problem::new(404, "unknown_text", detail));
    }
    let (value, seen) = if request.method() == http::Method::DELETE {
        (None, command::revision(&query(&request))?)
    } else {
        let change: TextChange = json_body(request, BODY_LIMIT).await?;
        let texts = vikno_shell::texts(&organisation);
        fits(&organisation, id, &change, &given, &texts)?;
        (Some(written(&change)), change.revision)
    };
    let part = format!("{TEXT_PREFIX}{id}");
    let change = [(part.as_str(), value.as_ref())];
    let changed = standing::change(&database, org, seen, &change, permit).await?;
    Ok(shown(&organisation, &changed, &speech))
}

fn fits(
    organisation: &Organisation,
    id: &str,
    change: &TextChange,
    given: &BTreeSet<String>,
    texts: &Texts,
) -> Result<(), Problem> {
    let foreign = change
        .values
        .keys()
        .find(|language| !organisation.languages.contains(language));
    if let Some(language) = foreign {
        let detail = format!("The organisation does not speak '{language}'.");
        return Err(Problem::new(400, "invalid_field", detail));
    }
    let problems: Vec<_> = change
        .values
        .iter()
        .flat_map(|(language, pattern)| check_text(id, language, pattern, given, texts))
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(command::unfit(&problems))
    }
}

fn written(change: &TextChange) -> Value {
    let patterns = change.values.iter();
    let patterns = patterns.map(|(language, text)| (language.to_string(), text.trim().into()));
    Value::Object(patterns.collect())
}
