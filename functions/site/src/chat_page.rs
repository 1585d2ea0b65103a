//! The chat of an organisation as a page and as an installed application: `/{org}/` and its manifest. The page is the
//! same for all; what differs is the name, and which other pages may frame it.

use crate::assets;
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use serde::Serialize;
use vikno_domain::{Language, OrgId};
use vikno_organisation::Organisation;
use vikno_shell::{Problem, Reply, Request, Response, empty, header};

/// The built page, in which these two marks stand for the organisation's name and its names by language.
const PAGE: &str = "chat/index.html";
const NAME: &str = "{{name}}";
const NAMES: &str = "{{names}}";
const MANIFEST: &str = "manifest.webmanifest";
/// Below an icon on a home screen there is no room for more.
const SHORT_NAME_CHARS_MAX: usize = 24;
/// The colours of the pages' style sheet in the light.
const THEME: &str = "#17404a";
const PAPER: &str = "#f6f5f1";

/// The answer to what belongs to a served organisation's chat, `None` for every other path.
pub async fn answer(request: &Request) -> Option<Reply> {
    let path = request.uri().path().strip_prefix('/')?;
    let (org, rest) = match path.split_once('/') {
        Some((org, rest)) => (org, Some(rest)),
        None => (path, None),
    };
    if !matches!(rest, None | Some("" | MANIFEST)) {
        return None;
    }
    let org = OrgId::parse(org).ok()?;
    let organisation = vikno_shell::served_organisation(&org).await.ok()?;
    Some(match rest {
        None => Ok(moved(&organisation.id, request.uri().query())),
        Some("") => page(&organisation, header(request, "if-none-match")),
        Some(_) => manifest(request, &organisation),
    })
}

fn moved(org: &OrgId, query: Option<&str>) -> Response {
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    let mut response = empty(308);
    if let Ok(target) = HeaderValue::from_str(&format!("/{org}/{query}")) {
        response.headers_mut().insert(LOCATION, target);
    }
    response
}

fn page(organisation: &Organisation, known: Option<&str>) -> Reply {
    let page = assets::content(PAGE).ok_or_else(assets::missing)?;
    let page = String::from_utf8_lossy(&page);
    let filled = filled(&page, organisation).map_err(Problem::fault)?;
    let mut response = assets::tagged("text/html; charset=utf-8", filled.into(), known);
    if let Ok(policy) = HeaderValue::from_str(&assets::policy_framed_by(&organisation.origins)) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

fn filled(page: &str, organisation: &Organisation) -> serde_json::Result<String> {
    let name = organisation.name.get(&organisation.default_language);
    let names = serde_json::to_string(&organisation.name.0)?;
    let page = page.replace(NAME, &escaped(name));
    Ok(page.replace(NAMES, &escaped(&names)))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn manifest(request: &Request, organisation: &Organisation) -> Reply {
    let wanted = request.uri().query();
    let wanted = wanted.and_then(|query| Language::parse(query.strip_prefix("language=")?).ok());
    let wanted = wanted.filter(|wanted| organisation.languages.contains(wanted));
    let language = wanted.unwrap_or_else(|| organisation.default_language.clone());
    let content = described(organisation, &language).map_err(Problem::fault)?;
    let known = header(request, "if-none-match");
    Ok(assets::tagged(
        "application/manifest+json",
        content.into(),
        known,
    ))
}

/// What a browser needs to install the chat (W3C Web Application Manifest).
#[derive(Serialize)]
struct Manifest<'a> {
    id: &'a str,
    name: &'a str,
    short_name: String,
    lang: &'a Language,
    start_url: &'a str,
    scope: &'a str,
    display: &'static str,
    theme_color: &'static str,
    background_color: &'static str,
    icons: [Icon; 3],
}

#[derive(Serialize)]
struct Icon {
    src: &'static str,
    sizes: &'static str,
    r#type: &'static str,
}

const ICONS: [Icon; 3] = [
    Icon {
        src: "/favicon.svg",
        sizes: "any",
        r#type: "image/svg+xml",
    },
    Icon {
        src: "/icon-192.png",
        sizes: "192x192",
        r#type: "image/png",
    },
    Icon {
        src: "/icon-512.png",
        sizes: "512x512",
        r#type: "image/png",
    },
];

fn described(organisation: &Organisation, language: &Language) -> serde_json::Result<String> {
    let start = format!("/{}/", organisation.id);
    let name = organisation.name.get(language);
    serde_json::to_string(&Manifest {
        id: &start,
        name,
        short_name: short(name),
        lang: language,
        start_url: &start,
        scope: &start,
        display: "standalone",
        theme_color: THEME,
        background_color: PAPER,
        icons: ICONS,
    })
}

/// The first whole words of a name; the first word at least.
fn short(name: &str) -> String {
    let mut short = String::new();
    for word in name.split_whitespace() {
        let length = short.chars().count() + 1 + word.chars().count();
        if !short.is_empty() && length > SHORT_NAME_CHARS_MAX {
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn ministry() -> Organisation {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../organisations/mzs/organisation.toml"
        );
        Organisation::parse(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    #[test]
    fn the_page_tells_the_name_as_text() {
        let mut organisation = ministry();
        let language = organisation.default_language.clone();
        let name = "А & \"Б\" <script>".to_owned();
        organisation.name.0 = [(language, name)].into();
        let page = "<title>{{name}}</title><meta content=\"{{names}}\">";
        expect![[r#"<title>А &amp; &quot;Б&quot; &lt;script&gt;</title><meta content="{&quot;uk&quot;:&quot;А &amp; \&quot;Б\&quot; &lt;script&gt;&quot;}">"#]]
        .assert_eq(&filled(page, &organisation).unwrap());
    }

    #[test]
    fn the_built_page_has_both_marks() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/chat/index.html");
        let page = std::fs::read_to_string(file).unwrap();
        assert!(page.contains(NAME) && page.contains(&format!("\"{NAMES}\"")));
    }

    #[test]
    fn an_installed_chat_is_called_like_its_organisation() {
        let organisation = ministry();
        let told = described(&organisation, &Language::parse("en").unwrap());
        expect![[r##"{"id":"/mzs/","name":"Ministry of Foreign Affairs of Ukraine","short_name":"Ministry of Foreign","lang":"en","start_url":"/mzs/","scope":"/mzs/","display":"standalone","theme_color":"#17404a","background_color":"#f6f5f1","icons":[{"src":"/favicon.svg","sizes":"any","type":"image/svg+xml"},{"src":"/icon-192.png","sizes":"192x192","type":"image/png"},{"src":"/icon-512.png","sizes":"512x512","type":"image/png"}]}"##]]
        .assert_eq(&told.unwrap());
    }

    #[test]
    fn a_short_name_is_cut_between_words() {
        for (name, expected) in [
            ("Дія", "Дія"),
            ("Урядовий контактний центр", "Урядовий контактний"),
            (
                "Дніпропетровськадміністрація України",
                "Дніпропетровськадміністрація",
            ),
            ("", ""),
        ] {
            assert_eq!(short(name), expected);
        }
    }

    #[test]
    fn who_asks_without_the_slash_is_sent_on_with_the_query() {
        let org = OrgId::parse("ukc").unwrap();
        assert_eq!(
            moved(&org, Some("language=en")).headers()[LOCATION],
            "/ukc/?language=en"
        );
        assert_eq!(moved(&org, None).headers()[LOCATION], "/ukc/");
    }
}
