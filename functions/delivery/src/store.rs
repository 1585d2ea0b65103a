//! The media store: bytes under `<organisation>/<file id>`.

use spin_sdk::key_value::Store;

/// Label of the key-value store.
const LABEL: &str = "media";

fn key(org: &str, media_id: &str) -> String {
    format!("{org}/{media_id}")
}

pub(crate) async fn read(org: &str, media_id: &str) -> Result<Option<Vec<u8>>, String> {
    let store = Store::open(LABEL)
        .await
        .map_err(|error| error.to_string())?;
    store
        .get(key(org, media_id))
        .await
        .map_err(|error| error.to_string())
}

pub(crate) async fn write(org: &str, media_id: &str, bytes: &[u8]) -> Result<(), String> {
    let store = Store::open(LABEL)
        .await
        .map_err(|error| error.to_string())?;
    store
        .set(key(org, media_id), bytes)
        .await
        .map_err(|error| error.to_string())
}
