//! What a Fluent file holds, for checks: its text ids and the arguments they name. It renders nothing.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser::parse;
use std::collections::BTreeSet;

/// One text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageShape {
    /// The text's id.
    pub id: String,
    /// Arguments it names, without the `$`.
    pub arguments: BTreeSet<String>,
    /// Other texts it is put together from.
    pub references: BTreeSet<String>,
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
            };
            if let Some(pattern) = &message.value {
                visit_pattern(pattern, &mut shape);
            }
            shape
        })
        .collect()
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
