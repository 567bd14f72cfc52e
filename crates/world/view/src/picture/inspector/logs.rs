//! A log in the inspector: its files with the newest records, its epochs, and one record opened. The same for a
//! partition's log and for the copy of the metadata log that every node has.

use base::{Offset, TopicId, TopicIdPartition, TopicPartition};
use quorum::Quorum;
use sim::Slot;

use super::super::cells::Source;
use super::{Look, Memory, config, contents, property};
use crate::inspector::METADATA_LOG;
use crate::text::SegmentState;
use crate::{CellState, CellView, InspectorTab, InspectorView, LogPlace, SegmentView};

/// Cells drawn per segment.
const SEGMENT_CELLS: usize = 11;
/// Segments listed, newest last.
const SEGMENTS: usize = 4;

/// Puts a log into a view, with the record at `offset` opened, or else the newest.
pub(super) fn put(
    view: &mut InspectorView,
    look: &Look<'_>,
    memory: &mut Memory,
    (source, name, offset): (&Source<'_>, &TopicPartition, Option<Offset>),
) {
    let log = source.log;
    let words = &look.text.inspect;
    view.place = Some(LogPlace { process: source.slot.id, partition: name.clone() });
    view.high_watermark = Some(log.high_watermark());
    view.segments = segments(look, memory, source);
    let flushed = log.flushed_up_to(|file| source.slot.store.flushed(file));
    let behind = log.log_end().since(flushed).max(0);
    view.flushed = (look.text.contents.flushed)(flushed.0, behind);
    let epochs = log.epochs().entries().iter();
    view.epochs =
        epochs.map(|entry| property(&format!("e{}", entry.epoch), (words.from_offset)(entry.start.0))).collect();
    let shown = offset.or_else(|| Some(log.log_end().plus(-1)).filter(|last| *last >= log.log_start()));
    let interval = config::index_interval(look, &name.topic);
    let asked =
        |at: Offset| contents::Asked { source, name, offset: at, interval, flushed, is_chosen: offset.is_some() };
    view.contents = shown.map(|at| contents::opened(look, memory, &asked(at)));
}

/// The copy of the metadata log that a node has.
pub(super) fn put_metadata(
    view: &mut InspectorView,
    look: &Look<'_>,
    memory: &mut Memory,
    (slot, quorum, offset): (&Slot, &Quorum, Option<Offset>),
) {
    let id = TopicIdPartition { topic: TopicId::METADATA, partition: 0 };
    let source = Source { id, slot, log: quorum.log().log(), leads: quorum.is_leader() };
    put(view, look, memory, (&source, &TopicPartition::new(METADATA_LOG, 0), offset));
    view.tabs.insert(1, InspectorTab::Log);
}

/// Files of the log with the records that lie in them.
fn segments(look: &Look<'_>, memory: &mut Memory, source: &Source<'_>) -> Vec<SegmentView> {
    let log = source.log;
    let all: Vec<_> = log.segments().collect();
    let first = all.len().saturating_sub(SEGMENTS);
    let view = |index: usize| {
        let segment = all[index];
        let end = all.get(index + 1).map_or(log.log_end(), |next| next.base_offset);
        let active = index + 1 == all.len();
        let from = segment.base_offset.max(Offset(end.0 - SEGMENT_CELLS as i64));
        let cells = cells_between(look, memory, source, (from, end));
        SegmentView {
            file: format!("{:020}.log", segment.base_offset.0),
            note: (look.text.inspect.segment)(
                segment.size,
                if active { SegmentState::Active } else { SegmentState::Closed },
            ),
            active,
            hidden: from.since(segment.base_offset).max(0) as u64,
            cells,
        }
    };
    (first..all.len()).map(view).collect()
}

fn cells_between(
    look: &Look<'_>,
    memory: &mut Memory,
    source: &Source<'_>,
    (from, end): (Offset, Offset),
) -> Vec<CellView> {
    let mut cells = Vec::new();
    let state = |offset: Offset| match (offset >= source.log.high_watermark(), source.leads) {
        (true, _) => CellState::Open,
        (false, true) => CellState::Leader,
        (false, false) => CellState::Follower,
    };
    for entry in source.log.batches_from(from) {
        for offset in entry.base_offset.0.max(from.0)..=entry.last_offset.0 {
            let offset = Offset(offset);
            if offset >= end {
                return cells;
            }
            let glyph = memory.cells.glyph(source, &entry, offset, look);
            cells.push(CellView { offset, glyph, state: state(offset), landed: 1000, lit: None });
        }
    }
    cells
}
