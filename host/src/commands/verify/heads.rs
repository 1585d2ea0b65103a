//! The ends of chains as they were known: a small file that is kept where the installation's owner cannot write.

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use vikno_ledger::Head;

/// By the name of the chain.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Heads(BTreeMap<String, Head>);

#[derive(Serialize, Deserialize)]
struct Wire {
    seal: i64,
    last_id: i64,
    code: String,
}

impl Heads {
    /// Reads a file; where there is none, nothing is known.
    pub fn read(file: &Path) -> Result<Self> {
        let what = || file.display().to_string();
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error).with_context(what),
        };
        Self::parse(&text).with_context(what)
    }

    fn parse(text: &str) -> Result<Self> {
        let wire: BTreeMap<String, Wire> = serde_json::from_str(text)?;
        let heads = wire.into_iter().map(|(chain, wire)| {
            let mut code = [0; 32];
            hex::decode_to_slice(&wire.code, &mut code)
                .map_err(|error| anyhow!("{chain}: {error}"))?;
            let head = Head {
                number: wire.seal,
                last_id: wire.last_id,
                code,
            };
            Ok((chain, head))
        });
        Ok(Self(heads.collect::<Result<_>>()?))
    }

    /// Writes the file beside itself and then in its place, so that it is never half written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let wire = self.0.iter().map(|(chain, head)| {
            let wire = Wire {
                seal: head.number,
                last_id: head.last_id,
                code: hex::encode(head.code),
            };
            (chain.as_str(), wire)
        });
        let wire: BTreeMap<&str, Wire> = wire.collect();
        let text = serde_json::to_string_pretty(&wire)?;
        let beside = file.with_extension("new");
        fs::write(&beside, format!("{text}\n"))
            .and_then(|()| fs::rename(&beside, file))
            .with_context(|| file.display().to_string())
    }

    /// What is known of a chain.
    pub fn get(&self, chain: &str) -> Option<Head> {
        self.0.get(chain).copied()
    }

    /// From now on this is known.
    pub fn set(&mut self, chain: &str, head: Head) {
        self.0.insert(chain.to_owned(), head);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_others_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("heads.json");
        let mut heads = Heads::read(&file).unwrap();
        assert_eq!(heads, Heads::default());
        let head = Head {
            number: 3,
            last_id: 40,
            code: [7; 32],
        };
        heads.set("ukc/journal", head);
        heads.write(&file).unwrap();
        let mut heads = Heads::read(&file).unwrap();
        heads.set("core/audit", Head::default());
        heads.write(&file).unwrap();
        assert_eq!(Heads::read(&file).unwrap().get("ukc/journal"), Some(head));
        assert!(Heads::parse("{\"a\": {\"seal\": 1, \"last_id\": 1, \"code\": \"00\"}}").is_err());
    }
}
