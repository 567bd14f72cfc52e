//! Batch size and linger as sliders, and what each setting came to: throughput across, time to success upwards.

use stage::geometry::num;
use view::Str;
use view::meters::{CurvePoint, CurveView, MetersView, Tuned};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::intent::{Intent, MetersIntent, PageIntent};
use crate::words::Words;

/// How wide the curve is where there is room.
const WIDE: f64 = 320.0;
const HIGH: f64 = 110.0;
/// What stands left of it and above it.
const LEFT: f64 = 58.0;
const ABOVE: f64 = 18.0;

#[derive(Properties, PartialEq)]
pub struct CurveProps {
    pub view: CurveView,
    /// As wide as a chart.
    pub room: f64,
    pub words: Words,
    pub act: Callback<Intent>,
}

#[component]
pub fn Curve(props: &CurveProps) -> Html {
    let (view, words) = (&props.view, &props.words.meters);
    // Where a slider is held, until it is let go.
    let held = use_state_eq(|| None::<(Tuned, usize)>);
    let option = |(place, name): (usize, &Str)| {
        html! { <option value={name.to_string()} selected={place == view.chosen}>{ name.to_string() }</option> }
    };
    let act = props.act.clone();
    let choose = Callback::from(move |event: Event| {
        if let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok()) {
            act.emit(PageIntent::Meters(MetersIntent::Producer(field.value().as_str().into())).into());
        }
    });
    html! {
        <div class="meter-curve">
            <div>
                <h3>{ words.curve }</h3>
                <label>{ words.producer }<select onchange={choose}>{ for view.producers.iter().enumerate().map(option) }</select></label>
                { slider(props, Tuned::Linger, &held) }
                { slider(props, Tuned::Batch, &held) }
                <p class="muted">{ words.curve_note }</p>
            </div>
            { drawn(view, words.curve, props.room.min(WIDE)) }
            <ol>{ for view.points.iter().map(|point| html! { <li>{ point.label.clone() }</li> }) }</ol>
        </div>
    }
}

fn place_of(event: &Event) -> Option<usize> {
    event.target()?.dyn_into::<HtmlInputElement>().ok()?.value().parse().ok()
}

/// One of the settings; the other stays as it is. While it is held it says what it would become.
fn slider(props: &CurveProps, which: Tuned, held: &UseStateHandle<Option<(Tuned, usize)>>) -> Html {
    let view = &props.view;
    let (linger, batch, act) = (view.linger, view.batch, props.act.clone());
    let oninput = {
        let held = held.setter();
        Callback::from(move |event: InputEvent| held.set(place_of(&event).map(|place| (which, place))))
    };
    let let_go = held.setter();
    let onchange = Callback::from(move |event: Event| {
        let_go.set(None);
        if let Some(place) = place_of(&event) {
            let (linger, batch) = if which == Tuned::Linger { (place, batch) } else { (linger, place) };
            let value = |values: &[u32; 8], place: usize| values[place.min(values.len() - 1)];
            let tune = MetersIntent::Tune(value(&CurveView::LINGERS, linger), value(&CurveView::BATCHES, batch));
            act.emit(PageIntent::Meters(tune).into());
        }
    });
    let (place, setting) = match which {
        Tuned::Linger => (view.linger, &view.settings[0]),
        Tuned::Batch => (view.batch, &view.settings[1]),
    };
    let (place, words) = match **held {
        Some((moved, place)) if moved == which => (place, CurveView::setting(which, place)),
        Some(_) | None => (place, setting.clone()),
    };
    html! {
        <label><code>{ words.clone() }</code><input type="range" min="0" max="7" value={place.to_string()} aria-valuetext={words} {oninput} {onchange} /></label>
    }
}

fn drawn(view: &CurveView, name: &'static str, wide: f64) -> Html {
    let place = |point: &CurvePoint| {
        let x = wide * f64::from(point.x) / f64::from(MetersView::WIDE);
        (x, HIGH * (1.0 - f64::from(point.y) / f64::from(MetersView::HIGH)))
    };
    let last = view.points.len().saturating_sub(1);
    let dot = |(index, point): (usize, &CurvePoint)| {
        let (x, y) = place(point);
        let class = classes!("meter-dot", (index == last).then_some("on"));
        // Names stand on the side where there is room.
        let (side, from) = if x > wide / 2.0 { ("x i2 end", x - 9.0) } else { ("x i2", x + 9.0) };
        html! { <><circle {class} cx={num(x)} cy={num(y)} r="4" /><text class={side} x={num(from)} y={num(y + 4.0)}>{ point.name.clone() }</text></> }
    };
    let label = |(y, text): &(u32, String)| {
        let y = HIGH * (1.0 - f64::from(*y) / f64::from(MetersView::HIGH));
        html! { <text class="x n i2 end" x="-6" y={num(y + 4.0)}>{ text.clone() }</text> }
    };
    let way: Vec<String> = view.points.iter().map(place).map(|(x, y)| format!("{} {}", num(x), num(y))).collect();
    html! {
        <svg width={num(wide + LEFT + 2.0)} height={num(HIGH + ABOVE + 20.0)} role="img" aria-label={name}>
            <g transform={format!("translate({} {})", num(LEFT), num(ABOVE))}>
                <rect class="meter-ground" x="0" y="0" width={num(wide)} height={num(HIGH)} />
                { for view.scale.iter().map(label) }
                <text class="x i2" x="0" y="-5">{ view.upwards.clone() }</text>
                <text class="x n i2" x="0" y={num(HIGH + 16.0)}>{ "0" }</text>
                <text class="x i2 mid" x={num(wide / 2.0)} y={num(HIGH + 16.0)}>{ view.across }</text>
                <text class="x n i2 end" x={num(wide)} y={num(HIGH + 16.0)}>{ view.most.clone() }</text>
                if way.len() > 1 { <path class="meter-way" d={format!("M{}", way.join("L"))} /> }
                { for view.points.iter().enumerate().map(dot) }
            </g>
        </svg>
    }
}
