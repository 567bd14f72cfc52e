//! What stands over or below all others: the line that says what the directions mean, and the pill of a long wait.

use std::rc::Rc;

use super::Stand;
use super::labels::Labels;
use super::parts::{rect, text};
use super::pieces::{SMALL, group, mid};
use crate::geometry::{Area, Path, Point, point};
use crate::mark::{Gathered, Mark, Part, Size, Spelling};
use crate::measure;

/// The line of directions, from the left edge of the lanes on.
pub fn directions(stand: &Stand<'_>) -> Option<Rc<Part>> {
    if !stand.plan.has_directions {
        return None;
    }
    let words = &stand.text.stage;
    let (x, y) = (stand.plan.lanes.x, stand.plan.height - 18.0);
    let said = SMALL.color("i3");
    let right = stand.plan.width - 8.0;
    let mut marks = vec![
        group("arrows", "", vec![arrows(point(x + 11.0, y), Turn::Across)]),
        text(x + 32.0, y + 4.0, said, words.left_right, right - x - 32.0),
    ];
    let next = x + 32.0 + measure::width(words.left_right, said) + 40.0;
    if right - next > 60.0 {
        marks.push(group("arrows", "", vec![arrows(point(next, y), Turn::Upright)]));
        marks.push(text(next + 14.0, y + 4.0, said, words.up_down, right - next - 14.0));
    }
    Some(Part::new("directions", marks))
}

#[derive(Clone, Copy, PartialEq)]
enum Turn {
    Across,
    Upright,
}

/// A line with a point at either end.
fn arrows(at: Point, turn: Turn) -> Mark {
    let spot = |along: f64, aside: f64| match turn {
        Turn::Across => point(at.x + along, at.y + aside),
        Turn::Upright => point(at.x + aside, at.y + along),
    };
    let long = if turn == Turn::Across { 11.0 } else { 9.5 };
    let tip = |end: f64| {
        Path::lines(&[spot(end - 5.0 * end.signum(), -5.0), spot(end, 0.0), spot(end - 5.0 * end.signum(), 5.0)])
    };
    let line = Path::lines(&[spot(-long, 0.0), spot(long, 0.0)]);
    Mark::Path { d: format!("{}{}{}", line.svg(), tip(long).svg(), tip(-long).svg()), class: "ico" }
}

const PILL: Spelling = Spelling::of(Size::Pill).strong();

/// The pill says that nothing but time passes. It never lies over words or buttons: it takes the first free place from the
/// bottom up, and shrinks to the words where there is none.
pub fn waiting(stand: &Stand<'_>, parts: &[Rc<Part>]) -> Option<Rc<Part>> {
    let words = stand.stage.waiting.as_ref()?;
    let width = measure::width(words, PILL);
    let mut taken = Labels::default();
    for part in parts {
        part.marks
            .iter()
            .for_each(|mark| mark.walk(Point::default(), &mut |mark, shift| cover(&mut taken, mark, shift)));
    }
    let size = (stand.plan.width, stand.plan.height);
    let area =
        taken.place(spots(size, (width + 36.0, 30.0))).or_else(|| taken.place(spots(size, (width + 16.0, 20.0))))?;
    let place = text(area.middle().x, area.middle().y + 4.5, mid(PILL), words, area.width - 10.0);
    Some(Part::new("waiting", vec![group("pill", "", vec![rect(area, area.height / 2.0, ""), place])]))
}

/// What the pill must not cover. A turned mark may reach a little further than it says.
pub fn cover(taken: &mut Labels, mark: &Mark, shift: Point) {
    let moved = |area: Area, more: f64| {
        Area::new(area.x + shift.x - more, area.y + shift.y - more, area.width + 2.0 * more, area.height + 2.0 * more)
    };
    match mark {
        Mark::Text(words) if !words.text.is_empty() => taken.take(moved(words.area(), 2.0)),
        Mark::Key(_, area) => taken.take(moved(*area, 1.0)),
        // A card or a lane may lie below the pill, a switch may not.
        Mark::Button(button) if button.area.width < 60.0 && button.area.height < 60.0 => {
            taken.take(moved(button.area, 0.0));
        }
        Mark::Gather(Gathered { turn: Some(_), marks, .. }) => {
            for mark in marks {
                if let Mark::Box { area, .. } = mark {
                    taken.take(moved(*area, 8.0));
                }
            }
        }
        Mark::Text(_)
        | Mark::Button(_)
        | Mark::Gather(_)
        | Mark::Box { .. }
        | Mark::Circle(_)
        | Mark::Path { .. }
        | Mark::Symbol { .. }
        | Mark::Part(_) => {}
    }
}

/// From the bottom up; in each line first the middle, then further and further from it.
fn spots((width, height): (f64, f64), (wide, high): (f64, f64)) -> impl Iterator<Item = Area> {
    let down = ((height - high - 4.0) / 8.0).max(0.0) as usize;
    let aside = ((width - wide) / 2.0 / 20.0).max(0.0) as usize;
    (0..=down).flat_map(move |line| {
        let y = (height - high - 4.0 - 8.0 * line as f64).max(0.0);
        (0..=2 * aside).map(move |step| {
            let by = step.div_ceil(2) as f64 * 20.0 * if step % 2 == 0 { -1.0 } else { 1.0 };
            Area::new((width - wide) / 2.0 + by, y, wide, high)
        })
    })
}
