//! The synchronous API: makes a task and waits for what its process posts to `{{__callback_url}}`, or for its end.

use crate::catalogue::Catalogue;
use crate::plan::{Planned, Wish, new_task};
use crate::settings::Addresses;
use crate::taking::{self, Caller, Taken, draw_number, refusal, settle};
use crate::unreadable;
use serde_json::Value;
use std::time::Duration;
use vikno_conversation::{TaskRecord, TaskStatus};
use vikno_corezoid::api::{
    CALLBACK_URL, Echo, OpError, SyncAnswer, SyncRequest, VerifiedBody, Version,
};
use vikno_domain::OrgId;
use vikno_shell::{Problem, Reply, Response, bytes, now_ms};
use vikno_storage::{Database, tasks};

/// Between two looks at the task: at first as long as an ordinary process takes, in the end a fraction of a second.
const LOOK_MS: [u64; 6] = [10, 20, 40, 80, 160, 250];

pub(crate) async fn take(
    org: &OrgId,
    caller: &Caller<'_>,
    body: VerifiedBody<'_>,
    version: Version,
) -> Reply {
    let request = match SyncRequest::parse(body) {
        Ok(Ok(request)) => request,
        Ok(Err(refused)) => return Ok(answer(&refused)),
        Err(error) => return Ok(unreadable(error, version)),
    };
    let until_ms = now_ms() + i64::try_from(request.timeout_s * 1_000).unwrap_or(i64::MAX);
    let database = Database::open(org.as_str()).await?;
    let echo = request.echo.clone();
    let result = match begin(&database, org, caller, request).await? {
        Ok(task) => wait(&database, task, until_ms).await?,
        Err(error) => Err(error),
    };
    Ok(answer(&match result {
        Ok(data) => SyncAnswer::done(echo, data),
        Err(error) => SyncAnswer::failed(echo, error),
    }))
}

fn answer(answer: &SyncAnswer) -> Response {
    bytes(200, "application/json", answer.to_json().into())
}

async fn begin(
    database: &Database,
    org: &OrgId,
    caller: &Caller<'_>,
    request: SyncRequest,
) -> Result<Result<u64, OpError>, Problem> {
    let catalogue = Catalogue::newest(database, org).await?;
    let addresses = Addresses::of(org).await;
    let id = draw_number();
    let data = request.data_with_callback(&TaskRecord::answer_url(id));
    let (process, reference) = (&request.process, request.reference.clone());
    let task = new_task(id, process, reference, data, &catalogue, addresses.as_ref());
    let planned = [Planned {
        echo: Echo::of_task(),
        wish: task.map_or_else(Wish::Refuse, Wish::Make),
    }];
    Ok(
        match taking::take(database, caller, &planned).await?.as_slice() {
            [Taken::Made(task, row)] => {
                let outcomes = settle(database, org, &[*row]).await?;
                match outcomes.get(row).and_then(refusal) {
                    Some(error) => Err(error),
                    None => Ok(*task),
                }
            }
            [Taken::Refused(error)] => Err(error.clone()),
            _ => Err(OpError::Unavailable),
        },
    )
}

async fn wait(
    database: &Database,
    task: u64,
    until_ms: i64,
) -> Result<Result<Value, OpError>, Problem> {
    let mut looks = LOOK_MS.into_iter();
    let mut pause_ms = 0;
    loop {
        let record = tasks::load(database, task).await?;
        let Some(record) = record else {
            return Ok(Err(OpError::TaskNotFound));
        };
        if let Some(result) = result(record) {
            return Ok(result);
        }
        if now_ms() >= until_ms {
            return Ok(Err(OpError::Timeout));
        }
        pause_ms = looks.next().unwrap_or(pause_ms);
        spin_sdk::time::sleep(Duration::from_millis(pause_ms)).await;
    }
}

/// What was posted; of a process that ends without that, its last data, so that nobody waits for nothing.
fn result(mut record: TaskRecord) -> Option<Result<Value, OpError>> {
    if let Some(answer) = record.answer {
        return Some(Ok(answer));
    }
    record.ended_at_ms?;
    record.data.remove(CALLBACK_URL);
    Some(match record.status {
        TaskStatus::Processed => Ok(Value::Object(record.data)),
        TaskStatus::Deleted => Err(OpError::TaskNotFound),
        _ => Err(OpError::TaskFailed(record.node)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, json};
    use std::collections::BTreeMap;

    fn record(status: TaskStatus, answer: Option<Value>, ended: bool) -> TaskRecord {
        let data = json!({"paid": 1, CALLBACK_URL: TaskRecord::answer_url(7)});
        TaskRecord {
            id: 7,
            process: "orders".to_owned(),
            reference: None,
            status,
            node: "end".to_owned(),
            previous_node: None,
            data: data.as_object().cloned().unwrap_or_else(Map::new),
            process_version: 1,
            world: String::new(),
            callbacks: BTreeMap::new(),
            answer,
            wake_at_ms: None,
            created_at_ms: 0,
            changed_at_ms: 0,
            ended_at_ms: ended.then_some(1),
        }
    }

    #[test]
    fn the_answer_counts_else_the_end() {
        let posted = record(TaskStatus::Processing, Some(json!("так")), false);
        assert_eq!(result(posted), Some(Ok(json!("так"))));
        assert_eq!(result(record(TaskStatus::Processing, None, false)), None);
        // Something that it made may still answer.
        assert_eq!(result(record(TaskStatus::Processed, None, false)), None);
        let ended = record(TaskStatus::Processed, None, true);
        assert_eq!(result(ended), Some(Ok(json!({"paid": 1}))));
        let failed = record(TaskStatus::Canceled, None, true);
        assert_eq!(
            result(failed),
            Some(Err(OpError::TaskFailed("end".to_owned())))
        );
    }
}
