//! From wasm files to machine code, kept on disk between starts.

use crate::dependencies::Parts;
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use wasmtime::Engine;
use wasmtime::component::Component;

/// A compiled component that no start has used for so long is forgotten.
const UNUSED_MAX: Duration = Duration::from_secs(7 * 24 * 3600);

/// Components put together, by their parts, and compiled ones, by what they were compiled from and by which engine.
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// A cache in this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The component with its dependencies composed in, from the cache or put together now.
    pub fn compose(&self, parts: Parts<'_>) -> anyhow::Result<Vec<u8>> {
        let Some(identity) = parts.identity() else {
            return parts.compose();
        };
        let file = self.folder.join(format!("{}.wasm", composed_key(identity)));
        if let Ok(composed) = std::fs::read(&file) {
            note_use(&file);
            return Ok(composed);
        }
        let composed = parts.compose()?;
        self.keep(&file, &composed);
        Ok(composed)
    }

    /// The compiled form of a component, from the cache or made now.
    pub fn compile(&self, engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Component> {
        let file = self.folder.join(format!("{}.cwasm", key(engine, wasm)));
        if file.is_file() {
            match read(engine, &file) {
                Ok(component) => {
                    note_use(&file);
                    return Ok(component);
                }
                Err(error) => tracing::warn!(file = %file.display(), %error, "compiled anew"),
            }
        }
        let component = Component::new(engine, wasm)?;
        self.keep(&file, &component.serialize()?);
        Ok(component)
    }

    /// Removes what has not been used for long: every build of a component leaves a file behind.
    pub fn prune(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else {
            return;
        };
        let now = SystemTime::now();
        for entry in entries.flatten() {
            let used = entry.metadata().and_then(|metadata| metadata.modified());
            let is_unused =
                used.is_ok_and(|used| now.duration_since(used).is_ok_and(|age| age > UNUSED_MAX));
            if is_unused && let Err(error) = std::fs::remove_file(entry.path()) {
                tracing::debug!(file = %entry.path().display(), %error, "not removed");
            }
        }
    }

    /// Keeps a file for the next start.
    fn keep(&self, file: &Path, bytes: &[u8]) {
        if let Err(error) = self.write(file, bytes) {
            tracing::warn!(file = %file.display(), %error, "not kept for the next start");
        }
    }

    /// Written beside and renamed, so that no start ever sees half a file.
    fn write(&self, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let beside = file.with_extension(format!("{}.tmp", std::process::id()));
        std::fs::write(&beside, bytes)?;
        std::fs::rename(&beside, file)
    }
}

fn note_use(file: &Path) {
    let touched = std::fs::File::open(file).and_then(|file| file.set_modified(SystemTime::now()));
    if let Err(error) = touched {
        tracing::debug!(file = %file.display(), %error, "its use is not noted");
    }
}

#[expect(unsafe_code, reason = "the only way to map compiled code")]
fn read(engine: &Engine, file: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file was written by `keep` into this host's own state folder, under a name that
    // holds the hash of its source and of the engine; who can write there can replace the host's data too.
    unsafe { Component::deserialize_file(engine, file) }
}

/// This very program belongs to it: another one may put the same parts together otherwise.
fn composed_key<'a>(identity: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in identity {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let program = std::env::current_exe().and_then(std::fs::metadata);
    if let Ok(program) = program {
        hash.update(program.len().to_le_bytes());
        let written = program.modified().ok();
        let written = written.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        hash.update(written.unwrap_or_default().as_nanos().to_le_bytes());
    }
    hex::encode(hash.finalize())
}

fn key(engine: &Engine, wasm: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(wasm);
    let mut compatibility = Compatibility(&mut hash);
    engine
        .precompile_compatibility_hash()
        .hash(&mut compatibility);
    hex::encode(hash.finalize())
}

/// Feeds the engine's compatibility hash, version and configuration, into the key.
struct Compatibility<'a>(&'a mut Sha256);

impl Hasher for Compatibility<'_> {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_not_been_used_for_long_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (
            folder.path().join("old.cwasm"),
            folder.path().join("new.cwasm"),
        );
        for file in [&old, &new] {
            std::fs::write(file, "code").unwrap();
        }
        let long_ago = SystemTime::now() - 2 * UNUSED_MAX;
        std::fs::File::options()
            .write(true)
            .open(&old)
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
        Cache::new(folder.path().to_owned()).prune();
        assert!(!old.exists() && new.exists());
    }
}
