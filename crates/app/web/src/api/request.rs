//! JavaScript's values as `session::visit::ask` reads them.

use js_sys::{BigInt, JsString, Reflect};
use session::visit::AskError;
use session::visit::ask::{self, Asked, Id, Kind, Request, Value, Wrong};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// A value of a program.
struct Js<'a>(&'a JsValue);

impl Value for Js<'_> {
    fn kind(&self) -> Kind {
        let value = self.0;
        if value.is_undefined() || value.is_null() {
            return Kind::Nothing;
        }
        if let Some(number) = value.as_f64() {
            return Kind::Number(number);
        }
        match value.dyn_ref::<JsString>() {
            Some(text) => Kind::Text(text.length()),
            None if value.is_bigint() => Kind::Big,
            None => Kind::Other,
        }
    }

    fn text(&self) -> String {
        let digits = |big: &BigInt| big.to_string(10).ok().map(String::from);
        let text = self.0.as_string().or_else(|| self.0.dyn_ref::<BigInt>().and_then(digits));
        text.unwrap_or_default()
    }
}

/// An owned value, for fields.
struct Field(JsValue);

impl Value for Field {
    fn kind(&self) -> Kind {
        Js(&self.0).kind()
    }
    fn text(&self) -> String {
        Js(&self.0).text()
    }
}

/// An id as its asker wrote it.
pub fn written(id: Option<Id>) -> JsValue {
    match id {
        Some(Id::Number(number)) => number.into(),
        Some(Id::Text(text)) => text.into(),
        None => JsValue::NULL,
    }
}

/// Reads a message. `None` when it is not for us, or of a type that is not known.
pub fn read(data: &JsValue) -> Option<Result<Asked, Wrong>> {
    if !data.is_object() {
        return None;
    }
    ask::read(|name| Field(Reflect::get(data, &super::key(name)).unwrap_or(JsValue::UNDEFINED)))
}

pub fn seek(at: &JsValue) -> Result<Request, AskError> {
    ask::seek(&Js(at))
}

pub fn load(link: &JsValue) -> Result<Request, AskError> {
    ask::load(&Js(link))
}
