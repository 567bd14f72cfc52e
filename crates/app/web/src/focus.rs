//! Where the focus goes by itself. A pointer leaves none on what it has pressed, so that Space plays wherever it clicked
//! last; and whoever presses a switch by key finds the focus on the thing that was switched, not on a button that has come
//! to mean the opposite.

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, HtmlInputElement, SvgElement};

/// What Space and Enter would press.
const PRESSED: &str = "button, a, [role=button], [role=tab], summary, input[type=checkbox]";
/// Buttons that start and stop things.
const SWITCHES: &str = "[data-thing^=switch-], .press.switch .hit, .side .btn, .top .sheet button";
/// What a dialog's first focus goes to.
const FIELDS: &str = "input:not([type=checkbox]), select, textarea";

/// `None` only where the program runs without a page.
fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// What has the focus, if it matches; never in a dialog, whose keys are its own.
fn focused(selector: &str) -> Option<Element> {
    let element = document()?.active_element()?;
    let inside = |selector: &str| matches!(element.closest(selector), Ok(Some(_)));
    (inside(selector) && !inside("dialog")).then_some(element)
}

/// HTML and SVG elements take and leave the focus by methods of the same names.
fn focus(element: &Element) {
    let _ = match element.dyn_ref::<SvgElement>() {
        Some(element) => element.focus(),
        None => element.dyn_ref::<HtmlElement>().map_or(Ok(()), HtmlElement::focus),
    };
}

/// A pointer was released. Tab goes on from where it was.
pub fn released() {
    // The focus is elsewhere: the press had its own effect.
    let Some(element) = focused(PRESSED) else { return };
    let _ = match element.dyn_ref::<SvgElement>() {
        Some(element) => element.blur(),
        None => element.dyn_ref::<HtmlElement>().map_or(Ok(()), HtmlElement::blur),
    };
}

/// Somebody has stopped or started a process by a key.
pub fn switched(name: &str) {
    if focused(SWITCHES).is_none() {
        return;
    }
    // Without a document nothing has the focus.
    let Some(document) = document() else { return };
    let things = document.query_selector_all("[data-thing]").ok();
    let things = things.into_iter().flat_map(|list| (0..list.length()).filter_map(move |index| list.get(index)));
    let mut things = things.filter_map(|node| node.dyn_into::<Element>().ok());
    let thing = things.find(|thing| thing.get_attribute("data-thing").is_some_and(|known| stands_for(&known, name)));
    if let Some(thing) = thing.or_else(|| document.get_element_by_id("stage")) {
        focus(&thing);
    }
}

/// Is this the picture of the process itself?
fn stands_for(thing: &str, name: &str) -> bool {
    let kind = thing.strip_suffix(name).unwrap_or_default();
    matches!(kind, "broker-" | "controller-" | "producer-" | "member-")
}

/// A dialog has opened: its first field, or else the dialog as a whole, so that no key closes it unasked.
pub fn first_field(dialog: &HtmlElement) {
    let field = dialog.query_selector(FIELDS).ok().flatten();
    focus(field.as_ref().unwrap_or(dialog));
}

/// The text of an element is selected, so that a key press copies it.
pub fn select(id: &str) {
    // It is not shown any more.
    let Some(element) = document().and_then(|document| document.get_element_by_id(id)) else { return };
    if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
        let _ = field.focus();
        field.select();
    } else if let Some(Ok(Some(selection))) = web_sys::window().map(|window| window.get_selection()) {
        let _ = selection.select_all_children(&element);
    }
}

/// The field that has the focus is ready to be typed over.
pub fn select_field() {
    let field = document().and_then(|document| document.active_element()?.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        field.select();
    }
}

#[cfg(test)]
mod tests {
    use super::stands_for;

    #[test]
    fn a_thing_is_known_by_its_kind_and_name() {
        assert!(stands_for("broker-2", "2") && stands_for("member-billing-1", "billing-1"));
        assert!(!stands_for("broker-12", "2") && !stands_for("switch-2", "2") && !stands_for("row-orders-2", "2"));
        assert!(!stands_for("member-billing-1", "1"));
    }
}
