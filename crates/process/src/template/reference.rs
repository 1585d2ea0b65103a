//! Placeholders: what `{{…}}` stands for, read once and looked up when a task passes.

use std::borrow::Cow;

use serde_json::Value;

use super::Template;
use super::scan::split_at_close;
use super::scope::{RenderError, Scope};
use crate::data::Shared;
use crate::limits::PLACEHOLDER_DEPTH_MAX;
use crate::path::Path;

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reference {
    Data(Path),
    Root(String),
    Environment(String, Option<Path>),
    /// A placeholder with placeholders inside: its own text is rendered first.
    Nested {
        text: Box<Template>,
        environment: bool,
    },
    /// The data of another task. Its parts are texts of their own, so that no value can reach out of its bracket.
    State {
        process: Template,
        reference: Template,
        path: Option<Template>,
    },
    /// A counter, a sum or a callback URL of a node.
    Counter {
        process: Option<Template>,
        node: Template,
        what: Template,
    },
}

impl Reference {
    pub(super) fn parse(inner: &str, depth: usize) -> Option<Self> {
        let inner = inner.trim();
        if let Some(elsewhere) = elsewhere(inner, depth) {
            return Some(elsewhere);
        }
        if inner.contains("{{") {
            if inner.contains('"') || depth >= PLACEHOLDER_DEPTH_MAX {
                return None;
            }
            let text = Box::new(Template::parse_at(inner, depth + 1));
            return Some(Self::Nested {
                text,
                environment: inner.starts_with("env_var["),
            });
        }
        if let Some(variable) = inner.strip_prefix("env_var[") {
            let (name, path) = variable.split_once(']')?;
            let name = name.trim().trim_start_matches('@');
            return match path.strip_prefix('.') {
                Some(path) => Some(Self::Environment(
                    name.to_owned(),
                    Some(Path::parse(path).ok()?),
                )),
                None if path.is_empty() => Some(Self::Environment(name.to_owned(), None)),
                None => None,
            };
        }
        match inner.strip_prefix("root.") {
            Some(field) if ROOT_FIELDS.contains(&field) => Some(Self::Root(field.to_owned())),
            _ => Path::parse(inner).ok().map(Self::Data),
        }
    }

    pub(super) fn resolve<'a>(
        &self,
        scope: &Scope<'a>,
    ) -> Result<Option<Cow<'a, Value>>, RenderError> {
        Ok(match self {
            Self::Data(path) => {
                let overlaid = scope
                    .overlay
                    .filter(|overlay| overlay.contains_key(path.first()));
                match overlaid {
                    Some(overlay) => path.get_in(overlay).map(Cow::Borrowed),
                    None => path.get(scope.data).map(Cow::Borrowed),
                }
            }
            Self::Root(field) => scope.facts.root(field).map(Cow::Owned),
            Self::Environment(name, path) => variable(scope, name, path.as_ref()),
            Self::Nested { text, environment } => {
                let inner = text.render(scope)?;
                match Self::parse(&inner, PLACEHOLDER_DEPTH_MAX) {
                    // A citizen's text may choose among parameters, but only the author may reach for a variable
                    // or for another task.
                    Some(found @ (Self::Data(_) | Self::Root(_))) => found.resolve(scope)?,
                    Some(found @ Self::Environment(..)) if *environment => found.resolve(scope)?,
                    _ => None,
                }
            }
            Self::State {
                process,
                reference,
                path,
            } => {
                let (process, reference) = (process.render(scope)?, reference.render(scope)?);
                let path = match path {
                    None => None,
                    Some(path) => match Path::parse(&path.render(scope)?) {
                        Ok(path) => Some(path),
                        Err(_) => return Ok(None),
                    },
                };
                let data = scope.facts.state(process.trim(), reference.trim());
                data.and_then(|data| match &path {
                    Some(path) => path.get(&data).cloned(),
                    None => Some(data.to_value()),
                })
                .map(Cow::Owned)
            }
            Self::Counter {
                process,
                node,
                what,
            } => {
                let process = match process {
                    Some(process) => Some(process.render(scope)?),
                    None => None,
                };
                let (node, what) = (node.render(scope)?, what.render(scope)?);
                let process = process.as_deref().map(str::trim);
                let found = scope.facts.counter(process, node.trim(), what.trim());
                found.map(Cow::Owned)
            }
        })
    }

    /// The task's own parameter, if that is what it stands for.
    pub(super) fn shared<'a>(&self, scope: &Scope<'a>) -> Option<&'a Shared> {
        match self {
            Self::Data(path) if scope.overlay.is_none() => path.get_shared(scope.data),
            _ => None,
        }
    }

    /// The texts inside it.
    pub(super) fn texts(&self) -> Vec<&Template> {
        match self {
            Self::Data(_) | Self::Root(_) | Self::Environment(..) => Vec::new(),
            Self::Nested { text, .. } => vec![text],
            Self::State {
                process,
                reference,
                path,
            } => [process, reference].into_iter().chain(path).collect(),
            Self::Counter {
                process,
                node,
                what,
            } => process.iter().chain([node, what]).collect(),
        }
    }
}

fn variable<'a>(scope: &Scope<'a>, name: &str, path: Option<&Path>) -> Option<Cow<'a, Value>> {
    let value = scope.environment.get(name)?;
    match (path, value) {
        (None, value) => Some(Cow::Borrowed(value)),
        (Some(path), Value::Object(object)) => path.get_in(object).map(Cow::Borrowed),
        (Some(path), Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Object(object)) => path.get_in(&object).cloned().map(Cow::Owned),
            _ => None,
        },
        _ => None,
    }
}

/// `conv[P].ref[R]`, `conv[P].ref[R].path`, `conv[P].node[N].what`, `node[N].what`; `proc[` is another word for
/// `conv[`.
fn elsewhere(inner: &str, depth: usize) -> Option<Reference> {
    if depth >= PLACEHOLDER_DEPTH_MAX {
        return None;
    }
    let text = |text: &str| Template::parse_at(text.trim(), depth + 1);
    if let Some(rest) = inner.strip_prefix("node[") {
        let (node, rest) = bracket(rest)?;
        return Some(Reference::Counter {
            process: None,
            node: text(node),
            what: text(rest.strip_prefix('.').filter(|what| !what.is_empty())?),
        });
    }
    let rest = inner
        .strip_prefix("conv[")
        .or_else(|| inner.strip_prefix("proc["))?;
    let (process, rest) = bracket(rest)?;
    if let Some(rest) = rest.strip_prefix(".node[") {
        let (node, rest) = bracket(rest)?;
        return Some(Reference::Counter {
            process: Some(text(process)),
            node: text(node),
            what: text(rest.strip_prefix('.').filter(|what| !what.is_empty())?),
        });
    }
    let (reference, rest) = bracket(rest.strip_prefix(".ref[")?)?;
    let path = match rest.strip_prefix('.') {
        Some(path) if !path.is_empty() => Some(text(path)),
        None if rest.is_empty() => None,
        _ => return None,
    };
    Some(Reference::State {
        process: text(process),
        reference: text(reference),
        path,
    })
}

fn bracket(text: &str) -> Option<(&str, &str)> {
    split_at_close(text, b'[', b']')
}

const ROOT_FIELDS: [&str; 11] = [
    "task_id",
    "ref",
    "conv_id",
    "node_id",
    "prev_node_id",
    "node_name",
    "status",
    "create_time",
    "change_time",
    "end_time",
    "user_id",
];
