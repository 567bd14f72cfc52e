//! The card of a budget that is used up: which one, through whom, and what would help.

use std::rc::Rc;

use lab::view::BudgetView;
use yew::prelude::*;

use super::send;
use crate::icon::icon;
use crate::intent::{Intent, PageIntent};

#[derive(Properties, PartialEq)]
pub struct BudgetProps {
    pub view: Rc<BudgetView>,
    pub act: Callback<Intent>,
}

/// The card. What a button cannot do is advice.
#[component]
pub fn Budget(props: &BudgetProps) -> Html {
    let view = &props.view;
    let (done_here, advice): (Vec<_>, Vec<_>) = view.actions.iter().partition(|(remedy, _)| remedy.is_done_here());
    let buttons = done_here.into_iter().enumerate().map(|(index, (remedy, name))| {
        let class = if index == 0 { "btn primary" } else { "btn" };
        html! { <button {class} onclick={send(&props.act, PageIntent::Relieve(remedy.clone()))}>{ name.clone() }</button> }
    });
    let advice = advice.into_iter().map(|(_, sentence)| html! { <li>{ sentence.clone() }</li> });
    html! {
        <section class="notice warn" role="alert" id="budget">
            <div class="notice-head"><span class="sign">{ icon("warn") }</span><h2>{ view.title.clone() }</h2></div>
            <p>{ view.text.clone() }{ " " }{ view.cause.clone() }</p>
            <ul>{ for advice }</ul>
            <div class="buttons">{ for buttons }</div>
        </section>
    }
}
