//! Browsers in which a one-time code was given: there the password is enough for a month.

use crate::cookies::Cookie;
use crate::session::Origin;
use crate::sha256_hex;
use vikno_shell::{Problem, Request, Response, random};
use vikno_storage::people::Person;
use vikno_storage::{Database, known_browsers};

const BROWSER: Cookie = Cookie {
    name: "vikno_browser",
    path: "/core/auth/",
    same_site: "Strict",
    life_s: 30 * 24 * 3_600,
};

/// What the browser holds, if it is known to anybody.
pub(crate) fn held(request: &Request) -> Option<String> {
    BROWSER.held(request)
}

/// Whether the person has given a code in the browser that holds this.
pub(crate) async fn is_known(
    core: &Database,
    held: Option<&str>,
    person: &Person,
    now_ms: i64,
) -> Result<bool, Problem> {
    let Some(held) = held else { return Ok(false) };
    Ok(known_browsers::is_known(core, &sha256_hex("browser", held), &person.id, now_ms).await?)
}

/// The person has given a code: the browser goes on with something new. What it held may have been put there by somebody else,
/// who would then be known as this person.
pub(crate) async fn remember(
    core: &Database,
    held: Option<String>,
    person: &Person,
    origin: &Origin,
    response: Response,
    now_ms: i64,
) -> Result<Response, Problem> {
    let token = hex::encode(random::<32>());
    let hash = sha256_hex("browser", &token);
    let before = held.map(|held| sha256_hex("browser", &held));
    let until_ms = now_ms + BROWSER.life_s * 1_000;
    known_browsers::remember(core, before.as_deref(), &hash, &person.id, until_ms, now_ms).await?;
    BROWSER.give(response, &token, origin)
}
