//! A made-up operator of one organisation, over the operator API. Answers made-up citizens only: whoever tries the
//! demonstration waits for a person, who may be themselves.

use super::ADMINISTRATOR;
use super::api::Api;
use super::lines;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::time::Duration;

/// Conversations that one operator has at a time.
const AT_ONCE: usize = 3;
/// A citizen who says nothing for so long is gone. Longer than any made-up citizen thinks.
const GONE_AFTER_S: i64 = 60;

/// An operator at work.
pub struct Operator {
    api: Api,
    org: String,
    login: String,
    password: String,
    token: String,
}

/// Makes the organisation's made-up operator, or finds the one of an earlier start, and signs in.
pub async fn hire(
    api: &Api,
    org: &str,
    administrator_password: &str,
    password: &str,
) -> Result<Operator> {
    let login = format!("demo-{org}");
    let signed_in = sign_in(api, &login, password).await;
    let token = match signed_in {
        Ok(token) => token,
        Err(_) => {
            let administrator = sign_in(api, ADMINISTRATOR, administrator_password).await?;
            let person = json!({ "login": login, "name": lines::operator_name(org),
                                 "password": password, "roles": { org: ["operator"] } });
            api.post("/core/admin/people", &administrator, &person)
                .await?
                .ok()?;
            sign_in(api, &login, password).await?
        }
    };
    Ok(Operator {
        api: api.clone(),
        org: org.to_owned(),
        login,
        password: password.to_owned(),
        token,
    })
}

async fn sign_in(api: &Api, login: &str, password: &str) -> Result<String> {
    let body = json!({ "login": login, "password": password }).to_string();
    let answer = api.post_as("/core/auth/login", &[], body).await?.ok();
    let answer = answer.with_context(|| format!("'{login}' is not let in"))?;
    let token = answer["access_token"].as_str().context("no token")?;
    Ok(token.to_owned())
}

impl Operator {
    /// Looks every few seconds at who waits and who has written.
    pub async fn work(mut self) {
        loop {
            let pause_ms = rand::random_range(4_000..8_000);
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
            if let Err(error) = self.look().await {
                tracing::info!(org = self.org, "a made-up operator is held up: {error:#}");
                // A token lasts an hour.
                if let Ok(token) = sign_in(&self.api, &self.login, &self.password).await {
                    self.token = token;
                }
            }
        }
    }

    async fn look(&self) -> Result<()> {
        let mine = self.conversations("status=with_operator&mine=true").await?;
        for conversation in &mine {
            self.answer(conversation).await?;
        }
        if mine.len() < AT_ONCE {
            let waiting = self.conversations("status=waiting").await?;
            if let Some(next) = waiting.iter().find(|waiting| is_made_up(waiting)) {
                self.act(next, "take", json!({})).await?;
            }
        }
        Ok(())
    }

    async fn answer(&self, conversation: &Value) -> Result<()> {
        let id = conversation["id"].as_str().unwrap_or_default();
        let dialogue = self.get(&format!("conversations/{id}")).await?;
        let words = lines::said_in(conversation["language"].as_str().unwrap_or_default());
        let messages = dialogue["messages"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        match next(messages, last_at(conversation), Utc::now()) {
            Next::Say(line) => {
                let text = match line {
                    Line::Hello => words.hello(),
                    Line::Advice => words.advice(),
                };
                let body = json!({ "client_id": format!("{id}-{line:?}"), "text": text });
                self.act(conversation, "messages", body).await
            }
            Next::Close => {
                self.act(conversation, "close", json!({ "reason": "solved" }))
                    .await
            }
            Next::Wait => Ok(()),
        }
    }

    async fn conversations(&self, filter: &str) -> Result<Vec<Value>> {
        let page = self.get(&format!("conversations?{filter}")).await?;
        Ok(page["conversations"]
            .as_array()
            .cloned()
            .unwrap_or_default())
    }

    async fn get(&self, path: &str) -> Result<Value> {
        let path = format!("/{}/operator/{path}", self.org);
        self.api.get(&path, &self.token).await?.ok()
    }

    /// What is in vain since the conversation has gone on meanwhile (409) is left.
    async fn act(&self, conversation: &Value, verb: &str, body: Value) -> Result<()> {
        let id = conversation["id"].as_str().unwrap_or_default();
        let path = format!("/{}/operator/conversations/{id}/{verb}", self.org);
        let answer = self.api.post(&path, &self.token, &body).await?;
        match answer.status {
            409 => Ok(()),
            _ => answer.ok().map(drop),
        }
    }
}

/// In a demonstration both messengers are stand-ins, so only in the web chat may somebody be real.
fn is_made_up(conversation: &Value) -> bool {
    let name = conversation["citizen"]["name"].as_str().unwrap_or_default();
    conversation["channel"] != "web" || lines::is_web_name(name)
}

fn last_at(conversation: &Value) -> Option<DateTime<Utc>> {
    let last_at = DateTime::parse_from_rfc3339(conversation["last_at"].as_str()?).ok()?;
    Some(last_at.to_utc())
}

#[derive(Debug, PartialEq)]
enum Next {
    Say(Line),
    Close,
    Wait,
}

#[derive(Debug, PartialEq)]
enum Line {
    Hello,
    Advice,
}

/// A greeting, an answer to what the citizen then writes, and the end when they write again or are gone.
fn next(messages: &[Value], last_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Next {
    let said = messages
        .iter()
        .filter(|message| message["from"] == "operator")
        .count();
    let last = messages
        .iter()
        .rev()
        .find(|message| message["from"] == "operator" || message["from"] == "citizen");
    let is_asked = last.is_some_and(|message| message["from"] == "citizen");
    let is_gone = last_at.is_some_and(|last_at| (now - last_at).num_seconds() >= GONE_AFTER_S);
    match (said, is_asked) {
        (0, _) => Next::Say(Line::Hello),
        (1, true) => Next::Say(Line::Advice),
        (_, true) => Next::Close,
        (_, false) if is_gone => Next::Close,
        (_, false) => Next::Wait,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(from: &[&str], silent_s: i64) -> Next {
        let messages: Vec<Value> = from.iter().map(|from| json!({ "from": from })).collect();
        let now = Utc::now();
        next(
            &messages,
            Some(now - chrono::Duration::seconds(silent_s)),
            now,
        )
    }

    #[test]
    fn an_operator_greets_answers_and_ends() {
        assert_eq!(after(&["citizen", "system"], 5), Next::Say(Line::Hello));
        assert_eq!(after(&["citizen", "operator"], 5), Next::Wait);
        assert_eq!(after(&["operator", "citizen"], 5), Next::Say(Line::Advice));
        assert_eq!(after(&["operator", "citizen", "operator"], 5), Next::Wait);
        assert_eq!(after(&["operator", "operator", "citizen"], 5), Next::Close);
    }

    #[test]
    fn who_says_nothing_any_more_is_gone() {
        assert_eq!(after(&["operator", "citizen", "operator"], 61), Next::Close);
        assert_eq!(after(&["operator"], 61), Next::Close);
    }

    #[test]
    fn a_person_who_tries_the_web_chat_is_left_to_persons() {
        let waiting = |channel, name| json!({ "channel": channel, "citizen": { "name": name } });
        assert!(!is_made_up(&waiting("web", None::<&str>)));
        assert!(!is_made_up(&waiting("web", Some("Anna"))));
        assert!(is_made_up(&waiting("web", Some(lines::web_name(3)))));
        assert!(is_made_up(&waiting("viber", Some("Олена"))));
    }
}
