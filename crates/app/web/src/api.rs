//! The page for programs: `window.blumfeld` with a few methods, and messages of an embedding page. Instants are
//! decimal strings of nanoseconds, because they do not fit a JavaScript number; `12.5s` is understood as well.
//! Unknown messages are ignored.

use std::cell::RefCell;
use std::rc::Rc;

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

impl Request {
    /// Whether it leaves the experiment as it is and only moves the reader.
    fn is_read_only(&self) -> bool {
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Id {
    Number(f64),
    Text(String),
}

#[derive(Deserialize)]
struct Envelope {
    blumfeld: u32,
    #[serde(default)]
    id: Option<Id>,
}

/// A request and the name under which its answer is awaited.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub id: Option<Id>,
    pub request: Request,
}

/// The state as a program sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// Nanoseconds.
    pub now: String,
    pub now_text: String,
    pub playing: bool,
    pub events: String,
    pub hash: String,
    pub ledger: Vec<(String, String)>,
    pub link: String,
}

#[derive(Serialize)]
struct Message<'a, P: Serialize> {
    blumfeld: u32,
    #[serde(rename = "type")]
    kind: &'a str,
    id: Option<Id>,
    #[serde(flatten)]
    payload: P,
}

/// A line of text that goes with an event.
#[derive(Serialize)]
pub struct Said<'a> {
    pub text: &'a str,
}

/// Nothing goes with an event.
#[derive(Serialize)]
pub struct Bare {}

/// Sends an event to the embedding page (`host` only, where one is named) and to listeners of the window's
/// `blumfeld` event.
pub fn emit(kind: &str, id: Option<Id>, payload: impl Serialize, host: Option<&str>) {
    let message = Message { blumfeld: 1, kind, id, payload };
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    let Ok(value) = message.serialize(&serializer) else { return };
    let Some(window) = web_sys::window() else { return };
    if let Ok(Some(parent)) = window.parent()
        && parent != window
    {
        let _ = parent.post_message(&value, host.unwrap_or("*"));
    }
    let init = web_sys::CustomEventInit::new();
    init.set_detail(&value);
    if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict("blumfeld", &init) {
        let _ = window.dispatch_event(&event);
    }
}

/// Listens to messages of the embedding page. With `host`, only that origin is heard; without, only what is
/// read-only.
pub fn listen(asked: Callback<Asked>, host: Option<String>) -> Option<Listener<web_sys::MessageEvent>> {
    let window = web_sys::window()?;
    Some(Listener::new(&window, "message", move |event: web_sys::MessageEvent| {
        let data = event.data();
        let Ok(Envelope { blumfeld: 1, id }) = serde_wasm_bindgen::from_value(data.clone()) else { return };
        let Ok(request) = serde_wasm_bindgen::from_value::<Request>(data) else { return };
        let allowed = match &host {
            Some(host) => event.origin().eq_ignore_ascii_case(host),
            None => request.is_read_only(),
        };
        if allowed {
            asked.emit(Asked { id, request });
        }
    }))
}

/// Keeps the methods of `window.blumfeld` alive.
pub struct Functions {
    _methods: Vec<Closure<dyn FnMut(JsValue) -> JsValue>>,
}

/// Puts `window.blumfeld` in place: `load(link) play() pause() step() back() seek(at) getState()`.
pub fn install(ask: Callback<Request>, state: impl FnMut() -> State + 'static) -> Option<Functions> {
    let object = js_sys::Object::new();
    let mut methods = Vec::new();
    let mut add = |name: &str, method: Box<dyn FnMut(JsValue) -> JsValue>| {
        let closure = Closure::wrap(method);
        let _ = js_sys::Reflect::set(&object, &name.into(), closure.as_ref());
        methods.push(closure);
    };
    let plain = [("play", Request::Play), ("pause", Request::Pause), ("step", Request::Step), ("back", Request::Back)];
    for (name, request) in plain {
        let ask = ask.clone();
        add(
            name,
            Box::new(move |_| {
                ask.emit(request.clone());
                JsValue::UNDEFINED
            }),
        );
    }
    let load = ask.clone();
    add(
        "load",
        Box::new(move |link| {
            load.emit(Request::Load { link: link.as_string().unwrap_or_default() });
            JsValue::UNDEFINED
        }),
    );
    add(
        "seek",
        Box::new(move |at| {
            let at = at.as_string().or_else(|| at.as_f64().map(|at| at.to_string())).unwrap_or_default();
            ask.emit(Request::Seek { at });
            JsValue::UNDEFINED
        }),
    );
    let state = Rc::new(RefCell::new(state));
    add(
        "getState",
        Box::new(move |_| {
            let serializer = serde_wasm_bindgen::Serializer::json_compatible();
            let state = state.try_borrow_mut().ok().map(|mut state| state());
            state.and_then(|state| state.serialize(&serializer).ok()).unwrap_or(JsValue::UNDEFINED)
        }),
    );
    js_sys::Reflect::set(&web_sys::window()?.into(), &"blumfeld".into(), &object).ok()?;
    Some(Functions { _methods: methods })
}
