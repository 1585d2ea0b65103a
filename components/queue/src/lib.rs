//! Queue: puts a citizen into a queue and tells the place. It reads the organisation's database and writes
//! nothing; the decision is in `vikno_steps::queue`.

use spin_sdk::http_service;
use vikno_domain::{Step, StepError, StepRequest};
use vikno_shell::{Request, Response};
use vikno_steps::Opening;
use vikno_steps::queue::{QueueLoad, choose, decide};
use vikno_storage::{Database, StorageError, queue_view::queue_view};

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| enter(&request).await).await
}

async fn enter(request: &StepRequest) -> Step {
    let organisation = vikno_shell::organisation(&request.org).await?;
    let queue = choose(request, &organisation)?;
    let load = load(request, &queue.id)
        .await
        .map_err(|error| StepError::retryable("storage_unavailable", error.to_string()))?;
    let opening = Opening::of(organisation.hours_of(queue), request.now_ms);
    decide(request, queue, &opening, &load)
}

async fn load(request: &StepRequest, queue: &str) -> Result<QueueLoad, StorageError> {
    let database = Database::open(request.org.as_str()).await?;
    let conversation = &request.conversation;
    let view = queue_view(
        &database,
        queue,
        &conversation.id,
        conversation.priority,
        request.now_ms,
    )
    .await?;
    Ok(QueueLoad {
        ahead: view.ahead,
        operators: view.operators,
        mean_handling_s: view.mean_handling_s,
    })
}
