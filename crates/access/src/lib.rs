//! The door of every guarded route: from the `Authorization` header to a permit, or the problem to answer.
//! It reads `core` (grant the label), holds no secret and issues nothing.

mod breached;

pub use breached::not_breached;

use std::cell::RefCell;
use std::collections::HashMap;
use vikno_domain::{OperatorRef, OrgId};
use vikno_identity::{
    AccessClaims, Authorised, Denied, Permission, Permissions, ReceivedToken, TokenRefused,
    VerificationKey, authorise, authorise_everywhere, bearer,
};
use vikno_shell::{Problem, Request, header, now_ms};
use vikno_storage::{Database, StorageError, sign_in};

/// The permit to do something in an organisation.
pub async fn permitted(
    request: &Request,
    core: &Database,
    org: &OrgId,
    permission: Permission,
) -> Result<Authorised, Problem> {
    let bearer = signed_in(request, core).await?;
    authorise(&bearer.person(), &bearer.permissions, org, permission).map_err(forbidden)
}

/// The permit to do something in all organisations.
pub async fn permitted_everywhere(
    request: &Request,
    core: &Database,
    permission: Permission,
) -> Result<Authorised, Problem> {
    let bearer = signed_in(request, core).await?;
    authorise_everywhere(&bearer.person(), &bearer.permissions, permission).map_err(forbidden)
}

/// The permits that the sender has for this, one for each of the organisations where they have one.
pub async fn permitted_among(
    request: &Request,
    core: &Database,
    organisations: &[OrgId],
    permission: Permission,
) -> Result<Vec<Authorised>, Problem> {
    let bearer = signed_in(request, core).await?;
    let person = bearer.person();
    let permits: Vec<Authorised> = organisations
        .iter()
        .filter_map(|org| authorise(&person, &bearer.permissions, org, permission).ok())
        .collect();
    if permits.is_empty() {
        return Err(forbidden(Denied));
    }
    Ok(permits)
}

/// Who sent a request, and what their roles permit now.
#[derive(Debug)]
pub struct SignedIn {
    /// What the token says.
    pub claims: AccessClaims,
    /// What they may do.
    pub permissions: Permissions,
}

impl SignedIn {
    fn person(&self) -> OperatorRef {
        OperatorRef {
            id: self.claims.sub.clone(),
            name: self.claims.name.clone(),
        }
    }
}

/// Who sent the request.
pub async fn signed_in(request: &Request, core: &Database) -> Result<SignedIn, Problem> {
    match bearer_of(core, header(request, "authorization"), now_ms()).await {
        Ok(bearer) => Ok(bearer),
        Err(Refused::Token(refused)) => Err(unauthorised(refused)),
        Err(Refused::Storage(error)) => Err(error.into()),
    }
}

/// The client's address as the host saw it, without the port.
pub fn client_address(request: &Request) -> Option<String> {
    let address = header(request, "spin-client-addr")?;
    let without_port = address.parse::<std::net::SocketAddr>();
    Some(without_port.map_or_else(|_| address.to_owned(), |socket| socket.ip().to_string()))
}

fn unauthorised(refused: TokenRefused) -> Problem {
    // RFC 6750: an error code only where a token was sent.
    let challenge = match refused {
        TokenRefused::Missing => "Bearer",
        _ => "Bearer error=\"invalid_token\"",
    };
    Problem::new(401, "not_signed_in", format!("Not signed in: {refused}."))
        .header("WWW-Authenticate", challenge)
}

fn forbidden(denied: Denied) -> Problem {
    Problem::new(403, "forbidden", format!("Not allowed: {denied}."))
}

/// Why nobody is let in.
#[derive(Debug)]
enum Refused {
    Token(TokenRefused),
    Storage(StorageError),
}

impl From<TokenRefused> for Refused {
    fn from(refused: TokenRefused) -> Self {
        Self::Token(refused)
    }
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

async fn bearer_of(
    core: &Database,
    authorization: Option<&str>,
    now_ms: i64,
) -> Result<SignedIn, Refused> {
    let token = ReceivedToken::parse(bearer(authorization)?)?;
    let key = verification_key(core, token.key_id()).await?;
    let claims = token.verify(&key, now_ms)?;
    let standing = sign_in::standing(core, &claims.sub, claims.generation, &claims.sid).await?;
    let held = standing.ok_or(TokenRefused::Withdrawn)?;
    Ok(SignedIn {
        claims,
        permissions: Permissions::of(held),
    })
}

thread_local! {
    /// Public keys by id: they never change, and an installation has three.
    static KEYS: RefCell<HashMap<String, VerificationKey>> = RefCell::default();
}

async fn verification_key(core: &Database, id: &str) -> Result<VerificationKey, Refused> {
    if let Some(key) = KEYS.with_borrow(|keys| keys.get(id).cloned()) {
        return Ok(key);
    }
    let stored = sign_in::public_key(core, id).await?;
    let key = stored
        .and_then(|hex| VerificationKey::parse(&hex).ok())
        .ok_or(TokenRefused::NotOurs)?;
    KEYS.with_borrow_mut(|keys| keys.insert(id.to_owned(), key.clone()));
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vikno_identity::{SigningKey, issue_access_token};
    use vikno_storage::migrations::{Kind, migrate};
    use vikno_storage::staff_sessions::{self, NewSession};
    use vikno_storage::{block_on, people, roles};

    const NOW_MS: i64 = 1_763_900_000_000;

    fn core(key: &SigningKey) -> Database {
        let core = block_on(Database::open(":memory:")).unwrap();
        block_on(migrate(&core, Kind::Core)).unwrap();
        let admin = people::ensure_first_administrator(&core, "u_1", "hash", NOW_MS);
        assert!(block_on(admin).unwrap());
        let key = key.verification_key();
        let keys = [(key.id(), key.to_hex())];
        let publish = sign_in::publish_keys(&core, &keys, "", NOW_MS);
        block_on(publish).unwrap();
        let session = NewSession {
            id: "s_1",
            person_id: "u_1",
            token_sha256: "sha",
            address: None,
            agent: None,
        };
        block_on(staff_sessions::begin(&core, session, NOW_MS)).unwrap();
        core
    }

    fn token(key: &SigningKey, sub: &str, generation: i64) -> String {
        let claims = AccessClaims::new(sub, "Administrator", generation, "s_1");
        format!("Bearer {}", issue_access_token(key, claims, NOW_MS))
    }

    fn refused(core: &Database, authorization: Option<&str>) -> TokenRefused {
        match block_on(bearer_of(core, authorization, NOW_MS)) {
            Err(Refused::Token(refused)) => refused,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_token_of_a_published_key_and_a_standing_person_opens_the_door() {
        let key = SigningKey::derive("ours", NOW_MS).unwrap();
        let core = core(&key);
        let authorization = token(&key, "u_1", 0);
        let bearer = block_on(bearer_of(&core, Some(&authorization), NOW_MS)).unwrap();
        assert_eq!(bearer.claims.sub, "u_1");
        assert_eq!(bearer.permissions.named()["*"].len(), Permission::ALL.len());
    }

    #[test]
    fn everything_else_does_not() {
        let key = SigningKey::derive("ours", NOW_MS).unwrap();
        let foreign = SigningKey::derive("foreign", NOW_MS).unwrap();
        let core = core(&key);
        let cases = [
            (None, TokenRefused::Missing),
            (Some("Basic YWRtaW46".to_owned()), TokenRefused::Missing),
            (Some("Bearer x.y.z".to_owned()), TokenRefused::Malformed),
            (Some(token(&foreign, "u_1", 0)), TokenRefused::NotOurs),
            (Some(token(&key, "u_1", 1)), TokenRefused::Withdrawn),
            (Some(token(&key, "u_2", 0)), TokenRefused::Withdrawn),
        ];
        for (authorization, expected) in cases {
            assert_eq!(refused(&core, authorization.as_deref()), expected);
        }
    }

    #[test]
    fn what_a_role_permits_counts_at_once_for_tokens_given_before() {
        let key = SigningKey::derive("ours", NOW_MS).unwrap();
        let core = core(&key);
        let authorization = token(&key, "u_1", 0);
        let permitted = || {
            let bearer = block_on(bearer_of(&core, Some(&authorization), NOW_MS)).unwrap();
            bearer
                .permissions
                .named()
                .get("ukc")
                .map(|held| held.join(" "))
        };
        let give = "INSERT INTO held_roles (person_id, org, role) VALUES ('u_1', 'ukc', 'desk')";
        block_on(core.run(give, vec![])).unwrap();
        assert_eq!(permitted(), None);
        for permissions in [
            vec!["view_shift".to_owned()],
            vec!["export".to_owned(), "root".to_owned()],
        ] {
            let actor = people::Actor {
                id: "u_1",
                address: None,
            };
            let names = std::collections::BTreeMap::new();
            let kept = roles::keep(&core, "desk", &names, &permissions, actor, NOW_MS);
            block_on(kept).unwrap();
            assert_eq!(permitted(), Some(permissions[0].clone()));
        }
    }

    #[test]
    fn a_token_ends_with_its_session_also_where_its_key_is_remembered() {
        let key = SigningKey::derive("ours", NOW_MS).unwrap();
        let core = core(&key);
        let authorization = token(&key, "u_1", 0);
        block_on(bearer_of(&core, Some(&authorization), NOW_MS)).unwrap();
        assert!(block_on(staff_sessions::end(&core, "u_1", "s_1", None, NOW_MS)).unwrap());
        assert_eq!(
            refused(&core, Some(&authorization)),
            TokenRefused::Withdrawn
        );
    }
}
