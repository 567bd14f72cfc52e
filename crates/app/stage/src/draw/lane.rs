//! A broker's lane: frame, head, switch, rows and stamp. Each row is a piece of its own, so that only those that changed
//! are drawn again.

use std::rc::Rc;

use view::text::Language;
use view::{BrokerState, BrokerView, RowView, Thing};

use super::brokers::Field;
use super::grid::Grid;
use super::parts::{rect, text};
use super::replica::{Replica, heads};
use super::{Stand, brokers, head, line, row, strip, swept};
use crate::geometry::{Area, Point, point};
use crate::mark::{Align, Button, Gathered, Mark, Part, Press, Size, Spelling};
use crate::measure;
use crate::places::Lane;
use crate::plan::{Head, LanesPlan};
use crate::room::Step;
use crate::scene::{Scene, same};

/// A view and what was drawn of it.
type Kept = (Rc<BrokerView>, Rc<Part>);

/// What lanes were drawn of: a lane whose view is the same value in the same place is not drawn again.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    plan: LanesPlan,
    field: Field,
    language: Language,
    lanes: Vec<Kept>,
}

impl Drawn {
    /// The lane of this view, if it was drawn, and what was drawn instead if not.
    fn lane(&self, index: usize, view: &Rc<BrokerView>) -> (Option<Rc<Part>>, Option<&Kept>) {
        let known = self.lanes.get(index);
        (known.filter(|known| Rc::ptr_eq(&known.0, view)).map(|known| known.1.clone()), known)
    }
}

/// All lanes, and what frames them.
pub fn parts(stand: &Stand<'_>, last: Option<&Scene>) -> (Vec<Rc<Part>>, Drawn) {
    let field = if stand.places.step >= Step::Brokers { Field::of(&stand.stage.brokers) } else { Field::default() };
    let (plan, language) = (stand.plan.lanes.clone(), stand.text.language);
    let known =
        last.filter(|last| std::ptr::eq(&raw const *last.places, stand.places)).and_then(|last| last.drawn.as_ref());
    let known = known.filter(|known| known.plan == plan && known.field == field && known.language == language);
    let mut lanes = Vec::with_capacity(stand.places.lanes.len());
    for (index, (view, lane)) in stand.stage.brokers.iter().zip(&stand.places.lanes).enumerate() {
        let (kept, before) = known.map_or((None, None), |known| known.lane(index, view));
        let part = kept.unwrap_or_else(|| {
            let part = match lane.step {
                Step::Cells | Step::Strips | Step::Lines => full(stand, view, lane, before),
                Step::Brokers | Step::Bars => brokers::line(stand, field, view, lane),
            };
            same(swept(part), last)
        });
        lanes.push((view.clone(), part));
    }
    let frames = if stand.places.step >= Step::Brokers { brokers::frames(stand, field) } else { Vec::new() };
    let parts = frames.into_iter().chain(lanes.iter().map(|(_, part)| part.clone())).collect();
    (parts, Drawn { plan, field, language, lanes })
}

/// A broker with all its rows; rows that are as before are taken over.
fn full(stand: &Stand<'_>, view: &BrokerView, lane: &Lane, before: Option<&Kept>) -> Rc<Part> {
    let class = match view.state {
        BrokerState::Stopped => "lane stopped",
        BrokerState::Paused => "lane hung",
        BrokerState::Running | BrokerState::Fenced | BrokerState::ShuttingDown => "lane",
    };
    let radius = if lane.step >= Step::Lines { 6.0 } else { 10.0 };
    let mut marks = vec![rect(lane.area, radius, class)];
    if view.selected {
        marks.push(rect(lane.area, radius, "sel"));
    }
    let stamp = Stamp::of(view, lane);
    let stamped = stamp.as_ref().filter(|stamp| stamp.turn == 0.0).map(|stamp| stamp.area.x - 6.0);
    match lane.head {
        Head::Above(height) => head::above(stand, view, (lane, height), stamped, &mut marks),
        Head::Beside(width) => head::beside(stand, view, (lane, width), &mut marks),
    }
    let before = before.filter(|(known, _)| known.state == view.state);
    for (index, (row, (_, at))) in view.rows.iter().zip(&lane.rows).enumerate() {
        let part = before.and_then(|before| same_row(before, index, row));
        marks.push(Mark::Part(part.unwrap_or_else(|| one_row(view, lane, row, *at))));
    }
    marks.extend(more(view, lane));
    marks.extend(stamp.map(|stamp| stamp.mark(view)));
    Rc::new(Part { key: format!("lane-{}", view.id), label: view.name.clone(), marks })
}

/// The piece of a row that is the same value as in the lane before.
fn same_row((known, part): &Kept, index: usize, row: &Rc<RowView>) -> Option<Rc<Part>> {
    known.rows.get(index).filter(|known| Rc::ptr_eq(known, row))?;
    part.marks.iter().filter_map(Mark::piece).nth(index).cloned()
}

/// One replica.
fn one_row(broker: &BrokerView, lane: &Lane, view: &RowView, at: Point) -> Rc<Part> {
    let stopped = broker.state == BrokerState::Stopped;
    let grid =
        if line::is_line(lane.step) { Grid { right: lane.row_size.0, ..Grid::of(lane) } } else { Grid::of(lane) };
    let replica = Replica { view, process: broker.process, stopped, at, grid };
    let marks = match lane.step {
        Step::Cells => row::row(&replica),
        Step::Strips => strip::strip(&replica),
        Step::Lines | Step::Brokers | Step::Bars => line::line(&replica),
    };
    let thing = Thing::Replica { process: broker.process, partition: view.partition.clone() };
    let button = Button {
        press: Press::Select(thing),
        label: view.label.clone(),
        name: format!("row-{}", view.partition),
        area: lane.row_box(at),
        class: if view.selected { "row on" } else { "row" },
        pressed: Some(view.selected),
        marks,
    };
    swept(Part::new(format!("row-{}-{}", broker.id, view.partition), vec![Mark::Button(button)]))
}

/// What is not drawn, and the way to a list in which it can be found. A lane beside its head says it there.
fn more(view: &BrokerView, lane: &Lane) -> Option<Mark> {
    if view.more.is_empty() || lane.step > Step::Strips || matches!(lane.head, Head::Beside(_)) {
        return None;
    }
    let area = Area::new(lane.area.x + 8.0, lane.area.bottom() - 20.0, lane.area.width * 0.6, 20.0);
    Some(more_button(view, area, Size::Micro))
}

/// The button of what is not drawn.
pub fn more_button(view: &BrokerView, area: Area, size: Size) -> Mark {
    let spelling = Spelling::of(size).color("i2");
    let words = text(area.x + 6.0, area.bottom() - 3.4, spelling, &view.more, area.width - 8.0);
    Mark::Button(Button {
        press: Press::List,
        label: format!("{}: {}", view.name, view.more),
        name: format!("more-{}", view.id),
        area,
        class: "",
        pressed: None,
        marks: vec![words],
    })
}

/// A word across a lane that does not work.
struct Stamp {
    area: Area,
    /// Degrees.
    turn: f64,
}

impl Stamp {
    /// Where no cells are; else, upright, in the head line. `None` where there is no word or no room for one.
    fn of(view: &BrokerView, lane: &Lane) -> Option<Stamp> {
        let (Head::Above(head), false) = (lane.head, view.stamp.is_empty()) else { return None };
        let width = measure::width(&view.stamp, STAMP) + 32.0;
        let grid = Grid::of(lane);
        let right = lane.area.right() - 14.0;
        let center_x = right - width / 2.0;
        // Turned by six degrees it is a little wider and higher than it is.
        let (wide, high) = (width + 4.0, 34.0 + width * 0.105);
        let is_free = |y: f64| {
            let mut rows = view.rows.iter().zip(&lane.rows);
            y + high / 2.0 <= lane.area.bottom() - 2.0
                && rows.all(|(row, (_, at))| {
                    let used = at.x + row_end(view, row, &grid);
                    (at.y - y).abs() >= grid.half + high / 2.0
                        || used + 4.0 <= center_x - wide / 2.0
                        || at.x > center_x + wide / 2.0
                })
        };
        let first = lane.area.y + head + high / 2.0;
        let middle = lane.area.middle().y + 8.0;
        let steps = (lane.area.height / 11.0).floor() as usize;
        let mut heights: Vec<f64> = (0..steps).map(|step| first + 11.0 * step as f64).collect();
        heights.push(middle);
        base::sort_by(&mut heights, |one, other| (one - middle).abs().total_cmp(&(other - middle).abs()));
        if let Some(y) = heights.into_iter().find(|y| is_free(*y)) {
            return Some(Stamp { area: Area::new(center_x - width / 2.0, y - 17.0, width, 34.0), turn: -6.0 });
        }
        let right = head::end(lane, head);
        Some(Stamp { area: Area::new(right - width, lane.area.y + head / 2.0 - 8.0, width, 24.0), turn: 0.0 })
    }

    fn mark(self, view: &BrokerView) -> Mark {
        let center = self.area.middle();
        let words = text(center.x, center.y + 5.5, STAMP, &view.stamp, self.area.width);
        let turn = (self.turn != 0.0).then_some((self.turn, point(center.x, center.y)));
        Mark::Gather(Gathered {
            class: "stamp",
            turn,
            marks: vec![rect(self.area, 6.0, ""), words],
            ..Gathered::default()
        })
    }
}

const STAMP: Spelling = Spelling::of(Size::Stamp).strong().align(Align::Middle);

/// Where a row's cells end; where a broker hangs or shuts down, the words behind those of a row that it leads.
fn row_end(view: &BrokerView, row: &RowView, grid: &Grid) -> f64 {
    let cells = grid.cells + grid.cell * row.cells.len().min(grid.count) as f64;
    if view.state == BrokerState::Stopped || !heads(row.badge) {
        return cells;
    }
    let words = format!("HW {}", row.high_watermark);
    cells + 6.0 + measure::width(&words, Spelling::of(Size::Micro).strong())
}
