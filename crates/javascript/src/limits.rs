//! The limits of one run. Corezoid gives a code node one second; a message may pass several of them, so these end
//! sooner. All but the sandbox's own are counted, not timed: a process fails in simulation where it fails in use.

/// Limits of one run; the defaults are what every process gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of source. The largest found in real exports has 2 kB; parsing takes memory of its own.
    pub source_bytes_max: usize,
    /// Brackets open at once in the source: the parser descends once for each.
    pub source_nesting_max: usize,
    /// JSON bytes of the data, in and out: a task's limit (Corezoid's 128,000).
    pub data_bytes_max: usize,
    /// Nesting of the data, in and out: a task's limit.
    pub data_depth_max: usize,
    /// Work of the statements themselves, in the engine's cycles (1 to 10 an instruction).
    pub cycles_max: u64,
    /// Rounds of the loops of one function call; also reached where the engine calls back (`map`, `sort`, getters).
    pub loop_rounds_max: u64,
    /// Calls inside calls. Data are at most 64 deep, so a walk through them has room.
    pub call_depth_max: usize,
    /// Values on the engine's stack; arguments of one call among them.
    pub stack_values_max: usize,
    /// Promise reactions.
    pub jobs_max: usize,
    /// Bytes of one array buffer.
    pub buffer_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            source_bytes_max: 64 * 1024,
            source_nesting_max: 40,
            data_bytes_max: 128_000,
            data_depth_max: 64,
            cycles_max: 10_000_000,
            loop_rounds_max: 500_000,
            call_depth_max: 200,
            stack_values_max: 20_000,
            jobs_max: 1_000,
            buffer_bytes_max: 4 << 20,
        }
    }
}
