//! The card of a limit that is reached: which one, through whom, and what would help. What a button can do is one; the
//! rest is advice.

use std::rc::Rc;

use view::BudgetView;
use yew::prelude::*;

use super::send;
use crate::icon::icon;
use crate::intent::{Intent, PageIntent};

#[derive(Properties, PartialEq)]
pub struct BudgetProps {
    pub view: Rc<BudgetView>,
    pub act: Callback<Intent>,
}

/// The card.
#[component]
pub fn Budget(props: &BudgetProps) -> Html {
    let view = &props.view;
    let (done, advice): (Vec<_>, Vec<_>) = view.actions.iter().partition(|(remedy, _)| remedy.is_done_here());
    let buttons = done.into_iter().enumerate().map(|(index, (remedy, name))| {
        let class = if index == 0 { "btn primary" } else { "btn" };
        html! { <button {class} onclick={send(&props.act, PageIntent::Remedy(remedy.clone()))}>{ name.clone() }</button> }
    });
    html! {
        <section class="notice warn budget" role="alert">
            <div class="notice-head"><span class="sign">{ icon("warn") }</span><h2>{ view.title.clone() }</h2></div>
            <p>{ view.text.clone() }{ " " }{ view.cause.clone() }</p>
            if !advice.is_empty() { <ul>{ for advice.into_iter().map(|(_, words)| html! { <li>{ words.clone() }</li> }) }</ul> }
            <div class="buttons">{ for buttons }</div>
        </section>
    }
}
