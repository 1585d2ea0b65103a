//! Signing in through somebody else's sign-in: OpenID Connect Core 1.0, code flow, with PKCE (RFC 7636). What is fetched is passed in.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration};
use jwt_compact::alg::{Ed25519, Es256, Rsa, RsaPublicKey};
use jwt_compact::jwk::JsonWebKey;
use jwt_compact::{Algorithm, AlgorithmExt, TimeOptions, Token, UntrustedToken};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};

/// Longest token looked at: providers put groups into them.
const TOKEN_BYTES_MAX: usize = 32 * 1024;
const CLOCK_SKEW_S: i64 = 60;
/// An answer to our question was made just now.
const ANSWER_AGE_S_MAX: i64 = 600;
const SUBJECT_BYTES_MAX: usize = 255;
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Why a provider's answer is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OidcRefused {
    /// Its description is not of this issuer or lacks an address.
    #[error("the provider's description cannot be used: {0}")]
    Description(&'static str),
    /// No JWT, or claims are missing.
    #[error("the provider's identity token cannot be read: {0}")]
    Malformed(&'static str),
    /// Not signed by one of the provider's keys.
    #[error("the identity token is not signed by a key that the provider publishes")]
    NotTheProviders,
    /// Made for another application, question or time.
    #[error("the identity token is not an answer to our question: {0}")]
    NotForUs(&'static str),
}

/// Where a provider is asked: its `/.well-known/openid-configuration`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Provider {
    issuer: String,
    authorization_endpoint: String,
    /// Where a code becomes tokens.
    pub token_endpoint: String,
    /// Where its public keys are.
    pub jwks_uri: String,
    /// Where more of somebody can be asked.
    #[serde(default)]
    pub userinfo_endpoint: Option<String>,
}

/// What the token endpoint gives for a code.
#[derive(Clone, Deserialize)]
pub struct Tokens {
    id_token: String,
    /// For the user info endpoint.
    pub access_token: String,
}

impl Tokens {
    /// Reads the endpoint's answer.
    pub fn parse(json: &[u8]) -> Result<Self, OidcRefused> {
        serde_json::from_slice(json)
            .map_err(|_| OidcRefused::Malformed("the answer has no id_token and access_token"))
    }
}

/// What the application asks a provider with.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Our name there.
    pub client_id: &'a str,
    /// Where the browser comes back to.
    pub redirect_uri: &'a str,
    /// Binds the answer to the browser that asked.
    pub state: &'a str,
    /// Binds the identity token to the question.
    pub nonce: &'a str,
    /// Proves at the end that the same application asked.
    pub verifier: &'a str,
}

/// Who somebody is, as the provider tells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Subject {
    /// Never changes at this provider.
    pub sub: String,
    /// Address of mail, if told.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether the provider has checked it. Some write the word.
    #[serde(default, deserialize_with = "truth")]
    pub email_verified: bool,
    /// The name that they sign in with there.
    #[serde(default)]
    pub preferred_username: Option<String>,
}

fn truth<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    let given = serde_json::Value::deserialize(from)?;
    Ok(given == true || given == "true")
}

impl Subject {
    /// With what the user info endpoint tells of the same person (`json`), where the token has not told it.
    pub fn completed(self, json: &[u8]) -> Result<Self, OidcRefused> {
        let more: Self = serde_json::from_slice(json)
            .map_err(|_| OidcRefused::Malformed("its user info is no JSON with a sub"))?;
        if more.sub != self.sub {
            return Err(OidcRefused::NotForUs("its user info is of somebody else"));
        }
        let (email, email_verified) = match self.email {
            Some(email) => (Some(email), self.email_verified),
            None => (more.email, more.email_verified),
        };
        Ok(Self {
            sub: self.sub,
            email,
            email_verified,
            preferred_username: self.preferred_username.or(more.preferred_username),
        })
    }
}

#[derive(Deserialize)]
struct IdClaims {
    iss: String,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(flatten)]
    subject: Subject,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// A provider's `jwks_uri`; keys that are no JWK known here are left out.
#[derive(Deserialize)]
struct Jwks {
    keys: Vec<serde_json::Value>,
}

/// Whether an answer that names its issuer (`iss`, RFC 9207) is that of the provider asked; many name none.
pub fn is_answer_of(issuer: &str, named: Option<&str>) -> bool {
    let plain = |issuer: &str| issuer.trim_end_matches('/').to_owned();
    named.is_none_or(|named| plain(named) == plain(issuer))
}

/// Where a provider tells of itself.
pub fn description_url(issuer: &str) -> String {
    let issuer = issuer.trim_end_matches('/');
    format!("{issuer}/.well-known/openid-configuration")
}

impl Provider {
    /// Reads what is at [`description_url`]. Its addresses have to be on the issuer's host: no other one may be asked.
    pub fn parse(issuer: &str, json: &[u8]) -> Result<Self, OidcRefused> {
        let provider: Self = serde_json::from_slice(json)
            .map_err(|_| OidcRefused::Description("it is not JSON with the addresses needed"))?;
        let plain = |issuer: &str| issuer.trim_end_matches('/').to_owned();
        if plain(&provider.issuer) != plain(issuer) {
            return Err(OidcRefused::Description("it is of another issuer"));
        }
        let own = origin(issuer).ok_or(OidcRefused::Description("the issuer is no address"))?;
        let asked = [&provider.token_endpoint, &provider.jwks_uri];
        for address in asked.into_iter().chain(&provider.userinfo_endpoint) {
            if origin(address) != Some(own) {
                let what = "one of its addresses is on another host than the issuer";
                return Err(OidcRefused::Description(what));
            }
        }
        if origin(&provider.authorization_endpoint).is_none() {
            let what = "its authorization_endpoint is no address";
            return Err(OidcRefused::Description(what));
        }
        Ok(provider)
    }

    /// Where the browser goes.
    pub fn authorization_url(&self, question: Question<'_>) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(question.verifier));
        let fields = form(&[
            ("response_type", "code"),
            ("scope", "openid email profile"),
            ("client_id", question.client_id),
            ("redirect_uri", question.redirect_uri),
            ("state", question.state),
            ("nonce", question.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let endpoint = &self.authorization_endpoint;
        let joint = if endpoint.contains('?') { '&' } else { '?' };
        format!("{endpoint}{joint}{fields}")
    }

    /// The body of the request to the token endpoint (`application/x-www-form-urlencoded`).
    pub fn token_request(question: Question<'_>, code: &str) -> String {
        form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", question.redirect_uri),
            ("client_id", question.client_id),
            ("code_verifier", question.verifier),
        ])
    }

    /// Who it says somebody is. `jwks` is what is at `jwks_uri`; the algorithm is that of
    /// the key, never chosen by the token.
    pub fn subject(
        &self,
        question: Question<'_>,
        tokens: &Tokens,
        jwks: &[u8],
        now_ms: i64,
    ) -> Result<Subject, OidcRefused> {
        if tokens.id_token.len() > TOKEN_BYTES_MAX {
            return Err(OidcRefused::Malformed("it is too long"));
        }
        let token = UntrustedToken::new(&tokens.id_token)
            .map_err(|_| OidcRefused::Malformed("it is no JWT"))?;
        let jwks: Jwks = serde_json::from_slice(jwks)
            .map_err(|_| OidcRefused::Description("its keys are no JWKS"))?;
        let wanted = token.header().key_id.as_deref();
        let mut keys = jwks.keys.iter().filter(|key| {
            let id = key["kid"].as_str();
            let is_for_encryption = key["use"].as_str() == Some("enc");
            !is_for_encryption && (wanted.is_none() || id.is_none() || id == wanted)
        });
        let token = keys
            .find_map(|key| verified(key, &token))
            .ok_or(OidcRefused::NotTheProviders)?;
        self.in_time(&token, now_ms)?;
        self.for_us(question, &token.claims().custom)
    }

    fn in_time(&self, token: &Token<IdClaims>, now_ms: i64) -> Result<(), OidcRefused> {
        let now = DateTime::from_timestamp(now_ms.div_euclid(1_000), 0).unwrap_or_default();
        let skew = Duration::seconds(CLOCK_SKEW_S);
        let claims = token.claims();
        claims
            .validate_expiration(&TimeOptions::new(skew, || now))
            .map_err(|_| OidcRefused::NotForUs("it has expired, or has no exp"))?;
        if claims.not_before.is_some() {
            claims
                .validate_maturity(&TimeOptions::new(skew, || now))
                .map_err(|_| OidcRefused::NotForUs("its time has not come"))?;
        }
        let age_s = claims
            .issued_at
            .map(|made| now.signed_duration_since(made).num_seconds());
        match age_s {
            Some(age_s) if (-CLOCK_SKEW_S..=ANSWER_AGE_S_MAX).contains(&age_s) => Ok(()),
            _ => Err(OidcRefused::NotForUs("it was not made just now")),
        }
    }

    fn for_us(&self, question: Question<'_>, claims: &IdClaims) -> Result<Subject, OidcRefused> {
        if claims.iss != self.issuer {
            return Err(OidcRefused::NotForUs("its issuer is another one"));
        }
        let is_ours = match &claims.aud {
            Audience::One(audience) => audience == question.client_id,
            Audience::Several(audiences) => {
                audiences.iter().any(|one| one == question.client_id)
                    && (audiences.len() == 1 || claims.azp.is_some())
            }
        };
        let azp = claims.azp.as_deref();
        if !is_ours || azp.is_some_and(|azp| azp != question.client_id) {
            return Err(OidcRefused::NotForUs("its audience is another one"));
        }
        if claims.nonce.as_deref() != Some(question.nonce) {
            return Err(OidcRefused::NotForUs("its nonce is not ours"));
        }
        let subject = claims.subject.clone();
        if subject.sub.is_empty() || subject.sub.len() > SUBJECT_BYTES_MAX {
            return Err(OidcRefused::Malformed("its sub is empty or too long"));
        }
        Ok(subject)
    }
}

/// The value of `Authorization` for the token endpoint (`client_secret_basic`, RFC 6749, section 2.3.1).
pub fn basic_authorization(client_id: &str, client_secret: &str) -> String {
    let encoded = |text| utf8_percent_encode(text, COMPONENT);
    let pair = format!("{}:{}", encoded(client_id), encoded(client_secret));
    format!("Basic {}", STANDARD.encode(pair))
}

fn verified(key: &serde_json::Value, token: &UntrustedToken<'_>) -> Option<Token<IdClaims>> {
    let key: JsonWebKey<'_> = serde_json::from_value(key.clone()).ok()?;
    match &key {
        JsonWebKey::Rsa { .. } => checked(Rsa::rs256(), &RsaPublicKey::try_from(&key).ok()?, token),
        JsonWebKey::EllipticCurve { .. } => {
            let public = <Es256 as Algorithm>::VerifyingKey::try_from(&key).ok()?;
            checked(Es256, &public, token)
        }
        JsonWebKey::KeyPair { .. } => {
            let public = ed25519_dalek::VerifyingKey::try_from(&key).ok()?;
            checked(Ed25519, &public, token)
        }
        _ => None,
    }
}

fn checked<A: Algorithm>(
    algorithm: A,
    key: &A::VerifyingKey,
    token: &UntrustedToken<'_>,
) -> Option<Token<IdClaims>> {
    algorithm.validator::<IdClaims>(key).validate(token).ok()
}

/// Scheme, host and port.
fn origin(url: &str) -> Option<&str> {
    let host_at = url.strip_prefix("https://").map(|_| 8);
    let host_at = host_at.or_else(|| url.strip_prefix("http://").map(|_| 7))?;
    let end = url[host_at..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |at| host_at + at);
    let is_plain = end > host_at && !url[host_at..end].contains(['@', ' ', '\\']);
    is_plain.then_some(&url[..end])
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, COMPONENT)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jwt_compact::{Claims, Header};
    use serde_json::{Value, json};

    const ISSUER: &str = "https://id.example/realm";
    const NOW_MS: i64 = 1_795_000_000_000;
    const QUESTION: Question<'_> = Question {
        client_id: "vikno",
        redirect_uri: "https://chat.example/core/auth/sso/callback",
        state: "s t",
        nonce: "n1",
        verifier: "v1",
    };

    fn description() -> Value {
        json!({
            "issuer": ISSUER, "authorization_endpoint": "https://id.example/auth",
            "token_endpoint": "https://id.example/token", "jwks_uri": "https://id.example/keys",
            "userinfo_endpoint": "https://id.example/me", "scopes_supported": ["openid"],
        })
    }

    fn provider() -> Provider {
        Provider::parse(ISSUER, description().to_string().as_bytes()).unwrap()
    }

    fn key(seed: u8) -> ed25519_dalek::SigningKey {
        ed25519_dalek::SigningKey::from_bytes(&[seed; 32])
    }

    fn jwks(seed: u8, id: &str) -> Vec<u8> {
        let x = URL_SAFE_NO_PAD.encode(key(seed).verifying_key().as_bytes());
        let ours = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": id, "use": "sig"});
        let unknown = json!({"kty": "AKP", "alg": "ML-DSA-44", "kid": id, "pub": "AA"});
        json!({ "keys": [unknown, ours] }).to_string().into_bytes()
    }

    fn claims() -> Value {
        json!({
            "iss": ISSUER, "aud": "vikno", "sub": "77", "nonce": "n1", "email": "olena@gov.ua", "email_verified": true,
            "iat": NOW_MS / 1_000, "exp": NOW_MS / 1_000 + 300,
        })
    }

    fn tokens(claims: &Value, seed: u8) -> Tokens {
        let header = Header::empty().with_key_id("k1");
        let claims: Claims<Value> = serde_json::from_value(claims.clone()).unwrap();
        let id_token = Ed25519.token(&header, &claims, &key(seed)).unwrap();
        let answer = json!({ "id_token": id_token, "access_token": "a", "token_type": "Bearer" });
        Tokens::parse(answer.to_string().as_bytes()).unwrap()
    }

    fn asked(claims: &Value) -> Result<Subject, OidcRefused> {
        provider().subject(QUESTION, &tokens(claims, 1), &jwks(1, "k1"), NOW_MS)
    }

    #[test]
    fn a_browser_is_sent_with_all_that_binds_the_answer() {
        assert_eq!(
            provider().authorization_url(QUESTION),
            "https://id.example/auth?response_type=code&scope=openid%20email%20profile&client_id=vikno\
             &redirect_uri=https%3A%2F%2Fchat.example%2Fcore%2Fauth%2Fsso%2Fcallback&state=s%20t&nonce=n1\
             &code_challenge=O_wmlZTvZJIo6adLqwDwQu_JHVrMb77jGjgugNQjiP4&code_challenge_method=S256"
        );
        assert_eq!(
            basic_authorization("a:b", "c d"),
            format!("Basic {}", STANDARD.encode("a%3Ab:c%20d"))
        );
    }

    #[test]
    fn an_answer_of_another_issuer_is_none() {
        assert!(is_answer_of(ISSUER, None));
        assert!(is_answer_of(ISSUER, Some("https://id.example/realm/")));
        for other in ["https://id.example", "https://id.example/realm2", ""] {
            assert!(!is_answer_of(ISSUER, Some(other)), "{other}");
        }
    }

    #[test]
    fn a_description_of_somebody_else_is_not_used() {
        let bad = |field: &str, value: Value| {
            let mut description = description();
            description[field] = value;
            let refused = Provider::parse(ISSUER, description.to_string().as_bytes());
            matches!(refused, Err(OidcRefused::Description(_)))
        };
        assert!(bad("issuer", json!("https://id.example/other")));
        assert!(bad(
            "token_endpoint",
            json!("https://elsewhere.example/token")
        ));
        assert!(bad(
            "jwks_uri",
            json!("https://id.example@elsewhere.example/keys")
        ));
        assert!(bad("userinfo_endpoint", json!("http://id.example/me")));
        assert!(bad("authorization_endpoint", json!("javascript:alert(1)")));
        assert!(bad("jwks_uri", Value::Null));
    }

    #[test]
    fn a_right_token_tells_who_somebody_is() {
        let subject = asked(&claims()).unwrap();
        assert_eq!((subject.sub.as_str(), subject.email_verified), ("77", true));
        for (written, verified) in [
            (json!("true"), true),
            (json!("false"), false),
            (Value::Null, false),
        ] {
            let mut words = claims();
            words["email_verified"] = written;
            assert_eq!(asked(&words).unwrap().email_verified, verified);
        }
        let mut several = claims();
        several["aud"] = json!(["vikno", "api"]);
        several["azp"] = json!("vikno");
        assert!(asked(&several).is_ok());
    }

    #[test]
    fn a_token_for_another_question_is_refused() {
        let now_s = NOW_MS / 1_000;
        for (field, value) in [
            ("iss", json!("https://id.example/other")),
            ("aud", json!("another")),
            ("aud", json!(["vikno", "another"])),
            ("azp", json!("another")),
            ("nonce", json!("n2")),
            ("nonce", Value::Null),
            ("exp", json!(now_s - 61)),
            ("exp", Value::Null),
            ("iat", json!(now_s - 601)),
            ("iat", json!(now_s + 120)),
            ("nbf", json!(now_s + 120)),
            ("sub", json!("")),
        ] {
            let mut bad = claims();
            match &value {
                Value::Null => bad.as_object_mut().and_then(|claims| claims.remove(field)),
                value => Some(std::mem::replace(&mut bad[field], value.clone())),
            };
            assert!(asked(&bad).is_err(), "{field} {value}");
        }
    }

    #[test]
    fn a_token_signed_by_another_key_or_not_at_all_is_refused() {
        let refused = |tokens: &Tokens, jwks: &[u8]| {
            let refused = provider().subject(QUESTION, tokens, jwks, NOW_MS);
            refused == Err(OidcRefused::NotTheProviders)
        };
        assert!(refused(&tokens(&claims(), 2), &jwks(1, "k1")));
        assert!(refused(&tokens(&claims(), 1), &jwks(1, "k2")));
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"k1"}"#);
        let body = URL_SAFE_NO_PAD.encode(claims().to_string());
        let answer = json!({ "id_token": format!("{header}.{body}."), "access_token": "a" });
        let unsigned = Tokens::parse(answer.to_string().as_bytes()).unwrap();
        assert!(refused(&unsigned, &jwks(1, "k1")));
    }

    #[test]
    fn user_info_adds_what_the_token_has_not_told_of_the_same_person() {
        let mut short = claims();
        short["email"] = Value::Null;
        short["email_verified"] = json!(false);
        let subject = asked(&short).unwrap();
        let info = br#"{"sub": "77", "email": "o@gov.ua", "email_verified": true, "preferred_username": "o"}"#;
        let whole = subject.clone().completed(info).unwrap();
        assert_eq!(
            (whole.email.as_deref(), whole.email_verified),
            (Some("o@gov.ua"), true)
        );
        assert!(subject.completed(br#"{"sub": "78"}"#).is_err());
    }
}
