//! `/core/operator/{status,shift,cabinet}`: what a person does now, who is at work with how much, one's own figures.

use crate::list::shown_queues;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use vikno_access::{permitted_among, signed_in};
use vikno_domain::{OrgId, rfc3339};
use vikno_identity::{Authorised, Permission};
use vikno_shell::{Problem, Reply, Request, json, now_ms, query};
use vikno_storage::desk::Done;
use vikno_storage::presence::{self, OnShift, Work};
use vikno_storage::{Database, desk, operator_view};

const DAY_MS: i64 = 24 * 3_600_000;
/// `{"status":"…"}`.
const BODY_LIMIT: usize = 1_024;
/// Local times are at most so far from UTC.
const OFFSET_MIN_MAX: i64 = 14 * 60;

/// `GET status`.
pub(crate) async fn status(request: &Request) -> Reply {
    let core = Database::open("core").await?;
    let person = signed_in(request, &core).await?.claims.sub;
    shown_status(&core, &person, offset_ms(request)?).await
}

#[derive(Deserialize)]
struct NewStatus {
    status: String,
}

/// `POST status {"status"}`.
pub(crate) async fn set_status(request: Request) -> Reply {
    let core = Database::open("core").await?;
    let person = signed_in(&request, &core).await?.claims.sub;
    let offset_ms = offset_ms(&request)?;
    let given: NewStatus = vikno_shell::json_body(request, BODY_LIMIT).await?;
    if !["at_work", "break", "finished"].contains(&given.status.as_str()) {
        let detail = "'status' is at_work, break or finished.";
        return Err(Problem::new(400, "invalid_field", detail));
    }
    presence::set(&core, &person, &given.status, now_ms()).await?;
    shown_status(&core, &person, offset_ms).await
}

async fn shown_status(core: &Database, person: &str, offset_ms: i64) -> Reply {
    let now_ms = now_ms();
    let work = presence::now(core, person).await?;
    let today = Span::last(1, now_ms, offset_ms);
    let (at_work_ms, break_ms) = presence::times(core, person, today.from_ms, now_ms).await?;
    let mut shown = shown_work(work);
    shown["today"] = json!({ "at_work_s": at_work_ms / 1_000, "break_s": break_ms / 1_000 });
    Ok(json(200, &shown))
}

/// Who never said what they do has not begun.
fn shown_work(work: Option<Work>) -> Value {
    match work {
        Some(work) => json!({ "status": work.status, "since": rfc3339(work.since_ms) }),
        None => json!({ "status": "finished" }),
    }
}

/// `GET shift`: queues and people of every organisation whose shifts the person may see.
pub(crate) async fn wall(request: &Request) -> Reply {
    let core = Database::open("core").await?;
    let served = vikno_shell::served_organisations().await;
    let permits = permitted_among(request, &core, &served, Permission::ViewShift).await?;
    let mut organisations = Vec::new();
    for org in permits.iter().filter_map(Authorised::org) {
        organisations.push(shift(&core, org).await?);
    }
    Ok(json(200, &json!({ "organisations": organisations })))
}

async fn shift(core: &Database, org: &OrgId) -> Result<Value, Problem> {
    let organisation = vikno_shell::served_organisation(org).await?;
    let database = Database::open(org.as_str()).await?;
    let counts = operator_view::queue_counts(&database).await?;
    let held: HashMap<String, i64> = desk::held(&database).await?.into_iter().collect();
    let people = presence::on_shift(core, org.as_str()).await?;
    let people: Vec<Value> = people.into_iter().map(|one| person(one, &held)).collect();
    Ok(json!({ "org": org, "queues": shown_queues(&organisation, &counts), "people": people }))
}

fn person(person: OnShift, held: &HashMap<String, i64>) -> Value {
    let mut shown = shown_work(person.work);
    shown["chats"] = json!(held.get(&person.id).copied().unwrap_or_default());
    shown["seen_at"] = json!(person.seen_at_ms.map(rfc3339));
    shown["id"] = json!(person.id);
    shown["name"] = json!(person.name);
    shown
}

/// `GET cabinet?period=day|week|month&offset_min=`: one's own work in all organisations, by days of the given offset from UTC.
pub(crate) async fn cabinet(request: &Request) -> Reply {
    let core = Database::open("core").await?;
    let served = vikno_shell::served_organisations().await;
    let permits = permitted_among(request, &core, &served, Permission::HandleConversations).await?;
    let days = match query(request).get("period").map(String::as_str) {
        None | Some("day") => 1,
        Some("week") => 7,
        Some("month") => 30,
        Some(_) => {
            let detail = "'period' is day, week or month.";
            return Err(Problem::new(400, "invalid_field", detail));
        }
    };
    let offset_ms = offset_ms(request)?;
    let now_ms = now_ms();
    let span = Span::last(days, now_ms, offset_ms);
    let mut all = Vec::new();
    let mut person = None;
    for permit in &permits {
        let Some(org) = permit.org() else { continue };
        let database = Database::open(org.as_str()).await?;
        let id = &permit.person().id;
        all.push(desk::done(&database, id, span.from_ms, span.to_ms, offset_ms).await?);
        person = Some(id);
    }
    let times = match person {
        Some(id) => presence::times(&core, id, span.from_ms, now_ms).await?,
        None => (0, 0),
    };
    Ok(json(200, &figures(span, offset_ms, &all, times)))
}

/// The last days up to the end of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from_ms: i64,
    to_ms: i64,
}

impl Span {
    fn last(days: i64, now_ms: i64, offset_ms: i64) -> Self {
        let today = (now_ms + offset_ms).div_euclid(DAY_MS) * DAY_MS - offset_ms;
        Self {
            from_ms: today - (days - 1) * DAY_MS,
            to_ms: today + DAY_MS,
        }
    }
}

fn offset_ms(request: &Request) -> Result<i64, Problem> {
    let query = query(request);
    let Some(given) = query.get("offset_min") else {
        return Ok(0);
    };
    let minutes = given.parse::<i64>().ok();
    minutes
        .filter(|minutes| minutes.abs() <= OFFSET_MIN_MAX)
        .map(|minutes| minutes * 60_000)
        .ok_or_else(|| {
            let detail = "'offset_min' is how far local time is ahead of UTC, in minutes.";
            Problem::new(400, "invalid_field", detail)
        })
}

fn figures(span: Span, offset_ms: i64, all: &[Done], times_ms: (i64, i64)) -> Value {
    let sum = |part: fn(&Done) -> (i64, i64)| {
        all.iter()
            .map(part)
            .fold((0, 0), |total, one| (total.0 + one.0, total.1 + one.1))
    };
    let mean = |(total, count): (i64, i64)| (count > 0).then(|| total / count);
    let (score, ratings) = sum(|done| done.ratings);
    let days: Vec<Value> = (span.from_ms..span.to_ms)
        .step_by(usize::try_from(DAY_MS).unwrap_or(usize::MAX))
        .map(|day| {
            let on_day = all
                .iter()
                .flat_map(|done| &done.days)
                .filter(|one| one.0 == day);
            let (chats, closed) = on_day.fold((0, 0), |sum, one| (sum.0 + one.1, sum.1 + one.2));
            let date = rfc3339(day + offset_ms);
            json!({ "day": date.get(..10), "chats": chats, "closed": closed })
        })
        .collect();
    json!({
        "from": rfc3339(span.from_ms),
        "to": rfc3339(span.to_ms),
        "chats": all.iter().map(|done| done.chats).sum::<i64>(),
        "closed": all.iter().map(|done| done.closed).sum::<i64>(),
        "rating": { "mean": (ratings > 0).then(|| score as f64 / ratings as f64), "count": ratings },
        "first_answer_s": mean(sum(|done| done.first_answer_s)),
        "handling_s": mean(sum(|done| done.handling_s)),
        "at_work_s": times_ms.0 / 1_000,
        "break_s": times_ms.1 / 1_000,
        "days": days,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-11-23T12:13:20Z.
    const NOW_MS: i64 = 1_763_900_000_000;

    #[test]
    fn a_day_begins_where_the_person_is() {
        let utc = Span::last(1, NOW_MS, 0);
        assert_eq!(rfc3339(utc.from_ms), "2025-11-23T00:00:00.000Z");
        let kyiv = Span::last(7, NOW_MS, 2 * 3_600_000);
        assert_eq!(rfc3339(kyiv.from_ms), "2025-11-16T22:00:00.000Z");
        assert_eq!(rfc3339(kyiv.to_ms), "2025-11-23T22:00:00.000Z");
    }

    #[test]
    fn figures_of_several_organisations_add_up() {
        let offset_ms = 2 * 3_600_000;
        let span = Span::last(2, NOW_MS, offset_ms);
        let done = |chats, closed, score| Done {
            days: vec![(span.from_ms, chats, closed)],
            chats,
            closed,
            first_answer_s: (30 * chats, chats),
            handling_s: (60 * closed, closed),
            ratings: (score, 1),
        };
        let all = [done(3, 2, 5), done(1, 0, 4)];
        let shown = figures(span, offset_ms, &all, (3_600_000, 60_000));
        assert_eq!(shown["chats"], 4);
        assert_eq!(shown["rating"], json!({ "mean": 4.5, "count": 2 }));
        assert_eq!(
            (&shown["first_answer_s"], &shown["handling_s"]),
            (&json!(30), &json!(60))
        );
        let days = json!([
            { "day": "2025-11-22", "chats": 4, "closed": 2 }, { "day": "2025-11-23", "chats": 0, "closed": 0 },
        ]);
        assert_eq!(shown["days"], days);
        assert_eq!(
            figures(span, offset_ms, &[], (0, 0))["rating"]["mean"],
            Value::Null
        );
    }
}
