//! The operators' console in a real browser: Playwright's tests of `web/tests`, over the real components.

use crate::alone;
use libtest_mimic::Trial;
use std::process::Command;
use vikno_tests::browser;
use vikno_tests::installation::{ADMIN_PASSWORD, Installation, project};

pub(crate) fn tests() -> Vec<Trial> {
    let console = alone(
        "console::citizens_and_operators_meet_in_the_browser",
        console,
    );
    // There is nothing to try without a browser.
    vec![console.with_ignored_flag(browser::find().is_none())]
}

fn console() {
    let installation = Installation::start();
    let ran = Command::new("npm")
        .args(["run", "--silent", "e2e"])
        .current_dir(project().join("web"))
        .env("VIKNO_URL", &installation.url)
        .env("VIKNO_ADMIN_PASSWORD", ADMIN_PASSWORD)
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
