//! Whose certificates are trusted: those of a file when one is named, else the system's.

use rustls::pki_types::CertificateDer;
use rustls_native_certs::{load_certs_from_paths, load_native_certs};
use std::path::{Path, PathBuf};

/// Nobody can be trusted.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The named file.
    #[error("{file} has no certificates that can be read{}", .why.as_ref().map(|why| format!(": {why}")).unwrap_or_default())]
    File {
        /// Its path.
        file: PathBuf,
        /// What reading it met.
        why: Option<rustls_native_certs::Error>,
    },
    /// The system's.
    #[error("the system has no trusted certificates; name a file by ca_file")]
    System,
    /// TLS cannot be set up with them.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
}

pub(crate) fn roots(file: Option<&Path>) -> Result<Vec<CertificateDer<'static>>, TrustError> {
    let loaded = match file {
        Some(file) => load_certs_from_paths(Some(file), None),
        None => load_native_certs(),
    };
    match (loaded.certs.is_empty(), file) {
        (false, _) => Ok(loaded.certs),
        (true, Some(file)) => Err(TrustError::File {
            file: file.to_owned(),
            why: loaded.errors.into_iter().next(),
        }),
        (true, None) => Err(TrustError::System),
    }
}
