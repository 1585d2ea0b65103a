//! `PUT conversations/{id}/labels`, `GET labels`: what operators call dialogues by.

use crate::command::{invalid, object};
use crate::{read, unknown_conversation, view};
use serde_json::{Value, json};
use vikno_domain::OrgId;
use vikno_identity::Authorised;
use vikno_shell::{Problem, Reply, Request, now_ms};
use vikno_storage::labels::{self, Label};
use vikno_storage::{Database, StorageError};

/// Ten labels, escaped.
const BODY_LIMIT: usize = 16 * 1024;
const LABELS_MAX: usize = 10;
const LABEL_CHARS_MAX: usize = 40;

pub(crate) async fn set(request: Request, org: &OrgId, id: &str, permit: &Authorised) -> Reply {
    let body = vikno_shell::body(request, BODY_LIMIT).await?;
    let given = given(&body)?;
    let database = Database::open(org.as_str()).await?;
    match labels::set(&database, id, &given, &permit.person().id, now_ms()).await {
        Err(StorageError::NotFound) => return Err(unknown_conversation()),
        done => done?,
    }
    let whole = read::whole(&database, id).await?;
    Ok(vikno_shell::json(200, &view::whole(whole)))
}

pub(crate) async fn offered(org: &OrgId) -> Reply {
    let database = Database::open(org.as_str()).await?;
    let labels = labels::offered(&database).await?;
    Ok(vikno_shell::json(200, &json!({ "labels": labels })))
}

/// A label as two are compared.
pub(crate) fn folded(label: &str) -> String {
    label.trim().to_lowercase()
}

/// The labels of a body: each once, without blanks around it.
fn given(body: &[u8]) -> Result<Vec<Label>, Problem> {
    let fields = object(body)?;
    let Some(Value::Array(values)) = fields.get("labels") else {
        return Err(invalid("labels", "is a list of labels"));
    };
    let mut labels: Vec<Label> = Vec::new();
    for value in values {
        let text = value.as_str().map(str::trim).unwrap_or_default();
        if text.is_empty()
            || text.chars().count() > LABEL_CHARS_MAX
            || text.contains(char::is_control)
        {
            let what =
                format!("holds a label that is empty or longer than {LABEL_CHARS_MAX} characters");
            return Err(invalid("labels", what));
        }
        let label = Label {
            text: text.to_owned(),
            folded: folded(text),
        };
        if labels.iter().all(|other| other.folded != label.folded) {
            labels.push(label);
        }
    }
    if labels.len() > LABELS_MAX {
        return Err(invalid("labels", format!("are more than {LABELS_MAX}")));
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: Value) -> Result<Vec<String>, u16> {
        let given = given(body.to_string().as_bytes());
        let texts = |labels: Vec<Label>| labels.into_iter().map(|label| label.text).collect();
        given.map(texts).map_err(|problem| problem.status())
    }

    #[test]
    fn a_label_is_there_once_however_it_is_written() {
        let body = json!({"labels": [" Субсидія ", "СУБСИДІЯ", "пенсія"]});
        assert_eq!(texts(body).unwrap(), ["Субсидія", "пенсія"]);
        assert_eq!(texts(json!({"labels": []})).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_label_is_refused() {
        let many: Vec<String> = (0..11).map(|number| format!("л{number}")).collect();
        for bad in [
            json!({}),
            json!({"labels": "субсидія"}),
            json!({"labels": [""]}),
            json!({"labels": [7]}),
            json!({"labels": ["а\nб"]}),
            json!({"labels": ["л".repeat(41)]}),
            json!({"labels": many}),
        ] {
            assert_eq!(texts(bad.clone()), Err(400), "{bad}");
        }
    }
}
