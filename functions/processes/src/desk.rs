//! What lies on the authors' desk: the newest published processes with the drafts over them.

use crate::command::{self, DOCUMENT_BYTES, Unsaved};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use vikno_authoring::{Finding, Outdated, Processes, check, outdated};
use vikno_organisation::{Organisation, ProcessBundle};
use vikno_shell::{Problem, Request, json_body};
use vikno_storage::drafts::{self, Draft};
use vikno_storage::{Database, versions};

pub(crate) struct Desk {
    /// The newest version.
    pub(crate) newest: i64,
    pub(crate) published: Processes,
    pub(crate) drafts: Vec<Draft>,
}

impl Desk {
    pub(crate) async fn load(database: &Database) -> Result<Self, Problem> {
        let (newest, bundle) = newest(database).await?;
        Ok(Self {
            newest,
            published: parsed(&bundle)?,
            drafts: drafts::all(database).await?,
        })
    }

    /// The published processes with these drafts in their places.
    pub(crate) fn with(&self, drafts: &[Draft]) -> Result<Processes, Problem> {
        let mut processes = self.published.clone();
        for draft in drafts {
            let document = serde_json::from_str(&draft.document).map_err(Problem::fault)?;
            processes.insert(draft.alias.clone(), document);
        }
        Ok(processes)
    }

    /// The published processes with all drafts, and over them documents that an author has not saved yet.
    pub(crate) fn with_unsaved(&self, documents: Processes) -> Result<Processes, Problem> {
        let mut processes = self.with(&self.drafts)?;
        for (alias, document) in documents {
            command::document(&document)?;
            processes.insert(command::alias(&alias)?.to_owned(), document);
        }
        Ok(processes)
    }

    /// The drafts that know nothing of what was published meanwhile.
    pub(crate) async fn outdated(
        &self,
        database: &Database,
        drafts: &[Draft],
    ) -> Result<Vec<Outdated>, Problem> {
        let mut bases: BTreeMap<i64, Processes> = BTreeMap::new();
        for draft in drafts {
            if let Entry::Vacant(free) = bases.entry(draft.base_version) {
                let bundle = versions::bundle(database, draft.base_version).await?;
                free.insert(parsed(&bundle)?);
            }
        }
        let begun = drafts.iter().map(|draft| {
            let version = draft.base_version;
            (draft.alias.as_str(), version, &bases[&version])
        });
        Ok(outdated(begun, &self.published))
    }
}

/// The published processes with all drafts, and over them the documents of a request that an author has not saved yet.
pub(crate) async fn posted(request: Request, database: &Database) -> Result<Processes, Problem> {
    let given: Unsaved = json_body(request, DOCUMENT_BYTES).await?;
    let desk = Desk::load(database).await?;
    desk.with_unsaved(given.processes)
}

/// The newest version and its bundle; the setup publishes the first one before anybody is let in.
pub(crate) async fn newest(database: &Database) -> Result<(i64, String), Problem> {
    versions::newest_bundle(database)
        .await?
        .ok_or_else(|| Problem::fault("no processes are published; run the setup"))
}

pub(crate) fn parsed(bundle: &str) -> Result<Processes, Problem> {
    serde_json::from_str(bundle).map_err(Problem::fault)
}

/// Everything that is wrong with a bundle here.
pub(crate) fn findings(organisation: &Organisation, bundle: &ProcessBundle) -> Vec<Finding> {
    let texts = vikno_shell::texts(organisation);
    check(bundle, &organisation.languages, |language, id| {
        texts.has(language, id)
    })
}
