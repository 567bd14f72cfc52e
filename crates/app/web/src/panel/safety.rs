//! The card at an unsafe step: what went wrong, which check says so, and how to go on.

use std::rc::Rc;

use view::{SafetyAction, SafetyView};
use yew::prelude::*;

use super::send;
use crate::icon::icon;
use crate::intent::Intent;
use session::Playback;

#[derive(Properties, PartialEq)]
pub struct SafetyProps {
    pub view: Rc<SafetyView>,
    pub act: Callback<Intent>,
}

/// The card.
#[component]
pub fn Safety(props: &SafetyProps) -> Html {
    let view = &props.view;
    let buttons = view.actions.iter().enumerate().map(|(index, (action, name))| {
        let intent = match action {
            SafetyAction::GoOn => Playback::Toggle,
            SafetyAction::StepBefore => Playback::Seek(view.before),
            SafetyAction::ForkBefore => Playback::ForkAt(view.before),
        };
        let class = if index == 0 { "btn primary" } else { "btn" };
        html! { <button {class} onclick={send(&props.act, intent)}>{ name.clone() }</button> }
    });
    html! {
        <section class="notice bad" role="alert">
            <div class="notice-head"><span class="sign">{ icon("warn") }</span><h2>{ view.title.clone() }</h2></div>
            <p><b class="c-bad">{ view.strong.clone() }</b>{ " " }{ view.text.clone() }</p>
            <div class="buttons">{ for buttons }</div>
            <div class="muted mono">{ view.detail.clone() }</div>
        </section>
    }
}
