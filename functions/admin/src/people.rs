//! People: listed, made, changed. Each change and its audit line are one transaction.

use crate::command::{self, NewPerson, PersonChange};
use crate::{BODY_LIMIT, view};
use std::collections::BTreeMap;
use vikno_access::{client_address, not_breached};
use vikno_identity::{Authorised, generate_password, hash_password};
use vikno_shell::{Problem, Reply, Request, json, json_body, new_id, now_ms, query, random};
use vikno_storage::people::{self, Actor, Changed};
use vikno_storage::{Database, StorageError};

pub(crate) async fn list(request: &Request, core: &Database) -> Reply {
    let after = query(request).remove("after").unwrap_or_default();
    let found = people::list(core, &after).await?;
    Ok(json(200, &view::people_page(found)))
}

pub(crate) async fn read(core: &Database, id: &str) -> Reply {
    let person = people::by_id(core, id).await?.ok_or_else(unknown)?;
    Ok(json(200, &view::person(person, None)))
}

pub(crate) async fn create(request: Request, core: &Database, permit: &Authorised) -> Reply {
    let address = client_address(&request);
    let given: NewPerson = json_body(request, BODY_LIMIT).await?;
    let login = command::login(&given.login)?;
    let name = command::name(&given.name)?;
    let phone = given.phone.as_deref().map(command::phone).transpose()?;
    command::otp_has_a_phone(given.otp_required, phone.as_deref())?;
    let roles = command::roles(
        &given.roles,
        &vikno_shell::served_organisations().await,
        &crate::roles::defined(core).await?,
    )?;
    let (password, made_up) = match &given.password {
        Some(password) => (chosen(&login, password).await?, None),
        None => made_up(),
    };

    let id = new_id("u");
    let new = people::NewPerson {
        id: &id,
        login: &login,
        name: &name,
        password_hash: &hash_password(&password, random()).map_err(Problem::fault)?,
        phone: phone.as_deref(),
        otp_required: given.otp_required,
        roles: &roles,
    };
    let actor = actor(permit, address.as_deref());
    match people::create(core, &new, actor, now_ms()).await {
        Err(StorageError::Conflict(_)) => {
            return Err(Problem::new(
                409,
                "login_taken",
                "Somebody has this login already.",
            ));
        }
        done => done?,
    }
    let person = people::by_id(core, &id).await?.ok_or_else(unknown)?;
    Ok(json(201, &view::person(person, made_up)))
}

pub(crate) async fn change(
    request: Request,
    core: &Database,
    id: &str,
    permit: &Authorised,
) -> Reply {
    let address = client_address(&request);
    let given: PersonChange = json_body(request, BODY_LIMIT).await?;
    let before = people::by_id(core, id).await?.ok_or_else(unknown)?;
    let phone = match &given.phone {
        Some(Some(phone)) => Some(Some(command::phone(phone)?)),
        Some(None) => Some(None),
        None => None,
    };
    let phone_after = phone.as_ref().unwrap_or(&before.phone);
    let otp_after = given.otp_required.unwrap_or(before.otp_required);
    command::otp_has_a_phone(otp_after, phone_after.as_deref())?;
    let roles = match &given.roles {
        Some(roles) => Some(command::roles(
            roles,
            &vikno_shell::served_organisations().await,
            &crate::roles::defined(core).await?,
        )?),
        None => None,
    };
    let queues = match &given.queues {
        Some(queues) => Some(served_queues(queues).await?),
        None => None,
    };
    let (password, made_up) = match (&given.password, given.reset_password) {
        (Some(password), _) => (Some(chosen(&before.login, password).await?), None),
        (None, true) => {
            let (password, made_up) = made_up();
            (Some(password), made_up)
        }
        (None, false) => (None, None),
    };
    let hash = |password: String| hash_password(&password, random()).map_err(Problem::fault);

    let change = people::PersonChange {
        name: given.name.as_deref().map(command::name).transpose()?,
        password_hash: password.map(hash).transpose()?,
        phone,
        otp_required: given.otp_required,
        resets_second_factor: given.reset_second_factor,
        active: given.active,
        roles,
        capacity: given.capacity.map(command::capacity).transpose()?,
        queues,
        skills: given.skills.as_deref().map(command::skills).transpose()?,
        languages: given
            .languages
            .map(|all| all.iter().map(ToString::to_string).collect()),
    };
    let actor = actor(permit, address.as_deref());
    match people::change(core, id, &change, actor, now_ms()).await? {
        Changed::Done(person) => Ok(json(200, &view::person(*person, made_up))),
        Changed::Unknown => Err(unknown()),
        Changed::LastAdministrator => Err(Problem::new(
            409,
            "last_administrator",
            "Nobody could administer the installation any more: make somebody else administrator first.",
        )),
    }
}

async fn served_queues(
    given: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<(String, String)>, Problem> {
    let served = vikno_shell::served_organisations().await;
    let mut known = BTreeMap::new();
    for org in served.iter().filter(|org| given.contains_key(org.as_str())) {
        let organisation = vikno_shell::served_organisation(org).await?;
        let queues = organisation.queues.iter().map(|queue| queue.id.clone());
        known.insert(org.as_str(), queues.collect());
    }
    command::queues(given, |org| known.get(org).cloned())
}

/// A password that somebody has chosen.
async fn chosen(login: &str, password: &str) -> Result<String, Problem> {
    let password = command::password(login, password)?;
    not_breached(password).await?;
    Ok(password.to_owned())
}

/// A password to hand over, and again for the answer.
fn made_up() -> (String, Option<String>) {
    let password = generate_password(random());
    (password.clone(), Some(password))
}

pub(crate) fn actor<'a>(permit: &'a Authorised, address: Option<&'a str>) -> Actor<'a> {
    Actor {
        id: &permit.person().id,
        address,
    }
}

fn unknown() -> Problem {
    Problem::new(404, "unknown_person", "There is no such person.")
}
