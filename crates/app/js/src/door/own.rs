//! What the page of one's own cluster asks, as JavaScript asks it.

use super::{exception, language, plain, text_of, wrong};
use crate::own::{self, Given};
use import::{Answer, Naming};
use js_sys::{Array, Reflect};
use view::program::Takes;
use view::text::Language;
use wasm_bindgen::prelude::*;

/// Texts that are taken at a time.
const MOST_TEXTS: u32 = 60;

/// What texts of a cluster's tools and files come to: `{ text, lines: [{ kind, line, said, offers:
/// [{ said, answer }] }], nodes: [{ name, roles, rack, up, copies: [{ partition, leads, inSync, replicas, isr }] }] }`.
///
/// # Errors
/// An argument is not what it should be.
#[wasm_bindgen(js_name = importTexts)]
pub fn import_texts(
    texts: &JsValue,
    lang: &JsValue,
    title: &JsValue,
    neutral: &JsValue,
    answers: &JsValue,
) -> Result<JsValue, JsValue> {
    let language = language(lang)?;
    let texts = pairs("importTexts", texts, language)?;
    let naming = naming(neutral);
    let title = title.as_string().unwrap_or_default();
    let answers: Vec<Answer> = answers.dyn_ref::<Array>().map(heard).unwrap_or_default();
    plain(&own::import(&Given { texts: &texts, title: &title, naming, answers: &answers }, language))
}

/// The nodes of a text's cluster where its run opens, as `importTexts` has them.
///
/// # Errors
/// The text's first mistake.
#[wasm_bindgen(js_name = standingNodes)]
pub fn standing_nodes(text: &JsValue, lang: &JsValue) -> Result<JsValue, JsValue> {
    let language = language(lang)?;
    let text = text_of("standingNodes", text, language)?;
    plain(&own::stand(&text).map_err(|error| exception(&error, language))?)
}

/// Do names stay?
fn naming(neutral: &JsValue) -> Naming {
    if neutral.is_truthy() { Naming::Neutral } else { Naming::AsGiven }
}

/// Texts with their names.
fn pairs(function: &'static str, texts: &JsValue, language: Language) -> Result<Vec<(String, String)>, JsValue> {
    let list = texts.dyn_ref::<Array>().filter(|list| list.length() <= MOST_TEXTS);
    let list = list.ok_or_else(|| wrong(function, Takes::Pairs, language))?;
    let field = |item: &JsValue, name: &str| Reflect::get(item, &name.into()).ok().and_then(|value| value.as_string());
    let read = |item: JsValue| Some((field(&item, "name").unwrap_or_default(), field(&item, "text")?));
    list.iter().map(read).collect::<Option<Vec<_>>>().ok_or_else(|| wrong(function, Takes::Pairs, language))
}

/// What is no answer is not heard: the report would say so of nothing that a person has written.
fn heard(answers: &Array) -> Vec<Answer> {
    let most = import::MOST_ANSWERS;
    answers.iter().take(most).filter_map(|each| each.as_string()?.parse().ok()).collect()
}

/// What a text's run comes to, as files for a real Kafka: `[{ name, text }]`. `given`: files that nodes have, which come back as
/// they were, with what was changed since below. `neutral`: names, keys and values are numbered, and no given file comes back.
///
/// # Errors
/// The text's first mistake.
#[wasm_bindgen(js_name = exportText)]
pub fn export_text(text: &JsValue, lang: &JsValue, given: &JsValue, neutral: &JsValue) -> Result<JsValue, JsValue> {
    let language = language(lang)?;
    let text = text_of("exportText", text, language)?;
    let given = if given.is_undefined() { Vec::new() } else { pairs("exportText", given, language)? };
    plain(&own::files(&text, &given, naming(neutral)).map_err(|error| exception(&error, language))?)
}
