//! An outside system that calls an organisation's Corezoid API.

use crate::http::{Answer, send};
use crate::installation::{Installation, corezoid_key};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use vikno_corezoid::api::{Account, Algorithm, Secret, signature};

/// Numbers operations, so that no two calls of one second are the same.
static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// The system's side of one organisation.
pub struct Corezoid<'a> {
    installation: &'a Installation,
    org: &'a str,
    account: Account,
}

/// The wall clock, Unix seconds.
pub fn now_s() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.expect("a clock").as_secs()).expect("a date")
}

impl<'a> Corezoid<'a> {
    /// With the organisation's key.
    pub fn new(installation: &'a Installation, org: &'a str) -> Self {
        let (login, secret) = corezoid_key(org).expect("its API is open");
        Self::with(installation, org, Account::new(login, Secret::new(secret)))
    }

    /// With another key.
    pub fn with(installation: &'a Installation, org: &'a str, account: Account) -> Self {
        Self {
            installation,
            org,
            account,
        }
    }

    /// The path of a call.
    pub fn path(&self, version: u8, algorithm: Algorithm, time_s: i64, body: &[u8]) -> String {
        let time = time_s.to_string();
        let signed = signature(algorithm, &time, &self.account, body);
        let (org, login) = (self.org, self.account.login());
        format!("/{org}/api/{version}/json/{login}/{time}/{signed}")
    }

    /// Posts bytes to a path.
    pub fn post(&self, path: &str, body: &[u8]) -> Answer {
        let url = format!("{}{path}", self.installation.url);
        let headers = [("content-type", "application/json; charset=utf8")];
        send("POST", &url, &headers, body)
    }

    /// A signed call of version 2 with exactly this body.
    pub fn send(&self, body: &[u8]) -> Answer {
        self.post(&self.path(2, Algorithm::Sha1, now_s(), body), body)
    }

    /// A signed call with operations.
    pub fn ops(&self, ops: Value) -> Answer {
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        self.send(json!({ "ops": ops, "call": number }).to_string().as_bytes())
    }

    /// The answer to one operation.
    pub fn op(&self, op: Value) -> Value {
        let answer = self.ops(json!([op])).expect(200).json();
        assert_eq!(answer["request_proc"], "ok", "{answer}");
        answer["ops"][0].clone()
    }

    /// Makes a task; returns its number.
    pub fn create(&self, process: &str, reference: Option<&str>, data: Value) -> String {
        let op = json!({ "type": "create", "obj": "task", "conv_id": process, "ref": reference, "data": data });
        let answer = self.op(op);
        assert_eq!(answer["proc"], "ok", "{answer}");
        answer["obj_id"].as_str().expect("a number").to_owned()
    }

    /// A task as it stands.
    pub fn show(&self, process: &str, id: &str) -> Value {
        self.op(json!({ "type": "show", "obj": "task", "conv_id": process, "obj_id": id }))
    }

    /// A synchronous call: the answer to its one operation.
    pub fn sync(&self, timeout_s: u64, process: &str, data: Value) -> Value {
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let op = json!({ "id": number.to_string(), "type": "create", "obj": "task", "conv_id": process, "data": data });
        let body = json!({ "timeout": timeout_s, "ops": [op] }).to_string();
        let path = self.path(1, Algorithm::Sha1, now_s(), body.as_bytes());
        let answer = self.post(&path, body.as_bytes()).expect(200).json();
        assert_eq!(answer["request_proc"], "ok", "{answer}");
        answer["ops"][0].clone()
    }
}
