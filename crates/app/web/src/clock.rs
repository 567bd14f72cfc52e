//! The page's clock: one closure for `requestAnimationFrame`, made once, that runs while the page is visible.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// Made once: a closure for each frame would never be freed.
type Handler = Closure<dyn FnMut(f64)>;

/// Calls back once per animation frame until it is dropped, but for the time that it sleeps.
pub struct Clock {
    alive: Rc<RefCell<Option<Handler>>>,
    state: Rc<Cell<State>>,
}

/// Whether frames come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Awake,
    /// A frame has been asked for; it will be the last.
    Dozing,
    /// No frame comes.
    Asleep,
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds of a clock that only goes forward. Called as it stands, without asking for window and performance
    /// each time: it is looked at after every event.
    #[wasm_bindgen(js_namespace = performance)]
    pub fn now() -> f64;
}

/// What a browser takes to show a page that plays, besides the engine's memory: its picture, its texts and the script's
/// heap. No page can ask for it; Chromium's renderer took 145 to 225 MB at a thousandfold pace, without the 135 MB of
/// its program, which all tabs share; 128 to 166 MB when it paused (`tests/browser/bench.mjs`, the part `long`).
const BESIDES: u64 = 165 << 20;

/// Bytes of the page: the engine's memory, which never shrinks, and about what the browser takes besides.
pub fn memory() -> Option<u64> {
    let buffer = js_sys::Reflect::get(&wasm_bindgen::memory(), &"buffer".into()).ok()?;
    Some(u64::from(buffer.dyn_into::<js_sys::ArrayBuffer>().ok()?.byte_length()) + BESIDES)
}

/// One frame; the browser decides when.
fn request(handler: &Handler) {
    if let Some(window) = web_sys::window() {
        let _ = window.request_animation_frame(handler.as_ref().unchecked_ref());
    }
}

impl Clock {
    /// Starts; `tick` gets the frame's time stamp in milliseconds.
    pub fn start(mut tick: impl FnMut(f64) + 'static) -> Clock {
        let alive: Rc<RefCell<Option<Handler>>> = Rc::default();
        let state = Rc::new(Cell::new(State::Awake));
        let (again, seen) = (Rc::downgrade(&alive), state.clone());
        let handler = Closure::new(move |stamp: f64| {
            if seen.get() != State::Awake {
                return seen.set(State::Asleep);
            }
            tick(stamp);
            if let Some(alive) = again.upgrade()
                && let Some(handler) = &*alive.borrow()
            {
                request(handler);
            }
        });
        request(&handler);
        *alive.borrow_mut() = Some(handler);
        Clock { alive, state }
    }

    /// No more frames until somebody wakes it.
    pub fn sleep(&self) {
        self.state.set(State::Dozing);
    }

    /// Frames come again. Whether it slept.
    pub fn wake(&self) -> bool {
        let before = self.state.replace(State::Awake);
        if before == State::Asleep
            && let Some(handler) = &*self.alive.borrow()
        {
            request(handler);
        }
        before != State::Awake
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.alive.borrow_mut().take();
    }
}

/// A listener on the window or document that is removed when dropped.
pub struct Listener<E: wasm_bindgen::convert::FromWasmAbi + 'static> {
    target: web_sys::EventTarget,
    kind: &'static str,
    handler: Closure<dyn FnMut(E)>,
}

impl<E: wasm_bindgen::convert::FromWasmAbi + 'static> Listener<E> {
    pub fn new(target: &web_sys::EventTarget, kind: &'static str, handler: impl FnMut(E) + 'static) -> Listener<E> {
        let handler = Closure::new(handler);
        let _ = target.add_event_listener_with_callback(kind, handler.as_ref().unchecked_ref());
        Listener { target: target.clone(), kind, handler }
    }
}

impl<E: wasm_bindgen::convert::FromWasmAbi + 'static> Drop for Listener<E> {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.kind, self.handler.as_ref().unchecked_ref());
    }
}
