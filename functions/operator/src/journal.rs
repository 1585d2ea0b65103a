//! `GET journal?conversation=&actor=&what=&from=&to=&before=`: the journal for a security officer, the newest first.

use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use vikno_domain::{OrgId, instant_ms, rfc3339};
use vikno_shell::{Problem, Reply, Request, query};
use vikno_storage::Database;
use vikno_storage::journal::{self, Filter, Found, Line, Position};

pub(crate) async fn search(request: &Request, org: &OrgId) -> Reply {
    let query = query(request);
    let filter = filter(&query)?;
    let before = given(&query, "before").map(position).transpose()?;
    let database = Database::open(org.as_str()).await?;
    let found = journal::search(&database, filter, before).await?;
    Ok(vikno_shell::json(200, &page(found)))
}

fn filter(query: &BTreeMap<String, String>) -> Result<Filter<'_>, Problem> {
    let time = |name: &str| {
        let read = |text| instant_ms(text).ok_or_else(|| invalid_time(name));
        given(query, name).map(read).transpose()
    };
    Ok(Filter {
        conversation: given(query, "conversation"),
        actor: given(query, "actor"),
        what: given(query, "what"),
        from_ms: time("from")?,
        to_ms: time("to")?,
    })
}

/// A field that stands empty in a form is not given.
fn given<'a>(query: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    let value = query.get(name).map(String::as_str);
    value.filter(|value| !value.is_empty())
}

fn invalid_time(name: &str) -> Problem {
    let detail = format!("'{name}' must be an instant as in RFC 3339, e.g. 2026-11-23T09:00:00Z.");
    Problem::new(400, "invalid_field", detail)
}

fn position(cursor: &str) -> Result<Position, Problem> {
    let parts = cursor.split_once('.');
    let read = parts.and_then(|(at_ms, id)| Some((at_ms.parse().ok()?, id.parse().ok()?)));
    read.ok_or_else(|| {
        let detail = "'before' must be the cursor of an earlier answer.";
        Problem::new(400, "invalid_cursor", detail)
    })
}

#[derive(Serialize)]
struct Page {
    journal: Vec<LineView>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct LineView {
    id: i64,
    at: String,
    conversation: Option<String>,
    actor: String,
    what: String,
    data: Value,
}

fn page(found: Found) -> Page {
    Page {
        journal: found.lines.into_iter().map(line).collect(),
        cursor: found.next.map(|(at_ms, id)| format!("{at_ms}.{id}")),
    }
}

fn line(line: Line) -> LineView {
    LineView {
        id: line.id,
        at: rfc3339(line.at_ms),
        conversation: line.conversation,
        actor: line.actor,
        what: line.what,
        data: line.data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
        let own = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        fields.iter().map(own).collect()
    }

    #[test]
    fn what_is_not_given_does_not_matter() {
        let query = query(&[
            ("actor", "u_1"),
            ("what", ""),
            ("from", "1970-01-01T00:00:01Z"),
        ]);
        let filter = filter(&query).unwrap();
        assert_eq!(
            (filter.actor, filter.what, filter.conversation),
            (Some("u_1"), None, None)
        );
        assert_eq!((filter.from_ms, filter.to_ms), (Some(1_000), None));
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_its_name() {
        let query = query(&[("to", "yesterday")]);
        assert_eq!(
            filter(&query).err().map(|problem| problem.status()),
            Some(400)
        );
        for bad in ["x", "1", "1.x", "x.1"] {
            assert_eq!(
                position(bad).err().map(|problem| problem.status()),
                Some(400),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_cursor_leads_on_from_where_the_page_ended() {
        let next = Some((1_795_000_000_000, 7));
        let cursor = page(Found {
            lines: vec![],
            next,
        })
        .cursor
        .unwrap();
        assert_eq!(position(&cursor).ok(), next);
    }
}
