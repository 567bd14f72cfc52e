//! `window.blumfeld`: the same requests as methods. A method that cannot do what it is asked to throws an `Error` whose
//! `name` is one of ours and whose `message` is a plain sentence.

use std::cell::RefCell;
use std::rc::Rc;

use session::visit::AskError;
use wasm_bindgen::prelude::*;
use yew::Callback;

use super::request;
use super::{Payload, Request, Spoken, exception};
use session::State;

type Method = Closure<dyn FnMut(JsValue) -> Result<JsValue, JsValue>>;

/// Keeps the methods of `window.blumfeld` alive.
pub struct Functions {
    _methods: Vec<Method>,
}

/// May this be asked now?
type Judge = dyn Fn(&Request) -> Result<(), AskError>;
/// Reads a method's argument.
type ReadRequest = fn(&JsValue) -> Result<Request, AskError>;

/// What the methods need of the page.
pub struct Page {
    /// A request that has been found good is done soon after.
    pub ask: Callback<Request>,
    /// Can it be done?
    pub judge: Box<Judge>,
    pub state: Box<dyn FnMut() -> Option<Rc<State>>>,
    pub spoken: Spoken,
}

/// Puts `window.blumfeld` in place: `load(link) play() pause() step() back() seek(at) getState()`.
pub fn install(page: Page) -> Option<Functions> {
    let Page { ask, judge, state, spoken } = page;
    let object = js_sys::Object::new();
    let mut methods = Vec::new();
    let mut add = |name: &str, method: Box<dyn FnMut(JsValue) -> Result<JsValue, JsValue>>| {
        let closure: Method = Closure::wrap(method);
        let _ = js_sys::Reflect::set(&object, &name.into(), closure.as_ref());
        methods.push(closure);
    };
    let judge = Rc::new(judge);
    let readers: [(&str, ReadRequest); 6] = [
        ("play", |_| Ok(Request::Play)),
        ("pause", |_| Ok(Request::Pause)),
        ("step", |_| Ok(Request::Step)),
        ("back", |_| Ok(Request::Back)),
        ("load", request::load),
        ("seek", request::seek),
    ];
    for (name, read) in readers {
        let (ask, judge, spoken) = (ask.clone(), judge.clone(), spoken.clone());
        let method = move |argument: JsValue| {
            let request = read(&argument).and_then(|request| judge(&request).map(|()| request));
            let request = request.map_err(|error| exception(&error, spoken.get()))?;
            ask.emit(request);
            Ok(JsValue::UNDEFINED)
        };
        add(name, Box::new(method));
    }
    let state = RefCell::new(state);
    let get = move |_| {
        let state = state.try_borrow_mut().ok().and_then(|mut state| state());
        let state = state.ok_or_else(|| exception(&AskError::Busy, spoken.get()))?;
        let object = js_sys::Object::new();
        state.write(&object);
        Ok(object.into())
    };
    add("getState", Box::new(get));
    js_sys::Reflect::set(&web_sys::window()?.into(), &"blumfeld".into(), &object).ok()?;
    Some(Functions { _methods: methods })
}
