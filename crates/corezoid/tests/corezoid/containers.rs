//! Every container is read; what is broken or hostile is told and nothing of it is taken.

use proptest::prelude::*;
use serde_json::{Value, json};
use vikno_corezoid::files::{BrokenFile, Kind, Known, Source, import};

use crate::support::{documents, own_file, real_files, small, take, taken, whole_files, zip};

/// The only broken file of an import.
#[track_caller]
fn broken(name: &str, bytes: &[u8]) -> BrokenFile {
    let mut broken = take(name, bytes).expect_err("it is broken").broken;
    assert_eq!(broken.len(), 1, "{broken:?}");
    broken.remove(0)
}

#[test]
fn every_real_file_comes_in() {
    for (name, bytes) in whole_files() {
        let import = taken(&name, &bytes);
        assert_eq!(import.processes.len(), 1, "{name}");
        assert!(import.report.count(Kind::Came) > 0, "{name}");
    }
}

#[test]
fn all_containers_hold_the_same() {
    let process = small(779_994, "Payment");
    let answer = json!({"request_proc": "ok", "ops": [
        {"id": "", "obj": "obj_scheme", "proc": "ok", "scheme": [process]}]});
    let text = process.to_string().into_bytes();
    let array = json!([process]).to_string().into_bytes();
    let with_mark = [b"\xef\xbb\xbf".as_slice(), &text].concat();
    let expected = documents(&taken("a.json", &text));
    assert_eq!(expected.keys().collect::<Vec<_>>(), ["payment"]);
    for (what, bytes) in [
        ("array", array.clone()),
        ("answer", answer.to_string().into_bytes()),
        (
            "bare scheme",
            json!({"scheme": [process]}).to_string().into_bytes(),
        ),
        ("byte order mark", with_mark),
        ("zip of an object", zip(&[("779994_Payment.json", &text)])),
        ("zip of an array", zip(&[("folder/x.conv.json", &array)])),
        (
            "zip of an answer",
            zip(&[("x.json", answer.to_string().as_bytes())]),
        ),
    ] {
        assert_eq!(documents(&taken("given", &bytes)), expected, "{what}");
    }
}

#[test]
fn the_genuine_zip_and_the_genuine_array_hold_the_same() {
    let zipped = documents(&taken(
        "sample_process.zip",
        &own_file("sample_process.zip"),
    ));
    let array = documents(&taken(
        "sample_process.json",
        &real_files()["sample_process.json"],
    ));
    assert_eq!(zipped, array);
}

#[test]
fn a_stage_brings_aliases_and_variables_and_leaves_access_data_out() {
    let payment = small(100, "API: Create Payment").to_string();
    let notify = small(200, "notify: send").to_string();
    let folder =
        json!({"obj_type": 0, "obj_id": 8262, "title": "Shop", "parent_id": 0}).to_string();
    let stage = json!({"obj_type": 6, "obj_id": 1, "title": "production"}).to_string();
    let bytes = zip(&[
        ("stage/100_API.conv.json", payment.as_bytes()),
        ("stage/200_notify.conv.json", notify.as_bytes()),
        ("stage/8262_Shop.folder.json", folder.as_bytes()),
        ("stage/1_production.stage.json", stage.as_bytes()),
        ("stage/_ALIASES_.json", &own_file("basic__ALIASES_.json")),
        ("stage/_ENV_VARS_.json", &own_file("basic__ENV_VARS_.json")),
        (
            "stage/999_db.instance.json",
            &own_file("secrets_999_db.instance.json"),
        ),
        ("stage/readme.txt", b"hello"),
        ("__MACOSX/stage/._x.json", b"\0\x05"),
    ]);
    let import = taken("stage.zip", &bytes);
    let aliases: Vec<&str> = import
        .processes
        .iter()
        .map(|process| process.alias.as_str())
        .collect();
    assert_eq!(aliases, ["payment", "notify"]);
    let variables: Vec<&str> = import
        .variables
        .iter()
        .map(|found| found.name.as_str())
        .collect();
    assert_eq!(variables, ["STRIPE_TOKEN", "STRIPE_URL"]);
    let report = import.report.to_string();
    assert!(
        report.contains("access data of an outside system (999_db.instance.json)"),
        "{report}"
    );
    for never in ["FAKE_S3cret", "db.example.com", "MACOSX"] {
        assert!(!report.contains(never), "{report}");
    }
}

#[test]
fn variables_come_in_either_form_and_secret_ones_without_their_value() {
    let process = small(1, "Payment").to_string();
    let list = json!([
        {"short_name": "url", "value": "https://a.example", "env_var_type": "visible"},
        {"short_name": "key", "value": "hidden", "env_var_type": "secret"},
    ]);
    let map = json!({"url": {"value": "https://a.example"}, "key": {"description": "d"}});
    for variables in [list, map] {
        let bytes = zip(&[
            ("p.json", process.as_bytes()),
            ("_ENV_VARS_.json", variables.to_string().as_bytes()),
        ]);
        let mut found = taken("a.zip", &bytes).variables;
        found.sort_by(|one, other| one.name.cmp(&other.name));
        assert_eq!((found[0].name.as_str(), &found[0].value), ("key", &None));
        assert_eq!(found[1].value, Some(Value::from("https://a.example")));
    }
}

#[test]
fn old_and_new_spellings_are_taken() {
    let odd = json!({
        "obj_type": "1", "obj_id": "42", "title": "Odd", "description": null, "status": "actived",
        "params": null, "uuid": "u", "company_id": null, "chunkify": 5,
        "scheme": {"nodes": [
            {"id": "a", "obj_type": 1, "extra": null, "options": null,
             "condition": {"logics": [{"type": "go", "to_node_id": "b", "id": "u", "chTime": 5}], "semaphors": null}},
            {"id": "b", "obj_type": 0, "condition": {"logics": [
                {"type": "go_if_const", "to_node_id": "c", "param": "{{x}}", "fun": "eq", "const": "1"},
                {"type": "go_if_const", "to_node_id": "c", "conditions": [{"param": "x", "fun": "eq", "const": ""}]},
                {"type": "api_copy", "conv_id": "42", "mode": "create", "ref": "", "data": {}, "err_node_id": "c"},
                {"type": "go", "to_node_id": "c"}], "semaphors": []}},
            {"id": "c", "obj_type": 2}]}});
    let import = taken("odd.json", odd.to_string().as_bytes());
    let document = &import.processes[0].document;
    assert!(document.is_active());
    assert_eq!(document.obj_id, Some(42));
    assert_eq!(document.other["chunkify"], 5);
    assert_eq!(
        document.scheme.nodes[1].condition.logics[2].fields["conv_id"],
        "@odd"
    );
    assert_eq!(import.report.count(Kind::CannotRun), 0, "{}", import.report);

    let mut by_uuid = small(0, "Named by a UUID");
    by_uuid["obj_id"] = "0b0e6c3e-6f3e-4b43-9a3e-0d2f1c5a7b11".into();
    let import = taken("uuid.json", by_uuid.to_string().as_bytes());
    let document = &import.processes[0].document;
    assert_eq!(document.obj_id, None);
    assert_eq!(
        document.other["uuid"],
        "0b0e6c3e-6f3e-4b43-9a3e-0d2f1c5a7b11"
    );
}

#[test]
fn columns_count_from_one_at_a_line_break_too() {
    let told = broken("torn.json", b"{\"title\": \"Pay\nment\"}");
    assert_eq!(told.place, Some((2, 1)), "{told}");
}

#[test]
fn a_broken_file_is_told_with_line_and_column() {
    let (name, bytes) = real_files()
        .into_iter()
        .find(|(name, _)| name.starts_with("invalid"))
        .unwrap();
    let told = broken(&name, &bytes);
    assert!(
        matches!(told.place, Some((line, column)) if line > 1 && column > 0),
        "{told:?}"
    );
    assert!(
        told.to_string()
            .starts_with("invalid__create-actors.json: line "),
        "{told}"
    );

    let wrong_shape = "{\"obj_type\": 1, \"title\": \"A\",\n \"scheme\": {\n  \"nodes\": 5}}";
    assert_eq!(
        broken("a.json", wrong_shape.as_bytes()).to_string(),
        "a.json: line 3, column 12: process \"A\": invalid type: integer `5`, expected a sequence"
    );
    for (text, reason) in [
        ("", "a.json: the file is empty"),
        (" \n", "a.json: the file is empty"),
        ("5", "a.json: holds neither an object nor a list of objects"),
        ("[5]", "a.json: a list of objects holds something else too"),
        ("[]", "a.json: holds no process"),
        (
            "{\"name\": \"package\"}",
            "a.json: is no export of Corezoid: an object has neither `obj_type` nor `scheme`",
        ),
        (
            "{\"request_proc\":\"ok\",\"ops\":[]}",
            "a.json: is an API answer without a `scheme` (request_proc: ok)",
        ),
        (
            "{\"request_proc\":\"ok\",\"ops\":[{\"proc\":\"error\",\"description\":\"access denied\"}]}",
            "a.json: is the answer to an export that failed: access denied; export again",
        ),
    ] {
        assert_eq!(broken("a.json", text.as_bytes()).to_string(), reason);
    }
}

#[test]
fn all_broken_files_are_told_and_nothing_is_taken() {
    let good = small(1, "Good").to_string();
    let bytes = zip(&[
        ("good.json", good.as_bytes()),
        ("bad.json", b"{\n  oops"),
        ("_ALIASES_.json", b"[{}]"),
        ("_ENV_VARS_.json", b"5"),
    ]);
    let refused = take("all.zip", &bytes).unwrap_err().to_string();
    assert_eq!(
        refused.lines().collect::<Vec<_>>(),
        [
            "all.zip/_ALIASES_.json: an alias has no `short_name`",
            "all.zip/_ENV_VARS_.json: is no list of variables",
            "all.zip/bad.json: line 2, column 3: key must be a string",
        ]
    );
}

#[test]
fn one_number_for_two_processes_is_refused_and_the_same_process_twice_is_one() {
    let one = small(7, "One");
    let twice = json!([one, one]).to_string();
    assert_eq!(taken("a.json", twice.as_bytes()).processes.len(), 1);
    let differing = json!([one, small(7, "Other")]).to_string();
    assert_eq!(
        broken("a.json", differing.as_bytes()).reason,
        "process 7 \"Other\" is in a.json too, and differs; take one of them out"
    );
}

/// The bytes with one run of bytes for another of the same length.
fn patched(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let mut times = 0;
    for at in 0..=bytes.len() - old.len() {
        if &bytes[at..at + old.len()] == old {
            bytes[at..at + old.len()].copy_from_slice(new);
            times += 1;
        }
    }
    assert!(times > 0);
    bytes
}

#[test]
fn hostile_names_are_refused() {
    let process = small(1, "A").to_string();
    for (name, reason) in [
        ("../evil.json", "has a name that leads out of the archive"),
        ("/etc/evil.js", "has a name that leads out of the archive"),
        ("a/../il.json", "has a name that leads out of the archive"),
        ("C:/evil.json", "has a path of Windows for a name"),
        ("a\\b\\vil.json", "has a path of Windows for a name"),
        ("\u{1b}[2Jil.json", "has control characters in its name"),
    ] {
        let placeholder = "x".repeat(name.len());
        let bytes = zip(&[(&*placeholder, process.as_bytes())]);
        let bytes = patched(bytes, placeholder.as_bytes(), name.as_bytes());
        let told = broken("a.zip", &bytes);
        assert_eq!(told.reason, reason, "{name:?}");
        assert!(!told.to_string().contains('\u{1b}'), "{told}");
    }
    let twice = zip(&[
        ("xxx/a.json", process.as_bytes()),
        ("yyy/a.json", process.as_bytes()),
    ]);
    let twice = patched(twice, b"yyy/", b"XXX/");
    assert_eq!(broken("a.zip", &twice).reason, "is twice in the archive");
}

#[test]
fn bombs_are_refused() {
    let blank = vec![b' '; 20 << 20];
    let packed = zip(&[("bomb.json", &blank)]);
    assert!(packed.len() < 100_000);
    assert!(broken("a.zip", &packed).reason.contains("times its size"));
    let many: Vec<(String, &[u8])> = (0..2_001)
        .map(|at| (format!("{at}.json"), b"{}".as_slice()))
        .collect();
    let many: Vec<(&str, &[u8])> = many
        .iter()
        .map(|(name, bytes)| (name.as_str(), *bytes))
        .collect();
    assert_eq!(
        broken("a.zip", &zip(&many)).reason,
        "holds 2001 files; at most 2000 are read"
    );
    let huge = [b"PK\x03\x04".as_slice(), &vec![0; 33 << 20]].concat();
    assert!(
        broken("a.zip", &huge)
            .reason
            .starts_with("is an archive of ")
    );
}

#[test]
fn damaged_and_empty_archives_are_refused() {
    let process = small(1, "A").to_string();
    let whole = zip(&[("a.json", process.as_bytes())]);
    for length in [4, 30, whole.len() / 2, whole.len() - 10] {
        assert!(
            broken("a.zip", &whole[..length]).reason.contains("archive"),
            "{length}"
        );
    }
    assert_eq!(broken("a.zip", &zip(&[])).reason, "holds no process");
    // The flag that says "encrypted", in both headers.
    let mut encrypted = whole;
    let central = encrypted
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    encrypted[6] |= 1;
    encrypted[central + 8] |= 1;
    assert!(broken("a.zip", &encrypted).reason.contains("encrypted"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), as_zip in any::<bool>()) {
        let bytes = if as_zip { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
        let _ = take("a", &bytes);
    }

    #[test]
    fn no_damage_to_an_archive_panics(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = own_file("sample_process.zip");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = import(&[Source { name: "a.zip", bytes: &bytes }], &Known::default());
    }
}
