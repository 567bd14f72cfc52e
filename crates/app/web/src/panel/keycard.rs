//! The card beside a key: what the view says of it.

use std::rc::Rc;

use stage::geometry::Area;
use view::{KeyCardView, StatusLine};
use yew::prelude::*;

use super::tone_class;
use crate::stage::mark::key;

#[derive(Properties, PartialEq)]
pub struct KeyCardProps {
    pub view: Rc<KeyCardView>,
    /// Whoever places it has to know how large it is.
    pub node: NodeRef,
}

/// The card. It takes no pointer: what lies behind it stays what it was.
#[component]
pub fn KeyCard(props: &KeyCardProps) -> Html {
    let view = &props.view;
    let line = |line: &StatusLine| html! { <li class={tone_class(line.tone)}>{ line.text.clone() }</li> };
    let row = |row: &view::PropertyView| html! { <><dt>{ row.name.clone() }</dt><dd>{ row.value.clone() }</dd></> };
    html! {
        <div ref={props.node.clone()} id="key-card" class="key-card sheet" role="tooltip">
            <div class="key-head">
                <svg viewBox="0 0 20 20" width="22" height="22" aria-hidden="true">{ key(view.glyph, Area::new(0.0, 0.0, 20.0, 20.0)) }</svg>
                <b>{ view.title.clone() }</b><small>{ view.count.clone() }</small>
            </div>
            if !view.formula.is_empty() { <div class="mono">{ for view.formula.iter().map(|line| html! { <div>{ line.clone() }</div> }) }</div> }
            { for view.sentences.iter().map(|said| html! { <p>{ said.clone() }</p> }) }
            if !view.rows.is_empty() { <dl>{ for view.rows.iter().map(row) }</dl> }
            if !view.lines.is_empty() { <ul>{ for view.lines.iter().map(line) }</ul> }
        </div>
    }
}
