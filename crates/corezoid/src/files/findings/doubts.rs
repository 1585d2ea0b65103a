//! What may not do what its author meant.

use serde_json::Value;
use vikno_process::{NodeDocument, StepDocument};

use super::Look;
use crate::files::report::Kind;

pub(super) fn tell(look: &mut Look<'_>) {
    paused(look);
    for node in look.nodes() {
        direct_address(look, node);
        for timer in node
            .condition
            .semaphors
            .iter()
            .filter(|step| step.kind == "time")
        {
            unit(look, node, timer);
        }
    }
    for (node, logic) in look.logics() {
        match logic.kind.as_str() {
            "set_param" => quoted(look, node, logic),
            "api" => outside(look, node, logic),
            _ => {}
        }
        secrets(look, node, logic);
    }
}

fn paused(look: &mut Look<'_>) {
    let document = &look.process.document;
    if !document.is_active() {
        let what = format!("its status is `{}`: it takes no tasks", document.status);
        let advice = "write \"status\": \"active\" when it is to run";
        look.tell(Kind::Doubtful, None, what, advice);
    }
}

/// Its options are JSON text: `{"direct_url":true,"type_auth":"no_auth"}`.
fn direct_address(look: &mut Look<'_>, node: &NodeDocument) {
    let options = match node.other.get("options") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or(Value::Null),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    if options["direct_url"] == true {
        let what = "outside systems may make tasks by its direct address".to_owned();
        let advice = "the address is another one here: give it to those who call, or have them sign their calls";
        look.tell(Kind::Doubtful, Some(node), what, advice);
    }
}

/// The unit trap: machine-written files hold seconds and name the unit for display only.
fn unit(look: &mut Look<'_>, node: &NodeDocument, timer: &StepDocument) {
    if let Some((value, unit)) = doubtful_unit(timer) {
        let what = format!(
            "a timer of {value} with the unit `{unit}`: exports hold {value} seconds there, people write {value} {unit}"
        );
        let advice = "write what is meant in seconds, with \"dimension\": \"sec\"";
        look.tell(Kind::Doubtful, Some(node), what, advice);
    }
}

pub(super) fn has_doubtful_timer(node: &NodeDocument) -> bool {
    node.condition
        .semaphors
        .iter()
        .any(|timer| doubtful_unit(timer).is_some())
}

fn doubtful_unit(timer: &StepDocument) -> Option<(i64, &str)> {
    let unit = timer.fields.get("dimension")?.as_str()?;
    let seconds = match unit {
        "min" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        _ => return None,
    };
    let value = match timer.fields.get("value")? {
        Value::String(text) => text.trim().parse().ok()?,
        value => value.as_i64()?,
    };
    (value >= seconds && value % seconds == 0).then_some((value, unit))
}

/// Editors before 2018 wrote texts as JSON.
fn quoted(look: &mut Look<'_>, node: &NodeDocument, logic: &StepDocument) {
    let values = logic.fields.get("extra").and_then(Value::as_object);
    for (key, value) in values.into_iter().flatten() {
        let text = value.as_str().unwrap_or_default();
        if text.len() >= 2 && text.starts_with('"') && text.ends_with('"') {
            let what =
                format!("`{key}` is set to a text in quotation marks, which stay in the text");
            let advice =
                "old editors wrote texts so: take the marks away if citizens should not see them";
            look.tell(Kind::Doubtful, Some(node), what, advice);
        } else if text.contains("\\n") {
            let what = format!(
                "`{key}` is set to a text with the two characters \\n in it, which is no line break"
            );
            let advice = "old editors wrote line breaks so: put a real line break there";
            look.tell(Kind::Doubtful, Some(node), what, advice);
        }
    }
}

/// Processes here reach outside by steps only.
fn outside(look: &mut Look<'_>, node: &NodeDocument, logic: &StepDocument) {
    let url = logic
        .fields
        .get("url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let advice = "processes here reach outside only through a step that is granted that host: have one added, or leave the call out";
    let Some(host) = host_of(url) else {
        if !url.is_empty() {
            let what = "calls an address that is worked out when the task runs".to_owned();
            look.tell(Kind::Doubtful, Some(node), what, advice);
        }
        return;
    };
    if !host.ends_with(".spin.internal") {
        look.tell(Kind::Doubtful, Some(node), format!("calls {host}"), advice);
    }
}

/// The host of an address, unless it is made of placeholders.
fn host_of(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty() && !host.contains('{')).then_some(host)
}

/// Headers that carry secrets.
const SECRET_HEADERS: [&str; 5] = [
    "authorization",
    "x-api-key",
    "api-key",
    "x-auth-token",
    "proxy-authorization",
];

/// Secrets in the file: their names are told, never their values.
fn secrets(look: &mut Look<'_>, node: &NodeDocument, logic: &StepDocument) {
    let is_written = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| !text.trim().is_empty() && !text.contains("{{"))
    };
    let fields = ["api_secret_outer", "cert_pem"].into_iter();
    let mut found: Vec<&str> = fields
        .filter(|field| logic.fields.get(*field).is_some_and(is_written))
        .collect();
    let headers = logic.fields.get("extra_headers").and_then(Value::as_object);
    for (name, value) in headers.into_iter().flatten() {
        if SECRET_HEADERS.contains(&name.to_ascii_lowercase().as_str()) && is_written(value) {
            found.push(name);
        }
    }
    for name in found {
        let what = format!("`{name}` holds what looks like a password or key");
        let advice = "take it out before the file goes into a repository: the step that makes the call holds its secrets";
        look.tell(Kind::Doubtful, Some(node), what, advice);
    }
}
