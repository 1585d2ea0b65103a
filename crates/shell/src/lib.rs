//! What every component's shell needs: limited bodies, problems, JSON answers, calls to other components,
//! time, randomness and log lines. It decides nothing.

mod bots;
mod bucket;
mod call;
mod engine;
mod log;
#[cfg(feature = "organisations")]
mod organisations;
pub mod outbound;
mod problem;
mod reply;
mod request;
mod step;

pub use bots::with_webhook_bot;
pub use bucket::{Exhausted, Limit};
pub use call::{call, nudge, post};
pub use engine::{Refusal, carry_out};
pub use log::{log_error, log_info};
#[cfg(feature = "organisations")]
pub use organisations::{
    changed_settings, lay_out_settings, organisation, organisation_file, served_organisation,
};
#[cfg(feature = "texts")]
pub use organisations::{delivered_ftl, shared_texts, texts};
#[cfg(feature = "replies")]
pub use organisations::{replies, replies_file};
pub use problem::{Problem, Reply, answered};
pub use reply::{Response, bytes, empty, json};
pub use request::{body, header, json_body, method, org, path_segments, query};
pub use spin_sdk::http::Request;
pub use step::{lone_step, step};

use std::time::{SystemTime, UNIX_EPOCH};
use vikno_domain::OrgId;

/// How long an instance goes on with what it has read of what people change: a change is everywhere after this time.
const FRESH_MS: i64 = 1_000;

/// The wall clock, Unix milliseconds.
pub fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}

/// Bytes of the host's cryptographic random source.
pub fn random<const N: usize>() -> [u8; N] {
    let mut drawn = [0; N];
    let mut filled = 0;
    // The source may hand out fewer bytes than asked for, never none.
    while filled < N {
        let more = spin_sdk::wasip3::random::random::get_random_bytes((N - filled) as u64);
        drawn[filled..filled + more.len()].copy_from_slice(&more);
        filled += more.len();
    }
    drawn
}

/// A new id that sorts by time, e.g. `c_…`.
pub fn new_id(prefix: &str) -> String {
    vikno_domain::sortable_id(prefix, now_ms(), random())
}

/// A setting of this component; `None` when it is not mapped or empty.
pub async fn variable(name: &str) -> Option<String> {
    spin_sdk::variables::get(name)
        .await
        .ok()
        .filter(|value| !value.is_empty())
}

/// The organisations that this deployment serves, by its variable `organisations`.
pub async fn served_organisations() -> Vec<OrgId> {
    let ids = variable("organisations").await.unwrap_or_default();
    ids.split(',')
        .filter_map(|id| OrgId::parse(id.trim()).ok())
        .collect()
}

/// Goes on after the response has been sent. Nothing that must happen may depend on it.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    spin_sdk::wit_bindgen::spawn(future);
}
