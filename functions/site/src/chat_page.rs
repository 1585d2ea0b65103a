//! The chat of an organisation as a page and as an installed application: `/{org}/` and its manifest. The page is the
//! same for all; what differs is the name, and which other pages may frame it.

use crate::assets;
use bytes::Bytes;
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use serde_json::json;
use std::rc::Rc;
use vikno_domain::{Language, OrgId};
use vikno_organisation::Organisation;
use vikno_shell::{Reply, Request, Response, empty, header, query};

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
        Some(_) => Ok(manifest(request, &organisation)),
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

fn page(organisation: &Rc<Organisation>, known: Option<&str>) -> Reply {
    let page = assets::content(PAGE).ok_or_else(assets::missing)?;
    let filled = filled(&String::from_utf8_lossy(&page), organisation);
    let mut response = assets::tagged("text/html; charset=utf-8", filled.into(), known);
    if let Ok(policy) = HeaderValue::from_str(&assets::policy_framed_by(&organisation.origins)) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

fn filled(page: &str, organisation: &Organisation) -> String {
    let name = organisation.name.get(&organisation.default_language);
    let names = json!(organisation.name.0).to_string();
    page.replace(NAME, &escaped(name))
        .replace(NAMES, &escaped(&names))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn manifest(request: &Request, organisation: &Organisation) -> Response {
    let wanted = query(request).remove("language");
    let wanted = wanted.and_then(|tag| Language::parse(&tag).ok());
    let wanted = wanted.filter(|wanted| organisation.languages.contains(wanted));
    let language = wanted.unwrap_or_else(|| organisation.default_language.clone());
    let content = Bytes::from(described(organisation, &language).to_string());
    let known = header(request, "if-none-match");
    assets::tagged("application/manifest+json", content, known)
}

fn described(organisation: &Organisation, language: &Language) -> serde_json::Value {
    let start = format!("/{}/", organisation.id);
    let name = organisation.name.get(language);
    let picture = |sizes: &str| json!({ "src": format!("/icon-{sizes}.png"), "sizes": format!("{sizes}x{sizes}"), "type": "image/png" });
    json!({
        "id": start,
        "name": name,
        "short_name": short(name),
        "lang": language,
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "theme_color": THEME,
        "background_color": PAPER,
        "icons": [
            { "src": "/favicon.svg", "sizes": "any", "type": "image/svg+xml" },
            picture("192"),
            picture("512"),
        ],
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
        .assert_eq(&filled(page, &organisation));
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
        expect![[r##"{"background_color":"#f6f5f1","display":"standalone","icons":[{"sizes":"any","src":"/favicon.svg","type":"image/svg+xml"},{"sizes":"192x192","src":"/icon-192.png","type":"image/png"},{"sizes":"512x512","src":"/icon-512.png","type":"image/png"}],"id":"/mzs/","lang":"en","name":"Ministry of Foreign Affairs of Ukraine","scope":"/mzs/","short_name":"Ministry of Foreign","start_url":"/mzs/","theme_color":"#17404a"}"##]]
        .assert_eq(&told.to_string());
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
