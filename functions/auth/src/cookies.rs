//! What a browser holds for this function alone: no script reads it, and it is encrypted on its way wherever people are.

use crate::session::Origin;
use http::HeaderValue;
use http::header::SET_COOKIE;
use vikno_shell::{Problem, Request, Response, header};

/// One of its cookies.
pub(crate) struct Cookie {
    pub(crate) name: &'static str,
    /// Sent to addresses below this only.
    pub(crate) path: &'static str,
    /// Whether it comes along when another site leads here: `Lax`, or not: `Strict`.
    pub(crate) same_site: &'static str,
    /// In seconds.
    pub(crate) life_s: i64,
}

impl Cookie {
    /// What the browser holds under this name.
    pub(crate) fn held(&self, request: &Request) -> Option<String> {
        let cookies = header(request, "cookie")?;
        cookies.split(';').find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == self.name && !value.is_empty()).then(|| value.to_owned())
        })
    }

    /// Gives it to the browser with an answer.
    pub(crate) fn give(
        &self,
        response: Response,
        value: &str,
        origin: &Origin,
    ) -> Result<Response, Problem> {
        self.set(response, value, self.life_s, origin)
    }

    /// Takes it from the browser.
    pub(crate) fn take(&self, response: Response, origin: &Origin) -> Result<Response, Problem> {
        self.set(response, "", 0, origin)
    }

    fn set(
        &self,
        mut response: Response,
        value: &str,
        life_s: i64,
        origin: &Origin,
    ) -> Result<Response, Problem> {
        let Self {
            name,
            path,
            same_site,
            ..
        } = self;
        let secure = if origin.secure { "; Secure" } else { "" };
        let cookie = format!(
            "{name}={value}; Path={path}; Max-Age={life_s}; HttpOnly; SameSite={same_site}{secure}"
        );
        let cookie = HeaderValue::from_str(&cookie).map_err(Problem::fault)?;
        response.headers_mut().append(SET_COOKIE, cookie);
        Ok(response)
    }
}
