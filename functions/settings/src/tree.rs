//! What a change of one automatic reply comes to: the list of replies, its topic and its texts, which are kept together. Pure.

use crate::command::{ReplyChange, unfit};
use crate::view::Delivered;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::Language;
use vikno_organisation::{
    ChangedSettings, ORGANISATION_ARGUMENT, Organisation, Part, Problem, REPLIES, ReplyList,
    TEXT_PREFIX, check_text,
};
use vikno_shell as shell;
use vikno_texts::Texts;

/// What stands.
pub(crate) struct Standing<'a> {
    pub(crate) organisation: &'a Organisation,
    pub(crate) changed: ChangedSettings,
    pub(crate) list: ReplyList,
    pub(crate) delivered: Delivered,
}

/// What will stand, and by which changes.
pub(crate) struct Plan {
    pub(crate) after: ChangedSettings,
    pub(crate) changes: Vec<(String, Option<Value>)>,
}

/// The text ids of a reply: its label, and its answer.
pub(crate) fn text_ids(id: &str, reply: Option<&Map<String, Value>>) -> (String, String) {
    let own = reply.and_then(|reply| reply.get("text")?.as_str());
    let answer = own.map_or_else(|| format!("answer-{id}"), str::to_owned);
    (format!("topic-{id}"), answer)
}

impl Standing<'_> {
    /// The reply with this id is added or becomes another.
    pub(crate) fn with(
        self,
        id: &str,
        given: ReplyChange,
        texts: &Texts,
    ) -> Result<Plan, shell::Problem> {
        let (label, answer) = text_ids(id, Some(&given.reply));
        let mut problems = Vec::new();
        let mut plan = self.plan();
        for (text, patterns) in [(&label, &given.label), (&answer, &given.answer)] {
            self.check(text, patterns, texts, &mut problems);
            let own = self.own_patterns(text, patterns);
            plan.say(text, own);
        }
        problems.extend(self.missing(&plan.after, [&label, &answer]));
        if !problems.is_empty() {
            return Err(unfit(&problems));
        }
        let mut topics = self.topics();
        topics.retain(|topic| topic["id"] != id);
        if let Some(topic) = &given.topic {
            let place = self.topics().iter().position(|topic| topic["id"] == id);
            let written = json!({ "id": id, "queue": topic.queue, "priority": topic.priority });
            topics.insert(place.unwrap_or(topics.len()), written);
        }
        if topics != self.topics() {
            plan.part(Part::Topics, topics.into());
        }
        plan.replies(&self.list.with(id, given.reply));
        Ok(plan)
    }

    /// The reply is taken away with its topic and the texts that were written here; `None` when there is none.
    pub(crate) fn without(self, id: &str) -> Option<Plan> {
        let (label, answer) = text_ids(id, self.list.get(id));
        let mut plan = self.plan();
        for text in [label, answer] {
            plan.unsay(&text);
        }
        let mut topics = self.topics();
        topics.retain(|topic| topic["id"] != id);
        if topics != self.topics() {
            plan.part(Part::Topics, topics.into());
        }
        plan.replies(&self.list.without(id)?);
        Some(plan)
    }

    fn plan(&self) -> Plan {
        Plan {
            after: self.changed.clone(),
            changes: Vec::new(),
        }
    }

    fn topics(&self) -> Vec<Value> {
        let value = Part::Topics.value(self.organisation);
        value.as_array().cloned().unwrap_or_default()
    }

    fn check(
        &self,
        id: &str,
        patterns: &BTreeMap<Language, String>,
        texts: &Texts,
        problems: &mut Vec<Problem>,
    ) {
        let given = BTreeSet::from([ORGANISATION_ARGUMENT.to_owned()]);
        for (language, pattern) in patterns {
            if self.organisation.languages.contains(language) {
                problems.extend(check_text(id, language, pattern, &given, texts));
            } else {
                let message = "is not spoken here; take it out";
                problems.push(Problem::new(
                    "settings",
                    format!("texts.{id}.{language}"),
                    message,
                ));
            }
        }
    }

    /// What of it stands changed: what is as delivered stays so, also with the next release.
    fn own_patterns(
        &self,
        id: &str,
        given: &BTreeMap<Language, String>,
    ) -> BTreeMap<Language, String> {
        let mut own: BTreeMap<Language, String> = self
            .changed
            .texts
            .iter()
            .filter_map(|(language, texts)| Some((language.clone(), texts.get(id)?.clone())))
            .collect();
        for (language, pattern) in given {
            let pattern = pattern.trim();
            let delivered = self.delivered.get(language).and_then(|texts| texts.get(id));
            if delivered.is_some_and(|delivered| delivered == pattern) {
                own.remove(language);
            } else {
                own.insert(language.clone(), pattern.to_owned());
            }
        }
        own
    }

    /// A reply is named and given in every language.
    fn missing<'b>(
        &self,
        after: &ChangedSettings,
        ids: impl IntoIterator<Item = &'b String>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        for id in ids {
            for language in &self.organisation.languages {
                let is_in = |layer: &Delivered| {
                    layer
                        .get(language)
                        .is_some_and(|texts| texts.contains_key(id))
                };
                if !is_in(&after.texts) && !is_in(&self.delivered) {
                    let place = format!("texts.{id}.{language}");
                    problems.push(Problem::new(
                        "settings",
                        place,
                        "is missing; write the text",
                    ));
                }
            }
        }
        problems
    }
}

impl Plan {
    /// The tree is again what the deployment delivers, with its topics: what people changed of those that it has stays.
    pub(crate) fn delivered_again(changed: ChangedSettings, delivered: &Organisation) -> Self {
        let mut plan = Self {
            after: changed,
            changes: Vec::new(),
        };
        if let Some(changed) = plan.after.parts.get(&Part::Topics) {
            let all = Part::Topics.value(delivered);
            let changed = changed.as_array().into_iter().flatten();
            let own = |id: &Value| changed.clone().find(|topic| topic["id"] == *id).cloned();
            let topics = all.as_array().into_iter().flatten();
            let topics: Value = topics
                .map(|topic| own(&topic["id"]).unwrap_or_else(|| topic.clone()))
                .collect();
            if topics == all {
                plan.after.parts.remove(&Part::Topics);
                plan.changes.push((Part::Topics.as_str().to_owned(), None));
            } else {
                plan.part(Part::Topics, topics);
            }
        }
        plan.after.replies = None;
        plan.changes.push((REPLIES.to_owned(), None));
        plan
    }

    fn part(&mut self, part: Part, value: Value) {
        self.changes
            .push((part.as_str().to_owned(), Some(value.clone())));
        self.after.parts.insert(part, value);
    }

    fn replies(&mut self, list: &ReplyList) {
        let value = list.value();
        self.changes.push((REPLIES.to_owned(), Some(value.clone())));
        self.after.replies = Some(value);
    }

    fn say(&mut self, id: &str, own: BTreeMap<Language, String>) {
        let standing = |settings: &ChangedSettings| -> BTreeMap<Language, String> {
            let texts = settings.texts.iter();
            texts
                .filter_map(|(language, texts)| Some((language.clone(), texts.get(id)?.clone())))
                .collect()
        };
        if standing(&self.after) == own {
            return;
        }
        for texts in self.after.texts.values_mut() {
            texts.remove(id);
        }
        let value = (!own.is_empty()).then(|| json!(own));
        for (language, pattern) in own {
            let texts = self.after.texts.entry(language).or_default();
            texts.insert(id.to_owned(), pattern);
        }
        self.changes.push((format!("{TEXT_PREFIX}{id}"), value));
    }

    fn unsay(&mut self, id: &str) {
        self.say(id, BTreeMap::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = include_str!("../../../organisations/ukc/replies.toml");

    fn ukc() -> Organisation {
        Organisation::parse(include_str!("../../../organisations/ukc/organisation.toml")).unwrap()
    }

    fn texts() -> Texts {
        Texts::new(Language::parse("uk").unwrap())
    }

    fn standing<'a>(organisation: &'a Organisation, changed: ChangedSettings) -> Standing<'a> {
        let language = |code: &str, pattern: &str| {
            let texts = BTreeMap::from([("topic-submit".to_owned(), pattern.to_owned())]);
            (Language::parse(code).unwrap(), texts)
        };
        Standing {
            list: ReplyList::standing(organisation, TOML).unwrap(),
            organisation,
            changed,
            delivered: Delivered::from([language("uk", "Подати"), language("en", "Submit")]),
        }
    }

    fn change(value: Value) -> ReplyChange {
        serde_json::from_value(value).unwrap()
    }

    fn names(plan: &Plan) -> Vec<&str> {
        plan.changes.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn a_new_topic_comes_with_its_texts_and_leaves_nothing_when_it_goes() {
        let organisation = ukc();
        let new = change(json!({
            "revision": 0, "topic": { "queue": "general", "priority": 2 },
            "reply": { "words": { "uk": ["паспорт*"], "en": ["passport*"] } },
            "label": { "uk": "Паспорт", "en": "Passport" }, "answer": { "uk": "Ось як.", "en": "Here is how." },
        }));
        let standing_now = standing(&organisation, ChangedSettings::default());
        let plan = standing_now.with("passport", new, &texts()).unwrap();
        let expected = [
            "texts.topic-passport",
            "texts.answer-passport",
            "topics",
            "replies",
        ];
        assert_eq!(names(&plan), expected);
        assert_eq!(
            plan.changes[2]
                .1
                .as_ref()
                .unwrap()
                .as_array()
                .unwrap()
                .last()
                .unwrap()["id"],
            "passport"
        );

        let after = ChangedSettings {
            revision: 4,
            ..plan.after
        };
        let toml = include_str!("../../../organisations/ukc/organisation.toml");
        let organisation = Organisation::parse_changed(toml, &after).unwrap();
        assert!(organisation.topic("passport").is_some());
        assert!(
            organisation
                .replies(TOML)
                .unwrap()
                .get("passport")
                .is_some()
        );
        let gone = standing(&organisation, after).without("passport").unwrap();
        assert_eq!(names(&gone), expected);
        assert_eq!(gone.changes[0].1, None);
        assert!(gone.after.texts.values().all(BTreeMap::is_empty));
        let organisation = Organisation::parse_changed(toml, &gone.after).unwrap();
        assert_eq!(organisation.topics, ukc().topics);
        assert_eq!(
            organisation.replies(TOML).unwrap().all(),
            ukc().replies(TOML).unwrap().all()
        );
    }

    #[test]
    fn the_delivered_tree_has_the_delivered_topics_with_what_was_changed_of_them() {
        let delivered = ukc();
        let restored = |topics: Option<Value>| {
            let mut changed = ChangedSettings {
                replies: Some(json!([])),
                ..ChangedSettings::default()
            };
            changed
                .parts
                .extend(topics.map(|topics| (Part::Topics, topics)));
            Plan::delivered_again(changed, &delivered)
        };
        assert_eq!(names(&restored(None)), ["replies"]);
        let all = Part::Topics.value(&delivered);
        let mut more = all.clone();
        let extra = json!({ "id": "passport", "queue": "general" });
        more.as_array_mut().unwrap().push(extra);
        let plan = restored(Some(more.clone()));
        assert_eq!(names(&plan), ["topics", "replies"]);
        assert_eq!(
            plan.changes[0].1, None,
            "nothing of it is people's any more"
        );
        assert_eq!((plan.after.replies, plan.after.parts.len()), (None, 0));
        more[0]["priority"] = json!(7);
        let plan = restored(Some(more));
        let mut expected = all;
        expected[0]["priority"] = json!(7);
        assert_eq!(plan.changes[0].1, Some(expected));
    }

    #[test]
    fn what_is_as_delivered_stays_so_and_what_is_not_said_is_told() {
        let organisation = ukc();
        let given = |label: Value| {
            change(json!({
                "revision": 0, "topic": { "queue": "general" },
                "reply": { "words": { "uk": ["звернення"], "en": ["appeal"] } }, "label": label,
                "answer": { "uk": "Так.", "en": "Yes." },
            }))
        };
        let with = |label: Value| {
            let standing = standing(&organisation, ChangedSettings::default());
            standing.with("submit", given(label), &texts())
        };
        let same = with(json!({ "uk": "Подати", "en": "Submit" })).unwrap();
        assert!(!names(&same).contains(&"texts.topic-submit"));
        let other = with(json!({ "uk": "Звернутися", "en": "Submit" })).unwrap();
        assert_eq!(other.changes[0].1, Some(json!({ "uk": "Звернутися" })));
        for wrong in [
            json!({ "uk": "" }),
            json!({ "uk": "{ $stranger }" }),
            json!({ "pl": "Złóż" }),
        ] {
            assert!(with(wrong.clone()).is_err(), "{wrong}");
        }
        let nameless = change(
            json!({ "revision": 0, "reply": { "under": "submit" }, "label": { "uk": "Лист" } }),
        );
        let standing = standing(&organisation, ChangedSettings::default());
        assert!(standing.with("letter", nameless, &texts()).is_err());
    }
}
