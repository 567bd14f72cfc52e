//! A broker's lane: frame, head, switch, rows and stamp. Each row is a piece of its own, so that only those that changed
//! are drawn again.

use std::rc::Rc;

use view::{BrokerState, BrokerView, RowView, Thing};

use super::grid::Grid;
use super::parts::{rect, text};
use super::replica::Replica;
use super::{Stand, brokers, head, line, row, strip};
use crate::geometry::{Area, Point, point};
use crate::mark::{Align, Button, Gathered, Mark, Part, Press, Size, Spelling};
use crate::measure;
use crate::places::Lane;
use crate::plan::Head;
use crate::room::Step;

/// All lanes, and what frames them.
pub fn parts(stand: &Stand<'_>) -> Vec<Rc<Part>> {
    let mut parts = Vec::with_capacity(stand.places.lanes.len() + 2);
    if stand.places.step >= Step::Brokers {
        parts.extend(brokers::frames(stand));
    }
    for lane in &stand.places.lanes {
        let Some(view) = stand.stage.brokers.iter().find(|view| view.process == lane.process) else { continue };
        parts.push(match lane.step {
            Step::Cells | Step::Strips | Step::Lines => full(stand, view, lane),
            Step::Brokers | Step::Bars => brokers::line(stand, view, lane),
        });
    }
    parts
}

fn full(stand: &Stand<'_>, view: &BrokerView, lane: &Lane) -> Rc<Part> {
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
    let places = view.rows.iter().zip(&lane.rows);
    marks.extend(places.map(|(row, (_, at))| Mark::Part(one_row(view, lane, row, *at))));
    marks.extend(more(view, lane));
    marks.extend(stamp.map(|stamp| stamp.mark(view)));
    Rc::new(Part { key: format!("lane-{}", view.id), label: view.name.clone(), marks })
}

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
    Part::new(format!("row-{}-{}", broker.id, view.partition), vec![Mark::Button(button)])
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
                    let used = at.x + row_end(row, &grid);
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
        let right = head::switch_box(lane, head).x - 8.0;
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

/// Where a stopped row's cells, or its words where it has none, end.
fn row_end(row: &RowView, grid: &Grid) -> f64 {
    grid.cells + grid.cell * row.cells.len().min(grid.count) as f64
}
