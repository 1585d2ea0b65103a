//! Links to files of the media store that carry their own permission: organisation, file, name and end of validity
//! are signed, so whoever has the link may read that one file for that time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

/// What stays readable in a path segment.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The key that links are signed with.
#[derive(Clone)]
pub struct MediaKey([u8; 32]);

/// Why a link opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefused {
    /// Not signed by us, or changed since.
    #[error("the link is not one of ours")]
    Forged,
    /// Its time is over.
    #[error("the link has expired")]
    Expired,
}

/// A link whose signature and time are good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodLink {
    /// The file's id.
    pub media_id: String,
    /// Seconds until it expires.
    pub seconds_left: i64,
}

impl MediaKey {
    /// Derives the key from the installation's master key.
    pub fn derive(master_key: &[u8]) -> Self {
        let mut key = [0; 32];
        // HKDF-SHA256 fails only above 255 * 32 bytes of output.
        if Hkdf::<Sha256>::new(None, master_key)
            .expand(b"vikno media link 1", &mut key)
            .is_err()
        {
            unreachable!("32 bytes are within the output of HKDF-SHA256");
        }
        Self(key)
    }

    /// The path of a link: `/{org}/media/{id}/{expires}/{signature}/{name}`. Relative for our own pages; a public
    /// address is put before it for other channels.
    pub fn path(&self, org: &str, media_id: &str, name: &str, expires_at_s: i64) -> String {
        let mac = self.mac(org, media_id, expires_at_s, name);
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        let name = utf8_percent_encode(name, ENCODED);
        format!("/{org}/media/{media_id}/{expires_at_s}/{signature}/{name}")
    }

    /// Checks the (percent-decoded) parts of a link, the signature first and in constant time.
    pub fn open(
        &self,
        org: &str,
        media_id: &str,
        expires_at_s: &str,
        signature: &str,
        name: &str,
        now_s: i64,
    ) -> Result<GoodLink, LinkRefused> {
        let expires_at_s: i64 = expires_at_s.parse().map_err(|_| LinkRefused::Forged)?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| LinkRefused::Forged)?;
        let mac = self.mac(org, media_id, expires_at_s, name);
        mac.verify_slice(&signature)
            .map_err(|_| LinkRefused::Forged)?;
        let seconds_left = expires_at_s.saturating_sub(now_s);
        if seconds_left <= 0 {
            return Err(LinkRefused::Expired);
        }
        Ok(GoodLink {
            media_id: media_id.to_owned(),
            seconds_left,
        })
    }

    fn mac(&self, org: &str, media_id: &str, expires_at_s: i64, name: &str) -> Hmac<Sha256> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes a key of any length");
        };
        for part in [org, media_id, &expires_at_s.to_string(), name] {
            // With its length before it no part can reach into the next.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

/// Where the bytes of a file are in the media store.
pub fn store_key(org: &str, media_id: &str) -> String {
    format!("{org}/{media_id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_S: i64 = 1_763_900_000;

    fn parts(path: &str) -> Vec<String> {
        let decode = |part| {
            percent_encoding::percent_decode_str(part)
                .decode_utf8()
                .unwrap()
        };
        path[1..]
            .split('/')
            .map(|part| decode(part).into_owned())
            .collect()
    }

    fn open(key: &MediaKey, parts: &[String], now_s: i64) -> Result<GoodLink, LinkRefused> {
        assert_eq!(parts[1], "media");
        key.open(&parts[0], &parts[2], &parts[3], &parts[4], &parts[5], now_s)
    }

    #[test]
    fn a_link_opens_its_file_until_it_expires() {
        let key = MediaKey::derive(b"master");
        let path = key.path("ukc", "f_1", "довідка 1.pdf", NOW_S + 60);
        assert!(path.is_ascii() && path.ends_with("%201.pdf"));
        let parts = parts(&path);
        let good = GoodLink {
            media_id: "f_1".into(),
            seconds_left: 60,
        };
        assert_eq!(open(&key, &parts, NOW_S), Ok(good));
        assert_eq!(open(&key, &parts, NOW_S + 60), Err(LinkRefused::Expired));
    }

    #[test]
    fn a_link_with_any_part_changed_opens_nothing() {
        let key = MediaKey::derive(b"master");
        let parts = parts(&key.path("ukc", "f_1", "a.png", NOW_S + 60));
        for (place, other) in [
            (0, "mon"),
            (2, "f_2"),
            (3, "9999999999"),
            (3, "soon"),
            (4, ""),
            (4, "%%"),
            (5, "b.html"),
        ] {
            let mut changed = parts.clone();
            changed[place] = other.to_owned();
            assert_eq!(
                open(&key, &changed, NOW_S),
                Err(LinkRefused::Forged),
                "{changed:?}"
            );
        }
        let other_key = MediaKey::derive(b"other");
        assert_eq!(open(&other_key, &parts, NOW_S), Err(LinkRefused::Forged));
    }
}
