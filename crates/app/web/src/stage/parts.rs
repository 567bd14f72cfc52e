//! Small pieces that several parts of the stage share: texts, buttons, marks.

use view::Tone;
use yew::prelude::*;

use super::geometry::{Area, num, round};

/// A line of text.
pub fn text(x: f64, y: f64, class: impl Into<AttrValue>, words: impl Into<AttrValue>) -> Html {
    let (class, words): (AttrValue, AttrValue) = (class.into(), words.into());
    html! { <text x={num(round(x))} y={num(round(y))} class={classes!(class.to_string())}>{ words }</text> }
}

/// A box with rounded corners.
pub fn rect(area: Area, radius: f64, class: &str) -> Html {
    html! {
        <rect class={classes!(class.to_owned())} x={num(round(area.x))} y={num(round(area.y))}
            width={num(round(area.width))} height={num(round(area.height))} rx={num(radius)} />
    }
}

/// The class that colours a word.
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "i2",
        Tone::Quiet => "i3",
        Tone::Good => "f-ok",
        Tone::Warning => "f-warn",
        Tone::Bad => "f-bad",
        Tone::Metadata => "f-meta",
    }
}

/// A topic's hue class.
pub fn hue(index: u8) -> &'static str {
    ["t0", "t1", "t2", "t3", "t4"][usize::from(index.min(4))]
}

/// A press by Enter or Space on something that is not a button of HTML.
pub fn on_press(action: Callback<()>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            event.stop_propagation();
            action.emit(());
        }
    })
}

/// Something on the stage that can be pressed; `children` are its drawing.
#[derive(Properties, PartialEq)]
pub struct PressProps {
    pub label: AttrValue,
    pub onpress: Callback<()>,
    /// An invisible box that takes the pointer.
    pub area: Area,
    #[prop_or_default]
    pub class: &'static str,
    #[prop_or_default]
    pub pressed: Option<bool>,
    #[prop_or_default]
    pub children: Html,
    #[prop_or_default]
    pub name: Option<AttrValue>,
}

/// A button drawn in SVG: focusable, named, pressed by pointer, Enter and Space. What is drawn lies beside the
/// named box, not inside it, so that a screen reader hears the name alone.
#[component]
pub fn Press(props: &PressProps) -> Html {
    let onclick = {
        let action = props.onpress.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            action.emit(());
        })
    };
    let onkeydown = on_press(props.onpress.clone());
    let pressed = props.pressed.map(|on| if on { "true" } else { "false" });
    html! {
        <g class={classes!("press", props.class)} {onclick}>
            <rect class="hit" role="button" tabindex="0" aria-label={props.label.clone()} aria-pressed={pressed}
                data-thing={props.name.clone()} {onkeydown} rx="6"
                x={num(round(props.area.x))} y={num(round(props.area.y))}
                width={num(round(props.area.width))} height={num(round(props.area.height))} />
            <g class="drawn" aria-hidden="true">{ props.children.clone() }</g>
        </g>
    }
}
