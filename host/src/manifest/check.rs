//! From the manifest as written to the manifest as checked. Finds every problem, not only the first.

use super::{
    Component, CronTrigger, Dependency, HttpTrigger, Manifest, Mount, Route, Variable, wire,
};
use crate::grants::HostPattern;
use crate::variables::Template;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::str::FromStr;
use toml::{Table, Value};

/// A component's memory may not exceed what 32-bit wasm can address.
const MEMORY_MB_MAX: u32 = 4096;

pub(super) fn check(wire: wire::Manifest) -> Result<Manifest, Vec<String>> {
    let mut problems = Problems::default();
    if wire.spin_manifest_version != 2 {
        problems.add("", "spin_manifest_version must be 2");
    }
    if let Some(base) = wire
        .application
        .trigger
        .get("http")
        .and_then(|t| t.get("base"))
        && base.as_str() != Some("/")
    {
        problems.add(
            "application.trigger.http",
            "`base` other than \"/\" is not supported: write it into the routes",
        );
    }

    let mut variables = BTreeMap::new();
    for (name, variable) in wire.variables {
        let at = format!("variables.{name}");
        if !is_snake_case(&name) {
            problems.add(
                &at,
                "names are snake_case: lower-case letters, digits and _",
            );
        }
        if variable.required == variable.default.is_some() {
            problems.add(&at, "give either `default = \"…\"` or `required = true`");
        }
        variables.insert(
            name,
            Variable {
                default: variable.default,
                secret: variable.secret,
            },
        );
    }

    let mut components = BTreeMap::new();
    for (id, component) in wire.component {
        let at = format!("component.{id}");
        if !is_kebab_case(&id) {
            problems.add(&at, "ids are kebab-case: lower-case letters, digits and -");
        }
        let component = check_component(&at, component, &variables, &mut problems);
        components.insert(id, component);
    }

    let rules = table(
        "application.tool.vikno",
        wire.application.tool.get("vikno"),
        &mut problems,
    );
    keep_readers(rules, &mut components, &mut problems);

    let (http, cron) = check_triggers(wire.trigger, &components, &mut problems);
    if problems.0.is_empty() {
        Ok(Manifest {
            name: wire.application.name,
            variables,
            components,
            http,
            cron,
        })
    } else {
        Err(problems.0)
    }
}

fn check_component(
    at: &str,
    wire: wire::Component,
    variables: &BTreeMap<String, Variable>,
    problems: &mut Problems,
) -> Component {
    let source = match wire.source {
        Value::String(path) => PathBuf::from(path),
        _ => {
            problems.add(
                at,
                "`source` must be a path: this host downloads nothing by itself",
            );
            PathBuf::new()
        }
    };
    if !wire.ai_models.is_empty() {
        problems.add(at, "`ai_models` are not offered by this host");
    }

    let mut template = |at: String, text: String| match Template::parse(&text) {
        Ok(template) => {
            for name in template.names() {
                if !variables.contains_key(name) {
                    problems.add(&at, format!("`{name}` is not defined in [variables]"));
                }
            }
            Some(template)
        }
        Err(problem) => {
            problems.add(&at, problem);
            None
        }
    };
    let values = wire
        .variables
        .into_iter()
        .filter_map(|(name, text)| {
            let template = template(format!("{at}.variables.{name}"), text)?;
            Some((name, template))
        })
        .collect();
    let hosts: Vec<Template> = wire
        .allowed_outbound_hosts
        .into_iter()
        .filter_map(|text| template(format!("{at}.allowed_outbound_hosts"), text))
        .collect();
    for host in hosts.iter().filter_map(Template::literal) {
        if let Err(problem) = HostPattern::from_str(host) {
            problems.add(&format!("{at}.allowed_outbound_hosts"), problem);
        }
    }

    let limits: wire::Limits = table(
        &format!("{at}.tool.vikno"),
        wire.tool.get("vikno"),
        problems,
    );
    for (name, value) in [
        ("timeout_s", limits.timeout_s),
        ("instance_calls", limits.instance_calls),
        ("instance_idle_s", limits.instance_idle_s),
    ] {
        if value == Some(0) {
            problems.add(
                &format!("{at}.tool.vikno"),
                format!("`{name}` must be above 0"),
            );
        }
    }
    if limits
        .memory_mb
        .is_some_and(|megabytes| !(1..=MEMORY_MB_MAX).contains(&megabytes))
    {
        problems.add(
            &format!("{at}.tool.vikno"),
            format!("`memory_mb` must be 1 to {MEMORY_MB_MAX}"),
        );
    }

    let inherits = wire.dependencies_inherit_configuration;
    let dependencies = wire
        .dependencies
        .into_iter()
        .filter_map(|(name, value)| {
            let at = format!("{at}.dependencies.{name}");
            let dependency = check_dependency(&at, value, inherits, problems)?;
            Some((name, dependency))
        })
        .collect();
    Component {
        source,
        variables: values,
        environment: wire.environment,
        files: wire
            .files
            .into_iter()
            .map(|mount| check_mount(at, mount, problems))
            .collect(),
        exclude_files: wire.exclude_files,
        allowed_outbound_hosts: hosts,
        key_value_stores: labels(at, "key_value_stores", wire.key_value_stores, problems),
        key_value_read_only: BTreeSet::new(),
        sqlite_databases: labels(at, "sqlite_databases", wire.sqlite_databases, problems),
        dependencies,
        timeout_s: limits.timeout_s,
        memory_mb: limits.memory_mb,
        instance_calls: limits.instance_calls,
        instance_idle_s: limits.instance_idle_s,
    }
}

fn table<T: Default + DeserializeOwned>(
    at: &str,
    table: Option<&Table>,
    problems: &mut Problems,
) -> T {
    let Some(table) = table.cloned() else {
        return T::default();
    };
    table.try_into().unwrap_or_else(|error: toml::de::Error| {
        problems.add(at, error.message());
        T::default()
    })
}

/// Where writers of a store are named, the others only read.
fn keep_readers(
    rules: wire::Rules,
    components: &mut BTreeMap<String, Component>,
    problems: &mut Problems,
) {
    for (label, writers) in rules.key_value_writers {
        let granted = |component: Option<&Component>| {
            component.is_some_and(|it| it.key_value_stores.contains(&label))
        };
        for writer in &writers {
            if !granted(components.get(writer)) {
                let at = format!("application.tool.vikno.key_value_writers.{label}");
                problems.add(&at, format!("no component {writer:?} has that store"));
            }
        }
        for (id, component) in components.iter_mut() {
            if component.key_value_stores.contains(&label) && !writers.contains(id) {
                component.key_value_read_only.insert(label.clone());
            }
        }
    }
}

fn check_mount(at: &str, mount: wire::Mount, problems: &mut Problems) -> Mount {
    match mount {
        wire::Mount::Pattern(pattern) => Mount::Pattern(pattern),
        wire::Mount::Placed {
            source,
            destination,
        } => {
            let leaves = destination.split('/').any(|part| part == "..");
            if !destination.starts_with('/') || leaves {
                problems.add(
                    &format!("{at}.files"),
                    format!("destination {destination:?} must start with / and stay inside"),
                );
            }
            Mount::Placed {
                source,
                destination,
            }
        }
    }
}

fn check_dependency(
    at: &str,
    value: Value,
    inherits: bool,
    problems: &mut Problems,
) -> Option<Dependency> {
    match value.try_into::<wire::Dependency>() {
        Ok(wire) => Some(Dependency {
            path: wire.path,
            export: wire.export,
            inherits: wire.inherit_configuration.unwrap_or(inherits),
        }),
        Err(error) => {
            let problem = format!("write `{{ path = \"….wasm\" }}`: {}", error.message());
            problems.add(at, problem);
            None
        }
    }
}

fn labels(at: &str, key: &str, labels: Vec<String>, problems: &mut Problems) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for label in labels {
        if !is_kebab_case(&label) && !is_snake_case(&label) {
            problems.add(
                &format!("{at}.{key}"),
                format!("label {label:?} must be kebab-case or snake_case"),
            );
        }
        found.insert(label);
    }
    found
}

fn check_triggers(
    triggers: BTreeMap<String, Vec<Table>>,
    components: &BTreeMap<String, Component>,
    problems: &mut Problems,
) -> (Vec<HttpTrigger>, Vec<CronTrigger>) {
    let mut http: Vec<HttpTrigger> = Vec::new();
    let mut cron = Vec::new();
    for (kind, entries) in triggers {
        for (index, entry) in entries.into_iter().enumerate() {
            let at = format!("trigger.{kind}[{index}]");
            let Some(component) = component_of(&at, &entry, components, problems) else {
                continue;
            };
            match kind.as_str() {
                "http" => {
                    if let Some(route) = check_route(&at, &entry, problems) {
                        if let Some(twin) = http
                            .iter()
                            .find(|other| route.is_some() && other.route == route)
                        {
                            let problem =
                                format!("component {:?} has the same route", twin.component);
                            problems.add(&at, problem);
                        }
                        http.push(HttpTrigger { component, route });
                    }
                }
                "cron" => match entry.get("cron_expression").and_then(Value::as_str) {
                    Some(expression) => {
                        if let Err(problem) = crate::cron::parse(expression) {
                            problems.add(&at, problem);
                        }
                        cron.push(CronTrigger {
                            component,
                            cron_expression: expression.to_owned(),
                        });
                    }
                    None => problems.add(&at, "`cron_expression` is missing"),
                },
                other => problems.add(&at, format!("this host has no {other:?} trigger")),
            }
        }
    }
    (http, cron)
}

fn component_of(
    at: &str,
    entry: &Table,
    components: &BTreeMap<String, Component>,
    problems: &mut Problems,
) -> Option<String> {
    match entry.get("component") {
        Some(Value::String(id)) if components.contains_key(id) => Some(id.clone()),
        Some(Value::String(id)) => {
            problems.add(at, format!("there is no [component.{id}]"));
            None
        }
        _ => {
            problems.add(at, "`component` must name a [component.…] of this file");
            None
        }
    }
}

fn check_route(at: &str, entry: &Table, problems: &mut Problems) -> Option<Option<Route>> {
    let route = entry.get("route").cloned().map(Value::try_into);
    match route {
        Some(Ok(wire::Route::Path(path))) => match Route::parse(&path) {
            Ok(route) => Some(Some(route)),
            Err(problem) => {
                problems.add(at, problem);
                None
            }
        },
        Some(Ok(wire::Route::Private { private: true })) => Some(None),
        _ => {
            problems.add(at, "`route` must be a path or `{ private = true }`");
            None
        }
    }
}

#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    fn add(&mut self, at: &str, problem: impl AsRef<str>) {
        let problem = problem.as_ref();
        self.0.push(if at.is_empty() {
            problem.to_owned()
        } else {
            format!("{at}: {problem}")
        });
    }
}

fn is_kebab_case(text: &str) -> bool {
    is_words(text, '-')
}

fn is_snake_case(text: &str) -> bool {
    is_words(text, '_')
}

/// Words of lower-case letters and digits, each beginning with a letter.
fn is_words(text: &str, separator: char) -> bool {
    text.split(separator).all(|word| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    })
}
