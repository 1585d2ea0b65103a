//! What code left in `data`, as JSON: the rules of `JSON.stringify`, with a limit on depth and size. Cycles end at
//! the depth, endless arrays at the size.

use crate::sandbox::Sandbox;
use crate::{CodeError, Limits, failure};
use boa_engine::object::JsObject;
use boa_engine::object::builtins::{JsArray, JsFunction};
use boa_engine::{Context, JsError, JsString, JsValue, JsVariant, js_string};
use serde_json::{Map, Number, Value};

/// The largest whole number that JavaScript holds exactly.
const WHOLE_MAX: f64 = 9_007_199_254_740_991.0;

/// Writes one value.
pub(crate) struct Encoder<'a> {
    context: &'a mut Context,
    object_keys: JsFunction,
    depth_max: usize,
    bytes_max: usize,
    bytes_left: usize,
}

/// Why a value cannot be written.
enum Refusal {
    /// The code threw while it was asked for the value.
    Threw(JsError),
    /// It is no JSON.
    Format(String),
}

impl From<JsError> for Refusal {
    fn from(error: JsError) -> Self {
        Self::Threw(error)
    }
}

type Encoded = Result<Option<Value>, Refusal>;

impl<'a> Encoder<'a> {
    /// Writes within these limits.
    pub(crate) fn new(sandbox: &'a mut Sandbox, limits: &Limits) -> Self {
        Self {
            object_keys: sandbox.object_keys.clone(),
            context: &mut sandbox.context,
            depth_max: limits.data_depth_max,
            bytes_max: limits.data_bytes_max,
            bytes_left: limits.data_bytes_max,
        }
    }

    /// The whole data.
    pub(crate) fn object(mut self, data: JsValue) -> Result<String, CodeError> {
        let written = match self.value(data, &js_string!("data"), 0) {
            Ok(written) => written,
            Err(Refusal::Threw(error)) => return Err(failure::of(error, self.context)),
            Err(Refusal::Format(message)) => return Err(CodeError::ReturnFormat(message)),
        };
        let text = match written {
            Some(data @ Value::Object(_)) => data.to_string(),
            _ => {
                return Err(CodeError::ReturnFormat(
                    "data is no object any more".to_owned(),
                ));
            }
        };
        if text.len() > self.bytes_max {
            return Err(CodeError::ReturnFormat(too_large(self.bytes_max)));
        }
        Ok(text)
    }

    /// `None` for what JSON leaves out: functions, symbols, what is undefined.
    fn value(&mut self, value: JsValue, key: &JsString, depth: usize) -> Encoded {
        self.spend(1)?;
        let value = self.through_to_json(value, key)?;
        Ok(match value.variant() {
            JsVariant::Null => Some(Value::Null),
            JsVariant::Boolean(truth) => Some(truth.into()),
            JsVariant::Integer32(number) => Some(number.into()),
            JsVariant::Float64(number) => Some(self::number(number)),
            JsVariant::String(text) => Some(self.text(&text)?.into()),
            JsVariant::BigInt(_) => {
                let message = format!(
                    "{} is a BigInt: use Number or String",
                    key.to_std_string_lossy()
                );
                return Err(Refusal::Format(message));
            }
            JsVariant::Object(object) => return self.of_object(&object, depth),
            _ => None,
        })
    }

    fn through_to_json(&mut self, value: JsValue, key: &JsString) -> Result<JsValue, Refusal> {
        let Some(object) = value.as_object() else {
            return Ok(value);
        };
        let to_json = object.get(js_string!("toJSON"), self.context)?;
        match to_json.as_callable() {
            Some(to_json) => Ok(to_json.call(&value, &[key.clone().into()], self.context)?),
            None => Ok(value),
        }
    }

    fn of_object(&mut self, object: &JsObject, depth: usize) -> Encoded {
        if object.is_callable() {
            return Ok(None);
        }
        if object.is::<f64>() {
            let number = JsValue::from(object.clone()).to_number(self.context)?;
            return Ok(Some(self::number(number)));
        }
        if object.is::<JsString>() {
            let text = JsValue::from(object.clone()).to_string(self.context)?;
            return Ok(Some(self.text(&text)?.into()));
        }
        if let Some(truth) = object.downcast_ref::<bool>() {
            return Ok(Some((*truth).into()));
        }
        if depth >= self.depth_max {
            let message = format!(
                "data nests deeper than {} or refers to itself",
                self.depth_max
            );
            return Err(Refusal::Format(message));
        }
        match JsArray::from_object(object.clone()) {
            Ok(array) => self.items(&array, depth + 1),
            Err(_) => self.members(object, depth + 1),
        }
    }

    fn items(&mut self, array: &JsArray, depth: usize) -> Encoded {
        let mut items = Vec::new();
        for index in 0..array.length(self.context)? {
            let item = array.get(index, self.context)?;
            let key = JsString::from(index.to_string());
            items.push(self.value(item, &key, depth)?.unwrap_or_default());
        }
        Ok(Some(Value::Array(items)))
    }

    fn members(&mut self, object: &JsObject, depth: usize) -> Encoded {
        let keys = self.object_keys.call(
            &JsValue::undefined(),
            &[object.clone().into()],
            self.context,
        )?;
        let keys = JsArray::from_object(keys.to_object(self.context)?)?;
        let mut members = Map::new();
        for index in 0..keys.length(self.context)? {
            let key = keys.get(index, self.context)?.to_string(self.context)?;
            let member = object.get(key.clone(), self.context)?;
            if let Some(member) = self.value(member, &key, depth)? {
                members.insert(self.text(&key)?, member);
            }
        }
        Ok(Some(Value::Object(members)))
    }

    /// Halves of a character become the replacement character, since JSON between components is UTF-8.
    fn text(&mut self, text: &JsString) -> Result<String, Refusal> {
        self.spend(text.len())?;
        Ok(text.to_std_string_lossy())
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Refusal> {
        match self.bytes_left.checked_sub(bytes) {
            Some(left) => self.bytes_left = left,
            None => return Err(Refusal::Format(too_large(self.bytes_max))),
        }
        Ok(())
    }
}

fn too_large(bytes_max: usize) -> String {
    format!("data is larger than {bytes_max} bytes")
}

/// Whole numbers are written without a point; what is no number is null, as in `JSON.stringify`.
fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() <= WHOLE_MAX {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}
