//! SQLite as components see it: transactions, writers in their turn, long answers, closed doors.

use crate::harness::{Probe, error, ok, one};
use serde_json::{Value, json};

fn database() -> Probe {
    Probe::new(&one("sqlite_databases = [\"default\"]"))
}

const CREATE: &str = "CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, text TEXT UNIQUE)";

async fn sql(probe: &Probe, statements: &[&str]) -> Vec<Value> {
    let mut steps = vec![json!({"open": "default"})];
    steps.extend(statements.iter().map(|sql| json!({ "sql": sql })));
    let mut answers = probe.steps(Value::Array(steps)).await;
    let statements = answers.split_off(1);
    assert_eq!(answers, [ok(json!(null))]);
    statements
}

#[tokio::test(flavor = "multi_thread")]
async fn values_come_back_as_they_went_in() {
    let probe = database();
    let answers = sql(
        &probe,
        &["SELECT 7 AS i, 2.5 AS r, 'текст' AS t, NULL AS n, x'41' IS NOT NULL AS b"],
    )
    .await;
    let row = json!([{"i": 7, "r": 2.5, "t": "текст", "n": null, "b": 1}]);
    assert_eq!(answers, [ok(row)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_request_left_open_is_rolled_back() {
    let probe = database();
    sql(
        &probe,
        &[
            CREATE,
            "BEGIN IMMEDIATE",
            "INSERT INTO rows (text) VALUES ('a')",
        ],
    )
    .await;
    let answers = sql(
        &probe,
        &[
            "SELECT count(*) AS n FROM rows",
            "BEGIN IMMEDIATE",
            "COMMIT",
        ],
    )
    .await;
    assert_eq!(
        answers,
        [ok(json!([{"n": 0}])), ok(json!([])), ok(json!([]))]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_statements_reach_the_component() {
    let probe = database();
    let insert = "INSERT INTO rows (text) VALUES ('a')";
    let answers = sql(&probe, &[CREATE, insert, insert, "SELEC 1"]).await;
    assert_eq!(
        answers[2],
        error("Error::Io(\"UNIQUE constraint failed: rows.text\")")
    );
    assert!(
        answers[3]["error"]
            .as_str()
            .unwrap()
            .contains("syntax error")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_wait_for_their_turn_instead_of_failing() {
    let probe = database();
    sql(&probe, &[CREATE]).await;
    let statements = [
        "BEGIN IMMEDIATE",
        "INSERT INTO rows (text) VALUES (hex(randomblob(16)))",
        "COMMIT",
        "INSERT INTO rows (text) VALUES (hex(randomblob(16)))",
    ];
    let writers = (0..200).map(|_| sql(&probe, &statements));
    for answers in futures::future::join_all(writers).await {
        assert_eq!(answers, vec![ok(json!([])); 4]);
    }
    let count = sql(&probe, &["SELECT count(*) AS n FROM rows"]).await;
    assert_eq!(count, [ok(json!([{"n": 400}]))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_do_not_wait_for_a_writer() {
    let probe = database();
    sql(&probe, &[CREATE]).await;
    let rest = json!([
        {"open": "default"}, {"sql": "BEGIN IMMEDIATE"}, {"sql": "INSERT INTO rows (text) VALUES ('a')"},
        {"open": "default"}, {"sql": "SELECT count(*) AS n FROM rows"}
    ]);
    // The second connection is opened while the first holds its transaction.
    let answers = probe.steps(rest).await;
    assert_eq!(answers[4], ok(json!([{"n": 0}])));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_leaves_its_file() {
    let probe = database();
    let elsewhere = probe.folder.path().join("elsewhere.db");
    let attach = format!("ATTACH DATABASE '{}' AS other", elsewhere.display());
    let vacuum = format!("VACUUM INTO '{}'", elsewhere.display());
    let answers = sql(
        &probe,
        &[
            CREATE,
            &attach,
            &vacuum,
            "SELECT load_extension('x')",
            "DETACH DATABASE main",
        ],
    )
    .await;
    for refused in &answers[1..] {
        assert!(refused["error"].is_string(), "{refused}");
    }
    assert!(!elsewhere.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_one_connection_do_not_reach_the_next() {
    let probe = database();
    let answers = sql(
        &probe,
        &["PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys"],
    )
    .await;
    assert_eq!(answers[1], ok(json!([{"foreign_keys": 0}])));
    let answers = sql(&probe, &["PRAGMA foreign_keys"]).await;
    assert_eq!(answers, [ok(json!([{"foreign_keys": 1}]))]);
}

const FILL: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
    INSERT INTO rows (text) SELECT 'row ' || i || ' ' || hex(zeroblob(60)) FROM n";

#[tokio::test(flavor = "multi_thread")]
async fn long_answers_are_streamed_through_a_small_component() {
    // Its answer of 200,000 rows is several times its memory.
    let limits = "[component.probe.tool.vikno]\nmemory_mb = 4";
    let probe = Probe::new(&one(&format!("sqlite_databases = [\"default\"]\n{limits}")));
    sql(&probe, &[CREATE, FILL]).await;
    let (status, body) = probe.call("probe", "/rows", "").await;
    assert_eq!(status, 200);
    assert_eq!(body.lines().count(), 200_001);
    assert_eq!(body.lines().last(), Some("end"));
    for (index, line) in body.lines().take(200_000).enumerate() {
        assert!(
            line.starts_with(&format!("{{\"id\":{},", index + 1)),
            "{line}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_answer_nobody_reads_on_gives_its_connection_back() {
    let probe = database();
    sql(&probe, &[CREATE, FILL]).await;
    let request = http::Request::get("/rows").body(vikno::body("")).unwrap();
    drop(probe.app.call("probe", request).await);
    let answers = sql(
        &probe,
        &[
            "DELETE FROM rows WHERE id > 10",
            "SELECT count(*) AS n FROM rows",
        ],
    )
    .await;
    assert_eq!(answers[1], ok(json!([{"n": 10}])));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_query_does_not_hold_up_others() {
    let probe = database();
    let slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000)
        SELECT count(*) AS n FROM n";
    let statements = [slow];
    let slow = (0..6).map(|_| sql(&probe, &statements));
    let (slow, quick) = tokio::join!(
        futures::future::join_all(slow),
        sql(&probe, &["SELECT 1 AS one"])
    );
    assert_eq!(quick, [ok(json!([{"one": 1}]))]);
    for answer in slow {
        assert_eq!(answer, [ok(json!([{"n": 2_000_000}]))]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_runtime_config_says_where_a_label_lives() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runtime.toml");
    std::fs::write(
        &file,
        "[sqlite_database.default]\ntype = \"spin\"\npath = \"own/place.db\"\n[sqlite_database.other]\ntype = \"spin\"\n",
    )
    .unwrap();
    let probe = Probe::with(&one("sqlite_databases = [\"default\"]"), |settings| {
        settings.runtime_config = Some(file.clone());
    })
    .unwrap();
    sql(&probe, &[CREATE]).await;
    assert!(folder.path().join("own/place.db").exists());

    std::fs::write(&file, "[sqlite_database.default]\ntype = \"libsql\"\n").unwrap();
    let refused = Probe::with(&one("sqlite_databases = [\"default\"]"), |settings| {
        settings.runtime_config = Some(file.clone());
    });
    assert!(refused.err().unwrap().contains("libsql"));
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_writes_the_log_back_into_the_file() {
    let probe = database();
    sql(&probe, &[CREATE, "INSERT INTO rows (text) VALUES ('kept')"]).await;
    probe.app.close();
    let file = probe.folder.path().join("state/sqlite/default.db");
    let log = file.with_extension("db-wal");
    assert!(!log.exists() || log.metadata().unwrap().len() == 0);
    let copy = probe.folder.path().join("copy.db");
    std::fs::copy(&file, &copy).unwrap();
    let rows: i64 = rusqlite::Connection::open(copy)
        .unwrap()
        .query_row("SELECT count(*) FROM rows", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
}
