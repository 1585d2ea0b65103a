//! `POST login`: counts the try, checks the password, then answers with a token or asks for a one-time code.

use crate::session::{self, Origin};
use crate::signer::Signer;
use crate::{BODY_LIMIT, browser, code, passkeys, sha256_hex};
use serde::Deserialize;
use vikno_identity::{
    AccessClaims, PasswordProven, Throttle, TooManyAttempts, WrongPassword, address_limit,
    login_limit, verify_password, verify_unknown_login,
};
use vikno_shell::{Problem, Reply, Request, now_ms};
use vikno_storage::audit::{self, AuditEntry};
use vikno_storage::people::{self, Person};
use vikno_storage::sign_in::{self, Tries};
use vikno_storage::{Database, StorageError, totp};

#[derive(Deserialize)]
struct Credentials {
    login: String,
    password: String,
}

pub(crate) async fn sign_in(request: Request) -> Reply {
    let origin = Origin::of(&request);
    let browser = browser::held(&request);
    let given: Credentials = vikno_shell::json_body(request, BODY_LIMIT).await?;
    let login = given.login.trim().to_lowercase();
    let now_ms = now_ms();
    let signer = Signer::load(now_ms).await?;
    let core = Database::open("core").await?;

    let address = origin.address.as_deref();
    let tries = CountedTry::count(&core, &login, address, now_ms).await?;
    let person = people::by_login(&core, &login).await?;
    let proven = proven(person.as_ref(), &given.password);
    let (Some(person), Ok(proof)) = (&person, proven) else {
        note_failure(&core, person.as_ref(), address, now_ms).await?;
        return Err(wrong());
    };
    tries.forget(&core, proof).await?;
    if !browser::is_known(&core, browser.as_deref(), person, now_ms).await? {
        if totp::of(&core, &person.id, true).await?.is_some() {
            return code::ask_app(&core, person, now_ms).await;
        }
        if person.otp_required {
            return code::ask_phone(&core, person, now_ms).await;
        }
        if passkeys::has_any(&core, &person.id).await? {
            return Err(passkey_needed());
        }
    }
    session::begin(&core, &signer, person, &origin, now_ms).await
}

/// Somebody who is signed in shows the password again, before what a stolen token must not do.
pub(crate) async fn proven_again(
    core: &Database,
    claims: &AccessClaims,
    password: &str,
    address: Option<&str>,
    now_ms: i64,
) -> Result<Person, Problem> {
    let person = people::by_id(core, &claims.sub).await?;
    let person = person.ok_or_else(|| Problem::fault("a token that stands has no person"))?;
    let tries = CountedTry::count(core, &person.login, address, now_ms).await?;
    let proof = verify_password(&person.password_hash, password)
        .map_err(|_| Problem::new(403, "wrong_password", "The current password is not right."))?;
    tries.forget(core, proof).await?;
    Ok(person)
}

#[derive(Deserialize)]
struct Password {
    password: String,
}

/// The person who is signed in and shows the password again with this request, and the time.
pub(crate) async fn shown_again(request: Request) -> Result<(Database, Person, i64), Problem> {
    let core = Database::open("core").await?;
    let claims = vikno_access::signed_in(&request, &core).await?.claims;
    let address = vikno_access::client_address(&request);
    let given: Password = vikno_shell::json_body(request, BODY_LIMIT).await?;
    let now_ms = now_ms();
    let person = proven_again(&core, &claims, &given.password, address.as_deref(), now_ms).await?;
    Ok((core, person, now_ms))
}

/// Costs one password check whatever the login is; a person who was switched off is like one who never was.
fn proven(person: Option<&Person>, password: &str) -> Result<PasswordProven, WrongPassword> {
    match person {
        Some(person) => {
            let proof = verify_password(&person.password_hash, password)?;
            if person.active {
                Ok(proof)
            } else {
                Err(WrongPassword)
            }
        }
        None => Err(verify_unknown_login(password)),
    }
}

/// The audit line of a wrong password or code.
pub(crate) async fn note_failure(
    core: &Database,
    person: Option<&Person>,
    address: Option<&str>,
    now_ms: i64,
) -> Result<(), StorageError> {
    // The login as typed is not kept: people type passwords there.
    let entry = AuditEntry {
        what: "sign_in_failed",
        target: person.map(|person| person.id.as_str()),
        address,
        ..AuditEntry::default()
    };
    audit::record(core, entry, now_ms).await
}

fn wrong() -> Problem {
    Problem::new(
        401,
        "wrong_credentials",
        format!("Not signed in: {WrongPassword}."),
    )
    .header("WWW-Authenticate", "Bearer")
}

/// Whoever has a passkey and no other second factor is not let in by the password alone.
fn passkey_needed() -> Problem {
    let detail = "The password is right, but you sign in with your passkey. If you have lost it, ask an administrator.";
    Problem::new(403, "passkey_needed", detail)
}

/// A try that counts as wrong until it is proven right.
struct CountedTry {
    login_key: String,
    address_key: String,
}

impl CountedTry {
    async fn count(
        core: &Database,
        login: &str,
        address: Option<&str>,
        now_ms: i64,
    ) -> Result<Self, Problem> {
        let login_key = sha256_hex("login", login);
        let address_key = sha256_hex("address", address.unwrap_or_default());
        let limits = [login_limit, address_limit];
        let keys = [login_key.as_str(), address_key.as_str()];
        let counted = sign_in::count_try(core, &keys, now_ms, |index, tries| {
            limits[index](throttle(tries), now_ms).map(stored)
        });
        counted.await?.map_err(too_many)?;
        Ok(Self {
            login_key,
            address_key,
        })
    }

    async fn forget(self, core: &Database, _: PasswordProven) -> Result<(), StorageError> {
        sign_in::forget_tries(core, &self.login_key, &self.address_key).await
    }
}

fn throttle(tries: Tries) -> Throttle {
    Throttle {
        failures: tries.failures,
        last_at_ms: tries.last_at_ms,
        locked_until_ms: tries.locked_until_ms,
    }
}

fn stored(throttle: Throttle) -> Tries {
    Tries {
        failures: throttle.failures,
        last_at_ms: throttle.last_at_ms,
        locked_until_ms: throttle.locked_until_ms,
    }
}

fn too_many(refused: TooManyAttempts) -> Problem {
    Problem::new(
        429,
        "too_many_attempts",
        format!("Not signed in: {refused}."),
    )
    .header("Retry-After", refused.retry_after_s.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use vikno_identity::hash_password;

    fn person(active: bool) -> Person {
        Person {
            id: "u_1".into(),
            login: "olena".into(),
            name: "Олена".into(),
            password_hash: hash_password("the right one", [1; 16]).unwrap(),
            phone: None,
            otp_required: false,
            active,
            generation: 0,
            created_at_ms: 0,
            signed_in_at_ms: None,
            roles: vec![],
            capacity: 5,
            skills: Vec::new(),
            languages: Vec::new(),
            queues: vec![],
        }
    }

    #[test]
    fn only_an_active_person_with_the_right_password_is_proven() {
        assert!(proven(Some(&person(true)), "the right one").is_ok());
        assert!(proven(Some(&person(true)), "a wrong one").is_err());
        assert!(proven(Some(&person(false)), "the right one").is_err());
        assert!(proven(None, "the right one").is_err());
    }
}
