//! `require("libs/…")`: what Corezoid hands code nodes. What is not here throws, and says what to use instead.

use crate::crypto;
use boa_engine::{Context, JsArgs, JsNativeError, JsResult, JsValue, js_string};

/// Names that bring `CryptoJS`; with each of them all of it that there is here.
const CRYPTO: [&str; 12] = [
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "hmac-md5",
    "hmac-sha1",
    "hmac-sha256",
    "hmac-sha384",
    "hmac-sha512",
    "base64",
];

/// The function `require`: defines the library's global, and answers it.
pub(crate) fn require(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let asked = args.get_or_undefined(0).to_string(context)?;
    let asked = asked.to_std_string_lossy();
    let name = asked.strip_prefix("libs/").unwrap_or(&asked);
    let name = name.strip_suffix(".js").unwrap_or(name);
    if !CRYPTO.contains(&name) {
        let message = format!("require(\"{asked}\"): {}", instead(name));
        return Err(JsNativeError::error().with_message(message).into());
    }
    let library = crypto::object(context)?;
    let global = context.global_object();
    global.set(js_string!("CryptoJS"), library.clone(), true, context)?;
    Ok(library)
}

fn instead(name: &str) -> &'static str {
    match name {
        "aes" | "des" | "tripledes" | "3des" | "rabbit" | "rc4" => {
            "ciphers are not offered: a key in a process is no secret; keep such data out of the task"
        }
        "moment" | "moment-timezone" | "moment-with-locales" | "dateutils" => {
            "not offered: use Date (universal time), or $.date with a time zone in a set_param node"
        }
        "xregexp" => "not offered: RegExp has named groups, \\p{…} and the flags g i m s u y",
        _ => "there is no such library; docs/code-nodes.md lists those there are",
    }
}
