//! The organisations' settings, from the read-only mount; read once an instance.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use vikno_domain::OrgId;
use vikno_organisation::Organisation;
use vikno_shell::Problem;

thread_local! {
    static KNOWN: RefCell<HashMap<OrgId, Rc<Organisation>>> = RefCell::default();
}

/// The settings of an organisation that this deployment serves.
pub async fn organisation(org: &OrgId) -> Result<Rc<Organisation>, Problem> {
    if let Some(known) = KNOWN.with_borrow(|known| known.get(org).cloned()) {
        return Ok(known);
    }
    let unknown = || {
        let detail = format!("There is no organisation '{org}' here.");
        Problem::new(404, "unknown_organisation", detail)
    };
    let served = vikno_shell::variable("organisations")
        .await
        .unwrap_or_default();
    if !served.split(',').any(|id| id.trim() == org.as_str()) {
        return Err(unknown());
    }
    let file = format!("/organisations/{org}/organisation.toml");
    let toml = std::fs::read_to_string(file).map_err(|error| unknown().internal(error))?;
    let settings = Organisation::parse(&toml).map_err(|problems| {
        Problem::fault(format!("the settings of {org} do not hold: {problems:?}"))
    })?;
    let settings = Rc::new(settings);
    KNOWN.with_borrow_mut(|known| known.insert(org.clone(), settings.clone()));
    Ok(settings)
}
