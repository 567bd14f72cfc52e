//! What of one partition was ever committed, and what an unclean election gave up of it.
//!
//! Kafka promises committed records to whoever elects cleanly. An election that was asked for or allowed may give some
//! up; from there on the promise is about what the new leader holds, and logs of the time before count no more.

use crate::history::History;
use base::{LeaderEpoch, Offset};
use broker::Partition;

/// The committed part of a partition: where it ends and which epochs wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Committed {
    pub(crate) end: Offset,
    pub(crate) epochs: Vec<(LeaderEpoch, Offset)>,
    /// Where the log began from which they were taken: of what lay before nothing is known (retention, DeleteRecords).
    start: Offset,
    /// The epoch of the last unclean election that was asked for or allowed; what replicas of an earlier epoch hold may
    /// differ.
    since: Option<LeaderEpoch>,
    /// How far anything was committed that was given up since.
    abandoned: Offset,
}

/// Epochs with their first offsets.
pub(crate) type Reigns = Vec<(LeaderEpoch, Offset)>;

/// The reigns between two offsets; the one that covers the first begins there.
fn clipped(reigns: impl Iterator<Item = (LeaderEpoch, Offset)>, from: Offset, end: Offset) -> Reigns {
    let mut all = Reigns::new();
    for (epoch, start) in reigns.filter(|(_, start)| *start < end && from < end) {
        if start <= from {
            all.clear();
        }
        all.push((epoch, start.max(from)));
    }
    all
}

impl Committed {
    /// Where a replica's reigns up to `end` are others than those of what was committed: its own, then these. Only where
    /// both logs have records: who begins later has forgotten the reigns before.
    pub(crate) fn differing(&self, replica: &Partition, end: Offset) -> Option<(Reigns, Reigns)> {
        let from = replica.log().log_start().max(self.start);
        let (held, expected) = (History::epochs_below(replica, end), self.epochs.iter().copied());
        if from == Offset::ZERO {
            let expected = expected.filter(|(_, start)| *start < end);
            if History::epochs_below(replica, end).eq(expected.clone()) {
                return None;
            }
            return Some((held.collect(), expected.collect()));
        }
        let (held, expected) = (clipped(held, from, end), clipped(expected, from, end));
        (held != expected).then_some((held, expected))
    }

    /// Up to where a leader may ever have told its clients that records are committed.
    pub(crate) fn ever(&self) -> Offset {
        self.end.max(self.abandoned)
    }

    /// Must this replica hold what is committed? Not before it has a record of the leader that was elected uncleanly,
    /// or of one after it: only then its log has been brought in line.
    pub(crate) fn binds(&self, replica: &Partition) -> bool {
        self.since.is_none_or(|since| replica.log().epochs().latest_epoch().is_some_and(|latest| latest >= since))
    }

    /// A leader's high watermark rose.
    pub(crate) fn advanced(&mut self, leader: &Partition, to: Offset) {
        if self.since.is_some_and(|since| leader.leader_epoch() < since) {
            // It has been replaced and does not know it yet.
            self.abandoned = self.abandoned.max(to);
            return;
        }
        if to > self.end {
            self.end = to;
            self.take_epochs(leader);
        }
    }

    /// `leader` was elected uncleanly and leads now: what it holds below its high watermark is what is left.
    pub(crate) fn give_up(&mut self, leader: &Partition) {
        if self.since.is_some_and(|since| since >= leader.leader_epoch()) {
            return;
        }
        self.since = Some(leader.leader_epoch());
        self.abandoned = self.ever();
        self.end = self.end.min(leader.high_watermark());
        self.take_epochs(leader);
    }

    /// The leader's own epochs up to what it has committed: whoever leads next must show the same.
    fn take_epochs(&mut self, from: &Partition) {
        self.start = from.log().log_start();
        if !History::epochs_below(from, self.end).eq(self.epochs.iter().copied()) {
            self.epochs = History::epochs_below(from, self.end).collect();
        }
    }
}
