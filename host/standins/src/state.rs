//! What the server remembers and what it is to do wrong, shared by its connections and its owner.

use crate::file::StoredFile;
use crate::{Fault, FaultKind, Sent};
use bytes::Bytes;
use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

pub(crate) struct State {
    /// The server's base address.
    pub url: String,
    kept: Mutex<Kept>,
    /// For those who wait in a thread.
    more: Condvar,
    /// For those who wait in a future.
    count: watch::Sender<u64>,
}

#[derive(Default)]
struct Kept {
    calls: Vec<Sent>,
    by_chat: HashMap<String, Vec<usize>>,
    number: u64,
    faults: Vec<Fault>,
    files: HashMap<String, StoredFile>,
    bot_limit: usize,
    bot_sends: HashMap<String, VecDeque<Instant>>,
    webhooks: HashMap<String, String>,
    /// A public address, and where it is reached here.
    public: Option<(String, String)>,
}

impl State {
    pub fn new(url: String) -> Self {
        Self {
            url,
            kept: Mutex::default(),
            more: Condvar::new(),
            count: watch::channel(0).0,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing is left half done by a panic: every change is one push, insert or clear.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a call and gives it its number.
    pub fn record(&self, mut call: Sent) -> u64 {
        let mut kept = self.kept();
        kept.number += 1;
        let number = kept.number;
        call.number = number;
        let position = kept.calls.len();
        kept.by_chat
            .entry(call.chat.clone())
            .or_default()
            .push(position);
        kept.calls.push(call);
        drop(kept);
        self.more.notify_all();
        self.count.send_replace(number);
        number
    }

    /// Calls with a number above `after`.
    pub fn calls(&self, after: u64) -> Vec<Sent> {
        let kept = self.kept();
        let first = kept.calls.partition_point(|call| call.number <= after);
        kept.calls[first..].to_vec()
    }

    pub fn calls_to(&self, chat: &str) -> Vec<Sent> {
        let kept = self.kept();
        let positions = kept.by_chat.get(chat).into_iter().flatten();
        positions
            .map(|position| kept.calls[*position].clone())
            .collect()
    }

    pub fn clear_calls(&self) {
        let mut kept = self.kept();
        kept.calls.clear();
        kept.by_chat.clear();
    }

    pub fn wait_until(
        &self,
        timeout: Duration,
        mut condition: impl FnMut(&[Sent]) -> bool,
    ) -> bool {
        let waited = self
            .more
            .wait_timeout_while(self.kept(), timeout, |kept| !condition(&kept.calls));
        let (_kept, result) = waited.unwrap_or_else(PoisonError::into_inner);
        !result.timed_out()
    }

    pub fn set_webhook(&self, token: &str, url: &str) {
        let mut kept = self.kept();
        kept.webhooks.insert(token.to_owned(), url.to_owned());
    }

    pub fn webhook(&self, token: &str) -> String {
        self.kept().webhooks.get(token).cloned().unwrap_or_default()
    }

    pub fn reach(&self, public: &str, here: &str) {
        self.kept().public = Some((public.to_owned(), here.to_owned()));
    }

    /// Where an address is reached from here.
    pub fn reached(&self, url: &str) -> String {
        match &self.kept().public {
            Some((public, here)) => url.replacen(public, here, 1),
            None => url.to_owned(),
        }
    }

    pub fn watch(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    pub fn add_fault(&self, fault: Fault) {
        self.kept().faults.push(fault);
    }

    pub fn clear_faults(&self) {
        self.kept().faults.clear();
    }

    /// Takes the first fault that meets a call.
    pub fn fault_for(&self, call: &Sent) -> Option<FaultKind> {
        let mut kept = self.kept();
        let position = kept.faults.iter().position(|fault| fault.meets(call))?;
        let fault = &mut kept.faults[position];
        fault.times -= 1;
        let kind = fault.kind;
        if fault.times == 0 {
            kept.faults.remove(position);
        }
        Some(kind)
    }

    pub fn limit_bots(&self, messages_per_second: usize) {
        self.kept().bot_limit = messages_per_second;
    }

    /// Whether a bot has sent too much in the last second; if not, this message is counted.
    pub fn is_over_limit(&self, token: &str) -> bool {
        let mut kept = self.kept();
        let limit = kept.bot_limit;
        if limit == 0 {
            return false;
        }
        let now = Instant::now();
        let sends = kept.bot_sends.entry(token.to_owned()).or_default();
        while sends
            .front()
            .is_some_and(|at| now.duration_since(*at) >= Duration::from_secs(1))
        {
            sends.pop_front();
        }
        if sends.len() >= limit {
            return true;
        }
        sends.push_back(now);
        false
    }

    pub fn put_file(&self, id: &str, media_type: &str, bytes: Bytes) -> String {
        let file = StoredFile {
            media_type: media_type.to_owned(),
            bytes,
        };
        self.kept().files.insert(id.to_owned(), file);
        format!("{}/dl/{id}", self.url)
    }

    pub fn file(&self, id: &str) -> Option<StoredFile> {
        self.kept().files.get(id).cloned()
    }
}

pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
