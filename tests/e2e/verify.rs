//! The chain of seals: a dialogue is sealed while it goes on, a check beside the running installation finds it whole, and
//! names what somebody did to the journal behind its back. Who reads is in it, and security officers search it.

use crate::alone;
use libtest_mimic::Trial;
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use vikno_tests::citizen::Citizen;
use vikno_tests::eventually;
use vikno_tests::installation::{Installation, MASTER_KEY, binary, project};
use vikno_tests::operator::Operator;

const ORG: &str = "mzs";

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        alone("verify::a_changed_line_is_named", changed),
        alone(
            "verify::a_chain_cut_at_its_end_is_found_by_a_known_head",
            cut,
        ),
        alone("verify::another_master_key_is_told", other_key),
        alone(
            "verify::who_reads_is_in_the_journal_and_can_be_searched",
            reads,
        ),
    ]
}

/// Success, and everything that was printed.
fn verify(installation: &Installation, master_key: &str, more: &[&str]) -> (bool, String) {
    let output = Command::new(binary())
        .current_dir(project())
        .args(["verify", "--org", ORG, "--state"])
        .arg(installation.state())
        .args(more)
        .env("SPIN_VARIABLE_MASTER_KEY", master_key)
        .output()
        .expect("the vikno binary is built");
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8(printed).expect("it prints text");
    (output.status.success(), printed)
}

/// An installation in which somebody wrote, and all of it is sealed.
fn sealed() -> Installation {
    let installation = Installation::start();
    let mut citizen = Citizen::new(&installation, ORG, "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    citizen.say("як замінити паспорт");
    citizen.wait_for("a reply", |seen| !seen.text.is_empty());
    seal(&installation);
    installation
}

fn seal(installation: &Installation) {
    eventually("everything is sealed", || {
        (count(
            installation,
            "SELECT (SELECT max(id) FROM journal) - (SELECT max(last_id) FROM journal_seals)",
        ) == 0)
            .then_some(())
    });
}

fn count(installation: &Installation, sql: &str) -> i64 {
    let database = installation.database(ORG);
    let count: Option<i64> = database
        .query_row(sql, [], |row| row.get(0))
        .expect("a count");
    count.unwrap_or(i64::MIN)
}

fn changed() {
    let installation = sealed();
    let (whole, printed) = verify(&installation, MASTER_KEY, &[]);
    assert!(whole, "{printed}");
    assert!(
        printed.contains("mzs/journal") && printed.contains("core/audit"),
        "{printed}"
    );
    let database = installation.database(ORG);
    let change = "UPDATE journal SET actor = 'nobody' WHERE id = 2";
    let refused = database
        .execute(change, [])
        .expect_err("the journal is append-only");
    assert!(refused.to_string().contains("append-only"), "{refused}");
    database
        .execute_batch(&format!("DROP TRIGGER journal_is_never_changed; {change}"))
        .expect("nothing forbids it any more");
    let (whole, printed) = verify(&installation, MASTER_KEY, &[]);
    assert!(!whole, "{printed}");
    assert!(
        printed.contains("mzs/journal: row 2 was changed"),
        "{printed}"
    );
    assert!(printed.contains("a fault was found"), "{printed}");
}

fn cut() {
    let mut installation = sealed();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("heads.json");
    let with_head = ["--head", text(&file)];
    let (whole, printed) = verify(&installation, MASTER_KEY, &with_head);
    assert!(whole && file.is_file(), "{printed}");
    installation.kill();
    let last_id = count(&installation, "SELECT max(last_id) FROM journal_seals");
    let forget = format!(
        "DROP TRIGGER journal_is_never_deleted; DROP TRIGGER journal_seals_are_never_deleted;
         PRAGMA foreign_keys = OFF;
         DELETE FROM journal_seals WHERE last_id = {last_id}; DELETE FROM journal WHERE id >= {last_id};
         UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM journal) WHERE name = 'journal';
         UPDATE sqlite_sequence SET seq = (SELECT coalesce(max(number), 0) FROM journal_seals) WHERE name = 'journal_seals';"
    );
    let database = installation.database(ORG);
    database
        .execute_batch(&forget)
        .expect("nothing forbids it any more");
    // By itself it looks whole.
    let (whole, printed) = verify(&installation, MASTER_KEY, &[]);
    assert!(whole, "{printed}");
    let (whole, printed) = verify(&installation, MASTER_KEY, &with_head);
    assert!(!whole && printed.contains("the chain was cut"), "{printed}");
}

fn text(file: &Path) -> &str {
    file.to_str().expect("its name is text")
}

fn other_key() {
    let installation = sealed();
    let (whole, printed) = verify(
        &installation,
        "another key of thirty-two bytes or more",
        &[],
    );
    assert!(
        !whole && printed.contains("another master key"),
        "{printed}"
    );
}

fn reads() {
    let installation = sealed();
    let id = installation.export(ORG, "conversations")[0]["id"].clone();
    let id = id.as_str().expect("an id");
    let supervisor = Operator::hire(&installation, ORG, "verify-supervisor", "supervisor");
    supervisor.conversation(id);
    supervisor.conversation(id);
    let officer = Operator::hire(&installation, ORG, "verify-officer", "security");
    let search = |query: &str| -> Vec<Value> {
        let page = officer.get(&format!("journal?{query}")).expect(200).json();
        page["journal"].as_array().cloned().expect("lines")
    };
    let read = search(&format!("conversation={id}&what=conversation_read"));
    assert_eq!(read.len(), 1, "who keeps reading is noted once: {read:#?}");
    let actor = read[0]["actor"].as_str().expect("an actor");
    assert!(actor.starts_with("person:u_"), "{actor}");
    assert_eq!(search(&format!("actor={actor}")), read);
    let exported = search("what=export_read");
    assert_eq!(
        exported[0]["data"]["dataset"], "conversations",
        "{exported:#?}"
    );
    let at = read[0]["at"].as_str().expect("a time");
    assert!(!search(&format!("from={at}")).is_empty());
    assert!(!search(&format!("to={at}")).contains(&read[0]));
    assert_eq!(officer.get("journal?from=yesterday").status, 400);
    assert_eq!(supervisor.get("journal").status, 403);
    seal(&installation);
    let (whole, printed) = verify(&installation, MASTER_KEY, &[]);
    assert!(whole, "{printed}");
}
