//! Which reply a text gets: levels, forms, slips, layouts, and when there is none.

use crate::support::{language, noon, reply, tree};

#[test]
fn a_text_leads_to_the_most_particular_reply_it_fits() {
    for (text, expected) in [
        ("субсидія", "subsidies"),
        ("Мені потрібна СУБСИДІЯ!!!", "subsidies"),
        ("як оформити субсидію", "subsidies-apply"),
        ("куди подати заяву на субсидію?", "subsidies-apply"),
        ("чому мені відмовили в субсидії", "subsidies-refused"),
        ("отказали в субсидии", "subsidies-refused"),
        ("my subsidy was refused", "subsidies-refused"),
        ("applying for subsidies", "subsidies-apply"),
        ("Я переселенка", "displaced"),
        ("где льготы для переселенцев", "displaced"),
        ("где жити переселенцям", "displaced-housing"),
        ("I am an IDP", "displaced"),
        // Hints without their topic are anybody's words.
        ("як оформити паспорт", "-"),
        ("documents", "-"),
        ("мені відмовили", "-"),
        ("добрий день", "-"),
        ("", "-"),
        ("🙂", "-"),
    ] {
        assert_eq!(reply(text, &noon()), expected, "{text}");
    }
}

#[test]
fn slips_layouts_and_latin_letters_are_understood() {
    for (text, expected) in [
        ("субсидя", "subsidies"),
        ("субсддія", "subsidies"),
        ("сусбидію оформить", "subsidies-apply"),
        ("субсидию", "subsidies"),
        ("переслеенці", "displaced"),
        ("перселенцям житло", "displaced-housing"),
        ("subsidi", "subsidies"),
        ("subsydy", "subsidies"),
        ("ce,cblsz", "subsidies"),
        ("Ce,cblsz!", "subsidies"),
        ("ыгиышвн", "subsidies"),
        ("subsydiya", "subsidies"),
        ("oformyty subsydiiu", "subsidies-apply"),
        ("pereselentsi", "displaced"),
        // Too many slips, or too short a word to tell.
        ("сбсда", "-"),
        ("впр", "-"),
        ("сусіди", "-"),
        ("subject", "-"),
    ] {
        assert_eq!(reply(text, &noon()), expected, "{text}");
    }
}

#[test]
fn a_slip_never_wins_over_the_word_itself() {
    let explanation = tree().explain("пільга субсигія", &noon());
    let found: Vec<_> = explanation
        .words
        .iter()
        .map(|word| word.found.len())
        .collect();
    assert_eq!(found, [1, 1]);
    let explained = serde_json::to_value(&explanation).unwrap();
    assert_eq!(explained["words"][0]["found"][0]["how"], "form");
    assert_eq!(explained["words"][1]["found"][0]["how"], "slips");
    assert_eq!(explained["words"][1]["found"][0]["count"], 1);
}

#[test]
fn an_explanation_names_words_scores_and_conditions() {
    let explained = tree().explain("оформити субсидію онлайн", &noon());
    let explained = serde_json::to_value(explained).unwrap();
    assert_eq!(explained["reply"], "subsidies-apply");
    assert_eq!(explained["words"][1]["stem"], "субсид");
    let first = &explained["candidates"][0];
    assert_eq!(first["reply"], "subsidies-online");
    assert_eq!(first["conditions"][0]["condition"], "person");
    assert_eq!(first["conditions"][0]["holds"], false);
    assert_eq!(first["gives"], "subsidies-apply");
    let scores: Vec<u64> = explained["candidates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|candidate| candidate["score"].as_u64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|one, next| one >= next), "{scores:?}");
    let nothing = tree().explain("добрий день", &noon());
    assert_eq!((nothing.reply, nothing.candidates.len()), (None, 0));
}

#[test]
fn any_text_is_read_to_its_end() {
    for text in [
        "а".repeat(10_000),
        "ab,".repeat(5_000),
        "субсидія ".repeat(2_000),
        "'".repeat(99),
    ] {
        let _ = tree().explain(&text, &noon());
    }
}

#[test]
fn a_reply_has_a_question_in_each_language_that_leads_to_it() {
    for (id, code, expected) in [
        ("subsidies", "uk", Some("субсидія")),
        ("subsidies", "en", Some("subsidy")),
        ("subsidies-apply", "uk", Some("оформити")),
        ("subsidies", "pl", None),
        ("nothing", "uk", None),
    ] {
        let question = tree().question(id, &language(code));
        assert_eq!(question.as_deref(), expected, "{id} {code}");
    }
}
