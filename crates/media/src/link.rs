//! Links to files: whoever holds one may read that one file until it expires. Nothing has to be looked up to check it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::disposition::percent_encoded;

/// How long a link made for a chat or a console is good, in seconds. Expiry times are rounded up to whole hours, so
/// that the same file has the same link for an hour and browsers can cache it.
pub const LINK_LIFE_S: i64 = 24 * 3_600;

const HOUR_S: i64 = 3_600;
/// One block of SHA-256, which HMAC takes as it is.
const KEY_BYTES: usize = 64;

/// Why a link is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefused {
    /// Changed, or not ours.
    #[error("the link is not signed by this installation")]
    Forged,
    /// Over.
    #[error("the link has expired; open the chat again to get a new one")]
    Expired,
}

/// The key that signs links; derived from the installation's `master_key`.
#[derive(Clone)]
pub struct LinkKey([u8; KEY_BYTES]);

impl LinkKey {
    /// Derives it by HKDF-SHA256 with a context of its own.
    pub fn derive(master_key: &str) -> Self {
        let mut key = [0; KEY_BYTES];
        // Expanding 64 bytes cannot fail: the limit of HKDF-SHA256 is 255 times that.
        let _ = hkdf::Hkdf::<Sha256>::new(None, master_key.as_bytes())
            .expand(b"vikno media links v1", &mut key);
        Self(key)
    }

    /// The key as text, for a component that signs links but holds no master key.
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads what [`LinkKey::to_hex`] wrote.
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() != 2 * KEY_BYTES || !hex.is_ascii() {
            return None;
        }
        let mut key = [0; KEY_BYTES];
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()?;
        }
        Some(Self(key))
    }

    /// The path of a file that can be read from now on for [`LINK_LIFE_S`] and up to an hour longer:
    /// `/{org}/media/{id}/{expires}/{signature}/{name}`. Put the public address before it where it leaves the site.
    pub fn path(&self, org: &str, id: &str, name: &str, now_ms: i64) -> String {
        self.path_for(LINK_LIFE_S, org, id, name, now_ms)
    }

    /// The same for another time than [`LINK_LIFE_S`].
    pub fn path_for(&self, life_s: i64, org: &str, id: &str, name: &str, now_ms: i64) -> String {
        let expires_s = (now_ms / 1_000 + life_s + HOUR_S - 1).div_euclid(HOUR_S) * HOUR_S;
        let signature = self.mac(org, id, expires_s, name).finalize().into_bytes();
        format!(
            "/{org}/media/{id}/{expires_s}/{}/{}",
            URL_SAFE_NO_PAD.encode(signature),
            percent_encoded(name)
        )
    }

    /// Checks the parts of a link (percent-decoded), in constant time; gives back when it expires (Unix seconds).
    pub fn check(
        &self,
        org: &str,
        id: &str,
        expires_s: &str,
        signature: &str,
        name: &str,
        now_ms: i64,
    ) -> Result<i64, LinkRefused> {
        let expires: i64 = expires_s.parse().map_err(|_| LinkRefused::Forged)?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| LinkRefused::Forged)?;
        let mac = self.mac(org, id, expires, name);
        mac.verify_slice(&signature)
            .map_err(|_| LinkRefused::Forged)?;
        if expires.saturating_mul(1_000) <= now_ms {
            return Err(LinkRefused::Expired);
        }
        Ok(expires)
    }

    fn mac(&self, org: &str, id: &str, expires_s: i64, name: &str) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new((&self.0).into());
        // The name comes last: no other part can hold a line break, so the parts cannot run into each other.
        mac.update(format!("{org}\n{id}\n{expires_s}\n{name}").as_bytes());
        mac
    }
}

/// Where the bytes of a file are in the media store.
pub fn store_key(org: &str, id: &str) -> String {
    format!("{org}/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_795_000_000_000;

    fn parts(path: &str) -> Vec<&str> {
        path.split('/').skip(1).collect()
    }

    #[test]
    fn a_link_opens_its_file_until_it_expires() {
        let key = LinkKey::derive("secret");
        let path = key.path("ukc", "m_1", "a.png", NOW_MS);
        let [org, media, id, expires, signature, name] = parts(&path)[..] else {
            panic!("{path}")
        };
        assert_eq!((org, media, id, name), ("ukc", "media", "m_1", "a.png"));
        let end = key
            .check(org, id, expires, signature, name, NOW_MS)
            .unwrap();
        assert!((LINK_LIFE_S..=LINK_LIFE_S + HOUR_S).contains(&(end - NOW_MS / 1_000)));
        let check = |now| key.check(org, id, expires, signature, name, now);
        assert_eq!(check(end * 1_000 - 1), Ok(end));
        assert_eq!(check(end * 1_000), Err(LinkRefused::Expired));
    }

    #[test]
    fn a_link_is_worth_nothing_once_a_part_is_changed() {
        let key = LinkKey::derive("secret");
        let path = key.path("ukc", "m_1", "a.png", NOW_MS);
        let [_, _, _, expires, signature, _] = parts(&path)[..] else {
            panic!("{path}")
        };
        let later = (expires.parse::<i64>().unwrap() + 1).to_string();
        for (org, id, expires, signature, name) in [
            ("mou", "m_1", expires, signature, "a.png"),
            ("ukc", "m_2", expires, signature, "a.png"),
            ("ukc", "m_1", &later, signature, "a.png"),
            ("ukc", "m_1", "soon", signature, "a.png"),
            ("ukc", "m_1", expires, "", "a.png"),
            ("ukc", "m_1", expires, "AAAA", "a.png"),
            ("ukc", "m_1", expires, "not base64!", "a.png"),
            ("ukc", "m_1", expires, signature, "b.html"),
        ] {
            assert_eq!(
                key.check(org, id, expires, signature, name, NOW_MS),
                Err(LinkRefused::Forged)
            );
        }
        let other = LinkKey::derive("another secret");
        assert_eq!(
            other.check("ukc", "m_1", expires, signature, "a.png", NOW_MS),
            Err(LinkRefused::Forged)
        );
    }

    #[test]
    fn a_key_handed_over_as_text_signs_the_same_links() {
        let key = LinkKey::derive("secret");
        let read = LinkKey::parse(&key.to_hex()).unwrap();
        let path = |key: &LinkKey| key.path("ukc", "m_1", "a.png", NOW_MS);
        assert_eq!(path(&read), path(&key));
        for bad in ["", "00", &"zz".repeat(64), &"ф".repeat(64)] {
            assert!(LinkKey::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn within_an_hour_the_link_stays_the_same() {
        let key = LinkKey::derive("secret");
        let start = NOW_MS / 3_600_000 * 3_600_000 + 1_000;
        assert_eq!(
            key.path("ukc", "m_1", "ф.png", start),
            key.path("ukc", "m_1", "ф.png", start + 3_500_000)
        );
        assert!(
            key.path("ukc", "m_1", "ф.png", start)
                .ends_with("/%D1%84.png")
        );
    }
}
