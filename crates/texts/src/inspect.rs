//! What a Fluent file holds, for checks: its text ids and the arguments they name. It renders nothing.

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource,
};
use fluent_syntax::parser::parse;
use fluent_syntax::serializer::serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageShape {
    /// The text's id.
    pub id: String,
    /// Arguments it names, without the `$`.
    pub arguments: BTreeSet<String>,
    /// Other texts it is put together from.
    pub references: BTreeSet<String>,
    /// Whether it says anything by itself.
    pub has_value: bool,
    /// Whether it has attributes, which nothing here says.
    pub has_attributes: bool,
}

/// The texts of a file in its order; an id that stands twice is there twice. Entries that cannot be
/// read are left out (adding the file to `Texts` reports them).
pub fn message_shapes(ftl: &str) -> Vec<MessageShape> {
    let resource = match parse(ftl) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let messages = resource.body.iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message),
        _ => None,
    });
    messages
        .map(|message| {
            let mut shape = MessageShape {
                id: message.id.name.to_owned(),
                arguments: BTreeSet::new(),
                references: BTreeSet::new(),
                has_value: message.value.is_some(),
                has_attributes: !message.attributes.is_empty(),
            };
            if let Some(pattern) = &message.value {
                visit_pattern(pattern, &mut shape);
            }
            shape
        })
        .collect()
}

/// What each text of a file says, as it is written there but without its indentation: an id with its pattern.
pub fn patterns(ftl: &str) -> BTreeMap<String, String> {
    let resource = match parse(ftl) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let messages = resource.body.into_iter().filter_map(|entry| match entry {
        Entry::Message(message) if message.value.is_some() => Some(message),
        _ => None,
    });
    messages
        .map(|message| {
            let id = message.id.name.to_owned();
            let alone = Message {
                attributes: Vec::new(),
                comment: None,
                ..message
            };
            let written = serialize(&Resource {
                body: vec![Entry::Message(alone)],
            });
            (id, unindented(&written))
        })
        .collect()
}

fn unindented(written: &str) -> String {
    let pattern = written.split_once('=').map_or("", |(_, pattern)| pattern);
    let lines = pattern.trim_start_matches([' ']).lines();
    let lines: Vec<&str> = lines
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn visit_pattern(pattern: &Pattern<&str>, shape: &mut MessageShape) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            visit_expression(expression, shape);
        }
    }
}

fn visit_expression(expression: &Expression<&str>, shape: &mut MessageShape) {
    match expression {
        Expression::Inline(inline) => visit_inline(inline, shape),
        Expression::Select { selector, variants } => {
            visit_inline(selector, shape);
            for variant in variants {
                visit_pattern(&variant.value, shape);
            }
        }
    }
}

fn visit_inline(inline: &InlineExpression<&str>, shape: &mut MessageShape) {
    match inline {
        InlineExpression::VariableReference { id } => {
            shape.arguments.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            shape.references.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => visit_expression(expression, shape),
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::FunctionReference { .. }
        | InlineExpression::TermReference { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_found_in_selectors_variants_and_nested_braces() {
        let shapes = message_shapes(
            "a = { $n ->\n    [one] { $n } for { $who }\n   *[other] { { $deep } } { b }\n}\nb = plain\n",
        );
        assert_eq!(
            shapes
                .iter()
                .map(|shape| shape.id.as_str())
                .collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert_eq!(
            shapes[0].arguments,
            BTreeSet::from(["n", "who", "deep"].map(String::from))
        );
        assert_eq!(shapes[0].references, BTreeSet::from(["b".to_owned()]));
        assert_eq!(shapes[1].arguments, BTreeSet::new());
    }

    #[test]
    fn an_id_that_stands_twice_is_reported_twice() {
        assert_eq!(message_shapes("a = 1\na = 2\n").len(), 2);
    }
}
