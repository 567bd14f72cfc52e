//! One record of a log, opened: what stands in its batch's header, what in itself, and its bytes.

use base::{Offset, TopicPartition};
use bytes::Bytes;
use log::{BatchEntry, Log};
use records::{Batch, Record, TimestampType};
use script::{Fixed, TextError};

use super::super::cells::Source;
use super::{Look, Memory, decoded, property};
use crate::text_error;
use crate::{BytesView, ContentsView, HexLine, PropertyView, Thing};

/// Bytes in a row of hex.
const ROW: usize = 8;
/// Rows of hex that a key, a value or a header has at most.
const ROWS: usize = 12;
/// Letters of a text that are shown.
const LETTERS: usize = 400;
/// Headers that are shown; a record may have thousands.
const HEADERS: usize = 8;

/// The record at an offset; of one that is not there only what lies beside it.
pub(super) fn opened(look: &Look<'_>, memory: &mut Memory, asked: &Asked<'_>) -> ContentsView {
    let words = &look.text.contents;
    let Asked { source, name, offset, .. } = *asked;
    let at = |offset: Offset| {
        let inside = offset >= source.log.log_start() && offset < source.log.log_end();
        inside.then(|| Thing::Record { process: source.slot.id, partition: name.clone(), offset })
    };
    let mut view = ContentsView {
        offset,
        title: (words.title)(offset.0),
        rows: Vec::new(),
        decoded: Vec::new(),
        bytes: Vec::new(),
        way: Vec::new(),
        tries: Vec::new(),
        before: at(offset.plus(-1)),
        after: at(offset.plus(1)),
    };
    match read(source, offset) {
        Some((entry, batch, record)) => {
            view.rows = rows(look, (&entry, &batch), &record);
            let is_flushed = offset < asked.flushed;
            view.rows.push(property(words.disk, (words.on_disk)(is_flushed)));
            if asked.is_chosen {
                view.way = way(look, memory, (asked, &entry));
                view.tries = tries(look);
            }
            view.decoded = decoded::sections(look, &name.topic, (&batch, &record));
            view.bytes = bytes(look, &record);
        }
        // Retention or a truncation has taken it, the disk does not give it, or compaction left the offset empty.
        None => view.rows = vec![property(look.text.inspect.offset, words.none)],
    }
    view
}

/// Which record is wanted of which log.
pub(super) struct Asked<'a> {
    pub source: &'a Source<'a>,
    pub name: &'a TopicPartition,
    pub offset: Offset,
    /// `index.interval.bytes` of the log.
    pub interval: u64,
    /// Up to where the log is flushed.
    pub flushed: Offset,
    /// A reader has chosen it; else it is the newest.
    pub is_chosen: bool,
}

/// The steps of the look-up. What was found is found again as long as its batch stays where it is.
fn way(look: &Look<'_>, memory: &mut Memory, (asked, entry): (&Asked<'_>, &BatchEntry)) -> Vec<String> {
    let log: &Log = asked.source.log;
    let key = (asked.source.slot.id, asked.source.id, asked.offset, entry.leader_epoch, entry.extent.position);
    if memory.way.as_ref().is_none_or(|(known, interval, _)| *known != key || *interval != asked.interval) {
        memory.way = log.look_up(asked.offset, asked.interval).map(|way| (key, asked.interval, way));
    }
    // A batch that was read lies somewhere.
    let Some((.., way)) = &memory.way else { return Vec::new() };
    let words = &look.text.contents;
    let file = format!("{:020}.log", way.segment.0);
    vec![(words.way_file)(&file, log.segments().count()), (words.way_index)(way, asked.interval), (words.way_log)(way)]
}

/// What nobody can do to it, refused as the lines that ask for it are.
fn tries(look: &Look<'_>) -> Vec<(&'static str, String)> {
    let refused = [Fixed::Change, Fixed::Insert].map(|fixed| text_error(&TextError::Fixed(fixed), look.text.language));
    look.text.contents.tries.into_iter().zip(refused).collect()
}

fn read(source: &Source<'_>, offset: Offset) -> Option<(BatchEntry, Batch, Record)> {
    let log: &Log = source.log;
    let entry = log.batches_from(offset).next().filter(|entry| entry.base_offset <= offset)?;
    let batch = log.read_batch(&source.slot.store, &entry).ok()?;
    let record = batch.records().ok()?.into_iter().find(|record| record.offset == offset)?;
    Some((entry.into_owned(), batch, record))
}

fn rows(look: &Look<'_>, (entry, batch): (&BatchEntry, &Batch), record: &Record) -> Vec<PropertyView> {
    let (names, words) = (&look.text.inspect, &look.text.contents);
    let by_leader = batch.timestamp_type() == TimestampType::LogAppendTime;
    let length = |bytes: &Option<Bytes>| bytes.as_ref().map_or(0, Bytes::len);
    let headers: usize = record.headers.iter().map(|header| header.key.len() + length(&header.value)).sum();
    let sizes = format!("{}, {}, {} B", length(&record.key), length(&record.value), headers);
    vec![
        property(names.timestamp, format!("{}, {}", record.timestamp, (words.timestamp_by)(by_leader))),
        property(names.leader_epoch, batch.leader_epoch()),
        property(
            names.producer_epoch_sequence,
            format!("{}, {}, {}", batch.producer_id(), batch.producer_epoch(), record.sequence),
        ),
        property(words.record_size, sizes),
        property(
            names.batch,
            format!("{}–{}, {} B, CRC-32C {:08x}", entry.base_offset, entry.last_offset, entry.size(), batch.crc()),
        ),
        property(words.codec, batch.compression().name()),
    ]
}

fn bytes(look: &Look<'_>, record: &Record) -> Vec<BytesView> {
    let words = &look.text.contents;
    let mut views = vec![
        of_bytes(look, words.key.to_owned(), record.key.as_ref()),
        of_bytes(look, words.value.to_owned(), record.value.as_ref()),
    ];
    let headers = record.headers.iter().take(HEADERS);
    views.extend(headers.map(|header| of_bytes(look, (words.header)(&header.key), header.value.as_ref())));
    views
}

fn of_bytes(look: &Look<'_>, title: String, bytes: Option<&Bytes>) -> BytesView {
    let Some(bytes) = bytes else {
        return BytesView {
            title,
            size: "null".to_owned(),
            text: String::new(),
            lines: Vec::new(),
            more: String::new(),
        };
    };
    let left = bytes.len().saturating_sub(ROW * ROWS);
    BytesView {
        title,
        size: format!("{} B", bytes.len()),
        text: text(bytes),
        lines: bytes.chunks(ROW).take(ROWS).enumerate().map(|(row, bytes)| line(row, bytes)).collect(),
        more: if left > 0 { (look.text.contents.more)(left) } else { String::new() },
    }
}

/// As UTF-8, unless that would hide what is in it.
fn text(bytes: &[u8]) -> String {
    let hides = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(hides) => {
            let mut shown: String = text.chars().take(LETTERS).collect();
            if shown.len() < text.len() {
                shown.push('…');
            }
            shown
        }
        Ok(_) | Err(_) => String::new(),
    }
}

fn line(row: usize, bytes: &[u8]) -> HexLine {
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let letter = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
    HexLine { at: format!("{:04x}", row * ROW), hex: hex.join(" "), letters: bytes.iter().map(letter).collect() }
}
