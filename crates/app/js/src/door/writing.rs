//! The editor's questions, as JavaScript asks them.

use super::{exception, language, plain, text_of, wrong};
use crate::writing;
use view::program::Takes;
use wasm_bindgen::prelude::*;

/// When each line of a text is: `[{ line, atSeconds }]`.
///
/// # Errors
/// The text's first mistake.
#[wasm_bindgen(js_name = lineTimes)]
pub fn line_times(text: &JsValue, lang: &JsValue) -> Result<JsValue, JsValue> {
    let language = language(lang)?;
    let text = text_of("lineTimes", text, language)?;
    plain(&writing::line_times(&text).map_err(|error| exception(&error, language))?)
}

/// The run of a text as `#b1.…`, without its words.
///
/// # Errors
/// The text's first mistake, or what no link holds.
#[wasm_bindgen(js_name = runLink)]
pub fn run_link(text: &JsValue, lang: &JsValue) -> Result<String, JsValue> {
    let language = language(lang)?;
    let text = text_of("runLink", text, language)?;
    writing::run_link(&text, language).map_err(|error| exception(&error, language))
}

/// A whole text as `#t1.…`.
///
/// # Errors
/// It is longer than a link holds.
#[wasm_bindgen(js_name = textLink)]
pub fn text_link(text: &JsValue, lang: &JsValue) -> Result<String, JsValue> {
    let language = language(lang)?;
    let text = text_of("textLink", text, language)?;
    writing::text_link(&text, language).map_err(|error| exception(&error, language))
}

/// What a link holds as a text; a run is given the title.
///
/// # Errors
/// It cannot be read, or no text describes it.
#[wasm_bindgen(js_name = linkText)]
pub fn link_text(link: &JsValue, lang: &JsValue, title: &JsValue) -> Result<String, JsValue> {
    let language = language(lang)?;
    let link = text_of("linkText", link, language)?;
    let title = title.as_string().unwrap_or_default();
    writing::link_text(&link, &title, language).map_err(|error| exception(&error, language))
}

/// The lines that put a link into a page, as Share writes them: `{ hosts: [{ name, text }], heights }`.
///
/// # Errors
/// An argument is not what it should be.
#[wasm_bindgen]
pub fn snippets(link: &JsValue, title: &JsValue, lang: &JsValue, height: &JsValue) -> Result<JsValue, JsValue> {
    let language = language(lang)?;
    let (link, title) = (text_of("snippets", link, language)?, text_of("snippets", title, language)?);
    let whole = height.as_f64().filter(|height| height.fract() == 0.0 && (1.0..=f64::from(u16::MAX)).contains(height));
    let height = whole.ok_or_else(|| wrong("snippets", Takes::Place, language))?;
    plain(&writing::snippets(&link, &title, language, height as u16))
}
