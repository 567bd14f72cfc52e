//! What comes after the first picture. `cargo xtask build` cuts off the functions that the opening does without, into a
//! file of their own; `www/scripts/loader.js` fetches it as soon as the page runs, and with it what the page reads only
//! when asked. Where nothing was cut off, as in a plain `trunk build`, all of it is here already.

use js_sys::{Array, Function, Reflect};
use view::text::Language;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};

/// What hears of an answer: a text, or null.
type Heard = Closure<dyn FnMut(JsValue)>;

/// Calls the loader's function of that name, where there is one.
pub fn call(name: &str, arguments: &Array) {
    let script = web_sys::window().and_then(|window| Reflect::get(&window, &"blumfeldLater".into()).ok());
    let function = script.and_then(|script| Reflect::get(&script, &name.into()).ok()?.dyn_into::<Function>().ok());
    if let Some(function) = function {
        // What it throws goes on, as a trap: without that part nothing can.
        if let Err(error) = function.apply(&JsValue::NULL, arguments) {
            wasm_bindgen::throw_val(error);
        }
    }
}

/// The program runs: the other part may join it.
pub fn begin() {
    // Nobody here calls it; whatever stands for a function that was cut off does.
    std::hint::black_box(whole as fn());
    call("begin", &Array::of1(&wasm_bindgen::exports()));
}

/// Returns when the other part is there. The build finds this function by its name.
#[inline(never)]
fn whole() {
    call("whole", &Array::new());
}

/// The text of a file that lies beside the page; nothing if it could not be fetched.
pub fn document(file: &str, heard: impl FnOnce(Option<String>) + 'static) {
    let heard = Heard::once_into_js(move |text: JsValue| heard(text.as_string()));
    call("document", &Array::of2(&file.into(), &heard));
}

/// Where a lesson's text in a language lies beside the page. The id is as scenarios' ids are.
pub fn lesson_file(id: &str, language: Language) -> String {
    let language = match language {
        Language::English => "en",
        Language::Chinese => "zh",
    };
    format!("lessons/{id}.{language}.txt")
}
