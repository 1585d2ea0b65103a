//! Portal tokens: how a state portal vouches for a citizen who opens a chat. The organisation's setting fixes the algorithm.

use chrono::{DateTime, Duration};
use jwt_compact::{
    AlgorithmExt, Claims, TimeOptions, UntrustedToken,
    alg::{Ed25519, Hs256, Hs256Key},
};
use serde::Deserialize;
use vikno_domain::OrgId;

use crate::{KeyRefused, VerificationKey};

/// A portal's token lives for ten minutes at the most.
const LIFE_S_MAX: i64 = 600;
const CLOCK_SKEW_S: i64 = 60;
const TOKEN_BYTES_MAX: usize = 4 * 1024;
const SUBJECT_BYTES_MAX: usize = 200;
const NAME_CHARACTERS_MAX: usize = 120;
/// 128 bits in hex; shorter shared secrets can be guessed off line.
const SECRET_BYTES_MIN: usize = 32;

/// How an organisation's portal signs (its variable `<org>_portal_secret`).
pub enum PortalKey {
    /// A shared secret of at least 32 bytes: HS256.
    Shared(String),
    /// `ed25519:` and the portal's public key in hex: EdDSA.
    Public(Box<VerificationKey>),
}

impl PortalKey {
    /// Reads the organisation's setting.
    pub fn parse(setting: &str) -> Result<Self, PortalRefused> {
        if let Some(public) = setting.strip_prefix("ed25519:") {
            let key = VerificationKey::parse(public).map_err(PortalRefused::Key)?;
            return Ok(Self::Public(Box::new(key)));
        }
        if setting.len() < SECRET_BYTES_MIN {
            return Err(PortalRefused::ShortSecret);
        }
        Ok(Self::Shared(setting.to_owned()))
    }
}

/// Why a portal's token is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortalRefused {
    /// The setting is no Ed25519 key.
    #[error("the portal's key in the settings cannot be used")]
    Key(#[source] KeyRefused),
    /// The setting is too short.
    #[error("the portal's shared secret must have at least {SECRET_BYTES_MIN} bytes")]
    ShortSecret,
    /// Not a JWT, or claims are missing.
    #[error("the identity token is not a JWT with sub, aud and exp")]
    Malformed,
    /// Signed by somebody else or in another manner.
    #[error("the identity token is not signed by this organisation's portal")]
    NotThePortals,
    /// For another organisation.
    #[error("the identity token is meant for another organisation")]
    WrongOrganisation,
    /// Over.
    #[error("the identity token has expired")]
    Expired,
    /// Not yet, or for too long.
    #[error("the identity token is not valid now, or for longer than {LIFE_S_MAX} seconds")]
    WrongTimes,
}

/// What a portal vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalIdentity {
    /// The person's id at the portal.
    pub subject: String,
    /// Name.
    pub name: Option<String>,
    /// Phone number, verified by the portal.
    pub phone: Option<String>,
}

#[derive(Deserialize, Clone)]
struct PortalClaims {
    sub: String,
    aud: Audience,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    phone: Option<String>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, org: &OrgId) -> bool {
        match self {
            Self::One(one) => one == org.as_str(),
            Self::Many(many) => many.iter().any(|one| one == org.as_str()),
        }
    }
}

/// The identity that the organisation's portal vouches for, when signature, audience and times are right.
pub fn verify_portal_token(
    text: &str,
    key: &PortalKey,
    org: &OrgId,
    now_ms: i64,
) -> Result<PortalIdentity, PortalRefused> {
    if text.len() > TOKEN_BYTES_MAX {
        return Err(PortalRefused::Malformed);
    }
    let token = UntrustedToken::new(text).map_err(|_| PortalRefused::Malformed)?;
    let claims = signed_claims(&token, key)?;
    check_times(&claims, now_ms)?;
    let claims = claims.custom;
    if !claims.aud.names(org) {
        return Err(PortalRefused::WrongOrganisation);
    }
    if claims.sub.is_empty() || claims.sub.len() > SUBJECT_BYTES_MAX {
        return Err(PortalRefused::Malformed);
    }
    Ok(PortalIdentity {
        subject: claims.sub,
        name: claims.name.as_deref().and_then(clean_name),
        phone: claims.phone.as_deref().and_then(clean_phone),
    })
}

fn signed_claims(
    token: &UntrustedToken<'_>,
    key: &PortalKey,
) -> Result<Claims<PortalClaims>, PortalRefused> {
    use jwt_compact::ValidationError::MalformedClaims;
    let validated = match key {
        PortalKey::Shared(secret) => Hs256
            .validator::<PortalClaims>(&Hs256Key::new(secret))
            .validate(token),
        PortalKey::Public(key) => Ed25519
            .validator::<PortalClaims>(&key.public)
            .validate(token),
    };
    match validated {
        Ok(token) => Ok(token.into_parts().1),
        Err(MalformedClaims(_)) => Err(PortalRefused::Malformed),
        Err(_) => Err(PortalRefused::NotThePortals),
    }
}

fn check_times(claims: &Claims<PortalClaims>, now_ms: i64) -> Result<(), PortalRefused> {
    let now = DateTime::from_timestamp_millis(now_ms).unwrap_or_default();
    let skew = Duration::seconds(CLOCK_SKEW_S);
    let clock = TimeOptions::new(skew, || now);
    let expires = claims.expiration.ok_or(PortalRefused::Malformed)?;
    claims
        .validate_expiration(&clock)
        .map_err(|_| PortalRefused::Expired)?;
    let too_long = expires - now > Duration::seconds(LIFE_S_MAX) + skew;
    let not_yet = claims.not_before.is_some_and(|from| from - now > skew);
    if too_long || not_yet {
        return Err(PortalRefused::WrongTimes);
    }
    Ok(())
}

fn clean_name(name: &str) -> Option<String> {
    let name: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME_CHARACTERS_MAX)
        .collect();
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// `+` and 7 to 15 digits with a country code (E.164); anything else is left out rather than guessed at.
fn clean_phone(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    if digits.starts_with('0') {
        return None;
    }
    let only_phone_characters = phone
        .chars()
        .all(|c| c.is_ascii_digit() || "+ ()-".contains(c));
    (only_phone_characters && (7..=15).contains(&digits.len())).then(|| format!("+{digits}"))
}
