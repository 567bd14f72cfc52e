//! The metadata lane: circles with the crown, sessions as rings, votes, the tail of the metadata log. In full, or in one
//! line with what matters most.

use std::rc::Rc;

use view::{ControllerRole, ControllerView, ControllersView, ProcessId, Thing, Tone};

use super::Stand;
use super::parts::{rect, text, tone_class};
use super::pieces::{Choice, MICRO, NAME, SMALL, circle, end, mid, ring, symbol};
use super::quorum;
use crate::geometry::{Area, Point};
use crate::mark::{Align, Mark, Part};
use crate::measure;

/// The whole lane.
pub fn part(stand: &Stand<'_>) -> Rc<Part> {
    let view = &stand.stage.controllers;
    let (area, places) = (stand.plan.controllers, &stand.places.controllers);
    let marks = if stand.plan.controllers_in_full { full(view, places, area) } else { small(view, places, area) };
    Rc::new(Part { key: "controllers".to_owned(), label: view.title.clone(), marks })
}

/// Who sits where.
type Seats<'a> = &'a [(ProcessId, Point)];

/// All controllers with their parts in the quorum.
fn full(view: &ControllersView, places: Seats<'_>, area: Area) -> Vec<Mark> {
    let (x, y) = (area.x + 16.0, area.y);
    let first = places.first().map_or(area.x + 196.0, |(_, at)| at.x);
    let last = places.last().map_or(first, |(_, at)| at.x);
    let room = first - 36.0 - x;
    let mut marks = vec![
        rect(area, 10.0, "lane"),
        text(x, y + 26.0, NAME, &view.title, room),
        text(x, y + 46.0, SMALL.color("i2"), &view.line, room),
        text(x, y + 64.0, SMALL.color("i3"), &view.line_quiet, room),
    ];
    let apart = apart(places);
    marks.extend(view.controllers.iter().zip(places).map(|(one, (_, at))| seat(one, *at, apart)));
    if let Some((_, at)) = view.crown_lost_at.and_then(|index| places.get(index)) {
        let crown = symbol("crown", Area::new(at.x - 9.0, at.y - 34.0, 18.0, 14.0), "off");
        // To the left: to the right the others ask for votes.
        let words = end(MICRO).color("f-bad");
        marks.extend([crown, text(at.x - 12.0, at.y - 33.0, words, &view.nobody_text, at.x - 12.0 - x)]);
    }
    // The notes stand where they did with three controllers, also when there are fewer.
    let rest = last.max(first + 108.0) + 48.0;
    marks.extend(quorum::rest(view, Area::new(rest, y, area.right() - 10.0 - rest, area.height)));
    marks
}

/// How much room each has.
fn apart(places: Seats<'_>) -> f64 {
    match places {
        [one, other, ..] => other.1.x - one.1.x,
        [] | [_] => 54.0,
    }
}

/// Leader, follower, candidate and the rest look different without colours.
fn class(role: ControllerRole) -> &'static str {
    match role {
        ControllerRole::Active => "node act",
        ControllerRole::Candidate | ControllerRole::Prospective => "node cand",
        ControllerRole::Stopped | ControllerRole::Paused => "node stopped",
        ControllerRole::Follower | ControllerRole::Unattached | ControllerRole::Resigned | ControllerRole::Stale => {
            "node"
        }
    }
}

fn name_color(role: ControllerRole) -> &'static str {
    if class(role) == "node stopped" { "f-off" } else { "" }
}

/// What a click on it selects.
fn choice(view: &ControllerView, area: Area) -> Choice {
    Choice {
        thing: Thing::Process(view.process),
        label: view.label.clone(),
        name: format!("controller-{}", view.name),
        area,
        selected: None,
    }
}

/// One controller: role, epoch, what it holds of the log.
fn seat(view: &ControllerView, at: Point, apart: f64) -> Mark {
    let below = match (view.decides, view.timer_low) {
        (true, _) => MICRO.strong().color("f-meta"),
        (false, true) => MICRO.mono().strong().color("f-warn"),
        (false, false) => MICRO.mono().color("i3"),
    };
    let name = mid(SMALL.mono().strong()).color(name_color(view.role));
    let mut marks = vec![circle(at, 18.0, class(view.role)), text(at.x, at.y + 4.5, name, &view.name, 32.0)];
    if view.role == ControllerRole::Active {
        marks.push(symbol("crown", Area::new(at.x - 9.0, at.y - 34.0, 18.0, 14.0), ""));
    }
    if view.decides {
        marks.push(circle(at, 23.0, "decides"));
    }
    // The real deadline of a controller that hears from no leader.
    if let Some(left) = view.timer {
        let class = if view.timer_low { "ring low" } else { "ring" };
        marks.extend([circle(at, 22.0, "ring0 thin"), ring(at, 22.0, (class, left))]);
    }
    marks.push(text(at.x, at.y + 31.5, mid(below), &view.below, apart - 3.0));
    choice(view, Area::new(at.x - 20.0, at.y - 20.0, 40.0, 40.0)).button(marks)
}

/// The lane in one line: who there is, who is in charge, and what matters most.
pub fn small(view: &ControllersView, places: Seats<'_>, area: Area) -> Vec<Mark> {
    let x = area.x + 10.0;
    let first = places.first().map_or(area.x + 100.0, |(_, at)| at.x);
    let last = places.last().map_or(first, |(_, at)| at.x);
    let base = area.middle().y + 4.0;
    let mut marks = vec![rect(area, 10.0, "lane")];
    let room = first - 24.0 - x;
    if room >= 24.0 {
        marks.push(text(x, base, MICRO.strong(), &view.title, room));
    }
    let hit = area.height.min(apart(places));
    marks.extend(view.controllers.iter().zip(places).map(|(one, (_, at))| small_seat(one, *at, hit)));
    if let Some((_, at)) = view.crown_lost_at.and_then(|index| places.get(index)) {
        marks.push(symbol("crown", Area::new(at.x - 6.0, at.y - 19.0, 12.0, 9.0), "off"));
    }
    marks.extend(line(view, Area::new(last + 22.0, base, area.right() - 12.0 - last - 22.0, 0.0)));
    marks
}

/// As much as a narrow stage shows of it.
fn small_seat(one: &ControllerView, at: Point, hit: f64) -> Mark {
    let mut marks = vec![circle(at, 11.0, class(one.role))];
    if one.decides {
        marks.push(circle(at, 14.0, "decides"));
    }
    let name = mid(MICRO.strong()).color(name_color(one.role));
    marks.push(text(at.x, at.y + 3.8, name, &one.name, 22.0));
    if one.role == ControllerRole::Active {
        marks.push(symbol("crown", Area::new(at.x - 6.0, at.y - 19.0, 12.0, 9.0), ""));
    }
    if let Some(left) = one.timer {
        marks.push(ring(at, 14.0, (if one.timer_low { "ring low" } else { "ring" }, left)));
    }
    choice(one, Area::new(at.x - hit / 2.0, at.y - hit / 2.0, hit, hit)).button(marks)
}

/// What is said beside the small circles: from `area.x` on, on the line `area.y`, in `area.width`.
fn line(view: &ControllersView, area: Area) -> Vec<Mark> {
    let somebody = view.controllers.iter().any(|one| one.role == ControllerRole::Active);
    let (said, tone) = match (somebody, &view.note, &view.tally) {
        (true, Some((first, _)), _) => (first.clone(), Tone::Plain),
        (true, None, _) => (view.line.clone(), Tone::Plain),
        (false, _, Some(tally)) => (format!("{}, {} {}", view.nobody_text, tally.title, tally.strong), Tone::Bad),
        (false, _, None) => (view.nobody_text.clone(), Tone::Bad),
    };
    let said_as = MICRO.color(tone_class(tone));
    let (said_width, sum_as) = (measure::width(&said, said_as), MICRO.color(tone_class(view.sessions_tone)));
    let sum_as = if view.sessions_tone == Tone::Quiet { sum_as } else { sum_as.strong() };
    let sum_width = measure::width(&view.sessions_sum, sum_as);
    // Bad news stand first where there is room for one of them.
    let urgent = matches!(view.sessions_tone, Tone::Bad | Tone::Warning) && tone != Tone::Bad;
    let both = said_width + 16.0 + sum_width <= area.width;
    let sum = |align, room| {
        let x = if align == Align::End { area.right() } else { area.x };
        text(x, area.y, sum_as.align(align), &view.sessions_sum, room)
    };
    match (both && sum_width > 0.0, urgent) {
        (true, _) => vec![text(area.x, area.y, said_as, &said, said_width), sum(Align::End, sum_width)],
        (false, true) => vec![sum(Align::Start, area.width)],
        (false, false) => vec![text(area.x, area.y, said_as, &said, area.width)],
    }
}
