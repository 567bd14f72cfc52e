//! Batches on the stage, read from the producer's accumulator. Whether they are shown depends on whether there is
//! something to see: a batch of one or two records is a message and nothing else.

use base::{FlatMap, Span, TopicPartition};
use client::Producer;
use client::producer::{ProducerBatch, Queue};
use port::ClientSetup;

use super::Look;
use crate::text::{short, span_of};
use crate::{BatchRow, BatchesView, BufferView, OpenBatch, Permille};

/// Rows that a view holds; a stage has room for fewer.
const ROWS: usize = 16;
/// A batch that has less of its room than this is only a message or two.
const SOME: Permille = 100;
/// The buffer is told of from here on, whoever set it.
const SCARCE: Permille = 100;
/// Steps in which time runs on: a picture is not made anew for less.
const STEP: Permille = 25;
/// What decides how batches fill and close, and when `send` waits.
const SETTINGS: [&str; 3] = ["linger.ms", "batch.size", "buffer.memory"];

/// Who it is, and whether the reader has selected it.
pub(super) struct Asked<'a> {
    pub(super) client: &'a ClientSetup,
    pub(super) producer: &'a Producer,
    pub(super) selected: Selected,
}

/// Whether a producer is the selected one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Selected {
    Yes,
    No,
}

impl Selected {
    pub(super) fn when(selected: bool) -> Selected {
        if selected { Selected::Yes } else { Selected::No }
    }
}

/// Was it said how much goes into a batch, or into all of them?
pub(super) fn are_set(client: &ClientSetup) -> bool {
    SETTINGS[1..].iter().any(|name| client.overrides.contains_key(*name))
}

/// `None`: there is nothing to see. Somebody who looks at one producer sees all that it has.
pub(super) fn batches(look: &Look<'_>, asked: &Asked<'_>) -> Option<BatchesView> {
    let is_asked = asked.selected == Selected::Yes || asked.producer.waits_for_memory() || fills(asked);
    if !is_asked { None } else { told(look, asked) }
}

/// Did somebody say how batches are to be filled, and is there something in them? Asks the last batch, too, so that the
/// answer does not change with each one.
fn fills(asked: &Asked<'_>) -> bool {
    let is_set = SETTINGS.iter().any(|name| asked.client.overrides.contains_key(*name));
    let room = asked.producer.config().batch_size as u64;
    let fills = |queue: &Queue| {
        let last = queue.closed().map_or(0, |closed| closed.size);
        let most = queue.open_batch().map_or(0, ProducerBatch::size).max(last);
        part(u64::from(most), room) >= SOME
    };
    is_set && asked.producer.queues().any(|(_, queue)| fills(queue))
}

// A function of its own, so that it can come after the opening.
#[inline(never)]
fn told(look: &Look<'_>, asked: &Asked<'_>) -> Option<BatchesView> {
    let producer = asked.producer;
    let has_batches =
        |queue: &Queue| queue.closed().is_some() || queue.waiting().chain(queue.in_flight()).next().is_some();
    let mut queues = producer.queues().filter(|(_, queue)| has_batches(queue));
    let rows: Vec<BatchRow> =
        queues.by_ref().take(ROWS).map(|(partition, queue)| row(look, asked, (partition, queue))).collect();
    let (more, buffer) = (queues.count(), buffer(look, asked));
    if rows.is_empty() && buffer.is_none() {
        return None;
    }
    Some(spoken_of(look, &asked.client.client_id, BatchesView { rows, more, buffer, ..BatchesView::default() }))
}

/// With its words.
fn spoken_of(look: &Look<'_>, name: &str, view: BatchesView) -> BatchesView {
    let words = &look.text.producing;
    let BatchesView { rows, buffer, .. } = &view;
    let spoken = rows.iter().map(|row| format!("{}: {}", row.partition, (words.spoken)(row)));
    let spoken = spoken.chain(buffer.iter().map(|buffer| format!("{}: {}", buffer.name, buffer.note)));
    let label = format!("{name}, {}: {}", words.batches, spoken.collect::<Vec<_>>().join("; "));
    BatchesView { name: words.batches, label, ..view }
}

/// The batches of several that share a card, all of a partition's as one: bytes and room of those that are open are summed,
/// and of their time the most is told. Whose memory is full the card says in words.
pub(super) fn together(look: &Look<'_>, name: &str, each: impl Iterator<Item = BatchesView>) -> Option<BatchesView> {
    let (mut rows, mut more): (FlatMap<TopicPartition, BatchRow>, usize) = (FlatMap::new(), 0);
    for view in each {
        more = more.max(view.more);
        for row in view.rows {
            match rows.get_mut(&row.partition) {
                Some(known) => add(known, &row),
                None => drop(rows.insert(row.partition.clone(), row)),
            }
        }
    }
    let words = &look.text.producing;
    let told = |row: &BatchRow| match row.open {
        _ if row.waiting > 0 => (words.wait)(&short(row.waiting as u64)),
        Some(open) => format!("{} · {} %", short(u64::from(open.records)), open.filled / 10),
        None => row.note.clone(),
    };
    let rows: Vec<BatchRow> = rows.values().map(|row| BatchRow { note: told(row), ..row.clone() }).collect();
    (!rows.is_empty()).then(|| spoken_of(look, name, BatchesView { rows, more, ..BatchesView::default() }))
}

fn add(known: &mut BatchRow, row: &BatchRow) {
    known.waiting += row.waiting;
    known.in_flight += row.in_flight;
    known.open = match (known.open, row.open) {
        (Some(one), Some(other)) => {
            let (size, capacity) = (one.size.saturating_add(other.size), one.capacity.saturating_add(other.capacity));
            Some(OpenBatch {
                records: one.records.saturating_add(other.records),
                size,
                capacity,
                filled: part(u64::from(size), u64::from(capacity)),
                lingered: one.lingered.max(other.lingered),
            })
        }
        (one, other) => one.or(other),
    };
}

fn row(look: &Look<'_>, asked: &Asked<'_>, (partition, queue): (TopicPartition, &Queue)) -> BatchRow {
    let words = &look.text.producing;
    let open = queue.open_batch().map(|batch| open(look, batch, asked.producer.config().linger));
    let waiting = queue.waiting().filter(|batch| batch.closed).count();
    let note = match (open, queue.closed()) {
        _ if waiting > 0 => (words.wait)(&short(waiting as u64)),
        (Some(open), _) => format!("{} · {} %", short(u64::from(open.records)), open.filled / 10),
        (None, Some(closed)) => (words.closed_by)(closed.why).to_owned(),
        (None, None) => String::new(),
    };
    BatchRow { hue: look.hue(&partition.topic), open, waiting, in_flight: queue.in_flight().count(), note, partition }
}

fn open(look: &Look<'_>, batch: &ProducerBatch, linger: Span) -> OpenBatch {
    let (size, capacity) = (batch.size(), batch.capacity);
    let gone = part(look.now().since(batch.created).0, linger.0);
    OpenBatch {
        records: batch.record_count(),
        size,
        capacity,
        filled: part(u64::from(size), u64::from(capacity)),
        lingered: (linger > Span::ZERO && !look.reduced).then_some(gone - gone % STEP),
    }
}

fn buffer(look: &Look<'_>, asked: &Asked<'_>) -> Option<BufferView> {
    let (producer, words) = (asked.producer, &look.text.producing);
    let all = u64::try_from(producer.config().buffer_memory).unwrap_or(0);
    let used = part(producer.buffered(), all);
    let blocked = producer.blocked_since().filter(|_| producer.waits_for_memory());
    let is_told = blocked.is_some() || used >= SCARCE || asked.client.overrides.contains_key("buffer.memory");
    is_told.then(|| match blocked {
        Some(at) => {
            // A tenth of a second is as fine as it is read.
            let tenth = Span::from_millis(100).0;
            let waited = look.now().since(at).0 / tenth * tenth;
            BufferView { used, blocks: true, name: words.blocked_name.to_owned(), note: span_of(waited) }
        }
        None => BufferView { used, blocks: false, name: words.buffer.to_owned(), note: format!("{} %", used / 10) },
    })
}

/// In thousandths; all of it where there is no whole.
fn part(some: u64, of: u64) -> Permille {
    if some >= of { 1000 } else { (some as f64 * 1000.0 / of as f64) as Permille }
}
