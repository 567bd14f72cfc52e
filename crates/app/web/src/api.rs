//! The page for programs: `window.blumfeld` and the messages of an embedding page. Instants are decimal strings,
//! because they do not fit a JavaScript number. Unknown messages are ignored.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use yew::Callback;

use crate::clock::Listener;

/// What a program can ask for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Request {
    Load {
        link: String,
    },
    Play,
    Pause,
    Step,
    Back,
    Seek {
        at: String,
    },
    #[serde(rename = "getState")]
    GetState,
}

#[derive(Deserialize)]
struct Envelope {
    blumfeld: u32,
    #[serde(default)]
    id: Option<f64>,
    #[serde(flatten)]
    request: Request,
}

/// A request and the number under which its answer is awaited.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub id: Option<f64>,
    pub request: Request,
}

/// The state as a program sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    pub now: String,
    pub playing: bool,
    pub event: String,
    pub link: String,
    pub ledger: Vec<(String, String)>,
}

#[derive(Serialize)]
struct Message<'a, P: Serialize> {
    blumfeld: u32,
    #[serde(rename = "type")]
    kind: &'a str,
    id: Option<f64>,
    #[serde(flatten)]
    payload: P,
}

/// Sends an event to the embedding page and to listeners of the document's `blumfeld` event.
pub fn emit(kind: &str, id: Option<f64>, payload: impl Serialize) {
    let message = Message { blumfeld: 1, kind, id, payload };
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let Ok(value) = message.serialize(&serializer) else { return };
    let Some(window) = web_sys::window() else { return };
    if let Ok(Some(parent)) = window.parent()
        && parent != window
    {
        let _ = parent.post_message(&value, "*");
    }
    let init = web_sys::CustomEventInit::new();
    init.set_detail(&value);
    if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict("blumfeld", &init) {
        let _ = window.dispatch_event(&event);
    }
}

/// Listens to messages of the embedding page.
pub fn listen(asked: Callback<Asked>) -> Option<Listener<web_sys::MessageEvent>> {
    let window = web_sys::window()?;
    Some(Listener::new(&window, "message", move |event: web_sys::MessageEvent| {
        if let Ok(Envelope { blumfeld: 1, id, request }) = serde_wasm_bindgen::from_value(event.data()) {
            asked.emit(Asked { id, request });
        }
    }))
}

/// Keeps the functions of `window.blumfeld` alive.
pub struct Functions {
    _call: Closure<dyn FnMut(JsValue) -> JsValue>,
}

/// Puts `window.blumfeld(request)` in place: it takes the same objects as the messages.
pub fn install(mut call: impl FnMut(Request) -> Option<State> + 'static) -> Option<Functions> {
    let closure = Closure::new(move |value: JsValue| {
        let answer = serde_wasm_bindgen::from_value(value).ok().and_then(&mut call);
        answer.and_then(|state| serde_wasm_bindgen::to_value(&state).ok()).unwrap_or(JsValue::UNDEFINED)
    });
    let window = web_sys::window()?;
    js_sys::Reflect::set(&window, &"blumfeld".into(), closure.as_ref()).ok()?;
    Some(Functions { _call: closure })
}
