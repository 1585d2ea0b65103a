//! A bare server for comparison: axum, rusqlite and a pooled client do the same work as a sane author would write it, with
//! no components between, no processes and one fixed reply. It is never an application.

mod store;

use super::organisations::{Addressee, telegram_secret, viber_token};
use crate::commands::print;
use anyhow::{Context, Result, anyhow, bail};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{SystemTime, UNIX_EPOCH};
use store::Store;
use tokio::sync::{Semaphore, oneshot};
use vikno_channels::{telegram, viber};

/// Replies being made and sent at once.
const TURNS_MAX: usize = 512;
/// Things to do that wait for a database: more than the load has connections and turns.
const WORK_MAX: usize = 2_048;
/// As long as an answer about a topic.
const REPLY: &str = "Дякуємо за звернення. Субсидію призначають на підставі заяви й декларації, які можна подати онлайн \
або в центрі надання адміністративних послуг. Якщо відповідь не допомогла, напишіть уточнення або покличте оператора.";
const BUTTONS: [(&str, &str); 3] = [
    ("operator", "Оператор"),
    ("menu", "Меню"),
    ("helped:yes", "Дякую, допомогло"),
];

struct Server {
    organisations: HashMap<String, Worker>,
    client: Client<HttpConnector, Full<Bytes>>,
    standins: String,
    turns: Arc<Semaphore>,
}

/// What came in.
struct Asked {
    org: String,
    channel: &'static str,
    chat: String,
    dedupe_key: String,
    event: String,
    text: String,
}

/// Something done with a database.
type Work = Box<dyn FnOnce(&mut Store) + Send>;
/// The thread that owns a database does one thing after another.
type Worker = mpsc::SyncSender<Work>;

/// Why a request failed.
struct Failed(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        eprintln!("{:#}", self.0);
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

/// Serves until it is ended.
pub fn serve(folder: &std::path::Path, standins: &str, organisations: &[Addressee]) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut stores = HashMap::new();
    for Addressee { id, .. } in organisations {
        let store = Store::create(&folder.join(format!("{id}.db")))?;
        stores.insert(id.clone(), worker(store));
    }
    vikno::runtime()?.block_on(async {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let server = Arc::new(Server {
            organisations: stores,
            client: Client::builder(TokioExecutor::new()).build(connector),
            standins: standins.to_owned(),
            turns: Arc::new(Semaphore::new(TURNS_MAX)),
        });
        let routes = Router::new()
            .route("/{org}/telegram", post(telegram_webhook))
            .route("/{org}/viber", post(viber_webhook))
            .route("/{org}/chat/sessions", post(open_session))
            .route("/{org}/chat/messages", post(say).get(receive))
            .with_state(server);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        print::line(format!("ready: http://{}", listener.local_addr()?));
        axum::serve(
            axum::serve::ListenerExt::tap_io(listener, |stream| {
                // Small answers must not wait for a full segment; without it they are only slower.
                drop(stream.set_nodelay(true));
            }),
            routes,
        )
        .await?;
        Ok(())
    })
}

async fn telegram_webhook(
    State(server): State<Arc<Server>>,
    Path(org): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failed> {
    let given = header(&headers, "x-telegram-bot-api-secret-token");
    let Ok(verified) = telegram::verify_secret(given, &telegram_secret(&org), &body) else {
        return Ok(StatusCode::UNAUTHORIZED);
    };
    let event = telegram::parse(verified, now_ms())?.event;
    server.accept(asked(org, "telegram", &event)?).await?;
    Ok(StatusCode::OK)
}

async fn viber_webhook(
    State(server): State<Arc<Server>>,
    Path(org): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failed> {
    let given = header(&headers, "x-viber-content-signature");
    let Ok(verified) = viber::verify_signature(given, &viber_token(&org), &body) else {
        return Ok(StatusCode::UNAUTHORIZED);
    };
    let event = viber::parse(verified, now_ms())?.event;
    server.accept(asked(org, "viber", &event)?).await?;
    Ok(StatusCode::OK)
}

fn asked(org: String, channel: &'static str, event: &impl serde::Serialize) -> Result<Asked> {
    let event = serde_json::to_value(event)?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(Asked {
        org,
        channel,
        chat: text(&event["chat"]),
        dedupe_key: text(&event["dedupe_key"]),
        text: text(&event["content"]["text"]),
        event: event.to_string(),
    })
}

async fn open_session(
    State(server): State<Arc<Server>>,
    Path(org): Path<String>,
) -> Result<Response, Failed> {
    let token = hex::encode(rand::random::<[u8; 32]>());
    let chat = hex::encode(rand::random::<[u8; 12]>());
    let digest = hex::encode(Sha256::digest(&token));
    let opened = chat.clone();
    server
        .with(&org, move |store| {
            store.open_session(&digest, &opened, now_ms())
        })
        .await?;
    // It is greeted, as by the application.
    server
        .accept(Asked {
            org,
            channel: "web",
            dedupe_key: format!("session:{chat}"),
            chat,
            event: "{}".to_owned(),
            text: String::new(),
        })
        .await?;
    let body = json!({ "token": token, "cursor": "0", "language": "uk" });
    Ok((StatusCode::CREATED, axum::Json(body)).into_response())
}

async fn say(
    State(server): State<Arc<Server>>,
    Path(org): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failed> {
    let Some(chat) = server.session(&org, &headers).await? else {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    };
    let said: Value = serde_json::from_slice(&body)?;
    let client_id = said["client_id"].as_str().unwrap_or_default();
    let asked = Asked {
        org,
        channel: "web",
        dedupe_key: format!("client:{chat}:{client_id}"),
        chat,
        text: said["text"].as_str().unwrap_or_default().to_owned(),
        event: said.to_string(),
    };
    let id = server.accept(asked).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(json!({ "id": id }))).into_response())
}

async fn receive(
    State(server): State<Arc<Server>>,
    Path(org): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failed> {
    let Some(chat) = server.session(&org, &headers).await? else {
        return Ok(StatusCode::UNAUTHORIZED.into_response());
    };
    let after = uri.query().and_then(|query| query.strip_prefix("after="));
    let after: i64 = after.unwrap_or("0").parse()?;
    let (messages, last_at_ms) = server
        .with(&org, move |store| store.page(&chat, after))
        .await?;
    let now_ms = now_ms();
    // The same pace as the application's.
    let quiet_ms = (now_ms - last_at_ms.unwrap_or(now_ms)).clamp(0, 150_000);
    let body = json!({
        "cursor": messages.last().map_or(after, |last| last.seq).to_string(),
        "messages": messages,
        "status": "open",
        "poll_ms": (quiet_ms / 10).max(700),
    });
    Ok(axum::Json(body).into_response())
}

impl Server {
    /// Writes what came in; the reply is made after the answer.
    async fn accept(self: &Arc<Self>, asked: Asked) -> Result<Option<i64>> {
        let asked = Arc::new(asked);
        let written = Arc::clone(&asked);
        let id = self
            .with(&asked.org, move |store| {
                store.accept(
                    written.channel,
                    &written.chat,
                    &written.dedupe_key,
                    &written.event,
                    now_ms(),
                )
            })
            .await?;
        if let Some(id) = id {
            let turn = Arc::clone(&self.turns).acquire_owned().await?;
            let server = Arc::clone(self);
            tokio::spawn(async move {
                if let Err(error) = server.reply(id, asked).await {
                    eprintln!("{error:#}");
                }
                drop(turn);
            });
        }
        Ok(id)
    }

    async fn reply(&self, inbox_id: i64, asked: Arc<Asked>) -> Result<()> {
        let call = call(&asked);
        let payload = call.as_ref().map(|(_, payload)| payload.to_string());
        let body = payload.clone();
        let turned = Arc::clone(&asked);
        let leaving = self
            .with(&asked.org, move |store| {
                let buttons = json!(BUTTONS).to_string();
                store.turn(
                    inbox_id,
                    (turned.channel, &turned.chat),
                    (&turned.text, REPLY, &buttons),
                    payload.as_deref(),
                    now_ms(),
                )
            })
            .await?;
        let (Some(leaving), Some((path, _)), Some(body)) = (leaving, call, body) else {
            return Ok(());
        };
        let request = http::Request::post(format!("{}{path}", self.standins))
            .header("content-type", "application/json")
            .header("x-viber-auth-token", viber_token(&asked.org))
            .body(Full::new(Bytes::from(body)))?;
        let response = self.client.request(request).await?;
        let status = response.status();
        response.into_body().collect().await?;
        if !status.is_success() {
            bail!("the channel answered {status}");
        }
        self.with(&asked.org, move |store| store.settle(&leaving))
            .await
    }

    async fn session(&self, org: &str, headers: &HeaderMap) -> Result<Option<String>> {
        let token = header(headers, "authorization").unwrap_or_default();
        let token = token.strip_prefix("Bearer ").unwrap_or_default();
        let digest = hex::encode(Sha256::digest(token));
        self.with(org, move |store| store.session(&digest)).await
    }

    /// Does something with an organisation's database on its thread.
    async fn with<T: Send + 'static>(
        &self,
        org: &str,
        work: impl FnOnce(&mut Store) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let worker = self.organisations.get(org);
        let worker = worker.context("no such organisation")?;
        let (tell, told) = oneshot::channel();
        let work: Work = Box::new(move |store| {
            // Who has gone away is told nothing.
            tell.send(work(store)).ok();
        });
        worker
            .try_send(work)
            .map_err(|_| anyhow!("too much at once"))?;
        told.await?
    }
}

fn worker(mut store: Store) -> Worker {
    let (worker, work) = mpsc::sync_channel::<Work>(WORK_MAX);
    std::thread::spawn(move || work.into_iter().for_each(|work| work(&mut store)));
    worker
}

/// The channel's path and body that bring the reply; the web chat has none, it asks for itself.
fn call(asked: &Asked) -> Option<(String, Value)> {
    match asked.channel {
        "telegram" => {
            let rows = BUTTONS.map(|(id, label)| json!([{ "text": label, "callback_data": id }]));
            let body = json!({
                "chat_id": asked.chat, "text": REPLY, "parse_mode": "HTML",
                "reply_markup": { "inline_keyboard": rows },
            });
            let path = format!("/bottelegram-token-of-{}/sendMessage", asked.org);
            Some((path, body))
        }
        "viber" => {
            let buttons = BUTTONS.map(|(id, label)| {
                json!({ "Columns": 6, "Rows": 1, "ActionType": "reply", "ActionBody": id, "Text": label })
            });
            let body = json!({
                "receiver": asked.chat, "type": "text", "text": REPLY, "sender": { "name": "Bare" },
                "keyboard": { "Type": "keyboard", "Buttons": buttons },
            });
            Some(("/pa/send_message".to_owned(), body))
        }
        _ => None,
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
