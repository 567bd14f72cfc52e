//! Whose records a partition holds: what every epoch's leader wrote, and which of it the log of the
//! present leader consists of.

use super::lineage::Lineage;
use super::written::Written;
use base::{FlatMap, LeaderEpoch, Offset, ProcessId, Shared};
use port::RecordRef;
use records::Trace;

/// One partition, from its first leader on.
#[derive(Clone, Debug, Hash)]
pub(super) struct Placed {
    leader: ProcessId,
    epoch: LeaderEpoch,
    /// The leader's own log.
    current: Lineage,
    /// The logs of all others, a former leader's too.
    replicas: FlatMap<ProcessId, Lineage>,
    written: FlatMap<LeaderEpoch, Shared<Written>>,
    high_watermark: Offset,
}

/// Where a batch went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Leader,
    /// A leader that has been replaced and does not know it yet.
    Replaced,
}

/// What a change of leaders did to the partition's records.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    /// On the former leader's log but not on the new one's.
    pub gone: Vec<(Offset, RecordRef)>,
    /// The other way round.
    pub found: Vec<(Offset, RecordRef)>,
}

impl Placed {
    /// A partition whose first leader has just begun.
    pub(super) fn new(leader: ProcessId, epoch: LeaderEpoch) -> Placed {
        Placed {
            leader,
            epoch,
            current: Lineage::default(),
            replicas: FlatMap::default(),
            written: FlatMap::default(),
            high_watermark: Offset::ZERO,
        }
    }

    /// Whose log counts.
    pub(super) fn leader(&self) -> ProcessId {
        self.leader
    }

    /// A leader wrote offsets `base` to `last`, of the world's producers or of others.
    pub(super) fn appended(
        &mut self,
        by: ProcessId,
        epoch: LeaderEpoch,
        (base, last): (Offset, Offset),
        records: Option<&Trace>,
    ) -> Place {
        if let Some(trace) = records {
            let written = self.written.entry(epoch).or_insert_with(|| Shared::new(Written::new(base)));
            for (offset, index) in (base.0..).zip(trace.indexes.iter()) {
                written.put(Offset(offset), RecordRef { producer: trace.producer, index: *index });
            }
        }
        if by == self.leader && epoch == self.epoch {
            self.current.extend(epoch, base, last);
            return Place::Leader;
        }
        self.replica(by).extend(epoch, base, last);
        Place::Replaced
    }

    /// A follower wrote a batch of `epoch`.
    pub(super) fn replicated(&mut self, by: ProcessId, epoch: LeaderEpoch, base: Offset, last: Offset) {
        self.replica(by).extend(epoch, base, last);
    }

    /// A follower cuts what its leader does not have: lost only if nobody else has it.
    pub(super) fn truncated(&mut self, by: ProcessId, to: Offset) {
        self.replica(by).truncate(to);
    }

    fn replica(&mut self, of: ProcessId) -> &mut Lineage {
        self.replicas.entry(of).or_default()
    }

    /// `by` leads from now on and its log ends at `start`. Old news changes nothing.
    pub(super) fn led(&mut self, by: ProcessId, epoch: LeaderEpoch, start: Offset) -> Change {
        if epoch <= self.epoch {
            return Change::default();
        }
        let former = std::mem::replace(&mut self.leader, by);
        self.epoch = epoch;
        let mut next = match former == by {
            true => self.current.clone(),
            false => self.replicas.remove(&by).unwrap_or_default(),
        };
        if start < next.end() {
            next.truncate(start);
        }
        let parts = self.current.parts_from(&next);
        let change = Change { gone: self.after(&self.current, parts), found: self.after(&next, parts) };
        let before = std::mem::replace(&mut self.current, next);
        if former != by {
            self.replicas.insert(former, before);
        }
        self.high_watermark = self.high_watermark.min(parts);
        change
    }

    /// The leader's high watermark rose: the records that are safe now.
    pub(super) fn committed_up_to(&mut self, high_watermark: Offset) -> Vec<(Offset, RecordRef)> {
        if high_watermark <= self.high_watermark {
            return Vec::new();
        }
        let from = std::mem::replace(&mut self.high_watermark, high_watermark);
        self.between(&self.current, from, high_watermark)
    }

    /// The record at that offset of the leader's log.
    pub(super) fn record_at(&self, offset: Offset) -> Option<RecordRef> {
        self.between(&self.current, offset, offset.plus(1)).first().map(|(_, record)| *record)
    }

    fn after(&self, lineage: &Lineage, from: Offset) -> Vec<(Offset, RecordRef)> {
        self.between(lineage, from, lineage.end())
    }

    fn between(&self, lineage: &Lineage, from: Offset, to: Offset) -> Vec<(Offset, RecordRef)> {
        let mut found = Vec::new();
        for (epoch, start, end) in lineage.stretches(from, to) {
            if let Some(written) = self.written.get(&epoch) {
                found.append(&mut written.between(start, end));
            }
        }
        found
    }
}
