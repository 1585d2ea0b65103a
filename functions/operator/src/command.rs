//! The bodies of what operators do: each field checked, each mistake named. Pure.

use serde_json::{Map, Value};
use vikno_domain::{MediaRef, OperatorAction, OperatorRef, OrgId, plain_text};
use vikno_shell::Problem;

/// Longest text in characters; longer ones the console splits.
const TEXT_CHARS_MAX: usize = 4_000;
/// Longest reason in characters.
const REASON_CHARS_MAX: usize = 500;
/// Longest id given by a client.
const CLIENT_ID_BYTES_MAX: usize = 64;
/// Longest queue id and upload id.
const ID_BYTES_MAX: usize = 64;

/// What an operator wants done.
#[derive(Debug, PartialEq)]
pub(crate) struct Command {
    /// The client's own id of it: the same again has no second effect. Absent: every call is a new one.
    pub(crate) client_id: Option<String>,
    /// What.
    pub(crate) wish: Wish,
}

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(crate) enum Wish {
    /// Complete.
    Action(OperatorAction),
    /// Given to the person with this id.
    Assign {
        /// `u_…`.
        person: String,
    },
    /// An answer with a file, by its upload id.
    Answer {
        text: Option<String>,
        upload: String,
    },
}

impl Wish {
    /// The upload that has to be looked up before there is an action.
    pub(crate) fn upload(&self) -> Option<&str> {
        match self {
            Self::Action(_) | Self::Assign { .. } => None,
            Self::Answer { upload, .. } => Some(upload),
        }
    }

    /// The person that has to be looked up before there is an action.
    pub(crate) fn assignee(&self) -> Option<&str> {
        match self {
            Self::Assign { person } => Some(person),
            Self::Action(_) | Self::Answer { .. } => None,
        }
    }

    /// The action, with the file or the person that was looked up.
    pub(crate) fn action(
        self,
        found: Option<MediaRef>,
        assignee: Option<OperatorRef>,
    ) -> Result<OperatorAction, Problem> {
        match self {
            Self::Action(action) => Ok(action),
            Self::Assign { .. } => {
                let to = assignee.ok_or_else(|| {
                    invalid("operator", "is nobody who may handle conversations here")
                })?;
                Ok(OperatorAction::Assign {
                    to,
                    waiting_only: false,
                })
            }
            Self::Answer { text, .. } => {
                let media = found.ok_or_else(|| {
                    invalid("media", "is no upload of this organisation's operators")
                })?;
                let media = Some(media);
                Ok(OperatorAction::Message { text, media })
            }
        }
    }
}

/// Reads the body of `POST conversations/{id}/{verb}`; none for an unknown verb. Who `leads` the shift may take back also what
/// somebody else has ended.
pub(crate) fn command(verb: &str, body: &[u8], leads: bool) -> Result<Option<Command>, Problem> {
    let fields = object(body)?;
    let wish = match verb {
        "take" => Wish::Action(OperatorAction::Take),
        "assign" => Wish::Assign {
            person: id(&fields, "operator", ID_BYTES_MAX)?
                .ok_or_else(|| invalid("operator", "is missing"))?,
        },
        "messages" => message(&fields)?,
        "notes" => Wish::Action(OperatorAction::Note {
            text: text(&fields, "text", TEXT_CHARS_MAX)?
                .ok_or_else(|| invalid("text", "is missing"))?,
        }),
        "close" => Wish::Action(OperatorAction::Close {
            reason: text(&fields, "reason", REASON_CHARS_MAX)?,
        }),
        "reopen" => Wish::Action(OperatorAction::Reopen { any: leads }),
        "transfer" => Wish::Action(transfer(&fields)?),
        _ => return Ok(None),
    };
    let client_id = id(&fields, "client_id", CLIENT_ID_BYTES_MAX)?;
    Ok(Some(Command { client_id, wish }))
}

fn message(fields: &Map<String, Value>) -> Result<Wish, Problem> {
    let text = text(fields, "text", TEXT_CHARS_MAX)?;
    match (text, id(fields, "media", ID_BYTES_MAX)?) {
        (text, Some(upload)) => Ok(Wish::Answer { text, upload }),
        (Some(text), None) => Ok(Wish::Action(OperatorAction::Message {
            text: Some(text),
            media: None,
        })),
        (None, None) => Err(invalid("text", "is missing: send text, media or both")),
    }
}

fn transfer(fields: &Map<String, Value>) -> Result<OperatorAction, Problem> {
    let queue = id(fields, "queue", ID_BYTES_MAX)?;
    let reason = text(fields, "reason", REASON_CHARS_MAX)?;
    match (id(fields, "org", ID_BYTES_MAX)?, queue) {
        (Some(org), queue) => Ok(OperatorAction::TransferOrganisation {
            org: OrgId::parse(&org).map_err(|error| invalid("org", error))?,
            queue,
            reason,
        }),
        (None, Some(queue)) => Ok(OperatorAction::TransferQueue { queue, reason }),
        (None, None) => Err(invalid("queue", "is missing: name a queue, or an org")),
    }
}

/// No body at all is an empty object: `take` needs none.
pub(crate) fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    let bad = |detail: String| Problem::new(400, "invalid_body", detail);
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(bad("The body must be a JSON object.".to_owned())),
        Err(error) => Err(bad(format!(
            "The body is not JSON: see line {}, column {}.",
            error.line(),
            error.column()
        ))),
    }
}

fn string<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Problem> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(invalid(name, "must be a string")),
    }
}

/// Words without control characters; absent when nothing is left.
pub(crate) fn text(
    fields: &Map<String, Value>,
    name: &str,
    chars_max: usize,
) -> Result<Option<String>, Problem> {
    let Some(given) = string(fields, name)? else {
        return Ok(None);
    };
    let text = plain_text(given);
    if text.chars().count() > chars_max {
        return Err(invalid(
            name,
            format!("may have at most {chars_max} characters"),
        ));
    }
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

fn id(
    fields: &Map<String, Value>,
    name: &str,
    bytes_max: usize,
) -> Result<Option<String>, Problem> {
    let Some(given) = string(fields, name)? else {
        return Ok(None);
    };
    let printable = given.bytes().all(|byte| byte.is_ascii_graphic());
    if (1..=bytes_max).contains(&given.len()) && printable {
        Ok(Some(given.to_owned()))
    } else {
        Err(invalid(
            name,
            format!("must be 1 to {bytes_max} printable ASCII characters"),
        ))
    }
}

pub(crate) fn invalid(field: &str, what: impl std::fmt::Display) -> Problem {
    Problem::new(400, "invalid_field", format!("'{field}' {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(verb: &str, body: Value) -> Result<Command, u16> {
        let command = command(verb, body.to_string().as_bytes(), false);
        command
            .map(|command| command.expect("a known verb"))
            .map_err(|problem| problem.status())
    }

    fn action(verb: &str, body: Value) -> OperatorAction {
        match read(verb, body).unwrap().wish {
            Wish::Action(action) => action,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_thing_an_operator_does_is_read() {
        assert_eq!(action("take", json!({})), OperatorAction::Take);
        assert_eq!(
            action(
                "messages",
                json!({"client_id": "1", "text": "Добрий\u{0} день"})
            ),
            OperatorAction::Message {
                text: Some("Добрий день".into()),
                media: None
            }
        );
        assert_eq!(
            action("notes", json!({"text": "передзвонити"})),
            OperatorAction::Note {
                text: "передзвонити".into()
            }
        );
        assert_eq!(
            action("close", json!({})),
            OperatorAction::Close { reason: None }
        );
        assert_eq!(
            action(
                "transfer",
                json!({"queue": "general", "reason": "інша тема"})
            ),
            OperatorAction::TransferQueue {
                queue: "general".into(),
                reason: Some("інша тема".into()),
            }
        );
        assert_eq!(
            action("transfer", json!({"org": "mou", "reason": "військове"})),
            OperatorAction::TransferOrganisation {
                org: OrgId::parse("mou").unwrap(),
                queue: None,
                reason: Some("військове".into()),
            }
        );
    }

    #[test]
    fn only_who_leads_takes_back_what_others_have_ended() {
        for leads in [true, false] {
            let taken_back = command("reopen", b"", leads).unwrap().unwrap().wish;
            let expected = OperatorAction::Reopen { any: leads };
            assert_eq!(taken_back, Wish::Action(expected));
        }
    }

    #[test]
    fn taking_needs_no_body() {
        let taken = command("take", b"", false).unwrap().unwrap();
        assert_eq!(
            taken,
            Command {
                client_id: None,
                wish: Wish::Action(OperatorAction::Take)
            }
        );
    }

    #[test]
    fn an_answer_may_be_a_file_with_or_without_words() {
        let wish = read(
            "messages",
            json!({"client_id": "1", "media": "f_1", "text": "ось"}),
        )
        .unwrap()
        .wish;
        assert_eq!(wish.upload(), Some("f_1"));
        let file = MediaRef {
            id: "f_1".into(),
            media_type: "image/png".into(),
            name: "a.png".into(),
            size: 5,
        };
        let action = wish.action(Some(file.clone()), None).unwrap();
        assert_eq!(
            action,
            OperatorAction::Message {
                text: Some("ось".into()),
                media: Some(file)
            }
        );
        let wish = read("messages", json!({"media": "f_2"})).unwrap().wish;
        assert_eq!(wish.action(None, None).unwrap_err().status(), 400);
    }

    #[test]
    fn mistakes_are_refused() {
        for (verb, body) in [
            ("messages", json!({"client_id": "1"})),
            ("messages", json!({"client_id": "1", "text": " \n"})),
            ("messages", json!({"client_id": 1, "text": "x"})),
            ("messages", json!({"client_id": "", "text": "x"})),
            ("messages", json!({"client_id": "a b", "text": "x"})),
            (
                "messages",
                json!({"client_id": "1", "text": "x".repeat(4_001)}),
            ),
            ("messages", json!({"client_id": "1", "text": ["x"]})),
            ("notes", json!({})),
            ("transfer", json!({})),
            ("transfer", json!({"org": "../core"})),
            ("transfer", json!({"queue": "черга"})),
            ("close", json!({"reason": "x".repeat(501)})),
            ("assign", json!({})),
            ("take", json!([])),
        ] {
            assert_eq!(read(verb, body.clone()), Err(400), "{verb} {body}");
        }
        assert!(command("take", b"{", false).is_err());
    }

    #[test]
    fn an_unknown_verb_is_nothing() {
        assert_eq!(command("delete", b"{}", false).unwrap(), None);
    }
}
