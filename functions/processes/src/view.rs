//! The shapes of answers. Pure.

use serde_json::{Value, json};
use vikno_domain::rfc3339;
use vikno_storage::drafts::Draft;
use vikno_storage::instances::Instance;
use vikno_storage::proposals::Proposal;
use vikno_storage::versions::{Person, Version};

pub(crate) fn version(version: &Version) -> Value {
    json!({
        "id": version.id,
        "hash": version.hash,
        "published_at": rfc3339(version.published_at_ms),
        "published_by": person(&version.published_by),
        "approved_by": version.approved_by.as_ref().map(person),
        "reason": version.reason,
        "origin": version.origin,
        "restored_from": version.restored_from,
        "live_conversations": version.live,
    })
}

pub(crate) fn draft(draft: &Draft) -> Value {
    json!({
        "process": draft.alias,
        "revision": draft.revision,
        "base_version": draft.base_version,
        "changed_at": rfc3339(draft.changed_at_ms),
        "changed_by": person(&draft.changed_by),
    })
}

pub(crate) fn proposal(proposal: &Proposal) -> Value {
    let processes: Vec<&str> = proposal
        .drafts
        .iter()
        .map(|(alias, _)| alias.as_str())
        .collect();
    json!({
        "id": proposal.id,
        "state": proposal.state,
        "hash": proposal.hash,
        "base_version": proposal.base_version,
        "processes": processes,
        "reason": proposal.reason,
        "proposed_at": rfc3339(proposal.proposed_at_ms),
        "proposed_by": person(&proposal.proposed_by),
        "settled_at": proposal.settled_at_ms.map(rfc3339),
        "settled_by": proposal.settled_by.as_ref().map(person),
        "settled_reason": proposal.settled_reason,
        "version": proposal.version,
    })
}

pub(crate) fn instance(instance: &Instance) -> Value {
    json!({
        "id": instance.id,
        "status": instance.status,
        "channel": instance.channel,
        "version": instance.version,
        "opened_at": rfc3339(instance.opened_at_ms),
        "last_at": rfc3339(instance.last_at_ms),
        "wakes_at": instance.wakes_at_ms.map(rfc3339),
    })
}

fn person(person: &Person) -> Value {
    json!({ "id": person.id, "name": person.name })
}
