//! One server that stands in for Telegram, Viber, an SMS provider, a Corezoid and their file stores: it records what it is sent,
//! checks it as strictly as they do, and fails when told to. For tests, demonstrations and measurements only.

mod control;
mod corezoid;
mod fault;
mod file;
pub mod payload;
mod record;
mod server;
mod sms;
mod state;
mod telegram;
mod viber;
mod webhooks;

pub use corezoid::corezoid_secret;
pub use fault::{Fault, FaultKind};
pub use record::{Sent, SentButton, SentFile, Service};

use state::State;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// A running server; dropping it stops it. It has a thread of its own, so that it can be asked from anywhere.
pub struct Standins {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Standins {
    /// Starts listening; port 0 takes a free one.
    pub fn start(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(format!("http://{address}")));
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let serving = Arc::clone(&state);
        let thread = std::thread::Builder::new()
            .name("standins".to_owned())
            .spawn(move || runtime.block_on(server::serve(listener, serving, stopped)))?;
        Ok(Self {
            address,
            state,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its base address, e.g. `http://127.0.0.1:4000`.
    pub fn url(&self) -> String {
        self.state.url.clone()
    }

    /// For the setting `telegram_api_url`.
    pub fn telegram_api_url(&self) -> String {
        self.url()
    }

    /// For the setting `viber_api_url`.
    pub fn viber_api_url(&self) -> String {
        format!("{}/pa", self.state.url)
    }

    /// For the setting `sms_api_url`.
    pub fn sms_api_url(&self) -> String {
        self.url()
    }

    /// For the setting `corezoid_api_url`.
    pub fn corezoid_api_url(&self) -> String {
        self.url()
    }

    /// Every call so far, refused ones too, in the order of arrival.
    pub fn calls(&self) -> Vec<Sent> {
        self.state.calls(0)
    }

    /// What people have got so far: accepted messages, in the order of arrival.
    pub fn sent(&self) -> Vec<Sent> {
        self.calls().into_iter().filter(Sent::is_message).collect()
    }

    /// What one chat has got so far: a Telegram chat id, a Viber user id, a telephone number without `+`.
    pub fn sent_to(&self, chat: &str) -> Vec<Sent> {
        self.state
            .calls_to(chat)
            .into_iter()
            .filter(Sent::is_message)
            .collect()
    }

    /// Waits until the calls so far satisfy a condition; `false` when the time is over. Blocks the thread.
    pub fn wait_until(&self, timeout: Duration, condition: impl FnMut(&[Sent]) -> bool) -> bool {
        self.state.wait_until(timeout, condition)
    }

    /// Counts calls, for waiting in asynchronous code: `changed().await`, then look.
    pub fn watch(&self) -> tokio::sync::watch::Receiver<u64> {
        self.state.watch()
    }

    /// From now on something goes wrong.
    pub fn fault(&self, fault: Fault) {
        self.state.add_fault(fault);
    }

    /// From now on nothing goes wrong any more.
    pub fn clear_faults(&self) {
        self.state.clear_faults();
    }

    /// Forgets all calls.
    pub fn clear(&self) {
        self.state.clear_calls();
    }

    /// Tells where a public address is reached, for the messenger that asks a webhook before it takes it.
    pub fn reach(&self, public: &str, here: &str) {
        self.state.reach(public, here);
    }

    /// From now on each Telegram bot is answered 429 above so many messages in any second; 0 lifts that.
    pub fn limit_bots(&self, messages_per_second: usize) {
        self.state.limit_bots(messages_per_second);
    }

    /// Puts a file into the channels' stores: Telegram's `file_id` is `id`, Viber's address is returned.
    pub fn put_file(&self, id: &str, media_type: &str, bytes: impl Into<bytes::Bytes>) -> String {
        self.state.put_file(id, media_type, bytes.into())
    }
}

impl Drop for Standins {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The server thread has no way to fail that is not a bug, which its own panic message tells.
            drop(thread.join());
        }
    }
}
