//! A dependency that tries to reach what its dependent was granted. For the host's tests only.

#[expect(unsafe_code, reason = "generated code")]
mod bindings {
    wit_bindgen::generate!({ path: "../parts", world: "dependency" });
    use super::Dependency;
    export!(Dependency);
}

use std::collections::HashMap;

struct Dependency;

impl bindings::exports::probe::parts::api::Guest for Dependency {
    fn get(what: String) -> String {
        match what.split_once(' ') {
            None if what == "random" => {
                // A map's hash keys come from the host's source of chance.
                HashMap::from([(what, "chance")]).into_values().collect()
            }
            Some(("environment", name)) => std::env::var(name).unwrap_or_default(),
            Some(("file", path)) => std::fs::read_to_string(path).unwrap_or_default(),
            _ => what,
        }
    }
}
