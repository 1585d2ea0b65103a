//! The master key of an installation that was given none: made once, kept beside its databases.

use anyhow::{Context, Result};
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The kept key, if one was ever made.
pub fn find(state: &Path) -> Result<Option<String>> {
    let file = file(state);
    let what = || file.display().to_string();
    match fs::read_to_string(&file) {
        Ok(key) if !key.trim().is_empty() => Ok(Some(key.trim().to_owned())),
        Ok(_) => anyhow::bail!(
            "{} is empty: put the key back, or remove the file for a new one",
            what()
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(what),
    }
}

/// Where a key is kept.
pub fn file(state: &Path) -> PathBuf {
    state.join("master_key")
}

/// The kept key, and whether it was made just now.
pub fn kept(state: &Path) -> Result<(String, bool)> {
    if let Some(key) = find(state)? {
        return Ok((key, false));
    }
    let file = file(state);
    let what = || file.display().to_string();
    fs::create_dir_all(state).with_context(what)?;
    let key = hex::encode(rand::random::<[u8; 32]>());
    let mut options = OpenOptions::new();
    let mut made = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&file)
        .with_context(what)?;
    made.write_all(key.as_bytes()).with_context(what)?;
    made.sync_all().with_context(what)?;
    Ok((key, true))
}

#[cfg(test)]
mod tests {
    use super::{find, kept};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_may_read_it() {
        let state = std::env::temp_dir().join(format!("vikno-master-key-{}", std::process::id()));
        assert_eq!(find(&state).unwrap(), None);
        let (key, made) = kept(&state).unwrap();
        assert!(made && key.len() == 64);
        assert_eq!(kept(&state).unwrap(), (key, false));
        let mode = state
            .join("master_key")
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::remove_dir_all(state).unwrap();
    }
}
