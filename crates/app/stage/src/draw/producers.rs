//! Producers' cards on the left: each producer's own, or one for all that send alike.

use std::rc::Rc;

use view::{CrowdView, ProducerView, StatusLine, Thing, Tone};

use super::Stand;
use super::batches;
use super::parts::{lines, text, tone_class};
use super::pieces::{Choice, MICRO, NAME, Rests, SMALL, base, card, end, name_in, sent_keys};
use crate::geometry::{Area, point};
use crate::mark::{Button, Mark, Part, Press, Size, Spelling, Words};
use crate::measure;
use crate::places::Card;
use crate::plan::{CardDetail, Cards};

/// All cards.
pub fn parts(stand: &Stand<'_>) -> Vec<Rc<Part>> {
    let column = &stand.plan.producers;
    let places = stand.places.producers.iter();
    match column.cards {
        Cards::Each => {
            let cards = stand.stage.producers.iter().zip(places);
            let drawn = cards.flat_map(|(view, card)| {
                let tray = batches::tray(view, card.area, card.below);
                std::iter::once(one(view, card, column.detail)).chain(tray)
            });
            drawn.collect()
        }
        Cards::Gathered => {
            let crowds = &stand.stage.crowds;
            let cards = crowds.iter().zip(places).map(|(view, card)| {
                // The same name with another topic is another card.
                let alone = crowds.iter().filter(|other| other.name == view.name).count() < 2;
                let named = if alone { view.name.clone() } else { format!("{}, {}", view.name, view.topic) };
                many(stand, view, (card.area, column.detail), &named)
            });
            let single = stand.places.producers.iter().skip(crowds.len()).filter_map(|card| {
                let view = stand.stage.producers.iter().find(|view| view.process == card.process)?;
                Some(one(view, card, CardDetail::Line))
            });
            cards.chain(single).collect()
        }
    }
}

/// From a card's edge to its texts.
fn pad(area: Area) -> f64 {
    if area.width < 120.0 { 9.0 } else { 14.0 }
}

/// As much as the card has room for.
fn one(view: &ProducerView, place: &Card, detail: CardDetail) -> Rc<Part> {
    let area = place.area;
    let mut marks = vec![card(area, (view.selected, Rests::when(view.stopped)))];
    marks.extend(match detail {
        CardDetail::Full => full(view, area),
        CardDetail::Short => short(view, area),
        CardDetail::Line => line(view, area),
    });
    if detail == CardDetail::Full {
        marks.extend(batches::low(view, area, place.below));
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

fn name(view: &ProducerView) -> Spelling {
    NAME.color(Rests::when(view.stopped).color())
}

/// In the colour of how it stands.
fn status(line: &StatusLine) -> Spelling {
    let spelling = MICRO.color(tone_class(line.tone));
    if line.strong { spelling.strong() } else { spelling }
}

/// Name, topic, keys, batches and status.
fn full(view: &ProducerView, area: Area) -> Vec<Mark> {
    let pad = pad(area);
    let (left, right) = (area.x + pad, area.right() - pad);
    let acks = end(MICRO.mono().color("i3"));
    let wide = measure::width(&view.acks, acks);
    let acks_room = wide.min((right - left) * 0.55);
    let name_room = right - left - if view.acks.is_empty() { 0.0 } else { acks_room + 6.0 };
    let name = name_in(&view.name, name_room).color(Rests::when(view.stopped).color());
    let mut marks = vec![
        text(left, area.y + 25.0, name, &view.name, name_room),
        text(right, area.y + 25.0, acks, &view.acks, acks_room),
        text(left, area.y + 48.0, SMALL.color("i2"), &view.sends, 40.0),
    ];
    let first = left + measure::width(&view.sends, SMALL).min(40.0) + 8.0;
    marks.extend(some_keys(view, Area::new(first.max(area.x + 50.0), area.y + 44.0, 0.0, 0.0), right));
    let lines = view.lines.iter().take(2).enumerate();
    marks.extend(lines.map(|(index, line)| {
        text(left, area.y + 72.0 + 20.0 * index as f64, status(line), &line.text, area.right() - 5.0 - left)
    }));
    marks
}

/// As many keys as fit, three at most, and a sign for more.
fn some_keys(view: &ProducerView, at: Area, right: f64) -> Vec<Mark> {
    let fitting = |room: f64| ((room + 4.0) / 24.0).floor().clamp(0.0, 3.0) as usize;
    let all = view.keys.len();
    let room = right - at.x;
    let shown = if all <= fitting(room) { all } else { fitting(room - 14.0).min(all) };
    let mut marks: Vec<Mark> = sent_keys(view, shown, point(at.x, at.y), (20.0, 24.0)).collect();
    if all > shown {
        let x = at.x + 24.0 * shown as f64;
        marks.push(text(x, at.y + 4.0, MICRO.color("i3"), "…", right - x));
    }
    marks
}

/// Name and status.
fn short(view: &ProducerView, area: Area) -> Vec<Mark> {
    let pad = pad(area);
    let (left, room) = (area.x + pad, area.width - 2.0 * pad);
    let first = view.lines.first();
    let second = match first {
        Some(line) => vec![text(left, area.y + 38.0, status(line), &line.text, room + pad - 4.0)],
        None => some_keys(view, Area::new(left, area.y + 34.0, 0.0, 0.0), left + room),
    };
    std::iter::once(text(left, area.y + 19.0, name(view), &view.name, room)).chain(second).collect()
}

/// One line.
fn line(view: &ProducerView, area: Area) -> Vec<Mark> {
    let (left, right) = (area.x + 8.0, area.right() - 6.0);
    let y = base(area.middle().y, Size::Small);
    let spelling = SMALL.strong().color(Rests::when(view.stopped).color());
    let wide = measure::width(&view.name, spelling);
    let trouble = view.lines.first().filter(|line| matches!(line.tone, Tone::Warning | Tone::Bad));
    let Some(trouble) = trouble else {
        let shown = (((right - left - wide - 8.0) / 17.0).floor().clamp(0.0, 3.0) as usize).min(view.keys.len());
        let x = right - 17.0 * shown as f64 + 1.0;
        let glyphs = sent_keys(view, shown, point(x, area.middle().y), (16.0, 17.0));
        let room = if shown == 0 { right - left } else { x - left - 6.0 };
        return std::iter::once(text(left, y, spelling, &view.name, room)).chain(glyphs).collect();
    };
    // The trouble is told in what the name leaves, and in half the card at least.
    let room = (right - left - wide - 6.0).max((right - left) / 2.0);
    let told = measure::width(&trouble.text, status(trouble)).min(room);
    vec![
        text(left, y, spelling, &view.name, right - left - told - 6.0),
        text(right, y, end(status(trouble)), &trouble.text, told),
    ]
}

/// Producers that send alike.
fn many(stand: &Stand<'_>, view: &CrowdView, (area, detail): (Area, CardDetail), named: &str) -> Rc<Part> {
    let stopped = !view.members.is_empty() && view.stopped == view.members.len();
    let mut marks = vec![card(area, (view.selected, Rests::when(stopped)))];
    marks.extend(match detail {
        CardDetail::Full => match &view.batches {
            // Along the bottom, below the words.
            Some(batches) => {
                let above = Area { height: area.height - BARS, ..area };
                many_full(view, above).into_iter().chain(batches::of_many(batches, area)).collect()
            }
            None => many_full(view, area),
        },
        CardDetail::Short => many_short(view, area, named),
        CardDetail::Line => many_line(view, area, named),
    });
    let press = match &view.members[..] {
        [one] => Press::Select(Thing::Process(*one)),
        // Then each of them has a line below, and the worst is looked at first.
        _ if !stand.stage.producers.is_empty() => Press::Select(Thing::Process(view.worst)),
        _ => Press::List,
    };
    let button = Button {
        press,
        label: view.label.clone(),
        name: format!("crowd-{}", view.name),
        area,
        class: "",
        pressed: Some(view.selected),
        marks,
    };
    Part::new(format!("crowd-{}-{}", view.name, view.topic), vec![Mark::Button(button)])
}

const WAITS: Spelling = MICRO.strong().color("f-warn");

/// A crowd of producers that write to the same topic, as one card.
fn many_full(view: &CrowdView, area: Area) -> Vec<Mark> {
    let pad = pad(area);
    let (left, room) = (area.x + pad, area.width - 2.0 * pad);
    let count = if view.stopped > 0 { MICRO.color("f-bad") } else { MICRO.color("i2") };
    // A crowd is often called after its topic.
    let topic = if *view.topic == *view.name { "" } else { &*view.topic };
    let said = [
        (topic, MICRO.mono().color("i3")),
        (&*view.count, count),
        (&*view.rate, MICRO.mono().color("i2")),
        (&*view.skew_text, MICRO.color("i3")),
        (&*view.trouble, WAITS),
        (&*view.waiting_text, WAITS),
    ];
    let mut said: Vec<(&str, Spelling)> = said.into_iter().filter(|(words, _)| !words.is_empty()).collect();
    let mut y = area.y + 22.0;
    // Over bars there is a line less, and who waits is told first.
    if view.batches.is_some() && said.len() > ((area.bottom() - 6.0 - y) / CROWD_LINE).floor() as usize {
        said.retain(|(words, _)| *words != view.skew_text);
    }
    let mut spare = (((area.bottom() - 6.0 - y) / CROWD_LINE).floor() as usize).saturating_sub(said.len());
    let mut marks = vec![text(left, y, NAME, &view.name, room)];
    for (words, spelling) in said {
        let wrapped = lines(words, spelling, room + pad - 4.0, if spare > 0 { 2 } else { 1 });
        spare -= wrapped.len().saturating_sub(1);
        for line in wrapped {
            y += CROWD_LINE;
            marks.push(Mark::Text(Words { at: point(left, y), ..line }));
        }
    }
    marks
}

/// What bars of batches take at the bottom of a crowd's card.
const BARS: f64 = 9.0;

/// From one line of a crowd's card to the next.
const CROWD_LINE: f64 = 14.0;

fn many_short(view: &CrowdView, area: Area, named: &str) -> Vec<Mark> {
    let pad = pad(area);
    let (left, right) = (area.x + pad, area.right() - pad);
    let second = match (view.trouble.is_empty(), view.waiting) {
        (false, _) => (&view.trouble, WAITS),
        (true, 0) => (&view.rate, MICRO.mono().color("i2")),
        (true, _) => (&view.waiting_text, WAITS),
    };
    let (name, count) = name_and_count((view, named), (left, right, area.y + 19.0), NAME);
    vec![name, count, text(left, area.y + 38.0, second.1, second.0, right - left + pad - 4.0)]
}

/// "web" and "×40" in one line, or "38/40" while two of them are stopped.
fn name_and_count(
    (view, named): (&CrowdView, &str),
    (left, right, y): (f64, f64, f64),
    spelling: Spelling,
) -> (Mark, Mark) {
    let all = view.members.len();
    let count = match (all, view.stopped) {
        (0 | 1, _) => String::new(),
        (_, 0) => format!("×{all}"),
        (_, stopped) => format!("{}/{all}", all - stopped),
    };
    let number = end(MICRO.mono().color(if view.stopped > 0 { "f-bad" } else { "i3" }));
    let wide = measure::width(&count, number);
    let room = right - left - if wide > 0.0 { wide + 6.0 } else { 0.0 };
    (text(left, y, spelling, named, room), text(right, y, number, &count, wide))
}

fn many_line(view: &CrowdView, area: Area, named: &str) -> Vec<Mark> {
    let (left, right) = (area.x + 8.0, area.right() - 8.0);
    let line = (left, right, base(area.middle().y, Size::Small));
    let (name, count) = name_and_count((view, named), line, SMALL.strong());
    vec![name, count]
}
