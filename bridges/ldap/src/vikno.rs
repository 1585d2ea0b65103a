//! Vikno's administration over HTTP: signs in, reads what there is, makes one change at a time.

use crate::change::{Change, Fields};
use crate::config;
use crate::here::{Group, Here, Person, Roles};
use crate::{Secret, TrustError, trust};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use ureq::http::{Request, StatusCode};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// For a whole call. A password is hashed in it, on a machine that may be busy.
const TIMEOUT: Duration = Duration::from_secs(60);
/// A page of 50 people, each with roles in a hundred organisations, is 400 kB.
const ANSWER_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Of 50 people each.
const PAGES_MAX: usize = 2_000;

/// Why Vikno did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum ViknoError {
    /// Nobody to trust.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// It refused this; it may take the next one.
    #[error("{status} {code}: {detail}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The problem's code.
        code: String,
        /// What to do about it.
        detail: String,
    },
    /// No answer.
    #[error("no answer from {url}")]
    Silent {
        /// The address asked.
        url: String,
        /// What the library says.
        source: Box<ureq::Error>,
    },
    /// Something else answers there.
    #[error("{url} does not answer as Vikno does")]
    Strange {
        /// The address asked.
        url: String,
        /// What reading it met.
        source: serde_json::Error,
    },
    /// The list of people does not come to an end.
    #[error("Vikno's list of people does not come to an end")]
    Endless,
    /// Nobody reads the bridge's messages.
    #[error(
        "Vikno asks '{0}' for a one-time code: give the bridge an account of its own that needs none"
    )]
    SecondFactor(String),
}

impl ViknoError {
    /// Whether the next change may still succeed.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status != StatusCode::UNAUTHORIZED.as_u16())
    }
}

/// Who the bridge is in Vikno.
#[derive(Debug)]
pub struct Credentials {
    /// An administrator.
    pub login: String,
    /// Theirs.
    pub password: Secret,
}

/// A Vikno in which the bridge is signed in.
pub struct Vikno {
    agent: ureq::Agent,
    url: String,
    credentials: Credentials,
    token: String,
    /// People's ids by login.
    ids: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct SignedIn {
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct Identified {
    id: String,
}

#[derive(Deserialize)]
struct People {
    people: Vec<Person>,
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct AllRoles {
    roles: Vec<Identified>,
}

#[derive(Deserialize)]
struct Organisations {
    organisations: Vec<Identified>,
}

#[derive(Deserialize, Default)]
struct Problem {
    /// An address that ends in the code.
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    detail: String,
}

#[derive(Serialize)]
struct NewPerson<'a> {
    login: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    roles: &'a Roles,
}

impl Vikno {
    /// Signs in.
    pub fn sign_in(config: &config::Vikno, credentials: Credentials) -> Result<Self, ViknoError> {
        let mut builder = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            // An answer from elsewhere is none of Vikno's.
            .max_redirects(0)
            .max_redirects_will_error(false);
        if config.url.starts_with("https:") {
            let roots = trust::roots(config.ca_file.as_deref())?;
            let roots = roots
                .iter()
                .map(|root| Certificate::from_der(root).to_owned());
            let tls = TlsConfig::builder()
                .root_certs(RootCerts::from(roots))
                .build();
            builder = builder.tls_config(tls);
        }
        let mut vikno = Self {
            agent: builder.build().into(),
            url: config.url.clone(),
            credentials,
            token: String::new(),
            ids: BTreeMap::new(),
        };
        vikno.renew()?;
        Ok(vikno)
    }

    fn renew(&mut self) -> Result<(), ViknoError> {
        let login = &self.credentials.login;
        let body = json!({ "login": login, "password": self.credentials.password.reveal() });
        let answer = self.send("POST", "/core/auth/login", Some(&body))?;
        let signed_in: SignedIn = self.read("/core/auth/login", answer)?;
        let token = signed_in.access_token;
        self.token = token.ok_or_else(|| ViknoError::SecondFactor(login.clone()))?;
        Ok(())
    }

    /// Ends the session. It would end by itself, too.
    pub fn sign_out(self) {
        drop(self.send("POST", "/core/auth/logout", None));
    }

    /// All that a plan is made from.
    pub fn here(&mut self) -> Result<Here, ViknoError> {
        let me: Identified = self.get("/core/auth/me")?;
        let roles: AllRoles = self.get("/core/admin/roles")?;
        let organisations: Organisations = self.get("/core/admin/organisations")?;
        let ids = |all: Vec<Identified>| all.into_iter().map(|one| one.id).collect();
        let here = Here {
            me: me.id,
            people: self.people()?,
            groups: self.groups()?,
            roles: ids(roles.roles),
            organisations: ids(organisations.organisations),
        };
        let people = here.people.iter();
        self.ids = people
            .map(|person| (person.login.clone(), person.id.clone()))
            .collect();
        Ok(here)
    }

    fn people(&mut self) -> Result<Vec<Person>, ViknoError> {
        let mut people = Vec::new();
        let mut path = "/core/admin/people".to_owned();
        for _ in 0..PAGES_MAX {
            let page: People = self.get(&path)?;
            people.extend(page.people);
            let Some(cursor) = page.cursor else {
                return Ok(people);
            };
            let after: String = url::form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
            path = format!("/core/admin/people?after={after}");
        }
        Err(ViknoError::Endless)
    }

    fn groups(&mut self) -> Result<Vec<Group>, ViknoError> {
        Ok(self.get::<Groups>("/core/admin/groups")?.groups)
    }

    /// Makes one change.
    pub fn make(&mut self, change: &Change) -> Result<(), ViknoError> {
        match change {
            Change::MakeRole { id, uk, en } => {
                let body = json!({ "names": { "uk": uk, "en": en }, "permissions": [] });
                self.call("PUT", &format!("/core/admin/roles/{id}"), Some(&body))?;
            }
            Change::Add {
                login,
                name,
                phone,
                roles,
            } => {
                let login = login.as_str();
                let new = NewPerson {
                    login,
                    name,
                    phone: phone.as_deref(),
                    roles,
                };
                // Vikno makes up a password and tells it once. It is not kept: nobody is to know it.
                let path = "/core/admin/people";
                let answer = self.call("POST", path, Some(&json!(new)))?;
                let made: Identified = self.read(path, answer)?;
                self.ids.insert(login.to_owned(), made.id);
            }
            Change::Update { id, fields, .. } => self.update(id, fields)?,
            Change::Members {
                id, joins, leaves, ..
            } => self.set_members(id, joins, leaves)?,
        }
        Ok(())
    }

    fn update(&mut self, id: &str, fields: &Fields) -> Result<(), ViknoError> {
        let path = format!("/core/admin/people/{id}");
        self.call("PATCH", &path, Some(&json!(fields))).map(drop)
    }

    /// A group is written as a whole, so it is read again right before: others may have changed it since.
    fn set_members(
        &mut self,
        id: &str,
        joins: &BTreeSet<String>,
        leaves: &BTreeSet<String>,
    ) -> Result<(), ViknoError> {
        let found = self.groups()?.into_iter().find(|group| group.id == id);
        let Some(group) = found else {
            return Err(ViknoError::Refused {
                status: StatusCode::NOT_FOUND.as_u16(),
                code: "unknown_group".to_owned(),
                detail: "It was removed meanwhile.".to_owned(),
            });
        };
        // Somebody whose making was refused has no id, and is told of already.
        let ids = |logins: &BTreeSet<String>| -> BTreeSet<String> {
            logins
                .iter()
                .filter_map(|login| self.ids.get(login))
                .cloned()
                .collect()
        };
        let (joins, leaves) = (ids(joins), ids(leaves));
        let before: BTreeSet<String> = group.members.into_iter().map(|member| member.id).collect();
        let after: BTreeSet<String> = before.difference(&leaves).chain(&joins).cloned().collect();
        if after == before {
            return Ok(());
        }
        let body = json!({
            "org": group.org, "name": group.name, "roles": group.roles, "queues": group.queues, "members": after,
        });
        self.call("PUT", &format!("/core/admin/groups/{id}"), Some(&body))
            .map(drop)
    }

    fn get<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, ViknoError> {
        let answer = self.call("GET", path, None)?;
        self.read(path, answer)
    }

    /// A token lives for a quarter of an hour, less than the first import of a large directory may take.
    fn call(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Vec<u8>, ViknoError> {
        match self.send(method, path, body) {
            Err(ViknoError::Refused { status: 401, .. }) => {
                self.renew()?;
                self.send(method, path, body)
            }
            done => done,
        }
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Vec<u8>, ViknoError> {
        let url = format!("{}{path}", self.url);
        let silent = |source| ViknoError::Silent {
            url: url.clone(),
            source: Box::new(source),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(&url)
            .header("accept", "application/json");
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let body = body.map(Value::to_string);
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(body.unwrap_or_default());
        let request = request.map_err(|error| silent(error.into()))?;
        let mut response = self.agent.run(request).map_err(silent)?;
        let status = response.status();
        let limited = response.body_mut().with_config().limit(ANSWER_BYTES_MAX);
        let answer = limited.read_to_vec().map_err(silent)?;
        if status.is_success() {
            return Ok(answer);
        }
        // What stands between may answer in its own way: the status says enough then.
        let problem: Problem = serde_json::from_slice(&answer).unwrap_or_default();
        Err(ViknoError::Refused {
            status: status.as_u16(),
            code: problem
                .kind
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned(),
            detail: problem.detail,
        })
    }

    fn read<T: DeserializeOwned>(&self, path: &str, answer: Vec<u8>) -> Result<T, ViknoError> {
        serde_json::from_slice(&answer).map_err(|source| ViknoError::Strange {
            url: format!("{}{path}", self.url),
            source,
        })
    }
}
