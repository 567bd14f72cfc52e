//! What a program asks for, read from a value that may be anything: sizes are looked at before a text is copied, and
//! numbers must be whole.

use lab::view::build::{AskError, LONGEST_LINK};
use lab::visit::Place;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// Longer texts are no instant, no mark and no id.
const SHORT: u32 = 200;
/// The largest number of which every whole smaller one exists.
const WHOLE: f64 = 9_007_199_254_740_991.0;

/// What a program can ask for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    Load { link: String },
    Play,
    Pause,
    Step,
    Back,
    Seek { at: Place },
    GetState,
}

impl Request {
    /// Whether it leaves the experiment as it is and only moves the reader.
    pub fn is_read_only(&self) -> bool {
        match self {
            Request::Load { .. } => false,
            Request::Play
            | Request::Pause
            | Request::Step
            | Request::Back
            | Request::Seek { .. }
            | Request::GetState => true,
        }
    }
}

/// The asker's own name for a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Id {
    Number(f64),
    Text(String),
}

impl From<Id> for JsValue {
    fn from(id: Id) -> JsValue {
        match id {
            Id::Number(number) => number.into(),
            Id::Text(text) => text.into(),
        }
    }
}

/// A request and the name under which its answer is awaited.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub id: Option<Id>,
    pub request: Request,
}

/// Reads a message. `None` when it is not for us, or of a type that is not known.
pub fn read(data: &JsValue) -> Option<Result<Asked, (Option<Id>, AskError)>> {
    if !data.is_object() || field(data, "blumfeld").as_f64() != Some(1.0) {
        return None;
    }
    let kind = short(&field(data, "type"))?;
    let id = id(&field(data, "id"));
    let request = match kind.as_str() {
        "play" => Ok(Request::Play),
        "pause" => Ok(Request::Pause),
        "step" => Ok(Request::Step),
        "back" => Ok(Request::Back),
        "getState" => Ok(Request::GetState),
        "seek" => seek(&field(data, "at")),
        "load" => load(&field(data, "link")),
        _unknown => return None,
    };
    Some(match (id, request) {
        (Err(error), _) => Err((None, error)),
        (Ok(id), Ok(request)) => Ok(Asked { id, request }),
        (Ok(id), Err(error)) => Err((id, error)),
    })
}

/// A jump: `12.5s`, `mark:NAME`, whole nanoseconds as text, number or big integer.
pub fn seek(at: &JsValue) -> Result<Request, AskError> {
    let text = match (at.as_f64(), at.dyn_ref::<js_sys::BigInt>()) {
        (Some(number), _) if number.fract() == 0.0 && (0.0..=WHOLE).contains(&number) => {
            Some((number as u64).to_string())
        }
        (Some(_), _) => None,
        (None, Some(big)) => big.to_string(10).ok().map(String::from).filter(|digits| digits.len() <= SHORT as usize),
        (None, None) => short(at),
    };
    let at = text.and_then(|text| Place::parse_exact(&text)).ok_or(AskError::NoInstant)?;
    Ok(Request::Seek { at })
}

/// Another experiment, by its link or the fragment of it.
pub fn load(link: &JsValue) -> Result<Request, AskError> {
    let text = link.dyn_ref::<js_sys::JsString>().ok_or(AskError::NoText)?;
    if text.length() > LONGEST_LINK {
        return Err(AskError::TooLong);
    }
    Ok(Request::Load { link: String::from(text) })
}

fn field(data: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(data, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A text that is not long; anything else is none.
fn short(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<js_sys::JsString>()?;
    (text.length() <= SHORT).then(|| String::from(text))
}

fn id(value: &JsValue) -> Result<Option<Id>, AskError> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let id = value.as_f64().map(Id::Number).or_else(|| short(value).map(Id::Text));
    id.map(Some).ok_or(AskError::BadId)
}
