//! Texts: every id that is said exists in every language of the organisation, names no argument that
//! it is not given, and stands once in its file.

use super::{OrganisationFiles, SharedFiles};
use crate::{ORGANISATION_ARGUMENT, Organisation, Problem, USED_TEXTS};
use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::Language;
use vikno_replies::Replies;
use vikno_texts::{MessageShape, Texts, message_shapes};

/// Text ids with the arguments they are given.
pub(super) type Said = BTreeMap<String, BTreeSet<String>>;

/// What the steps say whatever the organisation.
pub(super) fn said_by_steps() -> Said {
    let fixed = USED_TEXTS.iter().map(|text| {
        let arguments = text.arguments.iter().map(|name| (*name).to_owned());
        (text.id.to_owned(), arguments.collect())
    });
    fixed.collect()
}

/// Labels and answers of the automatic replies.
pub(super) fn said_by_replies(replies: &Replies) -> Said {
    let labels = replies
        .all()
        .iter()
        .map(|reply| format!("topic-{}", reply.id));
    let answers = replies.texts().map(str::to_owned);
    labels
        .chain(answers)
        .map(|id| (id, BTreeSet::new()))
        .collect()
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
