//! What the engine asks its surroundings: time zone, code made from text, promises that nobody caught.

use crate::rejections::Rejections;
use boa_engine::builtins::promise::{OperationType, Promise};
use boa_engine::context::HostHooks;
use boa_engine::object::JsObject;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsResult, JsString};
use std::rc::Rc;

/// What the engine asks its surroundings.
pub(crate) struct Surroundings {
    /// Promises that nobody has caught.
    pub(crate) rejections: Rc<Rejections>,
    /// Bytes of one array buffer.
    pub(crate) buffer_bytes_max: u64,
}

impl HostHooks for Surroundings {
    /// One time zone on every machine: results must not depend on where it stands.
    fn local_timezone_offset_seconds(&self, _unix_time_seconds: i64) -> i32 {
        0
    }

    /// What runs is what stands in the process file, where it can be read and reviewed.
    fn ensure_can_compile_strings(
        &self,
        _realm: Realm,
        _parameters: &[JsString],
        _body: &JsString,
        _direct: bool,
        _context: &mut Context,
    ) -> JsResult<()> {
        let message =
            "code cannot be made from text here: write it out instead of eval or Function";
        Err(JsNativeError::eval().with_message(message).into())
    }

    fn promise_rejection_tracker(
        &self,
        promise: &JsObject<Promise>,
        operation: OperationType,
        _context: &mut Context,
    ) {
        self.rejections.note(promise, operation);
    }

    fn max_buffer_size(&self, _context: &mut Context) -> u64 {
        self.buffer_bytes_max
    }
}
