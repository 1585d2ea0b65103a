//! Typed values of a logic (`extra` with `extra_type` and their kin): from the file's fields to the
//! JSON that a task, a call or a reply gets.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::data::{Data, Shared};
use crate::path::{Path, PathError};
use crate::template::{Finding, RenderError, Scope, Template};
use crate::value::{ValueType, to_text};

/// One value of a logic.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expression {
    /// A text, as exports write every value.
    Text(Template),
    /// A value written as JSON, as people do by hand; texts in it may hold placeholders.
    Tree(Tree),
}

/// JSON with templates for texts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Scalar(Value),
    Text(Template),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// A parameter that a logic sets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assignment {
    pub(crate) key: Key,
    pub(crate) value: Expression,
    pub(crate) value_type: Option<ValueType>,
}

/// Where a logic writes: known when the process loads, or made of placeholders.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Key {
    Fixed(Path),
    Dynamic(Template),
}

/// Why a value could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EvaluationError {
    #[error("`{parameter}` is not of type {wanted}")]
    WrongType {
        parameter: String,
        wanted: &'static str,
    },
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("the values are larger than a task may be")]
    TooLarge,
    #[error(transparent)]
    Function(RenderError),
}

impl From<RenderError> for EvaluationError {
    fn from(error: RenderError) -> Self {
        match error {
            RenderError::TooLong => Self::TooLarge,
            failed => Self::Function(failed),
        }
    }
}

impl Expression {
    pub(crate) fn parse(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::Text(Template::parse(text)),
            other => Self::Tree(Tree::parse(other)),
        }
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        match self {
            Self::Text(template) => template.findings(),
            Self::Tree(tree) => tree.findings(),
        }
    }

    /// The value in the declared type. `None` says that it does not convert.
    pub(crate) fn evaluate(
        &self,
        value_type: Option<ValueType>,
        scope: &Scope<'_>,
    ) -> Result<Option<Shared>, RenderError> {
        let template = match self {
            Self::Tree(tree) => {
                let value = tree.evaluate(scope)?;
                let converted = match value_type {
                    None => Some(value),
                    Some(declared) => declared.convert(value),
                };
                return Ok(converted.map(Shared::from));
            }
            Self::Text(template) => template,
        };
        let declared = value_type.unwrap_or(ValueType::String);
        if let Some(shared) = template.lone_shared(scope)
            && declared.is_of(shared.value())
        {
            return Ok(Some(shared.clone()));
        }
        if template.is_lone_placeholder() {
            let value = template
                .lone_value(scope)?
                .map_or(Value::String(String::new()), Cow::into_owned);
            return Ok(declared.convert(value).map(Shared::from));
        }
        if let (Some(text), ValueType::String) = (template.as_literal(), declared) {
            return Ok(Some(text.into()));
        }
        let text = match declared {
            ValueType::Object | ValueType::Array => template.render_json(scope)?,
            _ => template.render(scope)?,
        };
        Ok(declared.convert(Value::String(text)).map(Shared::from))
    }
}

impl Tree {
    fn parse(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::Text(Template::parse(text)),
            Value::Array(items) => Self::Array(items.iter().map(Self::parse).collect()),
            Value::Object(fields) => Self::Object(
                fields
                    .iter()
                    .map(|(key, value)| (key.clone(), Self::parse(value)))
                    .collect(),
            ),
            scalar => Self::Scalar(scalar.clone()),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        match self {
            Self::Scalar(_) => Vec::new(),
            Self::Text(template) => template.findings(),
            Self::Array(items) => items.iter().flat_map(Self::findings).collect(),
            Self::Object(fields) => fields
                .iter()
                .flat_map(|(_, value)| value.findings())
                .collect(),
        }
    }

    /// A lone placeholder keeps the type of its value; a missing one is null.
    fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, RenderError> {
        Ok(match self {
            Self::Scalar(value) => value.clone(),
            Self::Text(template) if template.is_lone_placeholder() => template
                .lone_value(scope)?
                .map_or(Value::Null, Cow::into_owned),
            Self::Text(template) => Value::String(template.render(scope)?),
            Self::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| item.evaluate(scope))
                    .collect::<Result<_, _>>()?,
            ),
            Self::Object(fields) => {
                let evaluated = fields
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), value.evaluate(scope)?)));
                Value::Object(evaluated.collect::<Result<_, RenderError>>()?)
            }
        })
    }
}

impl Key {
    pub(crate) fn parse(text: &str) -> Result<Self, PathError> {
        let template = Template::parse(text);
        match template.as_literal() {
            Some(literal) => Ok(Self::Fixed(Path::parse(literal)?)),
            None => Ok(Self::Dynamic(template)),
        }
    }

    fn resolve(&self, scope: &Scope<'_>) -> Result<Cow<'_, Path>, EvaluationError> {
        match self {
            Self::Fixed(path) => Ok(Cow::Borrowed(path)),
            Self::Dynamic(template) => Ok(Cow::Owned(Path::parse(&template.render(scope)?)?)),
        }
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Dynamic(template) => template.findings(),
        }
    }

    fn name(&self, scope: &Scope<'_>) -> String {
        match self {
            Self::Fixed(path) => path.first().to_owned(),
            Self::Dynamic(template) => template.render(scope).unwrap_or_default(),
        }
    }
}

/// Writes all assignments into `target`, each computed from `scope` as it was before any of them. With an
/// error `target` may be half-written: the caller drops it, so that none applies.
pub(crate) fn assign(
    assignments: &[Assignment],
    scope: &Scope<'_>,
    target: &mut Data,
) -> Result<(), EvaluationError> {
    let mut bytes = 0;
    for assignment in assignments {
        let value = assignment.value.evaluate(assignment.value_type, scope)?;
        let value = value.ok_or_else(|| EvaluationError::WrongType {
            parameter: assignment.key.name(scope),
            wanted: assignment.value_type.map_or("string", ValueType::name),
        })?;
        bytes += value.size().bytes;
        if bytes > scope.bytes_max {
            return Err(EvaluationError::TooLarge);
        }
        assignment.key.resolve(scope)?.set(target, value)?;
    }
    Ok(())
}

/// The fields as texts: header values and query parameters.
pub(crate) fn texts(values: &Map<String, Value>) -> Vec<(String, String)> {
    values
        .iter()
        .map(|(key, value)| (key.clone(), to_text(value).into_owned()))
        .collect()
}
