//! Layers of Fluent files, and rendering one text in one language.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use fluent_syntax::ast::PatternElement;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use unic_langid::LanguageIdentifier;
use vikno_domain::Language;

/// Why a Fluent file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct BadText {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// Why a text cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MissingText {
    /// Neither the wanted language nor the default one has it.
    #[error("no text '{id}' in language '{language}' nor in the default one")]
    Unknown {
        /// The text's id.
        id: String,
        /// The language that was asked for.
        language: Language,
    },
    /// It names something that the caller did not give.
    #[error("text '{id}' cannot be filled in: {reason}")]
    Incomplete {
        /// The text's id.
        id: String,
        /// What Fluent says.
        reason: String,
    },
}

/// All texts of one organisation.
pub struct Texts {
    default_language: Language,
    bundles: BTreeMap<Language, FluentBundle<FluentResource>>,
}

impl Texts {
    /// No texts yet; `default_language` is where a text is looked for that the wanted language lacks.
    pub fn new(default_language: Language) -> Self {
        Self {
            default_language,
            bundles: BTreeMap::new(),
        }
    }

    /// Adds a layer: a text of it replaces one of the same id in an earlier layer. All mistakes are
    /// reported; the texts around them are still added.
    pub fn add(&mut self, language: &Language, ftl: &str) -> Result<(), Vec<BadText>> {
        let (resource, problems) = match FluentResource::try_new(ftl.to_owned()) {
            Ok(resource) => (resource, Vec::new()),
            Err((resource, errors)) => {
                let problems = errors
                    .iter()
                    .map(|error| BadText {
                        line: line_of(ftl, error.pos.start),
                        message: error.to_string(),
                    })
                    .collect();
                (resource, problems)
            }
        };
        self.bundles
            .entry(language.clone())
            .or_insert_with(|| empty_bundle(language))
            .add_resource_overriding(resource);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Whether that very language has the text, without falling back.
    pub fn has(&self, language: &Language, id: &str) -> bool {
        self.bundles
            .get(language)
            .and_then(|bundle| bundle.get_message(id))
            .is_some_and(|message| message.value().is_some())
    }

    /// The text in the wanted language, else in the default one. Arguments are texts, numbers and
    /// booleans; anything else counts as not given.
    pub fn render(
        &self,
        language: &Language,
        id: &str,
        args: &Map<String, Value>,
    ) -> Result<String, MissingText> {
        [language, &self.default_language]
            .into_iter()
            .filter_map(|language| self.bundles.get(language))
            .find_map(|bundle| format(bundle, id, args))
            .unwrap_or_else(|| {
                Err(MissingText::Unknown {
                    id: id.to_owned(),
                    language: language.clone(),
                })
            })
    }
}

fn format(
    bundle: &FluentBundle<FluentResource>,
    id: &str,
    args: &Map<String, Value>,
) -> Option<Result<String, MissingText>> {
    let pattern = bundle.get_message(id)?.value()?;
    if let [PatternElement::TextElement { value }] = pattern.elements.as_slice() {
        return Some(Ok((*value).to_owned()));
    }
    let args = fluent_args(args);
    let mut errors: Vec<FluentError> = Vec::new();
    let text = bundle
        .format_pattern(pattern, Some(&args), &mut errors)
        .into_owned();
    Some(match errors.first() {
        None => Ok(text),
        Some(error) => Err(MissingText::Incomplete {
            id: id.to_owned(),
            reason: error.to_string(),
        }),
    })
}

fn fluent_args(args: &Map<String, Value>) -> FluentArgs<'_> {
    let known = args.iter().filter_map(|(name, value)| {
        let value = match value {
            Value::String(text) => FluentValue::from(text.as_str()),
            Value::Number(number) => FluentValue::from(number.as_f64()?),
            Value::Bool(flag) => FluentValue::from(if *flag { "true" } else { "false" }),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        Some((name.as_str(), value))
    });
    known.collect()
}

fn empty_bundle(language: &Language) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = language.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // The marks around arguments show up as boxes in some messengers.
    bundle.set_use_isolating(false);
    bundle
}

fn line_of(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().iter().take(byte);
    before.filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SHARED_UK: &str = "welcome = Вітаємо!\nqueue = Ви { $position } у черзі.\n";
    const SHARED_EN: &str = "welcome = Welcome!\n";

    fn language(code: &str) -> Language {
        Language::parse(code).unwrap()
    }

    fn texts(layers: &[(&str, &str)]) -> Texts {
        let mut texts = Texts::new(language("uk"));
        for (code, ftl) in layers {
            texts.add(&language(code), ftl).unwrap();
        }
        texts
    }

    fn render(texts: &Texts, code: &str, id: &str, args: Value) -> Result<String, MissingText> {
        texts.render(&language(code), id, args.as_object().unwrap())
    }

    #[test]
    fn a_later_layer_replaces_a_text_and_keeps_the_others() {
        let texts = texts(&[("uk", SHARED_UK), ("uk", "welcome = Вітає МЗС!")]);
        assert_eq!(
            render(&texts, "uk", "welcome", json!({})).unwrap(),
            "Вітає МЗС!"
        );
        assert_eq!(
            render(&texts, "uk", "queue", json!({"position": 2})).unwrap(),
            "Ви 2 у черзі."
        );
    }

    #[test]
    fn a_text_missing_in_the_language_is_said_in_the_default_one() {
        let texts = texts(&[("uk", SHARED_UK), ("en", SHARED_EN)]);
        assert_eq!(
            render(&texts, "en", "welcome", json!({})).unwrap(),
            "Welcome!"
        );
        assert_eq!(
            render(&texts, "en", "queue", json!({"position": 2})).unwrap(),
            "Ви 2 у черзі."
        );
        assert_eq!(
            render(&texts, "pl", "welcome", json!({})).unwrap(),
            "Вітаємо!"
        );
    }

    #[test]
    fn an_unknown_text_and_a_missing_argument_are_errors_and_never_shown_as_braces() {
        let texts = texts(&[("uk", SHARED_UK)]);
        assert_eq!(
            render(&texts, "uk", "no-such-text", json!({})),
            Err(MissingText::Unknown {
                id: "no-such-text".into(),
                language: language("uk")
            })
        );
        assert!(matches!(
            render(&texts, "uk", "queue", json!({"position": null})),
            Err(MissingText::Incomplete { .. })
        ));
    }

    #[test]
    fn numbers_choose_the_plural_form_of_the_language() {
        let uk = "minutes = { $n ->\n    [one] { $n } хвилина\n    [few] { $n } хвилини\n   *[many] { $n } хвилин\n}\n";
        let en = "minutes = { $n ->\n    [one] { $n } minute\n   *[other] { $n } minutes\n}\n";
        let texts = texts(&[("uk", uk), ("en", en)]);
        let cases = [
            ("uk", 1, "1 хвилина"),
            ("uk", 3, "3 хвилини"),
            ("uk", 11, "11 хвилин"),
            ("uk", 21, "21 хвилина"),
            ("en", 1, "1 minute"),
            ("en", 21, "21 minutes"),
        ];
        for (code, n, expected) in cases {
            assert_eq!(
                render(&texts, code, "minutes", json!({"n": n})).unwrap(),
                expected
            );
        }
    }

    #[test]
    fn arguments_stand_in_the_text_without_invisible_marks_and_are_not_interpreted() {
        let texts = texts(&[("uk", "joined = Оператор { $name } з вами.")]);
        assert_eq!(
            render(&texts, "uk", "joined", json!({"name": "{ welcome } 🙂"})).unwrap(),
            "Оператор { welcome } 🙂 з вами."
        );
    }

    #[test]
    fn a_mistake_in_a_file_is_reported_with_its_line_and_the_rest_still_works() {
        let mut texts = Texts::new(language("uk"));
        let problems = texts
            .add(
                &language("uk"),
                "welcome = Вітаємо!\nbroken text\nbye = Бувайте!\n",
            )
            .unwrap_err();
        assert_eq!(
            problems
                .iter()
                .map(|problem| problem.line)
                .collect::<Vec<_>>(),
            [2]
        );
        assert!(texts.has(&language("uk"), "bye"));
        assert!(!texts.has(&language("uk"), "broken"));
    }
}
