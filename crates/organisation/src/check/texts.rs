//! Texts: every id that is said exists in every language of the organisation, names no argument that
//! it is not given, and stands once in its file.

use super::{OrganisationFiles, SharedFiles};
use crate::{
    ORGANISATION_ARGUMENT, Organisation, Problem, ProcessBundle, USED_TEXTS, message, said_texts,
};
use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::Language;
use vikno_replies::Replies;
use vikno_texts::{MessageShape, Texts, message_shapes};

/// What is said: text ids with the arguments they are given.
pub type Said = BTreeMap<String, BTreeSet<String>>;

/// What the steps say whatever the organisation, the labels and answers of its automatic replies, and what its
/// processes say.
pub fn said(replies: Option<&Replies>, processes: Option<&ProcessBundle>) -> Said {
    let mut said: Said = USED_TEXTS
        .iter()
        .map(|text| {
            let arguments = text.arguments.iter().map(|name| (*name).to_owned());
            (text.id.to_owned(), arguments.collect())
        })
        .collect();
    if let Some(replies) = replies {
        let labels = replies
            .all()
            .iter()
            .map(|reply| format!("topic-{}", reply.id));
        let answers = replies.texts().map(str::to_owned);
        said.extend(labels.chain(answers).map(|id| (id, BTreeSet::new())));
    }
    for text in processes.into_iter().flat_map(said_texts) {
        said.entry(text.id).or_default().extend(text.arguments);
    }
    said
}

/// What is wrong with a text that somebody writes in place of another; `texts` are those that it may refer to, `given`
/// the arguments it is given.
pub fn check_text(
    id: &str,
    language: &Language,
    pattern: &str,
    given: &BTreeSet<String>,
    texts: &Texts,
) -> Vec<Problem> {
    let place = format!("texts.{id}.{language}");
    let problem = |message: &str| vec![Problem::new("settings", &place, message)];
    if pattern.trim().is_empty() {
        return problem("is empty; write the text");
    }
    let ftl = message(id, pattern);
    if let Err(bad) = Texts::new(language.clone()).add(language, &ftl) {
        let bad = bad.into_iter().map(|bad| {
            let line = bad.line.saturating_sub(1).max(1);
            Problem::new(
                "settings",
                &place,
                format!("line {line}: not valid Fluent: {}", bad.message),
            )
        });
        return bad.collect();
    }
    match &message_shapes(&ftl)[..] {
        [shape] if shape.id == id && shape.has_value && !shape.has_attributes => {
            let mut problems = check_arguments("settings", shape, given, texts, language);
            for problem in &mut problems {
                problem.place.clone_from(&place);
            }
            problems
        }
        _ => problem("begins something else; write one text"),
    }
}

pub(super) fn check(
    organisation: &Organisation,
    shared: &SharedFiles,
    own: &OrganisationFiles,
    said: &Said,
) -> Vec<Problem> {
    let spoken = &organisation.languages;
    let mut problems: Vec<Problem> = spoken
        .iter()
        .flat_map(|language| check_language(language, shared, own, said))
        .collect();
    for code in own.texts.keys() {
        if !spoken.iter().any(|language| language.as_str() == code) {
            let message = format!("'{code}' is not in languages; add it there or delete the file");
            problems.push(Problem::new(&own_file(own, code), "", message));
        }
    }
    problems
}

fn check_language(
    language: &Language,
    shared: &SharedFiles,
    own: &OrganisationFiles,
    said: &Said,
) -> Vec<Problem> {
    let code = language.as_str();
    let layers = [
        (
            format!("_templates/texts/{code}.ftl"),
            shared.texts.get(code),
        ),
        (own_file(own, code), own.texts.get(code)),
    ];
    let mut texts = Texts::new(language.clone());
    let mut problems = Vec::new();
    let mut shapes: BTreeMap<String, (String, MessageShape)> = BTreeMap::new();
    for (file, ftl) in &layers {
        let Some(ftl) = ftl else {
            problems.push(Problem::new(
                file,
                "",
                "is missing; every language has its own file",
            ));
            continue;
        };
        for bad in texts.add(language, ftl).err().unwrap_or_default() {
            problems.push(Problem::new(
                file,
                format!("line {}", bad.line),
                format!("not valid Fluent: {}", bad.message),
            ));
        }
        let mut seen = BTreeSet::new();
        for shape in message_shapes(ftl) {
            if !seen.insert(shape.id.clone()) {
                problems.push(Problem::new(
                    file,
                    &shape.id,
                    "stands twice; the first one would be lost",
                ));
            }
            shapes.insert(shape.id.clone(), (file.clone(), shape));
        }
    }
    for (id, given) in said {
        match shapes.get(id) {
            None => problems.push(Problem::new(
                &layers[1].0,
                id,
                "no such text in this language; write it here",
            )),
            Some((file, shape)) => {
                problems.extend(check_arguments(file, shape, given, &texts, language))
            }
        }
    }
    problems.extend(unused_topic_texts(&layers[1].0, &shapes, said));
    problems
}

fn check_arguments(
    file: &str,
    shape: &MessageShape,
    given: &BTreeSet<String>,
    texts: &Texts,
    language: &Language,
) -> Vec<Problem> {
    let never_given = shape
        .arguments
        .difference(given)
        .filter(|name| *name != ORGANISATION_ARGUMENT);
    let never_given = never_given.map(|name| {
        let message = format!("names {{ ${name} }}, which it is never given; take it out");
        Problem::new(file, &shape.id, message)
    });
    let dangling = shape
        .references
        .iter()
        .filter(|id| !texts.has(language, id))
        .map(|id| {
            Problem::new(
                file,
                &shape.id,
                format!("refers to '{id}', which does not exist"),
            )
        });
    never_given.chain(dangling).collect()
}

/// A label or answer without its reply is most likely an id mistyped.
fn unused_topic_texts(
    file: &str,
    shapes: &BTreeMap<String, (String, MessageShape)>,
    said: &Said,
) -> Vec<Problem> {
    let unused = shapes.keys().filter(|id| {
        (id.starts_with("topic-") || id.starts_with("answer-")) && !said.contains_key(*id)
    });
    unused
        .map(|id| {
            Problem::new(
                file,
                id,
                "belongs to no reply; correct the id or add the reply to replies.toml",
            )
        })
        .collect()
}

fn own_file(own: &OrganisationFiles, code: &str) -> String {
    format!("{}/texts/{code}.ftl", own.folder)
}
