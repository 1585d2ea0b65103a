//! The runner that sends messages and passes events on: claims what is due, sends chats side by side and each chat
//! in order, writes the results of a batch in one transaction.

use crate::prepare::{Call, Prepared, Unsendable, prepare};
use crate::results::{bury, defer, record};
use crate::settings::Settings;
use crate::{Hold, Ran, corezoid, relay, store};
use futures::StreamExt;
use futures::stream::iter;
use http::HeaderName;
use std::collections::HashMap;
use vikno_channels::DeliveryOutcome;
use vikno_channels::telegram::{self, TelegramBody, TelegramRequest};
use vikno_channels::viber;
use vikno_delivery::{Attempt, Limiter, plan, settle};
use vikno_domain::Channel;
use vikno_shell::outbound::{self, Answer, Failed};
use vikno_shell::{Problem, now_ms, random};
use vikno_storage::outbox::{self, CLAIM_ROWS, Next, Results, Runner};

/// Where Viber looks for the bot's token.
pub(crate) const VIBER_TOKEN: HeaderName = HeaderName::from_static("x-viber-auth-token");

/// No call of a batch begins later than this after its claim.
const BATCH_MS: i64 = 5_000;
/// A batch ends within its own time and the time of one last call, 12 s; after that another runner may take over.
const LEASE_MS: i64 = 20_000;
/// Chats served side by side.
const CHATS_AT_ONCE: usize = 32;
/// Channels that have limits.
const LIMITED: [Channel; 3] = [Channel::Telegram, Channel::Viber, Channel::Api];

/// Runs until nothing is due or its time is over.
pub(crate) async fn run(settings: &Settings, stop_at_ms: i64) -> Result<Ran, Problem> {
    let Some(hold) = Hold::take(&settings.org, Runner::Delivery, LEASE_MS, stop_at_ms).await?
    else {
        return Ok(Ran::default());
    };
    let ran = drain(settings, &hold).await;
    if ran.is_err() {
        hold.give_back().await;
    }
    ran
}

async fn drain(settings: &Settings, hold: &Hold) -> Result<Ran, Problem> {
    // A state that cannot be read is an older one: the limits begin afresh.
    let mut limiter: Limiter = serde_json::from_str(&hold.state).unwrap_or_default();
    let mut rows = 0;
    loop {
        let now = now_ms();
        let waiting = waiting(&limiter, settings, now);
        let due = outbox::due(&hold.database, Runner::Delivery, &waiting, CLAIM_ROWS, now).await?;
        let nothing_due = due.is_empty();
        rows += due.len();
        let results = deliver(due, &mut limiter, settings).await;
        let state = serde_json::to_string(&limiter).map_err(Problem::fault)?;
        let waiting = self::waiting(&limiter, settings, now_ms());
        let turn = hold.turn(&state, &waiting);
        let next = if nothing_due {
            outbox::end_or_go_on(&hold.database, turn).await?
        } else {
            outbox::settle(&hold.database, &results, turn).await?
        };
        if next == Next::Ended {
            return Ok(Ran {
                rows,
                more: !nothing_due && hold.is_over_time(),
            });
        }
    }
}

fn waiting(limiter: &Limiter, settings: &Settings, now_ms: i64) -> Vec<Channel> {
    let is_waiting = |channel: &Channel| limiter.ready_at_ms(*channel, &settings.limits) > now_ms;
    LIMITED.into_iter().filter(is_waiting).collect()
}

/// Sends what may leave now.
async fn deliver(
    due: Vec<outbox::OutboxRow>,
    limiter: &mut Limiter,
    settings: &Settings,
) -> Results {
    let claimed_at_ms = now_ms();
    let mut results = Results::default();
    let mut prepared = HashMap::with_capacity(due.len());
    for row in due {
        match prepare(row, settings, claimed_at_ms) {
            Ok(ready) => {
                prepared.insert(ready.row.id, ready);
            }
            Err(unsendable) => {
                let Unsendable { row, reason } = *unsendable;
                bury(&mut results, &row, row.parts_done, reason);
            }
        }
    }
    let messages: Vec<_> = prepared.values().map(Prepared::due).collect();
    let plan = plan(&messages, limiter, &settings.limits, claimed_at_ms);
    defer(&mut results, plan.defer);
    let mut chats = Vec::with_capacity(plan.send.len());
    for sequence in &plan.send {
        chats.push(
            sequence
                .iter()
                .filter_map(|id| prepared.remove(id))
                .collect::<Vec<_>>(),
        );
    }
    let sent: Vec<_> = iter(chats)
        .map(|chat| send_in_order(chat, settings, claimed_at_ms + BATCH_MS))
        .buffer_unordered(CHATS_AT_ONCE)
        .collect()
        .await;
    for attempted in sent.into_iter().flatten() {
        let attempt = Attempt {
            failed_before: attempted.row.attempts,
            created_at_ms: attempted.row.created_at_ms,
            now_ms: now_ms(),
            random: u64::from_le_bytes(random()),
        };
        let verdict = settle(attempted.outcome, attempt, &settings.limits);
        record(
            &mut results,
            limiter,
            &attempted.row,
            attempted.parts_done,
            verdict,
        );
    }
    results
}

/// A row that was tried.
struct Attempted {
    row: outbox::OutboxRow,
    parts_done: u32,
    outcome: DeliveryOutcome,
}

/// Sends the messages of one chat; after a failure the rest waits.
async fn send_in_order(
    chat: Vec<Prepared>,
    settings: &Settings,
    stop_at_ms: i64,
) -> Vec<Attempted> {
    let mut attempted = Vec::with_capacity(chat.len());
    for Prepared { row, calls } in chat {
        if now_ms() >= stop_at_ms {
            break;
        }
        let mut parts_done = row.parts_done;
        let mut outcome = DeliveryOutcome::Sent { external_id: None };
        for call in calls {
            outcome = make(call, settings).await;
            if !matches!(outcome, DeliveryOutcome::Sent { .. }) {
                break;
            }
            parts_done += 1;
        }
        let failed = !matches!(outcome, DeliveryOutcome::Sent { .. });
        attempted.push(Attempted {
            row,
            parts_done,
            outcome,
        });
        if failed {
            break;
        }
    }
    attempted
}

async fn make(call: Call, settings: &Settings) -> DeliveryOutcome {
    match call {
        Call::Telegram(request) => {
            let outcome = to_telegram(&request, settings).await;
            match (&outcome, request.as_document()) {
                // A picture that is too wide, a film of an odd kind: as a plain file they go.
                (DeliveryOutcome::Rejected { .. }, Some(document)) => {
                    to_telegram(&document, settings).await
                }
                _ => outcome,
            }
        }
        Call::Viber(body) => to_viber(body, settings).await,
        Call::Relay(order) => relay::pass_on(*order, settings).await,
        Call::Corezoid(order) => corezoid::make_task(*order, settings).await,
    }
}

async fn to_telegram(request: &TelegramRequest, settings: &Settings) -> DeliveryOutcome {
    let Some(bot) = &settings.telegram else {
        return DeliveryOutcome::Unauthorised;
    };
    let url = bot.method(request.method);
    let answer = match &request.body {
        TelegramBody::Json(json) => {
            outbound::post(&url, "application/json", None, json.clone()).await
        }
        TelegramBody::Multipart {
            fields,
            file_field,
            media,
        } => {
            let bytes = match store::read(settings.org.as_str(), &media.id).await {
                Ok(Some(bytes)) => bytes,
                Ok(None) => {
                    return DeliveryOutcome::Rejected {
                        code: "the file is not in the store".to_owned(),
                    };
                }
                Err(_) => return DeliveryOutcome::Unavailable,
            };
            let boundary = hex::encode(random::<16>());
            let body = telegram::multipart(&boundary, fields, file_field, media, &bytes);
            drop(bytes);
            let content_type = format!("multipart/form-data; boundary={boundary}");
            outbound::post(&url, &content_type, None, body).await
        }
    };
    judged(answer, telegram::answer)
}

async fn to_viber(body: String, settings: &Settings) -> DeliveryOutcome {
    let Some(bot) = &settings.viber else {
        return DeliveryOutcome::Unauthorised;
    };
    let token = (VIBER_TOKEN, bot.token.as_str());
    let answer = outbound::post(
        &bot.method("send_message"),
        "application/json",
        Some(token),
        body,
    )
    .await;
    judged(answer, viber::answer)
}

fn judged(
    answer: Result<Answer, Failed>,
    judge: fn(u16, &[u8]) -> DeliveryOutcome,
) -> DeliveryOutcome {
    match answer {
        Ok(answer) => judge(answer.status, &answer.body),
        // A channel's address that is wrong or not granted is for people to mend; the messages wait.
        Err(Failed::BadAddress) => DeliveryOutcome::Unauthorised,
        Err(Failed::NoAnswer | Failed::TooLarge) => DeliveryOutcome::Unavailable,
    }
}
