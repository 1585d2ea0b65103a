//! Application variables: defaults, values from outside, templates. Values are never logged.

use crate::manifest::Variable;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Environment variables that set application variables begin with this.
const PREFIX: &str = "SPIN_VARIABLE_";

/// Text with `{{ name }}` in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, Eq, PartialEq)]
enum Part {
    Text(String),
    Name(String),
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else {
                return Err(format!("{text:?} has `{{{{` without `}}}}`"));
            };
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Name(name.trim().to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// The variables it uses.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// Its text, where it uses no variable.
    pub fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Its text with the variables' values.
    pub fn render(&self, values: &BTreeMap<String, String>) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.as_str(),
                Part::Name(name) => values.get(name).map_or("", String::as_str),
            })
            .collect()
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text: String = self
            .0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Name(name) => format!("{{{{ {name} }}}}"),
            })
            .collect();
        serializer.serialize_str(&text)
    }
}

/// Where values come from, the first that has one wins: overrides, environment, `.env`.
#[derive(Default)]
pub struct Sources {
    overrides: BTreeMap<String, String>,
    environment: HashMap<String, String>,
    dotenv: HashMap<String, String>,
}

impl Sources {
    /// Reads this process's environment and the `.env` file beside the manifest.
    pub fn new(overrides: BTreeMap<String, String>, folder: &Path) -> Self {
        let dotenv = std::fs::read_to_string(folder.join(".env")).unwrap_or_default();
        Self {
            overrides,
            environment: std::env::vars()
                .filter(|(name, _)| name.starts_with(PREFIX))
                .collect(),
            dotenv: parse_dotenv(&dotenv),
        }
    }

    /// The value of every variable; the error names those that must be set and are not.
    pub fn resolve(
        &self,
        variables: &BTreeMap<String, Variable>,
    ) -> Result<BTreeMap<String, String>, Vec<String>> {
        let mut values = BTreeMap::new();
        let mut problems = Vec::new();
        for (name, variable) in variables {
            let key = format!("{PREFIX}{}", name.to_ascii_uppercase());
            let value = self
                .overrides
                .get(name)
                .or_else(|| self.environment.get(&key))
                .or_else(|| self.dotenv.get(&key))
                .or(variable.default.as_ref());
            match value {
                Some(value) => {
                    values.insert(name.clone(), value.clone());
                }
                None => problems.push(format!(
                    "variables.{name}: a value is required; set {key} in the environment or in .env"
                )),
            }
        }
        if problems.is_empty() {
            Ok(values)
        } else {
            Err(problems)
        }
    }
}

/// Lines of `NAME=value`; a value may stand in quotes, `export` and comments are allowed.
fn parse_dotenv(text: &str) -> HashMap<String, String> {
    text.lines()
        .map(|line| line.trim().trim_start_matches("export "))
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| {
            let value = value.trim();
            let unquoted = ['"', '\'']
                .iter()
                .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
            (name.trim().to_owned(), unquoted.unwrap_or(value).to_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(overrides: &[(&str, &str)], environment: &[(&str, &str)], dotenv: &str) -> Sources {
        let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect()
        };
        Sources {
            overrides: own(overrides).into_iter().collect(),
            environment: own(environment).into_iter().collect(),
            dotenv: parse_dotenv(dotenv),
        }
    }

    fn variable(default: Option<&str>) -> BTreeMap<String, Variable> {
        let variable = Variable {
            default: default.map(String::from),
            secret: false,
        };
        BTreeMap::from([("api_url".to_owned(), variable)])
    }

    #[test]
    fn overrides_win_over_environment_over_dotenv_over_default() {
        let over = [("api_url", "override")];
        let environment = [("SPIN_VARIABLE_API_URL", "environment")];
        let dotenv = "SPIN_VARIABLE_API_URL=\"dotenv\"";
        for (sources, expected) in [
            (sources(&over, &environment, dotenv), "override"),
            (sources(&[], &environment, dotenv), "environment"),
            (sources(&[], &[], dotenv), "dotenv"),
            (sources(&[], &[], "# nothing"), "default"),
        ] {
            let values = sources.resolve(&variable(Some("default"))).unwrap();
            assert_eq!(values["api_url"], expected);
        }
    }

    #[test]
    fn a_required_variable_without_a_value_is_named_with_what_to_set() {
        let problems = sources(&[], &[], "").resolve(&variable(None)).unwrap_err();
        assert!(problems[0].contains("SPIN_VARIABLE_API_URL"));
    }

    #[test]
    fn templates_are_filled_in() {
        let values = BTreeMap::from([("api_url".to_owned(), "http://localhost:1".to_owned())]);
        let template = Template::parse("{{ api_url }}/x{{api_url}}").unwrap();
        assert_eq!(
            template.render(&values),
            "http://localhost:1/xhttp://localhost:1"
        );
        assert!(Template::parse("{{ api_url").is_err());
    }
}
