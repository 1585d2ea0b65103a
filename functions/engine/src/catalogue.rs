//! What an instance keeps between requests: settings and parsed processes, by organisation and version.
//! Processes never change under their key; settings are made again when somebody has changed them.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use vikno_conversation::{Outside, Settings};
use vikno_domain::OrgId;
use vikno_process::{ProcessDocument, ProcessSet};
use vikno_shell::Problem;
use vikno_storage::{Database, versions};

thread_local! {
    /// With the revision of the organisation's settings that they were made of.
    static SETTINGS: RefCell<HashMap<OrgId, (i64, Rc<Settings>)>> = RefCell::default();
    static PROCESSES: RefCell<HashMap<(OrgId, i64), Rc<ProcessSet>>> = RefCell::default();
}

/// Process sets kept by one instance: ten organisations, each with a version or two in use.
const PROCESS_SETS_MAX: usize = 40;

pub(crate) async fn settings(org: &OrgId) -> Result<Rc<Settings>, Problem> {
    let organisation = vikno_shell::served_organisation(org).await?;
    let revision = organisation.revision;
    if let Some((of, settings)) = SETTINGS.with_borrow(|all| all.get(org).cloned())
        && of == revision
    {
        return Ok(settings);
    }
    let mut reachable = vikno_shell::served_organisations().await;
    reachable.retain(|org| organisation.transfers.allow(org));
    let settings = Rc::new(Settings {
        org: org.clone(),
        languages: organisation.languages.clone(),
        default_language: organisation.default_language.clone(),
        queues: organisation
            .queues
            .iter()
            .map(|queue| queue.id.clone())
            .collect(),
        default_queue: organisation.default_queue().id.clone(),
        reachable,
        shares_name: organisation.transfers.shares_name(),
        shares_history: organisation.transfers.shares_history(),
        environment: organisation.env(),
        outside: Outside {
            wait_ms: organisation.corezoid.wait_s * 1_000,
            processes: organisation
                .corezoid
                .named()
                .map(|(event, process)| (event.to_owned(), process.clone()))
                .collect(),
        },
        remembers_data: false,
    });
    SETTINGS.with_borrow_mut(|all| all.insert(org.clone(), (revision, settings.clone())));
    Ok(settings)
}

pub(crate) async fn processes(
    database: &Database,
    org: &OrgId,
    version: i64,
) -> Result<Rc<ProcessSet>, Problem> {
    let key = (org.clone(), version);
    if let Some(set) = PROCESSES.with_borrow(|all| all.get(&key).cloned()) {
        return Ok(set);
    }
    let bundle = versions::bundle(database, version).await?;
    let documents: BTreeMap<String, ProcessDocument> = serde_json::from_str(&bundle)
        .map_err(|error| Problem::fault(format!("process version {version} of {org}: {error}")))?;
    let set = ProcessSet::build(&documents).map_err(|problems| {
        Problem::fault(format!("process version {version} of {org}: {problems}"))
    })?;
    let set = Rc::new(set);
    PROCESSES.with_borrow_mut(|all| {
        if all.len() >= PROCESS_SETS_MAX {
            all.clear();
        }
        all.insert(key, set.clone());
    });
    Ok(set)
}
