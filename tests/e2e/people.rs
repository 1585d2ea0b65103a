//! Signing in and administering people: codes by text message, lock-outs, what ends a token, the first administrator.

use crate::{Shared, alone};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::eventually;
use vikno_tests::http::{Answer, send};
use vikno_tests::installation::Installation;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test("people::a_code_by_text_message_completes_signing_in", code),
        shared.test("people::wrong_codes_use_the_challenge_up", wrong_codes),
        shared.test(
            "people::wrong_passwords_lock_the_login_for_a_while",
            lock_out,
        ),
        shared.test("people::changes_end_older_tokens", changes),
        shared.test("people::signing_out_ends_the_token", sign_out),
        shared.test(
            "people::a_browser_goes_on_by_a_cookie_that_is_good_once",
            cookies,
        ),
        shared.test("people::an_app_s_codes_complete_signing_in", app_codes),
        shared.test("people::a_lost_app_is_taken_away", lost_factor),
        shared.test("people::what_is_no_passkey_opens_nothing", passkeys),
        shared.test("people::a_new_password_ends_the_old_one", own_password),
        shared.test(
            "people::a_password_known_from_break_ins_is_not_taken",
            breached,
        ),
        shared.test("people::mistakes_are_told", mistakes),
        alone(
            "people::the_first_administrator_is_made_and_shown_once",
            first_administrator,
        ),
    ]
}

const PASSWORD: &str = "калина біля криниці 7";

/// A new person; the answer of the administration.
fn make(installation: &Installation, body: &Value) -> Answer {
    let administrator = installation.administrator();
    installation.post(
        "/core/admin/people",
        &[("authorization", &administrator)],
        body,
    )
}

fn change(installation: &Installation, id: &Value, body: &Value) -> Answer {
    let administrator = installation.administrator();
    let url = format!(
        "{}/core/admin/people/{}",
        installation.url,
        id.as_str().expect("an id")
    );
    let headers = [
        ("authorization", administrator.as_str()),
        ("content-type", "application/json"),
    ];
    send("PATCH", &url, &headers, body.to_string().as_bytes())
}

fn operator(installation: &Installation, login: &str) -> Value {
    let body = json!({ "login": login, "name": "Оксана", "password": PASSWORD, "roles": { "ukc": ["operator"] } });
    make(installation, &body).expect(201).json()
}

fn login(installation: &Installation, login: &str, password: &str) -> Answer {
    installation.post(
        "/core/auth/login",
        &[],
        &json!({ "login": login, "password": password }),
    )
}

fn me(installation: &Installation, authorization: &str) -> Answer {
    installation.get("/core/auth/me", &[("authorization", authorization)])
}

/// A sign-in that waits for its code: the challenge, and the code that came by text message.
fn challenged(installation: &Installation, name: &str, phone: &str) -> (String, String) {
    let body = json!({
        "login": name, "name": "Оксана", "password": PASSWORD, "phone": phone, "otp_required": true,
        "roles": { "ukc": ["operator"] },
    });
    make(installation, &body).expect(201);
    let asked = login(installation, name, PASSWORD).expect(200).json();
    assert_eq!(asked["otp_required"], true, "{asked}");
    assert!(asked.get("access_token").is_none(), "{asked}");
    let challenge = asked["challenge"].as_str().expect("a challenge").to_owned();
    let sent = eventually("a text message", || {
        installation
            .standins
            .sent_to(phone.trim_start_matches('+'))
            .into_iter()
            .next()
    });
    let text = sent.text.expect("words");
    let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
    assert_eq!(code.len(), 6, "{text}");
    (challenge, code)
}

fn answer(installation: &Installation, challenge: &str, code: &str) -> Answer {
    installation.post(
        "/core/auth/otp",
        &[],
        &json!({ "challenge": challenge, "code": code }),
    )
}

fn code(installation: &Installation) {
    let (challenge, code) = challenged(installation, "otp-right", "+380671110001");
    let wrong = if code == "000000" { "111111" } else { "000000" };
    assert_eq!(answer(installation, &challenge, wrong).status, 401);
    assert_eq!(answer(installation, "another challenge", &code).status, 401);
    let token = answer(installation, &challenge, &code).expect(200).json();
    assert!(
        token["expires_in"]
            .as_i64()
            .is_some_and(|seconds| seconds > 0),
        "{token}"
    );
    let authorization = format!(
        "Bearer {}",
        token["access_token"].as_str().expect("a token")
    );
    let person = me(installation, &authorization).expect(200).json();
    assert_eq!(person["roles"], json!({ "ukc": ["operator"] }), "{person}");
    assert_eq!(
        answer(installation, &challenge, &code).status,
        401,
        "a code is good for once"
    );
    let again = login(installation, "otp-right", PASSWORD);
    assert_eq!(
        again.status,
        429,
        "a second code within a minute: {}",
        again.text()
    );
    let stored: i64 = installation
        .database("core")
        .query_row(
            "SELECT count(*) FROM otp_codes WHERE code_hash LIKE ?1",
            [format!("%{code}%")],
            |row| row.get(0),
        )
        .expect("a count");
    assert_eq!(stored, 0, "codes are kept as hashes only");
}

fn wrong_codes(installation: &Installation) {
    let (challenge, code) = challenged(installation, "otp-wrong", "+380671110002");
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for attempt in 1..=5 {
        assert_eq!(
            answer(installation, &challenge, wrong).status,
            401,
            "attempt {attempt}"
        );
    }
    let late = answer(installation, &challenge, &code);
    assert_eq!(
        late.status,
        401,
        "the right code after five wrong ones: {}",
        late.text()
    );
}

fn lock_out(installation: &Installation) {
    operator(installation, "locked-out");
    for attempt in 1..=3 {
        let wrong = login(installation, "locked-out", "not the password");
        assert_eq!(wrong.status, 401, "attempt {attempt}: {}", wrong.text());
    }
    let locked = login(installation, "locked-out", PASSWORD);
    assert_eq!(locked.status, 429, "{}", locked.text());
    let wait: u64 = locked
        .header("retry-after")
        .expect("Retry-After")
        .parse()
        .expect("seconds");
    assert!((1..=900).contains(&wait), "{wait}");
    // A login that does not exist answers alike, so nobody learns which ones do.
    let nobody = login(installation, "nobody-of-this-name", "not the password");
    assert_eq!(nobody.status, 401);
    operator(installation, "not-locked-out");
    login(installation, "not-locked-out", PASSWORD).expect(200);
}

fn changes(installation: &Installation) {
    let person = operator(installation, "changed");
    let before = installation.sign_in("changed", PASSWORD);
    installation
        .get("/ukc/operator/conversations", &[("authorization", &before)])
        .expect(200);
    change(
        installation,
        &person["id"],
        &json!({ "roles": { "mon": ["operator"] } }),
    )
    .expect(200);
    assert_eq!(
        me(installation, &before).status,
        401,
        "a token with roles that are gone"
    );
    let after = installation.sign_in("changed", PASSWORD);
    let headers = [("authorization", after.as_str())];
    assert_eq!(
        installation
            .get("/ukc/operator/conversations", &headers)
            .status,
        403
    );
    installation
        .get("/mon/operator/conversations", &headers)
        .expect(200);
    change(installation, &person["id"], &json!({ "active": false })).expect(200);
    assert_eq!(
        me(installation, &after).status,
        401,
        "somebody who was switched off"
    );
    assert_eq!(login(installation, "changed", PASSWORD).status, 401);
    let administrator = installation.administrator();
    let audit = installation
        .get("/core/admin/audit", &[("authorization", &administrator)])
        .expect(200)
        .json();
    let lines = audit["audit"].as_array().expect("lines").iter();
    assert!(
        lines.filter(|line| line["target"] == person["id"]).count() >= 3,
        "{audit}"
    );
    assert!(!audit.to_string().contains(PASSWORD));
}

fn sign_out(installation: &Installation) {
    operator(installation, "signs-out");
    let (first, second) = (
        installation.sign_in("signs-out", PASSWORD),
        installation.sign_in("signs-out", PASSWORD),
    );
    let left = installation.post(
        "/core/auth/logout",
        &[("authorization", &first)],
        &json!({}),
    );
    assert_eq!(left.status, 204, "{}", left.text());
    assert_eq!(me(installation, &first).status, 401);
    me(installation, &second).expect(200);
}

/// `Set-Cookie` of an answer, as the browser sends it back.
fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie").expect("a cookie");
    for wanted in ["Path=/core/auth/", "HttpOnly", "SameSite=Strict"] {
        assert!(set.contains(wanted), "{set}");
    }
    set.split(';').next().unwrap_or_default().to_owned()
}

fn refresh(installation: &Installation, cookie: &str) -> Answer {
    let headers = [("cookie", cookie), ("x-vikno", "test")];
    installation.post("/core/auth/refresh", &headers, &json!({}))
}

fn cookies(installation: &Installation) {
    operator(installation, "comes-back");
    let first = login(installation, "comes-back", PASSWORD).expect(200);
    let token = format!(
        "Bearer {}",
        first.json()["access_token"].as_str().expect("a token")
    );
    let cookie_1 = cookie(&first);
    let bare = installation.post("/core/auth/refresh", &[("cookie", &cookie_1)], &json!({}));
    assert_eq!(
        bare.status, 400,
        "without the header that only our pages send"
    );
    let nobody = installation.post("/core/auth/refresh", &[("x-vikno", "test")], &json!({}));
    assert_eq!(nobody.status, 204);
    let second = refresh(installation, &cookie_1).expect(200);
    let cookie_2 = cookie(&second);
    assert_ne!(cookie_1, cookie_2);
    me(installation, &token).expect(200);
    let sessions = || {
        let answer = installation.get("/core/auth/sessions", &[("authorization", &token)]);
        answer.expect(200).json()["sessions"]
            .as_array()
            .expect("sessions")
            .clone()
    };
    assert_eq!(sessions().len(), 1, "the same session goes on");
    assert_eq!(sessions()[0]["current"], true);
    // Somebody has kept the first cookie and comes after the moment in which an answer may have been lost.
    let core = installation.database("core");
    core.execute("UPDATE staff_sessions SET previous_until_ms = 0", [])
        .expect("the moment passes");
    let stolen = refresh(installation, &cookie_1);
    assert_eq!(stolen.status, 401);
    assert!(
        stolen.json()["type"]
            .as_str()
            .is_some_and(|code| code.ends_with("session_reused"))
    );
    assert_eq!(
        me(installation, &token).status,
        401,
        "its tokens end with the session"
    );
    assert_eq!(refresh(installation, &cookie_2).status, 401);
    // One of two sessions is ended from the other.
    let (here, there) = (
        installation.sign_in("comes-back", PASSWORD),
        installation.sign_in("comes-back", PASSWORD),
    );
    let listed = installation
        .get("/core/auth/sessions", &[("authorization", &here)])
        .expect(200)
        .json();
    let other = listed["sessions"]
        .as_array()
        .expect("sessions")
        .iter()
        .find(|one| one["current"] == false);
    let id = other
        .and_then(|one| one["id"].as_str())
        .expect("another session");
    let url = format!("{}/core/auth/sessions/{id}", installation.url);
    assert_eq!(
        send("DELETE", &url, &[("authorization", &here)], b"").status,
        204
    );
    assert_eq!(me(installation, &there).status, 401);
    me(installation, &here).expect(200);
}

/// The code that an app shows for the secret at this time.
fn shown_by_app(secret: &str) -> String {
    let secret = totp_rs::Secret::Encoded(secret.to_owned())
        .to_bytes()
        .expect("Base32");
    let app = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, secret).expect("160 bits");
    app.generate_current().expect("a clock")
}

fn app_codes(installation: &Installation) {
    operator(installation, "has-an-app");
    let token = installation.sign_in("has-an-app", PASSWORD);
    let post = |path: &str, body: Value| {
        installation.post(
            &format!("/core/auth/{path}"),
            &[("authorization", &token)],
            &body,
        )
    };
    assert_eq!(
        post("totp", json!({ "password": "not the password" })).status,
        403
    );
    let begun = post("totp", json!({ "password": PASSWORD }))
        .expect(200)
        .json();
    let secret = begun["secret"].as_str().expect("a secret");
    assert!(
        begun["uri"]
            .as_str()
            .is_some_and(|uri| uri.contains(secret)),
        "{begun}"
    );
    assert_eq!(
        post("totp/confirm", json!({ "code": "000000" })).status,
        400
    );
    let code = shown_by_app(secret);
    let confirmed = post("totp/confirm", json!({ "code": code }))
        .expect(200)
        .json();
    let recovery = confirmed["recovery_codes"].as_array().expect("codes");
    assert_eq!(recovery.len(), 10);
    let stored: i64 = installation
        .database("core")
        .query_row(
            "SELECT count(*) FROM totp WHERE secret LIKE '%' || ?1 || '%'",
            [secret],
            |row| row.get(0),
        )
        .expect("a count");
    assert_eq!(stored, 0, "the secret is kept encrypted");

    let challenge = || {
        let asked = login(installation, "has-an-app", PASSWORD)
            .expect(200)
            .json();
        assert_eq!(asked["by"], "totp", "{asked}");
        asked["challenge"].as_str().expect("a challenge").to_owned()
    };
    assert_eq!(
        answer(installation, &challenge(), &code).status,
        401,
        "a code is good once"
    );
    let spare = recovery[0].as_str().expect("a code");
    answer(installation, &challenge(), &spare.to_uppercase()).expect(200);
    assert_eq!(
        answer(installation, &challenge(), spare).status,
        401,
        "so is a recovery code"
    );
    assert_eq!(
        me(installation, &token).expect(200).json()["second_factor"],
        "totp"
    );
    assert_eq!(
        post("totp/remove", json!({ "password": PASSWORD })).status,
        204
    );
    login(installation, "has-an-app", PASSWORD)
        .expect(200)
        .json()["access_token"]
        .as_str()
        .expect("a token");
}

/// Somebody has lost phone and codes: an administrator takes them away, and the password is enough again.
fn lost_factor(installation: &Installation) {
    let person = operator(installation, "has-lost-it");
    let token = installation.sign_in("has-lost-it", PASSWORD);
    let post = |path: &str, body: Value| {
        let path = format!("/core/auth/{path}");
        installation.post(&path, &[("authorization", &token)], &body)
    };
    let begun = post("totp", json!({ "password": PASSWORD }))
        .expect(200)
        .json();
    let code = shown_by_app(begun["secret"].as_str().expect("a secret"));
    post("totp/confirm", json!({ "code": code })).expect(200);
    let asked = login(installation, "has-lost-it", PASSWORD)
        .expect(200)
        .json();
    assert_eq!(asked["by"], "totp", "{asked}");
    let id = person["id"].as_str().expect("an id");
    let url = format!("{}/core/admin/people/{id}", installation.url);
    let administrator = [("authorization", &*installation.administrator())];
    let change = json!({ "reset_second_factor": true }).to_string();
    send("PATCH", &url, &administrator, change.as_bytes()).expect(200);
    let let_in = login(installation, "has-lost-it", PASSWORD)
        .expect(200)
        .json();
    assert!(let_in["access_token"].is_string(), "{let_in}");
}

/// What devices answer is tried in a browser; here is what opens nothing.
fn passkeys(installation: &Installation) {
    let nobody = json!({ "credential": { "id": "AAAA", "response": {
        "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA",
    }}});
    let bare = installation.post("/core/auth/passkey/begin", &[], &json!({}));
    assert_eq!(bare.status, 409, "at a bare address there are none");
    let named = installation.url.replace("127.0.0.1", "localhost");
    let post = |path: &str, body: &Value| {
        let url = format!("{named}/core/auth/{path}");
        send("POST", &url, &[], body.to_string().as_bytes())
    };
    let asked = post("passkey/begin", &json!({})).expect(200).json();
    assert_eq!(asked["rpId"], "localhost");
    assert_eq!(asked["userVerification"], "required");
    let answered = post("passkey", &nobody);
    assert_eq!(answered.status, 401, "{}", answered.text());
    let torn = post("passkey", &json!({ "credential": {} }));
    assert_eq!(torn.status, 400, "{}", torn.text());
}

fn breached(installation: &Installation) {
    const KNOWN: &str = "correct horse battery staple";
    operator(installation, "breached");
    let old = installation.sign_in("breached", PASSWORD);
    let changed = |new: &str| {
        installation.post(
            "/core/auth/password",
            &[("authorization", &old)],
            &json!({ "current": PASSWORD, "new": new }),
        )
    };
    let refused = changed(KNOWN).expect(400).json();
    assert!(
        refused["type"].to_string().contains("breached_password"),
        "{refused}"
    );
    let administrator = installation.administrator();
    let hired = installation.post(
        "/core/admin/people",
        &[("authorization", &administrator)],
        &json!({ "login": "breached-2", "name": "Н", "password": KNOWN }),
    );
    assert_eq!(hired.status, 400, "{}", hired.text());
    changed("зовсім інший довгий пароль").expect(200);
}

fn own_password(installation: &Installation) {
    operator(installation, "new-password");
    let old = installation.sign_in("new-password", PASSWORD);
    let headers = [("authorization", old.as_str())];
    let change = |current: &str, new: &str| {
        installation.post(
            "/core/auth/password",
            &headers,
            &json!({ "current": current, "new": new }),
        )
    };
    assert_eq!(change("wrong", "дуже довгий пароль").status, 403);
    assert_eq!(change(PASSWORD, "short").status, 400);
    change(PASSWORD, "дуже довгий пароль").expect(200);
    assert_eq!(me(installation, &old).status, 401);
    assert_eq!(login(installation, "new-password", PASSWORD).status, 401);
    login(installation, "new-password", "дуже довгий пароль").expect(200);
}

fn mistakes(installation: &Installation) {
    operator(installation, "twice");
    let twice = json!({ "login": "twice", "name": "Інша", "password": PASSWORD });
    assert_eq!(make(installation, &twice).status, 409);
    for (body, field) in [
        (json!({ "login": "x y", "name": "Н" }), "login"),
        (json!({ "login": "somebody", "name": "" }), "name"),
        (
            json!({ "login": "somebody", "name": "Н", "password": "short" }),
            "password",
        ),
        (
            json!({ "login": "somebody", "name": "Н", "phone": "12" }),
            "phone",
        ),
        (
            json!({ "login": "somebody", "name": "Н", "otp_required": true }),
            "otp_required",
        ),
        (
            json!({ "login": "somebody", "name": "Н", "roles": { "nobody": ["operator"] } }),
            "roles",
        ),
        (
            json!({ "login": "somebody", "name": "Н", "roles": { "ukc": ["king"] } }),
            "roles",
        ),
    ] {
        let answer = make(installation, &body);
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert!(
            answer.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(field)),
            "{}",
            answer.text()
        );
    }
    let administrator = installation.administrator();
    let own = me(installation, &administrator).expect(200).json();
    let last = change(installation, &own["id"], &json!({ "roles": {} }));
    assert_eq!(last.status, 409, "the last administrator: {}", last.text());
}

fn first_administrator() {
    let mut installation = Installation::start_with(&[("VIKNO_ADMIN_PASSWORD", "")]);
    let password = |printed: &[String]| {
        let line = printed
            .iter()
            .find_map(|line| line.trim().strip_prefix("password"));
        line.and_then(|rest| rest.split_whitespace().next())
            .map(str::to_owned)
    };
    let made_up = password(&installation.printed).expect("it is printed at the first start");
    let administrator = installation.sign_in("admin", &made_up);
    installation
        .get("/core/admin/people", &[("authorization", &administrator)])
        .expect(200);
    assert!(
        !installation.log().contains(&made_up),
        "a password does not get into the log"
    );
    installation.kill_and_restart();
    assert_eq!(
        password(&installation.printed),
        None,
        "{:?}",
        installation.printed
    );
    installation.sign_in("admin", &made_up);
    installation
        .get("/core/admin/people", &[("authorization", &administrator)])
        .expect(200);
}
