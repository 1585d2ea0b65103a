//! Dialogue: asks something of a dialogue on behalf of an outside system's task. It reads where the dialogue is and writes
//! nothing; the decision is in `vikno_steps::dialogue`.

use spin_sdk::http_service;
use vikno_domain::{Step, StepError, StepRequest};
use vikno_shell::{Request, Response};
use vikno_steps::dialogue::{Address, Target, decide, target};
use vikno_storage::{Database, StorageError, operator_view};

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::step(request, async |request| ask(&request).await).await
}

async fn ask(request: &StepRequest) -> Step {
    let organisation = vikno_shell::organisation(&request.org).await?;
    let address = address(request, target(request)?)
        .await
        .map_err(|error| StepError::retryable("storage_unavailable", error.to_string()))?;
    decide(request, &organisation, address)
}

async fn address(
    request: &StepRequest,
    target: Target<'_>,
) -> Result<Option<Address>, StorageError> {
    let database = Database::open(request.org.as_str()).await?;
    match target {
        Target::Conversation(id) => match operator_view::address(&database, id).await {
            Err(StorageError::NotFound) => Ok(None),
            found => found.map(Some),
        },
        Target::Chat(channel, chat) => {
            let known = operator_view::is_known_chat(&database, channel, chat).await?;
            Ok(known.then(|| (channel, chat.to_owned())))
        }
    }
}
