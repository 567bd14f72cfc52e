//! A producer's batches: a tray below its card, where there is room for it, with a bar for each partition's open batch
//! that fills by bytes and, thinner, by time, and a block for each batch that waits or is on its way; else one low line
//! of such bars on the card itself. Neither moves anything else.

use std::rc::Rc;

use view::{BatchRow, BatchesView, BufferView, OpenBatch, ProducerView, Thing, TopicPartition};

use super::parts::{hue, partition_name, rect, text};
use super::pieces::{Choice, MICRO, Rests, card, end};
use crate::geometry::Area;
use crate::mark::{Gathered, Mark, Part};
use crate::measure;

/// From one row of a tray to the next, and what is around them.
const ROW: f64 = 26.0;
const AROUND: f64 = 8.0;
/// From the card to its tray.
const GAP: f64 = 4.0;
/// A batch that waits or is on its way: its width, and from one to the next.
const BLOCK: (f64, f64) = (5.0, 7.0);
/// Blocks that a row has room for.
const BLOCKS: usize = 6;
/// The narrowest bar on a card.
const LEAST: f64 = 10.0;

/// How many rows go into so much height below a card; `None`: too few to be worth a tray.
fn fitting(view: &BatchesView, below: f64) -> Option<usize> {
    let memory = usize::from(view.buffer.is_some());
    let wanted = view.rows.len() + memory;
    let fit = ((below - 2.0 * GAP - AROUND) / ROW).floor().max(0.0) as usize;
    (fit >= wanted.min(2 + memory)).then_some(fit.min(wanted))
}

/// The tray below a card; `None` where there is nothing to see or no room for it.
pub fn tray(view: &ProducerView, at: Area, below: f64) -> Option<Rc<Part>> {
    let batches = view.batches.as_ref()?;
    let fit = fitting(batches, below)?;
    let area = Area::new(at.x, at.bottom() + GAP, at.width, ROW * fit as f64 + AROUND);
    let inside = Area::new(area.x + 8.0, area.y + 3.0, area.width - 16.0, 0.0);
    let line = |index: usize| Area { y: inside.y + ROW * index as f64, ..inside };
    let mut marks = vec![card(area, (false, Rests::No))];
    let for_rows = fit - usize::from(batches.buffer.is_some());
    let all = batches.rows.len() + batches.more;
    // The last line counts what has none.
    let shown = if all > for_rows { for_rows.saturating_sub(1) } else { all };
    let rows = batches.rows.iter().take(shown).enumerate();
    marks.extend(rows.flat_map(|(index, row)| one_row(row, line(index))));
    if all > shown {
        let at = line(shown);
        marks.push(text(at.x, at.y + 13.0, MICRO.color("i3"), &format!("+{}", all - shown), at.width));
    }
    marks.extend(batches.buffer.iter().flat_map(|buffer| memory(buffer, line(fit - 1))));
    let choice = Choice {
        thing: Thing::Process(view.process),
        label: batches.label.clone(),
        name: format!("batches-{}", view.name),
        area,
        selected: None,
    };
    Some(Part::new(format!("batches-{}", view.process.0), vec![choice.button(marks)]))
}

/// The partition's name, what is to be read of its batches, and below them the bar and the blocks.
fn one_row(row: &BatchRow, at: Area) -> Vec<Mark> {
    let note = end(MICRO.color(if row.waiting > 0 { "f-warn" } else { "i2" }));
    let wide = measure::width(&row.note, note).min(at.width * 0.6);
    let bar = Area::new(at.x, at.y + 14.0, at.width - BLOCK.1 * BLOCKS as f64, 8.0);
    let blocks = (row.in_flight.min(BLOCKS), row.waiting);
    let waiting = blocks.1.min(BLOCKS - blocks.0);
    let block = |index: usize| {
        let x = at.right() - BLOCK.1 * (index + 1) as f64 + BLOCK.1 - BLOCK.0;
        rect(Area::new(x, bar.y, BLOCK.0, bar.height - 3.0), 1.0, "bar-1")
    };
    let sent = (0..blocks.0).map(block).collect();
    let closed = (blocks.0..blocks.0 + waiting).map(block).collect();
    let mut marks = vec![
        partition_name(at.x, at.y + 11.0, MICRO.color("i2"), &row.partition, at.width - wide - 6.0),
        text(at.right(), at.y + 11.0, note, &row.note, wide),
        gathered("bar lead", row.hue, filling(row.open, bar)),
    ];
    let blocks = [("bar lead", sent), ("bar copy", closed)];
    let blocks = blocks.into_iter().filter(|(_, blocks): &(_, Vec<Mark>)| !blocks.is_empty());
    marks.extend(blocks.map(|(class, blocks)| gathered(class, row.hue, blocks)));
    marks
}

fn gathered(class: &'static str, topic: u8, marks: Vec<Mark>) -> Mark {
    Mark::Gather(Gathered { class, hue: hue(topic), marks, ..Gathered::default() })
}

/// The ground, what the batch has of its bytes, and below that what is over of its time.
fn filling(open: Option<OpenBatch>, bar: Area) -> Vec<Mark> {
    let bytes = Area { height: bar.height - 3.0, ..bar };
    let mut marks = vec![rect(bytes, 1.5, "bar-0")];
    let Some(open) = open else { return marks };
    let share = |part: u16| (bar.width * f64::from(part) / 1000.0).max(1.5);
    marks.push(rect(Area { width: share(open.filled), ..bytes }, 1.0, "bar-1"));
    let over = open.lingered.filter(|over| *over > 0);
    marks.extend(over.map(|over| rect(Area::new(bar.x, bar.bottom() - 2.0, share(over), 2.0), 0.0, "bar-time")));
    marks
}

/// The buffer as a bar, and how long it has let somebody wait.
fn memory(view: &BufferView, at: Area) -> Vec<Mark> {
    let (said, class) = if view.blocks { ("f-warn", "load-1 hot") } else { ("i3", "load-1") };
    let spelling = if view.blocks { MICRO.strong().color(said) } else { MICRO.color(said) };
    let note = end(spelling);
    let wide = measure::width(&view.note, note);
    let bar = Area::new(at.x, at.y + 14.0, at.width, 5.0);
    vec![
        text(at.x, at.y + 11.0, spelling, &view.name, at.width - wide - 6.0),
        text(at.right(), at.y + 11.0, note, &view.note, wide),
        rect(bar, 1.5, "load-0"),
        rect(Area { width: (bar.width * f64::from(view.used) / 1000.0).max(1.5), ..bar }, 1.5, class),
    ]
}

/// Low bars along the bottom of a card that has no tray: one for each partition that there is room for.
pub fn low(view: &ProducerView, at: Area, below: f64) -> Vec<Mark> {
    let rows = |batches: &BatchesView| fitting(batches, below).is_none();
    view.batches.iter().filter(|batches| rows(batches)).flat_map(|batches| bars(batches, &batches.rows, at)).collect()
}

/// Low bars along the bottom of a card that several share.
pub fn of_many(view: &BatchesView, at: Area) -> Vec<Mark> {
    bars(view, &view.rows, at)
}

/// The bar of one partition along the bottom of a card on a narrow stage; an empty one while it has no batch.
pub fn of_partition(view: &ProducerView, partition: Option<&TopicPartition>, at: Area) -> Vec<Mark> {
    let Some((batches, partition)) = view.batches.as_ref().zip(partition) else { return Vec::new() };
    let own = batches.rows.iter().find(|row| row.partition == *partition).cloned().unwrap_or_else(|| BatchRow {
        partition: partition.clone(),
        hue: batches.rows.first().map_or(0, |row| row.hue),
        open: None,
        waiting: 0,
        in_flight: 0,
        note: String::new(),
    });
    bars(batches, &[own], at)
}

/// What stands beside the bars where there is room for it: of one what is to be read of it, of several what they are.
fn legend<'a>(view: &'a BatchesView, rows: &'a [BatchRow]) -> &'a str {
    match rows {
        [one] if !one.note.is_empty() => &one.note,
        _ => view.name,
    }
}

fn bars(view: &BatchesView, rows: &[BatchRow], at: Area) -> Vec<Mark> {
    let inside = Area::new(at.x + 6.0, at.bottom() - 10.0, at.width - 12.0, 6.0);
    let (words, spelling) = (legend(view, rows), end(MICRO.color("i3")));
    let wide = measure::width(words, spelling);
    let least = LEAST * rows.len().clamp(2, 6) as f64;
    let has_words = inside.width - wide - 6.0 >= least;
    let told = has_words.then(|| text(inside.right(), inside.bottom() + 0.5, spelling, words, wide));
    let inside = if has_words { Area { width: inside.width - wide - 6.0, ..inside } } else { inside };
    let count = rows.len().min((inside.width / LEAST).floor().max(1.0) as usize);
    let pitch = inside.width / count.max(1) as f64;
    let bar = |index: usize| Area { x: inside.x + pitch * index as f64, width: pitch - 2.0, ..inside };
    let rows = rows.iter().take(count).enumerate();
    let drawn = rows.map(|(index, row)| match row.open {
        // Nothing is open behind those that wait: the bar is theirs.
        None if row.waiting > 0 => {
            let full = Area { height: 3.0, ..bar(index) };
            gathered("bar copy", row.hue, vec![rect(full, 1.0, "bar-1")])
        }
        open => gathered("bar lead", row.hue, filling(open, bar(index))),
    });
    drawn.chain(told).collect()
}
