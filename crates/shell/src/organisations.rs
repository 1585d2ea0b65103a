//! The organisations' settings and texts: from the read-only mount `/organisations`, which only a new deployment changes, with
//! what people changed in the running installation over it, from the key-value store `settings` (grant the label).

use crate::{FRESH_MS, Problem, now_ms};
use spin_sdk::key_value::Store;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use vikno_domain::{OrgId, StepError};
use vikno_organisation::{ChangedSettings, Organisation};
use vikno_storage::{Database, settings};

const FOLDER: &str = "/organisations";
/// The store of what people changed; the key is the organisation's id.
const SETTINGS_STORE: &str = "settings";

/// What an instance has read of one organisation.
struct Known {
    looked_at_ms: i64,
    stored: Option<Vec<u8>>,
    #[cfg(feature = "texts")]
    changed: Rc<ChangedSettings>,
    settings: Rc<Organisation>,
}

thread_local! {
    static KNOWN: RefCell<HashMap<OrgId, Known>> = RefCell::default();
    /// The organisations of this deployment, which live as long as it does.
    static SERVED: RefCell<Vec<OrgId>> = RefCell::default();
}

/// The settings of an organisation of this installation as they stand.
pub async fn organisation(org: &OrgId) -> Result<Rc<Organisation>, StepError> {
    let now_ms = now_ms();
    let fresh = KNOWN.with_borrow(|all| {
        let known = all.get(org)?;
        (now_ms < known.looked_at_ms + FRESH_MS).then(|| known.settings.clone())
    });
    match fresh {
        Some(settings) => Ok(settings),
        None => look(org, now_ms).await,
    }
}

/// Looks whether the settings were changed, and reads them again if so.
async fn look(org: &OrgId, now_ms: i64) -> Result<Rc<Organisation>, StepError> {
    let stored = stored(org).await;
    let unchanged = KNOWN.with_borrow_mut(|all| {
        let known = all.get_mut(org)?;
        let is_same = match &stored {
            Ok(stored) => *stored == known.stored,
            // What was read before is better than no answer to a citizen.
            Err(error) => {
                let fields = serde_json::json!({ "org": org, "error": error.to_string() });
                crate::log_error("settings_store_unavailable", fields);
                true
            }
        };
        is_same.then(|| {
            known.looked_at_ms = now_ms;
            known.settings.clone()
        })
    });
    if let Some(settings) = unchanged {
        return Ok(settings);
    }
    let stored = stored
        .map_err(|error| StepError::retryable("settings_store_unavailable", error.to_string()))?;
    let changed = match &stored {
        None => ChangedSettings::default(),
        Some(json) => serde_json::from_slice(json)
            .map_err(|error| StepError::terminal("invalid_changed_settings", error.to_string()))?,
    };
    let settings = Rc::new(read(org, &changed)?);
    let known = Known {
        looked_at_ms: now_ms,
        stored,
        #[cfg(feature = "texts")]
        changed: Rc::new(changed),
        settings: settings.clone(),
    };
    KNOWN.with_borrow_mut(|all| all.insert(org.clone(), known));
    Ok(settings)
}

async fn stored(org: &OrgId) -> Result<Option<Vec<u8>>, spin_sdk::key_value::Error> {
    let store = Store::open(SETTINGS_STORE).await?;
    store.get(org.as_str()).await
}

/// What stands changed by the organisation's own database.
pub async fn changed_settings(database: &Database) -> Result<ChangedSettings, Problem> {
    let standing = settings::standing(database).await?;
    let parts = standing.parts.into_iter();
    let parts = parts.map(|changed| (changed.part, changed.value));
    ChangedSettings::of(standing.revision, parts).map_err(Problem::fault)
}

/// Lays what stands changed where every component reads it (only for the writers named in the manifest).
pub async fn lay_out_settings(org: &OrgId, changed: &ChangedSettings) -> Result<(), Problem> {
    let json = serde_json::to_vec(changed).map_err(Problem::fault)?;
    let store = Store::open(SETTINGS_STORE).await.map_err(Problem::fault)?;
    store.set(org.as_str(), &json).await.map_err(Problem::fault)
}

/// The files with the changes over them. Changes that a later release of the files does not fit are left out, so that citizens
/// are served as delivered until somebody has brought them together.
fn read(org: &OrgId, changed: &ChangedSettings) -> Result<Organisation, StepError> {
    let toml = organisation_file(org)?;
    Organisation::parse_changed(&toml, changed)
        .or_else(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let fields = serde_json::json!({ "org": org, "problems": problems });
            crate::log_error("changed_settings_do_not_fit", fields);
            let delivered = ChangedSettings {
                revision: changed.revision,
                ..ChangedSettings::default()
            };
            Organisation::parse_changed(&toml, &delivered)
        })
        .map_err(|problems| {
            let first = problems.first().map(ToString::to_string);
            StepError::terminal("invalid_settings", first.unwrap_or_default())
        })
}

/// The text of an organisation's `organisation.toml`.
pub fn organisation_file(org: &OrgId) -> Result<String, StepError> {
    let path = format!("{FOLDER}/{org}/organisation.toml");
    std::fs::read_to_string(&path)
        .map_err(|error| StepError::terminal("unknown_organisation", format!("{path}: {error}")))
}

/// The settings of an organisation that this deployment serves, for a route of its own.
pub async fn served_organisation(org: &OrgId) -> Result<Rc<Organisation>, Problem> {
    let unknown = || {
        let detail = format!("There is no organisation '{org}' here.");
        Problem::new(404, "unknown_organisation", detail)
    };
    // On the way of every request: the list is read once, not each time.
    if SERVED.with_borrow(Vec::is_empty) {
        let served = crate::served_organisations().await;
        SERVED.set(served);
    }
    if !SERVED.with_borrow(|served| served.contains(org)) {
        return Err(unknown());
    }
    organisation(org)
        .await
        .map_err(|error| match error.code.as_str() {
            "unknown_organisation" => unknown().internal(error),
            _ => Problem::fault(error),
        })
}

#[cfg(feature = "replies")]
pub use with_replies::{replies, replies_file};

#[cfg(feature = "replies")]
mod with_replies {
    use super::FOLDER;
    use std::cell::RefCell;
    use std::collections::HashMap;
    use std::rc::Rc;
    use vikno_domain::{OrgId, StepError};
    use vikno_organisation::{Organisation, Problem};
    use vikno_replies::Replies;

    thread_local! {
        /// With the revision of the settings that they were read for.
        static REPLIES: RefCell<HashMap<OrgId, (i64, Rc<Replies>)>> = RefCell::default();
    }

    /// The automatic replies of an organisation.
    pub fn replies(organisation: &Organisation) -> Result<Rc<Replies>, StepError> {
        let org = &organisation.id;
        let revision = organisation.revision;
        if let Some((of, known)) = REPLIES.with_borrow(|all| all.get(org).cloned())
            && of == revision
        {
            return Ok(known);
        }
        let replies = Rc::new(read(organisation)?);
        REPLIES.with_borrow_mut(|all| all.insert(org.clone(), (revision, replies.clone())));
        Ok(replies)
    }

    /// As people changed them; where that does not fit what a later release delivers, as delivered.
    fn read(organisation: &Organisation) -> Result<Replies, StepError> {
        let toml = replies_file(&organisation.id)?;
        let problems = match organisation.replies(&toml) {
            Ok(replies) => return Ok(replies),
            Err(problems) if organisation.changed_replies.is_some() => problems,
            Err(problems) => return Err(invalid(&problems)),
        };
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let fields = serde_json::json!({ "org": organisation.id, "problems": problems });
        crate::log_error("changed_replies_do_not_fit", fields);
        let delivered = Organisation::parse(&super::organisation_file(&organisation.id)?);
        let delivered = delivered.and_then(|delivered| delivered.replies(&toml));
        delivered.map_err(|problems| invalid(&problems))
    }

    fn invalid(problems: &[Problem]) -> StepError {
        let first = problems.first().map(ToString::to_string);
        StepError::terminal("invalid_replies", first.unwrap_or_default())
    }

    /// The text of an organisation's `replies.toml`.
    pub fn replies_file(org: &OrgId) -> Result<String, StepError> {
        let path = format!("{FOLDER}/{org}/replies.toml");
        std::fs::read_to_string(&path)
            .map_err(|error| StepError::terminal("no_replies", format!("{path}: {error}")))
    }
}

#[cfg(feature = "texts")]
pub use with_texts::{delivered_ftl, shared_texts, texts};

#[cfg(feature = "texts")]
mod with_texts {
    use super::{FOLDER, KNOWN};
    use std::cell::RefCell;
    use std::collections::HashMap;
    use std::rc::Rc;
    use vikno_domain::{Language, OrgId};
    use vikno_organisation::Organisation;
    use vikno_texts::Texts;

    /// The folder of what all organisations share.
    const SHARED: &str = "_templates";

    thread_local! {
        /// With the revision of the settings that they were read for.
        static TEXTS: RefCell<HashMap<OrgId, (i64, Rc<Texts>)>> = RefCell::default();
    }

    /// All texts of an organisation: the shared ones, its own over them, and over these what people changed.
    pub fn texts(organisation: &Organisation) -> Rc<Texts> {
        let org = &organisation.id;
        let revision = organisation.revision;
        if let Some((of, known)) = TEXTS.with_borrow(|all| all.get(org).cloned())
            && of == revision
        {
            return known;
        }
        let mut texts = read(
            &[SHARED, org.as_str()],
            &organisation.languages,
            &organisation.default_language,
        );
        if let Some(changed) = KNOWN.with_borrow(|all| Some(all.get(org)?.changed.clone())) {
            for language in &organisation.languages {
                let ftl = changed.ftl(language);
                add(&mut texts, language, &ftl, "changed texts");
            }
        }
        let texts = Rc::new(texts);
        TEXTS.with_borrow_mut(|all| all.insert(org.clone(), (revision, texts.clone())));
        texts
    }

    /// The Fluent files of a language as the deployment delivers them, the shared one and the organisation's own over it.
    pub fn delivered_ftl(org: &OrgId, language: &Language) -> Vec<String> {
        let folders = [SHARED, org.as_str()].into_iter();
        folders
            .filter_map(|folder| std::fs::read_to_string(file(folder, language)).ok())
            .collect()
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
                let path = file(folder, language);
                // A language without a file of its own is spoken by the shared texts.
                let Ok(ftl) = std::fs::read_to_string(&path) else {
                    continue;
                };
                add(&mut texts, language, &ftl, &path);
            }
        }
        texts
    }

    fn file(folder: &str, language: &Language) -> String {
        format!("{FOLDER}/{folder}/texts/{language}.ftl")
    }

    fn add(texts: &mut Texts, language: &Language, ftl: &str, file: &str) {
        if let Err(problems) = texts.add(language, ftl) {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let fields = serde_json::json!({ "file": file, "problems": lines });
            crate::log_error("texts_unreadable", fields);
        }
    }
}
