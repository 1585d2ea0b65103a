//! One run: source and data in, data or an error out.

use crate::encode::Encoder;
use crate::sandbox::Sandbox;
use crate::{CodeError, Limits, drive, failure, nesting};
use boa_engine::{JsError, Script, Source, js_string};
use serde_json::Value;

/// What is to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code<'a> {
    /// JavaScript; works on the global `data`.
    pub source: &'a str,
    /// The task's data, a JSON object.
    pub data: &'a str,
    /// What `Date` says, Unix milliseconds.
    pub now_ms: u64,
    /// What `Math.random` draws from.
    pub seed: u64,
}

/// Runs the code; answers all of `data` as it is afterwards, a JSON object.
pub fn run(code: &Code<'_>, limits: &Limits) -> Result<String, CodeError> {
    measure(code.source, limits)?;
    let data = read(code.data, limits)?;
    let mut sandbox = begin(code.now_ms, code.seed, &data, limits)?;
    let script = parse(&mut sandbox, code.source)?;
    execute(sandbox, &script, limits)
}

/// Whether the source could run: it is JavaScript, and no larger than it may be. Nothing of it is run.
pub fn check(source: &str, limits: &Limits) -> Result<(), CodeError> {
    measure(source, limits)?;
    let mut sandbox = begin(0, 0, &Value::Null, limits)?;
    parse(&mut sandbox, source).map(drop)
}

fn begin(now_ms: u64, seed: u64, data: &Value, limits: &Limits) -> Result<Sandbox, CodeError> {
    // Nothing of the author's has run yet: this is never their fault.
    Sandbox::new(now_ms, seed, data, limits)
        .map_err(|error| CodeError::executing(format!("the engine did not start: {error}")))
}

fn measure(source: &str, limits: &Limits) -> Result<(), CodeError> {
    let (bytes, bytes_max) = (source.len(), limits.source_bytes_max);
    if bytes > bytes_max {
        let message = format!("the source has {bytes} bytes, it may have {bytes_max}");
        return Err(CodeError::executing(message));
    }
    let (depth, depth_max) = (nesting::depth(source), limits.source_nesting_max);
    if depth > depth_max {
        let message = format!("{depth} brackets are open at once, there may be {depth_max}");
        return Err(CodeError::executing(message));
    }
    Ok(())
}

fn read(data: &str, limits: &Limits) -> Result<Value, CodeError> {
    let (bytes, bytes_max) = (data.len(), limits.data_bytes_max);
    if bytes > bytes_max {
        let message = format!("the data have {bytes} bytes, they may have {bytes_max}");
        return Err(CodeError::executing(message));
    }
    match serde_json::from_str(data) {
        Ok(data @ Value::Object(_)) => Ok(data),
        Ok(_) => Err(CodeError::executing("the data are no JSON object")),
        Err(error) => Err(CodeError::executing(format!(
            "the data are no JSON: {error}"
        ))),
    }
}

fn parse(sandbox: &mut Sandbox, source: &str) -> Result<Script, CodeError> {
    let source = failure::named(Source::from_bytes(source));
    Script::parse(source, None, &mut sandbox.context)
        .map_err(|error| failure::of(error, &mut sandbox.context))
}

fn execute(mut sandbox: Sandbox, script: &Script, limits: &Limits) -> Result<String, CodeError> {
    drive::evaluate(script, &mut sandbox.context, limits.cycles_max)
        .ok_or(CodeError::Timeout)?
        .map_err(|error| failure::of(error, &mut sandbox.context))?;
    settle(&mut sandbox)?;
    let global = sandbox.context.global_object();
    let data = global
        .get(js_string!("data"), &mut sandbox.context)
        .map_err(|error| failure::of(error, &mut sandbox.context))?;
    Encoder::new(&mut sandbox, limits).object(data)
}

/// Runs what waits for promises; one that was rejected and not caught is the run's error.
fn settle(sandbox: &mut Sandbox) -> Result<(), CodeError> {
    if let Err(error) = sandbox.context.run_jobs() {
        return Err(failure::of(error, &mut sandbox.context));
    }
    if sandbox.jobs.is_over() {
        return Err(CodeError::Timeout);
    }
    if sandbox.jobs.has_import() {
        return Err(CodeError::executing("there are no modules to import"));
    }
    match sandbox.rejections.first() {
        Some(reason) => Err(failure::of(
            JsError::from_opaque(reason),
            &mut sandbox.context,
        )),
        None => Ok(()),
    }
}
