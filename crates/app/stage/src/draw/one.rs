//! One partition: its lanes, who writes to it and who reads it.

use std::rc::Rc;

use view::{
    BrokerState, BrokerView, GroupView, MemberState, MemberView, ProducerView, RibbonState, RowView, Thing, Tone,
};

use super::grid::Grid;
use super::parts::{hue, lines, rect, text, tone_class};
use super::pieces::{Choice, MICRO, Rests, SMALL, SwitchMark, base, card, end, group, mid, sent_keys};
use super::replica::{Replica, badge_look, heads, stroke};
use super::{Stand, batches, below, controllers, head, links, ribbons, stores, wires};
use crate::geometry::{Area, point};
use crate::mark::{Button, Mark, Part, Press, Size, Spelling, Words};
use crate::measure;
use crate::one::{Clients, One, Reader, Style, row_of};
use crate::places::Lane;

/// All parts, from the lowest to the topmost.
pub fn parts(stand: &Stand<'_>, one: &One<'_>) -> Vec<Rc<Part>> {
    let view = &stand.stage.controllers;
    let marks = controllers::small(view, &stand.places.controllers, stand.plan.controllers);
    let top = Part { key: "controllers".to_owned(), label: view.title.clone(), marks };
    let mut parts = vec![Rc::new(top), connections(stand, one)];
    parts.extend(writers(stand, one));
    let lanes = one.lanes.iter().zip(&stand.places.lanes);
    parts.extend(lanes.map(|(broker, lane)| one_lane(broker, lane, one)));
    parts.push(copies(stand, one));
    parts.extend(one.readers.iter().map(|reader| one_reader(stand, reader, one)));
    parts.extend(counted("groups-more", &one.hidden_readers));
    parts.extend(stores::beside(stand, one));
    parts.push(band(stand, one));
    parts.push(links::in_rows(stand, &one.heal));
    parts.extend(below::waiting(stand, &parts));
    parts
}

/// Lines between clients and brokers.
fn connections(stand: &Stand<'_>, one: &One<'_>) -> Rc<Part> {
    let own = stand.stage.wires.iter().filter(|wire| wire.partition == one.partition);
    Part::new("wires", own.flat_map(|wire| wires::one_wire(wire, stand)).collect())
}

/// Lines between the leader and its followers.
fn copies(stand: &Stand<'_>, one: &One<'_>) -> Rc<Part> {
    let own = stand.stage.copies.iter().filter(|copy| Some(&copy.partition) == one.partition.as_ref());
    Part::new("copies", own.filter_map(|copy| wires::one_copy(copy, stand)).collect())
}

fn band(stand: &Stand<'_>, one: &One<'_>) -> Rc<Part> {
    let own = stand.stage.ribbons.iter().filter(|ribbon| Some(&ribbon.partition) == one.partition.as_ref());
    let drawn = own.filter_map(|ribbon| match ribbon.state {
        RibbonState::Owned { broker, member } => ribbons::to_card(stand, ribbon, (broker, member)),
        // The card says it: there is no room for a ribbon that hangs.
        RibbonState::NoLeader { .. } | RibbonState::Nobody { .. } => None,
    });
    Part::new("ribbons", vec![group("under-pointer", "", ribbons::flows(drawn))])
}

/// "+12": the way to the list in which the others are found.
fn counted(key: &str, clients: &Clients) -> Option<Rc<Part>> {
    let area = clients.rest?;
    let words = format!("+{}", clients.hidden);
    let marks = vec![
        card(area, (false, Rests::No)),
        text(area.middle().x, base(area.middle().y, Size::Small), mid(SMALL.color("i2")), &words, area.width - 6.0),
    ];
    let button =
        Button { press: Press::List, label: words, name: key.to_owned(), area, class: "", pressed: None, marks };
    Some(Part::new(key, vec![Mark::Button(button)]))
}

/// Producers of this partition.
fn writers(stand: &Stand<'_>, one: &One<'_>) -> Vec<Rc<Part>> {
    let cards = stand.places.producers.iter().filter_map(|card| {
        let view = stand.stage.producers.iter().find(|view| view.process == card.process)?;
        Some(writer(view, card.area, one))
    });
    cards.chain(counted("producers-more", &one.writers)).collect()
}

/// How much a card says: its name alone, one line more, or two.
pub(super) fn lines_of(area: Area) -> usize {
    match area.height {
        56.0.. => 2,
        38.0..56.0 => 1,
        _ => 0,
    }
}

/// The base lines of a card's name and of what stands below it.
pub(super) fn baselines(area: Area) -> [f64; 3] {
    match lines_of(area) {
        0 => [base(area.middle().y, Size::Micro), 0.0, 0.0],
        1 => [area.y + 16.0, area.y + 32.0, 0.0],
        _ => [area.y + 17.0, area.y + 34.0, area.y + 50.0],
    }
}

/// Words from the base line `area.y` on, in two lines where both end above the line `area.height`.
pub(super) fn wrapped(words: &str, spelling: Spelling, area: Area) -> impl Iterator<Item = Mark> {
    let count = if area.y + 12.0 + 3.0 <= area.height { 2 } else { 1 };
    let lines = lines(words, spelling, area.width, count).into_iter().enumerate();
    lines.map(move |(index, line)| Mark::Text(Words { at: point(area.x, area.y + 12.0 * index as f64), ..line }))
}

/// A card with this much height has a bar below its keys.
const ROOM_FOR_BATCHES: f64 = 54.0;

fn writer(view: &ProducerView, area: Area, one: &One<'_>) -> Rc<Part> {
    let (left, room) = (area.x + 4.0, area.width - 6.0);
    let [name, first, second] = baselines(area);
    let rests = Rests::when(view.stopped);
    let mut marks = vec![
        card(area, (view.selected, rests)),
        text(left, name, MICRO.strong().color(rests.color()), &view.name, room),
    ];
    let lines = lines_of(area);
    let told = view.lines.first().filter(|line| matches!(line.tone, Tone::Warning | Tone::Bad));
    if let Some(told) = told.filter(|_| lines > 0) {
        let said = MICRO.color(tone_class(told.tone));
        marks.extend(wrapped(
            &told.text,
            said,
            Area::new(left, if lines > 1 { second } else { first }, room, area.bottom()),
        ));
    }
    if lines > 1 || (lines == 1 && told.is_none()) {
        let shown = ((room + 3.0) / 19.0).floor().clamp(0.0, 3.0) as usize;
        marks.extend(sent_keys(view, shown, point(left, first - 3.0), (16.0, 19.0)));
    }
    // Below the keys, unless something is said there.
    if told.is_none() && area.height >= ROOM_FOR_BATCHES {
        marks.extend(batches::of_partition(view, one.partition.as_ref(), area));
    }
    let choice = Choice {
        thing: Thing::Process(view.process),
        label: view.label.clone(),
        name: format!("producer-{}", view.name),
        area,
        selected: Some(view.selected),
    };
    Part::new(format!("producer-{}", view.process.0), vec![choice.button(marks)])
}

fn one_reader(stand: &Stand<'_>, reader: &Reader, one: &One<'_>) -> Rc<Part> {
    let group = &stand.stage.groups[reader.group];
    let member = group.members.iter().find(|member| Some(member.process) == reader.member);
    let button = match member {
        Some(member) => owner(member, reader.area, one),
        None => unowned(stand, group, reader.area),
    };
    Rc::new(Part { key: format!("group-{}", group.name), label: group.title.clone(), marks: vec![button] })
}

fn owner(view: &MemberView, area: Area, one: &One<'_>) -> Mark {
    let (left, room) = (area.x + 4.0, area.width - 6.0);
    let [name, first, second] = baselines(area);
    let owned = view.owned.iter().find(|owned| Some(&owned.partition) == one.partition.as_ref());
    let note = owned.map_or("", |owned| &owned.note);
    let rests = Rests::when(view.state != MemberState::Reading);
    let noted = MICRO.color(if owned.is_some_and(|owned| owned.cut_off) { "f-warn" } else { "i2" });
    let mut marks = vec![
        card(area, (view.selected, rests)),
        text(left, name, MICRO.strong().color(rests.color()), &view.name, room),
    ];
    match lines_of(area) {
        0 => {}
        1 => marks.push(text(left, first, noted, note, room)),
        _ => {
            let state = if view.state_text.is_empty() { &view.position } else { &view.state_text };
            marks.push(text(left, first, MICRO.color("i2"), state, room));
            marks.extend(wrapped(note, noted, Area::new(left, second, room, area.bottom())));
        }
    }
    let choice = Choice {
        thing: Thing::Process(view.process),
        label: view.label.clone(),
        name: format!("member-{}", view.name),
        area,
        selected: Some(view.selected),
    };
    choice.button(marks)
}

/// A group in which nobody reads it.
fn unowned(stand: &Stand<'_>, view: &GroupView, area: Area) -> Mark {
    let (left, room) = (area.x + 4.0, area.width - 6.0);
    let [name, first, second] = baselines(area);
    let said = MICRO.color("f-off");
    let mut marks =
        vec![card(area, (view.selected, Rests::Yes)), text(left, name, MICRO.strong().color("i2"), &view.name, room)];
    let words = stand.text.stage.nobody_reads;
    match lines_of(area) {
        0 => {}
        1 => marks.push(text(left, first, said, words, room)),
        // The state first: it is short, and says why.
        _ => {
            marks.push(text(left, first, MICRO.color("f-warn"), &view.state_text, room));
            marks.extend(wrapped(words, said, Area::new(left, second, room, area.bottom())));
        }
    }
    let choice = Choice {
        thing: Thing::Group(view.name.clone()),
        label: view.label.clone(),
        name: format!("group-{}", view.name),
        area,
        selected: Some(view.selected),
    };
    choice.button(marks)
}

/// A broker with its one replica, as large as there is room.
fn one_lane(broker: &BrokerView, lane: &Lane, one: &One<'_>) -> Rc<Part> {
    let area = lane.area;
    let class = match broker.state {
        BrokerState::Stopped => "lane stopped",
        BrokerState::Paused => "lane hung",
        BrokerState::Running | BrokerState::Fenced | BrokerState::ShuttingDown => "lane",
    };
    let radius = 9.0_f64.min(area.height / 4.0);
    let mut marks = vec![rect(area, radius, class)];
    if broker.selected {
        marks.push(rect(area, radius, "sel"));
    }
    let row = one.partition.as_ref().and_then(|partition| row_of(broker, partition));
    match one.style {
        Style::Tall | Style::Middle => high(broker, (lane, row), one.style, &mut marks),
        Style::Low => low(broker, (lane, row), &mut marks),
    }
    Rc::new(Part { key: format!("lane-{}", broker.id), label: broker.name.clone(), marks })
}

fn name_of(broker: &BrokerView, size: Size) -> Spelling {
    let name = Spelling::of(size).strong();
    if broker.state == BrokerState::Stopped { name.color("f-off") } else { name }
}

/// The button that stops or starts it: as large as a finger where the lane is, whatever the size of its sign.
fn switch(broker: &BrokerView, hit: Area, (inside, sign): (f64, f64)) -> Mark {
    let (switch, _) = head::switch_of(broker);
    let middle = hit.middle();
    let area = Area::new(middle.x - inside / 2.0, middle.y - inside / 2.0, inside, inside);
    let mark = SwitchMark {
        switch,
        process: broker.process,
        label: broker.switch_label.clone(),
        name: format!("switch-{}", broker.id),
        area: hit,
        class: "",
    };
    mark.button((area, sign, if broker.tried { "try" } else { "hitbox" }))
}

fn badge(row: &RowView, x: f64, (middle, size): (f64, f64)) -> Mark {
    let (class, radius) = badge_look(row.badge);
    let area = Area::new(x, middle - size / 2.0, size, size);
    let letter = if size < 17.0 { MICRO.strong() } else { SMALL.strong() };
    let y = base(middle, letter.size);
    let words = text(x + size / 2.0, y, mid(letter), row.badge.letter(), size);
    group(class, hue(row.hue), vec![rect(area, radius * size / 20.0, ""), words])
}

/// What stands beside the badge: its word, and on a leader who is out of the ISR; that alone where both have no room, for
/// the badge's letter says the other.
fn word(row: &RowView, room: f64) -> (String, Spelling) {
    let spelling = MICRO.color(tone_class(row.note_tone));
    let spelling = if row.leads() { spelling.strong() } else { spelling };
    if row.out_text.is_empty() {
        return (row.note.clone(), spelling);
    }
    let both = format!("{}, {}", row.note, row.out_text);
    (if measure::width(&both, spelling) <= room { both } else { row.out_text.clone() }, spelling)
}

/// Head line above, cells below.
fn high(broker: &BrokerView, (lane, row): (&Lane, Option<&Rc<RowView>>), style: Style, marks: &mut Vec<Mark>) {
    let area = lane.area;
    let inside = if style == Style::Tall { 30.0 } else { 28.0 };
    let right = area.right() - inside - 8.0;
    let y = area.y + if style == Style::Tall { 21.0 } else { 18.0 };
    let half = (right - area.x - 10.0) * 0.5;
    let size = if area.width >= 240.0 { Size::Label } else { Size::Small };
    let name = name_of(broker, size);
    let name_room = measure::width(&broker.name, name).min(half);
    let mut front = vec![text(area.x + 10.0, y, name, &broker.name, name_room)];
    if let Some(row) = row {
        let x = area.x + 10.0 + name_room + 6.0;
        front.push(badge(row, x, (y - 5.0, 20.0)));
        let room = right - x - 25.0;
        let (words, spelling) = word(row, room);
        let said = lines(&words, spelling, room, 2);
        // Two lines stand around the middle of the badge.
        let first = if said.len() > 1 { y - 7.0 } else { y - 1.0 };
        let placed = said
            .into_iter()
            .enumerate()
            .map(|(index, line)| Mark::Text(Words { at: point(x + 25.0, first + 11.5 * index as f64), ..line }));
        front.extend(placed);
    }
    let hit =
        Area::new(area.x + 2.0, area.y + 2.0, right - area.x - 2.0, if style == Style::Tall { 36.0 } else { 24.0 });
    marks.push(head::select(broker, hit, front));
    if let Some((row, (_, at))) = row.zip(lane.rows.first()) {
        let cell = if style == Style::Tall { (29.0, 26.0) } else { (26.0, 22.0) };
        let right = if style == Style::Tall { area.right() - 8.0 } else { right };
        let grid = Grid { half: cell.1 / 2.0, ..grid((right - at.x, cell)) };
        let replica = replica(broker, row, (*at, grid));
        marks.push(strip(broker, &replica, lane, style));
    }
    // The whole finger's width at the lane's corner, over the cells' edge where they are close.
    let finger = 44.0_f64.min(area.height - 4.0);
    let hit = Area::new(area.right() - finger, area.y, finger, finger);
    marks.push(switch(broker, hit, (inside, 16.0)));
}

/// Everything in one line.
fn low(broker: &BrokerView, (lane, row): (&Lane, Option<&Rc<RowView>>), marks: &mut Vec<Mark>) {
    let (area, middle) = (lane.area, lane.area.middle().y);
    let switch_size = (area.height - 2.0).clamp(14.0, 44.0);
    let right = area.right() - switch_size - 8.0;
    let wide = area.width >= 300.0;
    let size = if wide { Size::Small } else { Size::Micro };
    let mut x = area.x + 8.0;
    let name_room = measure::width(&broker.name, name_of(broker, size)).min(if wide { 76.0 } else { 64.0 });
    let mut front = vec![text(x, base(middle, size), name_of(broker, size), &broker.name, name_room)];
    x += name_room + 6.0;
    if let Some(row) = row {
        let badge_size = (area.height - 4.0).clamp(13.0, 20.0);
        front.push(badge(row, x, (middle, badge_size)));
        x += badge_size + 6.0;
        let most = (area.width * 0.22).max(40.0).min(right - x);
        let (words, spelling) = word(row, most);
        // What is as it should be needs no word where there is no room for cells beside it.
        if wide || !matches!(row.note_tone, Tone::Good) {
            front.push(text(x, base(middle, Size::Micro), spelling, &words, most));
            x += most + 8.0;
        }
    }
    marks.push(head::select(broker, Area::new(area.x + 2.0, area.y + 1.0, x - area.x - 6.0, area.height - 2.0), front));
    if let Some(row) = row {
        let side = (area.height - 6.0).clamp(11.0, 24.0);
        let width = right - x;
        // Behind the cells the mark is told in words.
        let cells = if width >= 180.0 { width - 48.0 } else { width };
        let grid = Grid { half: side / 2.0, right: width, ..grid((cells, (side + 2.0, side))) };
        if width >= side {
            marks.push(strip(broker, &replica(broker, row, (point(x, middle), grid)), lane, Style::Low));
        }
    }
    let hit = Area::new(area.right() - switch_size - 2.0, middle - switch_size / 2.0, switch_size, switch_size);
    marks.push(switch(broker, hit, (switch_size.min(28.0), (switch_size - 4.0).min(16.0))));
}

/// Cells alone: names and words stand in the head.
fn grid((width, (cell, cell_width)): (f64, (f64, f64))) -> Grid {
    Grid {
        name: 0.0,
        name_size: Size::Micro,
        badge: 0.0,
        badge_size: 0.0,
        star: None,
        isr: 0.0,
        isr_width: 0.0,
        cells: 0.0,
        cell,
        cell_width,
        half: cell_width / 2.0,
        count: ((width + cell - cell_width) / cell).floor().max(1.0) as usize,
        right: width,
    }
}

/// What the drawing of rows needs.
fn replica<'a>(broker: &BrokerView, view: &'a RowView, (at, grid): (crate::geometry::Point, Grid)) -> Replica<'a> {
    Replica { view, process: broker.process, stopped: broker.state == BrokerState::Stopped, at, grid }
}

/// The newest records, the mark, and the offsets where there is room for them.
fn strip(broker: &BrokerView, replica: &Replica<'_>, lane: &Lane, style: Style) -> Mark {
    let (view, y, half) = (replica.view, replica.at.y, replica.grid.half);
    let mut marks = Vec::new();
    replica.cells(&mut marks);
    let leads = heads(view.badge);
    if replica.has_mark() && !replica.shown().is_empty() {
        let (x, class) = (replica.mark_at(), if leads { "mark" } else { "mark thin" });
        let more = if style == Style::Low { 1.5 } else { 5.0 };
        marks.push(stroke(x, y - half - more, 2.0 * (half + more), class));
        if leads {
            marks.extend(mark_words(replica, style));
        }
    }
    // Below the cells, where the lane is high enough for them.
    if leads && y + half + OFFSETS <= lane.area.bottom() {
        marks.extend(offsets(replica));
    }
    let area = Area::new(replica.at.x - 4.0, y - half - 2.0, replica.grid.right.min(lane.area.width), 2.0 * half + 4.0);
    Mark::Button(Button {
        press: Press::Select(Thing::Replica { process: broker.process, partition: view.partition.clone() }),
        label: view.label.clone(),
        name: format!("row-{}", view.partition),
        area,
        class: if view.selected { "row on" } else { "row" },
        pressed: Some(view.selected),
        marks,
    })
}

/// "HW" above the cells where they have room above them, else "HW 9" behind them.
fn mark_words(replica: &Replica<'_>, style: Style) -> Option<Mark> {
    let spelling = MICRO.strong();
    if style == Style::Tall {
        return Some(text(replica.mark_at() - 3.5, replica.at.y - replica.grid.half - 2.0, end(spelling), "HW", 40.0));
    }
    let words = format!("HW {}", replica.view.high_watermark);
    let from = replica.boundary(replica.view.log_end) + 6.0;
    let room = replica.at.x + replica.grid.right - from;
    (measure::width(&words, spelling) <= room)
        .then(|| text(from, base(replica.at.y, Size::Micro), spelling, &words, room))
}

/// What offsets need below cells.
const OFFSETS: f64 = 11.5;

/// As many as have room beside each other.
fn offsets(replica: &Replica<'_>) -> Vec<Mark> {
    let (grid, spelling) = (&replica.grid, mid(MICRO.mono().color("i3")));
    let widest = replica.shown().iter().map(|cell| measure::width(&cell.offset.to_string(), spelling));
    let every = ((widest.fold(0.0, f64::max) + 3.0) / grid.cell).ceil().max(1.0) as i64;
    let shown = replica.shown().iter().enumerate().filter(|(_, cell)| cell.offset.0 % every == 0);
    let y = replica.at.y + grid.half + 10.5;
    let offset = |(index, cell): (usize, &view::CellView)| {
        let x = replica.at.x + grid.cell_width / 2.0 + grid.cell * index as f64;
        text(x, y, spelling, &cell.offset.to_string(), f64::INFINITY)
    };
    shown.map(offset).collect()
}
