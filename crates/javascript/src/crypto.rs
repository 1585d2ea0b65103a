//! The part of CryptoJS that is offered: hashes, keyed hashes, encodings. The surface is in `cryptojs.js`, which hands
//! bytes over as hexadecimal text; the work is done here.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use boa_engine::object::ObjectInitializer;
use boa_engine::{
    Context, JsArgs, JsNativeError, JsResult, JsString, JsValue, NativeFunction, Source, js_string,
};
use hmac::{Hmac, Mac};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

const SURFACE: &str = include_str!("cryptojs.js");

/// Writes padding, reads with it or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The object `CryptoJS`.
pub(crate) fn object(context: &mut Context) -> JsResult<JsValue> {
    let native = ObjectInitializer::new(context)
        .function(NativeFunction::from_fn_ptr(digest), js_string!("digest"), 2)
        .function(NativeFunction::from_fn_ptr(keyed), js_string!("keyed"), 3)
        .function(NativeFunction::from_fn_ptr(parse), js_string!("parse"), 2)
        .function(NativeFunction::from_fn_ptr(write), js_string!("write"), 2)
        .build();
    let surface = context.eval(Source::from_bytes(SURFACE))?;
    let surface = surface.to_object(context)?;
    surface.call(&JsValue::undefined(), &[native.into()], context)
}

fn digest(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (name, bytes) = (text(args, 0, context)?, bytes(args, 1, context)?);
    answer(hashed(&name, &bytes), &name)
}

fn keyed(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let name = text(args, 0, context)?;
    let (message, key) = (bytes(args, 1, context)?, bytes(args, 2, context)?);
    answer(keyed_hashed(&name, &message, &key), &name)
}

fn parse(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (encoding, text) = (text(args, 0, context)?, text(args, 1, context)?);
    answer(decoded(&encoding, &text), &encoding)
}

fn write(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (encoding, bytes) = (text(args, 0, context)?, bytes(args, 1, context)?);
    let written = encoded(&encoding, &bytes).ok_or_else(|| malformed(&encoding))?;
    Ok(JsString::from(written).into())
}

fn hashed(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(match name {
        "md5" => Md5::digest(bytes).to_vec(),
        "sha1" => Sha1::digest(bytes).to_vec(),
        "sha224" => Sha224::digest(bytes).to_vec(),
        "sha256" => Sha256::digest(bytes).to_vec(),
        "sha384" => Sha384::digest(bytes).to_vec(),
        "sha512" => Sha512::digest(bytes).to_vec(),
        _ => return None,
    })
}

fn keyed_hashed(name: &str, message: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    fn with<M: Mac>(mac: M, message: &[u8]) -> Vec<u8> {
        mac.chain_update(message).finalize().into_bytes().to_vec()
    }
    Some(match name {
        "md5" => with(<Hmac<Md5> as Mac>::new_from_slice(key).ok()?, message),
        "sha1" => with(<Hmac<Sha1> as Mac>::new_from_slice(key).ok()?, message),
        "sha224" => with(<Hmac<Sha224> as Mac>::new_from_slice(key).ok()?, message),
        "sha256" => with(<Hmac<Sha256> as Mac>::new_from_slice(key).ok()?, message),
        "sha384" => with(<Hmac<Sha384> as Mac>::new_from_slice(key).ok()?, message),
        "sha512" => with(<Hmac<Sha512> as Mac>::new_from_slice(key).ok()?, message),
        _ => return None,
    })
}

fn decoded(encoding: &str, text: &str) -> Option<Vec<u8>> {
    match encoding {
        "utf8" => Some(text.as_bytes().to_vec()),
        "hex" => hex::decode(text).ok(),
        "base64" => BASE64.decode(text).ok(),
        "latin1" => text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).ok())
            .collect(),
        _ => None,
    }
}

fn encoded(encoding: &str, bytes: &[u8]) -> Option<String> {
    match encoding {
        "utf8" => String::from_utf8(bytes.to_vec()).ok(),
        "hex" => Some(hex::encode(bytes)),
        "base64" => Some(BASE64.encode(bytes)),
        "latin1" => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        _ => None,
    }
}

fn answer(bytes: Option<Vec<u8>>, what: &str) -> JsResult<JsValue> {
    let bytes = bytes.ok_or_else(|| malformed(what))?;
    Ok(JsString::from(hex::encode(bytes)).into())
}

fn text(args: &[JsValue], index: usize, context: &mut Context) -> JsResult<String> {
    let text = args.get_or_undefined(index).to_string(context)?;
    text.to_std_string().map_err(|_| malformed("utf8").into())
}

fn bytes(args: &[JsValue], index: usize, context: &mut Context) -> JsResult<Vec<u8>> {
    let text = text(args, index, context)?;
    hex::decode(text).map_err(|_| malformed("hex").into())
}

fn malformed(encoding: &str) -> JsNativeError {
    JsNativeError::error().with_message(format!("CryptoJS: malformed {encoding} data"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_and_broken_texts_give_nothing() {
        assert_eq!(hashed("md4", b""), None);
        assert_eq!(keyed_hashed("md4", b"", b""), None);
        for (encoding, text) in [
            ("hex", "0"),
            ("base64", "*"),
            ("latin1", "ї"),
            ("utf16", ""),
        ] {
            assert_eq!(decoded(encoding, text), None, "{encoding}");
        }
        assert_eq!(encoded("utf8", &[0xff]), None);
        assert_eq!(encoded("utf16", &[]), None);
    }
}
