//! The site: start page, description of the API, organisations, metrics, safe headers, and a chat in a real browser.

use crate::Shared;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::browser::{self, Browser};
use vikno_tests::citizen::Citizen;
use vikno_tests::http::{Answer, send};
use vikno_tests::installation::Installation;
use vikno_tests::{ORGANISATIONS, eventually};

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    let in_browser = [
        shared.test("site::a_person_chats_in_a_browser_wide_and_narrow", chat),
        shared.test("site::a_page_opens_the_chat_by_the_widget", widget),
    ];
    let mut tests = vec![
        shared.test("site::pages_and_what_they_name_are_served", pages),
        shared.test("site::every_answer_protects_its_reader", headers),
        shared.test("site::an_unchanged_file_is_not_sent_again", entity_tags),
        shared.test("site::nothing_but_the_site_is_served", elsewhere),
        shared.test("site::only_listed_pages_may_frame_a_chat", framing),
        shared.test("site::a_chat_can_be_installed", manifest),
        shared.test("site::the_api_is_described", described),
        shared.test(
            "site::the_organisations_are_told_with_live_counts",
            organisations,
        ),
        shared.test("site::figures_are_told_for_prometheus", figures),
    ];
    // There is nothing to try without a browser.
    let is_there = browser::find().is_some();
    tests.extend(in_browser.map(|test| test.with_ignored_flag(!is_there)));
    tests
}

const PAGES: [&str; 4] = ["/", "/ukc/", "/widget.html", "/processes.html"];

fn pages(installation: &Installation) {
    let mut wanted: Vec<String> = PAGES.map(str::to_owned).to_vec();
    let mut seen = 0;
    while let Some(path) = wanted.get(seen).cloned() {
        seen += 1;
        let answer = installation.get(&path, &[]).expect(200);
        let kind = match path.rsplit_once('.').map(|(_, ending)| ending) {
            None | Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("json") => "application/json",
            Some(other) => panic!("{path}: nobody expects {other}"),
        };
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        for named in named_by(&path, &answer.text()) {
            if !wanted.contains(&named) {
                wanted.push(named);
            }
        }
    }
    assert!(
        wanted.iter().any(|path| path.contains("/start-")),
        "{wanted:?}"
    );
    for language in ["uk", "en"] {
        for file in [language.to_owned(), format!("processes.{language}")] {
            installation
                .get(&format!("/i18n/{file}.json"), &[])
                .expect(200);
        }
    }
    let health = installation.get("/healthz", &[]).expect(200);
    assert_eq!(health.json(), json!({ "status": "ok" }));
}

/// Files of the site that a page or a script names.
fn named_by(path: &str, text: &str) -> Vec<String> {
    let marks: &[&str] = match path.rsplit_once('.') {
        Some((_, "js")) => &["from\".", "import\"."],
        Some((_, "html")) | None => &["src=\"/", "href=\"/"],
        _ => &[],
    };
    let named = marks.iter().flat_map(|mark| {
        let rests = text.split(mark).skip(1);
        rests.map(|rest| format!("{}{rest}", mark.rsplit('"').next().unwrap_or_default()))
    });
    let names = named.filter_map(|rest| rest.split('"').next().map(str::to_owned));
    let files = names.filter(|name| name.rsplit('/').next().is_some_and(|end| end.contains('.')));
    let files = files.filter(|name| !name.ends_with("openapi.json"));
    files.map(|name| resolved(path, &name)).collect()
}

/// A name as a browser resolves it beside the file that says it.
fn resolved(path: &str, name: &str) -> String {
    let mut folders: Vec<&str> = match name.starts_with('/') {
        true => Vec::new(),
        false => path.split('/').collect::<Vec<_>>()[..path.matches('/').count()].to_vec(),
    };
    for part in name.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(folders.pop()),
            part => folders.push(part),
        }
    }
    folders.retain(|part| !part.is_empty());
    format!("/{}", folders.join("/"))
}

fn headers(installation: &Installation) {
    let paths = [
        "/",
        "/ukc/",
        "/widget.js",
        "/openapi.json",
        "/organisations.json",
        "/metrics",
        "/no-such-page",
    ];
    for path in paths {
        let answer = installation.get(path, &[]);
        let told = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        assert_eq!(told("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(
            told("referrer-policy"),
            "strict-origin-when-cross-origin",
            "{path}"
        );
        assert_eq!(told("cross-origin-opener-policy"), "same-origin", "{path}");
        let policy = told("content-security-policy");
        let parts: Vec<&str> = policy.split(';').map(str::trim).collect();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "base-uri 'none'",
        ] {
            assert!(parts.contains(&part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
    }
}

fn entity_tags(installation: &Installation) {
    for path in ["/", "/ukc/", "/widget.js", "/openapi.json"] {
        let whole = installation.get(path, &[]).expect(200);
        let tag = whole.header("etag").expect("a tag").to_owned();
        let same = installation
            .get(path, &[("if-none-match", &tag)])
            .expect(304);
        assert!(same.body.is_empty(), "{path}");
        // Another type would make browsers refuse the widget on its second visit.
        assert_eq!(
            same.header("content-type"),
            whole.header("content-type"),
            "{path}"
        );
        installation
            .get(path, &[("if-none-match", "\"another\"")])
            .expect(200);
        let head = send("HEAD", &format!("{}{path}", installation.url), &[], b"").expect(200);
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(
            head.header("content-length"),
            whole.header("content-length"),
            "{path}"
        );
    }
}

fn elsewhere(installation: &Installation) {
    let problem = |answer: &Answer, status: u16, what: &str| {
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{what}"
        );
        assert_eq!(answer.json()["status"], status, "{what}");
    };
    for path in [
        "/no-such-page",
        "/spin.toml",
        "/README.md",
        "/.env",
        "/../spin.toml",
        "/js/../../spin.toml",
        "/%2e%2e/spin.toml",
        "/..%2fspin.toml",
        "/js/%00",
        "//etc/passwd",
        "/organisations/ukc/organisation.toml",
    ] {
        problem(&installation.get(path, &[]), 404, path);
    }
    let answer = installation.post("/", &[], &json!({}));
    problem(&answer, 405, "POST");
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
}

fn framing(installation: &Installation) {
    let ancestors = |path: &str| {
        let answer = installation.get(path, &[]).expect(200);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        let (_, ancestors) = policy.split_once("frame-ancestors ").expect("it says who");
        ancestors.to_owned()
    };
    let listed = "'self' https://ukc.gov.ua https://1547.ukc.gov.ua";
    assert_eq!(ancestors("/ukc/"), listed);
    assert_eq!(ancestors("/mzs/"), "'self' https://mfa.gov.ua");
    for path in ["/", "/processes.html", "/widget.js"] {
        assert_eq!(ancestors(path), "'self'", "{path}");
    }
    // Who leaves the slash out is sent on.
    let page = installation.get("/ukc/", &[]).expect(200).text();
    assert_eq!(installation.get("/ukc", &[]).expect(200).text(), page);
    for path in ["/nobody/", "/nobody", "/chat/", "/ukc/other"] {
        installation.get(path, &[]).expect(404);
    }
}

fn manifest(installation: &Installation) {
    let page = installation.get("/mzs/", &[]).expect(200).text();
    assert!(page.contains("<title>Міністерство закордонних справ України</title>"));
    for (language, name) in [
        ("en", "Ministry of Foreign Affairs of Ukraine"),
        ("de", "Міністерство закордонних справ України"),
    ] {
        let path = format!("/mzs/manifest.webmanifest?language={language}");
        let answer = installation.get(&path, &[]).expect(200);
        let kind = answer.header("content-type");
        assert_eq!(kind, Some("application/manifest+json"));
        let told = answer.json();
        assert_eq!(told["name"], name);
        assert_eq!(told["scope"], "/mzs/");
        for icon in told["icons"].as_array().expect("icons") {
            let file = icon["src"].as_str().expect("a path");
            let kind = installation.get(file, &[]).expect(200);
            assert_eq!(kind.header("content-type"), icon["type"].as_str(), "{file}");
        }
    }
}

fn described(installation: &Installation) {
    let description = installation.get("/openapi.json", &[]).expect(200).json();
    let version = description["openapi"].as_str().unwrap_or_default();
    assert!(version.starts_with("3."), "{version}");
    let paths = description["paths"].as_object().expect("paths");
    for path in [
        "/{org}/chat/sessions",
        "/{org}/telegram",
        "/{org}/operator/conversations/{id}/take",
        "/{org}/export/journal",
        "/{org}/operator/journal",
        "/{org}/processes/publish",
        "/core/auth/login",
        "/organisations.json",
        "/widget.js",
        "/{org}/",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    // Where no parameter and no person is needed, what is described is what is answered.
    let open = paths.iter().filter(|(path, _)| !path.contains('{'));
    let mut tried = 0;
    for (path, operations) in open {
        let get = &operations["get"];
        if get.is_null()
            || get["security"]
                .as_array()
                .is_some_and(|needs| !needs.is_empty())
        {
            continue;
        }
        // It leads elsewhere: a browser follows.
        if !get["responses"]["303"].is_null() {
            continue;
        }
        let answer = installation.get(path, &[]);
        let described = &get["responses"][answer.status.to_string()]["content"];
        let kind = answer.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        assert!(
            !described[kind].is_null(),
            "{path}: {} {kind}",
            answer.status
        );
        tried += 1;
    }
    assert!(tried >= 3, "{tried} operations were tried");
}

fn listed(installation: &Installation) -> Vec<Value> {
    let list = installation
        .get("/organisations.json", &[])
        .expect(200)
        .json();
    list["organisations"].as_array().cloned().expect("a list")
}

fn organisations(installation: &Installation) {
    let before = listed(installation);
    let ids: Vec<&str> = before.iter().filter_map(|org| org["id"].as_str()).collect();
    assert_eq!(ids, ORGANISATIONS);
    for org in &before {
        for language in ["uk", "en"] {
            assert!(
                org["name"][language]
                    .as_str()
                    .is_some_and(|name| name.len() > 3),
                "{org}"
            );
            let spoken = org["languages"].as_array().expect("languages");
            assert!(spoken.iter().any(|spoken| spoken == language), "{org}");
        }
        let open = org["open_now"].as_bool().expect("open or not");
        let next = if open { "opens_at" } else { "closes_at" };
        assert!(org[next].is_null(), "{org}");
        for count in [
            "open",
            "waiting",
            "with_operator",
            "voting",
            "messages_today",
        ] {
            assert!(
                org["counts"][count]
                    .as_i64()
                    .is_some_and(|count| count >= 0),
                "{org}"
            );
        }
    }
    let today = |list: &[Value]| {
        let org = list
            .iter()
            .find(|org| org["id"] == "ukco")
            .expect("it is listed");
        org["counts"]["messages_today"].as_i64()
    };
    let mut citizen = Citizen::new(installation, "ukco", "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    eventually("the count has grown", || {
        (today(&listed(installation)) > today(&before)).then_some(())
    });
}

fn figures(installation: &Installation) {
    let before = installation.metric("vikno_messages_total", "ukco");
    let mut citizen = Citizen::new(installation, "ukco", "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    eventually("the figure has grown", || {
        (installation.metric("vikno_messages_total", "ukco") > before).then_some(())
    });
    let answer = installation.get("/metrics", &[]).expect(200);
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    let text = answer.text();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, figure) = line.rsplit_once(' ').expect("a name and a figure");
        assert!(
            figure.parse::<i64>().is_ok_and(|figure| figure >= 0),
            "{line}"
        );
        let name = series.split('{').next().unwrap_or_default();
        assert!(text.contains(&format!("# TYPE {name} ")), "{line}");
        assert!(series.contains("org=\""), "{line}");
    }
}

/// From the start page into a chat: read the greeting, press a topic, write, read the reply.
fn chat(installation: &Installation) {
    let program = browser::find().expect("it was looked for before");
    let mut browser = Browser::start(&program);
    for (width, height) in [(1280, 800), (360, 740)] {
        browser.resize(width, height);
        browser.open(&format!("{}/", installation.url));
        let cards = "document.querySelectorAll('#organisations > li').length === 10";
        browser.wait_for("ten organisations", cards);
        fits(&mut browser, width, "the start page");
        browser.click("#organisations > li:nth-child(4) a");
        browser.wait_for("the greeting", "document.querySelector('.message.robot')");
        let name = browser.value("document.getElementById('name').textContent");
        assert!(name.as_str().is_some_and(|name| name.len() > 3), "{name}");
        fits(&mut browser, width, "the chat");

        let replies = "document.querySelectorAll('.message.robot').length";
        let before = browser.value(replies);
        browser.click(".offer button");
        browser.wait_for("the topic's answer", &format!("{replies} > {before}"));
        let before = browser.value(replies);
        let words = format!("запитання з вікна {width} <b>&</b>");
        browser.click("#text");
        browser.write(&words);
        browser.enter();
        let own = format!(
            "[...document.querySelectorAll('.message.citizen:not(.pending) .words')].some((node) => node.textContent === {words:?})"
        );
        browser.wait_for("what was written, as it was written", &own);
        browser.wait_for("the reply", &format!("{replies} > {before}"));
        fits(&mut browser, width, "the chat with its replies");

        // Who comes back to the page sees the same.
        browser.open(&format!("{}/mzs/", installation.url));
        browser.wait_for("the history after coming back", &own);
        // The next round begins anew.
        browser.value("localStorage.clear(), sessionStorage.clear()");
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// The button opens the chat in a frame, counts what comes while it is closed, and leaves the page as it was.
fn widget(installation: &Installation) {
    let program = browser::find().expect("it was looked for before");
    let mut browser = Browser::start(&program);
    let part = |selector: &str| {
        format!("document.querySelector('vikno-chat')?.shadowRoot.querySelector('{selector}')")
    };
    let press = |part: &str| format!("{part}.click()");
    let launcher = part(".launcher");
    let frame = format!("{}?.contentDocument", part("iframe"));
    for (width, is_modal) in [(1280, false), (360, true)] {
        browser.resize(width, 740);
        browser.open(&format!("{}/widget.html", installation.url));
        browser.wait_for("the button", &launcher);
        browser.value(&press(&launcher));
        let greeting = format!("{frame}?.querySelector('.message.robot, .message.citizen')");
        browser.wait_for("the chat", &greeting);
        let modal = browser.value(&format!("{}.matches(':modal')", part("dialog")));
        assert_eq!(modal, is_modal, "{width}");
        let name = browser.value(&format!("{}.textContent", part("h2")));
        assert!(name == "Урядовий контактний центр", "{name}");

        let field = format!("{frame}.getElementById('text')");
        browser.value(&format!(
            "Object.assign({field}, {{ value: 'пенсія' }}).value"
        ));
        browser.value(&press(&format!("{frame}.getElementById('send')")));
        browser.value(&press(&part(".close")));
        let counted = format!("!{}.hidden", part(".badge"));
        browser.wait_for("the count of the reply", &counted);
        let closed = browser.value(&format!("{launcher}.ariaExpanded"));
        assert_eq!(closed, "false");
        browser.value(&press(&launcher));
        assert_eq!(browser.value(&counted), false);
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Nothing is wider than the window, and the field to write in is within it.
#[track_caller]
fn fits(browser: &mut Browser, width: u32, what: &str) {
    let inner = browser.value("window.innerWidth");
    assert_eq!(inner, width, "{what}");
    let wide = browser.value("document.documentElement.scrollWidth");
    assert!(
        wide.as_u64() <= Some(width.into()),
        "{what}: {wide} in {width}"
    );
    let below = browser.value(
        "(() => { const field = document.getElementById('text'); return field ? field.getBoundingClientRect().bottom - innerHeight : 0; })()",
    );
    assert!(
        below.as_f64() <= Some(0.0),
        "{what}: {below} pixels below the window"
    );
}
