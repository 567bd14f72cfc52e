//! What a pushing broker would do, from what is written now (the last two seconds) and the readers' own work. No run has it.

use base::{Meter, Str};
use check::Pushed;
use client::Consumer;
use sim::Slot;

use super::Look;
use crate::{SketchRow, SketchView};

/// Readers that are listed.
const READERS: usize = 12;

/// One reader as it reads now.
struct Reading {
    name: Str,
    pulls: u64,
    pushed: Pushed,
}

/// The sketch for all who read a topic of this reader; `None` for whoever reads nothing.
pub(super) fn of(look: &Look<'_>, slot: &Slot) -> Option<SketchView> {
    let topics = &consumer(slot)?.setup().topics;
    let kin = |consumer: &&Consumer| consumer.setup().topics.iter().any(|topic| topics.contains(topic));
    let up = look.slots().filter(|slot| slot.liveness.is_up());
    let readers = up.filter_map(|slot| Some((slot, consumer(slot).filter(kin)?)));
    let readings: Vec<Reading> = readers.map(|(slot, consumer)| reading(look, slot, consumer)).take(READERS).collect();
    let slowest = readings.iter().filter_map(|reading| reading.pushed.can).min()?;
    let words = &look.text.inspect;
    Some(SketchView {
        title: words.sketch,
        columns: words.sketch_columns,
        rows: readings.iter().map(|reading| row(reading, slowest)).collect(),
        note: words.sketch_note,
    })
}

fn consumer(slot: &Slot) -> Option<&Consumer> {
    slot.process.as_ref()?.consumer()
}

/// Thousandths of a record a second, of a count over the meter's stretch.
fn rate(count: u64) -> u64 {
    count * 1_000 * u64::from(Meter::SECOND) / u64::from(Meter::LONGEST)
}

fn reading(look: &Look<'_>, slot: &Slot, consumer: &Consumer) -> Reading {
    let (now, group) = (look.now(), &consumer.setup().group);
    let owns = |partition: &base::TopicPartition| consumer.assignment().any(|own| own == partition);
    let traffic = look.account.traffic;
    let written = traffic.into_iter().flat_map(lab::Traffic::written).filter(|(_, partition, _)| owns(partition));
    let written: u64 = written.map(|(.., meter)| meter.over(now, Meter::LONGEST)).sum();
    let given = traffic.into_iter().flat_map(lab::Traffic::given);
    let given = given.filter(|((of, _), partition, _)| *of == group && owns(partition));
    let given: u64 = given.map(|(.., meter)| meter.over(now, Meter::LONGEST)).sum();
    let pushed = Pushed::of(rate(written), consumer.setup().processing_time);
    Reading { name: slot.name.clone(), pulls: rate(given), pushed }
}

fn row(reading: &Reading, slowest: u64) -> SketchRow {
    let Reading { name, pulls, pushed } = reading;
    SketchRow {
        reader: name.to_string(),
        can: pushed.can.map_or_else(|| super::NONE.to_owned(), per_second),
        pulls: per_second(*pulls),
        pushed: borne(*pushed),
        too_much: pushed.over() > 0,
        slowly: borne(pushed.at_most(slowest)),
    }
}

/// How busy, or how much is too much.
fn borne(pushed: Pushed) -> String {
    match pushed.over() {
        0 => format!("{} %", pushed.busy() / 10),
        over => format!("+{}", per_second(over)),
    }
}

/// Thousandths as "5/s", "2.5/s".
fn per_second(milli: u64) -> String {
    match milli % 1_000 / 100 {
        0 => format!("{}/s", milli / 1_000),
        tenths => format!("{}.{tenths}/s", milli / 1_000),
    }
}
