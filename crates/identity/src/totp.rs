//! One-time codes of an app (TOTP, RFC 6238: SHA-1, six digits, 30 seconds, which every app knows), and recovery codes.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::{NotOurSeal, SealingKey, sealed::NONCE_BYTES};

/// Bytes of a secret: RFC 4226 recommends 160 bits.
pub const SECRET_BYTES: usize = 20;
const DIGITS: usize = 6;
const STEP_S: u64 = 30;
/// The app's clock may be one step off.
const SKEW_STEPS: i64 = 1;
/// What the app shows above the account.
const ISSUER: &str = "Vikno";
/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;
/// Letters and digits of recovery codes: none that are taken for another.
const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// What the app and we share.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; SECRET_BYTES]);

impl TotpSecret {
    /// From random bytes.
    pub fn new(random: [u8; SECRET_BYTES]) -> Self {
        Self(random)
    }

    /// As it is stored.
    pub fn seal(&self, key: &SealingKey, person_id: &str, nonce: [u8; NONCE_BYTES]) -> String {
        key.seal(&purpose(person_id), &self.0, nonce)
    }

    /// From what was stored.
    pub fn open(key: &SealingKey, person_id: &str, sealed: &str) -> Result<Self, NotOurSeal> {
        let bytes = key.open(&purpose(person_id), sealed)?;
        Ok(Self(bytes.try_into().map_err(|_| NotOurSeal)?))
    }

    /// In Base32, as people type it into an app.
    pub fn base32(&self) -> String {
        Secret::Raw(self.0.to_vec()).to_encoded().to_string()
    }

    /// The address that an app reads (`otpauth://…`), for the account with this login.
    pub fn uri(&self, login: &str) -> String {
        let login = utf8_percent_encode(login, NON_ALPHANUMERIC);
        let secret = self.base32();
        format!("otpauth://totp/{ISSUER}:{login}?secret={secret}&issuer={ISSUER}")
    }

    fn code(&self, step: i64) -> Option<String> {
        let step = u64::try_from(step).ok()?;
        let totp = TOTP::new_unchecked(Algorithm::SHA1, DIGITS, 0, STEP_S, self.0.to_vec());
        Some(totp.generate(step * STEP_S))
    }

    /// The time step whose code this is, if it is near now and later than `last_step`, the one taken last.
    pub fn step_of(&self, code: &str, now_ms: i64, last_step: i64) -> Option<i64> {
        let now = now_ms.div_euclid(1_000 * STEP_S.cast_signed());
        (now - SKEW_STEPS..=now + SKEW_STEPS)
            .filter(|step| *step > last_step)
            .find(|step| {
                self.code(*step)
                    .is_some_and(|right| same(right.as_bytes(), code.as_bytes()))
            })
    }
}

/// Binds a stored secret to its person: moved to another row it does not open.
fn purpose(person_id: &str) -> String {
    format!("totp {person_id}")
}

/// Takes as long whatever differs.
fn same(one: &[u8], other: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    one.ct_eq(other).into()
}

/// A recovery code from random bytes, like `k7pd-92xm-4hte`: 60 bits.
pub fn recovery_code(random: [u8; 12]) -> String {
    let letters: Vec<char> = random
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 31)]))
        .collect();
    let groups: Vec<String> = letters.chunks(4).map(String::from_iter).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the secret and the last six digits of its codes for SHA-1.
    const SECRET: [u8; SECRET_BYTES] = *b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = TotpSecret::new(SECRET);
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let step = seconds / 30;
            assert_eq!(secret.step_of(code, seconds * 1_000, 0), Some(step));
        }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_step_before_and_after() {
        let secret = TotpSecret::new(SECRET);
        let at = |seconds: i64, last| secret.step_of("287082", seconds * 1_000, last);
        assert_eq!(at(30, 0), Some(1));
        assert_eq!(at(89, 0), Some(1));
        assert_eq!(at(90, 0), None, "two steps later");
        assert_eq!(at(59, 1), None, "used");
        for wrong in ["287083", "", "28708", "2870822", "287 082"] {
            assert_eq!(secret.step_of(wrong, 59_000, 0), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_is_told_the_secret_in_base32() {
        let secret = TotpSecret::new(SECRET);
        assert_eq!(secret.base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            secret.uri("olena.k"),
            "otpauth://totp/Vikno:olena%2Ek?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Vikno"
        );
    }

    #[test]
    fn a_stored_secret_opens_for_its_person_only() {
        let key = SealingKey::derive("ours").unwrap();
        let secret = TotpSecret::new(SECRET);
        let stored = secret.seal(&key, "u_1", [1; NONCE_BYTES]);
        assert!(TotpSecret::open(&key, "u_1", &stored).is_ok_and(|opened| opened == secret));
        assert!(TotpSecret::open(&key, "u_2", &stored).is_err());
    }

    #[test]
    fn recovery_codes_have_three_groups_of_plain_letters() {
        let code = recovery_code([0, 1, 2, 3, 30, 31, 32, 200, 255, 9, 8, 7]);
        assert_eq!(code.len(), 14);
        assert!(code.chars().all(|c| c == '-' || c.is_ascii_alphanumeric()));
    }
}
