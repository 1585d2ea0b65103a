//! Bindings generated from `wit/host`: Spin's interfaces that this host offers. No behaviour here.
#![allow(missing_docs, unused_qualifications)]

wasmtime::component::bindgen!({
    path: "../wit/host",
    world: "vikno:host/platform",
    imports: {
        "spin:sqlite/sqlite.[method]connection.execute": async | trappable,
        "spin:sqlite/sqlite.[method]connection.changes": async | trappable,
        "spin:sqlite/sqlite.[method]connection.last-insert-rowid": async | trappable,
        default: trappable,
    },
    with: {
        "spin:sqlite/sqlite.connection": crate::sqlite::Session,
        "spin:key-value/key-value.store": crate::key_value::Store,
    },
});
