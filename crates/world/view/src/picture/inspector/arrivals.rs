//! The strip of what a reader was given. Whose records they are and in which order they were sent is known by their numbers,
//! which no byte of Kafka's carries.

use base::ProcessId;
use check::{Arrival, Turn};

use super::Look;
use crate::{ArrivalCell, ArrivalsView};

/// The newest that are shown.
const SHOWN: usize = 12;

/// A reader's strip; `None` for whoever was given nothing.
pub(super) fn of(look: &Look<'_>, reader: ProcessId) -> Option<ArrivalsView> {
    let strip = look.account.arrivals?.of(reader)?;
    let words = &look.text.inspect;
    let skipped = strip.newest().len().saturating_sub(SHOWN);
    let shown = || strip.newest().skip(skipped);
    let mut producers: Vec<&str> = Vec::new();
    for record in shown().filter_map(|arrival| arrival.record) {
        let name = look.world.slot(record.producer).map_or("?", |slot| &slot.name);
        if !producers.contains(&name) {
            producers.push(name);
        }
    }
    Some(ArrivalsView {
        cells: shown().map(|arrival| cell(look, arrival)).collect(),
        caption: (words.arrivals_caption)(&producers),
        sum: (words.inversions)(strip.inversions(), strip.inversions_in_partitions()),
        has_inversions: strip.inversions() > 0,
    })
}

fn cell(look: &Look<'_>, arrival: &Arrival) -> ArrivalCell {
    let number = arrival.record.map_or_else(String::new, |record| (record.index + 1).to_string());
    let producer = arrival.record.and_then(|record| look.world.slot(record.producer)).map_or("?", |slot| &slot.name);
    let place = format!("{}, {}", arrival.partition, (look.text.stage.offset)(arrival.offset.0));
    ArrivalCell {
        label: (look.text.inspect.arrival)(&format!("{producer} {number}"), &place, arrival.turn),
        number,
        partition: format!("-{}", arrival.partition.partition),
        hue: look.hue(&arrival.partition.topic),
        glyph: look.glyph_of(arrival.key.as_deref().map(str::as_bytes)),
        late: matches!(arrival.turn, Turn::Overtaken | Turn::OvertakenInPartition),
        again: arrival.turn == Turn::Again,
    }
}
