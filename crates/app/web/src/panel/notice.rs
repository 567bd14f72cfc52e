//! A card that says what happened, what still works, and how to go on.

use std::rc::Rc;

use view::{NoticeView, Tone};
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
    let buttons = view.actions.iter().enumerate().map(|(index, (action, name))| {
        let class = if index == 0 { "btn primary" } else { "btn" };
        html! { <button {class} onclick={send(&props.act, PageIntent::Notice(*action))}>{ name.clone() }</button> }
    });
    html! {
        <section {class} role="status">
            <div class="notice-head"><span class="sign">{ icon(sign) }</span><h2>{ view.title.clone() }</h2></div>
            <p>{ view.text.clone() }</p>
            <div class="buttons">{ for buttons }</div>
            if !view.detail.is_empty() { <div class="muted mono">{ view.detail.clone() }</div> }
        </section>
    }
}
