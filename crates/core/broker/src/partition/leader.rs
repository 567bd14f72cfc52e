//! A replica that leads: appends of producers, fetches of followers, answers of the controller.
//! What the books say is [`LeaderState`]'s; here they meet the log.
//!
//! Kafka: `Partition.makeLeader`, `appendRecordsToLeader`, `updateFollowerFetchState`,
//! `maybeShrinkIsr`, `submitAlterPartition`.

use crate::partition::leader_books::{Assignment, IsrProposal, LeaderConfig, LeaderState, ProposalOutcome};
use crate::partition::remote::{FollowerFetch, Registration};
use crate::partition::{Change, Partition, Role};
use api::{Acks, AlterPartitionResult};
use base::{BrokerId, ErrorCode, Offset, Time};
use log::{AppendInfo, AppendOptions, AppendOrigin, AppendOutcome};
use port::{Cx, KafkaFact, Mutant};
use records::Batch;

impl Partition {
    /// The metadata says that this broker leads. A new epoch begins at the log end, which the epoch
    /// cache learns at once. `previous`: who led before, for the fact.
    pub fn become_leader(
        &mut self,
        cx: &mut Cx<'_>,
        config: LeaderConfig,
        assignment: &Assignment,
        previous: Option<BrokerId>,
    ) -> Change {
        if assignment.partition_epoch < self.partition_epoch() {
            return Change::default();
        }
        let before = self.isr().to_vec();
        let is_new_epoch = assignment.leader_epoch > self.leader_epoch();
        let start = self.log.log_end();
        match &mut self.role {
            Role::Leader(leader) => {
                leader.refresh(assignment, start, cx.now);
            }
            Role::Follower(_) => self.role = Role::Leader(LeaderState::begin(config, assignment, start, cx.now)),
        }
        if is_new_epoch {
            let epoch = assignment.leader_epoch;
            if !self.switches.breaks(Mutant::EpochNotNoted) {
                self.log.assign_epoch(epoch);
            }
            let (partition, start_offset, previous_leader) = (&self.name, start, previous);
            cx.fact(|| KafkaFact::BecameLeader { partition: partition.clone(), epoch, start_offset, previous_leader });
        }
        self.isr_changed(cx, &before);
        Change { moved: true, proposal: None }
    }

    /// The metadata says whether a broker is alive.
    pub fn set_registration(&mut self, replica: BrokerId, registration: Registration) {
        if let Role::Leader(leader) = &mut self.role {
            leader.set_registration(replica, registration);
        }
    }

    /// The ISR may be down to us: the HW may have room. To be called after what changes the ISR.
    pub fn advance_high_watermark(&mut self, cx: &mut Cx<'_>) -> Change {
        let from = self.log.high_watermark();
        let candidate = self.leader().and_then(|leader| leader.high_watermark_candidate(self.log.log_end(), cx.now));
        if let Some(to) = candidate {
            self.log.raise_high_watermark(to);
        }
        Change { moved: self.high_watermark_moved(cx, from), proposal: None }
    }

    /// Appends a producer's or the coordinator's batch as leader (semantics §4, 3–6 and 8).
    ///
    /// # Errors
    /// `NotLeaderOrFollower`; `NotEnoughReplicas` for acks=all under min ISR; what validation and
    /// producer state refuse. Nothing is appended then.
    pub fn append_as_leader(
        &mut self,
        cx: &mut Cx<'_>,
        batch: &Batch,
        origin: AppendOrigin,
        acks: Acks,
    ) -> Result<(AppendInfo, Change), ErrorCode> {
        let leader = self.leader().ok_or(ErrorCode::NotLeaderOrFollower)?;
        if acks == Acks::ALL {
            leader.check_enough_replicas()?;
        }
        let epoch = leader.leader_epoch();
        let info = self.log.append_as_leader(cx.store, batch, epoch, AppendOptions::new(origin, cx.wall))?;
        let (base, last) = (info.first_offset, info.last_offset);
        match info.outcome {
            AppendOutcome::Appended => {
                cx.fact(|| KafkaFact::Appended {
                    partition: self.name.clone(),
                    base,
                    last,
                    epoch,
                    bytes: batch.size(),
                    records: batch.trace().cloned(),
                });
                self.advance_high_watermark(cx);
                Ok((info, Change::moved()))
            }
            AppendOutcome::Duplicate | AppendOutcome::Ignored => {
                cx.fact(|| KafkaFact::DuplicateIgnored { partition: self.name.clone(), base, last });
                Ok((info, Change::default()))
            }
        }
    }

    /// A follower's fetch: its position, perhaps its way into the ISR, perhaps the HW.
    ///
    /// # Errors
    /// As [`LeaderState::follower_fetched`]; `NotLeaderOrFollower`.
    pub fn follower_fetched(
        &mut self,
        cx: &mut Cx<'_>,
        replica: BrokerId,
        fetch: FollowerFetch,
    ) -> Result<Change, ErrorCode> {
        let (log_end, high_watermark) = (self.log.log_end(), self.log.high_watermark());
        // A fetch inside a batch has only what lies before that batch.
        let batch = if fetch.offset < log_end { self.log.batches_from(fetch.offset).next() } else { None };
        let offset = batch.map_or(fetch.offset, |batch| batch.base_offset.min(fetch.offset));
        let Role::Leader(leader) = &mut self.role else { return Err(ErrorCode::NotLeaderOrFollower) };
        let moved = leader.follower_fetched(replica, FollowerFetch { offset, ..fetch }, log_end)?;
        let proposal = leader.maybe_expand(replica, high_watermark);
        let advanced = if moved { self.advance_high_watermark(cx).moved } else { false };
        Ok(Change { moved: advanced, proposal: self.announced(cx, proposal) })
    }

    /// May `replica` fetch from us as a follower? The checks of [`Partition::follower_fetched`].
    ///
    /// # Errors
    /// The same, without noting anything.
    pub fn check_follower(&self, replica: BrokerId, broker_epoch: i64) -> Result<(), ErrorCode> {
        let leader = self.leader().ok_or(ErrorCode::NotLeaderOrFollower)?;
        let follower = leader.follower(replica).ok_or(ErrorCode::UnknownLeaderEpoch)?;
        if follower.is_stale_epoch(broker_epoch) { Err(ErrorCode::NotLeaderOrFollower) } else { Ok(()) }
    }

    /// A follower at the log end was heard of through a session that did not name this partition.
    pub fn follower_idled(&mut self, replica: BrokerId, at: Time) {
        let log_end = self.log.log_end();
        if let Role::Leader(leader) = &mut self.role {
            leader.follower_idled(replica, at, log_end);
        }
    }

    /// Every half replica.lag.time.max.ms: who has been behind for too long?
    pub fn maybe_shrink_isr(&mut self, cx: &mut Cx<'_>) -> Change {
        let log_end = self.log.log_end();
        // Followers keep no books of others.
        let Role::Leader(leader) = &mut self.role else { return Change::default() };
        let proposal = leader.maybe_shrink(log_end, cx.now);
        let mut change = Change { moved: false, proposal: self.announced(cx, proposal) };
        if change.proposal.is_some() && self.switches.breaks(Mutant::HighWatermarkWithoutMaximalIsr) {
            change.moved = self.advance_high_watermark(cx).moved;
        }
        change
    }

    fn announced(&self, cx: &mut Cx<'_>, proposal: Option<IsrProposal>) -> Option<IsrProposal> {
        if let Some(proposal) = &proposal {
            cx.fact(|| KafkaFact::IsrChangeProposed {
                partition: self.name.clone(),
                from: proposal.from.clone(),
                to: proposal.to.iter().map(|(id, _)| *id).collect(),
            });
        }
        proposal
    }

    /// The controller answered a proposal for this partition.
    pub fn on_alter_partition(&mut self, cx: &mut Cx<'_>, result: &AlterPartitionResult) -> (ProposalOutcome, Change) {
        if result.error.is_error() {
            return (self.on_alter_partition_failed(result.error), Change::default());
        }
        let before = self.isr().to_vec();
        // Leadership went while the answer was on its way; the metadata says what the ISR is.
        let Role::Leader(leader) = &mut self.role else { return (ProposalOutcome::Ignored, Change::default()) };
        let outcome = leader.proposal_accepted(result.leader_epoch, &result.isr, result.partition_epoch);
        if outcome != ProposalOutcome::Installed {
            return (outcome, Change::default());
        }
        self.isr_changed(cx, &before);
        self.advance_high_watermark(cx);
        (outcome, Change::moved())
    }

    /// The proposal failed, for this partition or as a whole.
    pub fn on_alter_partition_failed(&mut self, error: ErrorCode) -> ProposalOutcome {
        match &mut self.role {
            Role::Leader(leader) => leader.proposal_failed(error),
            Role::Follower(_) => ProposalOutcome::Ignored,
        }
    }

    /// Deletes what lies before `before`; −1 stands for the high watermark (`DeleteRecordsRequest.HIGH_WATERMARK`). Says
    /// what every log has to reach.
    ///
    /// # Errors
    /// `NotLeaderOrFollower`; `PolicyViolation` where only compaction may delete; `OffsetOutOfRange` above the high
    /// watermark and below 0.
    pub fn delete_records(&mut self, before: Offset) -> Result<(Offset, Change), ErrorCode> {
        self.leader().ok_or(ErrorCode::NotLeaderOrFollower)?;
        let config = self.log.config();
        if config.is_compacting && !config.is_deleting {
            return Err(ErrorCode::PolicyViolation);
        }
        let required = if before == Offset::UNDEFINED { self.log.high_watermark() } else { before };
        if required < Offset::ZERO {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        let moved = self.log.raise_log_start(required).map_err(|_| ErrorCode::OffsetOutOfRange)?;
        Ok((required, Change { moved, proposal: None }))
    }

    /// The smallest offset with which a log of this partition begins, among the replicas that live
    /// (`Partition.lowWatermarkIfLeader`). `None`: another broker leads.
    pub fn low_watermark(&self, is_live: impl Fn(BrokerId) -> bool) -> Option<Offset> {
        let followers = self.leader()?.followers().iter().filter(|(id, _)| is_live(**id));
        let starts = followers.map(|(_, follower)| follower.log_start);
        starts.chain([self.log.log_start()]).min()
    }

    /// Is a produce that ends before `required` settled? `None`: not yet. A change of leader
    /// settles it with an error.
    pub fn acks_all_outcome(&self, required: Offset) -> Option<ErrorCode> {
        match self.leader() {
            Some(leader) => leader.acks_all_outcome(required, self.log.high_watermark()),
            None => Some(ErrorCode::NotLeaderOrFollower),
        }
    }
}
