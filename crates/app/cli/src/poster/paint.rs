//! A poster as SVG: producers, lanes with one partition's newest records, readers. It carries its colours for light and
//! dark itself, because pages show it as an image.

use super::parts::{Cast, newest};
use stage::glyph::{letter, outline};
use std::collections::BTreeSet;
use std::fmt::Write;
use view::{
    BadgeView, BrokerState, BrokerView, CellState, CellView, ControllerRole, ControllerView, Glyph, KeyShape,
    MemberState, MemberView, ProducerView, RibbonState, RowView, StageView, WireState,
};

/// Colours and strokes; the colours are those of `www/styles/tokens.css`.
const STYLE: &str = include_str!("style.css");
const WIDTH: usize = 224;
const HEIGHT: usize = 126;
/// The left edges of the three columns, and their widths.
const PRODUCERS: usize = 3;
const LANES: usize = 62;
const READERS: usize = 171;
const CARD: usize = 50;
const LANE: usize = 100;
/// From one cell to the next.
const CELL: usize = 11;
/// Where the cells of a lane begin.
const FIRST: usize = 20;
/// Letters of a name; more than so many are drawn narrower, and in all there are so many.
const WIDE: usize = 7;
const NAME: usize = 10;

/// What the lesson is about: with roles, the controllers are drawn too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Records,
    Roles,
}

/// A column's boxes: how high each is, and where each begins.
struct Column {
    height: usize,
    tops: Vec<usize>,
}

impl Column {
    /// So many boxes in the middle of what is below `top`.
    fn of(count: usize, top: usize, height: usize) -> Column {
        let room = HEIGHT - 3 - top;
        let gap = if count * (height + 5) > room + 5 { 3 } else { 5 };
        let height = height.min((room + gap) / count.max(1) - gap);
        let all = count * (height + gap);
        let first = top + (room + gap).saturating_sub(all) / 2;
        Column { height, tops: (0..count).map(|index| first + index * (height + gap)).collect() }
    }

    fn middle(&self, index: usize) -> usize {
        self.tops[index] + self.height / 2
    }
}

/// The whole picture.
pub fn svg(stage: &StageView, cast: &Cast, title: &str, about: About) -> String {
    let top = if about == About::Roles { 22 } else { 5 };
    let lanes = Column::of(cast.lanes.len(), top, 36);
    let producers = Column::of(cast.producers.len(), top, 34);
    let readers = Column::of(cast.readers.len(), top, 30);
    let mut to = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">\
         <title>{}</title>\n<style>{STYLE}</style>\n<rect class=\"bg\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n",
        escaped(&title.replace('`', ""))
    );
    if about == About::Roles {
        to += &controllers(&stage.controllers.controllers);
    }
    to += &wires(stage, cast, (&producers, &lanes, &readers));
    for (one, top) in cast.producers.iter().zip(&producers.tops) {
        to += &placed(PRODUCERS, *top, one.stopped, &producer(one, producers.height));
    }
    for (one, top) in cast.lanes.iter().zip(&lanes.tops) {
        to += &placed(LANES, *top, one.state == BrokerState::Stopped, &lane(one, cast.row(one), lanes.height));
    }
    for (one, top) in cast.readers.iter().zip(&readers.tops) {
        to += &placed(READERS, *top, one.state == MemberState::Stopped, &reader(one, cast, readers.height));
    }
    to + "</svg>\n"
}

/// A group at its place, grey when what it shows is stopped.
fn placed(x: usize, y: usize, is_off: bool, inner: &str) -> String {
    let class = if is_off { " class=\"off\"" } else { "" };
    format!("<g transform=\"translate({x} {y})\"{class}>{inner}</g>\n")
}

fn producer(producer: &ProducerView, height: usize) -> String {
    let mut to = card(&producer.name, height);
    let keys: Vec<Glyph> = if producer.keys.is_empty() { vec![Glyph::Keyless] } else { producer.keys.clone() };
    for (index, glyph) in keys.into_iter().take(2).enumerate() {
        let _ =
            write!(to, "<g transform=\"translate({} {}) scale(.75)\">{}</g>", 4 + 18 * index, height - 18, key(glyph));
    }
    to
}

fn reader(member: &MemberView, cast: &Cast, height: usize) -> String {
    let under = cast.under(member);
    let is_late = under.starts_with("lag ") && under != "lag 0" || under == "no leader";
    let class = if is_late { "q w" } else { "q" };
    card(&member.name, height)
        + &format!("<text class=\"{class}\" x=\"4\" y=\"{}\">{}</text>", height - 6, escaped(&under))
}

/// The box of a client, with its name.
fn card(name: &str, height: usize) -> String {
    let letters: Vec<char> = name.chars().collect();
    let short = match &letters[..] {
        [first @ .., before, last] if letters.len() > NAME => {
            let first: String = first.iter().take(NAME - 3).collect();
            format!("{first}…{before}{last}")
        }
        _fits => name.to_owned(),
    };
    let narrow = if letters.len() > WIDE { " textLength=\"42\" lengthAdjust=\"spacingAndGlyphs\"" } else { "" };
    format!(
        "<rect class=\"b\" width=\"{CARD}\" height=\"{height}\" rx=\"5\"/><text x=\"4\" y=\"12\"{narrow}>{}</text>",
        escaped(&short)
    )
}

/// A key's glyph in a box of 20.
fn key(glyph: Glyph) -> String {
    let Glyph::Key { shape, letter } = glyph else {
        return "<circle class=\"kn\" cx=\"10\" cy=\"10\" r=\"8.5\"/>".to_owned();
    };
    let drawn = outline(shape);
    format!(
        "<path class=\"{}\" d=\"{}\"/><text class=\"k m\" x=\"10\" y=\"{}\" font-size=\"12\">{letter}</text>",
        drawn.class, drawn.path, drawn.baseline
    )
}

fn lane(broker: &BrokerView, row: Option<&RowView>, height: usize) -> String {
    let mut to = format!(
        "<rect class=\"b\" width=\"{LANE}\" height=\"{height}\" rx=\"6\"/><text x=\"5\" y=\"11\">{}</text>",
        escaped(&broker.name)
    );
    let right = LANE - 5;
    if broker.state == BrokerState::Stopped {
        let _ = write!(to, "<path class=\"x\" d=\"M{} 4l7 7m0-7l-7 7\"/>", right - 7);
    } else if let Some(row) = row.filter(|row| row.leads()) {
        let _ = write!(to, "<text class=\"q e\" x=\"{right}\" y=\"11\">{}</text>", escaped(&row.partition.to_string()));
    }
    if let Some(row) = row {
        let _ = write!(
            to,
            "<g style=\"--h:var(--t{0});--s:var(--t{0}-soft)\">{1}</g>",
            row.hue % 5,
            cells(row, height - 16)
        );
    }
    to
}

/// A replica: its badge, its newest records, its high watermark.
fn cells(row: &RowView, top: usize) -> String {
    let mut to = badge(row.badge, top);
    let shown = newest(&row.cells);
    for (index, cell) in shown.iter().enumerate() {
        to += &record(cell, FIRST + CELL * index, top);
    }
    let below = shown.iter().filter(|cell| cell.offset < row.high_watermark).count();
    if !shown.is_empty() {
        let _ = write!(to, "<path class=\"hw\" d=\"M{} {}v17\"/>", FIRST + CELL * below, top - 2);
    }
    to
}

fn badge(badge: BadgeView, top: usize) -> String {
    let gone = matches!(badge, BadgeView::GoneLeader | BadgeView::GoneFollower | BadgeView::GoneDisk);
    let (class, on) = match badge {
        _ if gone => ("g", "m"),
        _ if badge.counts() => ("l", "m on"),
        _other => ("f", "m"),
    };
    let round = if badge.counts() { 3 } else { 6 };
    format!(
        "<rect class=\"{class}\" x=\"4\" y=\"{top}\" width=\"13\" height=\"13\" rx=\"{round}\"/><text class=\"{on}\" x=\"10.5\" y=\"{}\">{}</text>",
        top + 10,
        badge.letter()
    )
}

/// One record: its key's colour and letter; without a key the topic's colour.
fn record(cell: &CellView, x: usize, top: usize) -> String {
    let class = match cell.state {
        CellState::Leader => "l",
        CellState::Follower => "f",
        CellState::Open => "o",
        CellState::Gone | CellState::Stored => "g",
    };
    let is_solid = matches!(cell.state, CellState::Leader | CellState::Follower);
    let fill = match cell.glyph {
        Glyph::Key { shape, .. } if is_solid => format!(" {}", colour(shape)),
        _ => String::new(),
    };
    let mut to =
        format!("<rect class=\"{class}{fill}\" x=\"{}\" y=\"{top}\" width=\"9\" height=\"13\" rx=\"2\"/>", x + 1);
    if let Some(letter) = letter(cell.glyph) {
        let ink = if is_solid { "k m" } else { "m" };
        let _ = write!(to, "<text class=\"{ink}\" x=\"{}.5\" y=\"{}\">{letter}</text>", x + 5, top + 10);
    }
    to
}

/// The class of a key's colour.
fn colour(shape: KeyShape) -> &'static str {
    outline(shape).class.trim_start_matches("key ")
}

fn controllers(all: &[ControllerView]) -> String {
    let left = (WIDTH - 24 * (all.len().max(1) - 1)) / 2;
    let one = |(index, one): (usize, &ControllerView)| {
        let is_off = one.role == ControllerRole::Stopped;
        let class = if one.role == ControllerRole::Active { "c a" } else { "c" };
        let mut inner =
            format!("<circle class=\"{class}\" r=\"8.5\"/><text class=\"m\" y=\"3\">{}</text>", escaped(&one.name));
        if is_off {
            inner += "<path class=\"x\" d=\"M4-9l5 5m0-5l-5 5\"/>";
        }
        placed(left + 24 * index, 11, is_off, &inner)
    };
    all.iter().enumerate().map(one).collect()
}

/// Who sends where, and who reads from where; each pair once.
fn wires(stage: &StageView, cast: &Cast, (producers, lanes, readers): (&Column, &Column, &Column)) -> String {
    let mut drawn = BTreeSet::new();
    for wire in &stage.wires {
        let from = cast.producers.iter().position(|one| one.process == wire.producer);
        if let (Some(from), Some(lane)) = (from, cast.lane(wire.broker)) {
            let class = if matches!(wire.state, WireState::Stale | WireState::Closed) { "p d" } else { "p" };
            let ends = [PRODUCERS + CARD, producers.middle(from), LANES, lanes.middle(lane)];
            drawn.insert((ends, wire.hue % 5, class));
        }
    }
    for ribbon in &stage.ribbons {
        let RibbonState::Owned { broker, member } = &ribbon.state else { continue };
        let reader = cast.readers.iter().position(|one| one.process == *member);
        if let (Some(reader), Some(lane)) = (reader, cast.lane(*broker)) {
            let ends = [LANES + LANE, lanes.middle(lane), READERS, readers.middle(reader)];
            drawn.insert((ends, ribbon.hue % 5, "p"));
        }
    }
    let line = |([x, y, to_x, to_y], hue, class): &([usize; 4], u8, &str)| {
        let half = (x + to_x) / 2;
        format!(
            "<path class=\"{class}\" style=\"--h:var(--t{hue})\" d=\"M{x} {y}C{half} {y} {half} {to_y} {to_x} {to_y}\"/>\n"
        )
    };
    drawn.iter().map(line).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
