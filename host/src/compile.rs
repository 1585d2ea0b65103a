//! From wasm files to machine code, kept on disk between starts.

use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Compiled components, by what they were compiled from and by which engine.
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// A cache in this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The compiled form of a component, from the cache or made now.
    pub fn compile(&self, engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Component> {
        let file = self.folder.join(format!("{}.cwasm", key(engine, wasm)));
        if file.is_file() {
            match read(engine, &file) {
                Ok(component) => return Ok(component),
                Err(error) => tracing::warn!(file = %file.display(), %error, "compiled anew"),
            }
        }
        let component = Component::new(engine, wasm)?;
        if let Err(error) = self.keep(&file, &component) {
            tracing::warn!(file = %file.display(), %error, "not kept for the next start");
        }
        Ok(component)
    }

    /// Written beside and renamed, so that no start ever sees half a file.
    fn keep(&self, file: &Path, component: &Component) -> wasmtime::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let beside = file.with_extension(format!("{}.tmp", std::process::id()));
        std::fs::write(&beside, component.serialize()?)?;
        std::fs::rename(&beside, file)?;
        Ok(())
    }
}

#[expect(unsafe_code, reason = "the only way to map compiled code")]
fn read(engine: &Engine, file: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file was written by `keep` into this host's own state folder, under a name that
    // holds the hash of its source and of the engine; who can write there can replace the host's data too.
    unsafe { Component::deserialize_file(engine, file) }
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
