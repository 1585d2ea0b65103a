//! The organisations of this installation, as the start page lists them.

use crate::figures;
use serde::Serialize;
use std::collections::BTreeMap;
use vikno_domain::{Language, OrgId, rfc3339};
use vikno_organisation::{HoursState, Organisation};
use vikno_shell::{Problem, now_ms};
use vikno_storage::stats::Live;

/// What the start page shows.
#[derive(Debug, Serialize)]
pub struct List {
    organisations: Vec<Listed>,
    at: String,
}

/// An organisation at a glance.
#[derive(Debug, Serialize)]
struct Listed {
    id: OrgId,
    name: BTreeMap<Language, String>,
    languages: Vec<Language>,
    open_now: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    opens_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closes_at: Option<String>,
    counts: Counts,
}

/// Live counts.
#[derive(Debug, Serialize)]
struct Counts {
    open: i64,
    waiting: i64,
    with_operator: i64,
    voting: i64,
    messages_today: i64,
}

/// Every organisation with its hours and counts.
pub async fn list() -> Result<List, Problem> {
    let now_ms = now_ms();
    let mut organisations = Vec::new();
    for org in vikno_shell::served_organisations().await {
        let settings = vikno_shell::organisation(&org)
            .await
            .map_err(Problem::fault)?;
        let live = figures::of(&settings, now_ms).await?;
        organisations.push(listed(&settings, &live, now_ms));
    }
    Ok(List {
        organisations,
        at: rfc3339(now_ms),
    })
}

fn listed(organisation: &Organisation, live: &Live, now_ms: i64) -> Listed {
    let (open_now, opens_at, closes_at) = match organisation.hours.state(now_ms) {
        HoursState::Open { until_ms } => (true, None, until_ms),
        HoursState::Closed { opens_at_ms } => (false, opens_at_ms, None),
    };
    Listed {
        id: organisation.id.clone(),
        name: organisation.name.0.clone(),
        languages: organisation.languages.clone(),
        open_now,
        opens_at: opens_at.map(rfc3339),
        closes_at: closes_at.map(rfc3339),
        counts: Counts {
            open: live.open,
            waiting: live.waiting,
            with_operator: live.with_operator,
            voting: live.voting,
            messages_today: live.messages_since,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn an_organisation_is_listed_with_its_hours_and_counts() {
        let folder = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../organisations/mzs/organisation.toml"
        );
        let settings = Organisation::parse(&std::fs::read_to_string(folder).unwrap()).unwrap();
        let live = Live {
            open: 3,
            waiting: 1,
            messages_since: 40,
            ..Live::default()
        };
        // A Wednesday at 11:06:40 UTC.
        let listed = listed(&settings, &live, 1_795_000_000_000);
        assert!(listed.open_now);
        expect![[r#"{"id":"mzs","name":{"en":"Ministry of Foreign Affairs of Ukraine","uk":"Міністерство закордонних справ України"},"languages":["uk","en"],"open_now":true,"counts":{"open":3,"waiting":1,"with_operator":0,"voting":0,"messages_today":40}}"#]].assert_eq(&serde_json::to_string(&listed).unwrap());
    }
}
