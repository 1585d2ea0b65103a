//! Versions, drafts and proposals: nobody overwrites what they have not seen, and what goes live goes live whole.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

use serde_json::json;
use vikno_storage::drafts::{self, NewDraft};
use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::proposals::{self, Settled};
use vikno_storage::versions::{self, Folder, Person, Publication};
use vikno_storage::{Database, StorageError, block_on, instances};

fn database() -> Database {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&database, Kind::Organisation)).unwrap();
    database
}

fn person(id: &str) -> Person {
    Person {
        id: id.to_owned(),
        name: format!("Name of {id}"),
    }
}

struct Desk {
    database: Database,
    olena: Person,
    ivan: Person,
}

impl Desk {
    /// With version 1 from the files.
    fn new() -> Self {
        let desk = Self {
            database: database(),
            olena: person("u_olena"),
            ivan: person("u_ivan"),
        };
        desk.take("h1", r#"{"a":1}"#, true, &[]).unwrap();
        desk
    }

    fn take(&self, hash: &str, bundle: &str, publish: bool, kept: &[&str]) -> Option<()> {
        let setup = Person::setup();
        let newest = block_on(versions::newest(&self.database)).unwrap();
        let publication = Publication {
            origin: "files",
            reason: "",
            ..publication(newest.unwrap_or(0), hash, bundle, &setup, &[])
        };
        let folder = Folder {
            hash: hash.to_owned(),
            bundle: bundle.to_owned(),
            kept: kept.iter().map(|alias| (*alias).to_owned()).collect(),
        };
        let publication = publish.then_some(&publication);
        block_on(versions::take_folder(
            &self.database,
            &folder,
            publication,
            1,
        ))
        .unwrap()
    }

    fn save(&self, alias: &str, seen: Option<i64>, document: &str) -> Option<i64> {
        let new = NewDraft {
            alias,
            seen,
            document,
            base_version: 1,
            by: &self.olena,
            now_ms: 5,
        };
        block_on(drafts::save(&self.database, &new)).unwrap()
    }

    fn draft(&self, alias: &str) -> Option<drafts::Draft> {
        block_on(drafts::read(&self.database, alias)).unwrap()
    }

    fn journal(&self) -> Vec<String> {
        let sql = "SELECT actor || ' ' || what FROM journal ORDER BY id";
        let rows = block_on(self.database.query(sql, vec![])).unwrap();
        rows.iter()
            .map(|row| row.text(0).unwrap().to_owned())
            .collect()
    }

    fn newest(&self) -> i64 {
        block_on(versions::newest(&self.database)).unwrap().unwrap()
    }
}

fn publication<'a>(
    expected_newest: i64,
    hash: &'a str,
    bundle: &'a str,
    by: &'a Person,
    drafts: &'a [(String, i64)],
) -> Publication<'a> {
    Publication {
        expected_newest,
        hash,
        bundle,
        origin: "drafts",
        restored_from: None,
        by,
        approved_by: None,
        reason: "because",
        drafts,
        now_ms: 9,
    }
}

#[test]
fn a_draft_is_replaced_only_by_who_has_seen_it() {
    let desk = Desk::new();
    let first = desk.save("a", None, "1").unwrap();
    assert_eq!(
        desk.save("a", None, "2"),
        None,
        "somebody began it meanwhile"
    );
    let second = desk.save("a", Some(first), "2").unwrap();
    assert_eq!(
        desk.save("a", Some(first), "3"),
        None,
        "somebody changed it meanwhile"
    );
    assert_eq!(desk.draft("a").unwrap().document, "2");
    let drop_draft = |seen| {
        block_on(drafts::drop_draft(
            &desk.database,
            "a",
            seen,
            &desk.olena,
            6,
        ))
        .unwrap()
    };
    assert!(!drop_draft(first));
    assert!(drop_draft(second));
    assert_eq!(desk.draft("a"), None);
    let third = desk.save("a", None, "4").unwrap();
    assert!(third > second, "a revision is never used twice");
    assert_eq!(
        desk.journal()[1..],
        [
            "author:u_olena process_draft_saved",
            "author:u_olena process_draft_saved",
            "author:u_olena process_draft_dropped",
            "author:u_olena process_draft_saved",
        ]
    );
}

#[test]
fn publishing_ends_its_drafts_and_leaves_the_others() {
    let desk = Desk::new();
    let a = desk.save("a", None, "2").unwrap();
    let b = desk.save("b", None, "2").unwrap();
    let drafts = [("a".to_owned(), a)];
    let new = publication(1, "h2", r#"{"a":2}"#, &desk.olena, &drafts);
    assert_eq!(
        block_on(versions::publish(&desk.database, &new)).unwrap(),
        Some(2)
    );
    assert_eq!(desk.draft("a"), None);
    assert_eq!(desk.draft("b").unwrap().revision, b);
    let version = block_on(versions::read(&desk.database, 2)).unwrap();
    assert_eq!(version.published_by, desk.olena);
    assert_eq!(
        (version.reason.as_str(), version.origin.as_str()),
        ("because", "drafts")
    );
    assert_eq!(
        desk.journal().last().unwrap(),
        "author:u_olena processes_published"
    );
}

#[test]
fn who_publishes_upon_an_old_version_or_draft_changes_nothing() {
    let desk = Desk::new();
    let seen = desk.save("a", None, "2").unwrap();
    desk.save("a", Some(seen), "3").unwrap();
    let before = desk.journal();
    let stale = [("a".to_owned(), seen)];
    for (what, expected_newest, drafts) in [("version", 7, &[][..]), ("draft", 1, &stale[..])] {
        let new = publication(expected_newest, "h2", "{}", &desk.olena, drafts);
        assert_eq!(
            block_on(versions::publish(&desk.database, &new)).unwrap(),
            None,
            "{what}"
        );
    }
    assert_eq!(desk.newest(), 1);
    assert_eq!(desk.draft("a").unwrap().document, "3");
    assert_eq!(desk.journal(), before);
}

#[test]
fn an_earlier_version_comes_back_as_a_new_one() {
    let desk = Desk::new();
    let new = publication(1, "h2", r#"{"a":2}"#, &desk.olena, &[]);
    block_on(versions::publish(&desk.database, &new)).unwrap();
    let bundle = block_on(versions::bundle(&desk.database, 1)).unwrap();
    let back = Publication {
        origin: "restored",
        restored_from: Some(1),
        ..publication(2, "h1", &bundle, &desk.ivan, &[])
    };
    assert_eq!(
        block_on(versions::publish(&desk.database, &back)).unwrap(),
        Some(3)
    );
    let listed = block_on(versions::list(&desk.database, i64::MAX)).unwrap();
    let told: Vec<_> = listed
        .iter()
        .map(|one| (one.id, one.origin.as_str(), one.restored_from))
        .collect();
    assert_eq!(
        told,
        [
            (3, "restored", Some(1)),
            (2, "drafts", None),
            (1, "files", None)
        ]
    );
    assert_eq!(
        block_on(versions::newest_bundle(&desk.database)).unwrap(),
        Some((3, bundle))
    );
    assert_eq!(
        desk.journal().last().unwrap(),
        "author:u_ivan processes_restored"
    );
}

#[test]
fn live_dialogues_are_counted_on_their_version() {
    let desk = Desk::new();
    for (id, status, version) in [
        ("c_1", "open", 1),
        ("c_2", "voting", 1),
        ("c_3", "closed", 1),
        ("c_4", "waiting", 2),
    ] {
        insert_conversation(&desk.database, id, status, version);
    }
    let listed = block_on(versions::list(&desk.database, i64::MAX)).unwrap();
    assert_eq!(listed[0].live, 2);
    let others = block_on(instances::worlds(&desk.database, 2, "")).unwrap();
    let others: Vec<&str> = others.iter().map(|live| live.id.as_str()).collect();
    assert_eq!(others, ["c_1", "c_2"]);
}

#[test]
fn what_failed_is_listed_until_somebody_settles_it() {
    let desk = Desk::new();
    insert_conversation(&desk.database, "c_1", "waiting", 1);
    let tell = |what: &str, conversation: Option<&str>| {
        let sql = "INSERT INTO journal (at_ms, conversation_id, actor, what, data) VALUES (5, ?1, 'process', ?2, '{\"code\":\"x\"}')";
        let parameters = vec![conversation.into(), what.into()];
        block_on(desk.database.run(sql, parameters)).unwrap();
    };
    tell("step_failed", Some("c_1"));
    tell("message_received", Some("c_1"));
    tell("event_failed", None);
    let listed = || block_on(instances::failures(&desk.database, i64::MAX)).unwrap();
    let open = || block_on(instances::count_failures(&desk.database, 10)).unwrap();
    let whats: Vec<String> = listed().into_iter().map(|one| one.line.what).collect();
    assert_eq!(
        (whats, open()),
        (vec!["event_failed".to_owned(), "step_failed".to_owned()], 2)
    );
    let first = listed().pop().unwrap();
    assert_eq!(
        first.conversation,
        Some(("c_1".to_owned(), "waiting".to_owned()))
    );
    assert_eq!(
        block_on(instances::failures(&desk.database, first.line.id)).unwrap(),
        []
    );

    let ivan = person("u_ivan");
    let settle = |ids: &[i64]| {
        block_on(instances::settle_failures(
            &desk.database,
            ids,
            &ivan,
            "looked at",
            6,
        ))
        .unwrap()
    };
    assert_eq!(settle(&[first.line.id, 999]), [first.line.id]);
    assert_eq!(settle(&[first.line.id]), [0_i64; 0]);
    assert_eq!(open(), 1);
    assert_eq!(
        desk.journal().last().unwrap(),
        "author:u_ivan failures_settled"
    );
}

fn insert_conversation(database: &Database, id: &str, status: &str, version: i64) {
    let citizen = "INSERT INTO citizens (id, channel, chat, language, created_at_ms) VALUES (?1, 'web', ?1, 'uk', 1)";
    block_on(database.run(citizen, vec![format!("p_{id}").into()])).unwrap();
    let sql = "INSERT INTO conversations (id, citizen_id, channel, chat, status, language, process_version, world, facts,
                   opened_at_ms, last_at_ms)
               VALUES (?1, 'p_' || ?1, 'web', ?1, ?2, 'uk', ?3, '', '{}', 1, ?3)";
    block_on(database.run(sql, vec![id.into(), status.into(), version.into()])).unwrap();
}

#[test]
fn dialogues_are_listed_and_read_with_their_journal() {
    let desk = Desk::new();
    for number in 0..60 {
        insert_conversation(&desk.database, &format!("c_{number:02}"), "open", 1);
    }
    let first = block_on(instances::recent(&desk.database, None)).unwrap();
    assert_eq!(
        first.len(),
        51,
        "a page, and one that tells that there are more"
    );
    let last = &first[49];
    let second = block_on(instances::recent(
        &desk.database,
        Some((last.last_at_ms, &last.id)),
    ))
    .unwrap();
    assert_eq!(second.len(), 10);
    let line = "INSERT INTO journal (at_ms, conversation_id, actor, what, data)
                VALUES (1, 'c_00', 'process', 'process_ran', '{\"path\":\"a:b\"}'), (2, 'c_01', 'process', 'x', '{}')";
    block_on(desk.database.run(line, vec![])).unwrap();
    let lines = block_on(instances::happenings(&desk.database, "c_00", 0)).unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].data, json!({ "path": "a:b" }));
    let none = block_on(instances::happenings(&desk.database, "c_00", lines[0].id)).unwrap();
    assert!(none.is_empty());
    let unknown = block_on(instances::read(&desk.database, "c_99")).unwrap_err();
    assert!(matches!(unknown, StorageError::NotFound));
}

#[test]
fn ways_are_read_newest_first_page_by_page_since_a_time() {
    let desk = Desk::new();
    let sql = "WITH RECURSIVE line(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM line WHERE n < 1205)
               INSERT INTO journal (at_ms, conversation_id, actor, what, data)
               SELECT 100 + n / 2, iif(n % 3, 'c_' || n, NULL), 'process', iif(n % 5, 'process_ran', 'message_sent'),
                      json_object('path', 'a:n' || n) FROM line";
    block_on(desk.database.run(sql, vec![])).unwrap();
    let read = |since_ms, before| block_on(instances::runs(&desk.database, since_ms, before));
    let newest = (i64::MAX, i64::MAX);
    let first = read(0, newest).unwrap();
    assert_eq!(first.len(), 964, "a fifth of the lines tells no way");
    assert_eq!(
        (first[0].at_ms, first[0].path.as_str()),
        (702, "a:n1204"),
        "{:?}",
        first[0]
    );
    assert_eq!(first[0].conversation.as_deref(), Some("c_1204"));
    assert_eq!(first.last().unwrap().path, "a:n1");
    // Two lines of one time fall on two pages.
    let (last, rest) = (&first[6], &first[7..]);
    assert_eq!(last.at_ms, rest[0].at_ms);
    assert_eq!(read(0, (last.at_ms, last.id)).unwrap(), rest);
    let since: Vec<i64> = read(700, newest)
        .unwrap()
        .iter()
        .map(|run| run.at_ms)
        .collect();
    assert_eq!(since, [702, 701, 701, 700]);
    block_on(desk.database.run(sql, vec![])).unwrap();
    let full = read(0, newest).unwrap();
    assert_eq!(full.len(), 1_000, "a page");
}

fn settled<'a>(state: &'a str, by: &'a Person) -> Settled<'a> {
    Settled {
        state,
        by,
        reason: "looked at it",
        now_ms: 12,
    }
}

/// A draft of `a`, and a proposal of it; the draft's revision and the proposal's number.
fn proposed(desk: &Desk) -> (i64, i64) {
    let revision = desk.save("a", None, "2").unwrap();
    let drafts = [("a".to_owned(), revision)];
    let new = publication(desk.newest(), "h2", r#"{"a":2}"#, &desk.olena, &drafts);
    let id = block_on(proposals::propose(&desk.database, &new)).unwrap();
    (revision, id)
}

#[test]
fn an_approved_proposal_goes_live_with_both_names() {
    let desk = Desk::new();
    let (_, id) = proposed(&desk);
    assert!(desk.draft("a").is_some(), "the draft stays until then");
    let (proposal, bundle) = block_on(proposals::read(&desk.database, id)).unwrap();
    let approve = || {
        block_on(proposals::approve(
            &desk.database,
            &proposal,
            &bundle,
            &settled("approved", &desk.ivan),
        ))
        .unwrap()
    };
    assert_eq!(approve(), Some(2));
    assert_eq!(approve(), None, "once");
    assert_eq!(desk.newest(), 2);
    let version = block_on(versions::read(&desk.database, 2)).unwrap();
    assert_eq!(version.published_by, desk.olena);
    assert_eq!(version.approved_by.as_ref(), Some(&desk.ivan));
    assert_eq!(desk.draft("a"), None);
    let (proposal, _) = block_on(proposals::read(&desk.database, id)).unwrap();
    assert_eq!(
        (proposal.state.as_str(), proposal.version),
        ("approved", Some(2))
    );
    assert_eq!(
        desk.journal().last().unwrap(),
        "author:u_ivan processes_published"
    );
}

#[test]
fn a_draft_changed_while_its_proposal_waits_is_built_on_what_was_approved() {
    let desk = Desk::new();
    let (revision, id) = proposed(&desk);
    let later = desk.save("a", Some(revision), "3").unwrap();
    let (proposal, bundle) = block_on(proposals::read(&desk.database, id)).unwrap();
    let settled = settled("approved", &desk.ivan);
    block_on(proposals::approve(
        &desk.database,
        &proposal,
        &bundle,
        &settled,
    ))
    .unwrap();
    let draft = desk.draft("a").unwrap();
    assert_eq!((draft.revision, draft.base_version), (later, 2));
}

#[test]
fn one_proposal_waits_at_a_time_and_an_old_one_is_not_approved() {
    let desk = Desk::new();
    let (_, id) = proposed(&desk);
    let again = publication(1, "h3", "{}", &desk.ivan, &[]);
    let refused = block_on(proposals::propose(&desk.database, &again)).unwrap_err();
    assert!(matches!(refused, StorageError::Conflict(_)));
    // Somebody restores another version meanwhile.
    block_on(versions::publish(
        &desk.database,
        &publication(1, "h4", "{}", &desk.ivan, &[]),
    ))
    .unwrap();
    let (proposal, bundle) = block_on(proposals::read(&desk.database, id)).unwrap();
    let approved = block_on(proposals::approve(
        &desk.database,
        &proposal,
        &bundle,
        &settled("approved", &desk.ivan),
    ))
    .unwrap();
    assert_eq!(approved, None);
    let dismiss = || {
        block_on(proposals::dismiss(
            &desk.database,
            id,
            &settled("declined", &desk.ivan),
        ))
        .unwrap()
    };
    assert!(dismiss());
    assert!(!dismiss(), "once");
    assert_eq!(
        desk.journal().last().unwrap(),
        "author:u_ivan proposal_declined"
    );
    block_on(proposals::propose(
        &desk.database,
        &publication(2, "h3", "{}", &desk.ivan, &[]),
    ))
    .unwrap();
    assert_eq!(
        block_on(proposals::list(&desk.database, i64::MAX))
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn files_are_taken_in_with_or_without_a_version() {
    let desk = Desk::new();
    let folder = || block_on(versions::folder(&desk.database)).unwrap().unwrap();
    assert_eq!((folder().hash.as_str(), desk.newest()), ("h1", 1));
    desk.take("h2", r#"{"a":2}"#, false, &["a"]).unwrap();
    assert_eq!(desk.newest(), 1);
    assert_eq!(
        (folder().hash.as_str(), folder().kept),
        ("h2", vec!["a".to_owned()])
    );
    desk.take("h3", r#"{"a":3}"#, true, &[]).unwrap();
    assert_eq!((folder().hash.as_str(), desk.newest()), ("h3", 2));
    assert!(folder().kept.is_empty());
    // Another version is faster: the files count as not taken in.
    let setup = Person::setup();
    let late = publication(1, "h4", "{}", &setup, &[]);
    let wanted = Folder {
        hash: "h4".to_owned(),
        bundle: "{}".to_owned(),
        kept: Vec::new(),
    };
    let taken = block_on(versions::take_folder(
        &desk.database,
        &wanted,
        Some(&late),
        2,
    ))
    .unwrap();
    assert_eq!(taken, None);
    assert_eq!((folder().hash.as_str(), desk.newest()), ("h3", 2));
    assert!(
        desk.journal()
            .iter()
            .all(|line| line == "setup process_files_taken")
    );
}
