//! An organisation's side of its dialogues: settings, automatic replies, processes and texts, read once from files that are handed in
//! as text and then shared by any number of chats.

use serde_json::Map;
use std::collections::BTreeMap;
use vikno_conversation::{Outside, Settings};
use vikno_domain::{Language, OrgId};
use vikno_organisation::{Organisation, OrganisationFiles, ProcessBundle, SharedFiles};
use vikno_process::{ProcessDocument, ProcessSet};
use vikno_replies::Replies;
use vikno_steps::run_code::{Failure, Order};
use vikno_texts::Texts;

/// An organisation, ready to be talked to.
pub struct Centre {
    /// Its settings.
    pub organisation: Organisation,
    /// Its automatic replies.
    pub replies: Replies,
    /// Its processes.
    pub processes: ProcessSet,
    /// Its texts.
    pub texts: Texts,
    /// The organisations to which a conversation can be moved.
    pub others: BTreeMap<OrgId, Organisation>,
    pub(crate) settings: Settings,
    pub(crate) run_code: Option<RunCode>,
}

/// Runs the program of a code node. Where it runs is the caller's matter: natively, or in a sandbox of its own.
pub type RunCode = fn(Order) -> Result<String, Failure>;

/// Why an organisation cannot be talked to; `cargo vikno check` tells it in detail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{org}: {}", .problems.join("\n"))]
pub struct NotReady {
    /// The organisation's folder.
    pub org: String,
    /// What is wrong, one mistake each.
    pub problems: Vec<String>,
}

impl Centre {
    /// Puts an organisation together. `others` are those beside it; itself among them does not count.
    pub fn build(
        shared: &SharedFiles,
        own: &OrganisationFiles,
        others: &[Organisation],
    ) -> Result<Self, NotReady> {
        let organisation = settings_of(own)?;
        let bundle = ProcessBundle::build(&organisation, &shared.processes, &own.processes)
            .map_err(|problems| NotReady::of(own, told(&problems)))?;
        let documents = serde_json::from_str(bundle.json())
            .map_err(|error| NotReady::of(own, vec![error.to_string()]))?;
        Self::assemble(organisation, shared, own, &documents, others)
    }

    /// The same with these processes, whatever processes there are among the files.
    pub fn with_processes(
        shared: &SharedFiles,
        own: &OrganisationFiles,
        documents: &BTreeMap<String, ProcessDocument>,
        others: &[Organisation],
    ) -> Result<Self, NotReady> {
        Self::assemble(settings_of(own)?, shared, own, documents, others)
    }

    fn assemble(
        organisation: Organisation,
        shared: &SharedFiles,
        own: &OrganisationFiles,
        documents: &BTreeMap<String, ProcessDocument>,
        others: &[Organisation],
    ) -> Result<Self, NotReady> {
        let replies = organisation
            .replies(&own.replies)
            .map_err(|problems| NotReady::of(own, told(&problems)))?;
        let processes = ProcessSet::build(documents)
            .map_err(|problems| NotReady::of(own, told(&problems.0)))?;
        let texts =
            texts(&organisation, shared, own).map_err(|problems| NotReady::of(own, problems))?;
        let others: BTreeMap<OrgId, Organisation> = others
            .iter()
            .filter(|other| other.id != organisation.id)
            .map(|other| (other.id.clone(), other.clone()))
            .collect();
        Ok(Self {
            settings: settings(&organisation, &others),
            run_code: None,
            organisation,
            replies,
            processes,
            texts,
            others,
        })
    }

    /// The same, with programs of code nodes run by `run_code`; without it scenarios give their answers.
    pub fn running_code(mut self, run_code: RunCode) -> Self {
        self.run_code = Some(run_code);
        self
    }

    /// The same, with the data of the tasks at every node.
    pub fn remembering_data(mut self) -> Self {
        self.settings.remembers_data = true;
        self
    }

    /// A text without arguments in a language of the organisation.
    pub fn text(&self, language: &Language, id: &str) -> Option<String> {
        let mut arguments = Map::new();
        let name = self.organisation.name.get(language);
        arguments.insert("organisation".to_owned(), name.into());
        self.texts.render(language, id, &arguments).ok()
    }
}

impl NotReady {
    fn of(own: &OrganisationFiles, problems: Vec<String>) -> Self {
        Self {
            org: own.folder.clone(),
            problems,
        }
    }
}

fn settings_of(own: &OrganisationFiles) -> Result<Organisation, NotReady> {
    Organisation::parse(&own.settings).map_err(|problems| NotReady::of(own, told(&problems)))
}

fn told<T: ToString>(problems: &[T]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

fn texts(
    organisation: &Organisation,
    shared: &SharedFiles,
    own: &OrganisationFiles,
) -> Result<Texts, Vec<String>> {
    let mut texts = Texts::new(organisation.default_language.clone());
    let mut problems = Vec::new();
    for (folder, layer) in [("_templates", &shared.texts), (&own.folder, &own.texts)] {
        for language in &organisation.languages {
            let Some(ftl) = layer.get(language.as_str()) else {
                continue;
            };
            if let Err(bad) = texts.add(language, ftl) {
                let file = format!("{folder}/texts/{language}.ftl");
                problems.extend(bad.iter().map(|text| format!("{file}: {text}")));
            }
        }
    }
    if problems.is_empty() {
        Ok(texts)
    } else {
        Err(problems)
    }
}

fn settings(organisation: &Organisation, others: &BTreeMap<OrgId, Organisation>) -> Settings {
    let queues = organisation.queues.iter();
    Settings {
        org: organisation.id.clone(),
        languages: organisation.languages.clone(),
        default_language: organisation.default_language.clone(),
        queues: queues.map(|queue| queue.id.clone()).collect(),
        default_queue: organisation.default_queue().id.clone(),
        reachable: others
            .keys()
            .filter(|org| organisation.transfers.allow(org))
            .cloned()
            .collect(),
        shares_name: organisation.transfers.shares_name(),
        shares_history: organisation.transfers.shares_history(),
        environment: organisation.env(),
        // What an outside Corezoid would answer is not known here: the own processes are played.
        outside: Outside::default(),
        remembers_data: false,
    }
}
