//! Icons by reference to the symbols of `index.html`. They are decoration: the button beside them has words.

use yew::prelude::*;

/// An icon beside text.
pub fn icon(name: &str) -> Html {
    let href = format!("#i-{name}");
    html! { <svg class="i" aria-hidden="true"><use {href} /></svg> }
}
