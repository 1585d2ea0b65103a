//! The organisations' settings and texts, from the read-only mount `/organisations`; read once an instance.
//! A new release of them is a new deployment, so nothing here can grow stale.

use crate::Problem;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use vikno_domain::{OrgId, StepError};
use vikno_organisation::Organisation;

const FOLDER: &str = "/organisations";

thread_local! {
    static SETTINGS: RefCell<HashMap<OrgId, Rc<Organisation>>> = RefCell::default();
    /// Those of them that this deployment serves.
    static SERVED: RefCell<HashMap<OrgId, Rc<Organisation>>> = RefCell::default();
}

/// The settings of an organisation of this installation.
pub fn organisation(org: &OrgId) -> Result<Rc<Organisation>, StepError> {
    if let Some(known) = SETTINGS.with_borrow(|all| all.get(org).cloned()) {
        return Ok(known);
    }
    let path = format!("{FOLDER}/{org}/organisation.toml");
    let toml = std::fs::read_to_string(&path)
        .map_err(|error| StepError::terminal("unknown_organisation", format!("{path}: {error}")))?;
    let settings = Organisation::parse(&toml).map_err(|problems| {
        let first = problems
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        StepError::terminal("invalid_settings", first)
    })?;
    let settings = Rc::new(settings);
    SETTINGS.with_borrow_mut(|all| all.insert(org.clone(), settings.clone()));
    Ok(settings)
}

/// The settings of an organisation that this deployment serves, for a route of its own.
pub async fn served_organisation(org: &OrgId) -> Result<Rc<Organisation>, Problem> {
    // On the way of every request: the list is read once for each organisation, not each time.
    if let Some(known) = SERVED.with_borrow(|served| served.get(org).cloned()) {
        return Ok(known);
    }
    let unknown = || {
        let detail = format!("There is no organisation '{org}' here.");
        Problem::new(404, "unknown_organisation", detail)
    };
    if !crate::served_organisations().await.contains(org) {
        return Err(unknown());
    }
    let settings = organisation(org).map_err(|error| match error.code.as_str() {
        "unknown_organisation" => unknown().internal(error),
        _ => Problem::fault(error),
    })?;
    SERVED.with_borrow_mut(|served| served.insert(org.clone(), settings.clone()));
    Ok(settings)
}

#[cfg(feature = "replies")]
pub use with_replies::replies;

#[cfg(feature = "replies")]
mod with_replies {
    use super::FOLDER;
    use std::cell::RefCell;
    use std::collections::HashMap;
    use std::rc::Rc;
    use vikno_domain::{OrgId, StepError};
    use vikno_organisation::Organisation;
    use vikno_replies::Replies;

    thread_local! {
        static REPLIES: RefCell<HashMap<OrgId, Rc<Replies>>> = RefCell::default();
    }

    /// The automatic replies of an organisation.
    pub fn replies(organisation: &Organisation) -> Result<Rc<Replies>, StepError> {
        let org = &organisation.id;
        if let Some(known) = REPLIES.with_borrow(|all| all.get(org).cloned()) {
            return Ok(known);
        }
        let path = format!("{FOLDER}/{org}/replies.toml");
        let toml = std::fs::read_to_string(&path)
            .map_err(|error| StepError::terminal("no_replies", format!("{path}: {error}")))?;
        let replies = organisation.replies(&toml).map_err(|problems| {
            let first = problems.first().map(ToString::to_string);
            StepError::terminal("invalid_replies", first.unwrap_or_default())
        })?;
        let replies = Rc::new(replies);
        REPLIES.with_borrow_mut(|all| all.insert(org.clone(), replies.clone()));
        Ok(replies)
    }
}

#[cfg(feature = "texts")]
pub use with_texts::{shared_texts, texts};

#[cfg(feature = "texts")]
mod with_texts {
    use super::FOLDER;
    use std::cell::RefCell;
    use std::collections::HashMap;
    use std::rc::Rc;
    use vikno_domain::{Language, OrgId};
    use vikno_organisation::Organisation;
    use vikno_texts::Texts;

    /// The folder of what all organisations share.
    const SHARED: &str = "_templates";

    thread_local! {
        static TEXTS: RefCell<HashMap<OrgId, Rc<Texts>>> = RefCell::default();
    }

    /// All texts of an organisation: the shared ones with its own over them.
    pub fn texts(organisation: &Organisation) -> Rc<Texts> {
        if let Some(known) = TEXTS.with_borrow(|all| all.get(&organisation.id).cloned()) {
            return known;
        }
        let folders = [SHARED, organisation.id.as_str()];
        let read = read(
            &folders,
            &organisation.languages,
            &organisation.default_language,
        );
        let texts = Rc::new(read);
        TEXTS.with_borrow_mut(|all| all.insert(organisation.id.clone(), texts.clone()));
        texts
    }

    /// The shared texts alone, for what is no organisation's matter.
    pub fn shared_texts(language: &Language, default_language: &Language) -> Texts {
        let languages = [language.clone(), default_language.clone()];
        read(&[SHARED], &languages, default_language)
    }

    fn read(folders: &[&str], languages: &[Language], default_language: &Language) -> Texts {
        let mut texts = Texts::new(default_language.clone());
        for language in languages {
            for folder in folders {
                let path = format!("{FOLDER}/{folder}/texts/{language}.ftl");
                // A language without a file of its own is spoken by the shared texts.
                let Ok(ftl) = std::fs::read_to_string(&path) else {
                    continue;
                };
                if let Err(problems) = texts.add(language, &ftl) {
                    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                    let fields = serde_json::json!({ "file": path, "problems": lines });
                    crate::log_error("texts_unreadable", fields);
                }
            }
        }
        texts
    }
}
