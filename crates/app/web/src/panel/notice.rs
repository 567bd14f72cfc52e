//! A card that says what happened, what still works, and how to go on.

use std::rc::Rc;

use view::{NoticeAction, NoticeView, Tone};
use yew::prelude::*;

use super::send;
use crate::icon::icon;
use crate::intent::{Intent, PageIntent};

#[derive(Properties, PartialEq)]
pub struct NoticeProps {
    pub view: Rc<NoticeView>,
    pub act: Callback<Intent>,
}

/// The card.
#[component]
pub fn Notice(props: &NoticeProps) -> Html {
    let view = &props.view;
    let (class, sign) = match view.tone {
        Tone::Good => ("notice ok", "check"),
        Tone::Warning => ("notice warn", "warn"),
        Tone::Bad => ("notice bad", "warn"),
        Tone::Metadata => ("notice meta", "share"),
        Tone::Plain | Tone::Quiet => ("notice", "plus"),
    };
    let (fields, buttons): (Vec<_>, Vec<_>) =
        view.actions.iter().partition(|(action, _)| *action == NoticeAction::PasteLink);
    let oninput = {
        let act = props.act.clone();
        Callback::from(move |event: InputEvent| {
            let field: Option<web_sys::HtmlInputElement> = event.target_dyn_into();
            if let Some(field) = field {
                act.emit(PageIntent::OpenLink(field.value()).into());
            }
        })
    };
    let field = |(_, name): &&(NoticeAction, String)| {
        html! { <label class="field"><span>{ name.clone() }</span><input class="in" oninput={oninput.clone()} autocomplete="off" spellcheck="false" /></label> }
    };
    let buttons = buttons.iter().enumerate().map(|(index, (action, name))| {
        let class = if index == 0 { "btn primary" } else { "btn" };
        html! { <button {class} onclick={send(&props.act, PageIntent::Notice(*action))}>{ name.clone() }</button> }
    });
    html! {
        <section {class} role="status">
            <div class="notice-head"><span class="sign">{ icon(sign) }</span><h2>{ view.title.clone() }</h2></div>
            <p>{ view.text.clone() }</p>
            <div class="buttons">{ for buttons }</div>
            { for fields.iter().map(field) }
            if !view.detail.is_empty() { <div class="muted mono">{ view.detail.clone() }</div> }
        </section>
    }
}
