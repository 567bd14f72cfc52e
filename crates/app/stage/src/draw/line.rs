//! A replica as one line: the role's letter, the name and a bar whose length is the log and whose solid part is
//! committed.

use view::{IsrDotState, Offset, RowView};

use super::parts::{hue, partition_name, rect, text, tone_class};
use super::replica::{Replica, name_spelling};
use crate::geometry::{Area, Num, Point};
use crate::mark::{Align, Gathered, Mark, Size, Spelling};
use crate::measure;
use crate::room::Step;

const LETTER: f64 = 10.0;
/// The shortest bar.
const BAR: f64 = 6.0;

/// Everything in a line.
pub fn line(replica: &Replica<'_>) -> Vec<Mark> {
    let (view, Point { x, y }) = (replica.view, replica.at);
    let width = replica.grid.right;
    // Names first: a bar is read also where it is short.
    let spelled = name_spelling(view, replica.stopped, Size::Micro);
    let needs = measure::width(&view.partition.to_string(), spelled).max(61.0);
    let bar = (width - LETTER - needs - 3.0).clamp(BAR, 58.0);
    let name = (width - LETTER - bar - 3.0).min(130.0);
    let letter = Spelling::of(Size::Micro).strong().align(Align::Middle).color(letter_class(view, replica.stopped));
    let mut marks = vec![
        text(x + 4.0, y + 4.0, letter, view.badge.letter(), LETTER),
        partition_name(x + LETTER, y + 4.0, spelled, &view.partition, name),
    ];
    let area = Area::new(x + LETTER + name + 3.0, y - 5.0, bar, 10.0);
    marks.push(log_bar(replica, area));
    if view.isr.iter().any(|dot| dot.state == IsrDotState::Out) || !view.out.is_empty() {
        let d = format!("M{} {}l9 -12", Num(area.right() - 8.0), Num(y + 6.0));
        marks.push(Mark::Path { d, class: "bar-out" });
    }
    marks
}

/// Who does not lead is called by the tone of its word.
fn letter_class(view: &RowView, stopped: bool) -> &'static str {
    match (stopped, view.leads()) {
        (true, _) => "f-off",
        (false, true) => "",
        (false, false) => tone_class(view.note_tone),
    }
}

fn log_bar(replica: &Replica<'_>, area: Area) -> Mark {
    let view = replica.view;
    let length = |offset: Offset| {
        let records = offset.since(view.log_start).max(0) as f64;
        (area.width - 2.0) * records / (records + 24.0)
    };
    let (committed, all) = (length(view.high_watermark), length(view.log_end));
    let class = match (replica.stopped, view.leads()) {
        (true, _) => "bar gone",
        (false, true) => "bar lead",
        (false, false) => "bar copy",
    };
    let inside = |from: f64, to: f64| Area::new(area.x + 1.0 + from, area.y + 1.0, to - from, area.height - 2.0);
    let mut marks = vec![rect(area, 2.0, "bar-0"), rect(inside(0.0, committed.min(all)), 1.0, "bar-1")];
    if all > committed {
        marks.push(rect(inside(committed, all), 1.0, "bar-2"));
    }
    Mark::Gather(Gathered { class, hue: hue(view.hue), marks, ..Gathered::default() })
}

/// Whether rows of this step are lines.
pub fn is_line(step: Step) -> bool {
    step >= Step::Lines
}
