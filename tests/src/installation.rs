//! An installation of its own: the `vikno` binary as a child, a fresh state folder, stand-ins beside it.

use crate::http::{Answer, send};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use vikno_standins::Standins;

/// A token lives longer.
const TOKEN_KEPT: Duration = Duration::from_secs(600);
/// The first administrator's password in every test installation.
pub const ADMIN_PASSWORD: &str = "a long test passphrase 7";
/// The master key of every test installation.
pub const MASTER_KEY: &str = "test master key, thirty-two bytes or more";

/// Its log, in the state folder.
const LOG: &str = "log.jsonl";

/// A running installation; dropping it ends it.
pub struct Installation {
    /// `http://127.0.0.1:port`.
    pub url: String,
    /// Telegram, Viber, SMS and a Corezoid elsewhere.
    pub standins: Arc<Standins>,
    state: Arc<tempfile::TempDir>,
    child: Child,
    more: Vec<(String, String)>,
    manifest: PathBuf,
    /// What its last start printed before it was ready.
    pub printed: Vec<String>,
    administrator: Mutex<Option<(Instant, String)>>,
}

/// Where the project is.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The binary under test: `VIKNO_BIN`, else the one beside the tests.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("VIKNO_BIN") {
        return path.into();
    }
    built().join("vikno")
}

/// The folder that the tests were built into: `target/debug`.
fn built() -> PathBuf {
    let tests = std::env::current_exe().expect("a test knows where it is");
    tests
        .ancestors()
        .nth(2)
        .expect("tests lie in target/debug/deps")
        .to_owned()
}

/// Compiled components are kept for all installations: machine code of the same wasm is the same for each.
fn share_compiled(state: &Path) {
    let shared = built().join("e2e-compiled");
    std::fs::create_dir_all(&shared).expect("the target folder is ours");
    std::os::unix::fs::symlink(shared, state.join("cache")).expect("the state folder is fresh");
}

/// The secret of an organisation's Telegram webhook.
pub fn telegram_secret(org: &str) -> String {
    format!("telegram-secret-of-{org}")
}

/// The token of an organisation's Viber bot.
pub fn viber_token(org: &str) -> String {
    format!("viber-token-of-{org}")
}

/// The login and secret of an organisation's Corezoid API; one organisation has none, so that its API is closed.
pub fn corezoid_key(org: &str) -> Option<(String, String)> {
    let open = org != "cashback";
    open.then(|| (format!("key-of-{org}"), format!("corezoid-secret-of-{org}")))
}

impl Installation {
    /// Starts a fresh one.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a fresh one with more settings (environment).
    pub fn start_with(more: &[(&str, &str)]) -> Self {
        Self::start_from(&project().join("spin.toml"), more)
    }

    /// Starts a fresh one from another manifest.
    pub fn start_from(manifest: &Path, more: &[(&str, &str)]) -> Self {
        let address: SocketAddr = ([127, 0, 0, 1], 0).into();
        let standins = Arc::new(Standins::start(address).expect("loopback has a free port"));
        let state = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        share_compiled(state.path());
        let more: Vec<(String, String)> = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let (child, url, printed) = spawn(&standins, state.path(), manifest, &more);
        Self {
            url,
            standins,
            state,
            child,
            more,
            manifest: manifest.to_owned(),
            printed,
            administrator: Mutex::new(None),
        }
    }

    /// Ends it as a power cut would (SIGKILL) and starts it again over the same state.
    pub fn kill_and_restart(&mut self) {
        self.kill();
        self.start_again();
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().expect("the child is ours");
        self.child.wait().expect("the child is ours");
    }

    /// Starts it again over the same state.
    pub fn start_again(&mut self) {
        let (child, url, printed) = spawn(
            &self.standins,
            self.state.path(),
            &self.manifest,
            &self.more,
        );
        self.child = child;
        self.url = url;
        self.printed = printed;
    }

    /// Its state folder.
    pub fn state(&self) -> &Path {
        self.state.path()
    }

    /// GET.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        send("GET", &format!("{}{path}", self.url), headers, b"")
    }

    /// POST of JSON.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        send(
            "POST",
            &format!("{}{path}", self.url),
            &all,
            body.to_string().as_bytes(),
        )
    }

    /// Signs in; returns the value for `Authorization`.
    pub fn sign_in(&self, login: &str, password: &str) -> String {
        let answer = self.post(
            "/core/auth/login",
            &[],
            &json!({ "login": login, "password": password }),
        );
        let token = answer.expect(200).json()["access_token"]
            .as_str()
            .map(str::to_owned);
        format!("Bearer {}", token.expect("a token"))
    }

    /// The administrator's `Authorization`: signed in again before it ends only, since checking a password is meant to be slow.
    pub fn administrator(&self) -> String {
        let mut kept = self
            .administrator
            .lock()
            .expect("no test panics while it signs in");
        let fresh = kept
            .take()
            .filter(|(since, _)| since.elapsed() < TOKEN_KEPT);
        let (since, token) =
            fresh.unwrap_or_else(|| (Instant::now(), self.sign_in("admin", ADMIN_PASSWORD)));
        *kept = Some((since, token.clone()));
        token
    }

    /// All rows of an export.
    pub fn export(&self, org: &str, what: &str) -> Vec<Value> {
        let path = format!("/{org}/export/{what}.json");
        let rows = self
            .get(&path, &[("authorization", &self.administrator())])
            .expect(200)
            .json();
        rows.as_array().cloned().expect("an array")
    }

    /// A figure of `/metrics`.
    pub fn metric(&self, name: &str, org: &str) -> i64 {
        let wanted = format!("{name}{{org=\"{org}\"}} ");
        let text = self.get("/metrics", &[]).expect(200).text();
        let line = text.lines().find_map(|line| line.strip_prefix(&wanted));
        line.unwrap_or_else(|| panic!("{wanted} is not in {text}"))
            .parse()
            .expect("a count")
    }

    /// The database of an organisation, or `core`: to look where no route shows it, or to move time while nothing runs.
    pub fn database(&self, label: &str) -> rusqlite::Connection {
        let file = self.state().join("sqlite").join(format!("{label}.db"));
        let database = rusqlite::Connection::open(file).expect("the host made it");
        database
            .busy_timeout(Duration::from_secs(10))
            .expect("a timeout");
        database
    }

    /// Its log so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.state().join(LOG)).unwrap_or_default()
    }

    /// Memory that is the process's own, in bytes: without mapped files, whose pages the system takes back.
    pub fn own_memory_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()));
        let status = status.expect("the process runs");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        let kb = line.and_then(|line| line.trim().strip_suffix(" kB"));
        1024 * kb.expect("a figure").parse::<u64>().expect("a figure")
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Posts a Telegram update as Telegram does.
    pub fn telegram(&self, org: &str, update: &str) -> Answer {
        let secret = telegram_secret(org);
        let headers = [
            ("content-type", "application/json"),
            ("x-telegram-bot-api-secret-token", secret.as_str()),
        ];
        send(
            "POST",
            &format!("{}/{org}/telegram", self.url),
            &headers,
            update.as_bytes(),
        )
    }

    /// Posts a Viber event as Viber does.
    pub fn viber(&self, org: &str, event: &str) -> Answer {
        let signature =
            vikno_standins::payload::viber_signature(&viber_token(org), event.as_bytes());
        let headers = [
            ("content-type", "application/json"),
            ("x-viber-content-signature", signature.as_str()),
        ];
        send(
            "POST",
            &format!("{}/{org}/viber", self.url),
            &headers,
            event.as_bytes(),
        )
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        // Gone already when a test killed it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(
    standins: &Standins,
    state: &Path,
    manifest: &Path,
    more: &[(String, String)],
) -> (Child, String, Vec<String>) {
    let mut command = Command::new(binary());
    command
        .current_dir(project())
        .args([
            "up",
            "--no-build",
            "--listen",
            "127.0.0.1:0",
            "--log",
            "json",
            "--state",
        ])
        .arg(state)
        .arg("--manifest")
        .arg(manifest)
        .env(
            "SPIN_VARIABLE_TELEGRAM_API_URL",
            standins.telegram_api_url(),
        )
        .env("SPIN_VARIABLE_VIBER_API_URL", standins.url())
        .env("SPIN_VARIABLE_VIBER_MEDIA_URL", standins.url())
        .env("SPIN_VARIABLE_SMS_API_URL", standins.sms_api_url())
        .env("SPIN_VARIABLE_BREACHED_PASSWORDS_URL", standins.url())
        .env(
            "SPIN_VARIABLE_COREZOID_API_URL",
            standins.corezoid_api_url(),
        )
        .env("SPIN_VARIABLE_SMS_API_TOKEN", "sms-token")
        .env("SPIN_VARIABLE_MASTER_KEY", MASTER_KEY)
        .env("VIKNO_ADMIN_PASSWORD", ADMIN_PASSWORD)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    for org in crate::ORGANISATIONS {
        let name = org.to_uppercase();
        command
            .env(
                format!("SPIN_VARIABLE_{name}_TELEGRAM_TOKEN"),
                format!("telegram-token-of-{org}"),
            )
            .env(
                format!("SPIN_VARIABLE_{name}_TELEGRAM_SECRET"),
                telegram_secret(org),
            )
            .env(
                format!("SPIN_VARIABLE_{name}_VIBER_TOKEN"),
                viber_token(org),
            );
        if let Some((login, secret)) = corezoid_key(org) {
            command
                .env(format!("SPIN_VARIABLE_{name}_COREZOID_LOGIN"), login)
                .env(format!("SPIN_VARIABLE_{name}_COREZOID_SECRET"), secret);
        }
    }
    command.envs(more.iter().map(|(name, value)| (name, value)));
    let log = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(state.join(LOG))
        .expect("the state folder is ours");
    command.stderr(log);
    let mut child = command
        .spawn()
        .expect("the vikno binary is built; run `cargo vikno test`");
    let stdout = child.stdout.take().expect("stdout is piped");
    let mut lines = BufReader::new(stdout).lines();
    let mut printed = Vec::new();
    let url = loop {
        let Some(line) = lines.next() else {
            let status = child.wait();
            panic!(
                "it ended before it was ready, {status:?}: {}",
                tail(&state.join(LOG))
            );
        };
        let line = line.expect("its output is text");
        if let Some(url) = line.strip_prefix("ready: ") {
            break url.trim().trim_end_matches('/').to_owned();
        }
        printed.push(line);
    };
    // Its output goes on being read, so that it never waits for us.
    std::thread::spawn(move || lines.for_each(drop));
    (child, url, printed)
}

/// The end of a log.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
