//! What is shown of settings, their history, texts and replies. Pure.

use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::{Language, rfc3339};
use vikno_organisation::{
    ChangedSettings, ORGANISATION_ARGUMENT, Organisation, Part, Problem, ReplyList,
};
use vikno_replies::{Explanation, Replies};
use vikno_storage::settings::{self, PastChange};
use vikno_texts::Texts;

/// All parts as they stand; `problems` tell why changed ones are not in force.
pub(crate) fn settings(
    organisation: &Organisation,
    changed: &ChangedSettings,
    problems: &[Problem],
) -> Value {
    let parts: BTreeMap<&str, Value> = Part::ALL
        .into_iter()
        .map(|part| {
            let own = changed.parts.contains_key(&part);
            let shown = json!({ "value": part.value(organisation), "own": own });
            (part.as_str(), shown)
        })
        .collect();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    json!({
        "revision": changed.revision, "parts": parts, "languages": organisation.languages,
        "time_zone": organisation.hours.time_zone, "problems": problems,
    })
}

/// A page of the history, with the cursor of the next one.
pub(crate) fn history(changes: Vec<PastChange>) -> Value {
    let is_full = i64::try_from(changes.len()).is_ok_and(|count| count >= settings::PAGE);
    let last = changes.last().map(|change| change.revision.to_string());
    let changes: Vec<Value> = changes
        .into_iter()
        .map(|change| {
            json!({
                "revision": change.revision, "part": change.part, "before": change.before, "after": change.after,
                "at": rfc3339(change.at_ms), "by": { "id": change.by.id, "name": change.by.name },
            })
        })
        .collect();
    json!({ "changes": changes, "cursor": last.filter(|_| is_full) })
}

/// What a text says in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TextValue {
    /// Fluent pattern.
    pub(crate) text: String,
    /// Whether somebody changed it here.
    pub(crate) own: bool,
}

/// A text in all languages of the organisation.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TextView {
    pub(crate) id: String,
    /// `null` where it is missing.
    pub(crate) values: BTreeMap<Language, Option<TextValue>>,
    /// What it may name.
    pub(crate) placeholders: BTreeSet<String>,
    /// Aliases of the processes that say it by themselves.
    pub(crate) used_in: BTreeSet<String>,
}

/// Patterns of a language as delivered, by id.
pub(crate) type Delivered = BTreeMap<Language, BTreeMap<String, String>>;

/// Every text that is said or stands in a file.
pub(crate) fn texts(
    organisation: &Organisation,
    delivered: &Delivered,
    changed: &ChangedSettings,
    said: &BTreeMap<String, BTreeSet<String>>,
    used_in: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<TextView> {
    let written = delivered.values().flat_map(BTreeMap::keys);
    let ids: BTreeSet<&String> = said.keys().chain(written).collect();
    let value = |language: &Language, id: &str| {
        let of = |layer: &BTreeMap<Language, BTreeMap<String, String>>| {
            layer.get(language)?.get(id).cloned()
        };
        let own = of(&changed.texts).map(|text| TextValue { text, own: true });
        own.or_else(|| of(delivered).map(|text| TextValue { text, own: false }))
    };
    ids.into_iter()
        .map(|id| {
            let mut placeholders = said.get(id).cloned().unwrap_or_default();
            placeholders.insert(ORGANISATION_ARGUMENT.to_owned());
            TextView {
                id: id.clone(),
                values: organisation
                    .languages
                    .iter()
                    .map(|language| (language.clone(), value(language, id)))
                    .collect(),
                placeholders,
                used_in: used_in.get(id).cloned().unwrap_or_default(),
            }
        })
        .collect()
}

/// What a tree is written by.
pub(crate) struct Written<'a> {
    pub(crate) list: &'a ReplyList,
    pub(crate) delivered: &'a Delivered,
    pub(crate) changed: &'a ChangedSettings,
    /// Why what was changed is not in force.
    pub(crate) problems: &'a [Problem],
}

/// The tree of automatic replies, each as it is written, with the patterns of its label and answer.
pub(crate) fn replies(organisation: &Organisation, replies: &Replies, written: &Written) -> Value {
    let Written {
        list,
        delivered,
        changed,
        problems,
    } = written;
    let said = |id: &str| -> BTreeMap<&str, Option<&String>> {
        let languages = organisation.languages.iter();
        languages
            .map(|language| {
                let own = changed.texts.get(language).and_then(|texts| texts.get(id));
                let text = own.or_else(|| delivered.get(language)?.get(id));
                (language.as_str(), text)
            })
            .collect()
    };
    let all = replies.all();
    let shown: Vec<Value> = all
        .iter()
        .map(|reply| {
            let under = reply.under.and_then(|above| all.get(above));
            json!({
                "id": reply.id, "under": under.map(|above| &above.id), "topic": reply.topic, "depth": reply.depth,
                "label": said(&format!("topic-{}", reply.id)), "text": reply.text, "answer": said(&reply.text),
                "buttons": reply.buttons, "variants": reply.variants.len(), "written": list.get(&reply.id),
                "own_topic": organisation.topic(&reply.id).map(|topic| json!({
                    "queue": topic.queue, "priority": topic.priority,
                })),
            })
        })
        .collect();
    let queues: Vec<Value> = organisation
        .queues
        .iter()
        .map(|queue| json!({ "id": queue.id, "name": queue.name }))
        .collect();
    json!({
        "replies": shown, "revision": changed.revision, "own": changed.replies.is_some(), "queues": queues,
        "languages": organisation.languages, "problems": problems.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// What a text given to the robot leads to, with the words of the answer.
pub(crate) fn reply_test(
    organisation: &Organisation,
    texts: &Texts,
    language: &Language,
    explanation: &Explanation,
) -> Value {
    let answer = explanation.text.as_deref();
    json!({
        "answer": answer.and_then(|id| rendered(organisation, texts, language, id)),
        "explanation": explanation,
    })
}

fn rendered(
    organisation: &Organisation,
    texts: &Texts,
    language: &Language,
    id: &str,
) -> Option<String> {
    let name = organisation.name.get(language).into();
    let args = [(ORGANISATION_ARGUMENT.to_owned(), name)];
    texts.render(language, id, &args.into_iter().collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ukc() -> Organisation {
        Organisation::parse(include_str!("../../../organisations/ukc/organisation.toml")).unwrap()
    }

    fn language(code: &str) -> Language {
        Language::parse(code).unwrap()
    }

    fn layer(texts: &[(&str, &str, &str)]) -> Delivered {
        let mut layer = Delivered::new();
        for (code, id, text) in texts {
            let language = layer.entry(language(code)).or_default();
            language.insert((*id).to_owned(), (*text).to_owned());
        }
        layer
    }

    #[test]
    fn a_text_is_shown_with_what_is_changed_and_what_is_missing() {
        let delivered = layer(&[
            ("uk", "menu", "Меню"),
            ("en", "menu", "Menu"),
            ("uk", "hi", "Привіт"),
        ]);
        let changed = ChangedSettings {
            texts: layer(&[("uk", "menu", "До меню")]),
            ..ChangedSettings::default()
        };
        let said = BTreeMap::from([
            ("hi".to_owned(), BTreeSet::from(["name".to_owned()])),
            ("bye".to_owned(), BTreeSet::new()),
        ]);
        let used_in = BTreeMap::from([("hi".to_owned(), BTreeSet::from(["project".to_owned()]))]);
        let shown = texts(&ukc(), &delivered, &changed, &said, &used_in);
        let shown = serde_json::to_value(shown).unwrap();
        assert_eq!(
            shown,
            json!([
                {"id": "bye", "values": {"en": null, "uk": null}, "placeholders": ["organisation"], "used_in": []},
                {"id": "hi", "values": {"en": null, "uk": {"text": "Привіт", "own": false}},
                 "placeholders": ["name", "organisation"], "used_in": ["project"]},
                {"id": "menu", "values": {"en": {"text": "Menu", "own": false}, "uk": {"text": "До меню", "own": true}},
                 "placeholders": ["organisation"], "used_in": []},
            ])
        );
    }

    #[test]
    fn parts_say_whether_they_are_as_delivered() {
        let mut changed = ChangedSettings::default();
        changed.parts.insert(Part::Timers, json!({}));
        let shown = settings(&ukc(), &changed, &[]);
        assert_eq!(shown["parts"]["timers"]["own"], true);
        assert_eq!(shown["parts"]["hours"]["own"], false);
        assert_eq!(shown["parts"]["timers"]["value"]["vote_s"], 86_400);
    }
}
