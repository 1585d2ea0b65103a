//! Tells who waits for a reply when the stand-in has got it. One message of a chat is under way at a time, so the next
//! thing that reaches the chat is its reply.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use vikno_standins::{Sent, Standins};

/// How long the end of a measurement may go unnoticed.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Who waits for what.
#[derive(Default)]
struct Waiting {
    chats: Mutex<HashMap<String, oneshot::Sender<Instant>>>,
    unasked: AtomicU64,
    stop: AtomicBool,
}

/// Watches the stand-ins in a thread of its own; dropping it ends that.
pub struct Replies {
    waiting: Arc<Waiting>,
    thread: Option<JoinHandle<()>>,
}

impl Replies {
    /// Starts watching; what has come already is left aside.
    pub fn watch(standins: Arc<Standins>) -> Self {
        let waiting = Arc::new(Waiting::default());
        let watching = Arc::clone(&waiting);
        let thread = std::thread::spawn(move || {
            let mut seen = 0;
            while !watching.stop.load(Ordering::Relaxed) {
                standins.wait_until(LOOK_EVERY, |calls| {
                    let first = calls.partition_point(|call| call.number <= seen);
                    for call in &calls[first..] {
                        watching.take(call);
                        seen = call.number;
                    }
                    watching.stop.load(Ordering::Relaxed)
                });
            }
        });
        Self {
            waiting,
            thread: Some(thread),
        }
    }

    /// The time when the next message reaches a chat.
    pub fn expect(&self, chat: &str) -> oneshot::Receiver<Instant> {
        let (tell, told) = oneshot::channel();
        self.waiting.chats().insert(chat.to_owned(), tell);
        told
    }

    /// Nobody waits any more.
    pub fn forget(&self, chat: &str) {
        self.waiting.chats().remove(chat);
    }

    /// Messages that nobody waited for: repeated, or too late.
    pub fn unasked(&self) -> u64 {
        self.waiting.unasked.load(Ordering::Relaxed)
    }
}

impl Waiting {
    fn chats(&self) -> MutexGuard<'_, HashMap<String, oneshot::Sender<Instant>>> {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, call: &Sent) {
        if !call.is_message() {
            return;
        }
        let told = match self.chats().remove(&call.chat) {
            Some(waiting) => waiting.send(Instant::now()).is_ok(),
            None => false,
        };
        if !told {
            self.unasked.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Replies {
    fn drop(&mut self) {
        self.waiting.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It ends by itself at the next look.
            drop(thread.join());
        }
    }
}
