//! Cron triggers: components called at given times, one run at a time, missed ones not made up for.

use crate::app::App;
use crate::manifest::CronTrigger;
use chrono::Utc;
use croner::Cron;
use croner::parser::{CronParser, Seconds};
use http_body_util::BodyExt;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Reads an expression: five fields, or six with seconds first. Times are UTC.
pub fn parse(expression: &str) -> Result<Cron, String> {
    CronParser::builder()
        .seconds(Seconds::Optional)
        .build()
        .parse(expression)
        .map_err(|error| format!("cron_expression {expression:?}: {error}"))
}

/// Calls the component at its times until `stop`; a run that has begun is finished.
pub(crate) async fn run(app: App, trigger: CronTrigger, stop: CancellationToken) {
    let cron = match parse(&trigger.cron_expression) {
        Ok(cron) => cron,
        Err(problem) => return tracing::error!(component = %trigger.component, "{problem}"),
    };
    loop {
        let now = Utc::now();
        let next = match cron.find_next_occurrence(&now, false) {
            Ok(next) => next,
            Err(error) => {
                return tracing::error!(component = %trigger.component, %error, "no next time");
            }
        };
        // A tick during the run before is skipped: the next one is looked for after the run.
        let wait = (next - now).to_std().unwrap_or(Duration::ZERO);
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
        fire(&app, &trigger).await;
    }
}

async fn fire(app: &App, trigger: &CronTrigger) {
    let request = http::Request::post("/")
        .header("x-vikno-cron", trigger.cron_expression.as_str())
        .body(crate::http::body(""));
    let request = match request {
        Ok(request) => request,
        Err(error) => {
            return tracing::error!(component = %trigger.component, %error, "cron call not made");
        }
    };
    let response = app.call(&trigger.component, request).await;
    let status = response.status();
    // The run has ended when its answer has been read.
    let body = response.into_body().collect().await;
    if !status.is_success() || body.is_err() {
        tracing::warn!(component = %trigger.component, status = status.as_u16(), "cron run failed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_and_six_fields_are_read_and_others_are_not() {
        for expression in ["* * * * * *", "*/5 * * * *", "0 0 3 * * 1"] {
            assert!(parse(expression).is_ok(), "{expression}");
        }
        for expression in ["", "* * *", "61 * * * * *", "every second"] {
            assert!(parse(expression).is_err(), "{expression}");
        }
    }
}
