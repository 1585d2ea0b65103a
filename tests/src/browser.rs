//! A real browser without a window, driven over Chromium's debugging pipe.

use crate::within_a_minute;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// What a busy machine does soon.
const SOON: Duration = Duration::from_secs(15);
/// Words that do not come into a field the third time never will.
const FILLS_MAX: usize = 3;
/// What is refused while a page is left for the next one.
const GIVING_WAY: [&str; 2] = ["navigated or closed", "Cannot find context"];
/// No command takes so long.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// A running browser with one page; dropping it ends it.
pub struct Browser {
    child: Child,
    commands: ChildStdin,
    answers: Receiver<Value>,
    number: u64,
    session: String,
    complaints: Vec<String>,
    _profile: tempfile::TempDir,
}

/// The browser of this machine: `VIKNO_CHROMIUM`, else the first known name in `PATH`.
pub fn find() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os("VIKNO_CHROMIUM") {
        return Some(given.into());
    }
    let path = std::env::var_os("PATH")?;
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|file| file.is_file())
}

impl Browser {
    /// Starts one with an empty page.
    pub fn start(program: &PathBuf) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        // Chromium reads commands from descriptor 3 and answers on 4.
        let mut child = Command::new("sh")
            .arg("-c")
            .arg("exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null")
            .arg("sh")
            .arg(program)
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--disable-background-networking",
                "--no-first-run",
                "--lang=uk",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let commands = child.stdin.take().expect("stdin is piped");
        let output = child.stdout.take().expect("stdout is piped");
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(output).split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).unwrap_or_default();
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let mut browser = Self {
            child,
            commands,
            answers,
            number: 0,
            session: String::new(),
            complaints: Vec::new(),
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", target)["sessionId"].clone();
        browser.session = session.as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        // The page of a window that has the focus, whatever the first tab does: else keys may go nowhere.
        browser.call(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        );
        browser.call("Page.bringToFront", json!({}));
        browser
    }

    /// Sets the size of the window.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Opens an address.
    pub fn open(&mut self, url: &str) {
        let opened = self.call("Page.navigate", json!({ "url": url }));
        assert!(opened["errorText"].is_null(), "{url}: {opened}");
    }

    /// What an expression gives in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let given =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        // While a page gives way to the next one there is nothing to find in it.
        match self.ask("Runtime.evaluate", given) {
            Err(refused) if GIVING_WAY.iter().any(|words| refused.contains(words)) => Value::Null,
            answer => answer.expect("the page answers")["result"]["value"].clone(),
        }
    }

    /// Waits until an expression gives something that counts as true.
    #[track_caller]
    pub fn wait_for(&mut self, what: &str, expression: &str) -> Value {
        let true_or_null =
            format!("(() => {{ const found = {expression}; return found || null; }})()");
        let found =
            within_a_minute(|| Some(self.value(&true_or_null)).filter(|value| !value.is_null()));
        found.unwrap_or_else(|| {
            let shown = self.value("document.body.innerText");
            panic!(
                "waited in vain: {what}\nthe page shows: {shown}\nit complained: {:?}",
                self.complaints
            )
        })
    }

    /// Clicks in the middle of the first element that fits a selector, as a mouse does.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let place = format!(
            "(() => {{ const found = document.querySelector({selector:?}); if (!found) return null;
                 found.scrollIntoView({{ block: 'center' }}); const box = found.getBoundingClientRect();
                 return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        );
        let place = self.wait_for(selector, &place);
        for kind in ["mousePressed", "mouseReleased"] {
            let mouse = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", mouse);
        }
    }

    /// Writes into a field as a person does: until the words stand in it.
    #[track_caller]
    pub fn fill(&mut self, selector: &str, text: &str) {
        let field = format!("document.querySelector({selector:?})");
        for _ in 0..FILLS_MAX {
            self.click(selector);
            self.value(&format!("{field}.value = ''"));
            self.write(text);
            if self.soon(&format!("{field}.value === {text:?}")) {
                return;
            }
        }
        panic!("the words do not come into {selector}");
    }

    /// Whether an expression gives something that counts as true within a few seconds.
    pub fn soon(&mut self, expression: &str) -> bool {
        let until = Instant::now() + SOON;
        loop {
            if self.value(&format!("Boolean({expression})")) == true {
                return true;
            }
            if Instant::now() > until {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Types into what has the focus.
    pub fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    /// Presses Enter.
    pub fn enter(&mut self) {
        for kind in ["keyDown", "keyUp"] {
            let key = json!({ "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r" });
            self.call("Input.dispatchKeyEvent", key);
        }
    }

    /// Errors that the pages have told so far: exceptions, refused policies, missing files.
    pub fn complaints(&mut self) -> &[String] {
        self.value("0");
        &self.complaints
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.ask(method, parameters)
            .unwrap_or_else(|refused| panic!("{method}: {refused}"))
    }

    /// The browser's answer, or its refusal as it told it.
    fn ask(&mut self, method: &str, parameters: Value) -> Result<Value, String> {
        self.number += 1;
        let mut command = json!({ "id": self.number, "method": method, "params": parameters });
        if !self.session.is_empty() && !method.starts_with("Target.") {
            command["sessionId"] = json!(self.session);
        }
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        self.commands.write_all(&bytes).expect("the browser runs");
        loop {
            let message = self.answers.recv_timeout(ANSWER_MAX);
            let message = message.unwrap_or_else(|error| panic!("{method}: {error}"));
            if message["id"] == self.number {
                return match message["error"].is_null() {
                    true => Ok(message["result"].clone()),
                    false => Err(message.to_string()),
                };
            }
            self.hear(&message);
        }
    }

    fn hear(&mut self, event: &Value) {
        let told = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => &event["params"]["exceptionDetails"],
            Some("Log.entryAdded") if event["params"]["entry"]["level"] == "error" => {
                &event["params"]["entry"]
            }
            _ => return,
        };
        self.complaints.push(told.to_string());
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its own farewell ends the processes below it as well.
        let _ = self
            .commands
            .write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        while self.answers.recv_timeout(Duration::from_secs(5)).is_ok() {}
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
