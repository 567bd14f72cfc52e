//! Marks as elements of SVG.

use std::rc::Rc;

use session::Act;
use stage::geometry::{Area, Num, num, round};
use stage::glyph::outline;
use stage::{Align, Button, Circle, Gathered, Mark, Part, Press, Size, Spelling, Switch, Words};
use view::Glyph;
use yew::prelude::*;
use yew::virtual_dom::{Key, VNode, VTag};

use crate::intent::{Dialog, Intent, PageIntent};

/// A part of the scene, shared with the frame before where nothing has changed.
#[derive(Properties)]
pub struct PartProps {
    pub part: Rc<Part>,
    pub act: Callback<Intent>,
}

impl PartialEq for PartProps {
    /// The same part, not an equal one: a look at the pointer instead of at hundreds of marks.
    fn eq(&self, other: &PartProps) -> bool {
        Rc::ptr_eq(&self.part, &other.part)
    }
}

/// A piece of the stage.
#[component]
pub fn PartView(props: &PartProps) -> Html {
    let part = &props.part;
    let marks = all(&part.marks, &props.act);
    if part.label.is_empty() {
        return html! { <g>{ marks }</g> };
    }
    html! { <g role="group" aria-label={part.label.clone()}>{ marks }</g> }
}

/// Marks beside each other. Where some of them can be pressed each has a key, so that an element never becomes another
/// button: whoever has the focus on a broker keeps it there, whatever comes or goes beside it.
fn all(marks: &[Mark], act: &Callback<Intent>) -> Html {
    let with_buttons = marks.iter().any(|mark| matches!(mark, Mark::Button(_)));
    let one = |(index, mark): (usize, &Mark)| {
        let node = drawn(mark, act);
        match (with_buttons, mark, node) {
            (true, Mark::Button(button), VNode::VTag(tag)) => keyed(tag, Key::from(button.name.clone())),
            (true, _, VNode::VTag(tag)) => keyed(tag, Key::from(index)),
            (_, _, node) => node,
        }
    };
    marks.iter().enumerate().map(one).collect()
}

/// So that a list that changes keeps its elements.
fn keyed(tag: Rc<VTag>, key: Key) -> Html {
    let mut tag = Rc::unwrap_or_clone(tag);
    tag.key = Some(key);
    VNode::VTag(Rc::new(tag))
}

/// One mark.
pub fn drawn(mark: &Mark, act: &Callback<Intent>) -> Html {
    match mark {
        Mark::Text(words) => text(words),
        Mark::Box { area, radius, class } => rect(*area, *radius, class),
        Mark::Circle(circle) => edge(circle),
        Mark::Path { d, class } => html! { <path class={*class} d={d.clone()} /> },
        Mark::Symbol { name, area, color } => symbol(name, *area, color),
        Mark::Key(glyph, area) => key(*glyph, *area),
        Mark::Gather(gathered) => gather(gathered, act),
        Mark::Button(button) => press(button, act),
        Mark::Part(part) => html! { <PartView key={part.key.clone()} part={part.clone()} act={act.clone()} /> },
    }
}

/// A spelling as classes.
fn spelled(spelling: Spelling) -> String {
    let size = match spelling.size {
        Size::Micro => "x",
        Size::Small => "s",
        Size::Pill => "p13",
        Size::Label => "lab",
        Size::Stamp => "p15",
    };
    let mut class = String::from(size);
    let align = match spelling.align {
        Align::Start => "",
        Align::Middle => "mid",
        Align::End => "end",
    };
    let strong = if spelling.strong { "b" } else { "" };
    let mono = if spelling.mono { "n" } else { "" };
    for more in [strong, mono, align, spelling.color] {
        if !more.is_empty() {
            class.push(' ');
            class.push_str(more);
        }
    }
    class
}

fn text(words: &Words) -> Html {
    let (x, y, class) = (num(round(words.at.x)), num(round(words.at.y)), spelled(words.spelling));
    if words.whole.is_empty() {
        return html! { <text {x} {y} {class}>{ words.text.clone() }</text> };
    }
    html! { <text {x} {y} {class}><title>{ words.whole.clone() }</title>{ words.text.clone() }</text> }
}

/// A line of text outside the stage, such as a legend's.
pub fn line(at: (f64, f64), class: &'static str, words: impl Into<AttrValue>) -> Html {
    html! { <text x={num(at.0)} y={num(at.1)} {class}>{ words.into() }</text> }
}

/// A box with rounded corners.
pub fn rect(area: Area, radius: f64, class: &'static str) -> Html {
    html! {
        <rect {class} x={num(round(area.x))} y={num(round(area.y))} width={num(round(area.width))} height={num(round(area.height))} rx={num(radius)} />
    }
}

fn edge(circle: &Circle) -> Html {
    let (cx, cy, r, class) = (num(circle.center.x), num(circle.center.y), num(circle.radius), circle.class);
    let Some(share) = circle.share else {
        return html! { <circle {class} {cx} {cy} {r} /> };
    };
    let around = std::f64::consts::TAU * circle.radius;
    let dash = format!("{} {}", Num(round(around * share)), Num(round(around)));
    let turn = format!("rotate(-90 {} {})", Num(circle.center.x), Num(circle.center.y));
    html! { <circle {class} {cx} {cy} {r} stroke-dasharray={dash} transform={turn} /> }
}

/// Of the sheet of icons, which is loaded once.
fn symbol(name: &str, area: Area, color: &str) -> Html {
    let style = (!color.is_empty()).then(|| format!("color:var(--{color});--crown:var(--{color})"));
    let href = format!("#i-{name}");
    html! { <use {href} {style} x={num(area.x)} y={num(area.y)} width={num(area.width)} height={num(area.height)} /> }
}

/// A key in its square.
pub fn key(glyph: Glyph, area: Area) -> Html {
    let transform = format!("translate({} {}) scale({})", Num(area.x), Num(area.y), Num(area.width / 20.0));
    match glyph {
        Glyph::Keyless => html! { <g {transform}><circle class="key kn" cx="10" cy="10" r="8" /></g> },
        Glyph::Key { shape, letter } => {
            let outline = outline(shape);
            // The letter is never smaller than the smallest text, however small the key is.
            let size = (11.0 * 20.0 / area.width).max(11.0);
            let baseline = outline.baseline + (size - 11.0) * 0.36;
            let style = (size > 11.0).then(|| format!("font-size:{}px", Num(size)));
            html! {
                <g {transform}>
                    <path class={outline.class} d={outline.path} />
                    <text class="kl" {style} x="10" y={num(baseline)}>{ letter }</text>
                </g>
            }
        }
    }
}

/// A part that can be pressed, with what screen readers say of it.
fn gather(gathered: &Gathered, act: &Callback<Intent>) -> Html {
    let class = match (gathered.class, gathered.hue) {
        (class, "") => class.to_owned(),
        ("", hue) => hue.to_owned(),
        (class, hue) => format!("{class} {hue}"),
    };
    let shift = gathered.shift;
    let moved = (shift.x != 0.0 || shift.y != 0.0).then(|| format!("translate({} {})", Num(shift.x), Num(shift.y)));
    let turned = gathered.turn.map(|(degrees, at)| format!("rotate({} {} {})", Num(degrees), Num(at.x), Num(at.y)));
    let transform = match (moved, turned) {
        (Some(moved), Some(turned)) => Some(format!("{moved} {turned}")),
        (moved, turned) => moved.or(turned),
    };
    let opacity = (gathered.opacity < 1.0).then(|| num(gathered.opacity));
    let at = (!gathered.tag.0.is_empty()).then(|| gathered.tag.0.clone());
    html! {
        <g class={(!class.is_empty()).then_some(class)} {transform} {opacity} data-pointed={at}>
            { all(&gathered.marks, act) }
        </g>
    }
}

/// What a press wants.
fn asked(press: &Press) -> Vec<Intent> {
    let one: Intent = match press {
        Press::Select(thing) => PageIntent::Select(Some(thing.clone())).into(),
        Press::Switch(Switch::Kill, process) => Act::Kill(*process).into(),
        Press::Switch(Switch::Start, process) => Act::Start(*process).into(),
        Press::Switch(Switch::Resume, process) => Act::Resume(*process).into(),
        Press::OpenLane(broker) => PageIntent::OpenLane(*broker).into(),
        Press::Heal(pairs) => return pairs.iter().map(|(from, to)| Act::Heal(*from, *to).into()).collect(),
        Press::List => PageIntent::Open(Dialog::List).into(),
    };
    vec![one]
}

/// A button drawn in SVG: focusable, named, pressed by pointer, Enter and Space. What is drawn lies beside the named
/// box, not inside it, so that a screen reader hears the name alone.
fn press(button: &Button, act: &Callback<Intent>) -> Html {
    let onclick = {
        let (act, press) = (act.clone(), button.press.clone());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            asked(&press).into_iter().for_each(|intent| act.emit(intent));
        })
    };
    let onkeydown = {
        let (act, press) = (act.clone(), button.press.clone());
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                event.stop_propagation();
                asked(&press).into_iter().for_each(|intent| act.emit(intent));
            }
        })
    };
    let pressed = button.pressed.map(|on| if on { "true" } else { "false" });
    let area = button.area;
    html! {
        <g class={format!("press {}", button.class)} {onclick}>
            <rect class="hit" role="button" tabindex="0" aria-label={button.label.clone()} aria-pressed={pressed}
                data-thing={button.name.clone()} {onkeydown} rx="6"
                x={num(round(area.x))} y={num(round(area.y))} width={num(round(area.width))} height={num(round(area.height))} />
            <g class="drawn" aria-hidden="true">{ all(&button.marks, act) }</g>
        </g>
    }
}
