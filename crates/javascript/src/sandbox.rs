//! The world that code finds itself in: a fresh one for each run, without anything that reaches outside.

use crate::jobs::Jobs;
use crate::random::{self, Random};
use crate::rejections::Rejections;
use crate::surroundings::Surroundings;
use crate::{Limits, console, libraries};
use boa_engine::context::ContextBuilder;
use boa_engine::context::time::FixedClock;
use boa_engine::module::IdleModuleLoader;
use boa_engine::object::FunctionObjectBuilder;
use boa_engine::object::builtins::JsFunction;
use boa_engine::property::Attribute;
use boa_engine::{Context, JsNativeError, JsResult, JsString, JsValue, NativeFunction, js_string};
use serde_json::Value;
use std::rc::Rc;

/// Globals of use to threads only.
const TAKEN_AWAY: [&str; 2] = ["Atomics", "SharedArrayBuffer"];

/// The engine and what it was given.
pub(crate) struct Sandbox {
    pub(crate) context: Context,
    pub(crate) jobs: Rc<Jobs>,
    pub(crate) rejections: Rc<Rejections>,
    /// `Object.keys` as it was before the code could replace it.
    pub(crate) object_keys: JsFunction,
}

impl Sandbox {
    /// A fresh world with `data` in it.
    pub(crate) fn new(now_ms: u64, seed: u64, data: &Value, limits: &Limits) -> JsResult<Self> {
        let jobs = Rc::new(Jobs::new(limits.jobs_max));
        let rejections = Rc::new(Rejections::default());
        let mut context = ContextBuilder::new()
            .clock(Rc::new(FixedClock::from_millis(now_ms)))
            .host_hooks(Rc::new(Surroundings {
                rejections: rejections.clone(),
                buffer_bytes_max: limits.buffer_bytes_max,
            }))
            .job_executor(jobs.clone())
            .module_loader(Rc::new(IdleModuleLoader))
            .build()?;
        limit(&mut context, limits);
        context.insert_data(Random::new(seed));
        let object_keys = function_of(&mut context, "Object", "keys")?;
        furnish(&mut context)?;
        let data = JsValue::from_json(data, &mut context)?;
        context.register_global_property(js_string!("data"), data, Attribute::all())?;
        Ok(Self {
            context,
            jobs,
            rejections,
            object_keys,
        })
    }
}

fn limit(context: &mut Context, limits: &Limits) {
    let runtime = context.runtime_limits_mut();
    runtime.set_loop_iteration_limit(limits.loop_rounds_max);
    runtime.set_recursion_limit(limits.call_depth_max);
    runtime.set_stack_size_limit(limits.stack_values_max);
}

fn furnish(context: &mut Context) -> JsResult<()> {
    let global = context.global_object();
    for name in TAKEN_AWAY {
        global.delete_property_or_throw(JsString::from(name), context)?;
    }
    let console = console::object(context);
    let method = Attribute::WRITABLE | Attribute::CONFIGURABLE;
    context.register_global_property(js_string!("console"), console, method)?;
    let require = NativeFunction::from_fn_ptr(libraries::require);
    context.register_global_builtin_callable(js_string!("require"), 1, require)?;
    let random = NativeFunction::from_fn_ptr(random::function);
    let random = FunctionObjectBuilder::new(context.realm(), random)
        .name(js_string!("random"))
        .build();
    let math = global
        .get(js_string!("Math"), context)?
        .to_object(context)?;
    math.set(js_string!("random"), random, true, context)?;
    Ok(())
}

fn function_of(context: &mut Context, object: &str, name: &str) -> JsResult<JsFunction> {
    let global = context.global_object();
    let object = global.get(JsString::from(object), context)?;
    let found = object
        .to_object(context)?
        .get(JsString::from(name), context)?;
    let function = found.as_object().and_then(JsFunction::from_object);
    function.ok_or_else(|| JsNativeError::typ().with_message("no such function").into())
}
