//! Any source, any data: an answer, and never a panic.

use crate::support::{outcome, outcome_within};
use proptest::prelude::*;
use serde_json::{Map, Value};
use vikno_javascript::Limits;

/// Little enough that a generated loop ends at once.
const FEW: Limits = Limits {
    source_bytes_max: 64 * 1024,
    source_nesting_max: 40,
    data_bytes_max: 128_000,
    data_depth_max: 64,
    cycles_max: 50_000,
    loop_rounds_max: 1_000,
    call_depth_max: 50,
    stack_values_max: 5_000,
    jobs_max: 50,
    buffer_bytes_max: 1 << 16,
};

/// Pieces of which programs are made, so that many get past the parser.
const PIECES: [&str; 44] = [
    "data",
    ".x",
    "=",
    "1",
    "\"a\"",
    ";",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "=>",
    "function f",
    "return ",
    "for(;;)",
    "while(1)",
    "if(",
    "else ",
    "try",
    "catch(e)",
    "throw ",
    "new ",
    "class A",
    "async ",
    "await ",
    "yield ",
    "var ",
    "let ",
    "const ",
    "`${",
    "}`",
    "/a/g",
    "...",
    "?.",
    "??",
    "**",
    "typeof ",
    "delete ",
    "Proxy",
    "Promise",
    "x",
    "\n",
    ",",
];

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        (-1_000_000..1_000_000_i32).prop_map(|whole| Value::from(f64::from(whole) + 0.25)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_gets_an_answer(source in any::<String>()) {
        let _ = outcome_within(&source, &Value::Object(Map::new()), &FEW);
    }

    #[test]
    fn any_program_gets_an_answer(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..40)) {
        let _ = outcome_within(&pieces.concat(), &Value::Object(Map::new()), &FEW);
    }

    #[test]
    fn any_data_come_back_unchanged(members in prop::collection::btree_map(any::<String>(), json_value(), 0..6)) {
        let data = Value::Object(members.into_iter().collect());
        prop_assert_eq!(outcome("", &data).unwrap(), data);
    }

    #[test]
    fn the_same_run_gives_the_same_answer(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 1..20)) {
        let source = format!("data.r = Math.random(); data.t = Date.now(); {}", pieces.concat());
        let once = outcome_within(&source, &Value::Object(Map::new()), &FEW);
        prop_assert_eq!(once, outcome_within(&source, &Value::Object(Map::new()), &FEW));
    }
}
