//! `require("libs/…")`: hashes and encodings in CryptoJS's calling form; test vectors of RFC 1321, 2202, 3174, 4231,
//! 4648, 6234.

use crate::support::{answer, told};

fn with_crypto(table: &[(&str, &str)]) {
    for (expression, expected) in table {
        let source = format!("var CryptoJS = require(\"libs/md5.js\"); data.it = {expression};");
        assert_eq!(
            told(&source),
            format!("{{\"it\":\"{expected}\"}}"),
            "{expression}"
        );
    }
}

#[test]
fn hashes_are_the_published_ones() {
    with_crypto(&[
        (
            "CryptoJS.MD5(\"abc\").toString()",
            "900150983cd24fb0d6963f7d28e17f72",
        ),
        (
            "CryptoJS.SHA1(\"abc\") + \"\"",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        ),
        (
            "CryptoJS.SHA224(\"abc\").toString()",
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
        ),
        (
            "CryptoJS.SHA256(\"abc\").toString(CryptoJS.enc.Hex)",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            "CryptoJS.SHA256(\"\").toString(CryptoJS.enc.Base64)",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ),
        (
            "CryptoJS.SHA384(\"abc\").toString()",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            "CryptoJS.SHA512(\"abc\").toString()",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
        (
            "CryptoJS.MD5(\"Київ\").toString()",
            "74ecc6c2166b27291213f09ff598bd01",
        ),
    ]);
}

#[test]
fn keyed_hashes_are_the_published_ones() {
    let (message, key) = ("what do ya want for nothing?", "Jefe");
    for (name, expected) in [
        ("HmacMD5", "750c783e6ab0b503eaa86e310a5db738"),
        ("HmacSHA1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (
            "HmacSHA224",
            "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
        ),
        (
            "HmacSHA256",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            "HmacSHA384",
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        ),
        (
            "HmacSHA512",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
    ] {
        with_crypto(&[(
            &format!("CryptoJS.{name}(\"{message}\", \"{key}\").toString()"),
            expected,
        )]);
    }
}

#[test]
fn encodings_go_both_ways() {
    with_crypto(&[
        (
            "CryptoJS.enc.Base64.stringify(CryptoJS.enc.Utf8.parse(\"Привіт\"))",
            "0J/RgNC40LLRltGC",
        ),
        (
            "CryptoJS.enc.Base64.parse(\"0J/RgNC40LLRltGC\").toString(CryptoJS.enc.Utf8)",
            "Привіт",
        ),
        (
            "CryptoJS.enc.Base64.parse(\"Zm8\").toString(CryptoJS.enc.Utf8)",
            "fo",
        ),
        (
            "CryptoJS.enc.Utf8.stringify(CryptoJS.enc.Hex.parse(\"616263\"))",
            "abc",
        ),
        ("CryptoJS.enc.Latin1.parse(\"\\u00ff\").toString()", "ff"),
        (
            "CryptoJS.SHA1(CryptoJS.enc.Hex.parse(\"616263\")).toString()",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        ),
        (
            "CryptoJS.enc.Utf8.parse(\"a\").concat(CryptoJS.enc.Utf8.parse(\"bc\")).toString(CryptoJS.enc.Utf8)",
            "abc",
        ),
        (
            "CryptoJS.enc.Utf8.parse(\"abcde\").words.join()",
            "1633837924,1694498816",
        ),
        ("String(CryptoJS.enc.Utf8.parse(\"abcde\").sigBytes)", "5"),
    ]);
}

#[test]
fn a_signed_token_is_made_and_checked() {
    answer(&[(
        r#"require("libs/hmac-sha256.js"); require("libs/base64.js");
        const url = (words) => CryptoJS.enc.Base64.stringify(words).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
        const part = (value) => url(CryptoJS.enc.Utf8.parse(JSON.stringify(value)));
        const body = part({alg: "HS256", typ: "JWT"}) + "." + part({sub: "1234567890", name: "John Doe", iat: 1516239022});
        data.token = body + "." + url(CryptoJS.HmacSHA256(body, "your-256-bit-secret"));"#,
        r#"{"token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"}"#,
    )]);
}

#[test]
fn each_name_brings_cryptojs() {
    for name in [
        "md5",
        "sha1",
        "sha256",
        "sha512",
        "hmac-md5",
        "hmac-sha1",
        "hmac-sha256",
        "base64",
    ] {
        let source =
            format!("require(\"libs/{name}.js\"); data.there = typeof CryptoJS.enc.Base64.parse;");
        assert_eq!(told(&source), r#"{"there":"function"}"#, "{name}");
    }
    answer(&[(
        "data.before = typeof CryptoJS;",
        r#"{"before":"undefined"}"#,
    )]);
}

#[test]
fn what_is_not_there_says_what_to_use_instead() {
    for (name, hint) in [
        ("libs/aes.js", "ciphers are not offered"),
        ("libs/tripledes.js", "ciphers are not offered"),
        ("libs/rc4.js", "ciphers are not offered"),
        ("libs/moment.js", "use Date"),
        ("libs/moment-timezone.js", "use Date"),
        ("libs/dateutils.js", "use Date"),
        ("libs/xregexp.js", "RegExp has named groups"),
        ("fs", "there is no such library"),
    ] {
        let told = told(&format!("require(\"{name}\");"));
        assert!(
            told.starts_with("code_executing_error: line 1: Error: require("),
            "{told}"
        );
        assert!(told.contains(hint), "{told}");
    }
}

#[test]
fn wrong_input_is_told() {
    answer(&[
        (
            "require(\"libs/md5.js\"); CryptoJS.MD5(5);",
            "code_executing_error: line 1: TypeError: CryptoJS.MD5 takes text, not number: use String(…)",
        ),
        (
            "require(\"libs/md5.js\"); CryptoJS.enc.Base64.parse(\"*\");",
            "code_executing_error: line 1: Error: CryptoJS: malformed base64 data",
        ),
        (
            "require(\"libs/md5.js\"); CryptoJS.enc.Hex.parse(\"ff\").toString(CryptoJS.enc.Utf8);",
            "code_executing_error: line 1: Error: CryptoJS: malformed utf8 data",
        ),
    ]);
}
