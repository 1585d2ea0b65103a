//! The bodies of the chat API: each field checked, each mistake named.

use serde_json::{Map, Value};
use vikno_domain::Content;
use vikno_shell::Problem;

/// Longest text in characters; longer ones the client splits.
const TEXT_CHARS_MAX: usize = 4_000;
/// Longest comment to a vote in characters.
const COMMENT_CHARS_MAX: usize = 1_000;
/// Longest id given by a client.
const CLIENT_ID_BYTES_MAX: usize = 64;
/// Longest button id, which is also Telegram's limit.
const BUTTON_BYTES_MAX: usize = 64;
/// Longest display name in characters.
const NAME_CHARS_MAX: usize = 100;

/// What a client sends into a chat.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// The client's own id of it: the same again is the same message.
    pub client_id: String,
    /// What.
    pub say: Say,
}

/// What is said.
#[derive(Debug, Clone, PartialEq)]
pub enum Say {
    /// A text, a pressed button or a vote.
    Content(Box<Content>),
    /// An upload, by its id.
    Upload(String),
}

/// What a client tells when it opens a session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// Wanted language tag.
    pub language: Option<String>,
    /// Name to be shown to operators.
    pub name: Option<String>,
    /// A portal's signed token.
    pub identity: Option<String>,
}

/// Reads the body of `POST messages`.
pub fn command(body: &[u8]) -> Result<Command, Problem> {
    let fields = object(body)?;
    let client_id = text(&fields, "client_id")?.ok_or_else(|| {
        invalid(
            "client_id",
            "is missing: give each message an id of your own, so that it can be repeated safely",
        )
    })?;
    let printable = client_id.bytes().all(|byte| byte.is_ascii_graphic());
    if client_id.is_empty() || client_id.len() > CLIENT_ID_BYTES_MAX || !printable {
        return Err(invalid(
            "client_id",
            "must be 1 to 64 printable ASCII characters",
        ));
    }
    let given: Vec<&str> = ["text", "click", "vote", "media"]
        .into_iter()
        .filter(|name| fields.get(*name).is_some_and(|value| !value.is_null()))
        .collect();
    let say = match given[..] {
        ["text"] => Say::Content(Box::new(Content::Text {
            text: words(&fields)?,
        })),
        ["click"] => Say::Content(Box::new(Content::Click {
            button: button(&fields)?,
            callback: None,
        })),
        ["vote"] => Say::Content(Box::new(vote(&fields)?)),
        ["media"] => Say::Upload(text(&fields, "media")?.unwrap_or_default()),
        [] => {
            return Err(invalid(
                "text",
                "is missing: send one of text, click, vote or media",
            ));
        }
        [_, second, ..] => {
            return Err(invalid(
                second,
                "is one too many: send exactly one of text, click, vote or media",
            ));
        }
        [_] => return Err(invalid("text", "is missing")),
    };
    Ok(Command { client_id, say })
}

/// Reads the body of `POST sessions`; none at all is fine.
pub fn opening(body: &[u8]) -> Result<Opening, Problem> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Opening::default());
    }
    let fields = object(body)?;
    let name = text(&fields, "name")?
        .map(|name| name.chars().filter(|c| !c.is_control()).collect::<String>());
    let name = name
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty());
    if name
        .as_ref()
        .is_some_and(|name| name.chars().count() > NAME_CHARS_MAX)
    {
        return Err(invalid("name", "may have at most 100 characters"));
    }
    Ok(Opening {
        language: text(&fields, "language")?,
        name,
        identity: text(&fields, "identity")?,
    })
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Problem::new(
            400,
            "invalid_body",
            "The body must be a JSON object.",
        )),
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            Err(Problem::new(
                400,
                "invalid_body",
                format!("The body is not JSON: see {place}."),
            ))
        }
    }
}

fn text(fields: &Map<String, Value>, name: &'static str) -> Result<Option<String>, Problem> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(invalid(name, "must be a string")),
    }
}

fn words(fields: &Map<String, Value>) -> Result<String, Problem> {
    let text = text(fields, "text")?.unwrap_or_default();
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    if text.trim().is_empty() {
        return Err(invalid("text", "is empty"));
    }
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(invalid(
            "text",
            "may have at most 4000 characters: split it",
        ));
    }
    Ok(text)
}

fn button(fields: &Map<String, Value>) -> Result<String, Problem> {
    let button = text(fields, "click")?.unwrap_or_default();
    if button.is_empty() || button.len() > BUTTON_BYTES_MAX || button.chars().any(char::is_control)
    {
        return Err(invalid(
            "click",
            "must be the id of a button: 1 to 64 bytes",
        ));
    }
    Ok(button)
}

fn vote(fields: &Map<String, Value>) -> Result<Content, Problem> {
    let score = fields.get("vote").and_then(Value::as_u64);
    let score = score
        .and_then(|score| u8::try_from(score).ok())
        .filter(|score| (1..=5).contains(score));
    let score = score.ok_or_else(|| invalid("vote", "must be a whole number from 1 to 5"))?;
    let comment = text(fields, "comment")?;
    let comment = comment
        .map(|comment| comment.trim().to_owned())
        .filter(|comment| !comment.is_empty());
    if comment
        .as_ref()
        .is_some_and(|comment| comment.chars().count() > COMMENT_CHARS_MAX)
    {
        return Err(invalid("comment", "may have at most 1000 characters"));
    }
    Ok(Content::Vote { score, comment })
}

fn invalid(field: &str, what: &str) -> Problem {
    Problem::new(400, "invalid_field", format!("'{field}' {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: Value) -> Result<Say, String> {
        command(body.to_string().as_bytes())
            .map(|command| command.say)
            .map_err(|problem| format!("{problem:?}"))
    }

    #[test]
    fn each_kind_of_message_is_read() {
        let content = |content| Ok(Say::Content(Box::new(content)));
        for (body, expected) in [
            (
                json!({"client_id": "1", "text": "Доброго дня"}),
                content(Content::Text {
                    text: "Доброго дня".into(),
                }),
            ),
            (
                json!({"client_id": "1", "text": "a\u{0}b\nc", "click": null}),
                content(Content::Text {
                    text: "ab\nc".into(),
                }),
            ),
            (
                json!({"client_id": "1", "click": "topic:pay"}),
                content(Content::Click {
                    button: "topic:pay".into(),
                    callback: None,
                }),
            ),
            (
                json!({"client_id": "1", "vote": 5}),
                content(Content::Vote {
                    score: 5,
                    comment: None,
                }),
            ),
            (
                json!({"client_id": "1", "vote": 1, "comment": " long "}),
                content(Content::Vote {
                    score: 1,
                    comment: Some("long".into()),
                }),
            ),
            (
                json!({"client_id": "1", "media": "f_1"}),
                Ok(Say::Upload("f_1".into())),
            ),
            (
                json!({"client_id": "1", "text": "ї".repeat(4_000)}),
                content(Content::Text {
                    text: "ї".repeat(4_000),
                }),
            ),
        ] {
            assert_eq!(read(body), expected);
        }
    }

    #[test]
    fn each_mistake_names_its_field() {
        for (body, field) in [
            (json!({"text": "x"}), "client_id"),
            (json!({"client_id": "", "text": "x"}), "client_id"),
            (json!({"client_id": "a b", "text": "x"}), "client_id"),
            (json!({"client_id": 7, "text": "x"}), "client_id"),
            (
                json!({"client_id": "x".repeat(65), "text": "x"}),
                "client_id",
            ),
            (json!({"client_id": "1"}), "text"),
            (json!({"client_id": "1", "text": "x", "vote": 5}), "vote"),
            (json!({"client_id": "1", "text": " \n"}), "text"),
            (json!({"client_id": "1", "text": ["x"]}), "text"),
            (json!({"client_id": "1", "text": "x".repeat(4_001)}), "text"),
            (json!({"client_id": "1", "click": "x".repeat(65)}), "click"),
            (json!({"client_id": "1", "click": ""}), "click"),
            (json!({"client_id": "1", "vote": 0}), "vote"),
            (json!({"client_id": "1", "vote": 6}), "vote"),
            (json!({"client_id": "1", "vote": 4.5}), "vote"),
            (json!({"client_id": "1", "vote": "5"}), "vote"),
            (
                json!({"client_id": "1", "vote": 5, "comment": "x".repeat(1_001)}),
                "comment",
            ),
            (json!({"client_id": "1", "media": 5}), "media"),
            (json!([]), "object"),
        ] {
            let problem = read(body.clone()).unwrap_err();
            assert!(
                problem.contains("status: 400") && problem.contains(field),
                "{body}: {problem}"
            );
        }
        assert!(command(b"{\"client_id\"").is_err());
        assert!(command(b"\xff").is_err());
    }

    #[test]
    fn a_session_may_be_opened_with_nothing() {
        assert_eq!(opening(b" ").unwrap(), Opening::default());
        assert_eq!(opening(b"{}").unwrap(), Opening::default());
        let opening =
            opening("{\"language\":\"en\",\"name\":\" Іван\\u0007 \"}".as_bytes()).unwrap();
        assert_eq!(
            (opening.language.as_deref(), opening.name.as_deref()),
            (Some("en"), Some("Іван"))
        );
    }

    #[test]
    fn an_opening_with_wrong_fields_is_refused() {
        let long = json!({"name": "x".repeat(101)}).to_string();
        for body in ["[]", "{\"language\":5}", "{\"identity\":{}}", "{", &long] {
            assert!(opening(body.as_bytes()).is_err(), "{body}");
        }
    }
}
