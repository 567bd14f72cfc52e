//! The newest records of a replica as cells. Records are read once per partition, offset and epoch, because two
//! replicas that agree on these agree on the record (log matching).

use base::{FlatMap, LeaderEpoch, Offset, Timestamp, TopicIdPartition};
use log::{BatchEntry, Log};
use sim::Slot;

use super::Look;
use crate::{BadgeView, CellState, CellView, Glyph};

/// Cells that a strip can show.
pub(super) const SHOWN: i64 = 12;
/// Glyphs of a partition that are kept before its page of the book starts afresh.
const KEPT: usize = 2_000;

type Identity = (LeaderEpoch, Timestamp, u32);

/// Glyphs by partition and offset, with what tells one record from another at the same offset.
#[derive(Clone, Debug, Default)]
pub(super) struct CellBook {
    glyphs: FlatMap<TopicIdPartition, FlatMap<Offset, (Identity, Glyph)>>,
}

impl CellBook {
    /// Key glyphs of the batch's records, by offset.
    pub(super) fn glyph(&mut self, source: &Source<'_>, entry: &BatchEntry, offset: Offset, look: &Look<'_>) -> Glyph {
        let identity = (entry.leader_epoch, entry.max_timestamp, entry.extent.length);
        let glyphs = self.glyphs.entry(source.id).or_default();
        if let Some((known, glyph)) = glyphs.get(&offset)
            && *known == identity
        {
            return *glyph;
        }
        if glyphs.len() > KEPT {
            glyphs.clear();
        }
        let batch = source.log.read_batch(&source.slot.store, entry).ok();
        for record in batch.and_then(|batch| batch.records().ok()).unwrap_or_default() {
            glyphs.insert(record.offset, (identity, look.glyph_of(record.key.as_deref())));
        }
        glyphs.get(&offset).map_or(Glyph::Keyless, |(_, glyph)| *glyph)
    }
}

/// Where records are read from.
pub(super) struct Source<'a> {
    pub id: TopicIdPartition,
    pub slot: &'a Slot,
    pub log: &'a Log,
    /// Does its broker take itself for the leader?
    pub leads: bool,
}

/// How a replica's cells are drawn.
pub(super) struct Style<'a> {
    pub badge: BadgeView,
    pub lit_key: Option<char>,
    /// How far a record that arrived a moment ago has landed.
    pub landed: &'a dyn Fn(Offset) -> u16,
}

/// The newest cells of a replica, oldest first, and how many records lie before them.
pub(super) fn cells(
    source: &Source<'_>,
    style: &Style<'_>,
    book: &mut CellBook,
    look: &Look<'_>,
) -> (Vec<CellView>, u64) {
    let log = source.log;
    let first = Offset((log.log_end().0 - SHOWN).max(log.log_start().0));
    let high_watermark = log.high_watermark();
    let (open, committed) = states(style.badge);
    let mut cells = Vec::with_capacity(SHOWN as usize);
    for entry in log.batches_from(first) {
        for offset in entry.base_offset.0.max(first.0)..=entry.last_offset.0 {
            let offset = Offset(offset);
            let glyph = book.glyph(source, &entry, offset, look);
            let state = if offset >= high_watermark { open } else { committed };
            cells.push(CellView {
                offset,
                glyph,
                state,
                landed: (style.landed)(offset),
                lit: lit(glyph, style.lit_key),
            });
        }
    }
    (cells, first.since(log.log_start()).max(0) as u64)
}

/// How records are drawn: those above the high watermark, and those below.
fn states(badge: BadgeView) -> (CellState, CellState) {
    match badge {
        BadgeView::Leader | BadgeView::Arriving | BadgeView::HungLeader => (CellState::Open, CellState::Leader),
        BadgeView::Named
        | BadgeView::Believes
        | BadgeView::Follower
        | BadgeView::Behind(_)
        | BadgeView::CatchingUp(_)
        | BadgeView::Out
        | BadgeView::Eligible
        | BadgeView::NoLeader
        | BadgeView::Hung => (CellState::Open, CellState::Follower),
        BadgeView::OnDisk | BadgeView::Empty => (CellState::Stored, CellState::Stored),
        BadgeView::GoneLeader | BadgeView::GoneFollower | BadgeView::GoneDisk => (CellState::Gone, CellState::Gone),
    }
}

/// Lit, dimmed, or neither while no key is under the pointer.
pub(super) fn lit(glyph: Glyph, key: Option<char>) -> Option<bool> {
    let key = key?;
    Some(matches!(glyph, Glyph::Key { letter, .. } if letter == key))
}
