//! One-time codes.

use crate::support::*;
use serde_json::json;
use vikno_domain::ConversationStatus::Open;
use vikno_steps::Phone;
use vikno_steps::otp::*;

fn phone() -> Phone {
    Phone::parse("+380671234567").unwrap()
}

#[test]
fn a_hash_fits_its_own_code_row_purpose_number_and_organisation_only() {
    let key = CodeKey::derive("master").unwrap();
    let (phone, other_phone) = (phone(), Phone::parse("+380501112233").unwrap());
    let owner = CodeOwner {
        purpose: "staff_login",
        phone: &phone,
        org: Some("ukc"),
    };
    let hash = key.hash("o_1", owner, "012345");
    assert!(key.is_right("o_1", owner, "012345", &hash));
    for (row, owner, code) in [
        ("o_1", owner, "012346"),
        ("o_1", owner, ""),
        ("o_2", owner, "012345"),
        (
            "o_1",
            CodeOwner {
                purpose: "citizen_phone",
                ..owner
            },
            "012345",
        ),
        (
            "o_1",
            CodeOwner {
                phone: &other_phone,
                ..owner
            },
            "012345",
        ),
        ("o_1", CodeOwner { org: None, ..owner }, "012345"),
        // The parts run together alike.
        (
            "o_1s",
            CodeOwner {
                purpose: "taff_login",
                ..owner
            },
            "012345",
        ),
    ] {
        assert!(
            !key.is_right(row, owner, code, &hash),
            "{row} {owner:?} {code}"
        );
    }
    assert!(
        !CodeKey::derive("other")
            .unwrap()
            .is_right("o_1", owner, "012345", &hash)
    );
    assert!(!key.is_right("o_1", owner, "012345", "not hex"));
    assert!(CodeKey::derive("").is_none());
}

#[test]
fn a_number_is_not_readable_in_the_database() {
    let key = CodeKey::derive("master").unwrap();
    let subject = key.subject(&phone());
    assert_eq!(subject.len(), 64);
    assert_eq!(subject, key.subject(&phone()));
    assert_ne!(subject, CodeKey::derive("other").unwrap().subject(&phone()));
}

#[test]
fn codes_have_six_digits() {
    assert_eq!(code_from([0; 8]), "000000");
    assert_eq!(code_from(1_234_567_u64.to_be_bytes()), "234567");
    assert_eq!(code_in(" 012 345 "), Some("012345".to_owned()));
    assert_eq!(code_in("012-345"), Some("012345".to_owned()));
    for text in ["", "12345", "1234567", "12a456", "код 123456", "١٢٣٤٥٦"] {
        assert_eq!(code_in(text), None, "{text}");
    }
}

#[test]
fn codes_are_limited_by_the_minute_and_by_the_hour() {
    let history = |ago_s: i64, last_hour: u32| SendHistory {
        last_at_ms: Some(NOW_MS - ago_s * 1_000),
        last_hour,
    };
    assert_eq!(may_send(SendHistory::default(), NOW_MS), Ok(()));
    assert_eq!(may_send(history(60, 1), NOW_MS), Ok(()));
    assert_eq!(
        may_send(history(59, 1), NOW_MS),
        Err(TooOften { retry_after_s: 1 })
    );
    assert_eq!(
        may_send(history(0, 1), NOW_MS),
        Err(TooOften { retry_after_s: 60 })
    );
    assert_eq!(
        may_send(history(600, 5), NOW_MS),
        Err(TooOften {
            retry_after_s: 3_600
        })
    );
    // A clock that was set back does not open the gate.
    assert_eq!(
        may_send(history(-500, 1), NOW_MS),
        Err(TooOften { retry_after_s: 60 })
    );
}

#[test]
fn the_providers_answer_is_read_by_its_codes() {
    let answer = |code: i64, item: i64| {
        json!({"response_code": code, "response_result": [{"response_code": item}]}).to_string()
    };
    for (status, body, accepted) in [
        (200, answer(0, 0), true),
        (200, answer(800, 0), true),
        (200, answer(801, 0), true),
        (200, answer(802, 0), true),
        (200, answer(803, 404), false),
        (200, answer(404, 404), false),
        (200, answer(502, 502), false),
        (500, answer(800, 0), false),
        (200, "<html>".to_owned(), false),
        (200, String::new(), false),
        (200, json!([]).to_string(), false),
    ] {
        assert_eq!(
            sms_accepted(status, body.as_bytes()).is_ok(),
            accepted,
            "{status} {body}"
        );
    }
    let refused = sms_accepted(200, answer(803, 404).as_bytes()).unwrap_err();
    assert_eq!(refused.code, Some(404));
    assert_eq!(
        sms_body(&phone(), "Vikno", "012345"),
        json!({"recipients": ["380671234567"], "sms": {"sender": "Vikno", "text": "012345"}})
    );
}

#[test]
fn wishes_come_from_parameters_and_from_what_the_citizen_writes() {
    let wish_of = |params: serde_json::Value, words: &str, own: Option<&str>| {
        let mut request = with_params(request(Open, text(words)), params);
        request.citizen.phone = own.map(str::to_owned);
        wish(&request)
    };
    let own = Some("+380671234567");
    assert_eq!(
        wish_of(json!({"do": "send", "phone": "067 123 45 67"}), "", None),
        Wish::Send(phone())
    );
    assert_eq!(wish_of(json!({"do": "send"}), "", own), Wish::Send(phone()));
    let verify = Wish::Verify(phone(), "012345".into());
    assert_eq!(wish_of(json!({"do": "verify"}), "012 345", own), verify);
    assert_eq!(
        wish_of(json!({"do": "verify", "code": "012345"}), "інше", own),
        verify
    );
    for (params, words, own, expected) in [
        (json!({}), "012345", own, Wish::Unclear),
        (json!({"do": "send"}), "", None, Wish::Unclear),
        (json!({"do": "verify"}), "не пам'ятаю", own, Wish::NoCode),
        (
            json!({"do": "verify", "code": 12345}),
            "",
            own,
            Wish::NoCode,
        ),
    ] {
        assert_eq!(wish_of(params.clone(), words, own), expected, "{params}");
    }
}

#[test]
fn a_right_code_proves_the_number_and_every_outcome_has_its_words() {
    for (outcome, expected) in [
        (Outcome::Sent, "otp-sent"),
        (
            Outcome::TooOften(TooOften { retry_after_s: 9 }),
            "otp-too-often",
        ),
        (Outcome::NotSupported, "phone-not-supported"),
        (Outcome::Unavailable, "otp-unavailable"),
        (
            Outcome::Verified(phone()),
            "otp-verified !identify(+380671234567,true)",
        ),
        (Outcome::Wrong(4), "otp-wrong"),
        (Outcome::Expired, "otp-expired"),
        (Outcome::NoCode, "otp-wrong"),
        (Outcome::Unclear, "ask-phone [share-phone]"),
    ] {
        assert_eq!(told(Ok(answer(&outcome))), expected, "{outcome:?}");
        assert_eq!(answer(&outcome).data["otp"], outcome.as_str());
    }
}
