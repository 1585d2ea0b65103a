//! Composed components: the dependency works and gets nothing that it was not given.

use crate::harness::Probe;

fn composed(dependencies: &str) -> Result<Probe, String> {
    let rest = format!(
        r#"
[component.dependent]
source = "DEPENDENT"
environment = {{ COLOUR = "blue" }}
files = ["page.html"]
{dependencies}
"#
    );
    Probe::with(&rest, |settings| {
        let folder = settings.state_dir.parent().unwrap();
        std::fs::write(folder.join("page.html"), "page").unwrap();
    })
}

const LINE: &str =
    "[component.dependent.dependencies]\n\"probe:parts/api@1.0.0\" = { path = \"DEPENDENCY\" }";

#[tokio::test(flavor = "multi_thread")]
async fn a_dependency_is_composed_in() {
    let probe = composed(LINE).unwrap();
    for (what, answer) in [("hello", "hello"), ("random", "chance")] {
        let expected = (200, answer.to_owned());
        assert_eq!(probe.call("dependent", "/", what).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dependency_inherits_nothing() {
    let probe = composed(LINE).unwrap();
    for what in ["environment COLOUR", "file /page.html"] {
        let (status, body) = probe.call("dependent", "/", what).await;
        assert_eq!(status, 500, "{what}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dependency_inherits_where_the_manifest_says_so() {
    let probe = composed(&format!(
        "dependencies_inherit_configuration = true\n{LINE}"
    ))
    .unwrap();
    for (what, answer) in [("environment COLOUR", "blue"), ("file /page.html", "page")] {
        let expected = (200, answer.to_owned());
        assert_eq!(probe.call("dependent", "/", what).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_dependency_is_named_at_load() {
    let problem = composed("").err().unwrap();
    assert!(problem.contains("probe:parts/api"), "{problem}");
    let other = LINE.replace("probe:parts/api", "probe:other/api");
    let problem = composed(&other).err().unwrap();
    assert!(
        problem.contains("imports nothing of this name"),
        "{problem}"
    );
}
