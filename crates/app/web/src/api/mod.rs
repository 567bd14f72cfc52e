//! The page for programs: `window.blumfeld` with a few methods, and messages of an embedding page. Instants are
//! decimal strings of nanoseconds, because they do not fit a JavaScript number; `12.5s` and `mark:NAME` are understood
//! as well. A request is judged before anything is done: what is wrong with it comes back as a name and one plain
//! sentence, and nothing has changed. Unknown messages are ignored. See docs/embedding.md.

mod methods;
mod request;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use yew::Callback;

use crate::clock::Listener;
use crate::rescue;
pub use methods::{Functions, Page, install};
use session::State;
use session::visit::AskError;
pub use session::visit::ask::{Asked, Id, Request};
use session::visit::{Host, PROTOCOL, Sender};

/// Messages as they came, and what they ask.
pub type Inbox = session::visit::Inbox<web_sys::MessageEvent>;
use view::text::Language;

/// The reader's language of the moment.
pub type Spoken = Rc<Cell<Language>>;

/// What goes with an event: one copy of the sending code serves all of them.
pub trait Payload {
    /// Puts its fields into the message.
    fn write(&self, message: &Object);
}

impl Payload for State {
    fn write(&self, message: &Object) {
        set(message, "now", &self.now);
        set(message, "nowText", &self.now_text);
        set(message, "playing", self.playing);
        set(message, "events", &self.events);
        set(message, "hash", &self.hash);
        let ledger = Array::new();
        for (name, value) in &self.ledger {
            ledger.push(&Array::of2(&name.into(), &value.into()));
        }
        set(message, "ledger", ledger);
        set(message, "link", &self.link);
    }
}

impl Payload for Said<'_> {
    fn write(&self, message: &Object) {
        set(message, "text", self.text);
    }
}

impl Payload for Done<'_> {
    fn write(&self, message: &Object) {
        set(message, "by", self.by);
        set(message, "text", self.text);
    }
}

impl Payload for Stepped {
    fn write(&self, message: &Object) {
        set(message, "now", &self.now);
    }
}

impl Payload for Wrong<'_> {
    fn write(&self, message: &Object) {
        set(message, "error", self.error);
        set(message, "text", self.text);
    }
}

impl Payload for Judged {
    fn write(&self, message: &Object) {
        set(message, "step", self.step);
        set(message, "right", self.right);
    }
}

impl Payload for Ready {
    fn write(&self, message: &Object) {
        set(message, "protocol", PROTOCOL);
    }
}

impl Payload for Bare {
    fn write(&self, _message: &Object) {}
}

fn set(message: &Object, name: &'static str, value: impl Into<JsValue>) {
    drop(Reflect::set(message, &key(name), &value.into()));
}

/// A field's name as JavaScript has it, made once: messages may come by the thousand.
fn key(name: &'static str) -> JsValue {
    thread_local! {
        static KEYS: RefCell<Vec<(&'static str, JsValue)>> = const { RefCell::new(Vec::new()) };
    }
    KEYS.with_borrow_mut(|keys| match keys.iter().find(|(known, _)| *known == name) {
        Some((_, key)) => key.clone(),
        None => {
            let key = JsValue::from_str(name);
            keys.push((name, key.clone()));
            key
        }
    })
}

/// A line of text that goes with an event.
pub struct Said<'a> {
    pub text: &'a str,
}

/// What was done, and by whom.
pub struct Done<'a> {
    pub by: &'a str,
    pub text: &'a str,
}

/// Where a step has led.
pub struct Stepped {
    /// Nanoseconds.
    pub now: String,
}

/// What is wrong with a request.
pub struct Wrong<'a> {
    pub error: &'a str,
    pub text: &'a str,
}

/// An answer to a lesson's question.
pub struct Judged {
    pub step: &'static str,
    pub right: bool,
}

/// The page is drawn; the version of its messages goes with it.
pub struct Ready {}

/// Nothing goes with an event.
pub struct Bare {}

/// Sends an event to the embedding page (`host` only, where one is named) and to listeners of the window's
/// `blumfeld` event.
pub fn emit(kind: &str, id: Option<Id>, payload: &dyn Payload, host: Option<&Host>) {
    let value = Object::new();
    payload.write(&value);
    set(&value, "blumfeld", 1);
    set(&value, "type", kind);
    set(&value, "id", request::written(id));
    // Without a window nobody listens.
    let Some(window) = web_sys::window() else { return };
    if let Ok(Some(parent)) = window.parent()
        && parent != window
    {
        let _ = parent.post_message(&value, host.map_or("*", Host::target));
    }
    let init = web_sys::CustomEventInit::new();
    init.set_detail(&value);
    if let Ok(event) = web_sys::CustomEvent::new_with_event_init_dict("blumfeld", &init) {
        rescue::outside(|| drop(window.dispatch_event(&event)));
    }
}

/// Answers that a request is wrong.
pub fn refuse(id: Option<Id>, error: &AskError, language: Language, host: Option<&Host>) {
    let sentence = error.sentence(language.text());
    emit("error", id, &Wrong { error: error.name(), text: &sentence }, host);
}

/// Who listens to messages.
pub struct Ear {
    pub host: Option<Host>,
    pub inbox: Rc<RefCell<Inbox>>,
    /// Something waits that did not wait before.
    pub waiting: Callback<()>,
    pub spoken: Spoken,
}

/// Listens to messages of other windows. None is looked at before a frame has room for it.
pub fn listen(ear: Ear) -> Option<Listener<web_sys::MessageEvent>> {
    let window = web_sys::window()?;
    let Ear { host, inbox, waiting, spoken } = ear;
    Some(Listener::new(&window, "message", move |event: web_sys::MessageEvent| {
        // Who is not the host takes no place of his; nothing of a message is read for that.
        if host.as_ref().is_some_and(|host| !host.is(&event.origin(), sender(&event))) {
            return;
        }
        let first = inbox.borrow().is_empty();
        let dropped = inbox.borrow_mut().drop_in(event);
        if let Err(event) = dropped
            && let Some(asked) = read(&event, host.as_ref(), spoken.get())
        {
            refuse(asked.id, &AskError::Busy, spoken.get(), host.as_ref());
        }
        if first {
            waiting.emit(());
        }
    }))
}

/// What a message asks; `None`: nothing of us, or nothing that is allowed, which is answered. With a host, only he is
/// heard; without, only what is read-only.
pub fn read(event: &web_sys::MessageEvent, host: Option<&Host>, language: Language) -> Option<Asked> {
    if host.is_some_and(|host| !host.is(&event.origin(), sender(event))) {
        return None;
    }
    match request::read(&event.data())? {
        Ok(Asked { id, request }) if host.is_none() && !request.is_read_only() => {
            refuse(id, &AskError::Forbidden, language, host);
            None
        }
        Ok(asked) => Some(asked),
        Err((id, error)) => {
            refuse(id, &error, language, host);
            None
        }
    }
}

/// Which window has sent it.
fn sender(event: &web_sys::MessageEvent) -> Sender {
    let parent = web_sys::window().and_then(|window| window.parent().ok()?);
    match (event.source(), parent) {
        (Some(source), Some(parent)) if Object::is(&source, &parent) => Sender::Parent,
        _ => Sender::Other,
    }
}

/// A JavaScript error with our name and sentence.
fn exception(error: &AskError, language: Language) -> JsValue {
    let exception = js_sys::Error::new(&error.sentence(language.text()));
    exception.set_name(error.name());
    // The rescue does not take it for a fall when a caller lets it go by.
    set(&exception, "blumfeld", 1);
    exception.into()
}
