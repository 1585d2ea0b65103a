//! A folder is a test: each `manifests/NAME.toml` reads as `NAME.json` or fails as `NAME.err`.
//! `BLESS=1` rewrites the expectations.

use std::path::Path;
use vikno::manifest::Manifest;

#[test]
fn manifests_read_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests");
    let mut read = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let (expectation, found) = match Manifest::parse(&text) {
            Ok(manifest) => {
                let json = serde_json::to_string_pretty(&manifest).unwrap();
                (file.with_extension("json"), json)
            }
            Err(problems) => (file.with_extension("err"), problems.join("\n")),
        };
        let found = format!("{found}\n");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expectation, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&expectation).unwrap_or_default();
        assert_eq!(found, expected, "{}; BLESS=1 rewrites it", file.display());
        read += 1;
    }
    assert!(read > 10, "the folder of manifests is gone");
}
