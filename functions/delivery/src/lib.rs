//! Drains an organisation's outbox: messages to Telegram and Viber, events to other organisations, attachments into
//! the media store. It decides no words; when and how often to try is decided in `vikno-delivery`.

mod bots;
mod corezoid;
mod fetch;
mod prepare;
mod relay;
mod results;
mod send;
mod settings;
mod store;

use futures::future::join;
use serde_json::json;
use settings::Settings;
use spin_sdk::http_service;
use vikno_domain::OrgId;
use vikno_shell::{Problem, Reply, Request, Response, now_ms};
use vikno_storage::Database;
use vikno_storage::outbox::{self, Next, Runner, Turn};

/// After so long a run takes no more work: with the last batch (17 s at most) it stays under the 30 s that a host
/// lets a call take by default.
const RUN_MS: i64 = 8_000;

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, route).await
}

async fn route(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let segments = vikno_shell::path_segments(&request);
    match segments.as_slice() {
        [org, place, channel] if place == "channels" => {
            let org = OrgId::parse(org).map_err(|_| no_such_path())?;
            bots::act(request, &org, channel).await
        }
        [org, place, channel, proof, signature]
            if place == "channels" && channel == "viber" && proof == "signature" =>
        {
            let org = OrgId::parse(org).map_err(|_| no_such_path())?;
            bots::verify(request, &org, signature).await
        }
        [org, place, conversation] if place == "typing" => {
            let org = OrgId::parse(org).map_err(|_| no_such_path())?;
            bots::show_typing(&org, conversation).await
        }
        [org, action] if action == "run" => {
            let org = OrgId::parse(org).map_err(|_| no_such_path())?;
            run(&org).await
        }
        _ => Err(no_such_path()),
    }
}

pub(crate) fn no_such_path() -> Problem {
    Problem::new(
        404,
        "not_found",
        "Use POST /{org}/run, /{org}/typing/{conversation} or /{org}/channels/{channel}.",
    )
}

/// Does what is due and nobody does already. Answers when it is done, or when its time is over.
async fn run(org: &OrgId) -> Reply {
    let started_ms = now_ms();
    let database = Database::open(org.as_str()).await?;
    let idle = outbox::idle_work(&database, started_ms).await?;
    if idle.is_empty() {
        return Ok(vikno_shell::json(
            200,
            &json!({ "delivered": 0, "fetched": 0 }),
        ));
    }
    let settings = Settings::load(org, &database).await?;
    // Each runner has a connection of its own.
    drop(database);
    let stop_at_ms = started_ms + RUN_MS;
    let deliver = async {
        if idle.contains(&Runner::Delivery) {
            send::run(&settings, stop_at_ms).await
        } else {
            Ok(Ran::default())
        }
    };
    let fetch = async {
        if idle.contains(&Runner::Fetch) {
            fetch::run(&settings, stop_at_ms).await
        } else {
            Ok(Ran::default())
        }
    };
    let (delivered, fetched) = join(deliver, fetch).await;
    let (delivered, fetched) = (delivered?, fetched?);
    if delivered.more || fetched.more {
        vikno_shell::nudge("delivery", format!("/{org}/run"));
    }
    Ok(vikno_shell::json(
        200,
        &json!({ "delivered": delivered.rows, "fetched": fetched.rows }),
    ))
}

/// What a runner did.
#[derive(Default)]
pub(crate) struct Ran {
    /// Outbox rows that were attempted.
    pub(crate) rows: usize,
    /// Its time was over before its work.
    pub(crate) more: bool,
}

/// A runner's hold on its turn. Each runner has a connection of its own, since transactions must not interleave.
pub(crate) struct Hold {
    pub(crate) database: Database,
    pub(crate) state: String,
    runner: Runner,
    owner: String,
    lease_ms: i64,
    stop_at_ms: i64,
}

impl Hold {
    /// `None` if another runner is at work.
    pub(crate) async fn take(
        org: &OrgId,
        runner: Runner,
        lease_ms: i64,
        stop_at_ms: i64,
    ) -> Result<Option<Self>, Problem> {
        let database = Database::open(org.as_str()).await?;
        let owner = hex::encode(vikno_shell::random::<8>());
        let now_ms = now_ms();
        let state = outbox::begin(&database, runner, &owner, now_ms, now_ms + lease_ms).await?;
        Ok(state.map(|state| Self {
            database,
            state,
            runner,
            owner,
            lease_ms,
            stop_at_ms,
        }))
    }

    /// How the runner goes on after a batch.
    pub(crate) fn turn<'a>(
        &'a self,
        state: &'a str,
        waiting: &'a [vikno_domain::Channel],
    ) -> Turn<'a> {
        let now_ms = now_ms();
        let go_on_until_ms = if now_ms < self.stop_at_ms {
            now_ms + self.lease_ms
        } else {
            0
        };
        Turn {
            runner: self.runner,
            owner: &self.owner,
            state,
            waiting,
            go_on_until_ms,
            now_ms,
        }
    }

    /// Whether the run ended because its time was over; what is left then wants another run.
    pub(crate) fn is_over_time(&self) -> bool {
        now_ms() >= self.stop_at_ms
    }

    /// Gives the turn back after a failure, as far as that is possible; else it runs out by itself.
    pub(crate) async fn give_back(&self) {
        let turn = Turn {
            go_on_until_ms: 0,
            ..self.turn(&self.state, &[])
        };
        let _: Result<Next, _> = outbox::end_or_go_on(&self.database, turn).await;
    }
}
