//! What rows of cells and strips have in common: badge, star, ISR and the newest records as cells.

use view::{BadgeView, CellState, CellView, IsrDotState, IsrDotView, Offset, Pointed, ProcessId, RowView, StarView};

use super::grid::Grid;
use super::parts::{self, hue, partition_name, rect, texts, tone_class};
use crate::geometry::{Area, Num, Point, ease_out, point};
use crate::mark::{Align, Circle, Gathered, Mark, Size, Spelling, Tag};
use crate::measure;

/// A row that is being drawn.
pub struct Replica<'a> {
    pub view: &'a RowView,
    pub process: ProcessId,
    /// Its broker does not run.
    pub stopped: bool,
    /// The left edge and the centre line.
    pub at: Point,
    pub grid: Grid,
}

/// The look of a badge, and the radius of its corners: who is out of the ISR has a round one.
pub fn badge_look(badge: BadgeView) -> (&'static str, f64) {
    match badge {
        BadgeView::Leader => ("badge lead", 4.0),
        BadgeView::Arriving | BadgeView::Named => ("badge ghost", 4.0),
        BadgeView::Believes | BadgeView::HungLeader | BadgeView::Hung => ("badge warn", 4.0),
        BadgeView::Follower | BadgeView::Behind(_) | BadgeView::NoLeader => ("badge copy", 4.0),
        BadgeView::CatchingUp(_) => ("badge copy", 10.0),
        BadgeView::Out => ("badge warn", 10.0),
        BadgeView::Eligible => ("badge ghost", 10.0),
        BadgeView::OnDisk => ("badge disk", 1.0),
        BadgeView::Empty | BadgeView::GoneLeader | BadgeView::GoneFollower | BadgeView::GoneDisk => ("badge gone", 4.0),
    }
}

/// Whether the replica takes requests as a leader, for whomever it does: its marks are those of a leader.
pub fn heads(badge: BadgeView) -> bool {
    match badge {
        BadgeView::Leader | BadgeView::Arriving | BadgeView::Believes | BadgeView::HungLeader => true,
        BadgeView::Named
        | BadgeView::Follower
        | BadgeView::Behind(_)
        | BadgeView::CatchingUp(_)
        | BadgeView::Out
        | BadgeView::Eligible
        | BadgeView::NoLeader
        | BadgeView::Hung
        | BadgeView::OnDisk
        | BadgeView::Empty
        | BadgeView::GoneLeader
        | BadgeView::GoneFollower
        | BadgeView::GoneDisk => false,
    }
}

/// How a row's name is written.
pub fn name_spelling(view: &RowView, stopped: bool, size: Size) -> Spelling {
    let plain = Spelling::of(size).mono();
    match (stopped, view.leads()) {
        (true, _) => plain.color("f-off"),
        (false, true) => plain.strong(),
        (false, false) => plain.color("i2"),
    }
}

impl Replica<'_> {
    /// Name, badge, star, and the ISR or a word.
    pub fn front(&self, marks: &mut Vec<Mark>) {
        let (view, grid, Point { x, y }) = (self.view, &self.grid, self.at);
        let spelling = name_spelling(view, self.stopped, grid.name_size);
        marks.push(partition_name(x, y + 4.6, spelling, &view.partition, grid.name));
        marks.push(self.badge());
        marks.extend(self.star());
        if view.isr.is_empty() { self.note(marks) } else { self.isr(marks) }
    }

    fn badge(&self) -> Mark {
        let (class, radius) = badge_look(self.view.badge);
        let size = self.grid.badge_size;
        let left = self.at.x + self.grid.badge;
        let area = Area::new(left, self.at.y - size / 2.0, size, size);
        let spelling = Spelling::of(if size < 17.0 { Size::Micro } else { Size::Small }).strong().align(Align::Middle);
        let letter = self.view.badge.letter();
        let baseline = self.at.y + spelling.size.units() * 0.36;
        let marks = vec![
            rect(area, radius * size / 20.0, ""),
            parts::text(left + size / 2.0, baseline, spelling, letter, size),
        ];
        Mark::Gather(Gathered { class, hue: hue(self.view.hue), marks, ..Gathered::default() })
    }

    fn star(&self) -> Option<Mark> {
        let name = match self.view.star? {
            StarView::Leads => "star",
            StarView::Waits => "star0",
        };
        let size = if self.grid.badge_size < 18.0 { 11.0 } else { 14.0 };
        let area = Area::new(self.at.x + self.grid.star?, self.at.y - size / 2.0 - 0.5, size, size);
        Some(Mark::Symbol { name, area, color: "" })
    }

    /// The badge's word, in two lines where one is too short. Where only the letter has room, what is as it should be,
    /// or is said by the lane, says no more than that.
    fn note(&self, marks: &mut Vec<Mark>) {
        let (view, grid) = (self.view, &self.grid);
        let spelling = Spelling::of(Size::Micro).color(tone_class(view.note_tone));
        let (left, most) = (self.at.x + grid.isr + 1.5, grid.isr_width - 2.0);
        let fits = measure::width(&view.note, spelling) <= most;
        let tight = grid.half < 12.0;
        if !fits && tight && (self.stopped || view.note_tone == view::Tone::Good) {
            return;
        }
        let lines = parts::lines(&view.note, spelling, most, if tight { 1 } else { 2 });
        // The sign of older records begins below.
        let first = self.at.y + if lines.len() > 1 { -2.2 } else { 4.5 };
        for (index, mut words) in lines.into_iter().enumerate() {
            words.at = point(left, first + 11.4 * index as f64);
            marks.push(Mark::Text(words));
        }
    }

    /// Replicas as dots, in replica order; closer together where they are many, and the rest behind "…".
    fn isr(&self, marks: &mut Vec<Mark>) {
        let (dots, grid) = (&self.view.isr, &self.grid);
        let spelling = Spelling::of(Size::Micro).strong().align(Align::Middle);
        let digits = dots.iter().map(|dot| measure::width(&dot.broker.to_string(), spelling)).fold(0.0, f64::max);
        let natural = if grid.isr_width >= 57.0 { 19.0 } else { 16.0 };
        let (round, step) = match grid.isr_width / dots.len() as f64 {
            own if own >= natural && digits < natural - 3.0 => (true, natural),
            own => (false, own.max(digits + 2.4)),
        };
        let fitting = (grid.isr_width / step + 0.01).floor() as usize;
        let shown = if fitting >= dots.len() { dots.len() } else { fitting.saturating_sub(1) };
        let left = self.at.x + grid.isr;
        for (index, dot) in dots.iter().take(shown).enumerate() {
            let center = point(left + step * (index as f64 + 0.5), self.at.y);
            marks.push(if round { round_dot(dot, center, natural * 0.4) } else { square_dot(dot, center, step) });
        }
        if shown < dots.len() {
            let whole: Vec<String> = dots.iter().map(|dot| dot.broker.to_string()).collect();
            let at = point(left + step * shown as f64 + 1.0, self.at.y + 3.8);
            let spelling = Spelling::of(Size::Micro).color("i2");
            marks
                .push(Mark::Text(crate::mark::Words { at, spelling, text: "…".to_owned(), whole: whole.join(", ") }));
        }
    }

    /// The cells that have room, the newest last.
    pub fn shown(&self) -> &[CellView] {
        let cells = &self.view.cells;
        &cells[cells.len().saturating_sub(self.grid.count)..]
    }

    pub fn hides_some(&self) -> bool {
        self.view.hidden_before > 0 || self.shown().len() < self.view.cells.len()
    }

    /// Whether its high watermark means anything: a broker that is down, or has not taken the log up, has none.
    pub fn has_mark(&self) -> bool {
        let stored = self.view.cells.last().is_none_or(|cell| cell.state == CellState::Stored);
        !self.stopped && !stored
    }

    /// The x of the boundary before `offset`, inside the drawn part of the strip.
    pub fn boundary(&self, offset: Offset) -> f64 {
        let cells = self.shown();
        let first = cells.first().map_or(self.view.log_end, |cell| cell.offset);
        let steps = offset.since(first).clamp(0, cells.len() as i64);
        self.at.x + self.grid.cells - (self.grid.cell - self.grid.cell_width) / 2.0 + self.grid.cell * steps as f64
    }

    /// Where the high watermark stands, while it slides too.
    pub fn mark_at(&self) -> f64 {
        let to = self.boundary(self.view.high_watermark);
        let Some((from, share)) = self.view.high_watermark_from else { return to };
        let from = self.boundary(from);
        from + (to - from) * ease_out(f64::from(share) / 1000.0)
    }

    pub fn cells(&self, marks: &mut Vec<Mark>) {
        for (index, cell) in self.shown().iter().enumerate() {
            let x = self.at.x + self.grid.cells + self.grid.cell * index as f64;
            marks.push(self.cell(cell, x));
        }
    }

    fn cell(&self, cell: &CellView, x: f64) -> Mark {
        let Grid { half, cell_width: width, .. } = self.grid;
        let landed = ease_out(f64::from(cell.landed) / 1000.0);
        let size = if half >= 12.0 { 18.0 } else { width - 2.0 };
        let key = Area::new(x + (width - size) / 2.0, self.at.y - size / 2.0, size, size);
        let frame = rect(Area::new(x, self.at.y - half, width, half * 2.0), width.min(23.0) / 5.75, "");
        let (process, partition) = (self.process, self.view.partition.clone());
        let tag = Tag::of(&Pointed::Record { process, partition, offset: cell.offset });
        Mark::Gather(Gathered {
            class: cell_class(cell),
            hue: hue(self.view.hue),
            shift: point(0.0, (landed - 1.0) * 8.0),
            opacity: landed,
            tag,
            marks: vec![frame, Mark::Key(cell.glyph, key)],
            ..Gathered::default()
        })
    }

    /// The line on which what is read leaves the row.
    pub fn lead_in(&self, from: f64, marks: &mut Vec<Mark>) {
        let to = self.at.x + self.grid.right + 2.0;
        // Not where it would be a speck.
        if from + 12.0 < to {
            let line = Mark::Path { d: format!("M{} {}H{}", Num(from), Num(self.at.y), Num(to)), class: "lead-in" };
            marks.push(Mark::Gather(Gathered { hue: hue(self.view.hue), marks: vec![line], ..Gathered::default() }));
        }
    }
}

/// An upright stroke.
pub fn stroke(x: f64, y: f64, length: f64, class: &'static str) -> Mark {
    Mark::Path { d: format!("M{} {}v{}", Num(x), Num(y), Num(length)), class }
}

fn dot_class(state: IsrDotState) -> &'static str {
    match state {
        IsrDotState::In => "dot",
        IsrDotState::Pending => "dot pend",
        IsrDotState::Out => "dot out",
        IsrDotState::Silent => "dot dead",
    }
}

fn round_dot(dot: &IsrDotView, center: Point, radius: f64) -> Mark {
    let circle = Mark::Circle(Circle { center, radius, class: "", share: None });
    dot_of(dot, center, (circle, radius))
}

/// Where dots would touch: no wider than their numbers.
fn square_dot(dot: &IsrDotView, center: Point, step: f64) -> Mark {
    let area = Area::new(center.x - step / 2.0 + 0.5, center.y - 7.0, step - 1.0, 14.0);
    dot_of(dot, center, (rect(area, 2.5, ""), 6.5))
}

fn dot_of(dot: &IsrDotView, center: Point, (shape, half): (Mark, f64)) -> Mark {
    let spelling = Spelling::of(Size::Micro).strong().align(Align::Middle);
    let number = dot.broker.to_string();
    let mut marks = vec![shape];
    marks.extend(texts(center.x, center.y + 3.8, spelling, &number, f64::INFINITY));
    if dot.state == IsrDotState::Out {
        let (x, y) = (center.x - half - 0.4, center.y + half + 0.4);
        let long = 2.0 * half + 0.8;
        marks.push(Mark::Path { d: format!("M{} {}l{} -{}", Num(x), Num(y), Num(long), Num(long)), class: "" });
    }
    Mark::Gather(Gathered { class: dot_class(dot.state), marks, ..Gathered::default() })
}

fn cell_class(cell: &CellView) -> &'static str {
    let classes = match cell.state {
        CellState::Leader => ["cell lead", "cell lead lit", "cell lead dim"],
        CellState::Follower => ["cell copy", "cell copy lit", "cell copy dim"],
        CellState::Open => ["cell open", "cell open lit", "cell open dim"],
        CellState::Gone => ["cell gone", "cell gone lit", "cell gone dim"],
        CellState::Stored => ["cell stored", "cell stored lit", "cell stored dim"],
    };
    match cell.lit {
        None => classes[0],
        Some(true) => classes[1],
        Some(false) => classes[2],
    }
}
