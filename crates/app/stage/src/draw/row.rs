//! A replica as full cells: offsets below them, marks and their words above.

use view::CellState;

use super::parts::{hue, text};
use super::replica::{Replica, heads, stroke};
use crate::geometry::Num;
use crate::mark::{Align, Gathered, Mark, Size, Spelling};
use crate::measure;

/// Base lines of the words above the cells and of the offsets below them: the next row's words begin where these end.
const ABOVE: f64 = 12.4;
const BELOW: f64 = 21.1;

/// Everything in a row.
pub fn row(replica: &Replica<'_>) -> Vec<Mark> {
    let mut marks = Vec::new();
    replica.front(&mut marks);
    replica.cells(&mut marks);
    offsets(replica, &mut marks);
    if replica.has_mark() {
        if heads(replica.view.badge) { leader_marks(replica, &mut marks) } else { follower_mark(replica, &mut marks) }
    }
    marks
}

fn follower_mark(replica: &Replica<'_>, marks: &mut Vec<Mark>) {
    marks.push(stroke(replica.mark_at(), replica.at.y - 10.0, 22.0, "mark thin"));
}

/// Offsets of a leader's records: as many as have room. A sign says that there are older records.
fn offsets(replica: &Replica<'_>, marks: &mut Vec<Mark>) {
    let (grid, y) = (&replica.grid, replica.at.y + BELOW);
    let mut left = replica.at.x + grid.cells - 3.0;
    let spelling = Spelling::of(Size::Micro).mono().color("i3").align(Align::Middle);
    if heads(replica.view.badge) {
        let widths = replica.shown().iter().map(|cell| measure::width(&cell.offset.to_string(), spelling));
        let every = ((widths.fold(0.0, f64::max) + 3.0) / grid.cell).ceil().max(1.0) as i64;
        for (index, cell) in replica.shown().iter().enumerate() {
            if cell.offset.0 % every != 0 || cell.state == CellState::Gone {
                continue;
            }
            let middle = replica.at.x + grid.cells + grid.cell_width / 2.0 + grid.cell * index as f64;
            let offset = cell.offset.to_string();
            left = left.min(middle - measure::width(&offset, spelling) / 2.0 - 3.0);
            marks.push(text(middle, y, spelling, &offset, f64::INFINITY));
        }
    }
    if replica.hides_some() {
        marks.push(text(left, y, Spelling::of(Size::Micro).color("i3").align(Align::End), "…", 20.0));
    }
}

fn leader_marks(replica: &Replica<'_>, marks: &mut Vec<Mark>) {
    let (view, y) = (replica.view, replica.at.y);
    let (end, mark) = (replica.boundary(view.log_end), replica.mark_at());
    let open = replica.boundary(view.high_watermark) < end;
    let mut words = Above { replica, taken: Vec::new(), marks: Vec::new() };
    let (before, behind) = ((mark - 3.0, Align::End), (mark + 4.0, Align::Start));
    let strong = Spelling::of(Size::Micro).strong();
    let sides = if open { [before, behind] } else { [behind, before] };
    words.put("HW", strong, &sides);
    let tick = Spelling::of(Size::Micro).strong().mono().color("tickl");
    let mut ticks = Vec::new();
    for known in view.epochs.iter().rev() {
        let x = replica.boundary(known.offset);
        ticks.push(Mark::Path { d: format!("M{} {}v9", Num(x), Num(y - 20.0)), class: "tick" });
        words.put(&known.text, tick, &[(x + 3.0, Align::Start), (x - 3.0, Align::End)]);
    }
    if open {
        let after = words.right(end).max(end) + 4.0;
        words.put("LEO", Spelling::of(Size::Micro).color("i3"), &[(end + 4.0, Align::Start), (after, Align::Start)]);
        marks.push(stroke(end, y - 17.0, 29.5, "mark thin"));
    }
    marks.push(stroke(mark, y - 19.0, 31.5, "mark"));
    ticks.append(&mut words.marks);
    marks.push(Mark::Gather(Gathered { hue: hue(view.hue), marks: ticks, ..Gathered::default() }));
    if view.leads() {
        replica.lead_in(end + if open { 28.0 } else { 22.0 }, marks);
    }
}

/// Words above the cells, which give way to each other.
struct Above<'a> {
    replica: &'a Replica<'a>,
    taken: Vec<(f64, f64)>,
    marks: Vec<Mark>,
}

impl Above<'_> {
    /// Puts words at the first of these places that is free; nowhere if none is.
    fn put(&mut self, words: &str, spelling: Spelling, places: &[(f64, Align)]) {
        let width = measure::width(words, spelling);
        let span = |(x, align): &(f64, Align)| match align {
            Align::Start => (*x, x + width),
            Align::Middle => (x - width / 2.0, x + width / 2.0),
            Align::End => (x - width, *x),
        };
        // Behind the last cell there is the replication channel, up to the lane's edge.
        let (first, last) =
            (self.replica.at.x + self.replica.grid.badge, self.replica.at.x + self.replica.grid.right + 32.0);
        let is_free = |(from, to): (f64, f64)| {
            from >= first && to <= last && self.taken.iter().all(|taken| to + 2.0 <= taken.0 || from >= taken.1 + 2.0)
        };
        if let Some(place) = places.iter().find(|place| is_free(span(place))) {
            self.taken.push(span(place));
            let y = self.replica.at.y - ABOVE;
            self.marks.push(text(place.0, y, spelling.align(place.1), words, f64::INFINITY));
        }
    }

    /// Where the words end that begin at `x` or behind it.
    fn right(&self, x: f64) -> f64 {
        self.taken.iter().filter(|taken| taken.0 >= x).map(|taken| taken.1).fold(x, f64::max)
    }
}
