//! A consultant at work, over the operator API.

use crate::eventually;
use crate::http::Answer;
use crate::installation::Installation;
use serde_json::{Value, json};

/// A signed-in consultant of one organisation.
pub struct Operator<'a> {
    installation: &'a Installation,
    org: &'a str,
    authorization: String,
}

impl<'a> Operator<'a> {
    /// With this `Authorization`.
    pub fn new(installation: &'a Installation, org: &'a str, authorization: &str) -> Self {
        Self {
            installation,
            org,
            authorization: authorization.to_owned(),
        }
    }

    /// Makes a person with one role in one organisation and signs them in.
    pub fn hire(installation: &'a Installation, org: &'a str, login: &str, role: &str) -> Self {
        let administrator = installation.administrator();
        let password = format!("long password of {login} 1");
        installation
            .post(
                "/core/admin/people",
                &[("authorization", &administrator)],
                &json!({ "login": login, "name": format!("Operator {login}"), "password": password,
                         "roles": { org: [role] } }),
            )
            .expect(201);
        let authorization = installation.sign_in(login, &password);
        Self {
            installation,
            org,
            authorization,
        }
    }

    /// The value of the `Authorization` header.
    pub fn authorization(&self) -> &str {
        &self.authorization
    }

    /// GET below `/{org}/operator/`.
    pub fn get(&self, path: &str) -> Answer {
        let path = format!("/{}/operator/{path}", self.org);
        self.installation
            .get(&path, &[("authorization", &self.authorization)])
    }

    /// POST below `/{org}/operator/`.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        let path = format!("/{}/operator/{path}", self.org);
        self.installation
            .post(&path, &[("authorization", &self.authorization)], body)
    }

    /// The waiting conversation in which somebody wrote this.
    pub fn find_waiting(&self, words: &str) -> String {
        eventually(
            &format!("somebody who wrote '{words}' waits in {}", self.org),
            || {
                self.conversations("waiting")
                    .iter()
                    .find_map(|conversation| {
                        let id = conversation["id"].as_str()?;
                        let whole = self.conversation(id);
                        let mut texts = whole["messages"]
                            .as_array()?
                            .iter()
                            .map(|m| m["text"].as_str());
                        texts.any(|text| text == Some(words)).then(|| id.to_owned())
                    })
            },
        )
    }

    /// All pages of a list.
    pub fn conversations(&self, status: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.get(&format!("conversations?status={status}&after={after}"));
            let page = page.expect(200).json();
            let rows = page["conversations"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            if rows.is_empty() {
                return all;
            }
            all.extend(rows);
            match page["cursor"].as_str() {
                Some(cursor) if cursor != after && !cursor.is_empty() => after = cursor.to_owned(),
                _ => return all,
            }
        }
    }

    /// One conversation with its messages.
    pub fn conversation(&self, id: &str) -> Value {
        self.get(&format!("conversations/{id}")).expect(200).json()
    }
}
