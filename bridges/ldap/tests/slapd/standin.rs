//! Stands in for Vikno's sign-in and administration: the same routes, bodies, refusals and answers (`openapi.yaml`), and a
//! record of what was written.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value, json};
use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};

/// As whom the bridge signs in.
pub const LOGIN: &str = "bridge";
/// Their password.
pub const PASSWORD: &str = "a bridge's password";
const PAGE: usize = 50;
const ORGANISATIONS: [&str; 2] = ["ukc", "mou"];

/// What it holds.
#[derive(Default)]
pub struct State {
    /// As they are answered.
    pub people: Vec<Value>,
    /// People whom the list does not show yet.
    pub hidden: Vec<Value>,
    /// As they are answered.
    pub groups: Vec<Value>,
    roles: Vec<String>,
    /// Method and path of each request that changed something.
    pub written: Vec<String>,
    /// Tokens that stand; each is taken for so many requests.
    token: Option<(String, usize)>,
    tokens: usize,
    /// How many requests a token stands.
    pub token_life: usize,
}

/// A running stand-in. It ends with the test program.
pub struct Standin {
    /// Where it is.
    pub url: String,
    state: Arc<Mutex<State>>,
}

type Answer = Result<(u16, Value), (u16, &'static str)>;

impl Standin {
    /// Starts one that has the bridge's account, somebody called `petro`, and a group `First line` of `ukc` with him.
    pub fn start() -> Self {
        let mut state = State {
            token_life: usize::MAX,
            ..State::default()
        };
        state.roles = ["administrator", "supervisor", "operator", "analyst"]
            .map(str::to_owned)
            .to_vec();
        state.person(LOGIN, "Bridge", json!({ "*": ["administrator"] }));
        state.person("petro", "Petro", json!({ "ukc": ["supervisor"] }));
        let members = [json!({ "id": "u_petro", "name": "Petro" })];
        let group = json!({ "id": "g_1", "org": "ukc", "name": "First line", "roles": ["analyst"], "queues": ["general"], "members": members });
        state.groups.push(group);
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = Arc::clone(&state);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        std::thread::spawn(move || runtime.block_on(serve(listener, serving)));
        Self { url, state }
    }

    /// What it holds now.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Somebody by login: switched on or off, name, number, roles.
    pub fn shown(&self, login: &str) -> String {
        let state = self.state();
        let person = state.people.iter().find(|person| person["login"] == login);
        let Some(person) = person else {
            return "nobody".to_owned();
        };
        let active = if person["active"] == true {
            "on"
        } else {
            "off"
        };
        let phone = person["phone"].as_str().unwrap_or("-");
        format!(
            "{active}, {}, {phone}, {}",
            person["name"].as_str().unwrap(),
            person["roles"]
        )
    }

    /// Logins of a group's members.
    pub fn members(&self) -> Vec<String> {
        let state = self.state();
        let members = state.groups[0]["members"].as_array().unwrap().iter();
        let ids = members.map(|member| member["id"].as_str().unwrap());
        let mut logins: Vec<String> = ids
            .map(|id| id.trim_start_matches("u_").to_owned())
            .collect();
        logins.sort();
        logins
    }

    /// How many requests changed something since the last look.
    pub fn writes(&self) -> usize {
        std::mem::take(&mut self.state().written).len()
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(|request| respond(&state, request));
            let connection = hyper::server::conn::http1::Builder::new();
            // Ends with an error when the client has gone away.
            drop(
                connection
                    .serve_connection(TokioIo::new(stream), service)
                    .await,
            );
        });
    }
}

async fn respond(
    state: &Mutex<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let token = parts
        .headers
        .get("authorization")
        .map(|value| value.to_str().unwrap().to_owned());
    let target = parts.uri.to_string();
    let answer = state
        .lock()
        .unwrap()
        .answer(parts.method.as_str(), &target, token, &body);
    let (status, content_type, body) = match answer {
        Ok((status, body)) => (status, "application/json", body),
        Err((status, code)) => {
            let problem = json!({ "status": status, "type": format!("https://vikno.dev/problems/{code}"), "detail": format!("Refused: {code}.") });
            (status, "application/problem+json", problem)
        }
    };
    let response = Response::builder()
        .status(status)
        .header("content-type", content_type);
    Ok(response.body(Full::new(body.to_string().into())).unwrap())
}

impl State {
    /// Adds a person by hand; the id is made of the login.
    pub fn person(&mut self, login: &str, name: &str, roles: Value) {
        self.people.push(json!({
            "id": format!("u_{login}"), "login": login, "name": name, "phone": null, "otp_required": false,
            "active": true, "roles": roles, "capacity": 5, "queues": {}, "skills": [], "languages": [],
            "created_at": "2026-11-28T12:00:00.000Z", "signed_in_at": null,
        }));
    }

    fn answer(&mut self, method: &str, target: &str, token: Option<String>, body: &[u8]) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if (method, path) == ("POST", "/core/auth/login") {
            return self.sign_in(&given(body, &["login", "password"])?);
        }
        self.check(token)?;
        let segments: Vec<&str> = path.split('/').skip(2).collect();
        let done = match (method, &segments[..]) {
            ("POST", ["auth", "logout"]) => Ok((204, Value::Null)),
            ("GET", ["auth", "me"]) => Ok((200, self.people[0].clone())),
            ("GET", ["admin", "people"]) => Ok((200, self.page(query))),
            ("GET", ["admin", "roles"]) => Ok((
                200,
                json!({ "roles": identified(&self.roles), "permissions": [] }),
            )),
            ("GET", ["admin", "organisations"]) => Ok((
                200,
                json!({ "organisations": identified(&ORGANISATIONS.map(str::to_owned)) }),
            )),
            ("GET", ["admin", "groups"]) => Ok((200, json!({ "groups": self.groups }))),
            ("POST", ["admin", "people"]) => self.create(body),
            ("PATCH", ["admin", "people", id]) => self.change(id, body),
            ("PUT", ["admin", "roles", id]) => {
                given(body, &["names", "permissions"])?;
                self.roles.push((*id).to_owned());
                Ok((
                    201,
                    json!({ "roles": identified(&self.roles), "permissions": [] }),
                ))
            }
            ("PUT", ["admin", "groups", id]) => self.keep_group(id, body),
            _ => Err((404, "not_found")),
        };
        if method != "GET" && segments[0] == "admin" && done.is_ok() {
            self.written.push(format!("{method} {path}"));
        }
        done
    }

    fn sign_in(&mut self, given: &Map<String, Value>) -> Answer {
        if given["login"] != LOGIN || given["password"] != PASSWORD {
            return Err((401, "wrong_credentials"));
        }
        self.tokens += 1;
        let token = format!("token-{}", self.tokens);
        self.token = Some((token.clone(), self.token_life));
        Ok((
            200,
            json!({ "access_token": token, "token_type": "Bearer", "expires_in": 900 }),
        ))
    }

    fn check(&mut self, token: Option<String>) -> Result<(), (u16, &'static str)> {
        match &mut self.token {
            Some((good, left)) if *left > 0 && token == Some(format!("Bearer {good}")) => {
                *left -= 1;
                Ok(())
            }
            _ => Err((401, "invalid_token")),
        }
    }

    fn page(&self, query: &str) -> Value {
        let after = query.strip_prefix("after=").unwrap_or_default();
        let mut people: Vec<&Value> = self
            .people
            .iter()
            .filter(|person| person["login"].as_str() > Some(after))
            .collect();
        people.sort_by_key(|person| person["login"].as_str());
        let more = people.len() > PAGE;
        people.truncate(PAGE);
        match people.last().filter(|_| more) {
            Some(last) => json!({ "people": people, "cursor": last["login"] }),
            None => json!({ "people": people }),
        }
    }

    fn create(&mut self, body: &[u8]) -> Answer {
        let given = given(
            body,
            &[
                "login",
                "name",
                "password",
                "phone",
                "otp_required",
                "roles",
            ],
        )?;
        let login = given["login"].as_str().ok_or((400, "invalid_field"))?;
        if self
            .people
            .iter()
            .chain(&self.hidden)
            .any(|person| person["login"] == login)
        {
            return Err((409, "login_taken"));
        }
        self.check_fields(&given)?;
        self.person(login, "", json!({}));
        let new = self.people.last_mut().unwrap();
        for (field, value) in &given {
            new[field] = value.clone();
        }
        let mut answer = new.clone();
        answer["password"] = json!("made up and told once");
        Ok((201, answer))
    }

    fn change(&mut self, id: &str, body: &[u8]) -> Answer {
        let given = given(body, &["name", "phone", "active", "roles"])?;
        self.check_fields(&given)?;
        let person = self.people.iter_mut().find(|person| person["id"] == id);
        let person = person.ok_or((404, "unknown_person"))?;
        for (field, value) in given {
            person[field] = value;
        }
        Ok((200, person.clone()))
    }

    fn check_fields(&self, given: &Map<String, Value>) -> Result<(), (u16, &'static str)> {
        let name_is_right =
            |name: &Value| (1..=100).contains(&name.as_str().unwrap_or_default().chars().count());
        let phone_is_right =
            |phone: &Value| phone.as_str().is_some_and(|phone| phone.starts_with('+'));
        let roles_are_right = |roles: &Value| {
            roles.as_object().unwrap().iter().all(|(org, names)| {
                let known = |name: &Value| self.roles.iter().any(|role| role == name);
                (org == "*" || ORGANISATIONS.contains(&org.as_str()))
                    && names.as_array().unwrap().iter().all(known)
            })
        };
        let right = given.get("name").is_none_or(name_is_right)
            && given.get("phone").is_none_or(phone_is_right)
            && given.get("roles").is_none_or(roles_are_right);
        right.then_some(()).ok_or((400, "invalid_field"))
    }

    fn keep_group(&mut self, id: &str, body: &[u8]) -> Answer {
        let given = given(body, &["org", "name", "roles", "queues", "members"])?;
        let group = self.groups.iter_mut().find(|group| group["id"] == id);
        let group = group.ok_or((404, "unknown_group"))?;
        let ids = given["members"].as_array().unwrap();
        let members = self
            .people
            .iter()
            .filter(|person| ids.contains(&person["id"]));
        let members: Vec<Value> = members
            .map(|person| json!({ "id": person["id"], "name": person["name"] }))
            .collect();
        for field in ["org", "name", "roles", "queues"] {
            group[field] = given[field].clone();
        }
        group["members"] = json!(members);
        Ok((200, group.clone()))
    }
}

/// A body that has no other fields.
fn given(body: &[u8], fields: &[&str]) -> Result<Map<String, Value>, (u16, &'static str)> {
    let given: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| (400, "invalid_json"))?;
    match given.keys().all(|key| fields.contains(&key.as_str())) {
        true => Ok(given),
        false => Err((400, "invalid_json")),
    }
}

fn identified(ids: &[String]) -> Vec<Value> {
    ids.iter().map(|id| json!({ "id": id })).collect()
}
