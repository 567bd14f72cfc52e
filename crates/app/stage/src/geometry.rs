//! Points, boxes and paths on the stage, in stage units (1120 wide). Pure arithmetic: the same path gives
//! the SVG's `d` and the place of a packet on the canvas, so the two cannot disagree.

use std::fmt::Write;

/// A place on the stage.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// An upright box.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// One piece of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    Line(Point, Point),
    Curve(Point, Point, Point, Point),
}

/// A line that a message follows.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Path {
    pieces: Vec<Piece>,
}

/// Where a traveller is and which way it looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub at: Point,
    pub direction: Direction,
}

/// The four ways a tag can point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Right,
    Left,
    Up,
    Down,
}

impl Direction {
    /// One step that way: across and down.
    pub fn step(self) -> (f64, f64) {
        match self {
            Direction::Right => (1.0, 0.0),
            Direction::Left => (-1.0, 0.0),
            Direction::Up => (0.0, -1.0),
            Direction::Down => (0.0, 1.0),
        }
    }

    /// Up or down.
    pub fn is_upright(self) -> bool {
        matches!(self, Direction::Up | Direction::Down)
    }
}

/// A point, shorter to write.
pub fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    /// The point `share` (0 to 1) of the way to `other`.
    pub fn towards(self, other: Point, share: f64) -> Point {
        point(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }

    /// In pixels, as all lengths here.
    fn distance(self, other: Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

impl Area {
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Area {
        Area { x, y, width, height }
    }
    pub fn right(&self) -> f64 {
        self.x + self.width
    }
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }
    pub fn middle(&self) -> Point {
        point(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

/// What stays free at either end of a way for what travels on it, at most: a share of the way.
const MOST_EDGE: f64 = 0.4;

impl Path {
    /// The S-curve between two points that leaves and arrives horizontally.
    pub fn s_curve(from: Point, to: Point) -> Path {
        let middle = f64::midpoint(from.x, to.x);
        Path { pieces: vec![Piece::Curve(from, point(middle, from.y), point(middle, to.y), to)] }
    }

    /// One cubic curve.
    pub fn curve(from: Point, first: Point, second: Point, to: Point) -> Path {
        Path { pieces: vec![Piece::Curve(from, first, second, to)] }
    }

    /// Straight lines through the points.
    pub fn lines(points: &[Point]) -> Path {
        Path { pieces: points.windows(2).map(|pair| Piece::Line(pair[0], pair[1])).collect() }
    }

    /// This path and then the other.
    pub fn then(mut self, other: Path) -> Path {
        self.pieces.extend(other.pieces);
        self
    }

    /// The same path in the other direction.
    pub fn reversed(&self) -> Path {
        let pieces = self.pieces.iter().rev().map(|piece| match *piece {
            Piece::Line(from, to) => Piece::Line(to, from),
            Piece::Curve(from, first, second, to) => Piece::Curve(to, second, first, from),
        });
        Path { pieces: pieces.collect() }
    }

    /// The `d` of an SVG path.
    pub fn svg(&self) -> String {
        let mut text = String::new();
        let mut last = None;
        for piece in &self.pieces {
            let (from, to) = piece.ends();
            if last != Some(from) {
                let _ = write!(text, "M{} {}", Num(round(from.x)), Num(round(from.y)));
            }
            match *piece {
                Piece::Line(..) => {
                    let _ = write!(text, "L{} {}", Num(round(to.x)), Num(round(to.y)));
                }
                Piece::Curve(_, a, b, _) => {
                    let numbers = [a.x, a.y, b.x, b.y, to.x, to.y].map(|number| Num(round(number)));
                    let [ax, ay, bx, by, x, y] = numbers;
                    let _ = write!(text, "C{ax} {ay} {bx} {by} {x} {y}");
                }
            }
            last = Some(to);
        }
        text
    }

    /// The part of the way between two shares (0 to 1) of it, drawn as short lines.
    pub fn part(&self, from: f64, to: f64) -> Path {
        /// Pieces that a curve is measured by.
        const LINES: u32 = 16;
        let share = |step: u32| from + (to - from) * f64::from(step) / f64::from(LINES);
        Path::lines(&(0..=LINES).map(|step| self.at(share(step)).at).collect::<Vec<Point>>())
    }

    /// The same for something that reaches `half` before and behind its middle: it lies between the ends of the way as
    /// far as it is shorter than that.
    pub fn at_between(&self, share: f64, half: f64) -> Place {
        let length = self.pieces.iter().map(Piece::length).sum::<f64>();
        // On a short way it still moves.
        let mut edge = if length > 0.0 { (half / length).min(MOST_EDGE) } else { MOST_EDGE };
        let (start, end) = (self.at(0.0).at, self.at(1.0).at);
        // A curve leaves its end slowly.
        let is_wide = (end.x - start.x).abs() > 3.0 * half;
        while is_wide && edge < MOST_EDGE && (self.at(edge).at.x - start.x).abs() < half {
            edge += 0.01;
        }
        self.at(edge + share * (1.0 - 2.0 * edge))
    }

    /// Where somebody is who has gone `share` (0 to 1) of the way.
    pub fn at(&self, share: f64) -> Place {
        let lengths: Vec<f64> = self.pieces.iter().map(Piece::length).collect();
        let mut left = share.clamp(0.0, 1.0) * lengths.iter().sum::<f64>();
        for (piece, length) in self.pieces.iter().zip(&lengths) {
            if left <= *length {
                return piece.at(if *length > 0.0 { left / length } else { 1.0 });
            }
            left -= length;
        }
        self.pieces.last().map_or(Place { at: Point::default(), direction: Direction::Right }, |piece| piece.at(1.0))
    }
}

impl Piece {
    fn ends(&self) -> (Point, Point) {
        match *self {
            Piece::Line(from, to) | Piece::Curve(from, _, _, to) => (from, to),
        }
    }

    fn length(&self) -> f64 {
        match *self {
            Piece::Line(from, to) => from.distance(to),
            Piece::Curve(from, a, b, to) => {
                (from.distance(a) + a.distance(b) + b.distance(to) + from.distance(to)) / 2.0
            }
        }
    }

    /// Point and direction at a share of the way.
    fn at(&self, t: f64) -> Place {
        match *self {
            Piece::Line(from, to) => {
                Place { at: from.towards(to, t), direction: direction(to.x - from.x, to.y - from.y) }
            }
            Piece::Curve(from, a, b, to) => {
                let u = 1.0 - t;
                let mix = |p: f64, q: f64, r: f64, s: f64| {
                    u * u * u * p + 3.0 * u * u * t * q + 3.0 * u * t * t * r + t * t * t * s
                };
                // A tag on a curve points along its ends, not its slope: it stays readable and does not turn.
                let at = point(mix(from.x, a.x, b.x, to.x), mix(from.y, a.y, b.y, to.y));
                Place { at, direction: if to.x >= from.x { Direction::Right } else { Direction::Left } }
            }
        }
    }
}

/// By the larger of the two.
fn direction(dx: f64, dy: f64) -> Direction {
    if dx.abs() >= dy.abs() {
        if dx >= 0.0 { Direction::Right } else { Direction::Left }
    } else if dy >= 0.0 {
        Direction::Down
    } else {
        Direction::Up
    }
}

/// What std's `clamp` does, where the bounds are reckoned: std's would print them when they cross, and with that bring ten
/// kilobytes of floating-point text into the page. The lower bound wins.
pub trait Between {
    fn between(self, least: f64, most: f64) -> f64;
}

impl Between for f64 {
    fn between(self, least: f64, most: f64) -> f64 {
        self.min(most).max(least)
    }
}

/// A tenth of a unit is as fine as a path needs to be.
pub fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// A number as SVG and CSS take it, to a thousandth. std's way to print floating-point numbers exactly is ten
/// kilobytes of the page, and nothing drawn here is finer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Num(pub f64);

impl std::fmt::Display for Num {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let thousandths = (self.0 * 1000.0).round() as i64;
        let sign = if thousandths < 0 { "-" } else { "" };
        let (whole, fraction) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
        match fraction {
            0 => write!(f, "{sign}{whole}"),
            tenths if tenths % 100 == 0 => write!(f, "{sign}{whole}.{}", tenths / 100),
            hundredths if hundredths % 10 == 0 => write!(f, "{sign}{whole}.{:02}", hundredths / 10),
            _ => write!(f, "{sign}{whole}.{fraction:03}"),
        }
    }
}

/// [`Num`] as a text.
pub fn num(value: f64) -> String {
    Num(value).to_string()
}

/// `--e-out`: arrivals.
pub fn ease_out(p: f64) -> f64 {
    let left = 1.0 - p.clamp(0.0, 1.0);
    1.0 - left * left * left
}

/// `--e-move`: roles that travel.
pub fn ease_move(p: f64) -> f64 {
    let p = p.clamp(0.0, 1.0);
    p * p * (3.0 - 2.0 * p)
}

/// `--e-in`: falling.
pub fn ease_in(p: f64) -> f64 {
    let p = p.clamp(0.0, 1.0);
    p * p
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_leaves_and_arrives_horizontally() {
        let wire = Path::s_curve(point(152.0, 234.0), point(296.0, 440.0));
        assert_eq!(wire.svg(), "M152 234C224 234 224 440 296 440");
    }

    #[test]
    fn who_is_long_stays_between_the_ends_and_moves_on_a_short_way() {
        let path = Path::lines(&[point(0.0, 0.0), point(100.0, 0.0)]);
        assert_eq!([0.0, 0.5, 1.0].map(|share| path.at_between(share, 20.0).at.x), [20.0, 50.0, 80.0]);
        let short = Path::lines(&[point(0.0, 0.0), point(20.0, 0.0)]);
        assert_eq!([0.0, 1.0].map(|share| short.at_between(share, 15.0).at.x.round()), [8.0, 12.0]);
    }

    #[test]
    fn a_traveller_starts_and_ends_at_the_ends() {
        let path = Path::lines(&[point(0.0, 0.0), point(10.0, 0.0), point(10.0, 30.0)]);
        assert_eq!(path.at(0.0).at, point(0.0, 0.0));
        assert_eq!(path.at(0.25).at, point(10.0, 0.0));
        assert_eq!(path.at(1.0), Place { at: point(10.0, 30.0), direction: Direction::Down });
        assert_eq!(path.reversed().at(0.0).at, point(10.0, 30.0));
    }
}
