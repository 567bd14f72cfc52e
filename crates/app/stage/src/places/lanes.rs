//! Where lanes and their rows stand.

use view::StageView;

use super::{Lane, Rack};
use crate::geometry::{Area, Point, point};
use crate::plan::{CHANNEL, COLUMNS, Head, LanesPlan, RACK_GAP, RACK_PAD};
use crate::room::{Crowd, Step};

/// All lanes in the view's order, and the frames around racks where brokers are one line each.
pub(super) fn lanes(stage: &StageView, crowd: &Crowd, plan: &LanesPlan) -> (Vec<Lane>, Vec<Rack>) {
    match plan.step {
        Step::Cells | Step::Strips | Step::Lines => (stacked(stage, crowd, plan), Vec::new()),
        Step::Brokers | Step::Bars => in_racks(stage, crowd, plan),
    }
}

fn stacked(stage: &StageView, crowd: &Crowd, plan: &LanesPlan) -> Vec<Lane> {
    let mut y = plan.top;
    let mut lanes = Vec::with_capacity(stage.brokers.len());
    for index in 0..stage.brokers.len() {
        let area = Area::new(plan.x, y, plan.width, plan.lane_height_of(crowd, index));
        y = area.bottom() + plan.gap;
        lanes.extend(lane(stage, plan, index, area));
    }
    lanes
}

/// `None` for a broker that is not there.
fn lane(stage: &StageView, plan: &LanesPlan, index: usize, area: Area) -> Option<Lane> {
    let (broker, own) = (stage.brokers.get(index)?, plan.of_lane(index));
    let lines = broker.rows.len().div_ceil(own.columns).max(1);
    let rows = broker.rows.iter().enumerate();
    let rows = rows.map(|(place, row)| (row.partition.clone(), row_place(area, &own, place, lines)));
    Some(Lane {
        process: broker.process,
        area,
        step: own.step,
        head: own.head,
        opened: plan.opened.contains(&index),
        row_size: (own.row_width(), own.pitch),
        channel: if own.step <= Step::Strips { CHANNEL } else { 0.0 },
        rows: if own.step <= Step::Lines { rows.collect() } else { Vec::new() },
    })
}

/// Down the first column, then the next: neighbours by name stand below each other.
fn row_place(area: Area, plan: &LanesPlan, index: usize, lines: usize) -> Point {
    let (column, line) = (index / lines, index % lines);
    let (x, y) = match plan.head {
        Head::Above(height) => (0.0, height),
        Head::Beside(width) => (width, plan.pad / 2.0),
    };
    let x = area.x + 14.0 + x + plan.column_width() * column as f64;
    point(x, area.y + y + plan.pitch * (line as f64 + 0.5))
}

/// Rack below rack. In each the brokers that are one line stand in columns, which end at an opened one and begin again
/// below it.
fn in_racks(stage: &StageView, crowd: &Crowd, plan: &LanesPlan) -> (Vec<Lane>, Vec<Rack>) {
    let mut places: Vec<Option<Area>> = vec![None; stage.brokers.len()];
    let mut racks = Vec::new();
    let mut y = plan.top + COLUMNS;
    for brokers in &crowd.racks {
        let mut bottom = y + RACK_PAD;
        for (lines, opened) in plan.stretches(brokers) {
            bottom = in_columns(plan, lines, bottom, &mut places);
            if let Some(index) = opened {
                let (own, height) = (plan.full(), plan.lane_height_of(crowd, index));
                let area = Area::new(own.x, bottom + RACK_GAP, own.width, height);
                if let Some(own) = places.get_mut(index) {
                    *own = Some(area);
                }
                bottom += height + 2.0 * RACK_GAP;
            }
        }
        let first = brokers.first().and_then(|index| stage.brokers.get(*index));
        let text = first.map(|broker| broker.rack_text.clone()).unwrap_or_default();
        racks.push(Rack { area: Area::new(plan.x, y, plan.width, bottom + RACK_PAD - y), text });
        y = bottom + RACK_PAD + RACK_GAP;
    }
    let placed = places.into_iter().enumerate();
    (placed.filter_map(|(index, area)| lane(stage, plan, index, area?)).collect(), racks)
}

/// Fills the places of lines from `y` down, column by column, and says where they end.
fn in_columns(plan: &LanesPlan, lines: &[usize], y: f64, places: &mut [Option<Area>]) -> f64 {
    let width = plan.width / plan.columns as f64;
    let down = lines.len().div_ceil(plan.columns);
    for (place, index) in lines.iter().enumerate() {
        let (column, line) = (place / down, place % down);
        let area = Area::new(plan.x + width * column as f64, y + plan.pitch * line as f64, width, plan.pitch);
        if let Some(own) = places.get_mut(*index) {
            *own = Some(area);
        }
    }
    y + plan.pitch * down as f64
}
