//! Titles become aliases.

use vikno_corezoid::files::Alias;

#[test]
fn titles_become_aliases() {
    for (title, expected) in [
        ("HTML", Some("html")),
        ("03 - Api checks", Some("03-api-checks")),
        ("API: Create Payment", Some("api-create-payment")),
        ("Черга: початок", Some("cherha-pochatok")),
        ("Зв'язок із Щастям", Some("zviazok-iz-shchastiam")),
        ("Ґедзь_Ївга  єднання", Some("gedz-ivha-iednannia")),
        ("--- trimmed! ---", Some("trimmed")),
        ("ab", Some("process-ab")),
        ("2024", Some("process-2024")),
        ("notify: send 漢字", Some("notify-send")),
        ("", None),
        ("漢字", None),
        ("  … ", None),
    ] {
        let alias = Alias::of_title(title);
        assert_eq!(alias.as_ref().map(Alias::as_str), expected, "{title}");
    }
    let long = Alias::of_title(&"дуже довга назва ".repeat(30)).unwrap();
    assert!(
        long.as_str().len() <= 64 && !long.as_str().ends_with('-'),
        "{long}"
    );
    assert_eq!(Alias::parse(long.as_str()).as_ref(), Ok(&long));
}

#[test]
fn what_is_no_alias_is_refused() {
    for text in [
        "",
        "-a",
        "A",
        "a b",
        "a/b",
        "..",
        "123",
        "a.nodes",
        "пошта",
        &"a".repeat(65),
    ] {
        assert!(Alias::parse(text).is_err(), "{text}");
    }
    for text in ["queue", "q", "send-text-message", "03-api", "a-"] {
        assert_eq!(Alias::parse(text).unwrap().as_str(), text);
    }
}
