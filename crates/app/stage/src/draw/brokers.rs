//! Brokers as one line each: a small cell for every replica, those that it leads first, or, where there is no room for
//! cells, a bar of them.

use std::fmt::Write;
use std::rc::Rc;

use view::{BrokerState, BrokerView, MarkRole, ReplicaMark};

use super::parts::{rect, text, texts};
use super::pieces::symbol;
use super::{Stand, head};
use crate::geometry::{Area, Num, point};
use crate::mark::{Align, Gathered, Mark, Part, Size, Spelling};
use crate::measure;
use crate::places::Lane;
use crate::plan::{BROKER_HEAD, BROKER_LOAD};
use crate::room::Step;

/// One class for each hue of topics.
const LEADS: [&str; 5] = ["mk lead t0", "mk lead t1", "mk lead t2", "mk lead t3", "mk lead t4"];
const COPIES: [&str; 5] = ["mk copy t0", "mk copy t1", "mk copy t2", "mk copy t3", "mk copy t4"];
const MISSING: [&str; 5] = ["mk miss t0", "mk miss t1", "mk miss t2", "mk miss t3", "mk miss t4"];
/// Right of the rack's name.
const NUMBER_END: f64 = 40.0;
const LOAD: f64 = 66.0;

/// Frames around racks with their names, and what the columns mean.
// A function of its own, so that it can come after the opening; so is the next.
#[inline(never)]
pub fn frames(stand: &Stand<'_>, field: Field) -> Vec<Rc<Part>> {
    let mut marks = Vec::new();
    for rack in &stand.places.racks {
        marks.push(rect(rack.area, 6.0, "lane"));
        let at = point(rack.area.x + 12.0, rack.area.middle().y);
        let spelling = Spelling::of(Size::Micro).color("i3").align(Align::Middle);
        if let Some(name) = texts(at.x, at.y, spelling, &rack.text, rack.area.height - 8.0) {
            let turn = Some((-90.0, at));
            marks.push(Mark::Gather(Gathered { turn, marks: vec![name], ..Gathered::default() }));
        }
    }
    vec![Part::new("racks", marks), Part::new("columns", columns(stand, field))]
}

fn columns(stand: &Stand<'_>, field: Field) -> Vec<Mark> {
    let (plan, [leaders, copies, load]) = (&stand.plan.lanes, stand.text.stage.columns);
    let (x, y) = (plan.x + BROKER_HEAD, plan.top + 11.0);
    let spelling = Spelling::of(Size::Micro);
    if plan.step == Step::Bars {
        let missing = stand.text.stage.missing_copies;
        let order = [leaders, copies, missing].join(", ");
        return vec![text(plan.x + 14.0, y, spelling.color("i2"), &order, plan.width - 28.0)];
    }
    let first = text(x, y, spelling.strong(), leaders, 120.0);
    let end = if let Mark::Text(words) = &first { words.area().right() + 8.0 } else { x };
    let second = (x + plan.mark * (field.led + 1) as f64).max(end);
    let last = plan.x + plan.width - BROKER_LOAD + 8.0;
    vec![
        first,
        text(second, y, spelling.color("i2"), copies, last - second - 8.0),
        text(last, y, spelling.color("i2"), load, BROKER_LOAD - 8.0),
    ]
}

/// What all lines have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Field {
    /// Partitions that each broker leads where they are spread evenly: the copies begin behind so many.
    led: usize,
    /// The most marks of one broker.
    most: usize,
}

impl Field {
    /// Of all brokers.
    pub fn of(brokers: &[Rc<BrokerView>]) -> Field {
        let leads = |broker: &Rc<BrokerView>| broker.marks.iter().filter(|mark| mark.role == MarkRole::Leads).count();
        Field {
            led: brokers.iter().map(leads).sum::<usize>().div_ceil(brokers.len().max(1)),
            most: brokers.iter().map(|broker| broker.marks.len()).max().unwrap_or(0),
        }
    }
}

/// One broker.
#[inline(never)]
pub fn line(stand: &Stand<'_>, field: Field, view: &BrokerView, lane: &Lane) -> Rc<Part> {
    let area = lane.area;
    let mut marks = vec![number(view, area)];
    match lane.step {
        Step::Bars => bar(field, view, area, &mut marks),
        Step::Cells | Step::Strips | Step::Lines | Step::Brokers => {
            cells((stand.plan.lanes.mark, field), view, area, &mut marks);
            load(view, area, &mut marks);
        }
    }
    let select = head::select(view, Area::new(area.x + 16.0, area.y, area.width - 18.0, area.height), marks);
    let switch_area = Area::new(area.right() - 30.0, area.middle().y - 12.0, 24.0, 24.0);
    let mut marks = Vec::new();
    if view.selected {
        marks.push(rect(Area::new(area.x + 15.0, area.y, area.width - 17.0, area.height), 3.0, "sel"));
    }
    marks.push(select);
    marks.extend(head::open(stand, view, lane, Area { x: switch_area.x - 26.0, ..switch_area }));
    marks.push(head::switch(view, switch_area, "quiet-switch"));
    let class = if view.selected { "lane-group on" } else { "lane-group" };
    let label =
        if view.load.text.is_empty() { view.label.clone() } else { format!("{}, {}", view.label, view.load.text) };
    let marks = vec![Mark::Gather(Gathered { class, marks, ..Gathered::default() })];
    Rc::new(Part { key: format!("lane-{}", view.id), label, marks })
}

/// Its id, which is all that fits.
fn number(view: &BrokerView, area: Area) -> Mark {
    let spelling = Spelling::of(Size::Micro).mono().align(Align::End);
    let spelling = match view.state {
        BrokerState::Running => spelling.color("i3"),
        BrokerState::Stopped => spelling.strong().color("f-bad"),
        BrokerState::Paused | BrokerState::Fenced | BrokerState::ShuttingDown => spelling.strong().color("f-warn"),
    };
    text(area.x + NUMBER_END, area.middle().y + 4.0, spelling, &view.id.to_string(), NUMBER_END - 15.0)
}

/// A box of dashes with the word for why a broker has no cells.
fn stopped(view: &BrokerView, area: Area, marks: &mut Vec<Mark>) {
    marks.push(rect(area, 2.0, "line-stopped"));
    let middle = area.middle();
    let spelling = Spelling::of(Size::Micro).strong().color("f-bad").align(Align::Middle);
    marks.extend(texts(middle.x, middle.y + 3.9, spelling, &view.line, area.width - 8.0));
}

/// A square for each replica: a thousand of them are a texture in which the missing ones stand out.
fn cells((pitch, field): (f64, Field), view: &BrokerView, area: Area, marks: &mut Vec<Mark>) {
    let x = area.x + BROKER_HEAD;
    let high = (area.height - 3.0).min(14.0);
    let y = area.middle().y - high / 2.0;
    // Places for marks.
    let count = ((area.width - BROKER_HEAD - BROKER_LOAD) / pitch + 0.01).floor() as usize;
    if view.state == BrokerState::Stopped {
        return stopped(view, Area::new(x, y, pitch * (field.most + 1).min(count) as f64 - 2.0, high), marks);
    }
    let leads = view.marks.iter().filter(|mark| mark.role == MarkRole::Leads).count();
    let copies = view.marks.len() - leads;
    // Below each other on all lines, as far as those that lead more leave room and those that copy more need it.
    let first = field.led.max(leads).min((count - 1).saturating_sub(copies)) + 1;
    let mut paths = Paths::default();
    let (mut leader, mut copy) = (0, first.max(leads + 1));
    for mark in view.marks.iter() {
        let place = match mark.role {
            MarkRole::Leads => &mut leader,
            MarkRole::Copies => &mut copy,
        };
        paths.put(mark, Area::new(x + pitch * *place as f64, y, pitch - 2.0, high));
        *place += 1;
    }
    paths.marks(marks);
}

/// Marks of one hue and kind are one path: fifty brokers have fifteen hundred.
#[derive(Default)]
struct Paths {
    leads: [String; 5],
    copies: [String; 5],
    missing: [String; 5],
    slashes: String,
    crosses: String,
}

impl Paths {
    /// Squares of one look become one path, so that a thousand replicas cost the browser a dozen elements.
    fn put(&mut self, mark: &ReplicaMark, area: Area) {
        let hue = usize::from(mark.hue.min(4));
        match (mark.role, mark.out) {
            (MarkRole::Leads, _) => {
                boxed(&mut self.leads[hue], area);
                if mark.short {
                    hollow(&mut self.leads[hue], area);
                    slash(&mut self.slashes, area);
                }
            }
            (MarkRole::Copies, false) => boxed(&mut self.copies[hue], inside(area, 0.5)),
            (MarkRole::Copies, true) => {
                boxed(&mut self.missing[hue], inside(area, 0.5));
                slash(&mut self.slashes, area);
            }
        }
        if mark.offline {
            slash(&mut self.crosses, area);
            let _ =
                write!(self.crosses, "M{} {}L{} {}", Num(area.x), Num(area.y), Num(area.right()), Num(area.bottom()));
        }
    }

    /// What was gathered.
    fn marks(self, marks: &mut Vec<Mark>) {
        let kinds = [(self.leads, LEADS), (self.copies, COPIES), (self.missing, MISSING)];
        for (paths, classes) in kinds {
            let drawn = paths.into_iter().zip(classes).filter(|(d, _)| !d.is_empty());
            marks.extend(drawn.map(|(d, class)| Mark::Path { d, class }));
        }
        let signs = [(self.slashes, "mk-slash"), (self.crosses, "mk-cross")];
        marks.extend(signs.into_iter().filter(|(d, _)| !d.is_empty()).map(|(d, class)| Mark::Path { d, class }));
    }
}

/// Smaller on every side.
fn inside(area: Area, by: f64) -> Area {
    Area::new(area.x + by, area.y + by, area.width - 2.0 * by, area.height - 2.0 * by)
}

/// A rectangle as part of a path.
fn boxed(d: &mut String, area: Area) {
    let (width, height) = (Num(area.width), Num(area.height));
    let _ = write!(d, "M{} {}h{width}v{height}h-{width}z", Num(area.x), Num(area.y));
}

/// The other way round, so that it is a hole.
fn hollow(d: &mut String, area: Area) {
    let area = inside(area, 1.5);
    let (width, height) = (Num(area.width), Num(area.height));
    let _ = write!(d, "M{} {}v{height}h{width}v-{height}z", Num(area.x), Num(area.y));
}

/// A line across: what is missing must be seen without colours.
fn slash(d: &mut String, area: Area) {
    let area = inside(area, 1.5);
    let _ = write!(d, "M{} {}L{} {}", Num(area.x), Num(area.bottom()), Num(area.right()), Num(area.y));
}

/// What it has to do, as a share of what the busiest has; or the word for what it is.
fn load(view: &BrokerView, area: Area, marks: &mut Vec<Mark>) {
    let (x, middle) = (area.right() - BROKER_LOAD + 8.0, area.middle().y);
    match view.state {
        BrokerState::Stopped => {}
        BrokerState::Running => {
            let ground = Area::new(x, middle - 3.0, LOAD, 6.0);
            marks.push(rect(ground, 1.5, "load-0"));
            let share = f64::from(view.load.share.min(1000)) / 1000.0;
            if share > 0.0 {
                let class = if view.load.heat.is_some() { "load-1 hot" } else { "load-1" };
                marks.push(rect(Area { width: (LOAD * share).max(1.5), ..ground }, 1.5, class));
            }
            // Not by colour alone.
            if view.load.heat.is_some() {
                marks.push(symbol("bolt", Area::new(ground.right() - 11.0, middle - 5.0, 10.0, 10.0), ""));
            }
        }
        BrokerState::Paused | BrokerState::Fenced | BrokerState::ShuttingDown => {
            let spelling = Spelling::of(Size::Micro).strong().color("f-warn");
            marks.extend(texts(x, middle + 4.0, spelling, &view.line, LOAD + 6.0));
        }
    }
}

/// Leaders, copies and missing ones as one bar, as long as the broker with most has.
fn bar(field: Field, view: &BrokerView, area: Area, marks: &mut Vec<Mark>) {
    let total = view.marks.len().to_string();
    let spelling = Spelling::of(Size::Micro).mono().color("i3");
    let x = area.x + BROKER_HEAD;
    let room = area.right() - 10.0 - measure::width("0000", spelling) - x;
    let high = (area.height - 4.0).min(12.0);
    let y = area.middle().y - high / 2.0;
    if view.state == BrokerState::Stopped {
        return stopped(view, Area::new(x, y, room, high), marks);
    }
    let most = field.most.max(1);
    let leads = view.marks.iter().filter(|mark| mark.role == MarkRole::Leads).count();
    let missing = view.marks.iter().filter(|mark| mark.role == MarkRole::Copies && mark.out).count();
    let copies = view.marks.len() - leads - missing;
    let mut from = x;
    for (count, class) in [(leads, "seg lead"), (copies, "seg copy"), (missing, "seg miss")] {
        let width = room * count as f64 / most as f64;
        if count > 0 {
            marks.push(rect(Area::new(from, y, (width - 1.0).max(1.0), high), 1.5, class));
        }
        from += width;
    }
    marks.extend(texts(from + 5.0, area.middle().y + 4.0, spelling, &total, area.right() - 6.0 - from));
}
