//! Lists: conversations by state, queue and person, and the queues as they are now.

use crate::view;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use vikno_domain::{ConversationStatus, OrgId, rfc3339};
use vikno_identity::Authorised;
use vikno_organisation::{Organisation, Queue, Topic};
use vikno_routing::{Standing, due};
use vikno_shell::{Problem, Reply, Request, query};
use vikno_storage::operator_view::{self, Filter, Listed, PAGE, QueueCount};
use vikno_storage::{Database, desk};

/// `GET conversations?status=&queue=&mine=&after=`: who waits in the order of their turn, any other list by activity.
pub(crate) async fn conversations(request: &Request, org: &OrgId, permit: &Authorised) -> Reply {
    let query = query(request);
    let given = |name: &str| {
        let value = query.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    };
    let statuses = statuses(given("status").unwrap_or_default())?;
    let mine = matches!(given("mine"), Some("1" | "true"));
    let filter = Filter {
        statuses: &statuses,
        queue: given("queue"),
        operator: mine.then_some(permit.person().id.as_str()),
    };
    let order = Order::of(&statuses);
    let database = Database::open(org.as_str()).await?;
    let found = order.read(&database, filter, given("after")).await?;
    Ok(vikno_shell::json(200, &order.page(found)))
}

fn statuses(given: &str) -> Result<Vec<ConversationStatus>, Problem> {
    let names = given
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let mut statuses = vec![];
    for name in names {
        let status = ConversationStatus::parse(name).ok_or_else(|| {
            let all = "open, waiting, with_operator, voting, closed";
            let detail = format!("'status' names states, divided by commas: {all}.");
            Problem::new(400, "invalid_field", detail)
        })?;
        if !statuses.contains(&status) {
            statuses.push(status);
        }
    }
    Ok(statuses)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Turn,
    Activity,
}

impl Order {
    fn of(statuses: &[ConversationStatus]) -> Self {
        match statuses {
            [ConversationStatus::Waiting] => Self::Turn,
            _ => Self::Activity,
        }
    }

    async fn read(
        self,
        database: &Database,
        filter: Filter<'_>,
        after: Option<&str>,
    ) -> Result<Vec<Listed>, Problem> {
        let found = match self {
            Self::Turn => {
                let after = after.map(turn_position).transpose()?;
                operator_view::by_turn(database, filter, after).await?
            }
            Self::Activity => {
                let after = after.map(activity_position).transpose()?;
                operator_view::by_activity(database, filter, after).await?
            }
        };
        Ok(found)
    }

    fn cursor(self, last: &Listed) -> String {
        match self {
            Self::Turn => {
                let since_ms = last.queued_at_ms.unwrap_or_default();
                format!("{}.{since_ms}.{}", last.priority, last.id)
            }
            Self::Activity => format!("{}.{}", last.last_at_ms, last.id),
        }
    }

    fn page(self, mut found: Vec<Listed>) -> Value {
        let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let more = found.len() > page;
        found.truncate(page);
        let cursor = found.last().filter(|_| more).map(|last| self.cursor(last));
        let shown: Vec<_> = found.into_iter().map(view::listed).collect();
        json!({ "conversations": shown, "cursor": cursor })
    }
}

fn activity_position(cursor: &str) -> Result<(i64, &str), Problem> {
    let parts = cursor.split_once('.');
    parts
        .and_then(|(at_ms, id)| Some((at_ms.parse().ok()?, id)))
        .ok_or_else(invalid_cursor)
}

fn turn_position(cursor: &str) -> Result<(i64, i64, &str), Problem> {
    let mut parts = cursor.splitn(3, '.');
    let mut next = || parts.next().ok_or_else(invalid_cursor);
    let (priority, since_ms, id) = (next()?, next()?, next()?);
    let number = |text: &str| text.parse().map_err(|_| invalid_cursor());
    Ok((number(priority)?, number(since_ms)?, id))
}

fn invalid_cursor() -> Problem {
    Problem::new(
        400,
        "invalid_cursor",
        "'after' must be a cursor of an earlier answer to the same question.",
    )
}

/// `GET citizens/{id}/conversations`: a person's conversations here, newest first.
pub(crate) async fn of_citizen(organisation: &Organisation, id: &str) -> Reply {
    let database = Database::open(organisation.id.as_str()).await?;
    let found = desk::of_citizen(&database, id).await?;
    let shown: Vec<_> = found
        .into_iter()
        .map(|(row, rating)| view::rated(organisation, row, rating))
        .collect();
    Ok(vikno_shell::json(200, &json!({ "conversations": shown })))
}

/// `GET queues`: all of the organisation's, also empty ones, in the order of its settings.
pub(crate) async fn queues(organisation: &Organisation) -> Reply {
    let database = Database::open(organisation.id.as_str()).await?;
    let counts = operator_view::queue_counts(&database).await?;
    let mut moves_to = vikno_shell::served_organisations().await;
    moves_to.retain(|org| *org != organisation.id && organisation.transfers.allow(org));
    let shown = json!({
        "queues": shown_queues(organisation, &counts), "topics": topics(organisation), "moves_to": moves_to,
    });
    Ok(vikno_shell::json(200, &shown))
}

/// What citizens ask about, by the names that their buttons have.
fn topics(organisation: &Organisation) -> Vec<Value> {
    let texts = vikno_shell::texts(organisation);
    let topic = |topic: &Topic| {
        let names = organisation.languages.iter().filter_map(|language| {
            let id = format!("topic-{}", topic.id);
            let name = texts.render(language, &id, &Map::new()).ok()?;
            Some((language.as_str(), name))
        });
        json!({ "id": topic.id, "name": names.collect::<BTreeMap<_, _>>() })
    };
    organisation.topics.iter().map(topic).collect()
}

/// The queues of an organisation's settings with how many are in them.
pub(crate) fn shown_queues(organisation: &Organisation, counts: &[QueueCount]) -> Vec<Value> {
    let queue = |queue: &Queue| {
        let count = counts.iter().find(|count| count.queue == queue.id);
        let names = queue.name.0.iter();
        let name: BTreeMap<_, _> = names
            .map(|(language, name)| (language.as_str(), name))
            .collect();
        let since_ms = count.and_then(|count| count.waiting_since_ms);
        let standing = Standing {
            status: ConversationStatus::Waiting,
            queued_at_ms: since_ms,
            asked_at_ms: None,
            taken_at_ms: None,
        };
        json!({
            "id": queue.id,
            "due": due(queue.service, standing).map(view::due),
            "name": name,
            "default": queue.is_default,
            "waiting": count.map_or(0, |count| count.waiting),
            "with_operator": count.map_or(0, |count| count.with_operator),
            "waiting_since": since_ms.map(rfc3339),
        })
    };
    organisation.queues.iter().map(queue).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(number: i64) -> Listed {
        Listed {
            id: format!("c_{number}"),
            status: "waiting".into(),
            queue: Some("general".into()),
            topic: None,
            channel: "web".into(),
            language: "uk".into(),
            priority: 5,
            citizen_name: None,
            operator: None,
            opened_at_ms: 0,
            queued_at_ms: Some(100),
            last_at_ms: 200,
            labels: vec![],
            moved_to: None,
            moved_from: None,
        }
    }

    #[test]
    fn states_are_named_divided_by_commas() {
        use ConversationStatus::{Closed, Waiting};
        assert_eq!(statuses("").unwrap(), []);
        assert_eq!(
            statuses("waiting, closed,waiting").unwrap(),
            [Waiting, Closed]
        );
        assert_eq!(statuses("lost").unwrap_err().status(), 400);
    }

    #[test]
    fn only_the_waiting_alone_are_listed_by_turn() {
        let order = |names| Order::of(&statuses(names).unwrap());
        assert_eq!(order("waiting"), Order::Turn);
        for names in ["", "open", "waiting,open"] {
            assert_eq!(order(names), Order::Activity);
        }
    }

    #[test]
    fn cursors_lead_to_where_the_page_ended() {
        let last = listed(7);
        assert_eq!(
            turn_position(&Order::Turn.cursor(&last)).unwrap(),
            (5, 100, "c_7")
        );
        assert_eq!(
            activity_position(&Order::Activity.cursor(&last)).unwrap(),
            (200, "c_7")
        );
        for bad in ["x", "1", "1.2", "a.b.c", "1.b.c"] {
            assert_eq!(turn_position(bad).unwrap_err().status(), 400, "{bad}");
        }
        assert_eq!(activity_position("x.c_1").unwrap_err().status(), 400);
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let last = Order::Turn.page((0..PAGE).map(listed).collect());
        assert!(last["cursor"].is_null());
        let first = Order::Turn.page((0..=PAGE).map(listed).collect());
        assert_eq!(
            first["conversations"].as_array().unwrap().len() as i64,
            PAGE
        );
        assert_eq!(first["cursor"], format!("5.100.c_{}", PAGE - 1));
    }
}
