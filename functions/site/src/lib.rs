//! What anybody may see: static pages, the chat page of each organisation, the organisations with live counts, the API
//! description, figures for Prometheus. It reads, and tells nothing about any one person.

mod assets;
mod chat_page;
#[cfg(test)]
mod description;
mod figures;
mod metrics;
mod organisations;

use spin_sdk::http_service;
use vikno_shell::{Problem, Reply, Request, Response, header, json};

/// `openapi.yaml` as JSON.
const OPENAPI: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

#[http_service]
async fn handle(request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let head = request.method().as_str() == "HEAD";
    let mut response = route(request)
        .await
        .unwrap_or_else(|problem| problem.into_response(&path));
    assets::protect(response.headers_mut());
    if head {
        // The length that is told stays that of the whole answer.
        *response.body_mut() = bytes::Bytes::new().into();
    }
    response
}

async fn route(request: Request) -> Reply {
    let method = request.method().as_str();
    if !matches!(method, "GET" | "HEAD") {
        return Err(
            Problem::new(405, "method_not_allowed", "Use GET here.").header("Allow", "GET, HEAD")
        );
    }
    if let Some(reply) = chat_page::answer(&request).await {
        return reply;
    }
    let known = header(&request, "if-none-match").map(str::to_owned);
    match request.uri().path() {
        "/openapi.json" => Ok(assets::tagged(
            "application/json",
            OPENAPI.into(),
            known.as_deref(),
        )),
        "/organisations.json" => Ok(json(200, &organisations::list().await?)),
        "/metrics" => metrics::answer(&request).await,
        "/healthz" => health().await,
        // Without an organisation it is only a form.
        "/chat" | "/chat/" | "/chat/index.html" => Err(assets::missing()),
        path => assets::file(path, known.as_deref()),
    }
}

/// Ready when every organisation's database answers.
async fn health() -> Reply {
    for org in vikno_shell::served_organisations().await {
        let database = vikno_storage::Database::open(org.as_str()).await;
        let answered = match &database {
            Ok(database) => database.query_one("SELECT 1", vec![]).await.map(drop),
            Err(_) => Err(vikno_storage::StorageError::NotFound),
        };
        if let Err(error) = answered {
            let detail = format!("The database of {org} does not answer.");
            return Err(Problem::new(503, "not_ready", detail)
                .header("Retry-After", "5")
                .internal(error));
        }
    }
    Ok(json(200, &serde_json::json!({ "status": "ok" })))
}
