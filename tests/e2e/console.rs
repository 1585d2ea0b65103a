//! The operators' console in a real browser: Playwright's tests of `web/tests`, over the real components.

use crate::alone;
use libtest_mimic::Trial;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use vikno_tests::browser;
use vikno_tests::eventually;
use vikno_tests::installation::{ADMIN_PASSWORD, Installation, project};

pub(crate) fn tests() -> Vec<Trial> {
    let console = alone(
        "console::citizens_and_operators_meet_in_the_browser",
        console,
    );
    // There is nothing to try without a browser.
    vec![console.with_ignored_flag(browser::find().is_none())]
}

const PROVIDER_SECRET: &str = "a secret that only tests know, 32+";

/// Signs people in as another organisation would; dropping it ends it.
struct Provider(Child);

impl Provider {
    fn start(port: u16, url: &str) -> Self {
        let child = Command::new("node")
            .arg("tests/oidc-provider.mjs")
            .arg(port.to_string())
            .arg(format!("{url}/core/auth/sso/callback"))
            .arg(PROVIDER_SECRET)
            .current_dir(project().join("web"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("node");
        let provider = Self(child);
        eventually("the provider listens", || {
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        provider
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // Gone already if it failed by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Nobody else takes it between here and its use, on a machine that only tests.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("it listens").port()
}

fn console() {
    let port = free_port();
    let issuer = format!("http://127.0.0.1:{port}");
    let installation = Installation::start_with(&[
        ("SPIN_VARIABLE_OIDC_HOST", &issuer),
        ("SPIN_VARIABLE_OIDC_ISSUER", &issuer),
        ("SPIN_VARIABLE_OIDC_NAME", "Тестовий вхід"),
        ("SPIN_VARIABLE_OIDC_CLIENT_ID", "vikno"),
        ("SPIN_VARIABLE_OIDC_CLIENT_SECRET", PROVIDER_SECRET),
    ]);
    let _provider = Provider::start(port, &installation.url);
    let ran = Command::new("npm")
        .args(["run", "--silent", "e2e"])
        .current_dir(project().join("web"))
        .env("VIKNO_URL", &installation.url)
        .env("VIKNO_ADMIN_PASSWORD", ADMIN_PASSWORD)
        .env("VIKNO_OIDC", &issuer)
        .env(
            "VIKNO_CHROMIUM",
            browser::find().expect("it was looked for before"),
        )
        .output()
        .expect("npm");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    println!("{said}");
}
