//! Groups on the right: frames with their members' cards, or one line each with how far behind they are.

use std::rc::Rc;

use view::{GroupState, GroupView, MemberState, MemberView, OwnedView, Pointed, StageView, Thing};

use super::Stand;
use super::parts::{hue, partition_name, rect, text};
use super::pieces::{
    Choice, MICRO, Rests, SMALL, SwitchMark, base, card, end, group, keys, name_in, pointable, symbol,
};
use crate::geometry::{Area, point};
use crate::mark::{Mark, Part, Size, Spelling, Switch};
use crate::measure;
use crate::places::{Card, Frame};
use crate::plan::CardDetail;

/// All groups.
pub fn parts(stand: &Stand<'_>) -> Vec<Rc<Part>> {
    let most = stand.stage.groups.iter().map(|group| group.lag.total).max().unwrap_or(0);
    let frames = stand.stage.groups.iter().zip(&stand.places.groups);
    let part = |(view, frame): (&Rc<GroupView>, &Frame)| {
        let marks = match stand.plan.groups.detail {
            CardDetail::Full | CardDetail::Short if frame.members.is_empty() && view.member_count > 0 => {
                folded(view, frame.area)
            }
            CardDetail::Full => framed(view, frame, full_member),
            CardDetail::Short => framed(view, frame, short_member),
            CardDetail::Line => line(view, frame.area, most),
        };
        Rc::new(Part { key: format!("group-{}", view.name), label: view.title.clone(), marks })
    };
    frames.map(part).collect()
}

/// What a click on its frame selects.
fn choice(view: &GroupView, area: Area) -> Choice {
    Choice {
        thing: Thing::Group(view.name.clone()),
        label: view.label.clone(),
        name: format!("group-{}", view.name),
        area,
        selected: Some(view.selected),
    }
}

/// Only what is stable is quiet.
fn state_color(state: GroupState) -> Spelling {
    match state {
        GroupState::Stable => MICRO.color("f-ok"),
        GroupState::PreparingRebalance | GroupState::CompletingRebalance => MICRO.strong().color("f-warn"),
        GroupState::Empty => MICRO.color("i3"),
        GroupState::Dead | GroupState::Unknown => MICRO.color("f-bad"),
    }
}

/// The frame, its title with the state, and the members.
fn framed(view: &GroupView, frame: &Frame, member: fn(&MemberView, &Card) -> Vec<Mark>) -> Vec<Mark> {
    let area = frame.area;
    let mut marks = vec![rect(area, 12.0, if view.state.is_busy() { "group busy" } else { "group" })];
    if view.selected {
        marks.push(rect(area, 12.0, "sel"));
    }
    let head = Area::new(area.x + 6.0, area.y + 5.0, area.width - 12.0, 24.0);
    marks.push(choice(view, head).button(title(view, area)));
    for (view, card) in view.members.iter().zip(&frame.members) {
        marks.extend(member(view, card));
    }
    marks
}

/// Name and state of the group.
fn title(view: &GroupView, area: Area) -> Vec<Mark> {
    let (left, right, y) = (area.x + 14.0, area.right() - 14.0, area.y + 21.0);
    let state = end(state_color(view.state));
    let color = if view.state_text.is_empty() { "i2" } else { "" };
    // What changes is read first: the state keeps its room, and the name three letters at least.
    let wide = measure::width(&view.state_text, state).min(right - left - 40.0);
    let room = right - left - if wide > 0.0 { wide + 6.0 } else { 0.0 };
    vec![text(left, y, SMALL.strong().color(color), &view.title, room), text(right, y, state, &view.state_text, wide)]
}

/// A member that does not run is pale.
fn rests(view: &MemberView) -> Rests {
    Rests::when(view.state != MemberState::Reading)
}

fn member_choice(view: &MemberView, area: Area) -> Choice {
    Choice {
        thing: Thing::Process(view.process),
        label: view.label.clone(),
        name: format!("member-{}", view.name),
        area,
        selected: Some(view.selected),
    }
}

/// A member with a slot for each partition that it owns.
fn full_member(view: &MemberView, place: &Card) -> Vec<Mark> {
    let area = place.area;
    let (left, right) = (area.x + 12.0, area.right() - 12.0);
    let mut marks = vec![card(area, (view.selected, rests(view)))];
    marks.extend(member_head(view, (left, right, area.y + 24.0)));
    let slots = view.owned.iter().zip(&place.slots);
    marks.extend(slots.map(|(owned, (_, slot))| slot_box(owned, *slot)));
    marks.extend(place.rest.map(|rest| counted(view, place, rest)));
    if view.owned.is_empty() && place.rest.is_none() {
        marks.push(text(left, area.y + 49.0, MICRO.color("i3"), &view.state_text, right - left));
    }
    marks.extend(read(view, area));
    vec![member_choice(view, area).button(marks), switch(view, area)]
}

/// The name, and where it is or that it is new.
fn member_head(view: &MemberView, (left, right, y): (f64, f64, f64)) -> [Mark; 2] {
    let (words, spelling) = match view.is_new {
        true => (&*view.new_text, MICRO.strong().color("f-acc")),
        false => (&*view.position, MICRO.mono().color("i3")),
    };
    let beside = |words| {
        let wide = measure::width(words, spelling).min((right - left) * 0.6);
        (wide, right - left - if wide > 0.0 { wide + 6.0 } else { 0.0 })
    };
    // Members differ by the end of their names: where only one of both has room, it is the name. The slot says where it is.
    let fits = |room| measure::width(&view.name, name_in(&view.name, room)) <= room;
    let words = if view.is_new || fits(beside(words).1) || !fits(right - left) { words } else { "" };
    let (wide, room) = beside(words);
    let name = name_in(&view.name, room);
    [text(left, y, name.color(rests(view).color()), &view.name, room), text(right, y, end(spelling), words, wide)]
}

/// What it has read last, newest right; the switch stands beside it.
fn read(view: &MemberView, area: Area) -> Vec<Mark> {
    let y = area.bottom() - 24.0;
    let mut marks = vec![text(area.x + 12.0, y + 4.0, MICRO.color("i3"), &view.read_title, 32.0)];
    let room = ((area.right() - 28.0 - area.x - 46.0) / 20.0).floor().max(0.0) as usize;
    let first = view.read.len().saturating_sub(room);
    let newest = view.read[first..].iter().enumerate();
    marks.extend(newest.map(|(index, (key, lit))| {
        let class = if *lit == Some(false) { "cell dim" } else { "cell" };
        let at = point(area.x + 46.0 + 20.0 * index as f64, y);
        let pointed = Pointed::Read { member: view.process, index: first + index };
        group(class, "", keys(&[*key], at, (16.0, 20.0)).map(|key| pointable(key, &pointed)).collect())
    }));
    marks
}

/// Where the ribbon of a partition ends.
fn slot_box(owned: &OwnedView, slot: Area) -> Mark {
    let class = if owned.cut_off { "slot off" } else { "slot" };
    let y = base(slot.middle().y, Size::Micro);
    let note = text(slot.right() - 6.0, y, end(MICRO.color("i2")), &owned.note, note_room(slot));
    group(class, hue(owned.hue), vec![rect(slot, 5.0_f64.min(slot.height / 3.0), ""), note])
}

/// A slot's note has at most half of it.
fn note_room(slot: Area) -> f64 {
    slot.width * 0.5 - 8.0
}

/// How many partitions have no slot of their own.
fn counted(view: &MemberView, place: &Card, rest: Area) -> Mark {
    let hidden = view.owned.len().saturating_sub(place.slots.len());
    let words = match (hidden, view.more.is_empty()) {
        (0, _) => view.more.clone(),
        (_, true) => format!("+{hidden}"),
        (_, false) => format!("+{hidden}, {}", view.more),
    };
    text(rest.x + 8.0, base(rest.middle().y, Size::Micro), MICRO.color("i2"), &words, rest.width - 16.0)
}

fn switch(view: &MemberView, area: Area) -> Mark {
    let hit = Area::new(area.right() - 30.0, area.bottom() - 37.0, 26.0, 26.0);
    member_switch(view, hit).button((hit, 14.0, "hitbox"))
}

fn member_switch(view: &MemberView, area: Area) -> SwitchMark {
    let switch = match view.state {
        MemberState::Stopped => Switch::Start,
        MemberState::Hung => Switch::Resume,
        MemberState::Reading
        | MemberState::Idle
        | MemberState::Paused
        | MemberState::Waiting
        | MemberState::Leaving => Switch::Kill,
    };
    SwitchMark {
        switch,
        process: view.process,
        label: view.switch_label.clone(),
        name: format!("switch-{}", view.name),
        area,
        class: "quiet-switch",
    }
}

/// Name and what it owns, in one line.
fn short_member(view: &MemberView, place: &Card) -> Vec<Mark> {
    let area = place.area;
    let (left, right, y) = (area.x + 6.0, area.right() - 26.0, base(area.middle().y, Size::Micro));
    let owned: Vec<String> = view.owned.iter().take(8).map(|owned| owned.partition.to_string()).collect();
    let words = if owned.is_empty() { view.state_text.clone() } else { owned.join(" ") };
    let name = MICRO.strong().color(rests(view).color());
    let said = end(MICRO.mono().color("i3"));
    let wide = measure::width(&view.name, name).min((right - left) / 2.0);
    let marks = vec![
        card(area, (view.selected, rests(view))),
        text(left, y, name, &view.name, wide),
        text(right, y, said, &words, right - left - wide - 6.0),
    ];
    let hit = Area::new(area.right() - 24.0, area.y, 24.0, 24.0);
    let inside = Area::new(hit.x + 2.0, hit.y + 2.0, 20.0, 20.0);
    let choice = member_choice(view, Area::new(area.x, area.y, area.width - 24.0, area.height));
    vec![choice.button(marks), member_switch(view, hit).button((inside, 12.0, "hitbox"))]
}

/// Worth a colour?
fn is_behind(view: &GroupView) -> bool {
    view.lag.grows
}

fn lag_color(view: &GroupView) -> Spelling {
    if is_behind(view) { MICRO.mono().strong().color("f-warn") } else { MICRO.mono().color("i3") }
}

/// A group whose members are folded: its lag, and how its members share the work or where it is worst.
fn folded(view: &GroupView, area: Area) -> Vec<Mark> {
    let (left, right) = (area.x + 10.0, area.right() - 10.0);
    let lag = end(lag_color(view));
    let wide = measure::width(&view.lag.text, lag).min(60.0);
    let (second, said) = match (view.trouble.is_empty(), is_behind(view) && !view.lag.worst_text.is_empty()) {
        (false, _) => (view.trouble.clone(), MICRO.strong().color("f-warn")),
        (true, true) => (view.lag.worst_text.clone(), MICRO.color("i3")),
        (true, false) => (view.folded.clone(), MICRO.color("i3")),
    };
    let marks = vec![
        card(area, (view.selected, Rests::No)),
        text(left, area.y + 18.0, SMALL.strong(), &view.title, right - left - wide - 8.0),
        text(right, area.y + 18.0, lag, &view.lag.text, wide),
        text(left, area.y + 35.0, said, &second, right - left),
    ];
    vec![choice(view, area).button(marks)]
}

/// A sign where it does not simply read, name, a bar for the lag against the largest one, and the lag.
fn line(view: &GroupView, area: Area, most: u64) -> Vec<Mark> {
    let (left, right, middle) = (area.x + 8.0, area.right() - 8.0, area.middle().y);
    let y = base(middle, Size::Micro);
    let number = 38.0;
    let bar = Area::new(right - number - 44.0, middle - 3.0, 38.0, 6.0);
    let share = if most == 0 { 0.0 } else { view.lag.total as f64 / most as f64 };
    let filled = Area::new(bar.x, bar.y, (bar.width * share).max(1.5), bar.height);
    let class = if is_behind(view) { "lag-bar grows" } else { "lag-bar" };
    let (color, sign) = match view.state {
        GroupState::PreparingRebalance | GroupState::CompletingRebalance => ("f-warn", Some(("wait", "warn"))),
        GroupState::Dead | GroupState::Unknown => ("f-bad", Some(("warn", "bad"))),
        GroupState::Stable | GroupState::Empty => ("", None),
    };
    let beside = if sign.is_some() { 12.0 } else { 0.0 };
    let name = MICRO.mono().color(color);
    let mut marks = vec![
        card(area, (view.selected, Rests::when(view.state == GroupState::Empty))),
        text(left + beside, y, name, &view.name, bar.x - 6.0 - left - beside),
        rect(bar, 2.0, "lag-room"),
        rect(filled, 2.0, class),
        text(right, y, end(lag_color(view)), &view.lag.text, number),
    ];
    let at = Area::new(left, middle - 5.0, 10.0, 10.0);
    marks.extend(sign.map(|(id, color)| symbol(id, at, color)));
    vec![choice(view, area).button(marks)]
}

/// The slots' names lie above the ribbons that end in them.
pub fn slot_names(stand: &Stand<'_>) -> Rc<Part> {
    let members = |stage: &StageView| -> Vec<Rc<MemberView>> {
        stage.groups.iter().flat_map(|group| group.members.iter().cloned()).collect()
    };
    let names = |view: &Rc<MemberView>, card: &Card| -> Vec<Mark> {
        let slots = view.owned.iter().zip(&card.slots);
        slots.map(|(owned, (_, slot))| slot_name(owned, *slot)).collect()
    };
    let cards: Vec<&Card> = stand.places.groups.iter().flat_map(|frame| &frame.members).collect();
    let mut marks = Vec::new();
    for view in members(stand.stage) {
        let card = cards.iter().find(|card| card.process == view.process);
        marks.extend(card.into_iter().flat_map(|card| names(&view, card)));
    }
    Part::new("slot-names", vec![group("under-pointer", "", marks)])
}

/// Which partition it is.
fn slot_name(owned: &OwnedView, slot: Area) -> Mark {
    let spelling = MICRO.mono().strong().color(if owned.cut_off { "f-off" } else { "" });
    let note = measure::width(&owned.note, MICRO).min(note_room(slot));
    let room = slot.width - 14.0 - if note > 0.0 { note + 6.0 } else { 0.0 };
    partition_name(slot.x + 8.0, base(slot.middle().y, Size::Micro), spelling, &owned.partition, room)
}
