//! The two loads: as much as goes through (closed loop), and a steady part of it on a timetable (open loop), whose
//! delays count from the timetable and not from when the generator got round to it.

use super::connections::Connections;
use super::durable::{self, Stretch};
use super::messengers::Messengers;
use super::meter::{Counted, Meter};
use super::organisations::Addressee;
use super::replies::Replies;
use super::target::{Target, Usage};
use super::web::Web;
use anyhow::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use vikno_standins::Standins;

/// Open sessions of the web chat.
pub const SESSIONS: usize = 2_000;
/// Citizens of the messengers who wait for a reply at once in the closed loop, each on a connection.
pub const CITIZENS_AT_ONCE: usize = 64;
/// One of so many messages comes by the web chat: the three channels have equal parts.
const CHANNELS: usize = 3;
/// Web messages that may wait for a session; more are forgotten.
const WEB_WAITING_MAX: usize = 1_000;
/// Connections for everything else.
const CONNECTIONS_MAX: usize = 64;
/// In the open loop waiting for a connection would hide the server's delay.
const CONNECTIONS_OPEN_LOOP_MAX: usize = 512;
/// Fresh sessions poll often; the load begins when they have become calm.
const SETTLE: Duration = Duration::from_secs(30);
/// Load before the window opens: instances, caches and connections are warm then.
const WARM_UP: Duration = Duration::from_secs(5);
/// The open loop's part of what goes through.
const STEADY_PART: f64 = 0.6;
/// Between looks at an empty pool.
const PAUSE: Duration = Duration::from_millis(5);

/// What two loads have shown.
#[derive(Default)]
pub struct Shown {
    /// As much as goes through.
    pub full: Counted,
    /// A steady part of it.
    pub steady: Counted,
    /// When that was.
    pub full_stretch: Stretch,
    /// Every second of the full load.
    pub usage: Vec<Usage>,
    /// Messages that reached a chat unasked.
    pub unasked: u64,
}

struct Crowd {
    messengers: Messengers,
    web: Arc<Web>,
    meter: Arc<Meter>,
    /// Web messages to be said: one after every two of the messengers.
    web_turns: Semaphore,
    answered: AtomicUsize,
    stop: AtomicBool,
}

/// Puts a server under both loads.
pub async fn run(
    target: &Target,
    standins: Arc<Standins>,
    organisations: &[Addressee],
    window: Duration,
) -> Result<Shown> {
    let meter = Arc::new(Meter::default());
    let to = |count| Connections::new(target.address, count);
    let web = Web::open(
        to(CONNECTIONS_MAX),
        to(CONNECTIONS_MAX),
        organisations,
        SESSIONS,
        Arc::clone(&meter),
    )
    .await?;
    tokio::time::sleep(SETTLE).await;
    let messengers = Messengers::new(
        to(CONNECTIONS_OPEN_LOOP_MAX),
        Replies::watch(standins),
        organisations,
    );
    let crowd = Arc::new(Crowd {
        messengers,
        web,
        meter,
        web_turns: Semaphore::new(0),
        answered: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
    });
    let (full, full_stretch, usage) = closed_loop(&crowd, target, window).await;
    let steady = open_loop(&crowd, full.messages_per_second() * STEADY_PART, window).await;
    Ok(Shown {
        full,
        steady,
        full_stretch,
        usage,
        unasked: crowd.messengers.unasked(),
    })
}

/// Every citizen writes again as soon as the reply is there.
async fn closed_loop(
    crowd: &Arc<Crowd>,
    target: &Target,
    window: Duration,
) -> (Counted, Stretch, Vec<Usage>) {
    let mut busy = JoinSet::new();
    for _ in 0..CITIZENS_AT_ONCE {
        let crowd = Arc::clone(crowd);
        busy.spawn(async move { crowd.write_again_and_again().await });
    }
    let speaking = tokio::spawn(Arc::clone(crowd).speak_in_turn());
    tokio::time::sleep(WARM_UP).await;
    crowd.meter.begin();
    let from_ms = durable::now_ms();
    let until = tokio::time::Instant::now() + window;
    let mut usage: Vec<Usage> = target.usage().into_iter().collect();
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.tick().await;
    while tokio::time::timeout_at(until, seconds.tick()).await.is_ok() {
        usage.extend(target.usage());
    }
    let counted = crowd.meter.end();
    let stretch = Stretch {
        from_ms,
        to_ms: durable::now_ms(),
    };
    crowd.stop.store(true, Ordering::Relaxed);
    while busy.join_next().await.is_some() {}
    crowd.web_turns.close();
    // It fails only by a bug, of which its message has told.
    drop(speaking.await);
    (counted, stretch, usage)
}

/// Messages come by the timetable, however long the replies take.
async fn open_loop(crowd: &Arc<Crowd>, per_second: f64, window: Duration) -> Counted {
    let begun = Instant::now();
    let end = begun + WARM_UP + window;
    let mut is_measured = false;
    let mut under_way = JoinSet::new();
    for number in 0_u32.. {
        let due = begun + Duration::from_secs_f64(f64::from(number) / per_second.max(1.0));
        if due >= end {
            break;
        }
        tokio::time::sleep_until(due.into()).await;
        if !is_measured && due >= begun + WARM_UP {
            is_measured = true;
            crowd.meter.begin();
        }
        let crowd = Arc::clone(crowd);
        let is_web = (number as usize).is_multiple_of(CHANNELS);
        under_way.spawn(async move { crowd.say_at(due, is_web).await });
        while under_way.try_join_next().is_some() {}
    }
    let counted = crowd.meter.end();
    while under_way.join_next().await.is_some() {}
    counted
}

impl Crowd {
    async fn write_again_and_again(&self) {
        while !self.stop.load(Ordering::Relaxed) {
            let Some(citizen) = self.messengers.next() else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            if self
                .messengers
                .say(citizen, Instant::now(), &self.meter)
                .await
            {
                let answered = self.answered.fetch_add(1, Ordering::Relaxed);
                let is_web_due = answered.is_multiple_of(CHANNELS - 1);
                if is_web_due && self.web_turns.available_permits() < WEB_WAITING_MAX {
                    self.web_turns.add_permits(1);
                }
            }
        }
    }

    /// Says a web message for each turn that is given out.
    async fn speak_in_turn(self: Arc<Self>) {
        let mut under_way = JoinSet::new();
        while let Ok(turn) = self.web_turns.acquire().await {
            turn.forget();
            let crowd = Arc::clone(&self);
            under_way.spawn(async move {
                while !crowd.web.say(Instant::now(), &crowd.meter).await {
                    tokio::time::sleep(PAUSE).await;
                }
            });
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
    }

    async fn say_at(&self, due: Instant, is_web: bool) {
        let was_said = match is_web {
            true => self.web.say(due, &self.meter).await,
            false => match self.messengers.next() {
                Some(citizen) => {
                    self.messengers.say(citizen, due, &self.meter).await;
                    true
                }
                None => false,
            },
        };
        if !was_said {
            self.meter.count(|counted| counted.failures.not_sent += 1);
        }
    }
}
