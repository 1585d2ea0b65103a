//! Every guarded route × every role × an own and a foreign organisation: nothing opens that should not.
//! The routes and what each asks for are read from the API's description; what a role permits stands here once more.

use crate::Shared;
use libtest_mimic::Trial;
use serde_json::{Value, json};
use vikno_tests::http::send;
use vikno_tests::installation::Installation;
use vikno_tests::operator::Operator;

pub(crate) fn tests(shared: &Shared) -> Vec<Trial> {
    vec![
        shared.test(
            "permissions::every_route_opens_to_exactly_the_roles_that_may",
            every_route,
        ),
        shared.test(
            "permissions::an_edited_role_counts_at_once_and_so_does_a_group",
            edited,
        ),
    ]
}

/// Where the people have their roles, and where they have none.
const OWN: &str = "ukco";
const FOREIGN: &str = "osvita";

/// What each role permits.
const ROLES: [(&str, &[&str]); 6] = [
    (
        "administrator",
        &[
            "view_conversations",
            "handle_conversations",
            "assign_conversations",
            "edit_canned_answers",
            "view_shift",
            "view_deliveries",
            "retry_deliveries",
            "view_processes",
            "edit_processes",
            "export",
            "export_journal",
            "read_audit",
            "manage_people",
            "manage_settings",
            "manage_channels",
        ],
    ),
    (
        "supervisor",
        &[
            "view_conversations",
            "handle_conversations",
            "assign_conversations",
            "edit_canned_answers",
            "view_shift",
            "view_deliveries",
            "retry_deliveries",
            "view_processes",
            "export",
            "export_journal",
        ],
    ),
    ("operator", &["view_conversations", "handle_conversations"]),
    ("analyst", &["view_processes", "export", "export_journal"]),
    ("author", &["view_processes", "edit_processes"]),
    (
        "security",
        &["view_deliveries", "export_journal", "read_audit"],
    ),
];

/// Permissions of routes below `/core/` that count in one organisation; the others have to be held everywhere.
const IN_ANY_ORGANISATION: [&str; 3] = ["view_conversations", "handle_conversations", "view_shift"];

fn edited(installation: &Installation) {
    let administrator = installation.administrator();
    let call = |method: &str, path: &str, body: Value| {
        let url = format!("{}/core/admin/{path}", installation.url);
        let headers = [
            ("authorization", administrator.as_str()),
            ("content-type", "application/json"),
        ];
        send(method, &url, &headers, body.to_string().as_bytes())
    };
    let define = |permissions: Value| {
        let names = json!({ "uk": "Спостерігач", "en": "Observer" });
        let body = json!({ "names": names, "permissions": permissions });
        call("PUT", "roles/observer", body)
    };
    define(json!(["manage_people"])).expect(400);
    define(json!(["view_shift"])).expect(201);
    let observer = Operator::hire(installation, OWN, "observer-of-ukco", "observer");
    let status = |org: &str| {
        let path = format!("/{org}/operator/conversations");
        let header = [("authorization", observer.authorization())];
        installation.get(&path, &header).status
    };
    assert_eq!(status(OWN), 403);
    // The token stays the same; what it opens does not.
    define(json!(["view_shift", "view_conversations"])).expect(200);
    assert_eq!((status(OWN), status(FOREIGN)), (200, 403));
    define(json!([])).expect(200);
    assert_eq!(status(OWN), 403);

    let me = installation.get(
        "/core/auth/me",
        &[("authorization", observer.authorization())],
    );
    let me = me.expect(200).json();
    assert_eq!(me["permissions"], json!({ OWN: [] }));
    let group = json!({ "org": FOREIGN, "name": "Спостерігачі", "roles": ["operator"], "members": [me["id"]] });
    let group = call("POST", "groups", group).expect(201).json();
    assert_eq!((status(OWN), status(FOREIGN)), (403, 200));
    let id = group["id"].as_str().unwrap();
    call("DELETE", &format!("groups/{id}"), Value::Null).expect(204);
    assert_eq!(status(FOREIGN), 403);

    call("DELETE", "roles/observer", Value::Null).expect(409);
    call("DELETE", "roles/operator", Value::Null).expect(409);
    call(
        "PUT",
        "roles/administrator",
        json!({ "names": {}, "permissions": [] }),
    )
    .expect(409);
}

/// A guarded route.
struct Route {
    method: String,
    path: String,
    /// Empty: whoever is signed in.
    permissions: Vec<String>,
}

/// All operations of the description that ask for a person.
fn routes(installation: &Installation) -> Vec<Route> {
    let description = installation.get("/openapi.json", &[]).expect(200).json();
    let mut found = Vec::new();
    for (path, operations) in description["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            let asks = operation["security"].to_string().contains("person");
            if !asks {
                continue;
            }
            let named = operation["x-permission"].as_str();
            let named = named.unwrap_or_else(|| panic!("{method} {path} declares no permission"));
            let permissions = named.split(", ").filter(|one| *one != "signed_in");
            found.push(Route {
                method: method.to_uppercase(),
                path: path.clone(),
                permissions: permissions.map(str::to_owned).collect(),
            });
        }
    }
    assert!(found.len() > 50, "{} guarded routes", found.len());
    found
}

/// The status of a call that cannot do anything: its names lead nowhere and its body is no object.
fn status(
    installation: &Installation,
    route: &Route,
    org: &str,
    authorization: Option<&str>,
) -> u16 {
    let mut path = route.path.replace("{org}", org);
    for (name, value) in [
        ("{version}", "0"),
        ("{other}", "0"),
        ("{proposal}", "0"),
        ("{verb}", "approve"),
    ] {
        path = path.replace(name, value);
    }
    while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
        path.replace_range(from..=to, "none");
    }
    let url = format!("{}{path}", installation.url);
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(authorization.map(|token| ("authorization", token)));
    let body: &[u8] = if route.method == "GET" { b"" } else { b"[]" };
    send(&route.method, &url, &headers, body).status
}

/// A person with one role, in the own organisation or in all.
fn person(installation: &Installation, role: &str, scope: &str) -> String {
    let login = format!(
        "may-{role}-{}",
        if scope == "*" { "everywhere" } else { scope }
    );
    let password = "калина біля криниці 7";
    let body =
        json!({ "login": login, "name": role, "password": password, "roles": { scope: [role] } });
    let administrator = installation.administrator();
    let headers = [("authorization", administrator.as_str())];
    installation
        .post("/core/admin/people", &headers, &body)
        .expect(201);
    installation.sign_in(&login, password)
}

fn every_route(installation: &Installation) {
    let routes = routes(installation);
    let mut wrong: Vec<Value> = Vec::new();
    for route in &routes {
        let closed = status(installation, route, OWN, None);
        if closed != 401 {
            wrong.push(json!(["nobody", route.method, route.path, closed]));
        }
    }
    let guarded: Vec<&Route> = routes
        .iter()
        .filter(|route| !route.permissions.is_empty())
        .collect();
    for (role, permits) in ROLES {
        for scope in [OWN, "*"] {
            let authorization = person(installation, role, scope);
            for route in &guarded {
                let has_org = route.path.contains("{org}");
                for org in if has_org {
                    &[OWN, FOREIGN][..]
                } else {
                    &[OWN][..]
                } {
                    let reaches = scope == "*"
                        || (has_org && *org == OWN)
                        || (!has_org
                            && IN_ANY_ORGANISATION.contains(&route.permissions[0].as_str()));
                    let may = reaches
                        && route
                            .permissions
                            .iter()
                            .all(|one| permits.contains(&one.as_str()));
                    let status = status(installation, route, org, Some(&authorization));
                    let is_right = if may {
                        !matches!(status, 401 | 403) && status < 500
                    } else {
                        status == 403
                    };
                    if !is_right {
                        wrong.push(json!([
                            role,
                            scope,
                            route.method,
                            route.path,
                            org,
                            status,
                            may
                        ]));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", json!(wrong));
}
