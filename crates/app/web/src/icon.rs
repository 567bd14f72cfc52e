//! Icons by reference to the symbols of `index.html`. They are decoration: the button beside them has words.

use yew::prelude::*;

use crate::stage::geometry::num;

/// An icon beside text.
pub fn icon(name: &str) -> Html {
    let href = format!("#i-{name}");
    html! { <svg class="i" aria-hidden="true"><use {href} /></svg> }
}

/// An icon inside the stage's SVG; its colour is `color`.
pub fn stage_icon(name: &str, x: f64, y: f64, size: f64, color: &str) -> Html {
    let href = format!("#i-{name}");
    let style = format!("color:var(--{color})");
    html! {
        <g {style}>
            <use {href} x={num(x)} y={num(y)} width={num(size)} height={num(size)} />
        </g>
    }
}
