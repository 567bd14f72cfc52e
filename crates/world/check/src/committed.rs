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
    /// The epoch of the last unclean election that was asked for or allowed; what replicas of an earlier epoch hold may
    /// differ.
    since: Option<LeaderEpoch>,
    /// How far anything was committed that was given up since.
    abandoned: Offset,
}

impl Committed {
    /// What a replica must hold of it up to there, to be compared epoch by epoch.
    pub(crate) fn below(&self, end: Offset) -> impl Iterator<Item = (LeaderEpoch, Offset)> + '_ {
        self.epochs.iter().copied().filter(move |(_, start)| *start < end)
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
        if !History::epochs_below(from, self.end).eq(self.epochs.iter().copied()) {
            self.epochs = History::epochs_below(from, self.end).collect();
        }
    }
}
