//! The tabs above the stage of a run of several clusters: which one is shown, and where something is wrong. Arrow keys go
//! along them while one of them has the focus.

use std::rc::Rc;

use view::{ClusterTab, ClustersView, Tone};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::{send, tone_class};
use crate::icon::icon;
use crate::intent::{Intent, PageIntent};

#[derive(Properties, PartialEq)]
pub struct ClustersProps {
    pub view: Rc<ClustersView>,
    pub act: Callback<Intent>,
}

/// The row.
#[component]
pub fn Clusters(props: &ClustersProps) -> Html {
    let view = &props.view;
    html! {
        <div class="tabs clusters" role="tablist" aria-label={view.label} onkeydown={along(view, &props.act)}>
            { for view.tabs.iter().map(|tab| one(tab, &props.act)) }
        </div>
    }
}

fn id(tab: &ClusterTab) -> String {
    format!("cluster-{}", tab.index.0)
}

/// What is said over its stage is said of a tab as well, where something is wrong.
fn one(tab: &ClusterTab, act: &Callback<Intent>) -> Html {
    let is_ill = tab.tone != Tone::Plain;
    let mark = is_ill.then(|| {
        html! { <span class={tone_class(tab.tone)}>{ icon("warn") }<span class="unseen">{ tab.state }</span></span> }
    });
    html! {
        <button role="tab" id={id(tab)} class={tab.shown.then_some("on")} aria-selected={tab.shown.to_string()}
            aria-controls="stage-of" tabindex={if tab.shown { "0" } else { "-1" }} title={tab.headline.clone()}
            onclick={send(act, PageIntent::ShowCluster(tab.index))}>{ tab.name.to_string() }{ mark }</button>
    }
}

/// Arrows, Home and End: the tab that is gone to is shown and has the focus.
fn along(view: &Rc<ClustersView>, act: &Callback<Intent>) -> Callback<KeyboardEvent> {
    let (view, act) = (view.clone(), act.clone());
    Callback::from(move |event: KeyboardEvent| {
        let (here, count) = (view.tabs.iter().position(|tab| tab.shown).unwrap_or(0), view.tabs.len());
        let next = match event.key().as_str() {
            "ArrowRight" => (here + 1) % count,
            "ArrowLeft" => (here + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _another => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let tab = &view.tabs[next];
        act.emit(PageIntent::ShowCluster(tab.index).into());
        let document = web_sys::window().and_then(|window| window.document());
        let element = document.and_then(|document| document.get_element_by_id(&id(tab)));
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    })
}
