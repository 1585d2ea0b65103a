//! The directory over LDAP: connects, binds, searches page by page. It decides nothing and changes nothing there.

use crate::config::{self, Config, Membership};
use crate::entry::{self, Entry, ReadPeople};
use crate::membership::{Memberships, PartOfMembers};
use crate::{Secret, TrustError, trust};
use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::asn1::StructureTag;
use ldap3::{LdapConn, LdapConnSettings, LdapError, Scope, ldap_escape};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Active Directory gives no more than 1,000 at once.
const PAGE: i32 = 500;
/// More are no staff of a centre: the base or the filter is wrong.
const ENTRIES_MAX: usize = 50_000;
/// Active Directory's rule: a member, or a member of a member.
const IN_CHAIN: &str = "1.2.840.113556.1.4.1941";
/// Asks for entries without attributes (RFC 4511).
const NO_ATTRIBUTES: &str = "1.1";

/// Why the directory could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Nobody to trust.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// No connection.
    #[error("no connection to {url}")]
    Connection {
        /// Where to.
        url: String,
        /// What the library says.
        source: Box<LdapError>,
    },
    /// Wrong name or password.
    #[error("the directory does not let '{bind_dn}' in")]
    Bind {
        /// Who the bridge wanted to be.
        bind_dn: String,
        /// What the library says.
        source: Box<LdapError>,
    },
    /// The answer is none, or not whole.
    #[error("searching below '{base}' failed")]
    Search {
        /// Where.
        base: String,
        /// What the library says.
        source: Box<LdapError>,
    },
    /// Something that is no entry.
    #[error("the directory sent an entry below '{0}' that has not the form of one")]
    Form(String),
    /// Far more than anybody expects.
    #[error("more than {ENTRIES_MAX} entries below '{0}': narrow the base or the filter")]
    TooMany(String),
    /// A group shows some members only.
    #[error(transparent)]
    Members(#[from] PartOfMembers),
}

/// Everybody whom the configuration means, with their groups.
pub fn read(config: &Config, password: &Secret) -> Result<ReadPeople, DirectoryError> {
    let mut directory = Directory::open(&config.directory, password)?;
    let fields = &config.people;
    let mut attributes = vec![fields.login.as_str(), fields.name.as_str()];
    attributes.extend(fields.phone.as_deref());
    attributes.extend(fields.disabled.as_ref().map(config::Disabled::attribute));
    if let Membership::Person { attribute } = &config.membership {
        attributes.push(attribute);
    }
    let entries = directory.search(&fields.base, &fields.filter, &attributes)?;
    let memberships = directory.memberships(config)?;
    directory.close();
    Ok(entry::people(&entries, fields, &memberships))
}

struct Directory {
    connection: LdapConn,
    timeout: std::time::Duration,
}

impl Directory {
    fn open(config: &config::Directory, password: &Secret) -> Result<Self, DirectoryError> {
        let mut settings = LdapConnSettings::new()
            .set_conn_timeout(config.timeout)
            .set_starttls(config.start_tls);
        if config.start_tls || config.url.scheme() == "ldaps" {
            settings = settings.set_config(tls(config)?);
        }
        let failed = |source| DirectoryError::Connection {
            url: config.url.to_string(),
            source: Box::new(source),
        };
        let mut connection =
            LdapConn::from_url_with_settings(settings, &config.url).map_err(failed)?;
        connection
            .with_timeout(config.timeout)
            .simple_bind(&config.bind_dn, password.reveal())
            .and_then(ldap3::LdapResult::success)
            .map_err(|source| DirectoryError::Bind {
                bind_dn: config.bind_dn.clone(),
                source: Box::new(source),
            })?;
        Ok(Self {
            connection,
            timeout: config.timeout,
        })
    }

    fn memberships(&mut self, config: &Config) -> Result<Memberships, DirectoryError> {
        match &config.membership {
            Membership::Person { attribute } => Ok(Memberships::Own(attribute.clone())),
            Membership::Group {
                base,
                filter,
                attribute,
            } => {
                let groups = self.search(base, filter, &[attribute])?;
                Ok(Memberships::of_groups(&groups, attribute)?)
            }
            Membership::Nested { attribute } => {
                let people = &config.people;
                let named = config
                    .rules
                    .rules
                    .iter()
                    .filter_map(|rule| rule.group.as_ref());
                let groups: BTreeMap<_, _> = named.map(|group| (&group.dn, &group.text)).collect();
                let mut answers = Vec::new();
                for (dn, text) in groups {
                    let in_group =
                        format!("({attribute}:{IN_CHAIN}:={})", ldap_escape(text.as_str()));
                    let filter = format!("(&{}{in_group})", people.filter);
                    let found = self.search(&people.base, &filter, &[NO_ATTRIBUTES])?;
                    answers.push((dn.clone(), found));
                }
                Ok(Memberships::of_answers(&answers))
            }
        }
    }

    /// All entries below a base; an answer that is not whole is an error, so nobody is missing by mistake.
    fn search(
        &mut self,
        base: &str,
        filter: &str,
        attributes: &[&str],
    ) -> Result<Vec<Entry>, DirectoryError> {
        let failed = |source| DirectoryError::Search {
            base: base.to_owned(),
            source: Box::new(source),
        };
        let adapters: Vec<Box<dyn Adapter<&str, Vec<&str>>>> = vec![
            Box::new(EntriesOnly::new()),
            Box::new(PagedResults::new(PAGE)),
        ];
        let mut stream = self
            .connection
            .with_timeout(self.timeout)
            .streaming_search_with(adapters, base, Scope::Subtree, filter, attributes.to_vec())
            .map_err(failed)?;
        let mut entries = Vec::new();
        while let Some(found) = stream.next().map_err(failed)? {
            if entries.len() == ENTRIES_MAX {
                return Err(DirectoryError::TooMany(base.to_owned()));
            }
            entries.push(entry(found.0).ok_or_else(|| DirectoryError::Form(base.to_owned()))?);
        }
        stream.result().success().map_err(failed)?;
        Ok(entries)
    }

    /// Says goodbye; the directory notices without it, too.
    fn close(mut self) {
        drop(self.connection.with_timeout(self.timeout).unbind());
    }
}

fn tls(config: &config::Directory) -> Result<Arc<rustls::ClientConfig>, TrustError> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(trust::roots(config.ca_file.as_deref())?);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?;
    Ok(Arc::new(
        builder.with_root_certificates(roots).with_no_client_auth(),
    ))
}

/// `SearchResultEntry` of RFC 4511. The library's own reading of it panics at names that are no UTF-8.
fn entry(tag: StructureTag) -> Option<Entry> {
    let [dn, attributes] =
        <[StructureTag; 2]>::try_from(tag.match_id(4)?.expect_constructed()?).ok()?;
    let mut entry = Entry {
        dn: String::from_utf8_lossy(&dn.expect_primitive()?).into_owned(),
        attributes: BTreeMap::new(),
    };
    for attribute in attributes.expect_constructed()? {
        let [name, values] = <[StructureTag; 2]>::try_from(attribute.expect_constructed()?).ok()?;
        let name = String::from_utf8_lossy(&name.expect_primitive()?).to_ascii_lowercase();
        let values = values.expect_constructed()?.into_iter();
        let values = values
            .map(StructureTag::expect_primitive)
            .collect::<Option<_>>()?;
        entry.attributes.insert(name, values);
    }
    Some(entry)
}
