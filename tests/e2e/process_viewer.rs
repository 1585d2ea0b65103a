//! The page of processes in a real browser: an author signs in, looks, changes a node, and drops the draft again.

use crate::Shared;
use libtest_mimic::Trial;
use vikno_tests::browser::{self, Browser};
use vikno_tests::citizen::Citizen;
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    let author = shared.test("process_viewer::an_author_works_wide_and_narrow", author);
    // There is nothing to try without a browser.
    vec![author.with_ignored_flag(browser::find().is_none())]
}

const NODES: &str = "document.querySelectorAll('.graph .node').length";

fn author(installation: &Installation) {
    let program = browser::find().expect("it was looked for before");
    Operator::hire(installation, "ukco", "viewer-author", "author");
    let mut citizen = Citizen::new(installation, "ukco", "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());

    let mut browser = Browser::start(&program);
    for (width, height) in [(1280, 800), (360, 740)] {
        browser.resize(width, height);
        sign_in(&mut browser, installation);
        fits(&mut browser, width, "the picture");
        change_a_node(&mut browser);
        fits(&mut browser, width, "a changed node");
        look_at_versions(&mut browser);
        fits(&mut browser, width, "the versions");
        play_a_dialogue(&mut browser);
        fits(&mut browser, width, "a dialogue");
        rehearse(&mut browser);
        fits(&mut browser, width, "a rehearsal");
        colour(&mut browser);
        fits(&mut browser, width, "the coverage");
        add_a_node(&mut browser);
        fits(&mut browser, width, "an added node");
        // The next round begins anew.
        browser.value("localStorage.clear(), document.getElementById('sign-out').click()");
        browser.wait_for("the door", "document.getElementById('login').offsetParent");
    }
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

fn sign_in(browser: &mut Browser, installation: &Installation) {
    browser.open(&format!("{}/processes.html", installation.url));
    browser.wait_for("the door", "document.getElementById('login').offsetParent");
    let open = format!("{NODES} > 20");
    let refused = "document.getElementById('door-error').textContent";
    // A busy server says so, and a key may get lost: a person tries again.
    for _ in 0..5 {
        browser.fill("#login", "viewer-author");
        browser.fill("#password", "long password of viewer-author 1");
        browser.enter();
        if browser.soon(&format!("{open} || {refused}")) && browser.value(refused) == "" {
            break;
        }
        println!("the door says: {}", browser.value(refused));
        if browser.value("document.getElementById('door').hidden") == true {
            break;
        }
        std::thread::sleep(std::time::Duration::from_secs(2));
    }
    browser.wait_for("the process `project`", &format!("{NODES} > 20"));
    let organisations = browser.value("document.getElementById('org').options.length");
    assert_eq!(organisations, 1, "only where the author has a role");
}

/// By the fields of the node; the draft is dropped at the end.
fn change_a_node(browser: &mut Browser) {
    browser.value(
        "document.querySelector('.node[data-id=convert]').dispatchEvent(new MouseEvent('click', { bubbles: true }))",
    );
    browser.wait_for("its fields", "document.querySelector('.edit > summary')");
    browser.value(
        "(() => { const field = document.querySelector('.editor input'); field.value = 'Інша назва'; field.dispatchEvent(new Event('change')); })()",
    );
    browser.wait_for(
        "the new title in the picture",
        "document.querySelector('.node[data-id=convert]').textContent.includes('Інша назва')",
    );
    browser.wait_for(
        "the button that saves",
        "document.querySelector('.draft-bar .main')",
    );
    browser.value("document.querySelector('.draft-bar .main').click()");
    browser.wait_for("the draft", "document.querySelector('.draft-bar .danger')");
    browser.value("document.querySelector('.draft-bar .danger').click()");
    browser.wait_for(
        "what is published again",
        "!document.querySelector('.draft-bar') && !document.querySelector('.node[data-id=convert]').textContent.includes('Інша назва')",
    );
}

fn look_at_versions(browser: &mut Browser) {
    browser.value("document.getElementById('tab-versions').click()");
    browser.wait_for(
        "the history",
        "document.querySelectorAll('.versions > li').length > 0",
    );
}

fn play_a_dialogue(browser: &mut Browser) {
    browser.value("document.getElementById('tab-dialogues').click()");
    browser.wait_for(
        "dialogues",
        "document.querySelector('.dialogues .row-button')",
    );
    browser.value("document.querySelector('.dialogues .row-button').click()");
    browser.wait_for("its first step", "document.querySelector('.graph .here')");
    browser.value("document.querySelectorAll('#player .controls button')[4].click()");
    browser.wait_for(
        "its last step",
        "(() => { const slider = document.querySelector('#player input'); return slider.value === slider.max; })()",
    );
}

/// The author plays the citizen against a change that is not even saved.
fn rehearse(browser: &mut Browser) {
    browser.value("document.getElementById('tab-processes').click()");
    browser.value("document.querySelector('#pane-processes .box button')?.click()");
    browser.wait_for(
        "their own work",
        "!document.querySelector('#pane-processes .box')",
    );
    browser.value(
        "(() => { const one = [...document.querySelectorAll('.aliases button')].find(one => one.textContent.startsWith('project')); one.focus(); one.click(); })()",
    );
    browser.wait_for(
        "the list drawn anew, the keyboard where it was",
        "document.activeElement?.dataset.alias === 'project' && document.activeElement.getAttribute('aria-current') === 'true'",
    );
    browser.wait_for(
        "the process",
        "document.querySelector('.node[data-id=convert]')",
    );
    browser.value("document.getElementById('tab-rehearsal').click()");
    let greeted = "document.querySelectorAll('.rehearsal .robot').length > 0";
    browser.wait_for("a greeting", greeted);
    browser.wait_for(
        "the way in the picture",
        "document.querySelector('.graph .visited')",
    );
    browser.value("document.getElementById('rehearsal-words').focus()");
    browser.write("Покличте оператора");
    browser.enter();
    browser.wait_for(
        "the queue",
        "document.querySelector('#pane-rehearsal .state').dataset.status === 'waiting'",
    );
    browser.value("document.getElementById('rehearsal-take').click()");
    browser.wait_for(
        "the consultant",
        "document.querySelector('#pane-rehearsal .state').dataset.status === 'with_operator'",
    );
    let scenario = browser.value("document.getElementById('rehearsal-scenario').value");
    let scenario = scenario.as_str().expect("a text");
    assert!(
        scenario.contains("says = \"Покличте оператора\"") && scenario.contains("takes = true"),
        "{scenario}"
    );
    browser.value("document.getElementById('rehearsal-undo').click()");
    browser.wait_for(
        "one step back",
        "document.querySelector('#pane-rehearsal .state').dataset.status === 'waiting'",
    );
}

/// What scenarios and live dialogues pass is told at the nodes.
fn colour(browser: &mut Browser) {
    for kind in ["coverage", "traffic"] {
        browser.value(&format!("document.getElementById('{kind}').click()"));
        browser.wait_for(
            "counts at the nodes",
            "document.querySelectorAll('.graph .count').length > 20",
        );
        let start = "document.querySelector('.node[data-id=start] .count').textContent";
        browser.wait_for("the start was passed", &format!("/^[1-9]/.test({start})"));
    }
    browser.value("document.getElementById('traffic').click()");
    browser.wait_for(
        "no counts",
        "document.querySelectorAll('.graph .count').length === 0",
    );
}

/// A node is added by fields, and the edit is taken back.
fn add_a_node(browser: &mut Browser) {
    let nodes = browser.value(NODES);
    browser.value("document.getElementById('add-node').click()");
    browser.wait_for(
        "the form",
        "document.querySelector('dialog[open] form input')",
    );
    browser.value(
        "(() => { const title = document.querySelector('dialog[open] form input'); title.value = 'Нова пауза'; title.dispatchEvent(new Event('input', { bubbles: true })); title.dispatchEvent(new Event('change', { bubbles: true })); document.querySelector('dialog[open] form').requestSubmit(); })()",
    );
    browser.wait_for("one node more", &format!("{NODES} > {nodes}"));
    browser.value("document.getElementById('undo-edit').click()");
    browser.wait_for("as many as before", &format!("{NODES} === {nodes}"));
}

/// Nothing is wider than the window.
#[track_caller]
fn fits(browser: &mut Browser, width: u32, what: &str) {
    let wide = browser.value("document.documentElement.scrollWidth");
    assert!(
        wide.as_u64() <= Some(width.into()),
        "{what}: {wide} in {width}"
    );
}
