//! Finds texts of a scene that lie on each other, under something, or outside of it.

use stage::geometry::{Area, Point, point};
use stage::{Gathered, Mark, Scene, Words};

/// Boxes that share less than this, in either direction, do not lie on each other.
const TOUCH: f64 = 0.6;

/// A text, or a box that hides what lies under it.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The part that it belongs to.
    pub part: String,
    pub words: Words,
    /// Of a turned one, the box around it.
    pub area: Area,
    /// Which group of turned marks it belongs to; texts of one stamp lie on its own box.
    group: usize,
}

#[derive(Default)]
struct Seen {
    texts: Vec<Placed>,
    /// Opaque boxes over texts: stamps and switches, with the group to which they belong.
    lids: Vec<(String, Area, usize)>,
    groups: usize,
}

/// All texts of a scene.
pub fn texts(scene: &Scene) -> Vec<Placed> {
    look(scene).texts
}

/// A sentence for each pair of texts that lie on each other, each text that is hidden and each that leaves the scene.
pub fn faults(scene: &Scene) -> Vec<String> {
    let seen = look(scene);
    let mut faults = Vec::new();
    for (index, one) in seen.texts.iter().enumerate() {
        let within = Area::new(0.0, 0.0, scene.plan.width, scene.plan.height);
        if !contains(within, one.area) {
            faults.push(format!("{} is outside: {:?}", said(one), one.area));
        }
        if one.words.text.is_empty() {
            faults.push(format!("{}: an empty text", one.part));
        }
        if one.words.text.contains('…') && one.words.whole.is_empty() && one.words.text.trim() != "…" {
            // A producer's line may end so in the view: "seq 8, 9…" are more than there is room to name.
            let is_whole = !one.words.text.ends_with('…') || one.part.starts_with("producer-");
            if !is_whole {
                faults.push(format!("{} is cut and does not say what it was", said(one)));
            }
        }
        for other in &seen.texts[index + 1..] {
            if overlap(one.area, other.area) {
                faults.push(format!("{} and {}: {:?} {:?}", said(one), said(other), one.area, other.area));
            }
        }
        for (part, lid, group) in &seen.lids {
            if (*group == 0 || *group != one.group) && overlap(one.area, *lid) {
                faults.push(format!("{} is under a box of {part}: {:?} {lid:?}", said(one), one.area));
            }
        }
    }
    faults
}

fn said(placed: &Placed) -> String {
    format!("{}: {:?}", placed.part, placed.words.text)
}

fn contains(outer: Area, inner: Area) -> bool {
    inner.x >= outer.x - TOUCH
        && inner.y >= outer.y - TOUCH
        && inner.right() <= outer.right() + TOUCH
        && inner.bottom() <= outer.bottom() + TOUCH
}

/// Whether two boxes lie on each other.
pub fn overlap(one: Area, other: Area) -> bool {
    let across = one.right().min(other.right()) - one.x.max(other.x);
    let down = one.bottom().min(other.bottom()) - one.y.max(other.y);
    across > TOUCH && down > TOUCH
}

/// How many elements a page needs for a scene.
pub fn elements(scene: &Scene) -> usize {
    let mut count = scene.parts.len();
    scene.walk(&mut |mark, _| {
        // A button's box and what is drawn beside it; a key's outline and letter.
        count += if matches!(mark, Mark::Button(_) | Mark::Key(..)) { 3 } else { 1 };
    });
    count
}

fn look(scene: &Scene) -> Seen {
    let mut seen = Seen::default();
    for part in &scene.parts {
        for mark in &part.marks {
            visit(mark, &Frame { part: &part.key, shift: Point::default(), turn: None, group: 0 }, &mut seen);
        }
    }
    seen
}

#[derive(Clone)]
struct Frame<'a> {
    part: &'a str,
    shift: Point,
    turn: Option<(f64, Point)>,
    group: usize,
}

fn visit(mark: &Mark, frame: &Frame<'_>, seen: &mut Seen) {
    match mark {
        Mark::Text(words) => {
            let area = placed(words.area(), frame);
            seen.texts.push(Placed { part: frame.part.to_owned(), words: words.clone(), area, group: frame.group });
        }
        Mark::Box { area, class, .. } if frame.group > 0 || *class == "hitbox" || *class == "try" => {
            seen.lids.push((frame.part.to_owned(), placed(*area, frame), frame.group));
        }
        Mark::Gather(gathered) => {
            let frame = inner(gathered, frame, seen);
            gathered.marks.iter().for_each(|mark| visit(mark, &frame, seen));
        }
        // Quiet ones are seen only where somebody points.
        Mark::Button(button) if matches!(button.class, "quiet-switch" | "quiet-open") => {}
        Mark::Button(button) => button.marks.iter().for_each(|mark| visit(mark, frame, seen)),
        Mark::Part(part) => {
            let frame = Frame { part: &part.key, ..frame.clone() };
            part.marks.iter().for_each(|mark| visit(mark, &frame, seen));
        }
        Mark::Box { .. } | Mark::Circle(_) | Mark::Path { .. } | Mark::Symbol { .. } | Mark::Key(..) => {}
    }
}

fn inner<'a>(gathered: &Gathered, frame: &Frame<'a>, seen: &mut Seen) -> Frame<'a> {
    let shift = point(frame.shift.x + gathered.shift.x, frame.shift.y + gathered.shift.y);
    let is_lid = gathered.class.split(' ').any(|class| class == "stamp" || class == "pill" || class == "call");
    let group = if is_lid {
        seen.groups += 1;
        seen.groups
    } else {
        frame.group
    };
    Frame { part: frame.part, shift, turn: gathered.turn.or(frame.turn), group }
}

/// The upright box around a box that is shifted and turned.
fn placed(area: Area, frame: &Frame<'_>) -> Area {
    let area = Area { x: area.x + frame.shift.x, y: area.y + frame.shift.y, ..area };
    let Some((degrees, around)) = frame.turn else { return area };
    let (sin, cos) = degrees.to_radians().sin_cos();
    let corners = [(area.x, area.y), (area.right(), area.y), (area.x, area.bottom()), (area.right(), area.bottom())];
    let turned = corners.map(|(x, y)| {
        let (dx, dy) = (x - around.x, y - around.y);
        (around.x + dx * cos - dy * sin, around.y + dx * sin + dy * cos)
    });
    let least = |of: fn(&(f64, f64)) -> f64| turned.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| turned.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (x, y) = (least(|corner| corner.0), least(|corner| corner.1));
    Area::new(x, y, most(|corner| corner.0) - x, most(|corner| corner.1) - y)
}
