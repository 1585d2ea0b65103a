//! What people may do: named permissions by organisation, from their roles. A permit is a value that the handler needs to
//! go on.

use std::collections::{BTreeMap, BTreeSet};
use vikno_domain::{OperatorRef, OrgId};

/// The scope of what counts in all organisations.
pub const EVERYWHERE: &str = "*";
/// The permission that stands for every one.
pub const EVERYTHING: &str = "*";

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// List and read conversations and queues.
    ViewConversations,
    /// Take, answer, note, close, move.
    HandleConversations,
    /// Give conversations to somebody, also those that somebody else has.
    AssignConversations,
    /// Make, change and remove canned answers.
    EditCannedAnswers,
    /// See who is at work with how much.
    ViewShift,
    /// See deliveries that were given up.
    ViewDeliveries,
    /// Have them tried again.
    RetryDeliveries,
    /// Read counts and figures.
    ViewStatistics,
    /// Download conversations, messages, ratings.
    Export,
    /// Download the journal.
    ExportJournal,
    /// See processes, their versions, and where dialogues stand in them.
    ViewProcesses,
    /// Change processes.
    EditProcesses,
    /// Read the audit of people's actions, search the journal.
    ReadAudit,
    /// Make people, define roles and groups. Whoever may give roles can give everything, so only administrators may.
    ManagePeople,
    /// Change hours, queues, topics, texts and the like.
    ManageSettings,
    /// Make bots of messengers known.
    ManageChannels,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 16] = [
        Self::ViewConversations,
        Self::HandleConversations,
        Self::AssignConversations,
        Self::EditCannedAnswers,
        Self::ViewShift,
        Self::ViewDeliveries,
        Self::RetryDeliveries,
        Self::ViewStatistics,
        Self::Export,
        Self::ExportJournal,
        Self::ViewProcesses,
        Self::EditProcesses,
        Self::ReadAudit,
        Self::ManagePeople,
        Self::ManageSettings,
        Self::ManageChannels,
    ];

    /// Its name in the database, in JSON and in `x-permission` of the API's description.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ViewConversations => "view_conversations",
            Self::HandleConversations => "handle_conversations",
            Self::AssignConversations => "assign_conversations",
            Self::EditCannedAnswers => "edit_canned_answers",
            Self::ViewShift => "view_shift",
            Self::ViewDeliveries => "view_deliveries",
            Self::RetryDeliveries => "retry_deliveries",
            Self::ViewStatistics => "view_statistics",
            Self::Export => "export",
            Self::ExportJournal => "export_journal",
            Self::ViewProcesses => "view_processes",
            Self::EditProcesses => "edit_processes",
            Self::ReadAudit => "read_audit",
            Self::ManagePeople => "manage_people",
            Self::ManageSettings => "manage_settings",
            Self::ManageChannels => "manage_channels",
        }
    }

    /// Reads the name written by [`Permission::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.as_str() == text)
    }

    /// Whether a role that administrators define may have it.
    pub fn may_be_given(self) -> bool {
        self != Self::ManagePeople
    }
}

/// What somebody may do, by organisation or `*`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions(BTreeMap<String, BTreeSet<Permission>>);

impl Permissions {
    /// Puts them together from (organisation or `*`, names of permissions). Names that this release does not know permit
    /// nothing, and what is no organisation is none.
    pub fn of(held: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        let mut permissions: BTreeMap<String, BTreeSet<Permission>> = BTreeMap::new();
        for (scope, names) in held {
            if scope != EVERYWHERE && OrgId::parse(&scope).is_err() {
                continue;
            }
            let of_scope = permissions.entry(scope).or_default();
            for name in names {
                match name.as_str() {
                    EVERYTHING => of_scope.extend(Permission::ALL),
                    name => of_scope.extend(Permission::parse(name)),
                }
            }
        }
        Self(permissions)
    }

    /// Names by organisation or `*`, for the pages of the person.
    pub fn named(&self) -> BTreeMap<&str, Vec<&'static str>> {
        let scopes = self.0.iter();
        scopes
            .map(|(scope, held)| {
                let names = held.iter().map(|permission| permission.as_str());
                (scope.as_str(), names.collect())
            })
            .collect()
    }

    fn permit(&self, scope: &str, permission: Permission) -> bool {
        [EVERYWHERE, scope]
            .into_iter()
            .filter_map(|scope| self.0.get(scope))
            .any(|held| held.contains(&permission))
    }
}

/// Signed in, but not allowed to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("your roles do not permit this")]
pub struct Denied;

/// A permit: who may do what, and where. Only [`authorise`] and [`authorise_everywhere`] make one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Authorised {
    person: OperatorRef,
    org: Option<OrgId>,
    permission: Permission,
}

impl Authorised {
    /// Who.
    pub fn person(&self) -> &OperatorRef {
        &self.person
    }

    /// Where; none: everywhere.
    pub fn org(&self) -> Option<&OrgId> {
        self.org.as_ref()
    }

    /// What.
    pub fn permission(&self) -> Permission {
        self.permission
    }
}

/// Whether somebody may do this in that organisation.
pub fn authorise(
    person: &OperatorRef,
    permissions: &Permissions,
    org: &OrgId,
    permission: Permission,
) -> Result<Authorised, Denied> {
    permit(person, permissions, Some(org), permission)
}

/// Whether somebody may do this in all organisations.
pub fn authorise_everywhere(
    person: &OperatorRef,
    permissions: &Permissions,
    permission: Permission,
) -> Result<Authorised, Denied> {
    permit(person, permissions, None, permission)
}

fn permit(
    person: &OperatorRef,
    permissions: &Permissions,
    org: Option<&OrgId>,
    permission: Permission,
) -> Result<Authorised, Denied> {
    let scope = org.map_or(EVERYWHERE, OrgId::as_str);
    if !permissions.permit(scope, permission) {
        return Err(Denied);
    }
    Ok(Authorised {
        person: person.clone(),
        org: org.cloned(),
        permission,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Permission as P;

    fn olena() -> OperatorRef {
        OperatorRef {
            id: "u_1".into(),
            name: "Олена".into(),
        }
    }

    fn held(pairs: &[(&str, &[&str])]) -> Permissions {
        Permissions::of(pairs.iter().map(|(scope, names)| {
            let names = names.iter().map(ToString::to_string);
            ((*scope).to_owned(), names.collect())
        }))
    }

    fn may(permissions: &Permissions, org: &str, permission: Permission) -> bool {
        let org = OrgId::parse(org).unwrap();
        authorise(&olena(), permissions, &org, permission).is_ok()
    }

    fn may_everywhere(permissions: &Permissions, permission: Permission) -> bool {
        authorise_everywhere(&olena(), permissions, permission).is_ok()
    }

    #[test]
    fn what_is_held_in_one_organisation_is_worth_nothing_in_another() {
        for permission in P::ALL {
            let permissions = held(&[("ukc", &[permission.as_str()])]);
            for other in P::ALL {
                assert_eq!(may(&permissions, "ukc", other), other == permission);
                assert!(!may(&permissions, "mou", other));
                assert!(!may_everywhere(&permissions, other));
            }
        }
    }

    #[test]
    fn what_is_held_everywhere_counts_in_every_organisation() {
        let permissions = held(&[("*", &["*"])]);
        for permission in P::ALL {
            assert!(may(&permissions, "mou", permission));
            assert!(may_everywhere(&permissions, permission));
        }
    }

    #[test]
    fn roles_add_up() {
        let permissions = held(&[
            ("ukc", &["handle_conversations"]),
            ("*", &["export"]),
            ("ukc", &["view_shift"]),
        ]);
        assert!(may(&permissions, "ukc", P::HandleConversations));
        assert!(may(&permissions, "ukc", P::ViewShift));
        assert!(may(&permissions, "mou", P::Export));
        assert!(!may(&permissions, "mou", P::HandleConversations));
    }

    #[test]
    fn what_is_no_permission_or_no_organisation_permits_nothing() {
        let permissions = held(&[("ukc", &["root", ""]), ("../core", &["*"]), ("**", &["*"])]);
        for permission in P::ALL {
            assert!(!may(&permissions, "ukc", permission));
            assert!(!may_everywhere(&permissions, permission));
        }
        assert_eq!(permissions.named(), BTreeMap::from([("ukc", vec![])]));
        assert_eq!(held(&[]), Permissions::default());
    }

    #[test]
    fn a_permit_names_person_place_and_purpose() {
        let permissions = held(&[("ukc", &["handle_conversations"])]);
        let org = OrgId::parse("ukc").unwrap();
        let permit = authorise(&olena(), &permissions, &org, P::HandleConversations).unwrap();
        assert_eq!(permit.person(), &olena());
        assert_eq!(permit.org(), Some(&org));
        assert_eq!(permit.permission(), P::HandleConversations);
    }

    #[test]
    fn names_read_back_as_written() {
        for permission in P::ALL {
            assert_eq!(P::parse(permission.as_str()), Some(permission));
        }
        assert_eq!(P::parse("*"), None);
    }
}
