//! Whether a password that somebody is about to get is known from break-ins elsewhere.

use serde_json::json;
use vikno_identity::BreachedQuestion;
use vikno_shell::{Problem, log_error, outbound, variable};

/// Some hundreds of lines.
const ANSWER_MAX: usize = 512 * 1024;

/// Refuses it if the list names it. Without a list (the variable `breached_passwords_url`), or when that does not answer, the
/// password is taken: people have to be able to change theirs.
pub async fn not_breached(password: &str) -> Result<(), Problem> {
    let Some(list) = variable("breached_passwords_url")
        .await
        .filter(|url| is_set(url))
    else {
        return Ok(());
    };
    let question = BreachedQuestion::of(password);
    let url = format!("{}/range/{}", list.trim_end_matches('/'), question.prefix);
    match outbound::get(&url, ANSWER_MAX).await {
        Ok(answer) if answer.status == 200 => {
            if question.is_known(&String::from_utf8_lossy(&answer.body)) {
                let detail = "This password is known from break-ins elsewhere: whoever tries to get in tries it first. Choose another one.";
                return Err(Problem::new(400, "breached_password", detail));
            }
        }
        Ok(answer) => unanswered(&format!("answered {}", answer.status)),
        Err(failed) => unanswered(&format!("{failed:?}")),
    }
    Ok(())
}

/// A name that never leads anywhere stands for none (RFC 2606).
fn is_set(url: &str) -> bool {
    !url.trim_end_matches('/').ends_with(".invalid")
}

fn unanswered(cause: &str) {
    log_error("breached_passwords_unanswered", json!({ "cause": cause }));
}
