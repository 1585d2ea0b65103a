//! Roles per organisation and what each permits. A permit is a value that the handler needs to go on.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vikno_domain::{OperatorRef, OrgId};

use crate::AccessClaims;

/// The key under which roles count for all organisations.
const EVERYWHERE: &str = "*";

/// What a person is in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything.
    Administrator,
    /// Shift head: sees all conversations, queues and reports, and steps in.
    Supervisor,
    /// Consultant: takes conversations from queues.
    Operator,
    /// Reads statistics and exports.
    Analyst,
    /// Edits processes and texts.
    Author,
    /// Security officer: reads the audit and the journal, changes nothing.
    Security,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [
        Self::Administrator,
        Self::Supervisor,
        Self::Operator,
        Self::Analyst,
        Self::Author,
        Self::Security,
    ];

    /// The name used in the database and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Supervisor => "supervisor",
            Self::Operator => "operator",
            Self::Analyst => "analyst",
            Self::Author => "author",
            Self::Security => "security",
        }
    }

    /// Reads the name written by [`Role::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    fn permits(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Administrator => true,
            Self::Supervisor => matches!(
                permission,
                P::ViewConversations
                    | P::HandleConversations
                    | P::AssignConversations
                    | P::EditCannedAnswers
                    | P::ViewShift
                    | P::ViewDeliveries
                    | P::RetryDeliveries
                    | P::ViewStatistics
                    | P::ViewProcesses
                    | P::Export
                    | P::ExportJournal
            ),
            Self::Operator => {
                matches!(
                    permission,
                    P::ViewConversations | P::HandleConversations | P::ViewStatistics
                )
            }
            Self::Analyst => matches!(
                permission,
                P::ViewStatistics | P::ViewProcesses | P::Export | P::ExportJournal
            ),
            Self::Author => matches!(permission, P::ViewProcesses | P::EditProcesses),
            Self::Security => matches!(
                permission,
                P::ViewDeliveries | P::ExportJournal | P::ReadAudit
            ),
        }
    }
}

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// Change processes and texts.
    EditProcesses,
    /// Read the audit of people's actions.
    ReadAudit,
    /// Make people, give and take roles.
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
}

/// Roles by organisation id; `*` counts everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(BTreeMap<String, Vec<Role>>);

impl Roles {
    /// One role in all organisations.
    pub fn everywhere(role: Role) -> Self {
        Self(BTreeMap::from([(EVERYWHERE.to_owned(), vec![role])]))
    }

    /// Adds a role; `org` is an organisation id or `*`. Anything else is refused.
    pub fn add(&mut self, org: &str, role: Role) -> Result<(), vikno_domain::InvalidId> {
        if org != EVERYWHERE {
            OrgId::parse(org)?;
        }
        let roles = self.0.entry(org.to_owned()).or_default();
        if !roles.contains(&role) {
            roles.push(role);
            roles.sort();
        }
        Ok(())
    }

    /// Each (organisation or `*`, role).
    pub fn iter(&self) -> impl Iterator<Item = (&str, Role)> {
        self.0
            .iter()
            .flat_map(|(org, roles)| roles.iter().map(move |role| (org.as_str(), *role)))
    }

    /// The organisations named in it; none for `*`.
    pub fn organisations(&self) -> impl Iterator<Item = &str> {
        self.0
            .keys()
            .map(String::as_str)
            .filter(|org| *org != EVERYWHERE)
    }

    /// Whether an administrator of everything is among them.
    pub fn administers_everything(&self) -> bool {
        self.permit(EVERYWHERE, Permission::ManagePeople)
    }

    fn permit(&self, org: &str, permission: Permission) -> bool {
        [EVERYWHERE, org]
            .into_iter()
            .filter_map(|scope| self.0.get(scope))
            .flatten()
            .any(|role| role.permits(permission))
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

fn permit(claims: &AccessClaims, org: Option<&OrgId>, permission: Permission) -> Authorised {
    Authorised {
        person: OperatorRef {
            id: claims.sub.clone(),
            name: claims.name.clone(),
        },
        org: org.cloned(),
        permission,
    }
}

/// Whether the token's roles permit this in that organisation.
pub fn authorise(
    claims: &AccessClaims,
    org: &OrgId,
    permission: Permission,
) -> Result<Authorised, Denied> {
    if claims.roles.permit(org.as_str(), permission) {
        Ok(permit(claims, Some(org), permission))
    } else {
        Err(Denied)
    }
}

/// Whether the token's roles permit this in all organisations.
pub fn authorise_everywhere(
    claims: &AccessClaims,
    permission: Permission,
) -> Result<Authorised, Denied> {
    if claims.roles.permit(EVERYWHERE, permission) {
        Ok(permit(claims, None, permission))
    } else {
        Err(Denied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(roles: &[(&str, Role)]) -> AccessClaims {
        let mut held = Roles::default();
        for (org, role) in roles {
            held.add(org, *role).unwrap();
        }
        AccessClaims {
            sub: "u_1".into(),
            name: "Олена".into(),
            roles: held,
            iss: "vikno".into(),
            sid: "s_1".into(),
            generation: 0,
        }
    }

    fn org(id: &str) -> OrgId {
        OrgId::parse(id).unwrap()
    }

    #[test]
    fn each_role_permits_exactly_its_part() {
        use Permission as P;
        for (role, permitted) in [
            (Role::Administrator, Permission::ALL.to_vec()),
            (
                Role::Supervisor,
                vec![
                    P::ViewConversations,
                    P::HandleConversations,
                    P::AssignConversations,
                    P::EditCannedAnswers,
                    P::ViewShift,
                    P::ViewDeliveries,
                    P::RetryDeliveries,
                    P::ViewStatistics,
                    P::ViewProcesses,
                    P::Export,
                    P::ExportJournal,
                ],
            ),
            (
                Role::Operator,
                vec![
                    P::ViewConversations,
                    P::HandleConversations,
                    P::ViewStatistics,
                ],
            ),
            (
                Role::Analyst,
                vec![
                    P::ViewStatistics,
                    P::ViewProcesses,
                    P::Export,
                    P::ExportJournal,
                ],
            ),
            (Role::Author, vec![P::ViewProcesses, P::EditProcesses]),
            (
                Role::Security,
                vec![P::ViewDeliveries, P::ExportJournal, P::ReadAudit],
            ),
        ] {
            let claims = claims(&[("ukc", role)]);
            for permission in Permission::ALL {
                assert_eq!(
                    authorise(&claims, &org("ukc"), permission).is_ok(),
                    permitted.contains(&permission),
                    "{role:?} {permission:?}"
                );
            }
        }
    }

    #[test]
    fn a_role_in_one_organisation_is_worth_nothing_in_another() {
        for role in Role::ALL {
            let claims = claims(&[("ukc", role)]);
            for permission in Permission::ALL {
                assert_eq!(authorise(&claims, &org("mou"), permission), Err(Denied));
                assert_eq!(authorise_everywhere(&claims, permission), Err(Denied));
            }
        }
    }

    #[test]
    fn an_administrator_of_everything_may_act_in_every_organisation() {
        let claims = claims(&[("*", Role::Administrator)]);
        for permission in Permission::ALL {
            assert!(authorise(&claims, &org("mou"), permission).is_ok());
            assert!(authorise_everywhere(&claims, permission).is_ok());
        }
    }

    #[test]
    fn roles_add_up() {
        let claims = claims(&[("ukc", Role::Operator), ("*", Role::Analyst)]);
        assert!(authorise(&claims, &org("ukc"), Permission::HandleConversations).is_ok());
        assert!(authorise(&claims, &org("ukc"), Permission::Export).is_ok());
        assert!(authorise(&claims, &org("mou"), Permission::Export).is_ok());
        assert_eq!(
            authorise(&claims, &org("mou"), Permission::HandleConversations),
            Err(Denied)
        );
    }

    #[test]
    fn a_permit_names_person_place_and_purpose() {
        let claims = claims(&[("ukc", Role::Operator)]);
        let permit = authorise(&claims, &org("ukc"), Permission::HandleConversations).unwrap();
        assert_eq!(permit.person().id, "u_1");
        assert_eq!(permit.org(), Some(&org("ukc")));
        assert_eq!(permit.permission(), Permission::HandleConversations);
    }

    #[test]
    fn nobody_without_roles_may_do_anything() {
        let claims = claims(&[]);
        for permission in Permission::ALL {
            assert_eq!(authorise(&claims, &org("ukc"), permission), Err(Denied));
        }
    }

    #[test]
    fn roles_are_kept_only_for_real_organisation_ids() {
        let mut roles = Roles::default();
        for bad in ["", "**", "UKC", "../core"] {
            assert!(roles.add(bad, Role::Operator).is_err(), "{bad:?}");
        }
        assert_eq!(roles.iter().count(), 0);
    }

    #[test]
    fn role_names_read_back_as_written() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
