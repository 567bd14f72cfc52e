//! The room of meters: charts over the timeline's own scale, values at one instant, a stretch that is chosen by dragging.
//! Everything that it says and where it stands comes from `view`; the page knows the pixels of the timeline's track.

use std::rc::Rc;

use stage::geometry::num;
use stage::measure;
use stage::{Size, Spelling};

use view::meters::{ChartOf, ChartView, MeterLine, MeterMark, MetersView};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::curve::Curve;
use super::send;
use super::timeline::tone_colour;
use crate::icon::icon;
use crate::intent::{Intent, MetersIntent, PageIntent};
use crate::words::Words;
use session::Playback;

/// How high a chart is, and what stands above it.
const HIGH: f64 = 64.0;
const ABOVE: f64 = 14.0;
/// What words and values beside the charts need, at least.
const BESIDE: (f64, f64) = (240.0, 150.0);

#[derive(Properties, PartialEq)]
pub struct MetersProps {
    pub view: Rc<MetersView>,
    pub words: Words,
    pub act: Callback<Intent>,
}

/// Where charts begin and how wide they are.
#[derive(Clone, Copy)]
struct Plot {
    left: f64,
    width: f64,
    around: Around,
}

/// Where words and values stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    /// Above the charts.
    Above,
    /// Left of them.
    Left,
    /// Words left, values right.
    Sides,
}

impl Around {
    fn class(self) -> &'static str {
        match self {
            Around::Above => "above",
            Around::Left => "left",
            Around::Sides => "sides",
        }
    }
}

/// The charts with what can be done with a stretch.
#[component]
pub fn Meters(props: &MetersProps) -> Html {
    let (view, plot) = (&props.view, plot());
    let began = use_mut_ref(|| None::<u32>);
    let moved = {
        let (act, view, began) = (props.act.clone(), view.clone(), began.clone());
        Callback::from(move |event: PointerEvent| {
            // Beside the charts nothing is pointed at.
            let Some(x) = place(&event) else { return };
            let at = view.instant(x);
            match *began.borrow() {
                Some(from) if event.buttons() & 1 == 1 => {
                    act.emit(PageIntent::Meters(MetersIntent::Stretch(view.instant(from), at)).into());
                }
                Some(_) | None => act.emit(PageIntent::Meters(MetersIntent::Point(Some(at))).into()),
            }
        })
    };
    let pressed = {
        let began = began.clone();
        Callback::from(move |event: PointerEvent| *began.borrow_mut() = place(&event))
    };
    let released = {
        let (act, view) = (props.act.clone(), view.clone());
        Callback::from(move |event: PointerEvent| {
            // A press that went nowhere is a wish to stand there.
            if let (Some(from), Some(x)) = (began.borrow_mut().take(), place(&event))
                && from.abs_diff(x) < MetersView::WIDE / 200
            {
                act.emit(Playback::Seek(view.instant(x)).into());
            }
        })
    };
    let style = format!("--at:{}px;--wide:{}px", num(plot.left), num(plot.width));
    html! {
        <section class={classes!("meters", plot.around.class())} {style} aria-label={props.words.meters.title}
            onpointermove={moved} onpointerdown={pressed} onpointerup={released}
            onpointerleave={send(&props.act, PageIntent::Meters(MetersIntent::Point(None)))}>
            { head(props) }
            <div class="viewport">
                { for view.charts.iter().enumerate().map(|(index, one)| chart(view, (index, one), plot)) }
                { scale(view, plot) }
                if let Some(curve) = &view.curve { <Curve view={curve.clone()} room={plot.width} words={props.words} act={props.act.clone()} /> }
            </div>
        </section>
    }
}

/// Over the timeline's track where both are seen whole, else as wide as there is room.
fn plot() -> Plot {
    let document = web_sys::window().and_then(|window| window.document());
    let area = |selector| Some(document.as_ref()?.query_selector(selector).ok()??.get_bounding_client_rect());
    // Before the page is drawn for the first time there is nothing to measure.
    let Some(stage) = area("#stage") else { return Plot { left: 60.0, width: 600.0, around: Around::Above } };
    if let Some(track) = area(".track > svg").filter(|track| track.width() > 200.0) {
        let left = track.left() - stage.left();
        let right = stage.width() - left - track.width();
        if left >= BESIDE.0 && right >= 8.0 {
            let around = if right >= BESIDE.1 { Around::Sides } else { Around::Left };
            return Plot { left, width: track.width(), around };
        }
    }
    Plot { left: 60.0, width: (stage.width() - 92.0).max(120.0), around: Around::Above }
}

/// The place under the pointer on the scale of time.
fn place(event: &PointerEvent) -> Option<u32> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let area = target.closest(".meter-plot").ok()??.get_bounding_client_rect();
    let share = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
    Some((share.clamp(0.0, 1.0) * f64::from(MetersView::WIDE)) as u32)
}

fn head(props: &MetersProps) -> Html {
    let (view, words) = (&props.view, &props.words.meters);
    let button = |name: &str, intent: MetersIntent| {
        html! { <button class="btn quiet" onclick={send(&props.act, PageIntent::Meters(intent))}>{ name.to_owned() }</button> }
    };
    let offer = |(of, name, on): &(ChartOf, String, bool)| {
        let toggle = send(&props.act, PageIntent::Meters(MetersIntent::Chart(*of)));
        html! { <label class="check"><input type="checkbox" checked={*on} onchange={toggle} />{ name.clone() }</label> }
    };
    html! {
        <div class="meters-head">
            <h2>{ words.title }</h2>
            <span class="pill">{ view.stretch_text.clone() }</span>
            if view.stretch.is_some() {
                { button(words.play_only, MetersIntent::Play) }
                { button(words.zoom, MetersIntent::Zoom) }
            }
            if view.is_part { { button(words.whole, MetersIntent::Whole) } }
            { button(words.copy, MetersIntent::Copy) }
            <span class="muted note">{ view.note.clone() }</span>
            <details>
                <summary class="btn">{ icon("plus") }{ words.more }</summary>
                <div class="sheet">{ for view.offers.iter().map(offer) }</div>
            </details>
            <button class="btn icon quiet shut" aria-label={props.words.page.close} onclick={send(&props.act, PageIntent::Meters(MetersIntent::Toggle))}>{ icon("x") }</button>
        </div>
    }
}

/// A share of the scale in pixels.
fn across(plot: Plot, x: u32) -> f64 {
    plot.width * f64::from(x) / f64::from(MetersView::WIDE)
}

fn height(y: u32) -> f64 {
    HIGH * (1.0 - f64::from(y) / f64::from(MetersView::HIGH))
}

fn chart(view: &MetersView, (index, chart): (usize, &ChartView), plot: Plot) -> Html {
    let value = |(index, line): (usize, &MeterLine)| {
        html! {
            <li>
                <svg width="18" height="8" aria-hidden="true"><path class={line_class(index)} d="M0 4H18" /></svg>
                if chart.lines.len() > 1 { { format!("{} ", line.name) } }<b>{ line.value.clone() }</b>
            </li>
        }
    };
    // A long name of JMX goes on in the next line behind a sign of its own, not within a word.
    let part = |part: &str| html! { <>{ part.to_owned() }<wbr /></> };
    let bean = |line: &String| html! { <code>{ for line.split_inclusive([':', ',']).map(part) }</code> };
    html! {
        <div class="meter" key={chart.title.clone()}>
            <div class="meter-words"><b>{ chart.title.clone() }</b>{ for chart.bean.iter().map(bean) }</div>
            <svg class="meter-plot" width={num(plot.width)} height={num(HIGH + ABOVE)} role="img" aria-label={chart.label.clone()}>
                <g transform={format!("translate(0 {})", num(ABOVE))}>
                    { field(view, (chart, index == 0), plot) }
                    { for chart.lines.iter().enumerate().map(|(index, line)| drawn(view, (index, line), plot)) }
                </g>
            </svg>
            <div class="meter-values">
                if index == 0 { <p class="meter-at">{ view.at_text.clone() }</p> }
                <ul>{ for chart.lines.iter().enumerate().map(value) }</ul>
                if !chart.note.is_empty() { <p class="muted">{ chart.note.clone() }</p> }
            </div>
        </div>
    }
}

/// What lies behind the lines: the stretch, fields without samples, what happened, the reader's instant.
fn field(view: &MetersView, (chart, is_first): (&ChartView, bool), plot: Plot) -> Html {
    let strip = |class: &'static str, (from, to): (u32, u32)| {
        let (x, width) = (num(across(plot, from)), num(across(plot, to.saturating_sub(from))));
        html! { <rect {class} {x} y="0" {width} height={num(HIGH)} /> }
    };
    let silent = |(from, to): &(u32, u32)| {
        let wide = across(plot, to - from) > 150.0;
        html! {
            <>
                { strip("meter-silent", (*from, *to)) }
                if wide { <text class="x i2 mid" x={num(across(plot, from.midpoint(*to)))} y={num(HIGH / 2.0 + 4.0)}>{ chart.silence }</text> }
            </>
        }
    };
    let label = |(y, text): &(u32, String)| {
        html! { <text class="x n i2 end" x="-8" y={num((height(*y) + 4.0).min(HIGH))}>{ text.clone() }</text> }
    };
    let mark = |mark: &MeterMark| {
        let (x, stroke) = (num(across(plot, mark.x)), tone_colour(mark.tone));
        html! { <path d={format!("M{x} -{}V{}", num(ABOVE), num(HIGH))} {stroke} stroke-width="1.5" /> }
    };
    html! {
        <>
            <rect class="meter-ground" x="0" y="0" width={num(plot.width)} height={num(HIGH)} />
            if let Some(stretch) = view.stretch { { strip("meter-stretch", stretch) } }
            { for chart.silent.iter().map(silent) }
            <path class="meter-floor" d={format!("M0 {}H{}", num(HIGH), num(plot.width))} />
            { for chart.scale.iter().map(label) }
            { for view.marks.iter().map(mark) }
            if is_first { { for marked(&view.marks, plot) } }
            <path class="meter-now" d={format!("M{} -{}V{}", num(across(plot, view.now)), num(ABOVE), num(HIGH))} />
        </>
    }
}

/// What happened, in words at its line: right of it where there is room up to the next one, else left of it, else not at
/// all; the timeline has it, too.
fn marked(marks: &[MeterMark], plot: Plot) -> Vec<Html> {
    let mut free = 0.0;
    let next = |index: usize| marks.get(index + 1).map_or(plot.width, |mark| across(plot, mark.x));
    let word = |(index, mark): (usize, &MeterMark)| {
        let (x, wide) = (across(plot, mark.x), measure::width(&mark.text, Spelling::of(Size::Micro).strong()) + 8.0);
        let (class, place, until) = match (next(index) - x >= wide, x - free >= wide) {
            (true, _) => ("x b", x + 4.0, x + wide),
            (false, true) => ("x b end", x - 4.0, x),
            (false, false) => return None,
        };
        free = until;
        Some(html! { <text {class} x={num(place)} y="-3" fill={tone_colour(mark.tone)}>{ mark.text.clone() }</text> })
    };
    marks.iter().enumerate().filter_map(word).collect()
}

fn line_class(index: usize) -> String {
    format!("meter-line l{index}")
}

fn drawn(view: &MetersView, (index, line): (usize, &MeterLine), plot: Plot) -> Html {
    let point = |(x, y): &(u32, u32)| format!("{} {}", num(across(plot, *x)), num(height(*y)));
    let run = |run: &Vec<(u32, u32)>| {
        let points: Vec<String> = run.iter().map(point).collect();
        let d = if points.len() == 1 { format!("M{}h1", points[0]) } else { format!("M{}", points.join("L")) };
        html! { <path class={line_class(index)} {d} /> }
    };
    html! {
        <>
            { for line.runs.iter().map(run) }
            if let Some(y) = line.at { <circle class="meter-dot" cx={num(across(plot, view.at))} cy={num(height(y))} r="4" /> }
        </>
    }
}

/// The scale of time below all charts.
fn scale(view: &MetersView, plot: Plot) -> Html {
    let tick = |(x, label): &(u32, String)| {
        let class = match *x {
            0 => "x n i2",
            MetersView::WIDE => "x n i2 end",
            _ => "x n i2 mid",
        };
        html! { <text {class} x={num(across(plot, *x))} y="12">{ label.clone() }</text> }
    };
    html! { <svg class="meter-scale" width={num(plot.width)} height="18" aria-hidden="true">{ for view.ticks.iter().map(tick) }</svg> }
}
