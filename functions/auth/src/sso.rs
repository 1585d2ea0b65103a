//! Signing in through a provider of OpenID Connect. It takes the place of password and code; who may come in and what they may do
//! is decided here, by a person made before. What the provider says is checked in `vikno_identity::oidc`.

use crate::cookies::Cookie;
use crate::session::{self, Origin};
use crate::{sha256_hex, site};
use http::HeaderValue;
use http::header::{AUTHORIZATION, LOCATION};
use serde_json::json;
use vikno_identity::oidc::{
    OidcRefused, Provider, Question, Subject, Tokens, basic_authorization, description_url,
    is_answer_of,
};
use vikno_shell::outbound::{self, Answer, Failed};
use vikno_shell::{
    Problem, Reply, Request, Response, empty, log_error, now_ms, query, random, variable,
};
use vikno_storage::{Database, sso};

/// The state, until the browser comes back; Lax, since it comes from another site.
const STATE: Cookie = Cookie {
    name: "vikno_sso",
    path: "/core/auth/sso",
    same_site: "Lax",
    life_s: 600,
};
/// Descriptions and keys are a few KB.
const ANSWER_MAX: usize = 256 * 1024;
/// Where people go on, in or out.
const CONSOLE: &str = "/console/";

/// The provider, and what we are to it.
struct Settings {
    issuer: String,
    client_id: String,
    client_secret: String,
    /// Which of the subject's names is a login here.
    login_claim: String,
    redirect_uri: String,
}

impl Settings {
    /// None where no provider is set.
    async fn load(request: &Request) -> Option<Self> {
        let public_url = site::public_url(request).await;
        Some(Self {
            issuer: variable("oidc_issuer").await?,
            client_id: variable("oidc_client_id").await?,
            client_secret: variable("oidc_client_secret").await?,
            login_claim: variable("oidc_login_claim").await.unwrap_or_default(),
            redirect_uri: format!("{}/core/auth/sso/callback", public_url?),
        })
    }

    /// An address of mail counts only when the provider has checked it: else anybody could claim a colleague's.
    fn login(&self, subject: &Subject) -> Option<String> {
        let name = match self.login_claim.as_str() {
            "preferred_username" => subject.preferred_username.as_deref(),
            _ => subject.email.as_deref().filter(|_| subject.email_verified),
        };
        name.map(|name| name.trim().to_lowercase())
    }
}

/// `GET sso`: whether the page offers it, and by whose name.
pub(crate) async fn offered(request: &Request) -> Reply {
    let is_on = Settings::load(request).await.is_some();
    let name = variable("oidc_name").await;
    Ok(vikno_shell::json(
        200,
        &json!({ "offered": is_on, "name": name }),
    ))
}

/// `GET sso/start`: to the provider.
pub(crate) async fn start(request: &Request) -> Reply {
    let settings = Settings::load(request).await.ok_or_else(|| {
        let detail = "No provider is set: give oidc_issuer, oidc_client_id and oidc_client_secret.";
        Problem::new(404, "no_provider", detail)
    })?;
    let provider = match provider(&settings).await {
        Ok(provider) => provider,
        Err(why) => return refused(&why),
    };
    let now_ms = now_ms();
    let state = hex::encode(random::<32>());
    let flow = sso::Flow {
        nonce: hex::encode(random::<32>()),
        verifier: hex::encode(random::<32>()),
    };
    let core = Database::open("core").await?;
    let until_ms = now_ms + STATE.life_s * 1_000;
    if !sso::begin(&core, &sha256_hex("sso", &state), &flow, until_ms, now_ms).await? {
        let detail = "Too many sign-ins are under way. Try again in some minutes.";
        return Err(Problem::new(503, "too_many_sign_ins", detail).header("Retry-After", "60"));
    }
    let question = settings.question(&state, &flow);
    let response = leads_to(&provider.authorization_url(question))?;
    STATE.give(response, &state, &Origin::of(request))
}

/// `GET sso/callback`: back from the provider, with a session or without one.
pub(crate) async fn callback(request: Request) -> Reply {
    let response = match come_back(&request).await {
        Ok(response) => response,
        Err(why) => refused(&why)?,
    };
    STATE.take(response, &Origin::of(&request))
}

/// Why nobody was signed in.
enum Why {
    /// The browser has begun no such sign-in, or too long ago.
    NotBegun,
    /// The provider said no.
    Declined(String),
    /// The provider does not answer, or not as agreed.
    Provider(String),
    /// Nobody here is that person.
    NoPerson,
    /// Ours.
    Fault(Problem),
}

impl<E: Into<Problem>> From<E> for Why {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

async fn come_back(request: &Request) -> Result<Response, Why> {
    let settings = Settings::load(request).await.ok_or(Why::NotBegun)?;
    let given = query(request);
    let state = given.get("state").map(String::as_str).unwrap_or_default();
    let is_this_browser = STATE.held(request).is_some_and(|held| {
        !held.is_empty() && sha256_hex("sso", &held) == sha256_hex("sso", state)
    });
    if !is_this_browser {
        return Err(Why::NotBegun);
    }
    let core = Database::open("core").await?;
    let now_ms = now_ms();
    let flow = sso::take(&core, &sha256_hex("sso", state), now_ms).await?;
    let flow = flow.ok_or(Why::NotBegun)?;
    if !is_answer_of(&settings.issuer, given.get("iss").map(String::as_str)) {
        return Err(Why::Provider("the answer is another issuer's".to_owned()));
    }
    let Some(code) = given.get("code") else {
        let error = given.get("error").cloned().unwrap_or_default();
        return Err(Why::Declined(error));
    };
    let question = settings.question(state, &flow);
    let (issuer, subject) = subject(&settings, question, code, now_ms).await?;
    let origin = Origin::of(request);
    let login = settings.login(&subject);
    let address = origin.address.as_deref();
    let person = sso::person(
        &core,
        &issuer,
        &subject.sub,
        login.as_deref(),
        address,
        now_ms,
    );
    let person = person.await?.ok_or(Why::NoPerson)?;
    let response = leads_to(CONSOLE)?;
    Ok(session::begin_with(response, &core, &person, &origin, now_ms).await?)
}

/// Who the provider says it is, and the issuer's name as kept.
async fn subject(
    settings: &Settings,
    question: Question<'_>,
    code: &str,
    now_ms: i64,
) -> Result<(String, Subject), Why> {
    let provider = provider(settings).await?;
    let authorization = basic_authorization(&settings.client_id, &settings.client_secret);
    let tokens = outbound::post(
        &provider.token_endpoint,
        "application/x-www-form-urlencoded",
        Some((AUTHORIZATION, &authorization)),
        Provider::token_request(question, code),
    );
    let tokens = answered("the token endpoint", tokens.await)?;
    let tokens = Tokens::parse(&tokens.body).map_err(not_as_agreed)?;
    let keys = outbound::get(&provider.jwks_uri, ANSWER_MAX).await;
    let keys = answered("the keys", keys)?;
    let mut subject = provider
        .subject(question, &tokens, &keys.body, now_ms)
        .map_err(not_as_agreed)?;
    // Many providers tell names only there.
    if let (None, Some(endpoint)) = (settings.login(&subject), &provider.userinfo_endpoint) {
        let bearer = format!("Bearer {}", tokens.access_token);
        let info = outbound::get_as(endpoint, Some((AUTHORIZATION, &bearer)), ANSWER_MAX).await;
        let info = answered("the user info", info)?;
        subject = subject.completed(&info.body).map_err(not_as_agreed)?;
    }
    let issuer = settings.issuer.trim_end_matches('/').to_owned();
    Ok((issuer, subject))
}

async fn provider(settings: &Settings) -> Result<Provider, Why> {
    let url = description_url(&settings.issuer);
    let description = answered("the description", outbound::get(&url, ANSWER_MAX).await)?;
    Provider::parse(&settings.issuer, &description.body).map_err(not_as_agreed)
}

fn not_as_agreed(refused: OidcRefused) -> Why {
    Why::Provider(refused.to_string())
}

fn answered(what: &str, answer: Result<Answer, Failed>) -> Result<Answer, Why> {
    match answer {
        Ok(answer) if answer.status == 200 => Ok(answer),
        Ok(answer) => Err(Why::Provider(format!("{what} answered {}", answer.status))),
        Err(failed) => Err(Why::Provider(format!("{what}: {failed:?}"))),
    }
}

impl Settings {
    fn question<'a>(&'a self, state: &'a str, flow: &'a sso::Flow) -> Question<'a> {
        Question {
            client_id: &self.client_id,
            redirect_uri: &self.redirect_uri,
            state,
            nonce: &flow.nonce,
            verifier: &flow.verifier,
        }
    }
}

/// Back to the page, which says why.
fn refused(why: &Why) -> Reply {
    let (code, cause) = match why {
        Why::NotBegun => ("not_begun", None),
        Why::Declined(error) => ("declined", Some(error.clone())),
        Why::Provider(cause) => ("provider", Some(cause.clone())),
        Why::NoPerson => ("no_person", None),
        Why::Fault(problem) => ("fault", Some(format!("{problem:?}"))),
    };
    log_error("sso_refused", json!({ "code": code, "cause": cause }));
    leads_to(&format!("{CONSOLE}?sso={code}"))
}

fn leads_to(url: &str) -> Reply {
    let mut response = empty(303);
    let url = HeaderValue::from_str(url).map_err(Problem::fault)?;
    response.headers_mut().insert(LOCATION, url);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(login_claim: &str) -> Settings {
        Settings {
            issuer: "https://id.example".into(),
            client_id: "vikno".into(),
            client_secret: "s".into(),
            login_claim: login_claim.into(),
            redirect_uri: "https://chat.example/core/auth/sso/callback".into(),
        }
    }

    #[test]
    fn an_address_of_mail_is_a_login_only_when_it_was_checked() {
        let mut subject = Subject {
            sub: "1".into(),
            email: Some("Olena@gov.ua ".into()),
            email_verified: false,
            preferred_username: Some("olena".into()),
        };
        assert_eq!(settings("email").login(&subject), None);
        assert_eq!(settings("").login(&subject), None);
        assert_eq!(
            settings("preferred_username").login(&subject).as_deref(),
            Some("olena")
        );
        subject.email_verified = true;
        assert_eq!(
            settings("email").login(&subject).as_deref(),
            Some("olena@gov.ua")
        );
    }
}
