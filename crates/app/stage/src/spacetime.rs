//! The space-time diagram in a room: lanes, lines, arrowheads, names beside lines. What is drawn comes from the view;
//! here it gets its pixels.

use crate::geometry::{Area, Between, Path, Point, num, point};
use crate::mark::{Size, Spelling};
use crate::measure;
use view::ProcessId;
use view::spacetime::{
    Family, LaneState, LineEnd, LineStyle, MessageId, SpacetimeLane, SpacetimeMessage, SpacetimePoint, SpacetimeView,
};

/// Narrower than this, names stand above their lanes and not beside them.
const NARROW: f64 = 620.0;
/// What names beside lanes take.
const GUTTER: f64 = 148.0;
const EDGE: f64 = 14.0;
/// Above the first lane stands the reader's instant, below the last one the scale.
const TOP: f64 = 44.0;
const BOTTOM: f64 = 34.0;
/// From one lane to the next.
const LEAST: f64 = 36.0;
const MOST: f64 = 84.0;
/// More lines than these have no names beside them: nobody could tell whose they are.
const NAMED: usize = 36;
const HEAD: f64 = 7.0;
const CROSS: f64 = 4.5;

/// The diagram, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagram {
    pub width: f64,
    pub height: f64,
    pub lanes: Vec<LaneMark>,
    pub lines: Vec<LineMark>,
    /// Where they stand, and what they say.
    pub ticks: Vec<(f64, String)>,
    /// Where the reader's instant lies.
    pub now: f64,
    /// The lowest lane.
    pub floor: f64,
}

/// One process's lane.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneMark {
    pub process: ProcessId,
    pub y: f64,
    pub name: String,
    pub role: String,
    /// Where name and role begin.
    pub words: [Point; 2],
    /// Before it came into its present state.
    pub before: Option<(f64, f64)>,
    pub was: LaneState,
    pub here: (f64, f64),
    pub state: LaneState,
}

/// One message's line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineMark {
    pub id: MessageId,
    pub family: Family,
    pub is_request: bool,
    pub from: Point,
    pub to: Point,
    pub dashed: bool,
    /// The arrowhead, or the cross; empty where the line is open.
    pub head: String,
    pub end: LineEnd,
    /// Kafka's name, where there is room for it.
    pub label: Option<(Point, &'static str)>,
}

/// Places the view in a room of that width and height, in pixels; lanes that do not fit into the height make it higher.
pub fn diagram(view: &SpacetimeView, width: f64, height: f64) -> Diagram {
    let left = if width < NARROW { EDGE } else { GUTTER };
    let gaps = view.lanes.len().saturating_sub(1).max(1) as f64;
    let step = ((height - TOP - BOTTOM) / gaps).between(LEAST, MOST);
    let scale = Scale { left, wide: (width - left - EDGE).max(1.0), step };
    let floor = TOP + step * view.lanes.len().saturating_sub(1) as f64;
    Diagram {
        width,
        height: floor + BOTTOM,
        lanes: view.lanes.iter().enumerate().map(|(place, lane)| scale.lane(place, lane)).collect(),
        lines: lines(&scale, &view.messages),
        ticks: view.ticks.iter().map(|tick| (scale.x(tick.x), tick.label.clone())).collect(),
        now: scale.x(view.now),
        floor,
    }
}

struct Scale {
    left: f64,
    wide: f64,
    step: f64,
}

impl Scale {
    fn x(&self, x: u32) -> f64 {
        self.left + self.wide * f64::from(x) / f64::from(SpacetimeView::WIDE)
    }

    fn point(&self, place: SpacetimePoint) -> Point {
        point(self.x(place.x), TOP + self.step * f64::from(place.y) / f64::from(SpacetimeView::LANE))
    }

    fn lane(&self, place: usize, lane: &SpacetimeLane) -> LaneMark {
        let y = TOP + self.step * place as f64;
        let is_narrow = self.left <= EDGE;
        let (name, role) = (Spelling::of(Size::Label).strong(), Spelling::of(Size::Small));
        let room = if is_narrow { self.wide / 2.0 } else { self.left - 20.0 };
        let shown = measure::fit(&lane.name, name, room);
        let words = match is_narrow {
            true => [point(EDGE, y - 5.0), point(EDGE + measure::width(&shown, name) + 8.0, y - 5.0)],
            false => [point(8.0, y), point(8.0, y + 14.0)],
        };
        let end = self.left + self.wide;
        let since = lane.since.map_or(self.left, |since| self.x(since));
        LaneMark {
            process: lane.process,
            y,
            name: shown,
            role: measure::fit(lane.role, role, room),
            words,
            before: lane.since.map(|_| (self.left, since)),
            was: lane.was,
            here: (since, end),
            state: lane.state,
        }
    }
}

fn lines(scale: &Scale, messages: &[SpacetimeMessage]) -> Vec<LineMark> {
    let is_named = messages.len() <= NAMED;
    let mut taken: Vec<Area> = Vec::new();
    let line = |message: &SpacetimeMessage| {
        let (from, to) = (scale.point(message.from), scale.point(message.to));
        let label = if is_named { label((from, to), message.name, &mut taken) } else { None };
        LineMark {
            id: message.id,
            family: message.family,
            is_request: message.is_request,
            from,
            to,
            dashed: message.style == LineStyle::Dashed,
            head: head((from, to), message.end),
            end: message.end,
            label,
        }
    };
    messages.iter().map(line).collect()
}

/// The name to the right of the line's middle, if nothing stands there yet.
fn label((from, to): (Point, Point), name: &'static str, taken: &mut Vec<Area>) -> Option<(Point, &'static str)> {
    let spelling = Spelling::of(Size::Micro);
    let middle = from.towards(to, 0.5);
    let area = Area::new(middle.x + 5.0, middle.y - 6.0, measure::width(name, spelling), 12.0);
    let meets = |other: &Area| {
        area.x < other.right() && other.x < area.right() && area.y < other.bottom() && other.y < area.bottom()
    };
    if taken.iter().any(meets) || (to.y - from.y).abs() < 20.0 {
        return None;
    }
    taken.push(area);
    Some((point(area.x, middle.y + 4.0), name))
}

fn head((from, to): (Point, Point), end: LineEnd) -> String {
    match end {
        LineEnd::Open => String::new(),
        LineEnd::Cross => {
            let stroke = |x: f64, y: f64| Path::lines(&[point(to.x - x, to.y - y), point(to.x + x, to.y + y)]).svg();
            format!("{}{}", stroke(CROSS, CROSS), stroke(CROSS, -CROSS))
        }
        LineEnd::Arrow => {
            let (across, down) = (to.x - from.x, to.y - from.y);
            let long = across.hypot(down).max(0.001);
            let (ahead, aside) = ((across / long, down / long), (-down / long, across / long));
            let back = point(to.x - ahead.0 * HEAD, to.y - ahead.1 * HEAD);
            let corner = |side: f64| {
                let half = HEAD * 0.45 * side;
                format!("{} {}", num(back.x + aside.0 * half), num(back.y + aside.1 * half))
            };
            format!("M{} {}L{}L{}Z", num(to.x), num(to.y), corner(1.0), corner(-1.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use view::spacetime::SpacetimeTick;

    fn message(number: u64, from: (u32, u32), to: (u32, u32), end: LineEnd) -> SpacetimeMessage {
        let place = |(x, y): (u32, u32)| SpacetimePoint { x, y };
        SpacetimeMessage {
            id: MessageId { connection: 1, lane: 0, number },
            family: Family::Produce,
            is_request: true,
            from: place(from),
            to: place(to),
            end,
            style: LineStyle::Plain,
            name: "Produce",
            between: String::new(),
            what: String::new(),
            details: String::new(),
            sent: String::new(),
            outcome: String::new(),
        }
    }

    fn view(lanes: u32, messages: Vec<SpacetimeMessage>) -> SpacetimeView {
        let lane = |number: u32| SpacetimeLane {
            process: ProcessId(number),
            name: format!("Broker {number}"),
            role: "broker",
            since: (number == 0).then_some(5_000),
            was: LaneState::Runs,
            state: if number == 0 { LaneState::Down } else { LaneState::Runs },
        };
        SpacetimeView {
            lanes: (0..lanes).map(lane).collect(),
            messages,
            ticks: vec![SpacetimeTick { x: 0, label: "14.2".to_owned() }],
            now: 7_500,
            now_text: String::new(),
            families: Vec::new(),
            label: String::new(),
            stretch: String::new(),
            notes: Vec::new(),
            frame: None,
            chosen: None,
        }
    }

    #[test]
    fn a_line_leads_from_lane_to_lane_and_everything_lies_within() {
        for (width, height) in [(1_120.0, 600.0), (360.0, 480.0), (200.0, 50.0)] {
            let lines = vec![message(0, (0, 0), (10_000, 2_000), LineEnd::Arrow)];
            let drawn = diagram(&view(3, lines), width, height);
            let line = &drawn.lines[0];
            assert_eq!((line.from.y, line.to.y), (drawn.lanes[0].y, drawn.lanes[2].y));
            assert_eq!((line.from.x, line.to.x), (drawn.lanes[1].here.0, drawn.lanes[1].here.1));
            assert!(line.to.x <= width && drawn.floor < drawn.height && line.head.starts_with('M'), "{line:?}");
            assert!(drawn.lanes.windows(2).all(|pair| pair[1].y - pair[0].y >= LEAST));
            let first = &drawn.lanes[0];
            assert_eq!(first.before.map(|(_, end)| end), Some(first.here.0), "it stopped in the middle");
            assert!(drawn.now > first.here.0 && drawn.ticks[0].0 == drawn.lanes[1].here.0);
        }
    }

    #[test]
    fn many_lanes_make_it_higher_and_many_lines_have_no_names() {
        let few =
            vec![message(0, (0, 0), (500, 1_000), LineEnd::Cross), message(1, (1, 0), (501, 1_000), LineEnd::Open)];
        let drawn = diagram(&view(2, few), 1_000.0, 300.0);
        assert_eq!(drawn.lines[0].label.map(|(_, name)| name), Some("Produce"));
        assert_eq!(drawn.lines[1].label, None, "one stands there already");
        assert!(drawn.lines[1].head.is_empty() && drawn.lines[0].head.matches('M').count() == 2);
        let many = (0..100).map(|number| message(number, (number as u32 * 90, 0), (9_500, 1_000), LineEnd::Arrow));
        let drawn = diagram(&view(40, many.collect()), 1_000.0, 300.0);
        assert!(drawn.height > 40.0 * LEAST && drawn.lines.iter().all(|line| line.label.is_none()));
    }
}
