//! Calls to other components of the application, by service chaining.

use crate::{log_error, spawn};
use bytes::Bytes;
use http_body_util::BodyExt;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use spin_sdk::http;
use std::cell::RefCell;
use std::collections::HashMap;

/// Posts bytes to a component and reads its whole answer.
pub async fn post(
    component: &str,
    path: &str,
    body: impl Into<Bytes>,
) -> Result<(u16, Bytes), String> {
    let url = format!("http://{component}.spin.internal{path}");
    let response = http::post(url, body)
        .await
        .map_err(|error| error.to_string())?;
    let status = response.status().as_u16();
    let body = response
        .into_body()
        .collect()
        .await
        .map_err(|_| format!("{component}'s answer broke off"))?;
    Ok((status, body.to_bytes()))
}

/// Posts JSON to a component and reads a JSON answer.
pub async fn call<T: DeserializeOwned>(
    component: &str,
    path: &str,
    body: &impl Serialize,
) -> Result<(u16, T), String> {
    let body = serde_json::to_vec(body).map_err(|error| error.to_string())?;
    let (status, answer) = post(component, path, body).await?;
    let answer = serde_json::from_slice(&answer)
        .map_err(|error| format!("{component} answered {status} with no known form: {error}"))?;
    Ok((status, answer))
}

thread_local! {
    /// Nudges under way from this instance, and whether another one was wished meanwhile.
    static UNDER_WAY: RefCell<HashMap<String, bool>> = RefCell::default();
}

/// Tells a runner, after the response, that there is work. Only a hint: the clock looks after what a lost one
/// leaves. While one is under way from this instance, further ones for the same path are folded into one.
pub fn nudge(component: &'static str, path: String) {
    let url = format!("{component}{path}");
    let already = UNDER_WAY.with_borrow_mut(|under_way| match under_way.get_mut(&url) {
        Some(again) => {
            *again = true;
            true
        }
        None => {
            under_way.insert(url.clone(), false);
            false
        }
    });
    if already {
        return;
    }
    spawn(async move {
        loop {
            let answer = post(component, &path, Bytes::new()).await;
            if let Err(cause) = answer {
                log_error(
                    "nudge_failed",
                    json!({ "component": component, "cause": cause }),
                );
            }
            let again = UNDER_WAY.with_borrow_mut(|under_way| match under_way.get_mut(&url) {
                Some(again) if *again => {
                    *again = false;
                    true
                }
                _ => {
                    under_way.remove(&url);
                    false
                }
            });
            if !again {
                return;
            }
        }
    });
}
