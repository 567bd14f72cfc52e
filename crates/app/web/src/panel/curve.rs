//! Batch size and linger as sliders, and what each setting came to: throughput across, time to success upwards.

use stage::geometry::num;
use view::Str;
use view::meters::{CurvePoint, CurveView, MetersView};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::intent::{Intent, MetersIntent, PageIntent};
use crate::words::Words;

const WIDE: f64 = 320.0;
const HIGH: f64 = 110.0;

#[derive(Properties, PartialEq)]
pub struct CurveProps {
    pub view: CurveView,
    pub words: Words,
    pub act: Callback<Intent>,
}

#[component]
pub fn Curve(props: &CurveProps) -> Html {
    let (view, words) = (&props.view, &props.words.meters);
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
                { slider(props, 0) }
                { slider(props, 1) }
                <p class="muted">{ words.curve_note }</p>
            </div>
            { drawn(view, words.curve) }
            <ol>{ for view.points.iter().map(|point| html! { <li>{ point.label.clone() }</li> }) }</ol>
        </div>
    }
}

/// `linger.ms` (0) or `batch.size` (1): the other stays as it is.
fn slider(props: &CurveProps, which: usize) -> Html {
    let view = &props.view;
    let (linger, batch, act) = (view.linger, view.batch, props.act.clone());
    let onchange = Callback::from(move |event: Event| {
        let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(place) = field.and_then(|field| field.value().parse::<usize>().ok()) {
            let (linger, batch) = if which == 0 { (place, batch) } else { (linger, place) };
            let value = |values: &[u32; 8], place: usize| values[place.min(values.len() - 1)];
            let tune = MetersIntent::Tune(value(&CurveView::LINGERS, linger), value(&CurveView::BATCHES, batch));
            act.emit(PageIntent::Meters(tune).into());
        }
    });
    let value = if which == 0 { view.linger } else { view.batch };
    let words = view.settings[which].clone();
    html! {
        <label><code>{ words.clone() }</code><input type="range" min="0" max="7" value={value.to_string()} aria-valuetext={words} {onchange} /></label>
    }
}

fn drawn(view: &CurveView, name: &'static str) -> Html {
    let place = |point: &CurvePoint| {
        let x = WIDE * f64::from(point.x) / f64::from(MetersView::WIDE);
        (x, HIGH * (1.0 - f64::from(point.y) / f64::from(MetersView::HIGH)))
    };
    let last = view.points.len().saturating_sub(1);
    let dot = |(index, point): (usize, &CurvePoint)| {
        let (x, y) = place(point);
        let class = classes!("meter-dot", (index == last).then_some("on"));
        html! { <><circle {class} cx={num(x)} cy={num(y)} r="4" /><text class="x i2" x={num(x + 6.0)} y={num(y - 5.0)}>{ point.name.to_string() }</text></> }
    };
    let label = |(y, text): &(u32, String)| {
        let y = HIGH * (1.0 - f64::from(*y) / f64::from(MetersView::HIGH));
        html! { <text class="x n i2 end" x="-6" y={num(y + 4.0)}>{ text.clone() }</text> }
    };
    let way: Vec<String> = view.points.iter().map(place).map(|(x, y)| format!("{} {}", num(x), num(y))).collect();
    html! {
        <svg width={num(WIDE + 90.0)} height={num(HIGH + 34.0)} role="img" aria-label={name}>
            <g transform="translate(64 12)">
                <rect class="meter-ground" x="0" y="0" width={num(WIDE)} height={num(HIGH)} />
                { for view.scale.iter().map(label) }
                <text class="x n i2" x="0" y={num(HIGH + 16.0)}>{ "0" }</text>
                <text class="x n i2 end" x={num(WIDE)} y={num(HIGH + 16.0)}>{ view.most.clone() }</text>
                if way.len() > 1 { <path class="meter-way" d={format!("M{}", way.join("L"))} /> }
                { for view.points.iter().enumerate().map(dot) }
            </g>
        </svg>
    }
}
