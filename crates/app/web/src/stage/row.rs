//! One replica: name, badge, star, ISR dots and the strip of cells with its marks.

use std::rc::Rc;

use view::{
    BadgeView, BrokerState, CellState, CellView, IsrDotState, IsrDotView, Offset, RowView, StarView, short_name,
};
use yew::prelude::*;

use super::geometry::{Area, Num, Point, ease_out, num};
use super::glyph::glyph;
use super::layout::Density;
use super::parts::{Press, hue, rect, text, tone_class};

const STRIP: f64 = 184.0;
/// From one cell to the next.
pub const CELL: f64 = 25.0;
/// Cells that fit into a lane.
pub const CELLS_SHOWN: usize = 12;

#[derive(Properties, PartialEq)]
pub struct RowProps {
    pub view: Rc<RowView>,
    pub at: (f64, f64),
    pub density: Density,
    pub broker: BrokerState,
    pub onselect: Callback<view::TopicPartition>,
}

/// A row of a lane.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let view = &props.view;
    let at = Point { x: props.at.0, y: props.at.1 };
    let onpress = {
        let (action, partition) = (props.onselect.clone(), view.partition.clone());
        Callback::from(move |()| action.emit(partition.clone()))
    };
    let height = match props.density {
        Density::Full => 44.0,
        Density::Compact => 23.0,
        Density::Bars => 18.0,
    };
    let width = if props.density == Density::Bars { 156.0 } else { 470.0 };
    let top = if props.density == Density::Full { 20.0 } else { height / 2.0 };
    let area = Area::new(at.x - 6.0, at.y - top, width, height);
    let body = match props.density {
        Density::Full | Density::Compact => strip(view, at, props),
        Density::Bars => bar(view, at, props.broker),
    };
    let class = if view.selected { "row on" } else { "row" };
    html! {
        <Press label={view.label.clone()} {onpress} {area} {class} pressed={view.selected} name={format!("row-{}", view.partition)}>
            { body }
        </Press>
    }
}

fn name_class(view: &RowView, stopped: bool) -> &'static str {
    match (stopped, view.leads()) {
        (true, true) => "n b f-off",
        (true, false) => "n i2 f-off",
        (false, true) => "n b",
        (false, false) => "n i2",
    }
}

fn strip(view: &RowView, at: Point, props: &RowProps) -> Html {
    let stopped = props.broker == BrokerState::Stopped;
    let name = short_name(&view.partition, 9);
    let full = props.density == Density::Full;
    html! {
        <>
            { text(at.x, at.y + 5.0, name_class(view, stopped), name) }
            { badge(view, at) }
            { star(view, at) }
            { isr(&view.isr, at) }
            if view.isr.is_empty() && !view.note.is_empty() {
                { text(at.x + 112.0, at.y + 4.5, format!("x {}", tone_class(view.note_tone)), view.note.clone()) }
            }
            { cells(view, at, full) }
            { marks(view, at, stopped, props.density) }
        </>
    }
}

/// The look of a badge.
pub fn badge_class(badge: BadgeView) -> &'static str {
    match badge {
        BadgeView::Leader => "badge lead",
        BadgeView::Arriving | BadgeView::Named => "badge ghost",
        BadgeView::Follower
        | BadgeView::Behind(_)
        | BadgeView::CatchingUp(_)
        | BadgeView::Eligible
        | BadgeView::NoLeader
        | BadgeView::OnDisk => "badge copy",
        BadgeView::Believes
        | BadgeView::HungLeader
        | BadgeView::Hung
        | BadgeView::Out
        | BadgeView::Empty
        | BadgeView::GoneLeader
        | BadgeView::GoneFollower
        | BadgeView::GoneDisk => "badge gone",
    }
}

fn badge(view: &RowView, at: Point) -> Html {
    let (class, letter) = (badge_class(view.badge), view.badge.letter());
    html! {
        <g class={classes!(class, hue(view.hue))}>
            { rect(Area::new(at.x + 70.0, at.y - 10.0, 20.0, 20.0), 4.0, "") }
            { text(at.x + 80.0, at.y + 4.3, "", letter) }
        </g>
    }
}

fn star(view: &RowView, at: Point) -> Html {
    let href = match view.star {
        None => return Html::default(),
        Some(StarView::Leads) => "#i-star",
        Some(StarView::Waits) => "#i-star0",
    };
    let (x, y) = (num(at.x + 94.0), num(at.y - 7.5));
    html! { <use {href} {x} {y} width="14" height="14" /> }
}

fn isr(dots: &[IsrDotView], at: Point) -> Html {
    let step = if dots.len() > 3 { 57.0 / dots.len() as f64 } else { 19.0 };
    let radius = (step * 0.4).clamp(4.5, 7.6);
    let dot = |(index, dot): (usize, &IsrDotView)| {
        let x = at.x + 117.0 + step * index as f64;
        let (class, out) = match dot.state {
            IsrDotState::In => ("dot", false),
            IsrDotState::Pending => ("dot pend", false),
            IsrDotState::Out => ("dot out", true),
            IsrDotState::Silent => ("dot dead", false),
        };
        html! {
            <g {class}>
                <circle cx={num(x)} cy={num(at.y)} r={num(radius)} />
                { text(x, at.y + 3.8, "", dot.broker.to_string()) }
                if out { <path d={format!("M{} {}l16 -16", Num(x - 8.0), Num(at.y + 8.0))} /> }
            </g>
        }
    };
    dots.iter().enumerate().map(dot).collect()
}

fn cell_class(state: CellState) -> &'static str {
    match state {
        CellState::Leader => "cell lead",
        CellState::Follower | CellState::Stored => "cell copy",
        CellState::Open => "cell open",
        CellState::Gone => "cell gone",
    }
}

/// The cells that the strip draws.
pub fn shown(view: &RowView) -> &[CellView] {
    &view.cells[view.cells.len().saturating_sub(CELLS_SHOWN)..]
}

fn cells(view: &RowView, at: Point, full: bool) -> Html {
    let half = if full { 12.0 } else { 9.0 };
    let cells = shown(view);
    let hidden = view.hidden_before > 0 || cells.len() < view.cells.len();
    let with_offsets = full && view.leads();
    let cell = |(index, cell): (usize, &CellView)| {
        let x = at.x + 170.0 + CELL * index as f64;
        html! { <g key={cell.offset.0}>{ one_cell(cell, x, at.y, half, view.hue) }{ offset(cell, x, at.y, with_offsets) }</g> }
    };
    html! {
        <>
            if hidden { { text(at.x + 167.0, at.y + 22.0, "x i3 end", "…") } }
            { for cells.iter().enumerate().map(cell) }
        </>
    }
}

fn offset(cell: &CellView, x: f64, y: f64, show: bool) -> Html {
    if !show || cell.state == CellState::Gone {
        return Html::default();
    }
    text(x + 11.5, y + 22.0, "x n mid i3", cell.offset.to_string())
}

fn one_cell(cell: &CellView, x: f64, y: f64, half: f64, topic_hue: u8) -> Html {
    let landed = ease_out(f64::from(cell.landed) / 1000.0);
    let lit = match cell.lit {
        None => None,
        Some(true) => Some("lit"),
        Some(false) => Some("dim"),
    };
    let size = if half > 10.0 { 18.0 } else { 15.0 };
    let opacity = (landed < 1.0).then(|| num(landed));
    let transform = (landed < 1.0).then(|| format!("translate(0 {})", Num((landed - 1.0) * 8.0)));
    html! {
        <g class={classes!(cell_class(cell.state), hue(topic_hue), lit)} {opacity} {transform}>
            { rect(Area::new(x, y - half, 23.0, half * 2.0), 4.0, "") }
            { glyph(cell.glyph, x + 11.5 - size / 2.0, y - size / 2.0, size) }
        </g>
    }
}

/// The x of the boundary before `offset`, inside the drawn part of the strip.
fn boundary(view: &RowView, at: Point, offset: Offset) -> f64 {
    let cells = shown(view);
    let first = cells.first().map_or(view.log_end, |cell| cell.offset);
    let steps = offset.since(first).clamp(0, cells.len() as i64);
    at.x + STRIP - 14.5 + CELL * steps as f64
}

fn marks(view: &RowView, at: Point, stopped: bool, density: Density) -> Html {
    if stopped || view.cells.is_empty() {
        return Html::default();
    }
    let end = boundary(view, at, view.log_end);
    let to = boundary(view, at, view.high_watermark);
    let x = match view.high_watermark_from {
        None => to,
        Some((from, share)) => {
            let from = boundary(view, at, from);
            from + (to - from) * ease_out(f64::from(share) / 1000.0)
        }
    };
    if !view.leads() {
        return mark(x, at.y - 10.0, 22.0, "mark thin");
    }
    if density == Density::Compact {
        return low_marks(view, at, (x, end));
    }
    let open = to < end;
    let ticked_end = view.epochs.iter().any(|tick| tick.offset == view.log_end);
    let hw = if open { text(x - 3.0, at.y - 13.0, "x b end", "HW") } else { text(x + 4.0, at.y - 13.0, "x b", "HW") };
    html! {
        <>
            { mark(x, at.y - 19.0, 34.0, "mark") }
            { hw }
            if open {
                { mark(end, at.y - 17.0, 32.0, "mark thin") }
                if !ticked_end { { text(end + 4.0, at.y - 13.0, "x i3", "LEO") } }
            }
            { ticks(view, at) }
            { lead_in(at, if open { end + 28.0 } else { end + 22.0 }, view.hue) }
        </>
    }
}

/// Rows without room above them say it behind the last cell.
fn low_marks(view: &RowView, at: Point, (mark_at, end): (f64, f64)) -> Html {
    let words = format!("HW {}", view.high_watermark);
    let fits = end + 60.0 < at.x + 476.0;
    html! {
        <>
            { mark(mark_at, at.y - 11.5, 23.0, "mark") }
            if end > mark_at { { mark(end, at.y - 10.0, 20.0, "mark thin") } }
            if fits { { text(end + 6.0, at.y + 4.0, "x b", words) } }
            { lead_in(at, end + 52.0, view.hue) }
        </>
    }
}

fn mark(x: f64, y: f64, length: f64, class: &'static str) -> Html {
    html! { <path {class} d={format!("M{} {}v{}", Num(x), Num(y), Num(length))} /> }
}

fn lead_in(at: Point, from: f64, topic_hue: u8) -> Html {
    let to = at.x + 476.0;
    if from > to {
        return Html::default();
    }
    html! { <g class={hue(topic_hue)}><path class="lead-in" d={format!("M{} {}H{}", Num(from), Num(at.y), Num(to))} /></g> }
}

fn ticks(view: &RowView, at: Point) -> Html {
    let tick = |tick: &view::EpochTickView| {
        let x = boundary(view, at, tick.offset);
        html! {
            <g class={hue(view.hue)}>
                <path class="tick" d={format!("M{} {}v9", Num(x), Num(at.y - 20.0))} />
                { text(x + 3.0, at.y - 13.0, "tickl", tick.text.clone()) }
            </g>
        }
    };
    view.epochs.iter().map(tick).collect()
}

/// Dense worlds: the letter, the name and a bar whose length is the log and whose solid part is committed.
fn bar(view: &RowView, at: Point, broker: BrokerState) -> Html {
    let stopped = broker == BrokerState::Stopped;
    let length = |offset: Offset| {
        let records = offset.since(view.log_start).max(0) as f64;
        56.0 * records / (records + 24.0)
    };
    let committed = length(view.high_watermark);
    let all = length(view.log_end);
    let class = if stopped {
        "bar gone"
    } else if view.leads() {
        "bar lead"
    } else {
        "bar copy"
    };
    let letter = view.badge.letter();
    html! {
        <g class={classes!(class, hue(view.hue))}>
            { text(at.x, at.y + 4.0, "x b", letter) }
            { text(at.x + 11.0, at.y + 4.0, name_class(view, stopped).replace('n', "n x"), short_name(&view.partition, 11)) }
            { rect(Area::new(at.x + 84.0, at.y - 5.0, 58.0, 10.0), 2.0, "bar-0") }
            { rect(Area::new(at.x + 85.0, at.y - 4.0, committed, 8.0), 1.0, "bar-1") }
            if all > committed { { rect(Area::new(at.x + 85.0 + committed, at.y - 4.0, all - committed, 8.0), 1.0, "bar-2") } }
            if view.isr.iter().any(|dot| dot.state == IsrDotState::Out) {
                <path class="bar-out" d={format!("M{} {}l8 -10", Num(at.x + 146.0), Num(at.y + 5.0))} />
            }
        </g>
    }
}
