//! Direct addresses: whoever has one makes a task of what they post.

use crate::answers::of_taken;
use crate::catalogue::Catalogue;
use crate::plan::{Planned, Wish, new_task};
use crate::settings::{self, Addresses};
use crate::taking::{self, Caller, Taken, draw_number, settle};
use crate::{BODY_LIMIT, Posted, denied, frame, unreadable};
use std::collections::BTreeMap;
use vikno_corezoid::api::{
    Address, Answer, DirectAddress, Echo, ProcessName, VerifiedBody, Version,
};
use vikno_domain::OrgId;
use vikno_shell::{Problem, Reply, Request};
use vikno_storage::{Database, api_calls};

const DENIED: &str = "Access denied";

pub(crate) async fn take(
    request: Request,
    org: &OrgId,
    posted: Posted,
    process: &str,
    hash: &str,
) -> Reply {
    settings::account(org).await?;
    let body = vikno_shell::body(request, BODY_LIMIT).await?;
    let database = Database::open(org.as_str()).await?;
    let catalogue = Catalogue::newest(&database, org).await?;
    let addresses = Addresses::of(org)
        .await
        .ok_or_else(|| denied(DENIED, "there is no master key"))?;
    let (alias, verified) = verify(&database, &catalogue, &addresses, process, hash, &body).await?;
    let data = match posted.form.data(verified) {
        Ok(data) => data,
        Err(error) => return Ok(unreadable(error, posted.version)),
    };
    let name = ProcessName::Alias(alias.clone());
    let task = new_task(
        draw_number(),
        &name,
        None,
        data,
        &catalogue,
        Some(&addresses),
    );
    let wish = task.map_or_else(Wish::Refuse, Wish::Make);
    take_one(
        &database,
        org,
        posted.version,
        &format!("direct:{alias}"),
        wish,
    )
    .await
}

/// Wrong, closed and unknown addresses are told alike, so that nothing is learned by trying.
async fn verify<'b>(
    database: &Database,
    catalogue: &Catalogue,
    addresses: &Addresses,
    process: &str,
    hash: &str,
    body: &'b [u8],
) -> Result<(String, VerifiedBody<'b>), Problem> {
    let (process, _) = catalogue
        .find_segment(process)
        .ok_or_else(|| denied(DENIED, "there is no such process"))?;
    let generation = api_calls::direct_address(database, process)
        .await?
        .ok_or_else(|| denied(DENIED, "the process has no direct address"))?;
    let address = DirectAddress {
        process,
        generation,
    };
    let verified = address.verify(addresses.key(), hash, body);
    let verified = verified.map_err(|refused| denied(DENIED, refused))?;
    Ok((process.to_owned(), verified))
}

/// Takes the one wish of a call without operations, and answers it.
pub(crate) async fn take_one(
    database: &Database,
    org: &OrgId,
    version: Version,
    caller: &str,
    wish: Wish,
) -> Reply {
    let planned = [Planned {
        echo: Echo::of_task(),
        wish,
    }];
    let caller = Caller {
        name: caller,
        replay_key: None,
        limit: settings::limit().await,
    };
    let taken = taking::take(database, &caller, &planned).await?;
    let outcomes = match &taken[..] {
        [Taken::Made(_, row) | Taken::Told(_, row)] => settle(database, org, &[*row]).await?,
        _ => BTreeMap::new(),
    };
    let answers = taken
        .iter()
        .map(|taken| of_taken(Echo::of_task(), taken, &outcomes));
    Ok(frame(&Answer::of(answers), version))
}
