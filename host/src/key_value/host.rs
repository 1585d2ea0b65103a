//! `spin:key-value/key-value@3.0.0` for components.

use super::Store;
use crate::bindings::spin::key_value::key_value::{Error, Host, HostStore, HostStoreWithStore};
use crate::store::State;
use std::result::Result as StdResult;
use wasmtime::Result;
use wasmtime::component::{Accessor, FutureReader, HasSelf, Resource, StreamReader};

fn store<T: 'static>(
    accessor: &Accessor<T, HasSelf<State>>,
    store: &Resource<Store>,
) -> Result<Store> {
    accessor.with(|mut access| Ok(access.get().table.get(store)?.clone()))
}

fn is_read_only<T: 'static>(accessor: &Accessor<T, HasSelf<State>>, store: &Store) -> bool {
    accessor.with(|mut access| {
        let component = &access.get().component;
        let is_read_only = component.grants.key_value_read_only.contains(store.label());
        if is_read_only {
            tracing::warn!(component = %component.id, label = store.label(), "refused: name it in key_value_writers");
        }
        is_read_only
    })
}

impl Host for State {}

impl HostStore for State {
    fn drop(&mut self, store: Resource<Store>) -> Result<()> {
        self.table.delete(store)?;
        Ok(())
    }
}

impl<T: 'static> HostStoreWithStore<T> for HasSelf<State> {
    async fn open(
        accessor: &Accessor<T, Self>,
        label: String,
    ) -> Result<StdResult<Resource<Store>, Error>> {
        let app = accessor.with(|mut access| {
            let state = access.get();
            let component = &state.component;
            if component.grants.key_value_stores.contains(&label) {
                return Some(state.app.clone());
            }
            tracing::warn!(component = %component.id, label, "refused: add the label to key_value_stores");
            None
        });
        let Some(app) = app else {
            return Ok(Err(Error::AccessDenied));
        };
        match app.key_value_stores.open(&label).await {
            Ok(store) => accessor.with(|mut access| Ok(Ok(access.get().table.push(store)?))),
            Err(error) => Ok(Err(error)),
        }
    }

    async fn get(
        accessor: &Accessor<T, Self>,
        self_: Resource<Store>,
        key: String,
    ) -> Result<StdResult<Option<Vec<u8>>, Error>> {
        Ok(store(accessor, &self_)?.get(key).await)
    }

    async fn set(
        accessor: &Accessor<T, Self>,
        self_: Resource<Store>,
        key: String,
        value: Vec<u8>,
    ) -> Result<StdResult<(), Error>> {
        let store = store(accessor, &self_)?;
        if is_read_only(accessor, &store) {
            return Ok(Err(Error::AccessDenied));
        }
        Ok(store.set(key, value).await)
    }

    async fn delete(
        accessor: &Accessor<T, Self>,
        self_: Resource<Store>,
        key: String,
    ) -> Result<StdResult<(), Error>> {
        let store = store(accessor, &self_)?;
        if is_read_only(accessor, &store) {
            return Ok(Err(Error::AccessDenied));
        }
        Ok(store.delete(key).await)
    }

    async fn exists(
        accessor: &Accessor<T, Self>,
        self_: Resource<Store>,
        key: String,
    ) -> Result<StdResult<bool, Error>> {
        Ok(store(accessor, &self_)?.exists(key).await)
    }

    async fn get_keys(
        accessor: &Accessor<T, Self>,
        self_: Resource<Store>,
    ) -> Result<(StreamReader<String>, FutureReader<StdResult<(), Error>>)> {
        let (keys, result) = match store(accessor, &self_)?.keys().await {
            Ok(keys) => (keys, Ok(())),
            Err(error) => (Vec::new(), Err(error)),
        };
        accessor.with(|mut access| {
            let keys = StreamReader::new(&mut access, keys)?;
            let result =
                FutureReader::new(&mut access, async move { wasmtime::error::Ok(result) })?;
            Ok((keys, result))
        })
    }
}
