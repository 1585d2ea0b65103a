//! Addresses that need no signature: a process's direct address and a node's callback address. Their
//! hashes are derived, so nothing is stored and nothing can be guessed.

use std::borrow::Cow;

use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

use super::entrance::VerifiedBody;

/// Bytes of a hash: Corezoid's are 40 hex digits.
const HASH_BYTES: usize = 20;

/// What hashes are derived from; one for each organisation.
#[derive(Clone)]
pub struct AddressKey(Hmac<Sha256>);

/// Why a caller of an address is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefused {
    /// There is nothing to derive from.
    #[error("no key is configured")]
    NotConfigured,
    /// Not 40 hexadecimal digits.
    #[error("the address ends in no hash")]
    NoHash,
    /// The hash is of another process, node or time.
    #[error("the hash in the address is wrong")]
    WrongHash,
}

impl AddressKey {
    /// Derives a key of its own from a master key.
    pub fn derive(master_key: &str, organisation: &str) -> Result<Self, AddressRefused> {
        if master_key.is_empty() {
            return Err(AddressRefused::NotConfigured);
        }
        let mac = Hmac::<Sha256>::new_from_slice(master_key.as_bytes());
        let mut mac = mac.map_err(|_| AddressRefused::NotConfigured)?;
        write(
            &mut mac,
            &[
                b"vikno corezoid addresses v1".as_slice().into(),
                organisation.as_bytes().into(),
            ],
        );
        let own = Hmac::<Sha256>::new_from_slice(&mac.finalize().into_bytes());
        own.map(Self).map_err(|_| AddressRefused::NotConfigured)
    }

    fn mac(&self, parts: &[Cow<'_, [u8]>]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        write(&mut mac, parts);
        mac
    }
}

/// What an address stands for; its hash is derived from that and a key.
pub trait Address {
    /// What it stands for, part by part.
    fn parts(&self) -> Vec<Cow<'_, [u8]>>;

    /// The hash in the address.
    fn hash(&self, key: &AddressKey) -> String {
        hex::encode(&key.mac(&self.parts()).finalize().into_bytes()[..HASH_BYTES])
    }

    /// Believes the body when the hash is right.
    fn verify<'b>(
        &self,
        key: &AddressKey,
        hash: &str,
        body: &'b [u8],
    ) -> Result<VerifiedBody<'b>, AddressRefused> {
        let given = hex::decode(hash).map_err(|_| AddressRefused::NoHash)?;
        if given.len() != HASH_BYTES {
            return Err(AddressRefused::NoHash);
        }
        let same = key.mac(&self.parts()).verify_truncated_left(&given);
        same.map(|()| VerifiedBody(body))
            .map_err(|_| AddressRefused::WrongHash)
    }
}

/// Lengths go first, so that no two lists of parts are the same bytes.
fn write(mac: &mut Hmac<Sha256>, parts: &[Cow<'_, [u8]>]) {
    for part in parts {
        mac.update(&part.len().to_be_bytes());
        mac.update(part);
    }
}

/// `/api/2/json/public/{process}/{hash}`: its caller makes a task of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DirectAddress<'a> {
    /// The process's alias.
    pub process: &'a str,
    /// Turning the address off and on counts up, which makes another address.
    pub generation: u64,
}

impl Address for DirectAddress<'_> {
    fn parts(&self) -> Vec<Cow<'_, [u8]>> {
        vec![
            b"direct".as_slice().into(),
            self.process.as_bytes().into(),
            self.generation.to_be_bytes().to_vec().into(),
        ]
    }
}

/// `/api/1/json/callback/{node}/{hash}`: its caller wakes a task that waits in the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallbackAddress<'a> {
    /// The process's alias.
    pub process: &'a str,
    /// The node's id.
    pub node: &'a str,
}

impl Address for CallbackAddress<'_> {
    fn parts(&self) -> Vec<Cow<'_, [u8]>> {
        vec![
            b"callback".as_slice().into(),
            self.process.as_bytes().into(),
            self.node.as_bytes().into(),
        ]
    }
}

/// The task that a callback's body names, by the node's setting `obj_id_path` (`order.id`, `items[0].ref`).
pub fn task_id_in(body: &Value, obj_id_path: &str) -> Option<String> {
    let path = obj_id_path
        .trim()
        .trim_start_matches("{{")
        .trim_end_matches("}}");
    let pointer: String = path
        .replace('[', ".")
        .replace(']', "")
        .split('.')
        .map(|step| format!("/{}", step.trim().replace('~', "~0").replace('/', "~1")))
        .collect();
    match body.pointer(&pointer)? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// `/api/1/json/answer/{call}/{hash}`: its caller answers a call that went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerAddress<'a> {
    /// The call's name.
    pub call: &'a str,
}

impl Address for AnswerAddress<'_> {
    fn parts(&self) -> Vec<Cow<'_, [u8]>> {
        vec![b"answer".as_slice().into(), self.call.as_bytes().into()]
    }
}
