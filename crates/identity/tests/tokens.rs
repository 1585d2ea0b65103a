//! Access tokens and portal tokens against everything that is sent in their place.
#![allow(missing_docs, clippy::unwrap_used)]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jwt_compact::{
    AlgorithmExt, Claims, Header,
    alg::{Hs256, Hs256Key, Hs512, Hs512Key},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use vikno_domain::OrgId;
use vikno_identity::{
    ACCESS_TOKEN_LIFE_S, AccessClaims, PortalKey, PortalRefused, ReceivedToken, SigningKey,
    TokenRefused, VerificationKey, bearer, issue_access_token, verify_portal_token,
};

const NOW_MS: i64 = 1_763_900_000_000;
const NOW_S: i64 = NOW_MS / 1_000;

fn key() -> SigningKey {
    SigningKey::derive("the master key of these tests", NOW_MS).unwrap()
}

fn olena() -> AccessClaims {
    AccessClaims::new("u_1", "Олена", 3, "t_1")
}

fn issued() -> String {
    issue_access_token(&key(), olena(), NOW_MS)
}

fn check(token: &str, key: &VerificationKey, now_ms: i64) -> Result<AccessClaims, TokenRefused> {
    ReceivedToken::parse(token)?.verify(key, now_ms)
}

fn refused(token: &str) -> TokenRefused {
    check(token, key().verification_key(), NOW_MS).unwrap_err()
}

/// The token with its header and claims rewritten and its signature kept.
fn rewritten(token: &str, change: impl Fn(&mut Value, &mut Value)) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let read =
        |part: &str| -> Value { serde_json::from_slice(&BASE64.decode(part).unwrap()).unwrap() };
    let (mut header, mut claims) = (read(parts[0]), read(parts[1]));
    change(&mut header, &mut claims);
    let write = |value: Value| BASE64.encode(value.to_string());
    format!("{}.{}.{}", write(header), write(claims), parts[2])
}

#[test]
fn an_issued_token_proves_its_claims() {
    let claims = check(&issued(), key().verification_key(), NOW_MS).unwrap();
    assert_eq!(claims, olena());
}

#[test]
fn a_token_is_good_for_an_hour() {
    let key = key();
    let at = |seconds: i64| {
        check(&issued(), key.verification_key(), NOW_MS + seconds * 1_000).map(|_| ())
    };
    assert_eq!(at(ACCESS_TOKEN_LIFE_S), Ok(()));
    assert_eq!(at(ACCESS_TOKEN_LIFE_S + 1), Err(TokenRefused::Expired));
}

#[test]
fn a_clock_a_minute_behind_is_forgiven_and_more_is_not() {
    let key = key();
    let at = |seconds: i64| {
        check(&issued(), key.verification_key(), NOW_MS + seconds * 1_000).map(|_| ())
    };
    assert_eq!(at(-60), Ok(()));
    assert_eq!(at(-61), Err(TokenRefused::NotYetValid));
}

#[test]
fn no_algorithm_and_other_algorithms_are_refused() {
    for algorithm in ["none", "None", "", "HS256", "ES256", "RS256", "eddsa"] {
        let token = rewritten(&issued(), |header, _| header["alg"] = json!(algorithm));
        assert_eq!(refused(&token), TokenRefused::NotOurs, "{algorithm:?}");
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        assert!(
            check(&format!("{unsigned}."), key().verification_key(), NOW_MS).is_err(),
            "{algorithm:?} without signature"
        );
    }
}

#[test]
fn the_public_key_is_no_shared_secret() {
    let public = key().verification_key().clone();
    let header = Header::empty().with_key_id(public.id());
    let claims: Claims<Value> = serde_json::from_value(json!({
        "sub": "u_1", "name": "x", "roles": {"*": ["administrator"]}, "iss": "vikno", "jti": "t",
        "generation": 3, "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + 60,
    }))
    .unwrap();
    let public_bytes = hex_bytes(&public.to_hex());
    for token in [
        Hs256
            .token(&header, &claims, &Hs256Key::new(&public_bytes))
            .unwrap(),
        Hs256
            .token(&header, &claims, &Hs256Key::new(public.to_hex()))
            .unwrap(),
        Hs512
            .token(&header, &claims, &Hs512Key::new(&public_bytes))
            .unwrap(),
    ] {
        assert_eq!(refused(&token), TokenRefused::NotOurs);
        let renamed = rewritten(&token, |header, _| header["alg"] = json!("EdDSA"));
        assert_eq!(refused(&renamed), TokenRefused::NotOurs);
    }
}

fn hex_bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn claims_cannot_be_changed_behind_the_signature() {
    let changes: [fn(&mut Value); 4] = [
        |claims| claims["roles"] = json!({"*": ["administrator"]}),
        |claims| claims["exp"] = json!(NOW_S + 999_999),
        |claims| claims["sub"] = json!("u_2"),
        |claims| claims["generation"] = json!(4),
    ];
    for change in changes {
        let token = rewritten(&issued(), |_, claims| change(claims));
        assert_eq!(refused(&token), TokenRefused::NotOurs);
    }
}

#[test]
fn another_installations_key_is_refused_even_under_our_key_id() {
    let other = SigningKey::derive("another installation", NOW_MS).unwrap();
    let foreign = issue_access_token(&other, olena(), NOW_MS);
    assert_eq!(refused(&foreign), TokenRefused::NotOurs);
    let ours = key().verification_key().id().to_owned();
    let disguised = rewritten(&foreign, |header, _| header["kid"] = json!(ours));
    assert_eq!(refused(&disguised), TokenRefused::NotOurs);
}

#[test]
fn a_token_without_key_id_is_refused() {
    let token = rewritten(&issued(), |header, _| {
        header.as_object_mut().unwrap().remove("kid");
    });
    assert_eq!(refused(&token), TokenRefused::NotOurs);
}

#[test]
fn texts_that_are_no_token_are_refused() {
    let long = "a".repeat(9_000);
    for text in ["", ".", "..", "a.b.c", "null", "{}", "Bearer x", &long] {
        assert!(ReceivedToken::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn the_token_is_taken_from_the_authorization_header_only_as_bearer() {
    assert_eq!(bearer(Some("Bearer abc")), Ok("abc"));
    assert_eq!(bearer(Some("bearer  abc ")), Ok("abc"));
    for bad in [
        None,
        Some(""),
        Some("abc"),
        Some("Bearer "),
        Some("Basic abc"),
    ] {
        assert_eq!(bearer(bad), Err(TokenRefused::Missing), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn no_changed_byte_goes_unnoticed(at in 0_usize..400, with in "[A-Za-z0-9_.-]") {
        let token = issued();
        let at = at % token.len();
        let mut changed = token.clone();
        changed.replace_range(at..=at, &with);
        prop_assume!(changed != token);
        // The last digit of base64 carries spare bits: another spelling of the same bytes is refused too.
        prop_assert!(check(&changed, key().verification_key(), NOW_MS).is_err());
    }

    #[test]
    fn nothing_that_comes_as_a_token_makes_it_panic(text in ".{0,200}") {
        prop_assert!(check(&text, key().verification_key(), NOW_MS).is_err());
    }

    #[test]
    fn nothing_that_comes_as_a_portal_token_makes_it_panic(text in ".{0,200}") {
        prop_assert!(verify_portal_token(&text, &portal_key(), &ukc(), NOW_MS).is_err());
    }
}

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn ukc() -> OrgId {
    OrgId::parse("ukc").unwrap()
}

fn portal_key() -> PortalKey {
    PortalKey::parse(SECRET).unwrap()
}

fn portal_token(secret: &str, claims: Value) -> String {
    let claims: Claims<Value> = serde_json::from_value(claims).unwrap();
    Hs256
        .token(&Header::empty(), &claims, &Hs256Key::new(secret))
        .unwrap()
}

fn portal_claims() -> Value {
    json!({"sub": "portal-77", "aud": "ukc", "name": "Ірина", "phone": "+38 (067) 123-45-67", "exp": NOW_S + 300})
}

#[test]
fn a_portals_token_proves_subject_name_and_phone() {
    let token = portal_token(SECRET, portal_claims());
    let identity = verify_portal_token(&token, &portal_key(), &ukc(), NOW_MS).unwrap();
    assert_eq!(identity.subject, "portal-77");
    assert_eq!(identity.name.as_deref(), Some("Ірина"));
    assert_eq!(identity.phone.as_deref(), Some("+380671234567"));
}

#[test]
fn a_portals_token_is_believed_only_here_and_now() {
    use PortalRefused::{Expired, Malformed, WrongOrganisation, WrongTimes};
    for (field, value, expected) in [
        ("aud", json!("mou"), WrongOrganisation),
        ("aud", json!(["mou", "mon"]), WrongOrganisation),
        ("aud", json!(null), Malformed),
        ("exp", json!(NOW_S - 61), Expired),
        ("exp", json!(NOW_S + 661), WrongTimes),
        ("exp", json!(null), Malformed),
        ("nbf", json!(NOW_S + 61), WrongTimes),
        ("sub", json!(""), Malformed),
        ("sub", json!(7), Malformed),
    ] {
        let mut claims = portal_claims();
        claims[field] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(field);
        }
        let token = portal_token(SECRET, claims);
        assert_eq!(
            verify_portal_token(&token, &portal_key(), &ukc(), NOW_MS),
            Err(expected),
            "{field} = {value}"
        );
    }
}

#[test]
fn one_of_several_audiences_is_enough() {
    let mut claims = portal_claims();
    claims["aud"] = json!(["mou", "ukc"]);
    let token = portal_token(SECRET, claims);
    assert!(verify_portal_token(&token, &portal_key(), &ukc(), NOW_MS).is_ok());
}

#[test]
fn a_portals_token_signed_otherwise_is_refused() {
    let other_secret = portal_token("another secret of thirty-two bytes", portal_claims());
    let token = portal_token(SECRET, portal_claims());
    let unsigned = rewritten(&token, |header, _| header["alg"] = json!("none"));
    let other_org = rewritten(&token, |_, claims| claims["aud"] = json!("mou"));
    for token in [other_secret, unsigned, other_org] {
        assert_eq!(
            verify_portal_token(&token, &portal_key(), &ukc(), NOW_MS),
            Err(PortalRefused::NotThePortals)
        );
    }
}

#[test]
fn a_portal_with_a_key_pair_is_not_believed_by_shared_secret() {
    let public = key().verification_key().to_hex();
    let setting = PortalKey::parse(&format!("ed25519:{public}")).unwrap();
    for secret in [public.clone(), format!("ed25519:{public}")] {
        let token = portal_token(&secret, portal_claims());
        assert_eq!(
            verify_portal_token(&token, &setting, &ukc(), NOW_MS),
            Err(PortalRefused::NotThePortals)
        );
    }
}

#[test]
fn what_a_portal_says_of_a_person_is_cleaned() {
    for (phone, expected) in [
        ("380671234567", Some("+380671234567")),
        ("0671234567", None),
        ("call me", None),
        ("123", None),
        ("+380 67 <script>", None),
    ] {
        let mut claims = portal_claims();
        claims["phone"] = json!(phone);
        claims["name"] = json!(" Ір\u{0}ина\n");
        let token = portal_token(SECRET, claims);
        let identity = verify_portal_token(&token, &portal_key(), &ukc(), NOW_MS).unwrap();
        assert_eq!(identity.phone.as_deref(), expected, "{phone}");
        assert_eq!(identity.name.as_deref(), Some("Ірина"));
    }
}

#[test]
fn a_setting_that_is_no_key_closes_the_portal() {
    assert!(matches!(
        PortalKey::parse("short"),
        Err(PortalRefused::ShortSecret)
    ));
    assert!(matches!(
        PortalKey::parse("ed25519:zz"),
        Err(PortalRefused::Key(_))
    ));
}
