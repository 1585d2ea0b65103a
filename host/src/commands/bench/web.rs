//! Citizens in the web chat: sessions that stay open and ask for news as often as the server tells them. Like the page of
//! ours, a session asks soon after it has said something.

use super::connections::{Call, Connections};
use super::messengers::{REPLY_MAX, text};
use super::meter::Meter;
use super::organisations::Addressee;
use anyhow::{Result, bail};
use bytes::Bytes;
use http::Method;
use serde::Deserialize;
use serde_json::json;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;

/// Sessions opened at once.
const OPENERS: usize = 16;
/// As the page of ours does after it has sent something.
const POLL_AFTER_SAYING: Duration = Duration::from_millis(250);
/// After a poll that failed.
const POLL_AFTER_FAILURE: Duration = Duration::from_secs(1);
/// A visitor may say one thing a second.
const SAY_EVERY: Duration = Duration::from_secs(1);

/// Everybody in the web chat; dropping it ends their polling.
pub struct Web {
    messages: Connections,
    /// Who may speak; the last one first, so that most sessions stay silent, as most citizens do.
    free: Mutex<Vec<Arc<Session>>>,
    said: AtomicU64,
    polling: Mutex<JoinSet<()>>,
}

struct Session {
    organisation: Addressee,
    authorization: String,
    awaited: Mutex<Option<oneshot::Sender<Instant>>>,
    spoke: Notify,
}

#[derive(Deserialize)]
struct Opened {
    token: String,
    cursor: String,
}

#[derive(Deserialize)]
struct Page {
    messages: Vec<Message>,
    cursor: String,
    poll_ms: u64,
}

#[derive(Deserialize)]
struct Message {
    from: String,
}

impl Web {
    /// Opens sessions; each polls from then on.
    pub async fn open(
        messages: Connections,
        polls: Connections,
        organisations: &[Addressee],
        sessions: usize,
        meter: Arc<Meter>,
    ) -> Result<Arc<Self>> {
        let web = Arc::new(Self {
            messages,
            free: Mutex::default(),
            said: AtomicU64::new(1),
            polling: Mutex::default(),
        });
        let polls = Arc::new(polls);
        let next = Arc::new(AtomicUsize::new(0));
        let organisations: Arc<[Addressee]> = organisations.into();
        let mut openers = JoinSet::new();
        for _ in 0..OPENERS {
            let (web, polls, next) = (Arc::clone(&web), Arc::clone(&polls), Arc::clone(&next));
            let (organisations, meter) = (Arc::clone(&organisations), Arc::clone(&meter));
            openers.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= sessions {
                        return anyhow::Ok(());
                    }
                    let organisation = &organisations[number % organisations.len()];
                    let (session, cursor) = web.open_one(organisation).await?;
                    web.free().push(Arc::clone(&session));
                    let polling = poll(Arc::clone(&polls), session, cursor, Arc::clone(&meter));
                    web.polling().spawn(polling);
                }
            });
        }
        while let Some(opener) = openers.join_next().await {
            opener??;
        }
        Ok(web)
    }

    async fn open_one(&self, organisation: &Addressee) -> Result<(Arc<Session>, String)> {
        let call = Call {
            method: Method::POST,
            path: format!("/{}/chat/sessions", organisation.id),
            headers: vec![("content-type", "application/json".to_owned())],
            body: Bytes::from_static(br#"{"language":"uk"}"#),
        };
        let (status, body) = self.messages.send(&call).await?;
        if status != 201 {
            bail!(
                "opening a chat session was answered {status}: {}",
                String::from_utf8_lossy(&body)
            );
        }
        let opened: Opened = serde_json::from_slice(&body)?;
        let session = Arc::new(Session {
            organisation: organisation.clone(),
            authorization: format!("Bearer {}", opened.token),
            awaited: Mutex::default(),
            spoke: Notify::new(),
        });
        Ok((session, opened.cursor))
    }

    /// Somebody who may speak says something and sees the reply; `since` is when it was due. `false`: nobody may.
    pub async fn say(&self, since: Instant, meter: &Meter) -> bool {
        let Some(session) = self.free().pop() else {
            return false;
        };
        let again_at = tokio::time::Instant::now() + SAY_EVERY;
        let (tell, told) = oneshot::channel();
        *session.awaited() = Some(tell);
        match self.post(&session).await {
            Err(_) => meter.count(|counted| counted.failures.refused += 1),
            Ok(()) => {
                let took = since.elapsed();
                meter.count(|counted| counted.acknowledged.push(took));
                session.spoke.notify_one();
                match tokio::time::timeout(REPLY_MAX, told).await {
                    Ok(Ok(at)) => {
                        let took = at.saturating_duration_since(since);
                        meter.count(|counted| counted.seen.push(took));
                    }
                    _ => meter.count(|counted| counted.failures.unanswered += 1),
                }
            }
        }
        *session.awaited() = None;
        tokio::time::sleep_until(again_at).await;
        self.free().push(session);
        true
    }

    async fn post(&self, session: &Session) -> Result<()> {
        let number = self.said.fetch_add(1, Ordering::Relaxed);
        let text = text(&session.organisation, number);
        let body = json!({ "client_id": format!("client-{number}"), "text": text });
        let call = Call {
            method: Method::POST,
            path: format!("/{}/chat/messages", session.organisation.id),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("authorization", session.authorization.clone()),
            ],
            body: body.to_string().into(),
        };
        match self.messages.send(&call).await? {
            (202, _) => Ok(()),
            (status, _) => bail!("answered {status}"),
        }
    }

    fn free(&self) -> MutexGuard<'_, Vec<Arc<Session>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn polling(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.polling.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn awaited(&self) -> MutexGuard<'_, Option<oneshot::Sender<Instant>>> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks for news until it is dropped.
async fn poll(
    connections: Arc<Connections>,
    session: Arc<Session>,
    mut cursor: String,
    meter: Arc<Meter>,
) {
    let mut pause = POLL_AFTER_SAYING;
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = session.spoke.notified() => {
                pause = POLL_AFTER_SAYING;
                continue;
            }
        }
        let Ok(page) = ask(&connections, &session, &cursor).await else {
            meter.count(|counted| counted.failures.polls += 1);
            pause = POLL_AFTER_FAILURE;
            continue;
        };
        meter.count(|counted| counted.polls += 1);
        if page
            .messages
            .iter()
            .any(|message| message.from != "citizen")
            && let Some(awaited) = session.awaited().take()
        {
            // Who has waited too long has gone.
            awaited.send(Instant::now()).ok();
        }
        cursor = page.cursor;
        pause = Duration::from_millis(page.poll_ms);
    }
}

async fn ask(connections: &Connections, session: &Session, cursor: &str) -> Result<Page> {
    let call = Call {
        method: Method::GET,
        path: format!("/{}/chat/messages?after={cursor}", session.organisation.id),
        headers: vec![("authorization", session.authorization.clone())],
        body: Bytes::new(),
    };
    match connections.send(&call).await? {
        (200, body) => Ok(serde_json::from_slice(&body)?),
        (status, _) => bail!("answered {status}"),
    }
}
