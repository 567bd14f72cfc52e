//! Files and pictures: what the browser draws, saves and reads is done by `www/scripts/share.js`, which is fetched when it
//! is asked for. What a file means is `script::file`'s.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use yew::Callback;

use crate::later::call;

/// What hears of bytes: of a file or a picture, or nothing where the browser refused.
pub type Bytes = Option<Vec<u8>>;

fn bytes(value: &JsValue) -> Bytes {
    value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

/// Hears of files that are dropped on the page, as long as what it returns lives.
pub fn listen(heard: Callback<Bytes>) -> Closure<dyn FnMut(JsValue)> {
    let heard = Closure::<dyn FnMut(JsValue)>::new(move |value: JsValue| heard.emit(bytes(&value)));
    call("files", &Array::of1(heard.as_ref()));
    heard
}

/// A callback that is freed once it was called.
fn once(heard: Callback<Bytes>) -> JsValue {
    Closure::<dyn FnMut(JsValue)>::once_into_js(move |value: JsValue| heard.emit(bytes(&value)))
}

/// Reads the file that a chooser has.
#[inline(never)]
pub fn chosen(chooser: &JsValue, heard: Callback<Bytes>) {
    call("share", &Array::of3(&"open".into(), chooser, &once(heard)));
}

/// The stage as a PNG, with a title.
#[inline(never)]
pub fn picture(title: &str, heard: Callback<Bytes>) {
    call("share", &Array::of3(&"picture".into(), &title.into(), &once(heard)));
}

/// Saves the stage as an SVG; `heard` only where that could not be done.
#[inline(never)]
pub fn still(title: &str, name: &str, heard: Callback<Bytes>) {
    call("share", &Array::of4(&"still".into(), &title.into(), &name.into(), &once(heard)));
}

/// Saves bytes under a name.
#[inline(never)]
pub fn save(name: &str, kind: &str, content: &[u8], heard: Callback<Bytes>) {
    let content = Uint8Array::from(content);
    let arguments = Array::of4(&"save".into(), &name.into(), &kind.into(), &content);
    arguments.push(&once(heard));
    call("share", &arguments);
}
