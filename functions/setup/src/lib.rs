//! Brings an installation up to date: migrations, the newest processes of every organisation, the first
//! administrator. Runs at every start; a second run changes nothing.

mod publish;

use serde::Serialize;
use serde_json::json;
use spin_sdk::http_service;
use vikno_domain::OrgId;
use vikno_identity::{acceptable_password, generate_password, hash_password};
use vikno_shell::{Problem, Reply, Request, Response, now_ms};
use vikno_storage::migrations::{Kind, migrate};
use vikno_storage::{Database, outbox, people, turns};

/// What a run did.
#[derive(Serialize)]
struct Report {
    organisations: Vec<OrganisationReport>,
    /// The first administrator's password, if one was made up in this run: shown once, stored nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    administrator_password: Option<String>,
}

#[derive(Serialize)]
struct OrganisationReport {
    id: OrgId,
    migrations: usize,
    published: bool,
}

#[http_service]
async fn handle(request: Request) -> Response {
    vikno_shell::answered(request, set_up).await
}

async fn set_up(request: Request) -> Reply {
    vikno_shell::method(&request, "POST")?;
    let organisations = vikno_shell::variable("organisations")
        .await
        .unwrap_or_default();
    let mut reports = Vec::new();
    for id in organisations
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
    {
        let org = OrgId::parse(id)
            .map_err(|error| Problem::fault(format!("variable organisations, '{id}': {error}")))?;
        reports.push(organisation(org).await?);
    }
    let administrator_password = administrator().await?;
    Ok(vikno_shell::json(
        200,
        &Report {
            organisations: reports,
            administrator_password,
        },
    ))
}

async fn organisation(org: OrgId) -> Result<OrganisationReport, Problem> {
    let database = Database::open(org.as_str()).await?;
    let migrations = migrate(&database, Kind::Organisation).await?;
    turns::forget_leases(&database).await?;
    outbox::forget_turns(&database).await?;
    // What was changed in the moment of a crash may not have been laid out.
    let changed = vikno_shell::changed_settings(&database).await?;
    vikno_shell::lay_out_settings(&org, &changed).await?;
    let published = publish::newest(&database, &org, now_ms()).await?;
    Ok(OrganisationReport {
        id: org,
        migrations,
        published,
    })
}

/// Makes the first administrator; returns the password if it was made up here.
async fn administrator() -> Result<Option<String>, Problem> {
    let core = Database::open("core").await?;
    migrate(&core, Kind::Core).await?;
    if !people::needs_first_administrator(&core).await? {
        return Ok(None);
    }
    let given = vikno_shell::variable("admin_password").await;
    let (password, made_up) = match given {
        Some(password) => {
            // The installer decides; a start that fails over it would help nobody.
            if let Err(weakness) = acceptable_password("admin", &password) {
                vikno_shell::log_info(
                    "weak_admin_password",
                    json!({ "advice": format!("change it after signing in: {weakness}") }),
                );
            }
            (password, None)
        }
        None => {
            let password = generate_password(vikno_shell::random());
            (password.clone(), Some(password))
        }
    };
    let hash = hash_password(&password, vikno_shell::random()).map_err(Problem::fault)?;
    let id = vikno_shell::new_id("u");
    let made = people::ensure_first_administrator(&core, &id, &hash, now_ms()).await?;
    Ok(made_up.filter(|_| made))
}
