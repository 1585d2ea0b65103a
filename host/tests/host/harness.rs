//! Builds the probe components once and loads applications made of them.

use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vikno::{App, Listener, Settings};

/// An application in a folder of its own.
pub struct Probe {
    pub app: App,
    pub folder: TempDir,
}

/// Where the probe components are.
pub fn components() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let status = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--release", "--target", "wasm32-wasip2"])
            .args(["-p", "probe", "-p", "probe-dependency", "-p", "probe-dependent"])
            .current_dir(&root)
            .status()
            .expect("cargo runs");
        assert!(
            status.success(),
            "the probe components do not build; is the target there? rustup target add wasm32-wasip2"
        );
        root.join("target/wasm32-wasip2/release")
            .canonicalize()
            .expect("the components were built")
    })
}

/// The text of a manifest with `PROBE`, `DEPENDENT` and `DEPENDENCY` put in.
pub fn manifest(rest: &str) -> String {
    let components = components();
    let path = |name: &str| components.join(name).display().to_string();
    format!("spin_manifest_version = 2\n[application]\nname = \"test\"\n{rest}")
        .replace("\"PROBE\"", &format!("{:?}", path("probe.wasm")))
        .replace(
            "\"DEPENDENT\"",
            &format!("{:?}", path("probe_dependent.wasm")),
        )
        .replace(
            "\"DEPENDENCY\"",
            &format!("{:?}", path("probe_dependency.wasm")),
        )
}

/// One probe component, reached by `/...`, with these lines in its table.
pub fn one(lines: &str) -> String {
    format!(
        "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"probe\"\n[component.probe]\nsource = \"PROBE\"\n{lines}"
    )
}

/// Settings for tests: few instances, so that many tests fit side by side.
pub fn settings(folder: &Path) -> Settings {
    let state = folder.join("state");
    std::fs::create_dir_all(&state).unwrap();
    // Compiled components are shared by all tests.
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache");
    std::fs::create_dir_all(&cache).unwrap();
    std::os::unix::fs::symlink(cache, state.join("cache")).unwrap();
    let mut settings = Settings::new(state);
    settings.limits.instances_max = 40;
    settings.limits.shutdown_grace = Duration::from_secs(5);
    settings
}

impl Probe {
    /// Loads a manifest with settings that a test changes.
    pub fn with(rest: &str, change: impl FnOnce(&mut Settings)) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(folder.path());
        change(&mut settings);
        let file = folder.path().join("spin.toml");
        std::fs::write(&file, manifest(rest)).unwrap();
        match App::load(&file, &settings) {
            Ok(app) => Ok(Self { app, folder }),
            Err(error) => Err(format!("{error:#}")),
        }
    }

    /// Loads a manifest.
    pub fn new(rest: &str) -> Self {
        Self::with(rest, |_| ()).unwrap()
    }

    /// Calls a component with a body; the answer's status and body.
    pub async fn call(&self, component: &str, path: &str, body: &str) -> (u16, String) {
        let request = ::http::Request::post(path)
            .body(vikno::body(body.to_owned()))
            .unwrap();
        let response = self.app.call(component, request).await;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// Has the component `probe` take steps; what each answered.
    pub async fn steps(&self, steps: Value) -> Vec<Value> {
        let (status, body) = self.call("probe", "/", &steps.to_string()).await;
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// The answer to the last step.
    pub async fn last(&self, steps: Value) -> Value {
        self.steps(steps).await.pop().unwrap()
    }

    /// Serves on a free port until the token is cancelled.
    pub async fn serve(&self) -> Served {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let stop = CancellationToken::new();
        let (app, stopped) = (self.app.clone(), stop.clone());
        let task = tokio::spawn(async move {
            app.serve(Listener { tcp, tls: None }, stopped).await;
        });
        Served {
            url: format!("http://{address}"),
            stop,
            task,
        }
    }
}

/// An application being served.
pub struct Served {
    pub url: String,
    pub stop: CancellationToken,
    pub task: tokio::task::JoinHandle<()>,
}

/// Waits until a condition holds, for a bounded time.
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let look = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let bounded = tokio::time::timeout(Duration::from_secs(20), look).await;
    assert!(bounded.is_ok(), "{what} did not happen");
}

/// What a step answers that went well.
pub fn ok(value: Value) -> Value {
    json!({ "ok": value })
}

/// What a step answers that was refused or failed.
pub fn error(text: &str) -> Value {
    json!({ "error": text })
}
