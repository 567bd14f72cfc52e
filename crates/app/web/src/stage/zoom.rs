//! Looking closer: the reader's zoom and the ground that is pulled along. Zooming gives the layout a larger room, so a
//! dense picture opens into a finer one instead of growing coarse.

use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::icon::icon;
use crate::intent::{Intent, PageIntent};
use crate::panel::send;
use crate::words::Words;

/// What stays where it is while the stage grows: a share of the whole, and its place in the port.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    share: (f64, f64),
    at: (f64, f64),
}

/// The element that the stage is seen through.
fn port() -> Option<Element> {
    web_sys::window()?.document()?.query_selector(".viewport").ok()?
}

impl Anchor {
    /// Around the middle of what is in view.
    pub fn middle() -> Option<Anchor> {
        let port = port()?;
        Some(Anchor::around(&port, (f64::from(port.client_width()) / 2.0, f64::from(port.client_height()) / 2.0)))
    }

    /// What lies there shall lie there afterwards.
    fn around(port: &Element, at: (f64, f64)) -> Anchor {
        let across = (f64::from(port.scroll_left()) + at.0) / f64::from(port.scroll_width().max(1));
        let down = (f64::from(port.scroll_top()) + at.1) / f64::from(port.scroll_height().max(1));
        Anchor { share: (across, down), at }
    }

    /// Scrolls so that it is again where it was.
    pub fn hold(self) {
        // There is no stage that could be scrolled.
        let Some(port) = port() else { return };
        port.set_scroll_left((self.share.0 * f64::from(port.scroll_width()) - self.at.0).round() as i32);
        port.set_scroll_top((self.share.1 * f64::from(port.scroll_height()) - self.at.1).round() as i32);
    }
}

/// The wheel with Ctrl, and two fingers, which browsers report the same way.
pub fn by_wheel(act: &Callback<Intent>) -> Callback<WheelEvent> {
    let act = act.clone();
    Callback::from(move |event: WheelEvent| {
        if event.ctrl_key() && event.delta_y() != 0.0 {
            event.prevent_default();
            act.emit(PageIntent::Zoom(if event.delta_y() < 0.0 { 1 } else { -1 }).into());
        }
    })
}

/// The bare ground is pulled along with the pointer.
pub fn by_drag() -> Callback<PointerEvent> {
    Callback::from(|event: PointerEvent| {
        let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let pressable = on.is_some_and(|on| matches!(on.closest(".press, button, .card"), Ok(Some(_))));
        if event.buttons() != 1 || pressable || event.pointer_type() != "mouse" {
            return;
        }
        if let Some(port) = port() {
            port.set_scroll_left(port.scroll_left() - event.movement_x());
            port.set_scroll_top(port.scroll_top() - event.movement_y());
        }
    })
}

#[derive(Properties, PartialEq)]
pub struct ZoomProps {
    pub zoomed: bool,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// Smaller, as it fits, larger.
#[component]
pub fn Zoom(props: &ZoomProps) -> Html {
    let [smaller, fit, larger] = props.words.page.zoom;
    html! {
        <div class="zoom" role="group" aria-label={props.words.page.zoom_title}>
            if props.zoomed {
                <button class="btn icon" aria-label={smaller} title={smaller} onclick={send(&props.act, PageIntent::Zoom(-1))}>{ "−" }</button>
                <button class="btn" onclick={send(&props.act, PageIntent::Zoom(0))}>{ fit }</button>
            }
            <button class="btn icon" aria-label={larger} title={larger} onclick={send(&props.act, PageIntent::Zoom(1))}>{ icon("plus") }</button>
        </div>
    }
}
