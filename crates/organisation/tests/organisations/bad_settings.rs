//! `bad_settings/NAME.toml` holds mistakes, `NAME.problems` what is told of them; `BLESS=1` rewrites the latter.

use std::fs;
use std::path::Path;
use vikno_organisation::Organisation;

#[test]
fn every_mistake_in_a_settings_file_is_told_with_its_place_and_what_to_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/organisations/bad_settings");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let problems = Organisation::parse(&fs::read_to_string(&file).unwrap()).unwrap_err();
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
