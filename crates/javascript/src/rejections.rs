//! Promises that were rejected and that nobody has caught: at the end of a run the first one is its error.

use boa_engine::JsValue;
use boa_engine::builtins::promise::{OperationType, Promise, PromiseState};
use boa_engine::object::JsObject;
use boa_engine::object::builtins::JsPromise;
use std::cell::RefCell;

/// Promises that were rejected and not caught, in order.
#[derive(Default)]
pub(crate) struct Rejections(RefCell<Vec<JsObject<Promise>>>);

impl Rejections {
    /// Notes that a promise was rejected, or caught after all.
    pub(crate) fn note(&self, promise: &JsObject<Promise>, operation: OperationType) {
        let mut open = self.0.borrow_mut();
        match operation {
            OperationType::Reject => open.push(promise.clone()),
            OperationType::Handle => open.retain(|other| !is_same(other, promise)),
        }
    }

    /// Why the first one was rejected.
    pub(crate) fn first(&self) -> Option<JsValue> {
        let open = self.0.borrow();
        let promise = open.first()?.clone().upcast();
        match JsPromise::from_object(promise).ok()?.state() {
            PromiseState::Rejected(reason) => Some(reason),
            _ => None,
        }
    }
}

fn is_same(one: &JsObject<Promise>, other: &JsObject<Promise>) -> bool {
    JsObject::equals(&one.clone().upcast(), &other.clone().upcast())
}
