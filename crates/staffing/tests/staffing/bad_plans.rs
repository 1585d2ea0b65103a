//! `bad_plans/NAME.toml` holds mistakes, `NAME.problems` what is told of them; `BLESS=1` rewrites the latter.

use std::fs;
use std::path::Path;
use vikno_staffing::Plan;

#[test]
fn every_mistake_in_a_plan_is_told_with_its_place_and_what_to_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/staffing/bad_plans");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 5);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let read = |name: &str| match name {
            "empty.json" => Ok("[]".to_owned()),
            "broken.json" => Ok("[{\"opened_at\":\"yesterday\"}]".to_owned()),
            _ => Err(format!("'{name}' is not there")),
        };
        let problems = Plan::parse(&text, read).unwrap_err();
        let told: String = problems
            .iter()
            .map(|problem| format!("{problem}\n"))
            .collect();
        let expected = file.with_extension("problems");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &told).unwrap();
        }
        let expected = fs::read_to_string(expected).unwrap_or_default();
        assert_eq!(told, expected, "{}", file.display());
    }
}
