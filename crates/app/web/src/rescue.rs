//! When the engine stops, the experiment must survive. What a rescue needs lies with a script of its own
//! (`www/scripts/rescue.js`), handed over before anything is done: whatever stops us then, a failed assertion or no
//! memory, the script has the links and shows its card without asking us. This is our end of it; every call is an
//! import that may be missing, and nothing depends on its answer.

use js_sys::{Array, Function, Object, Reflect};
use session::visit::Host;
use view::text::Language;
use wasm_bindgen::{JsCast, JsValue};

/// The script may be missing where the page is embedded: then nothing is rescued.
fn call(name: &str, arguments: &Array) {
    let script = web_sys::window().and_then(|window| Reflect::get(&window, &"blumfeldRescue".into()).ok());
    let function =
        script.as_ref().and_then(|script| Reflect::get(script, &name.into()).ok()?.dyn_into::<Function>().ok());
    if let (Some(script), Some(function)) = (script, function) {
        let _ = function.apply(&script, arguments);
    }
}

/// Says what a failed assertion says. The trap that follows brings the card.
pub fn install() {
    // Yew puts its own hook in place of any that it has not been given.
    yew::set_custom_panic_hook(Box::new(|info| {
        call("panicked", &Array::of1(&info.to_string().into()));
        // As everywhere: the console has it too.
        web_sys::console::error_1(&info.to_string().into());
    }));
}

/// The card is to speak this language, and to tell the page that embeds this one.
pub fn speak(language: Language, host: Option<&Host>) {
    let text = language.text();
    let (words, page) = (&text.rescue, &text.page);
    let object = Object::new();
    for (name, said) in [
        ("panicTitle", words.panic_title),
        ("panic", words.panic),
        ("memoryTitle", words.memory_title),
        ("memory", words.memory),
        ("safe", words.safe),
        ("reload", words.reload),
        ("without", words.without),
        ("opening", words.opening),
        ("link", words.link),
        ("left", words.left),
        ("lastAct", words.last_act),
        ("typed", words.typed),
        ("copy", page.copy),
        ("copied", words.copied),
        ("copyFailed", words.copy_failed),
        ("host", host.map_or("", Host::target)),
    ] {
        let _ = Reflect::set(&object, &name.into(), &said.into());
    }
    call("speak", &Array::of1(&object));
}

/// An act is about to be carried out: the link to the moment before it, and the act as a line.
pub fn about(before: &str, line: &str) {
    call("about", &Array::of2(&before.into(), &line.into()));
}

/// It is done, or it was refused.
pub fn settled() {
    call("settled", &Array::new());
}

/// The newest link of the branch that is shown, by the branch's number and its name.
pub fn keep(branch: usize, name: &str, link: &str) {
    call("keep", &Array::of3(&(branch as u32).into(), &name.into(), &link.into()));
}

/// Somebody else's listeners run meanwhile: an error of theirs is no fall of ours.
pub fn outside(work: impl FnOnce()) {
    call("outside", &Array::of1(&true.into()));
    work();
    call("outside", &Array::of1(&false.into()));
}

/// Another experiment, by its link, takes the place of this one.
pub fn opened(link: &str) {
    call("opened", &Array::of1(&JsValue::from(link)));
}
