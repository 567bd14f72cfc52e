//! What needs attention, worst first: each line leads to the thing that it is about.

use std::rc::Rc;

use view::{AttentionView, StageView};
use yew::prelude::*;

use super::{send, tone_class};
use crate::icon::icon;
use crate::intent::{Intent, PageIntent};
use crate::words::Words;

#[derive(Properties, PartialEq)]
pub struct AttentionProps {
    pub stage: Rc<StageView>,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// The list; a large cluster has it whether or not something is wrong.
#[component]
pub fn Attention(props: &AttentionProps) -> Html {
    let list = &props.stage.attention;
    if list.is_empty() {
        return Html::default();
    }
    let line = |one: &AttentionView| {
        let amount = html! { <b class={classes!("mono", tone_class(one.tone))}>{ one.amount.clone() }</b> };
        let sign = one.thing.is_some().then(|| icon("warn"));
        match one.thing.clone() {
            Some(thing) => html! {
                <li><button onclick={send(&props.act, PageIntent::Select(Some(thing)))}><span>{ sign }{ " " }{ one.text.clone() }</span>{ amount }</button></li>
            },
            None => html! { <li><span>{ one.text.clone() }</span>{ amount }</li> },
        }
    };
    html! {
        <section class="attention" aria-label={props.words.page.needs_attention}>
            <h2>{ props.words.page.needs_attention }</h2>
            <ul>{ for list.iter().map(line) }</ul>
        </section>
    }
}
