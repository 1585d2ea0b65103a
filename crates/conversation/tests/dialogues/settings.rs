//! Settings of an organisation that has nothing of its own.

use std::collections::BTreeMap;

use vikno_conversation::{Outside, Settings};
use vikno_domain::{Language, OrgId};

pub fn settings() -> Settings {
    let language = Language::parse("uk").unwrap();
    Settings {
        org: OrgId::parse("ukc").unwrap(),
        languages: vec![language.clone()],
        default_language: language,
        queues: vec!["main".to_owned(), "other".to_owned()],
        default_queue: "main".to_owned(),
        reachable: Vec::new(),
        shares_name: true,
        shares_history: true,
        environment: BTreeMap::new(),
        outside: Outside::default(),
        remembers_data: false,
    }
}
