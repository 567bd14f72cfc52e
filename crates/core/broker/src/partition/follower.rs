//! A replica that copies its leader's log: appending what comes, cutting what the leader does not
//! have. Where to fetch from, and when, is the fetcher's business.
//!
//! Kafka: `ReplicaFetcherThread`, `Partition.makeFollower`; semantics §6.1, §6.3.

use crate::partition::leader_books::Assignment;
use crate::partition::{Change, Partition, Role};
use base::{BrokerId, ErrorCode, LeaderEpoch, Offset};
use log::{AppendOutcome, EpochEndOffset, truncation_step};
use port::Mutant;
use port::{Cx, KafkaFact};
use records::Batch;

/// Whom a replica follows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FollowerState {
    /// `None`: nobody leads.
    pub leader: Option<BrokerId>,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: i32,
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
}

impl FollowerState {
    pub(crate) fn unassigned() -> FollowerState {
        FollowerState {
            leader: None,
            leader_epoch: LeaderEpoch::UNDEFINED,
            partition_epoch: -1,
            replicas: Vec::new(),
            isr: Vec::new(),
        }
    }
}

impl Partition {
    /// The metadata says that somebody else leads, or nobody. Metadata older than what is known is
    /// ignored. Positions in the log stay: the first fetch tells where the logs part.
    pub fn become_follower(&mut self, cx: &mut Cx<'_>, assignment: &Assignment, leader: Option<BrokerId>) -> Change {
        if assignment.partition_epoch < self.partition_epoch() {
            return Change::default();
        }
        let before = self.isr().to_vec();
        let is_news = self.is_leader() || assignment.leader_epoch > self.leader_epoch();
        let was_leader = self.is_leader();
        self.role = Role::Follower(FollowerState {
            leader,
            leader_epoch: assignment.leader_epoch,
            partition_epoch: assignment.partition_epoch,
            replicas: assignment.replicas.clone(),
            isr: assignment.isr.clone(),
        });
        if is_news {
            let epoch = assignment.leader_epoch;
            let log_end = self.log.log_end();
            cx.fact(|| KafkaFact::BecameFollower { partition: self.name.clone(), epoch, leader, log_end });
            let knows_no_epoch = self.log.latest_epoch() == LeaderEpoch::UNDEFINED;
            if knows_no_epoch || self.switches.breaks(Mutant::TruncateToHighWatermark) {
                self.truncate(cx, self.log.high_watermark());
            }
        }
        self.isr_changed(cx, &before);
        Change { moved: was_leader || is_news, proposal: None }
    }

    /// Epoch of the last record, as the next fetch names it.
    pub fn last_fetched_epoch(&self) -> LeaderEpoch {
        if self.switches.breaks(Mutant::TruncateToHighWatermark) {
            return LeaderEpoch::UNDEFINED;
        }
        self.log.latest_epoch()
    }

    /// Appends fetched batches as they are.
    ///
    /// # Errors
    /// As [`log::Log::append_as_follower`]; batches before the bad one stay.
    pub fn append_replicated(&mut self, cx: &mut Cx<'_>, batches: &[Batch]) -> Result<Change, ErrorCode> {
        let follows = self.leader_epoch();
        let unfenced = self.switches.breaks(Mutant::NoEpochFence);
        let mut change = Change::default();
        for batch in batches {
            let epoch = if unfenced { follows.max(batch.leader_epoch()) } else { follows };
            let info = self.log.append_as_follower(cx.store, batch, epoch, cx.wall)?;
            match info.outcome {
                AppendOutcome::Appended | AppendOutcome::Duplicate => {}
                AppendOutcome::Ignored => break,
            }
            change.moved = true;
            let (base, last, epoch) = (info.first_offset, info.last_offset, batch.leader_epoch());
            cx.fact(|| KafkaFact::Replicated { partition: self.name.clone(), base, last, epoch });
        }
        Ok(change)
    }

    /// What the leader said of its HW and log start. A follower's HW is never above its own log.
    pub fn follow_leader_offsets(&mut self, cx: &mut Cx<'_>, high_watermark: Offset, log_start: Offset) -> Change {
        let from = self.log.high_watermark();
        self.log.update_high_watermark(high_watermark);
        let hw_moved = self.high_watermark_moved(cx, from);
        // Beyond the own HW the log start waits for the next round.
        let start_moved = self.log.raise_log_start(log_start).unwrap_or(false);
        Change { moved: hw_moved || start_moved, proposal: None }
    }

    /// The leader's log parts from ours: cut as far as the epochs tell, and fetch again.
    pub fn truncate_diverging(&mut self, cx: &mut Cx<'_>, leader: EpochEndOffset) -> Change {
        let own = self.log.end_offset_for_epoch(leader.epoch);
        let step = truncation_step(leader, own, self.log.log_end(), self.log.high_watermark());
        self.truncate(cx, step.offset)
    }

    /// The leader has less than we: only after an unclean election.
    pub fn truncate(&mut self, cx: &mut Cx<'_>, to: Offset) -> Change {
        let from = self.log.log_end();
        let leader_epoch = self.leader_epoch();
        // A disk that fails here fails at the next append as well, which is answered there.
        if self.log.truncate_to(cx.store, to).unwrap_or(false) {
            cx.fact(|| KafkaFact::Truncated { partition: self.name.clone(), from, to, leader_epoch });
            return Change::moved();
        }
        Change::default()
    }

    /// The leader begins after our end: drop everything and begin there.
    pub fn start_over(&mut self, cx: &mut Cx<'_>, at: Offset) -> Change {
        let (from, leader_epoch) = (self.log.log_end(), self.leader_epoch());
        if self.log.truncate_fully_and_start_at(cx.store, at, None).is_ok() {
            cx.fact(|| KafkaFact::Truncated { partition: self.name.clone(), from, to: at, leader_epoch });
        }
        Change::moved()
    }
}
