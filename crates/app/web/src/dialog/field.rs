//! Fields of forms, and the box with a complaint.

use view::{Field, FormError};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::DialogProps;
use crate::icon::icon;
use crate::intent::PageIntent;

/// What a field is called and what it is about.
pub struct Input<'a> {
    pub name: &'static str,
    pub label: &'a str,
    pub hint: &'a str,
    pub default: &'a str,
    pub about: Field,
}

fn typed(props: &DialogProps, name: &'static str) -> Callback<InputEvent> {
    let act = props.act.clone();
    Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) {
            act.emit(PageIntent::Type(name, input.value()).into());
        }
    })
}

/// A line to type into.
pub fn input(props: &DialogProps, input: &Input<'_>) -> Html {
    let wrong = props.error.as_ref().is_some_and(|error| error.field == Some(input.about));
    let id = format!("field-{}", input.name);
    let value = props.draft.get(input.name, input.default).to_owned();
    let described = wrong.then_some("form-complaint");
    html! {
        <div class={classes!("field", wrong.then_some("err"))}>
            <label for={id.clone()}>{ input.label.to_owned() }</label>
            <input {id} {value} oninput={typed(props, input.name)} autocomplete="off" autocapitalize="off" spellcheck="false"
                aria-invalid={wrong.then_some("true")} aria-describedby={described} />
            if !input.hint.is_empty() { <small>{ input.hint.to_owned() }</small> }
        </div>
    }
}

/// A choice of `options`, each a value and its words.
pub fn select(props: &DialogProps, input: &Input<'_>, options: &[(String, String)]) -> Html {
    let id = format!("field-{}", input.name);
    let chosen = props.draft.get(input.name, input.default).to_owned();
    let onchange = {
        let (act, name) = (props.act.clone(), input.name);
        Callback::from(move |event: Event| {
            if let Some(select) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) {
                act.emit(PageIntent::Type(name, select.value()).into());
            }
        })
    };
    let option = |(value, words): &(String, String)| {
        html! { <option value={value.clone()} selected={*value == chosen}>{ words.clone() }</option> }
    };
    html! {
        <div class="field">
            <label for={id.clone()}>{ input.label.to_owned() }</label>
            <select {id} {onchange}>{ for options.iter().map(option) }</select>
            if !input.hint.is_empty() { <small>{ input.hint.to_owned() }</small> }
        </div>
    }
}

/// Topics as options.
pub fn topics(props: &DialogProps) -> Vec<(String, String)> {
    props.choices.topics.iter().map(|(name, _)| (name.clone(), name.clone())).collect()
}

/// Kafka's words and ours.
pub fn complaint(error: &FormError) -> Html {
    html! { <div class="note bad" id="form-complaint" role="alert">{ said(error) }</div> }
}

/// What the cluster would say to the form as it stands.
pub fn hint(error: &FormError) -> Html {
    html! { <div class="note" role="status">{ said(error) }</div> }
}

fn said(error: &FormError) -> Html {
    let error = &error.error;
    html! {
        <>
            if !error.name.is_empty() {
                <div class="error-head">{ icon("warn") }<b>{ error.name.clone() }</b><small>{ error.source.clone() }</small></div>
                <div class="mono">{ error.text.clone() }</div>
            }
            <div>{ error.sentence.clone() }</div>
        </>
    }
}
