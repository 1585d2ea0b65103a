//! Places for component instances. When all are taken, idle instances make room and the rest waits,
//! for a bounded time: the pool itself never runs out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::futures::OwnedNotified;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// The place of one instance.
pub type Slot = OwnedSemaphorePermit;

/// Every place there is.
pub struct Slots {
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
    wanted: Arc<Notify>,
    wait_max: Duration,
}

/// All places are taken by instances that are busy.
#[derive(Debug, thiserror::Error)]
#[error("all component instances are busy")]
pub struct Full;

impl Slots {
    /// So many places; a call waits for one no longer than `wait_max`.
    pub fn new(count: u32, wait_max: Duration) -> Self {
        Self {
            free: Arc::new(Semaphore::new(count as usize)),
            waiting: AtomicUsize::new(0),
            wanted: Arc::default(),
            wait_max,
        }
    }

    /// Takes a place, making idle instances give theirs up where none is free.
    pub async fn take(&self) -> Result<Slot, Full> {
        if let Ok(slot) = self.free.clone().try_acquire_owned() {
            return Ok(slot);
        }
        let _waiting = Waiting::new(&self.waiting);
        self.wanted.notify_waiters();
        match tokio::time::timeout(self.wait_max, self.free.clone().acquire_owned()).await {
            Ok(Ok(slot)) => Ok(slot),
            _ => Err(Full),
        }
    }

    /// Whether somebody waits for a place.
    pub fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Resolves when somebody begins to wait for a place.
    pub fn wanted(&self) -> OwnedNotified {
        self.wanted.clone().notified_owned()
    }

    /// Places taken at the moment.
    pub fn taken(&self, of: u32) -> usize {
        (of as usize).saturating_sub(self.free.available_permits())
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
