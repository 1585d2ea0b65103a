//! Reads the fields of a logic as it stands in the file.

use serde_json::{Map, Value};

use super::NodeProblems;
use crate::expression::{Assignment, Expression, Key};
use crate::logic::{NodeIndex, ProcessName};
use crate::template::{Finding, Template};
use crate::value::{ValueType, to_text};

/// The fields of one logic, for problems named by its type.
pub(super) struct Fields<'a, 'n> {
    pub(super) kind: &'a str,
    pub(super) map: &'a Map<String, Value>,
    pub(super) problems: &'a mut NodeProblems<'n>,
}

impl Fields<'_, '_> {
    pub(super) fn error(&mut self, message: &str) {
        let message = format!("{}: {message}", self.kind);
        self.problems.error(message);
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.map
            .get(name)
            .map(|value| to_text(value).into_owned())
            .unwrap_or_default()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.map.get(name), Some(Value::Bool(true))) || self.text(name) == "true"
    }

    pub(super) fn template(&mut self, name: &str) -> Template {
        let template = Template::parse(&self.text(name));
        self.tell(template.findings());
        template
    }

    /// Tells the author what is wrong or doubtful about a text.
    pub(super) fn tell(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            match finding {
                Finding::Error(message) => self.error(&message),
                Finding::Warning(message) => self.warning(&message),
            }
        }
    }

    pub(super) fn warning(&mut self, message: &str) {
        let message = format!("{}: {message}", self.kind);
        self.problems.warning(message);
    }

    /// Whether a field says anything.
    pub(super) fn is_given(&self, name: &str) -> bool {
        match self.map.get(name) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::String(text)) => !text.is_empty(),
            _ => true,
        }
    }

    pub(super) fn target(&mut self, name: &str) -> Option<NodeIndex> {
        let id = self.text(name);
        let found = self.problems.index.get(&id).copied();
        if found.is_none() {
            self.error(&match id.as_str() {
                "" => format!("`{name}` is missing; name the node to go to"),
                id => format!("`{name}` leads to `{id}`, which is no node of this process"),
            });
        }
        found
    }

    /// The outer `None` is a problem; the inner one, no error branch.
    pub(super) fn on_error(&mut self) -> Option<Option<NodeIndex>> {
        if self.text("err_node_id").is_empty() {
            return Some(None);
        }
        self.target("err_node_id").map(Some)
    }

    /// `{key: value}` under `name` with `{key: type}` under `types_name`.
    pub(super) fn assignments(&mut self, name: &str, types_name: &str) -> Vec<Assignment> {
        let nothing = Map::new();
        let values = match self.map.get(name) {
            Some(Value::Object(values)) => values,
            // An empty list stands for an empty object in some exports.
            Some(Value::Array(list)) if list.is_empty() => &nothing,
            None | Some(Value::Null) => &nothing,
            Some(_) => {
                self.error(&format!("`{name}` has to be an object of parameters"));
                &nothing
            }
        };
        let types = self
            .map
            .get(types_name)
            .and_then(Value::as_object)
            .unwrap_or(&nothing);
        values
            .iter()
            .filter_map(|(key, value)| self.assignment(key, value, types.get(key)))
            .collect()
    }

    fn assignment(
        &mut self,
        key: &str,
        value: &Value,
        declared: Option<&Value>,
    ) -> Option<Assignment> {
        let value = Expression::parse(value);
        self.tell(value.findings());
        let value_type = match declared.and_then(Value::as_str) {
            None | Some("") => None,
            Some(name) => {
                let known = ValueType::parse(name);
                if known.is_none() {
                    self.error(&format!(
                        "`{name}` is no type; `{key}` is a string, number, boolean, object or array"
                    ));
                }
                known
            }
        };
        match Key::parse(key) {
            Ok(key) => {
                self.tell(key.findings());
                Some(Assignment {
                    key,
                    value,
                    value_type,
                })
            }
            Err(error) => {
                self.error(&error.to_string());
                None
            }
        }
    }

    pub(super) fn process_name(&mut self) -> ProcessName {
        let name = self.template("conv_id");
        if name.as_literal() == Some("") {
            self.error("`conv_id` is missing; name the process to call, such as `@send-text`");
        }
        ProcessName(name)
    }

    /// Whether the whole data of the task goes along.
    pub(super) fn send_all(&mut self) -> bool {
        match self.text("group").as_str() {
            "all" => return true,
            "" => {}
            other => {
                let message = format!("`group` is \"all\" or empty, not `{other}`");
                self.error(&message);
            }
        }
        self.flag("send_parent_data")
    }
}
