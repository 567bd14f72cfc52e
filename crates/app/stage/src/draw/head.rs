//! The head of a lane: the broker's name, how it is, what it has to say in detail, and its switch.

use view::{BrokerState, BrokerView, Thing};

use super::Stand;
use super::lane::more_button;
use super::parts::{self, rect, text, texts, tone_class};
use crate::geometry::{Area, point};
use crate::mark::{Align, Button, Mark, Press, Size, Spelling, Switch, Words};
use crate::measure;
use crate::places::Lane;
use crate::room::Step;

/// The broker's name and its line.
fn name_spelling(view: &BrokerView, size: Size) -> Spelling {
    let name = Spelling::of(size).strong();
    if view.state == BrokerState::Stopped { name.color("f-off") } else { name }
}

fn line_spelling(view: &BrokerView, size: Size) -> Spelling {
    let line = Spelling::of(size).color(tone_class(view.line_tone));
    if view.state == BrokerState::Stopped { line.strong().color("f-bad") } else { line }
}

/// The button that selects the broker.
pub fn select(view: &BrokerView, area: Area, marks: Vec<Mark>) -> Mark {
    Mark::Button(Button {
        press: Press::Select(Thing::Process(view.process)),
        label: view.label.clone(),
        name: format!("broker-{}", view.id),
        area,
        class: "",
        pressed: Some(view.selected),
        marks,
    })
}

/// Over the rows, in one line: name, rack, line, details, switch. `stamped`: where a stamp in the head begins.
pub fn above(
    stand: &Stand<'_>,
    view: &BrokerView,
    (lane, height): (&Lane, f64),
    stamped: Option<f64>,
    marks: &mut Vec<Mark>,
) {
    let (area, baseline) = (lane.area, lane.area.y + height * 0.72);
    let switch_area = switch_box(lane, height);
    let opens = open(stand, view, lane, Area::new(switch_area.x - 30.0, switch_area.y, 28.0, 28.0));
    let mut right = stamped.unwrap_or(end(lane, height));
    let name = text(area.x + 14.0, baseline, name_spelling(view, Size::Label), &view.name, (right - area.x) * 0.5);
    let mut x = area.x + 14.0 + name_width(&name) + 12.0;
    let mut front = vec![name];
    if let Some(rack) = texts(x, baseline, Spelling::of(Size::Micro).color("i3"), &view.rack_text, (right - x) * 0.3) {
        x += name_width(&rack) + 12.0;
        front.push(rack);
    }
    x = x.max(area.x + 90.0);
    let spelling = line_spelling(view, Size::Small);
    if stamped.is_none() {
        let wished = x + measure::width(&view.line, spelling).min((right - x) * 0.6);
        right = details(view, (wished + 10.0, right, baseline), marks);
    }
    front.extend(texts(x, baseline, spelling, &view.line, right - x));
    let end = front.last().map_or(x, |line| x + name_width(line));
    let hit = Area::new(area.x + 8.0, area.y + 4.0, (end + 6.0 - area.x - 8.0).max(90.0), 28.0);
    marks.push(select(view, hit, front));
    marks.extend(opens);
    marks.push(switch(view, switch_area, ""));
}

fn name_width(mark: &Mark) -> f64 {
    if let Mark::Text(words) = mark { words.area().width } else { 0.0 }
}

/// From the right: metadata offset, parked requests, groups that it coordinates, each where it has room behind `left`.
/// Says how far the line may go.
fn details(view: &BrokerView, (left, mut right, y): (f64, f64, f64), marks: &mut Vec<Mark>) -> f64 {
    let micro = Spelling::of(Size::Micro).align(Align::End);
    let meta = micro.mono().color("i3");
    if !view.metadata_offset.is_empty() {
        // Reserved for four digits, so that the others stand still while it grows.
        let wide = measure::width(&view.metadata_offset, meta).max(62.0);
        if right - wide >= left {
            marks.push(text(right, y, meta, &view.metadata_offset, wide));
            right -= wide + 9.0;
        }
    }
    if !view.parked.is_empty() {
        let wide = measure::width(&view.parked, micro) + 17.0;
        if right - wide >= left {
            marks.push(text(right, y, micro.color("i2"), &view.parked, wide));
            marks.push(Mark::Symbol {
                name: "wait",
                area: Area::new(right - wide, y - 11.0, 13.0, 13.0),
                color: "ink-3",
            });
            right -= wide + 12.0;
        }
    }
    if !view.coordinates.is_empty() && right - left >= 40.0 {
        let most = (right - left - 15.0).min(160.0);
        let groups = text(right, y, micro.color("i2"), &view.coordinates, most);
        let flag = right - name_width(&groups) - 15.0;
        marks.push(Mark::Symbol { name: "flag", area: Area::new(flag, y - 11.0, 12.0, 13.0), color: "" });
        marks.push(groups);
        right = flag - 9.0;
    }
    right
}

/// Left of the rows: name, line and switch below each other where all lanes are high enough, else side by side.
pub fn beside(stand: &Stand<'_>, view: &BrokerView, (lane, width): (&Lane, f64), marks: &mut Vec<Mark>) {
    let area = Area::new(lane.area.x, lane.area.y, width + 8.0, lane.area.height);
    let lowest = stand.places.lanes.iter().map(|lane| lane.area.height).fold(f64::INFINITY, f64::min);
    if lowest >= 72.0 { high(stand, view, (lane, area), marks) } else { low(stand, view, (lane, area), marks) }
}

/// Name, state and load of a broker where lanes are high.
fn high(stand: &Stand<'_>, view: &BrokerView, (lane, area): (&Lane, Area), marks: &mut Vec<Mark>) {
    let (x, most) = (area.x + 12.0, area.width - 18.0);
    let name = name_spelling(view, Size::Label);
    let name = if measure::width(&view.name, name) > most { name_spelling(view, Size::Small) } else { name };
    let mut front = vec![text(x, area.y + 18.0, name, &view.name, most)];
    let switch_area = Area::new(area.x + 9.0, area.bottom() - 28.0, 24.0, 24.0);
    let mut y = area.y + 32.0;
    let mut bottom = switch_area.y - 2.0;
    if !view.more.is_empty() && bottom - y > 40.0 {
        bottom -= 24.0;
        marks.push(more_button(view, Area::new(area.x + 6.0, bottom, area.width - 12.0, 22.0), Size::Micro));
    }
    let spelling = line_spelling(view, Size::Micro);
    let rack = Spelling::of(Size::Micro).color("i3");
    if !view.rack_text.is_empty() && bottom >= y + 16.0 {
        front.push(text(x, y, rack, &view.rack_text, most));
        y += 13.0;
    }
    let count = ((bottom - y + 10.0) / 13.0).floor().clamp(0.0, 3.0) as usize;
    for words in parts::lines(&view.line, spelling, most, count) {
        front.push(Mark::Text(Words { at: point(x, y), ..words }));
        y += 13.0;
    }
    let hit = Area::new(
        area.x + 4.0,
        area.y + 2.0,
        area.width - 6.0,
        (y - 8.0 - area.y).min(bottom - area.y - 2.0).max(24.0),
    );
    marks.push(select(view, hit, front));
    marks.push(switch(view, switch_area, ""));
    marks.extend(open(stand, view, lane, Area { x: switch_area.x + 28.0, ..switch_area }));
}

/// The same in one line.
fn low(stand: &Stand<'_>, view: &BrokerView, (lane, area): (&Lane, Area), marks: &mut Vec<Mark>) {
    let middle = area.middle().y;
    // The arrow stands below the switch where both have room, else beside it, where it is seen only by who points there.
    let is_stacked = area.height >= STACKED;
    let up = if is_stacked { 24.5 } else { 12.0 };
    let switch_area = Area::new(area.right() - 30.0, middle - up, 24.0, 24.0);
    let (x, most) = (area.x + 10.0, switch_area.x - area.x - 12.0);
    let count = ((area.height - 16.0) / 12.6).floor().clamp(1.0, 3.0) as usize;
    let with_rack = count > 1 && !view.rack_text.is_empty();
    let said = parts::lines(&view.line, line_spelling(view, Size::Micro), most, count - usize::from(with_rack));
    let rack = with_rack.then(|| text(0.0, 0.0, Spelling::of(Size::Micro).color("i3"), &view.rack_text, most));
    let below: Vec<Mark> = rack.into_iter().chain(said.into_iter().map(Mark::Text)).collect();
    // Name and lines stand around the middle together.
    let mut y = middle + 4.0 - 6.3 * below.len() as f64;
    let mut front = vec![text(x, y, name_spelling(view, Size::Small), &view.name, most)];
    for mark in below {
        y += 12.6;
        if let Mark::Text(words) = mark {
            front.push(Mark::Text(Words { at: point(x, y), ..words }));
        }
    }
    let height = 14.0 + 12.6 * (front.len() - 1) as f64;
    marks.push(select(view, Area::new(area.x + 4.0, middle - height / 2.0 - 1.0, most + 6.0, height.max(24.0)), front));
    marks.push(switch(view, switch_area, ""));
    let beside = Area { x: switch_area.x - 26.0, ..switch_area };
    let place = if is_stacked { Area { y: middle + 0.5, ..switch_area } } else { beside };
    let quiet = if is_stacked || lane.opened { "" } else { "quiet-open" };
    marks.extend(open(stand, view, lane, place).map(|mark| match mark {
        Mark::Button(button) => Mark::Button(Button { class: quiet, ..button }),
        other => other,
    }));
}

/// From this height on a head has room for two buttons below each other.
const STACKED: f64 = 50.0;

/// The box of the switch in a head of this height.
pub fn switch_box(lane: &Lane, height: f64) -> Area {
    Area::new(lane.area.right() - 68.0, lane.area.y + height / 2.0 - 12.0, 28.0, 28.0)
}

/// Where a head's words end: before its switch, and before what closes an opened lane.
pub fn end(lane: &Lane, height: f64) -> f64 {
    switch_box(lane, height).x - if lane.opened { 38.0 } else { 8.0 }
}

/// What the switch does, and its sign's name and colour.
pub fn switch_of(view: &BrokerView) -> (Switch, (&'static str, &'static str)) {
    match view.state {
        BrokerState::Stopped => (Switch::Start, ("again", "accent")),
        BrokerState::Paused => (Switch::Resume, ("again", "accent")),
        BrokerState::Running | BrokerState::Fenced | BrokerState::ShuttingDown => {
            (Switch::Kill, ("x", if view.tried { "bad" } else { "ink-2" }))
        }
    }
}

/// ✕ or ↻.
pub fn switch(view: &BrokerView, area: Area, class: &'static str) -> Mark {
    let (press, (name, color)) = switch_of(view);
    let edge = (area.width - 16.0) / 2.0;
    let icon = Area::new(area.x + edge, area.y + edge, 16.0, 16.0);
    Mark::Button(Button {
        press: Press::Switch(press, view.process),
        label: view.switch_label.clone(),
        name: format!("switch-{}", view.id),
        area,
        class,
        pressed: None,
        marks: vec![
            rect(area, 6.0, if view.tried { "try" } else { "hitbox" }),
            Mark::Symbol { name, area: icon, color },
        ],
    })
}

/// What opens a lane at full size, or closes it: where lanes are lines, and on those that are opened.
pub fn open(stand: &Stand<'_>, view: &BrokerView, lane: &Lane, area: Area) -> Option<Mark> {
    if !lane.opened && lane.step <= Step::Strips {
        return None;
    }
    let words = &stand.text.stage;
    let edge = (area.width - 14.0) / 2.0;
    let icon = Area::new(area.x + edge, area.y + edge, 14.0, 14.0);
    Some(Mark::Button(Button {
        press: Press::OpenLane(view.id),
        label: if lane.opened { (words.close_lane)(view.id.0) } else { (words.open_lane)(view.id.0) },
        name: format!("open-{}", view.id),
        area,
        class: if lane.opened { "" } else { "quiet-switch" },
        pressed: Some(lane.opened),
        marks: vec![rect(area, 6.0, "hitbox"), Mark::Symbol { name: "down", area: icon, color: "ink-2" }],
    }))
}
