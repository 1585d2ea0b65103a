//! The operators' desk: what changed for whom, canned answers, search, presence, and the sessions of the centre's people.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests"
)]

use vikno_storage::canned_answers::{self, CannedAnswer};
use vikno_storage::desk::{self, Changes};
use vikno_storage::distribution;
use vikno_storage::known_browsers;
use vikno_storage::labels::{self, Label};
use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::people;
use vikno_storage::presence;
use vikno_storage::search::{self, Sought};
use vikno_storage::staff_sessions::{self, NewSession, Refreshed};
use vikno_storage::totp;
use vikno_storage::{Database, StorageError, block_on, sign_in};

const NOW_MS: i64 = 1_763_900_000_000;

fn organisation() -> Database {
    let database = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&database, Kind::Organisation)).unwrap();
    block_on(database.run(
        "INSERT INTO citizens (id, channel, chat, name, language, phone, created_at_ms)
         VALUES ('p_1', 'web', 'w1', 'Марія Коваль', 'uk', '+380671234567', 0)",
        vec![],
    ))
    .unwrap();
    database
}

/// An operator of one organisation.
fn hire(core: &Database, id: &str) {
    let new = people::NewPerson {
        id,
        login: id,
        name: id,
        password_hash: "hash",
        phone: None,
        otp_required: false,
        roles: &[("ukc".to_owned(), "operator".to_owned())],
    };
    let setup = people::Actor {
        id: "setup",
        address: None,
    };
    block_on(people::create(core, &new, setup, NOW_MS)).unwrap();
}

fn run(database: &Database, sql: &str) {
    block_on(database.run(sql, vec![])).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

fn conversation(database: &Database, id: &str, status: &str) {
    run(
        database,
        &format!(
            "INSERT INTO conversations (id, citizen_id, channel, chat, status, queue, language, process_version, world, facts,
                 opened_at_ms, queued_at_ms, last_at_ms)
             VALUES ('{id}', 'p_1', 'web', 'w1', '{status}', 'general', 'uk', 1, '{{}}', '{{}}', {NOW_MS}, {NOW_MS}, {NOW_MS})"
        ),
    );
}

fn message(database: &Database, conversation: &str, author: &str, text: &str, at_ms: i64) {
    run(
        database,
        &format!(
            "INSERT INTO messages (id, conversation_id, citizen_id, author, text, at_ms)
             VALUES ('m_' || lower(hex(randomblob(8))), '{conversation}', 'p_1', '{author}', '{text}', {at_ms})"
        ),
    );
}

fn changes(database: &Database, person: &str, seq: Option<i64>) -> Changes {
    block_on(desk::changes(database, person, seq)).unwrap()
}

fn ids(changes: &Changes) -> Vec<&str> {
    changes
        .rows
        .iter()
        .map(|row| row.listed.id.as_str())
        .collect()
}

#[test]
fn a_console_begins_with_all_that_waits_or_is_with_an_operator() {
    let database = organisation();
    for (id, status) in [
        ("c_1", "waiting"),
        ("c_2", "open"),
        ("c_3", "with_operator"),
        ("c_4", "closed"),
    ] {
        conversation(&database, id, status);
    }
    let first = changes(&database, "u_1", None);
    assert!(first.is_whole);
    let mut found = ids(&first);
    found.sort_unstable();
    assert_eq!(found, ["c_1", "c_3"]);
    let next = changes(&database, "u_1", Some(first.seq));
    assert!(!next.is_whole && next.rows.is_empty());
    assert_eq!(next.seq, first.seq);
}

#[test]
fn moves_are_told_to_all_and_words_only_to_the_operator_who_has_the_conversation() {
    let database = organisation();
    conversation(&database, "c_1", "open");
    let seq = changes(&database, "u_1", None).seq;
    run(
        &database,
        "UPDATE conversations SET status = 'waiting' WHERE id = 'c_1'",
    );
    let waiting = changes(&database, "u_1", Some(seq));
    assert_eq!(ids(&waiting), ["c_1"]);
    run(
        &database,
        "UPDATE conversations SET status = 'with_operator', operator_id = 'u_1', operator_name = 'О' WHERE id = 'c_1'",
    );
    let taken = changes(&database, "u_2", Some(waiting.seq));
    assert_eq!(ids(&taken), ["c_1"]);
    run(
        &database,
        "UPDATE conversations SET last_at_ms = last_at_ms + 1 WHERE id = 'c_1'",
    );
    let own = changes(&database, "u_1", Some(taken.seq));
    let other = changes(&database, "u_2", Some(taken.seq));
    assert_eq!((ids(&own), ids(&other)), (vec!["c_1"], vec![]));
    assert_eq!(
        own.seq, other.seq,
        "who was told nothing does not fall behind"
    );
    run(
        &database,
        "UPDATE conversations SET status = 'voting' WHERE id = 'c_1'",
    );
    assert_eq!(ids(&changes(&database, "u_2", Some(other.seq))), ["c_1"]);
}

#[test]
fn a_console_that_was_away_too_long_begins_anew() {
    let database = organisation();
    conversation(&database, "c_1", "waiting");
    run(
        &database,
        "INSERT INTO desk_changes (seq, conversation_id, audience) VALUES (9000, 'c_9', '')",
    );
    assert!(changes(&database, "u_1", Some(3_999)).is_whole);
    assert!(!changes(&database, "u_1", Some(4_000)).is_whole);
    assert!(
        changes(&database, "u_1", Some(9_001)).is_whole,
        "a cursor of another database"
    );
}

#[test]
fn a_list_shows_the_last_words_and_since_when_somebody_is_unanswered() {
    let database = organisation();
    conversation(&database, "c_1", "with_operator");
    let shown = || changes(&database, "u_1", None).rows.remove(0);
    assert_eq!((shown().last, shown().asked_at_ms), (None, None));
    message(&database, "c_1", "citizen", "Добрий день", 1);
    message(&database, "c_1", "robot", "Вітаю", 2);
    message(&database, "c_1", "citizen", "Де моя виплата?", 3);
    assert_eq!(shown().asked_at_ms, Some(1));
    assert_eq!(
        shown().last.unwrap().text.as_deref(),
        Some("Де моя виплата?")
    );
    message(&database, "c_1", "system", "Вас передано консультантам", 3);
    assert_eq!(
        shown().last.unwrap().text.as_deref(),
        Some("Де моя виплата?")
    );
    message(&database, "c_1", "operator", "Дивлюся", 4);
    assert_eq!(shown().asked_at_ms, None);
    message(&database, "c_1", "citizen", "Дякую", 5);
    assert_eq!(shown().asked_at_ms, Some(5));
}

#[test]
fn words_are_found_once_they_are_indexed_newest_first() {
    let database = organisation();
    conversation(&database, "c_1", "closed");
    conversation(&database, "c_2", "open");
    message(
        &database,
        "c_1",
        "citizen",
        "Хочу субсидію на комунальні",
        10,
    );
    message(&database, "c_2", "operator", "Субсидія призначена", 20);
    message(&database, "c_2", "robot", "субсидія від робота", 21);
    let find = |sought: Sought<'_>| {
        let found = block_on(search::find(&database, &sought, None)).unwrap();
        found
            .into_iter()
            .map(|found| (found.listed.id, found.said.map(|(_, _, at_ms)| at_ms)))
            .collect::<Vec<_>>()
    };
    let words = |words| Sought {
        words: Some(words),
        ..Sought::default()
    };
    assert_eq!(find(words("\"субсид\"*")), []);
    assert!(block_on(search::index(&database)).unwrap());
    assert!(!block_on(search::index(&database)).unwrap());
    assert_eq!(
        find(words("\"субсид\"*")),
        [("c_2".into(), Some(20)), ("c_1".into(), Some(10))]
    );
    assert_eq!(
        find(words("\"коваль\"*")),
        [("c_1".into(), Some(10))],
        "by the person's name"
    );
    let phone = Sought {
        phone: Some("+380671234567"),
        ..Sought::default()
    };
    assert_eq!(find(phone).len(), 2);
    let id = Sought {
        id: Some("c_1"),
        ..Sought::default()
    };
    assert_eq!(find(id), [("c_1".into(), None)]);
    let early = Sought {
        to_ms: Some(NOW_MS),
        ..Sought::default()
    };
    assert_eq!(find(early), []);
}

#[test]
fn a_shortcut_is_one_answer_in_each_language() {
    let database = organisation();
    let keep = |id: &str, shortcut: &str, text: &str| {
        let answer = CannedAnswer {
            id: id.into(),
            shortcut: shortcut.into(),
            language: "uk".into(),
            title: "Вітання".into(),
            text: text.into(),
        };
        block_on(canned_answers::keep(&database, &answer, "u_1", NOW_MS))
    };
    keep("r_1", "hi", "Вітаю").unwrap();
    keep("r_1", "hi", "Вітаю, {name}").unwrap();
    assert!(matches!(
        keep("r_2", "hi", "Інше"),
        Err(StorageError::Conflict(_))
    ));
    let kept = block_on(canned_answers::list(&database)).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].text, "Вітаю, {name}");
    assert!(block_on(canned_answers::remove(&database, "r_1", "u_1", NOW_MS)).unwrap());
    assert!(!block_on(canned_answers::remove(&database, "r_1", "u_1", NOW_MS)).unwrap());
}

#[test]
fn labels_are_shown_in_lists_searched_for_and_offered_again() {
    let database = organisation();
    conversation(&database, "c_1", "with_operator");
    conversation(&database, "c_2", "with_operator");
    let label = |text: &str| Label {
        text: text.into(),
        folded: text.to_lowercase(),
    };
    let set = |id: &str, texts: &[&str]| {
        let given: Vec<Label> = texts.iter().map(|text| label(text)).collect();
        block_on(labels::set(&database, id, &given, "u_1", NOW_MS))
    };
    let seen = changes(&database, "u_2", None);
    set("c_1", &["Пенсія", "терміново"]).unwrap();
    set("c_2", &["ПЕНСІЯ"]).unwrap();
    set("c_1", &["Пенсія"]).unwrap();
    assert!(matches!(set("c_3", &[]), Err(StorageError::NotFound)));
    let now = changes(&database, "u_2", Some(seen.seq));
    let shown: Vec<_> = now
        .rows
        .iter()
        .map(|row| row.listed.labels.clone())
        .collect();
    assert_eq!(
        shown.concat(),
        ["ПЕНСІЯ", "Пенсія"],
        "everybody's console hears of it"
    );
    let sought = Sought {
        label: Some("пенсія"),
        ..Sought::default()
    };
    assert_eq!(
        block_on(search::find(&database, &sought, None))
            .unwrap()
            .len(),
        2
    );
    let offered = block_on(labels::offered(&database)).unwrap();
    assert_eq!(offered, ["ПЕНСІЯ", "терміново"]);
}

fn core() -> Database {
    let core = block_on(Database::open(":memory:")).unwrap();
    block_on(migrate(&core, Kind::Core)).unwrap();
    assert!(
        block_on(people::ensure_first_administrator(
            &core, "u_1", "hash", NOW_MS
        ))
        .unwrap()
    );
    core
}

fn begin(core: &Database, id: &str, token: &str, now_ms: i64) {
    let new = NewSession {
        id,
        person_id: "u_1",
        token_sha256: token,
        address: None,
        agent: None,
    };
    block_on(staff_sessions::begin(core, new, now_ms)).unwrap();
}

#[test]
fn a_refresh_token_is_good_once_and_a_moment_longer() {
    let core = core();
    begin(&core, "s_1", "one", NOW_MS);
    let refresh = |brought: &str, new: &str, at_ms| {
        block_on(staff_sessions::refresh(&core, brought, new, at_ms)).unwrap()
    };
    let done = Refreshed::Done {
        session_id: "s_1".into(),
        person_id: "u_1".into(),
    };
    assert_eq!(refresh("none", "x", NOW_MS), Refreshed::Unknown);
    assert_eq!(refresh("one", "two", NOW_MS), done);
    assert_eq!(
        refresh("one", "three", NOW_MS + 9_999),
        done,
        "the answer was lost"
    );
    assert_eq!(refresh("three", "four", NOW_MS + 20_000), done);
    assert!(
        block_on(sign_in::standing(&core, "u_1", 0, "s_1"))
            .unwrap()
            .is_some()
    );
    assert_eq!(refresh("three", "five", NOW_MS + 30_000), Refreshed::Reused);
    assert!(
        block_on(sign_in::standing(&core, "u_1", 0, "s_1"))
            .unwrap()
            .is_none()
    );
    assert_eq!(refresh("four", "six", NOW_MS + 30_001), Refreshed::Unknown);
}

#[test]
fn a_session_that_is_not_used_for_a_shift_is_over() {
    let core = core();
    begin(&core, "s_1", "one", NOW_MS);
    let later = NOW_MS + 12 * 3_600_000;
    assert_eq!(
        block_on(staff_sessions::list(&core, "u_1", later - 1))
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        block_on(staff_sessions::list(&core, "u_1", later))
            .unwrap()
            .len(),
        0
    );
    let refreshed = block_on(staff_sessions::refresh(&core, "one", "two", later)).unwrap();
    assert_eq!(refreshed, Refreshed::Unknown);
}

#[test]
fn work_is_counted_by_what_people_say_they_do() {
    let core = core();
    let set = |status, at_ms| block_on(presence::set(&core, "u_1", status, at_ms)).unwrap();
    assert_eq!(block_on(presence::now(&core, "u_1")).unwrap(), None);
    set("at_work", NOW_MS);
    set("at_work", NOW_MS + 50);
    set("break", NOW_MS + 100);
    set("at_work", NOW_MS + 130);
    set("finished", NOW_MS + 200);
    let times =
        |from, to| block_on(presence::times(&core, "u_1", NOW_MS + from, NOW_MS + to)).unwrap();
    assert_eq!(times(0, 1_000), (170, 30));
    assert_eq!(times(50, 140), (60, 30));
    block_on(presence::seen(&core, "u_1", NOW_MS)).unwrap();
    let shift = block_on(presence::on_shift(&core, "ukc")).unwrap();
    // An administrator of everything may take conversations everywhere.
    let shown: Vec<_> = shift
        .iter()
        .map(|one| (one.id.as_str(), one.seen_at_ms))
        .collect();
    assert_eq!(shown, [("u_1", Some(NOW_MS))]);
}

#[test]
fn of_two_without_a_dialogue_the_one_who_ended_theirs_earlier_is_idle_longer() {
    let (core, database) = (core(), organisation());
    for (id, ended_ms) in [("u_a", NOW_MS - 10), ("u_b", NOW_MS - 500)] {
        hire(&core, id);
        block_on(presence::set(&core, id, "at_work", NOW_MS)).unwrap();
        block_on(presence::seen(&core, id, NOW_MS)).unwrap();
        let conversation_id = format!("c_{id}");
        conversation(&database, &conversation_id, "closed");
        let end = format!(
            "UPDATE conversations SET operator_id = '{id}', last_at_ms = {ended_ms} WHERE id = '{conversation_id}'"
        );
        run(&database, &end);
    }
    let found = distribution::candidates(&core, &database, "ukc", NOW_MS - 1_000);
    let idle: Vec<_> = block_on(found)
        .unwrap()
        .into_iter()
        .map(|one| (one.operator.id, one.load, NOW_MS - one.idle_since_ms))
        .collect();
    assert_eq!(idle, [("u_a".into(), 0, 10), ("u_b".into(), 0, 500)]);
}

#[test]
fn earlier_conversations_are_those_of_the_same_person_on_every_channel() {
    let database = organisation();
    let came = |id: &str, channel: &str, phone: &str, verified: i64, identity: &str| {
        run(
            &database,
            &format!(
                "INSERT INTO citizens (id, channel, chat, language, phone, phone_verified, identity, created_at_ms)
                 VALUES ('{id}', '{channel}', '{id}', 'uk', {phone}, {verified}, {identity}, 0)"
            ),
        );
        conversation(&database, &format!("c_{id}"), "closed");
        run(
            &database,
            &format!("UPDATE conversations SET citizen_id = '{id}' WHERE id = 'c_{id}'"),
        );
    };
    came("me", "telegram", "'+380501112233'", 1, "'id-7'");
    came("viber", "viber", "'+380501112233'", 1, "NULL");
    came("claimed", "web", "'+380501112233'", 0, "NULL");
    came("portal", "web", "NULL", 0, "'id-7'");
    came("other", "web", "NULL", 0, "'id-8'");
    let of = |id: &str| {
        let found = block_on(desk::of_citizen(&database, id)).unwrap();
        let mut ids: Vec<_> = found.into_iter().map(|(row, _)| row.listed.id).collect();
        ids.sort();
        ids
    };
    assert_eq!(of("me"), ["c_me", "c_portal", "c_viber"]);
    assert_eq!(of("viber"), ["c_me", "c_viber"]);
    assert_eq!(
        of("claimed"),
        ["c_claimed"],
        "a telephone that nobody has verified proves nothing"
    );
    assert_eq!(of("other"), ["c_other"]);
}

#[test]
fn a_browser_is_known_for_a_month_to_who_gave_a_code_there_until_a_new_password() {
    let core = core();
    hire(&core, "u_2");
    let remember = |before, token, person, until_ms| {
        let kept = known_browsers::remember(&core, before, token, person, until_ms, NOW_MS);
        block_on(kept).unwrap();
    };
    let known = |token, person, at_ms| {
        block_on(known_browsers::is_known(&core, token, person, at_ms)).unwrap()
    };
    remember(None, "first", "u_1", NOW_MS + 1_000);
    remember(Some("first"), "one", "u_2", NOW_MS + 1_000);
    remember(None, "two", "u_1", NOW_MS + 1_000);
    assert!(
        known("one", "u_1", NOW_MS) && known("one", "u_2", NOW_MS),
        "both use it"
    );
    assert!(
        !known("first", "u_1", NOW_MS),
        "what it held before counts no more"
    );
    assert!(known("one", "u_1", NOW_MS) && known("two", "u_1", NOW_MS + 999));
    assert!(!known("two", "u_2", NOW_MS), "somebody else's");
    assert!(!known("one", "u_1", NOW_MS + 1_000), "over");
    assert!(!known("three", "u_1", NOW_MS));
    let change = people::PersonChange {
        password_hash: Some("new".to_owned()),
        ..people::PersonChange::default()
    };
    let setup = people::Actor {
        id: "setup",
        address: None,
    };
    block_on(people::change(&core, "u_1", &change, setup, NOW_MS)).unwrap();
    assert!(!known("one", "u_1", NOW_MS) && !known("two", "u_1", NOW_MS));
}

#[test]
fn conversations_of_operators_who_went_away_are_found() {
    let (core, database) = (core(), organisation());
    for (id, seen_ms, finished) in [
        ("u_here", 0, false),
        ("u_silent", 5_000, false),
        ("u_finished", 0, true),
    ] {
        hire(&core, id);
        block_on(presence::set(&core, id, "at_work", NOW_MS - 9_000)).unwrap();
        block_on(presence::seen(&core, id, NOW_MS - seen_ms)).unwrap();
        if finished {
            block_on(presence::set(&core, id, "finished", NOW_MS - 1_000)).unwrap();
        }
    }
    // Taken long ago or just now, by each of them and by one who works without a console.
    for operator in ["u_here", "u_silent", "u_finished", "u_unseen"] {
        for (name, taken_ms) in [("old", 8_000), ("new", 500)] {
            let id = format!("{operator}-{name}");
            conversation(&database, &id, "with_operator");
            let taken_at_ms = NOW_MS - taken_ms;
            let held = format!(
                "UPDATE conversations SET operator_id = '{operator}', facts = '{{\"taken_at_ms\":{taken_at_ms}}}' WHERE id = '{id}'"
            );
            run(&database, &held);
        }
    }
    let left = block_on(distribution::left_alone(&core, &database, NOW_MS - 3_000)).unwrap();
    let mut left: Vec<_> = left.into_iter().map(|one| one.conversation).collect();
    left.sort();
    assert_eq!(left, ["u_finished-old", "u_silent-old"]);
}

#[test]
fn a_conversation_that_another_organisation_has_waits_for_nobody_here() {
    let database = organisation();
    for id in ["c_here", "c_moved"] {
        conversation(&database, id, "waiting");
        run(
            &database,
            &format!(
                "UPDATE conversations SET queue = 'general', queued_at_ms = 1 WHERE id = '{id}'"
            ),
        );
    }
    let peer = r#"{"direction":"out","org":"mou","channel":"organisation","chat":"ukc:c_moved"}"#;
    run(
        &database,
        &format!("UPDATE conversations SET peer = '{peer}' WHERE id = 'c_moved'"),
    );
    let waiting = block_on(distribution::waiting(&database, &["general"])).unwrap();
    assert_eq!(waiting.len(), 1);
    let counts = block_on(vikno_storage::operator_view::queue_counts(&database)).unwrap();
    assert_eq!(counts[0].waiting, 1);
    let ahead = block_on(vikno_storage::queue_view::queue_view(
        &database, "general", "c_new", 0, NOW_MS,
    ));
    assert_eq!(ahead.unwrap().ahead, 1);
    let whole = block_on(desk::changes(&database, "u_1", None)).unwrap();
    let shown: Vec<_> = whole
        .rows
        .iter()
        .map(|row| row.listed.id.as_str())
        .collect();
    assert_eq!(shown, ["c_here"]);
}

#[test]
fn a_code_of_an_app_counts_once_it_was_confirmed_and_each_step_once() {
    let core = core();
    assert!(block_on(totp::begin(&core, "u_1", "sealed", NOW_MS)).unwrap());
    assert_eq!(block_on(totp::of(&core, "u_1", true)).unwrap(), None);
    let codes = ["sha1".to_owned(), "sha2".to_owned()];
    assert!(block_on(totp::confirm(&core, "u_1", 7, &codes, NOW_MS)).unwrap());
    assert!(
        !block_on(totp::begin(&core, "u_1", "other", NOW_MS)).unwrap(),
        "there is one"
    );
    let step = |step| block_on(totp::take_step(&core, "u_1", step)).unwrap();
    assert_eq!((step(7), step(8), step(8)), (false, true, false));
    let recover = |code| block_on(totp::take_recovery_code(&core, "u_1", code, NOW_MS)).unwrap();
    assert_eq!(
        (recover("sha1"), recover("sha1"), recover("x")),
        (true, false, false)
    );
    block_on(totp::remove(&core, "u_1", NOW_MS)).unwrap();
    assert_eq!(block_on(totp::of(&core, "u_1", true)).unwrap(), None);
}
