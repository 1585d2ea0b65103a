//! The runner that brings attachments from the channels into the media store, while their addresses still work.

use crate::results::journal;
use crate::settings::Settings;
use crate::{Hold, Ran, store};
use futures::future::join_all;
use serde_json::json;
use sha2::{Digest, Sha256};
use vikno_channels::DeliveryOutcome;
use vikno_channels::telegram;
use vikno_delivery::{Attempt, Verdict, settle};
use vikno_domain::{FetchOrder, MediaRef, RemoteFile};
use vikno_media::{FILE_BYTES_MAX, Refused, clean_name, sniff};
use vikno_shell::outbound::{self, Failed, is_web_address};
use vikno_shell::{Problem, now_ms, random};
use vikno_storage::outbox::{
    self, AgainResult, DeadResult, MediaResult, Next, OutboxRow, Results, Runner,
};

/// Files fetched side by side: each may take 20 MB of the instance's memory, twice.
const AT_ONCE: i64 = 2;
/// A file that has not come after this is another runner's.
const LEASE_MS: i64 = 60_000;

/// Runs until nothing is due or its time is over.
pub(crate) async fn run(settings: &Settings, stop_at_ms: i64) -> Result<Ran, Problem> {
    let Some(hold) = Hold::take(&settings.org, Runner::Fetch, LEASE_MS, stop_at_ms).await? else {
        return Ok(Ran::default());
    };
    let ran = drain(settings, &hold).await;
    if ran.is_err() {
        hold.give_back().await;
    }
    ran
}

async fn drain(settings: &Settings, hold: &Hold) -> Result<Ran, Problem> {
    let mut rows = 0;
    loop {
        let due = outbox::due(&hold.database, Runner::Fetch, &[], AT_ONCE, now_ms()).await?;
        rows += due.len();
        let fetched = join_all(due.iter().map(|row| fetch_row(row, settings))).await;
        let mut results = Results::default();
        for (row, fetched) in due.iter().zip(fetched) {
            record(&mut results, row, fetched, settings);
        }
        if outbox::settle(&hold.database, &results, hold.turn("{}", &[])).await? == Next::Ended {
            return Ok(Ran {
                rows,
                more: !due.is_empty() && hold.is_over_time(),
            });
        }
    }
}

/// What became of a file.
enum Fetched {
    Stored {
        order: FetchOrder,
        file: StoredFile,
    },
    Refused {
        order: FetchOrder,
        refused: Refused,
    },
    Failed {
        order: FetchOrder,
        outcome: DeliveryOutcome,
    },
    Unreadable {
        reason: String,
    },
}

/// A file that is in the store now.
pub(crate) struct StoredFile {
    pub(crate) media: MediaRef,
    sha256: String,
}

/// Why a file could not be brought.
pub(crate) enum NotFetched {
    Refused(Refused),
    Failed(DeliveryOutcome),
}

async fn fetch_row(row: &OutboxRow, settings: &Settings) -> Fetched {
    let order: FetchOrder = match serde_json::from_str(&row.payload) {
        Ok(order) => order,
        Err(error) => {
            return Fetched::Unreadable {
                reason: format!("unreadable payload: {error}"),
            };
        }
    };
    let stored = bring(
        &order.remote,
        order.name.as_deref(),
        &order.media_id,
        settings.org.as_str(),
        settings,
    )
    .await;
    match stored {
        Ok(file) => Fetched::Stored { order, file },
        Err(NotFetched::Refused(refused)) => Fetched::Refused { order, refused },
        Err(NotFetched::Failed(outcome)) => Fetched::Failed { order, outcome },
    }
}

/// Fetches a file with our own bot, examines it and stores it for an organisation.
pub(crate) async fn bring(
    remote: &RemoteFile,
    name: Option<&str>,
    media_id: &str,
    for_org: &str,
    settings: &Settings,
) -> Result<StoredFile, NotFetched> {
    let url = match remote {
        RemoteFile::TelegramFile(file_id) => telegram_file(file_id, settings)
            .await
            .map_err(NotFetched::Failed)?,
        RemoteFile::Url(url) if is_web_address(url) => url.clone(),
        RemoteFile::Url(_) => return Err(gone("no web address")),
    };
    let answer = match outbound::get(&url, FILE_BYTES_MAX).await {
        Ok(answer) => answer,
        Err(Failed::TooLarge) => return Err(NotFetched::Refused(Refused::TooLarge)),
        Err(Failed::BadAddress) => return Err(gone("the address leads elsewhere")),
        Err(Failed::NoAnswer) => return Err(NotFetched::Failed(DeliveryOutcome::Unavailable)),
    };
    match answer.status {
        200..=299 => {}
        400 | 401 | 403 | 404 | 410 => return Err(gone("the file is not there any more")),
        _ => return Err(NotFetched::Failed(DeliveryOutcome::Unavailable)),
    }
    let media_type = sniff(&answer.body).map_err(NotFetched::Refused)?;
    store::write(for_org, media_id, &answer.body)
        .await
        .map_err(|_| NotFetched::Failed(DeliveryOutcome::Unavailable))?;
    let media = MediaRef {
        id: media_id.to_owned(),
        media_type: media_type.to_owned(),
        name: clean_name(name.unwrap_or_default(), media_type),
        size: answer.body.len() as u64,
    };
    Ok(StoredFile {
        media,
        sha256: hex::encode(Sha256::digest(&answer.body)),
    })
}

fn gone(reason: &str) -> NotFetched {
    NotFetched::Failed(DeliveryOutcome::Rejected {
        code: reason.to_owned(),
    })
}

/// The address of a Telegram file; it holds the bot's token and never leaves this component.
async fn telegram_file(file_id: &str, settings: &Settings) -> Result<String, DeliveryOutcome> {
    let bot = settings
        .telegram
        .as_ref()
        .ok_or(DeliveryOutcome::Unauthorised)?;
    let body = json!({ "file_id": file_id }).to_string();
    let answer = outbound::post(&bot.method("getFile"), "application/json", None, body).await;
    let answer = answer.map_err(|_| DeliveryOutcome::Unavailable)?;
    let path = telegram::file_path(answer.status, &answer.body)?;
    bot.file(&path).ok_or_else(|| DeliveryOutcome::Rejected {
        code: "a file path that leads elsewhere".to_owned(),
    })
}

fn record(results: &mut Results, row: &OutboxRow, fetched: Fetched, settings: &Settings) {
    match fetched {
        Fetched::Stored { order, file } => {
            results.done.push(row.id);
            let data = json!({ "media": order.media_id, "type": file.media.media_type, "size": file.media.size });
            journal(results, row, "attachment_stored", data);
            results.media.push(MediaResult {
                id: order.media_id,
                state: "stored",
                media_type: Some(file.media.media_type),
                name: Some(file.media.name),
                size: Some(file.media.size),
                sha256: Some(file.sha256),
                reason: None,
            });
        }
        Fetched::Refused { order, refused } => {
            results.done.push(row.id);
            let data = json!({ "media": order.media_id, "reason": refused.code() });
            journal(results, row, "attachment_refused", data);
            results
                .media
                .push(without_file(order.media_id, "refused", refused.to_string()));
        }
        Fetched::Unreadable { reason } => {
            journal(results, row, "dead_letter", json!({ "reason": reason }));
            results.dead.push(DeadResult {
                id: row.id,
                attempts: row.attempts + 1,
                parts_done: 0,
                reason,
            });
        }
        Fetched::Failed { order, outcome } => {
            let attempt = Attempt {
                failed_before: row.attempts,
                created_at_ms: row.created_at_ms,
                now_ms: now_ms(),
                random: u64::from_le_bytes(random()),
            };
            match settle(outcome, attempt, &settings.limits) {
                Verdict::Again {
                    at_ms,
                    failed,
                    reason,
                    ..
                } => results.again.push(AgainResult {
                    id: row.id,
                    attempts: failed,
                    parts_done: 0,
                    next_at_ms: at_ms,
                    reason,
                }),
                Verdict::Dead { reason } => lose(results, row, order.media_id, reason),
                Verdict::Unreachable | Verdict::Sent { .. } => {
                    lose(
                        results,
                        row,
                        order.media_id,
                        "the channel refuses the file".to_owned(),
                    );
                }
            }
        }
    }
}

/// The file is not to be had. The row stays as a dead letter, from where it can be tried again.
fn lose(results: &mut Results, row: &OutboxRow, media_id: String, reason: String) {
    journal(
        results,
        row,
        "attachment_lost",
        json!({ "media": media_id, "reason": reason }),
    );
    results
        .media
        .push(without_file(media_id, "lost", reason.clone()));
    results.dead.push(DeadResult {
        id: row.id,
        attempts: row.attempts + 1,
        parts_done: 0,
        reason,
    });
}

fn without_file(id: String, state: &'static str, reason: String) -> MediaResult {
    MediaResult {
        id,
        state,
        media_type: None,
        name: None,
        size: None,
        sha256: None,
        reason: Some(reason),
    }
}
