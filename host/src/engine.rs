//! The wasm engine: pooled instances, copy-on-write memories, a clock that interrupts busy loops.

use crate::settings::Limits;
use std::time::Duration;
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig,
};

/// A running component is asked so often to let others run.
const TICK: Duration = Duration::from_millis(10);
/// A component is its own module, adapters between composed parts, and theirs.
const CORE_INSTANCES_PER_COMPONENT: u32 = 16;
/// Most components have one memory; composed ones have one per part.
const MEMORIES_PER_COMPONENT: u32 = 8;
/// Tables of a component: its own and those of its adapters.
const TABLES_PER_COMPONENT: u32 = 16;
/// Instances whose places are being taken back are still counted by the pool.
const SLACK: u32 = 64;
/// Memory of an ended instance that is cleared by hand, not given back to the system and faulted in anew.
const MEMORY_KEPT_BYTES: usize = 512 * 1024;

/// Builds the engine and starts its clock. `memory_bytes` is the most any component may take.
pub fn build(limits: &Limits, memory_bytes: usize) -> wasmtime::Result<Engine> {
    let instances = limits.instances_max + SLACK;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_core_instances(instances * 6)
        .total_memories(instances * 2)
        .total_tables(instances * 4)
        .total_stacks(instances * 4)
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT)
        .max_memories_per_component(MEMORIES_PER_COMPONENT)
        .max_tables_per_component(TABLES_PER_COMPONENT)
        .max_memory_size(memory_bytes)
        .table_elements(100_000)
        .max_core_instance_size(1 << 20)
        .max_component_instance_size(1 << 20)
        .linear_memory_keep_resident(MEMORY_KEPT_BYTES)
        .table_keep_resident(MEMORY_KEPT_BYTES)
        .pagemap_scan(Enabled::Auto);

    let mut config = Config::new();
    config
        .wasm_component_model_async(true)
        .epoch_interruption(true)
        .cranelift_opt_level(OptLevel::Speed)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    let engine = Engine::new(&config)?;
    start_clock(&engine);
    Ok(engine)
}

/// Ticks until the engine is gone.
fn start_clock(engine: &Engine) {
    let engine = engine.weak();
    std::thread::spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    });
}
