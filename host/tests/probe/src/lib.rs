//! A component that does what the steps in the request body tell it to, and answers what it saw.
//! For the host's tests only.

use bytes::Bytes;
use futures::SinkExt;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use spin_sdk::http::body::{IncomingBodyExt, stream};
use spin_sdk::http::{BoxBody, FullBody, IntoResponse, Request, box_body};
use spin_sdk::http_service;
use spin_sdk::key_value::Store;
use spin_sdk::sqlite::{self, Connection, RowResult};
use spin_sdk::wasip3::http_compat;
use std::time::Duration;

type Reply = spin_sdk::http::Result<Answer>;

/// One thing to do.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// Answer the request's headers.
    Headers,
    /// Call a URL; posts where there is a body.
    Fetch {
        url: String,
        body: Option<Value>,
    },
    /// Open a key-value store; the following store steps use it.
    Store(String),
    Set(String, String),
    Get(String),
    Keys,
    /// Open a database; the following `sql` steps use it.
    Open(String),
    Sql(String),
    Variable(String),
    Environment(String),
    Read(String),
    Write(String),
    /// Never come back.
    Loop,
    /// Take memory and keep it to the end of the request.
    Allocate {
        megabytes: usize,
    },
    Sleep {
        ms: u64,
    },
    Print(String),
    Panic,
}

struct Answer {
    status: u16,
    body: BoxBody,
    length: Option<usize>,
}

impl Answer {
    fn full(status: u16, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        Self {
            status,
            length: Some(body.len()),
            body: box_body(FullBody::new(body)),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(
        self,
    ) -> Result<spin_sdk::wasip3::http::types::Response, spin_sdk::wasip3::http::types::ErrorCode>
    {
        let mut response = http_compat::Response::new(self.body);
        *response.status_mut() = self.status.try_into().unwrap_or_default();
        if let Some(length) = self.length {
            response
                .headers_mut()
                .insert("content-length", length.into());
        }
        response.into_response()
    }
}

#[http_service]
async fn handle(request: Request) -> Reply {
    let path = request
        .headers()
        .get("spin-path-info")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    if request.headers().contains_key("x-vikno-cron") {
        return tick().await;
    }
    match path.as_str() {
        "/hello" => Ok(Answer::full(200, "hello")),
        "/hop" => hop().await,
        "/insert" => insert().await,
        "/rows" => rows().await,
        "/bytes" => endless().await,
        _ => steps(request).await,
    }
}

async fn hop() -> Reply {
    let response = spin_sdk::http::get("http://inner.spin.internal/hello").await?;
    Ok(Answer::full(200, response.into_body().bytes().await?))
}

async fn insert() -> Reply {
    let database = Connection::open("default").await.map_err(other)?;
    let sql = "INSERT INTO rows (text) VALUES ('a row of some forty bytes, as messages are')";
    let result = database.execute(sql, []).await.map_err(other)?;
    result.collect().await.map_err(other)?;
    Ok(Answer::full(200, "inserted"))
}

/// What the clock calls: counts its calls where a test can see it.
async fn tick() -> Reply {
    let store = Store::open("default").await.map_err(debug)?;
    let ticks = store.get("ticks").await.map_err(debug)?.unwrap_or_default();
    let ticks = String::from_utf8_lossy(&ticks).parse().unwrap_or(0) + 1;
    store.set("ticks", ticks.to_string()).await.map_err(debug)?;
    Ok(Answer::full(200, ""))
}

/// Streams a table of any length.
async fn rows() -> Reply {
    let (mut sender, body) = stream::<String>();
    let database = Connection::open("default").await.map_err(other)?;
    spin_sdk::wit_bindgen::spawn(async move {
        let sql = "SELECT id, text FROM rows ORDER BY id";
        let Ok(mut result) = database.execute(sql, []).await else {
            return;
        };
        while let Some(row) = result.next().await {
            let line = format!("{}\n", read_row(&["id".into(), "text".into()], row));
            if sender.send(line).await.is_err() {
                return;
            }
        }
        let end = match result.result().await {
            Ok(()) => "end\n".to_owned(),
            Err(error) => format!("{error}\n"),
        };
        // The reader may have left: then nobody misses the last line.
        let _ = sender.send(end).await;
    });
    Ok(Answer {
        status: 200,
        body: box_body(body),
        length: None,
    })
}

/// A body that never ends by itself.
async fn endless() -> Reply {
    let (mut sender, body) = stream::<String>();
    spin_sdk::wit_bindgen::spawn(async move {
        while sender.send("tick\n".into()).await.is_ok() {
            spin_sdk::time::sleep(Duration::from_millis(5)).await;
        }
    });
    Ok(Answer {
        status: 200,
        body: box_body(body),
        length: None,
    })
}

#[derive(Default)]
struct Open {
    headers: Map<String, Value>,
    database: Option<Connection>,
    store: Option<Store>,
    memory: Vec<Vec<u8>>,
}

async fn steps(request: Request) -> Reply {
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.to_string(), Value::String(value))
        })
        .collect();
    let mut open = Open {
        headers,
        ..Open::default()
    };
    let body = request.into_body().bytes().await?;
    let steps: Vec<Step> = match serde_json::from_slice(&body) {
        Ok(steps) => steps,
        Err(error) => return Ok(Answer::full(400, error.to_string())),
    };
    let mut answers = Vec::new();
    for step in steps {
        answers.push(match run(step, &mut open).await {
            Ok(value) => json!({ "ok": value }),
            Err(error) => json!({ "error": error }),
        });
    }
    Ok(Answer::full(200, Value::Array(answers).to_string()))
}

async fn run(step: Step, open: &mut Open) -> Result<Value, String> {
    match step {
        Step::Headers => Ok(Value::Object(open.headers.clone())),
        Step::Fetch { url, body } => fetch(&url, body).await,
        Step::Store(label) => {
            open.store = Some(Store::open(label).await.map_err(debug)?);
            Ok(Value::Null)
        }
        Step::Set(key, value) => store(open)?
            .set(key, value)
            .await
            .map(nothing)
            .map_err(debug),
        Step::Get(key) => {
            let value = store(open)?.get(key).await.map_err(debug)?;
            Ok(value
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
                .into())
        }
        Step::Keys => Ok(store(open)?
            .get_keys()
            .await
            .collect()
            .await
            .map_err(debug)?
            .into()),
        Step::Open(label) => {
            open.database = Some(Connection::open(label).await.map_err(debug)?);
            Ok(Value::Null)
        }
        Step::Sql(sql) => {
            let database = open.database.as_ref().ok_or("no database is open")?;
            query(database, &sql)
                .await
                .map_err(|error| error.to_string())
        }
        Step::Variable(name) => {
            let value = spin_sdk::variables::get(name).await;
            value.map(Value::String).map_err(debug)
        }
        Step::Environment(name) => Ok(std::env::var(name).ok().into()),
        Step::Read(path) => std::fs::read_to_string(path)
            .map(Value::String)
            .map_err(text),
        Step::Write(path) => std::fs::write(path, "written").map(nothing).map_err(text),
        Step::Loop => loop {
            std::hint::black_box(());
        },
        Step::Allocate { megabytes } => {
            open.memory
                .push(std::hint::black_box(vec![1; megabytes << 20]));
            Ok(Value::Null)
        }
        Step::Sleep { ms } => {
            spin_sdk::time::sleep(Duration::from_millis(ms)).await;
            Ok(Value::Null)
        }
        Step::Print(line) => {
            eprintln!("{line}");
            Ok(Value::Null)
        }
        Step::Panic => panic!("told to"),
    }
}

async fn fetch(url: &str, body: Option<Value>) -> Result<Value, String> {
    let response = match body {
        Some(body) => spin_sdk::http::post(url, body.to_string()).await,
        None => spin_sdk::http::get(url).await,
    };
    let response = response.map_err(debug)?;
    let status = response.status().as_u16();
    let body = response.into_body().bytes().await.map_err(debug)?;
    let body = String::from_utf8_lossy(&body);
    let body = serde_json::from_str(&body).unwrap_or_else(|_| json!(body));
    Ok(json!({ "status": status, "body": body }))
}

async fn query(database: &Connection, sql: &str) -> Result<Value, sqlite::Error> {
    let mut result = database.execute(sql, []).await?;
    let columns = result.columns().to_vec();
    let mut rows = Vec::new();
    while let Some(row) = result.next().await {
        rows.push(read_row(&columns, row));
    }
    result.result().await?;
    Ok(Value::Array(rows))
}

fn read_row(columns: &[String], row: RowResult) -> Value {
    let values = columns.iter().enumerate().map(|(index, column)| {
        let value = if let Some(number) = row.get::<i64>(index) {
            json!(number)
        } else if let Some(text) = row.get::<&str>(index) {
            json!(text)
        } else if let Some(number) = row.get::<f64>(index) {
            json!(number)
        } else {
            Value::Null
        };
        (column.clone(), value)
    });
    Value::Object(values.collect())
}

fn store(open: &Open) -> Result<&Store, String> {
    open.store.as_ref().ok_or_else(|| "no store is open".into())
}

fn nothing<T>(_: T) -> Value {
    Value::Null
}

fn debug(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn other(error: sqlite::Error) -> spin_sdk::http::Error {
    spin_sdk::http::Error::other(error.to_string())
}
