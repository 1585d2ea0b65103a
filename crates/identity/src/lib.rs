//! Who somebody is and what they may do: passwords, access tokens, portal tokens, roles, throttling of sign-ins.
//!
//! Pure: salts, times, keys and random bytes are passed in; nothing here reads a store, a clock or a variable.

mod breached;
mod keys;
pub mod oidc;
pub mod passkey;
mod password;
mod permissions;
mod portal;
mod sealed;
mod throttle;
mod token;
mod totp;

pub use breached::BreachedQuestion;
pub use keys::{KeyRefused, SigningKey, VerificationKey};
pub use password::{
    PasswordProven, UnusablePassword, WrongPassword, acceptable_password, generate_password,
    hash_password, verify_password, verify_unknown_login,
};
pub use permissions::{
    Authorised, Denied, EVERYTHING, EVERYWHERE, Permission, Permissions, authorise,
    authorise_everywhere,
};
pub use portal::{PortalIdentity, PortalKey, PortalRefused, verify_portal_token};
pub use sealed::{NONCE_BYTES, NotOurSeal, SealingKey};
pub use throttle::{Throttle, TooManyAttempts, address_limit, login_limit};
pub use token::{
    ACCESS_TOKEN_LIFE_S, AccessClaims, ReceivedToken, TokenRefused, bearer, issue_access_token,
};
pub use totp::{RECOVERY_CODES, SECRET_BYTES, TotpSecret, recovery_code};
