//! The limits of a run. One chat message is one run, so each is far above what a real dialogue needs
//! and low enough that the worst process costs milliseconds.

/// Limits of a run; the defaults are what an organisation gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Node entries in one run. Real templates pass 10 to 80 nodes a message; at about 2 µs a node
    /// 2,000 nodes are 4 ms. The task that reaches it fails.
    pub nodes_per_run_max: usize,
    /// Node entries granted on top so that callers of the failed task can tell the citizen; then
    /// everything that is ready fails. 5 callers at 80 nodes each.
    pub nodes_grace_max: usize,
    /// Outside calls in one run: 100 calls at 20 ms are 2 s, the longest a citizen should wait.
    pub calls_per_run_max: usize,
    /// How often a task may enter one node without waiting in between: Corezoid's 50.
    pub loop_rounds_max: u32,
    /// JSON bytes of one task's data: Corezoid's 128,000.
    pub task_bytes_max: usize,
    /// Nesting of one task's data. JSON readers stop at 128; the world around it takes 4.
    pub task_depth_max: usize,
    /// Live tasks of one conversation: 64 × 128 kB = 8 MB is the largest world there can be.
    pub tasks_max: usize,
    /// Callers above a task that wait for its reply.
    pub rpc_depth_max: usize,
    /// How long an outside call may take when its node has no timer of its own.
    pub call_timeout_ms: i64,
    /// How long a code may run: Corezoid's 1 s.
    pub code_timeout_ms: i64,
    /// JSON bytes of an outside answer before it is mapped: Corezoid's template has 512 KiB.
    pub answer_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nodes_per_run_max: 2_000,
            nodes_grace_max: 400,
            calls_per_run_max: 100,
            loop_rounds_max: 50,
            task_bytes_max: 128_000,
            task_depth_max: 64,
            tasks_max: 64,
            rpc_depth_max: 16,
            call_timeout_ms: 20_000,
            code_timeout_ms: 1_000,
            answer_bytes_max: 524_288,
        }
    }
}

/// The shortest wait. It also keeps a timer armed in a run from firing in the same run.
pub(crate) const TIMER_MS_MIN: i64 = 1_000;

/// Corezoid's longest reference, in bytes.
pub(crate) const REF_BYTES_MAX: usize = 255;

/// Descriptions in task data and failures: enough for a sentence, little beside 128 kB of data.
pub(crate) const DESCRIPTION_CHARS_MAX: usize = 500;

/// Corezoid's highest array index in a parameter name; a higher one is most likely a mistake.
pub(crate) const ARRAY_INDEX_MAX: usize = 100;

/// Steps in one parameter path.
pub(crate) const PATH_SEGMENTS_MAX: usize = 32;

/// Attempts of one call: with waits that double, ten are over eight minutes from a second on.
pub(crate) const RETRY_ATTEMPTS_MAX: u32 = 10;

/// The longest wait between two attempts.
pub(crate) const RETRY_WAIT_MS_MAX: i64 = 3_600_000;

/// Placeholders inside placeholders.
pub(crate) const PLACEHOLDER_DEPTH_MAX: usize = 4;
