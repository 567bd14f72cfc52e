//! What stands right of the controllers: votes, sessions, the tail of the metadata log, or a note. What has no room is
//! left out in this order: log cells from the oldest, single sessions (one line sums them up), the end of a note.

use view::{ControllersView, DecisionState, DecisionView, SessionView, TallyView, Tone, VoteState};

use super::parts::{rect, text, tone_class};
use super::pieces::{MICRO, SMALL, circle, group, mid, ring};
use crate::geometry::{Area, Between, point};
use crate::mark::Mark;
use crate::measure;

/// From one session's ring to the next: at best, and the least at which the texts below them can be read.
const RINGS: (f64, f64) = (58.0, 46.0);
/// A cell of the metadata log.
const CELL: (f64, f64) = (52.0, 230.0);

/// All of it, in what is left of the lane.
pub fn rest(view: &ControllersView, area: Area) -> Vec<Mark> {
    let mut left = area;
    let mut marks = Vec::new();
    if let Some(tally) = &view.tally {
        let (drawn, width) = votes(tally, left);
        marks.extend(drawn);
        left = cut(left, width + 24.0);
    }
    if let Some((first, second)) = &view.note {
        marks.push(text(left.x, left.y + 38.0, SMALL.color("i2"), first, left.width));
        marks.push(text(left.x, left.y + 57.0, SMALL.color("i3"), second, left.width));
        return marks;
    }
    if !view.sessions.is_empty() {
        let (drawn, width) = sessions(view, left);
        marks.extend(drawn);
        left = cut(left, width + 20.0);
    }
    marks.extend(log(view, left));
    marks
}

fn cut(area: Area, by: f64) -> Area {
    Area::new(area.x + by, area.y, (area.width - by).max(0.0), area.height)
}

/// Who has voted for the one that stands for election.
fn votes(tally: &TallyView, area: Area) -> (Vec<Mark>, f64) {
    let (x, y) = (area.x, area.y);
    let vote = |(index, vote): (usize, &VoteState)| {
        let at = point(x + 8.0 + 20.0 * index as f64, y + 38.0);
        let (class, crossed) = match vote {
            VoteState::Granted => ("vote yes", None),
            VoteState::Rejected => (
                "vote no",
                Some(crate::geometry::Path::lines(&[point(at.x - 5.0, at.y + 5.0), point(at.x + 5.0, at.y - 5.0)])),
            ),
            VoteState::Open => ("vote", None),
        };
        let cross = crossed.map(|path| super::pieces::path(&path, ""));
        group(class, "", std::iter::once(circle(at, 7.0, "")).chain(cross).collect())
    };
    let strong = SMALL.strong().color("f-meta");
    let (quiet, wide) = (MICRO.color("i3"), measure::width(&tally.strong, strong) + 8.0);
    let shown = tally.votes.len().min(7);
    let lines = [measure::width(&tally.title, quiet), wide + measure::width(&tally.rest, quiet), 20.0 * shown as f64];
    let width = lines.into_iter().fold(0.0, f64::max).min(190.0).min(area.width);
    let mut marks = vec![text(x, y + 22.0, quiet, &tally.title, width)];
    marks.extend(tally.votes.iter().take(shown).enumerate().map(vote));
    marks.push(text(x, y + 62.0, strong, &tally.strong, width));
    marks.push(text(x + wide, y + 62.0, quiet, &tally.rest, width - wide));
    (marks, width)
}

/// A ring for each broker that runs out as it is silent.
fn sessions(view: &ControllersView, area: Area) -> (Vec<Mark>, f64) {
    let count = view.sessions.len() as f64;
    let log = view.log.last().map_or(0.0, |cell| width_of(cell) + 24.0);
    // As wide as leaves room for the newest decision; closer before that is left out.
    let apart = ((area.width - log) / count).between(RINGS.1, RINGS.0);
    if apart * count > area.width {
        return summed(view, area);
    }
    let mut marks = vec![text(area.x, area.y + 18.0, MICRO.color("i3"), &view.sessions_title, apart * count)];
    let rings = view.sessions.iter().enumerate();
    marks.extend(rings.map(|(index, session)| one_ring(session, (area, area.x + apart * (index as f64 + 0.3), apart))));
    (marks, apart * count)
}

/// One line for all, and the rings of those that are in trouble, as many as have room.
fn summed(view: &ControllersView, area: Area) -> (Vec<Mark>, f64) {
    let tone = tone_class(view.sessions_tone);
    let spelling = if view.sessions_tone == Tone::Quiet { SMALL.color(tone) } else { SMALL.strong().color(tone) };
    let width = measure::width(&view.sessions_sum, spelling).min(area.width);
    let mut marks = vec![text(area.x, area.y + 47.0, spelling, &view.sessions_sum, width)];
    let rings = cut(area, width + 16.0);
    let room = (rings.width / RINGS.1).floor().min(4.0) as usize;
    let troubled: Vec<&SessionView> = view.sessions.iter().filter(|one| one.tone != Tone::Plain).take(room).collect();
    for (index, session) in troubled.iter().enumerate() {
        marks.push(one_ring(session, (area, rings.x + RINGS.1 * (index as f64 + 0.4), RINGS.1)));
    }
    let rings = if troubled.is_empty() { 0.0 } else { 16.0 + RINGS.1 * troubled.len() as f64 };
    (marks, width + rings)
}

/// How much of the session is left.
fn one_ring(session: &SessionView, (area, x, apart): (Area, f64, f64)) -> Mark {
    let at = point(x, area.y + 43.0);
    let mut marks = vec![circle(at, 15.0, "ring0")];
    marks.extend(session.left.map(|left| ring(at, 15.0, (if session.low { "ring low" } else { "ring" }, left))));
    marks.push(text(x, at.y + 4.5, mid(SMALL.strong()), &session.name, 26.0));
    let below = match session.tone {
        Tone::Plain => MICRO.mono().color("i3"),
        tone => MICRO.mono().strong().color(tone_class(tone)),
    };
    marks.push(text(x, area.y + 73.0, mid(below), &session.text, apart - 4.0));
    group("", "", marks)
}

/// As wide as what it says.
fn width_of(cell: &DecisionView) -> f64 {
    (measure::width(&cell.text, MICRO.strong()) + 16.0).between(CELL.0, CELL.1)
}

/// The newest cells, as many as fit.
fn log(view: &ControllersView, area: Area) -> Vec<Mark> {
    let widths: Vec<f64> = view.log.iter().map(width_of).collect();
    let mut first = widths.len();
    let mut used = 0.0;
    while first > 0 && used + widths[first - 1] <= area.width {
        first -= 1;
        used += widths[first] + 4.0;
    }
    if first == widths.len() {
        return Vec::new();
    }
    let mut marks = vec![text(area.x, area.y + 18.0, MICRO.color("i3"), &view.log_title, area.width)];
    let mut x = area.x;
    for (cell, width) in view.log[first..].iter().zip(&widths[first..]) {
        marks.push(decision(cell, Area::new(x, area.y + 26.0, *width, 28.0)));
        x += width + 4.0;
    }
    marks
}

/// A record of the metadata log, by how far it has come.
fn decision(cell: &DecisionView, area: Area) -> Mark {
    let class = match cell.state {
        DecisionState::Quiet => "mcell quiet",
        DecisionState::Open => "mcell open",
        DecisionState::Fresh => "mcell new",
        DecisionState::Committed => "mcell",
    };
    let middle = area.middle().x;
    let words = text(middle, area.y + 18.5, mid(MICRO.strong()), &cell.text, area.width - 10.0);
    let inside = group(class, "", vec![rect(area, 4.0, ""), words]);
    let offsets = mid(MICRO.mono().color("i3"));
    group("", "", vec![inside, text(middle, area.y + 42.0, offsets, &cell.offsets, area.width)])
}
