//! Figures in the text form of Prometheus.

use crate::figures;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use vikno_domain::OrgId;
use vikno_shell::{Problem, Reply, Request, bytes, header, now_ms, variable};
use vikno_storage::stats::Live;

type Figure = fn(&Live, i64) -> i64;

/// Name, type, help, and the figure of an organisation.
const METRICS: [(&str, &str, &str, Figure); 7] = [
    (
        "vikno_messages_total",
        "counter",
        "Messages in both directions.",
        |live, _| live.messages_total,
    ),
    (
        "vikno_journal_lines_total",
        "counter",
        "Lines of the journal.",
        |live, _| live.journal_total,
    ),
    (
        "vikno_messages_today",
        "gauge",
        "Messages since local midnight.",
        |live, _| live.messages_since,
    ),
    (
        "vikno_inbox_pending",
        "gauge",
        "Events that came in and had no turn yet.",
        |live, _| live.inbox_pending,
    ),
    (
        "vikno_inbox_oldest_age_seconds",
        "gauge",
        "Age of the oldest of them.",
        |live, now_ms| {
            live.inbox_oldest_at_ms
                .map_or(0, |at_ms| (now_ms - at_ms).max(0) / 1_000)
        },
    ),
    (
        "vikno_outbox_pending",
        "gauge",
        "Deliveries under way.",
        |live, _| live.outbox_pending,
    ),
    (
        "vikno_outbox_dead",
        "gauge",
        "Deliveries given up.",
        |live, _| live.outbox_dead,
    ),
];

/// `GET /metrics`. When the setting `metrics_token` is there, only its bearer reads them.
pub async fn answer(request: &Request) -> Reply {
    if let Some(token) = variable("metrics_token").await {
        let given =
            header(request, "authorization").and_then(|value| value.strip_prefix("Bearer "));
        // Digests are compared, so that the time taken tells nothing about the token.
        if given.map(Sha256::digest) != Some(Sha256::digest(&token)) {
            let problem = Problem::new(
                401,
                "not_signed_in",
                "Send the metrics token as 'Authorization: Bearer <token>'.",
            );
            return Err(problem.header("WWW-Authenticate", "Bearer"));
        }
    }
    let now_ms = now_ms();
    let mut all = Vec::new();
    for org in vikno_shell::served_organisations().await {
        let settings = vikno_shell::organisation(&org)
            .await
            .map_err(Problem::fault)?;
        all.push((org, figures::of(&settings, now_ms).await?));
    }
    let text = written(&all, now_ms);
    Ok(bytes(
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        text.into(),
    ))
}

fn written(all: &[(OrgId, Live)], now_ms: i64) -> String {
    let mut out = String::new();
    heading(
        &mut out,
        "vikno_conversations",
        "gauge",
        "Dialogues under way, by status.",
    );
    for (org, live) in all {
        let by_status = [
            ("open", live.open),
            ("waiting", live.waiting),
            ("with_operator", live.with_operator),
            ("voting", live.voting),
        ];
        for (status, count) in by_status {
            let _ = writeln!(
                out,
                "vikno_conversations{{org=\"{org}\",status=\"{status}\"}} {count}"
            );
        }
    }
    for (name, kind, help, figure) in METRICS {
        heading(&mut out, name, kind, help);
        for (org, live) in all {
            let _ = writeln!(out, "{name}{{org=\"{org}\"}} {}", figure(live, now_ms));
        }
    }
    out
}

fn heading(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn figures_are_written_for_prometheus() {
        let live = Live {
            open: 2,
            waiting: 1,
            messages_total: 90,
            inbox_oldest_at_ms: Some(7_000),
            outbox_dead: 1,
            ..Live::default()
        };
        expect![[r##"
            # HELP vikno_conversations Dialogues under way, by status.
            # TYPE vikno_conversations gauge
            vikno_conversations{org="ukc",status="open"} 2
            vikno_conversations{org="ukc",status="waiting"} 1
            vikno_conversations{org="ukc",status="with_operator"} 0
            vikno_conversations{org="ukc",status="voting"} 0
            # HELP vikno_messages_total Messages in both directions.
            # TYPE vikno_messages_total counter
            vikno_messages_total{org="ukc"} 90
            # HELP vikno_journal_lines_total Lines of the journal.
            # TYPE vikno_journal_lines_total counter
            vikno_journal_lines_total{org="ukc"} 0
            # HELP vikno_messages_today Messages since local midnight.
            # TYPE vikno_messages_today gauge
            vikno_messages_today{org="ukc"} 0
            # HELP vikno_inbox_pending Events that came in and had no turn yet.
            # TYPE vikno_inbox_pending gauge
            vikno_inbox_pending{org="ukc"} 0
            # HELP vikno_inbox_oldest_age_seconds Age of the oldest of them.
            # TYPE vikno_inbox_oldest_age_seconds gauge
            vikno_inbox_oldest_age_seconds{org="ukc"} 3
            # HELP vikno_outbox_pending Deliveries under way.
            # TYPE vikno_outbox_pending gauge
            vikno_outbox_pending{org="ukc"} 0
            # HELP vikno_outbox_dead Deliveries given up.
            # TYPE vikno_outbox_dead gauge
            vikno_outbox_dead{org="ukc"} 1
        "##]]
        .assert_eq(&written(&[(OrgId::parse("ukc").unwrap(), live)], 10_500));
    }
}
