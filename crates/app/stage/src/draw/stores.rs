//! Stores outside Kafka: a card each below the group whose programs write there, and a line from each of those.

use std::rc::Rc;

use view::{StoreView, Thing};

use super::parts::text;
use super::pieces::{Choice, MICRO, NAME, Rests, SMALL, base, card, end, name_in};
use super::{Stand, one};
use crate::geometry::{Area, Path, point};
use crate::mark::{Mark, Part, Size};
use crate::measure;
use crate::one::{One, Reader};
use crate::plan::CardDetail;

/// All cards, and the lines to them.
pub fn parts(stand: &Stand<'_>) -> Vec<Rc<Part>> {
    let stores = stand.stage.stores.iter().zip(&stand.places.stores);
    let drawn = stores.flat_map(|(view, area)| {
        let lines = Part::new(format!("store-lines-{}", view.name), lines(stand, view, *area));
        [lines, one(view, *area, stand.plan.groups.detail)]
    });
    drawn.collect()
}

/// Where one partition is shown: a small card each, below the groups' cards, and a line along the edge from each of theirs.
pub fn beside(stand: &Stand<'_>, shown: &One<'_>) -> Vec<Rc<Part>> {
    let stores = stand.stage.stores.iter().zip(&stand.places.stores).filter(|(_, area)| area.height > 0.0);
    let drawn = stores.flat_map(|(view, area)| {
        let own = shown.readers.iter().filter(|reader| view.groups.contains(&stand.stage.groups[reader.group].name));
        let way = |reader: &Reader| {
            let (from, to) = (reader.area, *area);
            let x = from.right() + 2.0;
            let (y, end) = (from.bottom() - 8.0, to.y + 8.0);
            let way = Path::lines(&[point(from.right(), y), point(x, y), point(x, end), point(to.right(), end)]);
            Mark::Path { d: way.svg(), class: "store-way" }
        };
        let lines = Part::new(format!("store-lines-{}", view.name), own.map(way).collect());
        [lines, one_small(view, *area)]
    });
    drawn.collect()
}

fn one_small(view: &StoreView, area: Area) -> Rc<Part> {
    let (left, room) = (area.x + 4.0, area.width - 6.0);
    let mut marks = vec![card(area, (false, Rests::No))];
    let words = stands(view).unwrap_or((view.text.as_str(), told(view)));
    let [name, first, second] = one::baselines(area);
    marks.push(drum(Area::new(left, name - 9.0, 9.0, 10.0)));
    let count = end(MICRO.mono().color("i3"));
    let wide = measure::width(&view.rows_text, count);
    let own = measure::width(&view.name, MICRO.strong());
    let has_count = 13.0 + own + 6.0 + wide <= room;
    let name_room = room - 13.0 - if has_count { wide + 6.0 } else { 0.0 };
    marks.push(text(left + 13.0, name, MICRO.strong(), &view.name, name_room));
    if has_count {
        marks.push(text(left + room, name, count, &view.rows_text, wide));
    }
    // What the name's line has no room for stands below it; then how it is.
    let lines = one::lines_of(area);
    let rows = (lines > 1 && !has_count).then_some((view.rows_text.as_str(), MICRO.mono().color("i3")));
    let at = if rows.is_some() { second } else { first };
    marks.extend(rows.map(|(rows, spelling)| text(left, first, spelling, rows, room)));
    if lines > 0 {
        marks.extend(one::wrapped(words.0, words.1, Area::new(left, at, room, area.bottom())));
    }
    choice(view, area, marks)
}

/// Beside the members' cards and down into the store; from the group where its members have none.
fn lines(stand: &Stand<'_>, view: &StoreView, area: Area) -> Vec<Mark> {
    let into = |from: crate::geometry::Point, x: f64| {
        let way = Path::lines(&[from, point(x, from.y), point(x, area.y)]);
        Mark::Path { d: way.svg(), class: "store-way" }
    };
    let frames = stand.stage.groups.iter().zip(&stand.places.groups);
    let own = frames.filter(|(group, _)| view.groups.contains(&group.name));
    let drawn = own.flat_map(|(_, frame)| {
        let x = frame.area.right() - 5.0;
        let writers = frame.members.iter().filter(|card| view.writers.contains(&card.process));
        let mut lines: Vec<Mark> =
            writers.map(|card| into(point(card.area.right(), card.area.bottom() - 8.0), x)).collect();
        if frame.members.is_empty() {
            lines.push(into(point(x, frame.area.bottom()), x));
        }
        lines
    });
    drawn.collect()
}

fn one(view: &StoreView, area: Area, detail: CardDetail) -> Rc<Part> {
    let mut marks = vec![card(area, (false, Rests::No))];
    marks.extend(match detail {
        CardDetail::Full => full(view, area),
        CardDetail::Short => short(view, area),
        CardDetail::Line => line(view, area),
    });
    choice(view, area, marks)
}

/// A press on it shows the first of those who write there: the store is in their inspector.
fn choice(view: &StoreView, area: Area, marks: Vec<Mark>) -> Rc<Part> {
    // Nobody writes to what nobody is set to write to: there is always a first.
    let Some(first) = view.writers.first() else { return Part::new(format!("store-{}", view.name), marks) };
    let choice = Choice {
        thing: Thing::Process(*first),
        label: view.label.clone(),
        name: format!("store-{}", view.name),
        area,
        selected: None,
    };
    Part::new(format!("store-{}", view.name), vec![choice.button(marks)])
}

/// What is wrong stands out; that nothing is does not.
fn told(view: &StoreView) -> crate::mark::Spelling {
    if view.is_wrong() { MICRO.strong().color("f-bad") } else { MICRO.color("i3") }
}

/// How it stands, where there is something to say.
fn stands(view: &StoreView) -> Option<(&str, crate::mark::Spelling)> {
    let spelling = if view.is_down { MICRO.strong().color("f-bad") } else { MICRO.strong().color("i2") };
    (!view.stands.is_empty()).then_some((view.stands.as_str(), spelling))
}

/// A drum, as stores are drawn everywhere.
fn drum(at: Area) -> Mark {
    let Area { x, y, width, height } = at;
    let (half, lid) = (width / 2.0, height * 0.2);
    let num = |value: f64| crate::geometry::num(value);
    let arc = |sweep: u8, to: f64| format!("a{},{} 0 0 {sweep} {},0", num(half), num(lid), num(to));
    let d = format!(
        "M{},{}{}v{}{}z{}",
        num(x),
        num(y + lid),
        arc(1, width),
        num(height - 2.0 * lid),
        arc(1, -width),
        arc(0, width)
    );
    Mark::Path { d, class: "store" }
}

fn full(view: &StoreView, area: Area) -> Vec<Mark> {
    let (left, right) = (area.x + 12.0, area.right() - 12.0);
    let count = end(MICRO.mono().color("i2"));
    let wide = measure::width(&view.rows_text, count).min((right - left) * 0.6);
    let room = right - left - 22.0 - wide - 6.0;
    let (lowest, last) = stands(view).unwrap_or((view.outside, MICRO.color("i3")));
    let name = if measure::width(&view.name, NAME) <= room { NAME } else { name_in(&view.name, room) };
    vec![
        drum(Area::new(left, area.y + 10.0, 14.0, 15.0)),
        text(left + 20.0, area.y + 22.0, name, &view.name, room),
        text(right, area.y + 22.0, count, &view.rows_text, wide),
        text(left, area.y + 41.0, told(view), &view.text, right - left),
        text(left, area.y + 56.0, last, lowest, right - left),
    ]
}

fn short(view: &StoreView, area: Area) -> Vec<Mark> {
    let (left, right) = (area.x + 10.0, area.right() - 10.0);
    let count = end(MICRO.mono().color("i2"));
    let wide = measure::width(&view.rows_text, count).min((right - left) * 0.6);
    let (words, spelling) = stands(view).unwrap_or((view.text.as_str(), told(view)));
    vec![
        drum(Area::new(left, area.y + 7.0, 11.0, 12.0)),
        text(left + 16.0, area.y + 17.0, SMALL.strong(), &view.name, right - left - 16.0 - wide - 6.0),
        text(right, area.y + 17.0, count, &view.rows_text, wide),
        text(left, area.y + 32.0, spelling, words, right - left),
    ]
}

fn line(view: &StoreView, area: Area) -> Vec<Mark> {
    let (left, right, y) = (area.x + 8.0, area.right() - 8.0, base(area.middle().y, Size::Micro));
    let rows = (view.rows_text.as_str(), MICRO.mono().color("i3"));
    let told = if view.is_wrong() { (view.text.as_str(), told(view)) } else { rows };
    let (words, spelling) = stands(view).unwrap_or(told);
    let wide = measure::width(words, spelling).min((right - left) * 0.65);
    vec![
        drum(Area::new(left, area.middle().y - 5.0, 9.0, 10.0)),
        text(left + 13.0, y, MICRO.mono(), &view.name, right - left - 13.0 - wide - 6.0),
        text(right, y, end(spelling), words, wide),
    ]
}
