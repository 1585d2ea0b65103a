//! Configurations that are taken, and mistakes that are named.

use super::*;

const ACTIVE_DIRECTORY: &str = r#"
[directory]
kind = "active-directory"
url = "ldaps://dc1.ministry.example"
bind_dn = "CN=vikno,OU=Service,DC=ministry,DC=example"

[people]
base = "OU=Staff,DC=ministry,DC=example"

[vikno]
url = "https://chat.example.gov.ua/"

[[rules]]
group = "CN=Operators,OU=Groups,DC=ministry,DC=example"
roles = { ukc = ["operator"] }
"#;

#[test]
fn what_is_not_said_is_as_active_directory_has_it() {
    let config = Config::parse(ACTIVE_DIRECTORY).unwrap();
    let expected = People {
        base: "OU=Staff,DC=ministry,DC=example".into(),
        filter: "(&(objectCategory=person)(objectClass=user))".into(),
        login: "sAMAccountName".into(),
        name: "displayName".into(),
        phone: Some("mobile".into()),
        phone_prefix: String::new(),
        disabled: Some(Disabled::Bits {
            attribute: "userAccountControl".into(),
            mask: 2,
        }),
    };
    assert_eq!(config.people, expected);
    let attribute = "memberOf".to_owned();
    assert_eq!(config.membership, Membership::Nested { attribute });
    assert_eq!(config.directory.timeout, Duration::from_secs(30));
    assert_eq!(config.vikno.url, "https://chat.example.gov.ua");
    assert_eq!(config.rules.marker, "directory");
    assert_eq!(config.rules.gone(), "directory_gone");
    assert_eq!(config.rules.brake_percent, 20);
    assert!(!config.rules.adopt);
    assert_eq!(
        config.rules.by_hand,
        BTreeSet::from(["administrator".into()])
    );
}

#[test]
fn what_is_not_said_is_as_openldap_has_it() {
    let text = ACTIVE_DIRECTORY
        .replace("active-directory", "openldap")
        .replace("[vikno]", "[groups]\nbase = \"ou=groups,dc=x\"\n[vikno]");
    let config = Config::parse(&text).unwrap();
    let people = config.people;
    assert_eq!(people.filter, "(objectClass=inetOrgPerson)");
    assert_eq!((people.login.as_str(), people.name.as_str()), ("uid", "cn"));
    assert_eq!(people.disabled, None);
    let expected = Membership::Group {
        base: "ou=groups,dc=x".into(),
        filter: "(objectClass=groupOfNames)".into(),
        attribute: "member".into(),
    };
    assert_eq!(config.membership, expected);
}

#[test]
fn the_example_of_the_readme_is_taken() {
    let readme = include_str!("../../README.md");
    let example = readme.split("```toml\n").nth(1).unwrap();
    Config::parse(example.split("```").next().unwrap()).unwrap();
}

#[test]
fn every_mistake_is_named() {
    let rule = "roles = { ukc = [\"operator\"] }";
    for (what, with, expected) in [
        (
            "ldaps://",
            "ldap://",
            "directory.url: the password would travel in the open",
        ),
        (
            "ldaps://",
            "https://",
            "directory.url: write ldaps://host or ldap://host",
        ),
        (
            "example\"\nbind",
            "example/dc=x\"\nbind",
            "directory.url: nothing but scheme, host and port",
        ),
        (
            "\nbind_dn = \"",
            "\nstart_tls = true\nbind_dn = \"",
            "directory.start_tls: ldaps:// is encrypted already",
        ),
        (
            "\nbind_dn = \"",
            "\ntimeout_s = 0\nbind_dn = \"",
            "directory.timeout_s: 1 to 300 seconds",
        ),
        ("\"CN=vikno,", "\"vikno,", "directory.bind_dn: 'vikno,OU"),
        ("\"OU=Staff,", "\"Staff,", "people.base: 'Staff,DC"),
        (
            "\n[vikno]",
            "filter = \"(a=b\"\n[vikno]",
            "people.filter: no LDAP filter",
        ),
        (
            "\n[vikno]",
            "filter = \"a=b\"\n[vikno]",
            "people.filter: no LDAP filter",
        ),
        (
            "\n[vikno]",
            "login = \"u id\"\n[vikno]",
            "people.login: no name of an attribute",
        ),
        (
            "\n[vikno]",
            "phone_prefix = \"38\"\n[vikno]",
            "people.phone_prefix: '+' and digits",
        ),
        (
            "\n[vikno]",
            "disabled = { attribute = \"a\" }\n[vikno]",
            "people.disabled: give either",
        ),
        (
            "\n[vikno]",
            "[groups]\nbase = \"dc=x\"\n[vikno]",
            "groups.base: only for groups that name",
        ),
        (
            "\n[vikno]",
            "[groups]\nfrom = \"group\"\n[vikno]",
            "groups.base: '' is no distinguished name",
        ),
        (
            "https://",
            "http://",
            "vikno.url: the password would travel in the open",
        ),
        (".gov.ua/", ".gov.ua/ukc", "vikno.url: write https://host"),
        (
            "[[rules]]",
            "marker = \"Dir\"\n[[rules]]",
            "vikno.marker: a role's id",
        ),
        (
            "[[rules]]",
            "brake_percent = 101\n[[rules]]",
            "vikno.brake_percent: 0 to 100",
        ),
        ("CN=Operators,", "Operators,", "rules[0]: 'Operators,OU"),
        (rule, "", "rules[0]: it gives neither roles nor groups"),
        (
            "\"operator\"",
            "\"administrator\"",
            "rules[0]: the role 'administrator' is given by hand",
        ),
        (
            "\"operator\"",
            "\"directory_gone\"",
            "rules[0]: the role 'directory_gone' is the bridge's own mark",
        ),
        (
            "\nbind_dn",
            "\npassword = \"x\"\nbind_dn",
            "unknown field `password`",
        ),
    ] {
        let text = ACTIVE_DIRECTORY.replace(what, with);
        assert_ne!(text, ACTIVE_DIRECTORY, "{expected}");
        let error = match Config::parse(&text) {
            Err(ConfigError::Form(error)) => error.to_string(),
            Err(wrong) => wrong.to_string(),
            Ok(_) => panic!("taken: {with}"),
        };
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn mistakes_are_named_together() {
    let text = ACTIVE_DIRECTORY
        .replace("ldaps://", "ldap://")
        .replace("https://", "http://");
    let Err(ConfigError::Wrong(problems)) = Config::parse(&text) else {
        panic!("taken");
    };
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn an_open_connection_is_taken_on_this_machine_or_on_purpose() {
    for host in ["ldap://localhost", "ldap://127.0.0.1:3890", "ldap://[::1]"] {
        let text = ACTIVE_DIRECTORY.replace("ldaps://dc1.ministry.example", host);
        assert!(Config::parse(&text).is_ok(), "{host}");
    }
    let open = ACTIVE_DIRECTORY.replace("ldaps://", "ldap://");
    for way in ["start_tls = true", "insecure = true"] {
        let text = open.replace("\nbind_dn", &format!("\n{way}\nbind_dn"));
        assert!(Config::parse(&text).is_ok(), "{way}");
    }
}
