//! Passwords of the centre's people: argon2id, in PHC text form. A proof is a value, not a boolean.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane (about 25 ms on a server core).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Shortest password that the administration accepts, in characters.
const CHARACTERS_MIN: usize = 8;
/// Longest one, in bytes: bounds the work of hashing.
const BYTES_MAX: usize = 256;

/// No password can be found that fits it; spends the time of a real check on a login that does not exist.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm8gc3VjaCBwZXJzb24$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The password fits the hash; only [`verify_password`] makes one.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct PasswordProven(());

/// It does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("wrong login or password")]
pub struct WrongPassword;

/// Why a new password is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnusablePassword {
    /// Too short.
    #[error("a password has at least {CHARACTERS_MIN} characters")]
    TooShort,
    /// Too long.
    #[error("a password has at most {BYTES_MAX} bytes")]
    TooLong,
    /// Is the login, or repeats one character.
    #[error("a password must not be the login or repeat one character")]
    TooEasy,
    /// The hash function refused.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Checks a password that a person is about to get.
pub fn acceptable_password(login: &str, password: &str) -> Result<(), UnusablePassword> {
    let characters = password.chars().count();
    if characters < CHARACTERS_MIN {
        return Err(UnusablePassword::TooShort);
    }
    if password.len() > BYTES_MAX {
        return Err(UnusablePassword::TooLong);
    }
    let first = password.chars().next();
    let one_character_only = password.chars().all(|c| Some(c) == first);
    let is_login = password.to_lowercase() == login.to_lowercase();
    if one_character_only || is_login {
        return Err(UnusablePassword::TooEasy);
    }
    Ok(())
}

/// The hash to store. `salt` is 16 random bytes.
pub fn hash_password(password: &str, salt: [u8; 16]) -> Result<String, UnusablePassword> {
    if password.len() > BYTES_MAX {
        return Err(UnusablePassword::TooLong);
    }
    let failed = |error: argon2::password_hash::Error| UnusablePassword::Hash(error.to_string());
    let salt = SaltString::encode_b64(&salt).map_err(failed)?;
    let hash = argon2()
        .hash_password(password.as_bytes(), &salt)
        .map_err(failed)?;
    Ok(hash.to_string())
}

/// Whether `password` is the one that `hash` was made of. A hash that cannot be read fits nothing.
pub fn verify_password(hash: &str, password: &str) -> Result<PasswordProven, WrongPassword> {
    if password.len() > BYTES_MAX {
        return Err(WrongPassword);
    }
    let hash = PasswordHash::new(hash).map_err(|_| WrongPassword)?;
    argon2()
        .verify_password(password.as_bytes(), &hash)
        .map(|()| PasswordProven(()))
        .map_err(|_| WrongPassword)
}

/// Takes as long as a real check and always fails: so a login that does not exist cannot be told from a wrong password.
pub fn verify_unknown_login(password: &str) -> WrongPassword {
    match verify_password(NOBODYS_HASH, password) {
        Ok(PasswordProven(())) | Err(WrongPassword) => WrongPassword,
    }
}

/// A password for handing over once: four groups of six characters, 120 random bits.
pub fn generate_password(random: [u8; 15]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut password = String::with_capacity(27);
    for (index, half) in random.chunks_exact(5).enumerate() {
        let bits = half
            .iter()
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for place in (0..8).rev() {
            let position = index * 8 + 7 - place;
            if position > 0 && position % 6 == 0 {
                password.push('-');
            }
            let digit = (bits >> (5 * place) & 31) as usize;
            password.push(char::from(ALPHABET[digit]));
        }
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_password_is_proven_and_any_other_is_not() {
        let hash = hash_password("калина-червона-1545", [7; 16]).unwrap();
        assert!(verify_password(&hash, "калина-червона-1545").is_ok());
        for wrong in ["", "калина-червона-154", "Калина-червона-1545", &hash]
        {
            assert_eq!(verify_password(&hash, wrong), Err(WrongPassword));
        }
    }

    #[test]
    fn the_hash_names_its_parameters_and_depends_on_the_salt() {
        let hash = hash_password("a good password", [1; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(hash, hash_password("a good password", [2; 16]).unwrap());
    }

    #[test]
    fn a_hash_that_cannot_be_read_fits_nothing() {
        for hash in [
            "",
            "plain",
            "$argon2id$v=19$m=19456,t=2,p=1$$",
            "$2y$10$abc",
        ] {
            assert_eq!(verify_password(hash, "plain"), Err(WrongPassword));
        }
    }

    #[test]
    fn a_login_that_does_not_exist_costs_the_same_parameters_and_always_fails() {
        let real = hash_password("a good password", [1; 16]).unwrap();
        let parameters = |hash: &str| PasswordHash::new(hash).unwrap().params.to_string();
        assert_eq!(parameters(NOBODYS_HASH), parameters(&real));
        assert_eq!(verify_unknown_login("a good password"), WrongPassword);
    }

    #[test]
    fn new_passwords_are_checked() {
        for (password, expected) in [
            ("short", Err(UnusablePassword::TooShort)),
            ("aaaaaaaaaaaa", Err(UnusablePassword::TooEasy)),
            ("Olena.Koval", Err(UnusablePassword::TooEasy)),
            (&"ab".repeat(200), Err(UnusablePassword::TooLong)),
            ("чотири прості слова", Ok(())),
        ] {
            assert_eq!(
                acceptable_password("olena.koval", password),
                expected,
                "{password:?}"
            );
        }
    }

    #[test]
    fn generated_passwords_are_four_groups_of_six() {
        assert_eq!(
            generate_password([0; 15]),
            "000000-000000-000000-000000".to_owned()
        );
        let all = generate_password([255; 15]);
        assert_eq!(all, "zzzzzz-zzzzzz-zzzzzz-zzzzzz");
        let mut random = [0; 15];
        random[14] = 1;
        assert_eq!(generate_password(random), "000000-000000-000000-000001");
        assert!(acceptable_password("admin", &generate_password([0xa5; 15])).is_ok());
    }
}
