//! Gives the sandbox the stack that the parser needs: at 40 open brackets it has used more than the usual 1 MB.

/// Of the 64 MB that an instance may have.
const STACK_BYTES: usize = 4 << 20;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = std::env::var("CARGO_CFG_TARGET_FAMILY");
    if target.is_ok_and(|family| family == "wasm") {
        println!("cargo:rustc-link-arg-cdylib=-zstack-size={STACK_BYTES}");
    }
}
