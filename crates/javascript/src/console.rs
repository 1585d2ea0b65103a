//! `console`: there, and silent, as in Corezoid. What code would print is often a citizen's data.

use boa_engine::object::ObjectInitializer;
use boa_engine::{Context, JsResult, JsString, JsValue, NativeFunction, js_string};

const METHODS: [&str; 9] = [
    "assert", "debug", "error", "info", "log", "table", "time", "trace", "warn",
];

/// The object `console`.
pub(crate) fn object(context: &mut Context) -> JsValue {
    let mut console = ObjectInitializer::new(context);
    for method in METHODS {
        let silent = NativeFunction::from_fn_ptr(silent);
        console.function(silent, JsString::from(method), 0);
    }
    console.function(
        NativeFunction::from_fn_ptr(silent),
        js_string!("timeEnd"),
        0,
    );
    console.build().into()
}

fn silent(_: &JsValue, _: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    Ok(JsValue::undefined())
}
