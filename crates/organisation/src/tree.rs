//! The tree of automatic replies while somebody changes it: a list of what would be `[[reply]]` in `replies.toml`.

use crate::{Organisation, Problem};
use serde_json::{Map, Value};

/// The replies of an organisation as they are written, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplyList(Vec<Map<String, Value>>);

impl ReplyList {
    /// As it stands: what people made of it, else the file. Both were checked when they were kept.
    pub fn standing(organisation: &Organisation, toml: &str) -> Result<Self, Problem> {
        let unreadable = |message: String| Problem::new("replies.toml", "reply", message);
        let list = match &organisation.changed_replies {
            Some(list) => serde_json::from_value(list.clone()),
            None => {
                let file: toml::Table = toml
                    .parse()
                    .map_err(|error: toml::de::Error| unreadable(error.to_string()))?;
                let list = file.get("reply").map(serde_json::to_value);
                list.unwrap_or(Ok(Value::Array(Vec::new())))
                    .and_then(serde_json::from_value)
            }
        };
        list.map(Self)
            .map_err(|error| unreadable(error.to_string()))
    }

    /// As it is written.
    pub fn get(&self, id: &str) -> Option<&Map<String, Value>> {
        self.0.iter().find(|reply| reply_id(reply) == Some(id))
    }

    /// With this reply in the place of the one with its id, or behind the last one that stands under the same.
    #[must_use]
    pub fn with(mut self, id: &str, mut reply: Map<String, Value>) -> Self {
        reply.insert("id".to_owned(), id.into());
        let place = |fits: &dyn Fn(&Map<String, Value>) -> bool| self.0.iter().rposition(fits);
        match place(&|known| reply_id(known) == Some(id)) {
            Some(known) => self.0[known] = reply,
            None => {
                let above = reply.get("under").cloned();
                let last = place(&|known| {
                    known.get("under") == above.as_ref()
                        || above
                            .as_ref()
                            .is_some_and(|above| known.get("id") == Some(above))
                });
                let after = last.map_or(self.0.len(), |last| last + 1);
                self.0.insert(after, reply);
            }
        }
        self
    }

    /// Without the reply; `None` when there is none.
    #[must_use]
    pub fn without(mut self, id: &str) -> Option<Self> {
        let place = self
            .0
            .iter()
            .position(|reply| reply_id(reply) == Some(id))?;
        self.0.remove(place);
        Some(self)
    }

    /// As it is kept.
    pub fn value(&self) -> Value {
        self.0.iter().cloned().map(Value::Object).collect()
    }
}

fn reply_id(reply: &Map<String, Value>) -> Option<&str> {
    reply.get("id").and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TOML: &str = include_str!("../../../organisations/ukc/replies.toml");

    fn ukc() -> Organisation {
        Organisation::parse(include_str!("../../../organisations/ukc/organisation.toml")).unwrap()
    }

    fn fields(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn ids(list: &ReplyList) -> Vec<&str> {
        list.0.iter().filter_map(reply_id).collect()
    }

    #[test]
    fn a_file_and_the_list_of_it_are_the_same_tree() {
        let mut organisation = ukc();
        let of_file = organisation.replies(TOML).unwrap();
        let list = ReplyList::standing(&organisation, TOML).unwrap();
        organisation.changed_replies = Some(list.value());
        let of_list = organisation.replies("not even TOML = ").unwrap();
        assert_eq!(of_list.all(), of_file.all());
        assert_eq!(of_list.keywords(), of_file.keywords());
        assert_eq!(ReplyList::standing(&organisation, "").unwrap(), list);
    }

    #[test]
    fn a_new_reply_stands_behind_its_siblings_and_a_changed_one_where_it_stood() {
        let list = ReplyList::standing(&ukc(), TOML).unwrap();
        let before = ids(&list).join(" ");
        assert!(
            before.starts_with("submit submit-data submit-phone status "),
            "{before}"
        );
        let words = json!({ "words": { "uk": ["лист"], "en": ["letter"] }, "under": "submit" });
        let more = list.clone().with("submit-letter", fields(&words));
        assert_eq!(
            ids(&more)[..4],
            ["submit", "submit-data", "submit-phone", "submit-letter"]
        );
        let less = more.without("submit-phone").unwrap();
        assert_eq!(
            ids(&less)[..4],
            ["submit", "submit-data", "submit-letter", "status"]
        );
        assert!(less.clone().without("submit-phone").is_none());
        let changed = less.with("submit-data", fields(&words));
        assert_eq!(
            changed.get("submit-data").unwrap()["words"]["uk"],
            json!(["лист"])
        );
        assert_eq!(ids(&changed)[..2], ["submit", "submit-data"]);
    }

    #[test]
    fn what_does_not_fit_names_its_place_as_in_the_file() {
        let mut organisation = ukc();
        let list = ReplyList::standing(&organisation, TOML).unwrap();
        let lost = list
            .clone()
            .with("lost", fields(&json!({ "under": "nowhere" })));
        organisation.changed_replies = Some(lost.value());
        let places: Vec<String> = organisation
            .replies(TOML)
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.place)
            .collect();
        assert!(
            places.contains(&"reply.lost.under".to_owned()),
            "{places:?}"
        );
        organisation.changed_replies = Some(json!([{ "id": "submit", "under": null }]));
        assert_eq!(organisation.replies(TOML).unwrap_err()[0].place, "replies");
    }
}
