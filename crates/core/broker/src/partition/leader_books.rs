//! The leader's books over one partition: ISR, pending ISR, followers, and from these the high
//! watermark. It neither reads nor writes the log: callers say where the log ends.
//!
//! Kafka: `Partition` (leader half), `PartitionState`; KIP-497 (AlterPartition), KIP-966 (no HW
//! advance under min ISR), KIP-903 (broker epochs). Semantics §6.2.

use crate::partition::remote::{FollowerFetch, Registration, RemoteReplica};
use base::{BrokerId, ErrorCode, FlatMap, LeaderEpoch, Offset, Span, Time};
use port::{Mutant, TestSwitches};

/// What the controller decided about a partition, as its leader needs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: i32,
    /// Preferred first.
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
}

/// The knobs behind the ISR rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeaderConfig {
    pub local: BrokerId,
    /// `replica.lag.time.max.ms`
    pub lag_time_max: Span,
    /// `min.insync.replicas` of the topic.
    pub min_insync_replicas: i32,
    pub switches: TestSwitches,
}

/// An ISR that was proposed to the controller and is neither confirmed nor refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProposedIsr {
    pub isr: Vec<BrokerId>,
    pub kind: ProposalKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProposalKind {
    Expand,
    Shrink,
}

/// A proposal as it goes into AlterPartition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IsrProposal {
    pub from: Vec<BrokerId>,
    /// Members with the broker epochs of their last fetches (−1 unknown). The leader itself has
    /// `None`: its epoch is the broker's business.
    pub to: Vec<(BrokerId, Option<i64>)>,
    pub leader_epoch: LeaderEpoch,
    pub partition_epoch: i32,
}

/// What became of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProposalOutcome {
    /// The new ISR is in force.
    Installed,
    /// Back to the committed ISR; a later fetch or check may propose again.
    Reverted,
    /// Wait for the metadata log to tell.
    AwaitMetadata,
    /// Send the same proposal again.
    Retry,
    /// An answer to something that is over.
    Ignored,
}

/// The leader's books.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LeaderState {
    config: LeaderConfig,
    leader_epoch: LeaderEpoch,
    epoch_start: Offset,
    partition_epoch: i32,
    replicas: Vec<BrokerId>,
    isr: Vec<BrokerId>,
    proposed: Option<ProposedIsr>,
    followers: FlatMap<BrokerId, RemoteReplica>,
}

impl LeaderState {
    /// Begins to lead at `now` with the log ending at `epoch_start`. ISR members count as caught up.
    pub fn begin(config: LeaderConfig, assignment: &Assignment, epoch_start: Offset, now: Time) -> LeaderState {
        let mut state = LeaderState {
            config,
            leader_epoch: assignment.leader_epoch,
            epoch_start,
            partition_epoch: assignment.partition_epoch,
            replicas: Vec::new(),
            isr: Vec::new(),
            proposed: None,
            followers: FlatMap::new(),
        };
        state.install(assignment);
        for (id, follower) in &mut state.followers {
            follower.reset_for_new_leader(state.isr.contains(id).then_some(now));
        }
        state
    }

    /// The controller says again that this broker leads: a new epoch restarts the followers' clocks,
    /// an unchanged epoch only refreshes ISR and replicas. `false`: older than what we know, ignored.
    pub fn refresh(&mut self, assignment: &Assignment, log_end: Offset, now: Time) -> bool {
        if assignment.partition_epoch < self.partition_epoch || assignment.leader_epoch < self.leader_epoch {
            return false;
        }
        self.install(assignment);
        self.partition_epoch = assignment.partition_epoch;
        if assignment.leader_epoch > self.leader_epoch {
            self.leader_epoch = assignment.leader_epoch;
            self.epoch_start = log_end;
            for (id, follower) in &mut self.followers {
                follower.reset_for_new_epoch(log_end, self.isr.contains(id).then_some(now));
            }
        }
        true
    }

    fn install(&mut self, assignment: &Assignment) {
        let local = self.config.local;
        self.replicas.clone_from(&assignment.replicas);
        self.isr.clone_from(&assignment.isr);
        self.proposed = None;
        self.followers.retain(|id, _| assignment.replicas.contains(id));
        for &id in assignment.replicas.iter().filter(|&&id| id != local) {
            self.followers.get_or_insert_with(id, || RemoteReplica::unknown(Registration::Absent));
        }
    }

    /// The metadata says whether a follower is alive.
    pub fn set_registration(&mut self, replica: BrokerId, registration: Registration) {
        if let Some(follower) = self.followers.get_mut(&replica) {
            follower.registration = registration;
        }
    }

    /// `min.insync.replicas` of the topic was changed.
    pub fn set_min_insync_replicas(&mut self, count: i32) {
        self.config.min_insync_replicas = count;
    }

    /// A follower asked for `fetch.offset`, so it has everything before. `true`: its position is
    /// another one than before, so the HW may move.
    ///
    /// # Errors
    /// `UnknownLeaderEpoch` when it is not a replica (yet); `NotLeaderOrFollower` when the fetch
    /// comes from an earlier life of that broker.
    pub fn follower_fetched(
        &mut self,
        replica: BrokerId,
        fetch: FollowerFetch,
        log_end: Offset,
    ) -> Result<bool, ErrorCode> {
        let follower = self.followers.get_mut(&replica).ok_or(ErrorCode::UnknownLeaderEpoch)?;
        if follower.is_stale_epoch(fetch.broker_epoch) {
            return Err(ErrorCode::NotLeaderOrFollower);
        }
        let before = follower.log_end;
        follower.fetched(fetch, log_end);
        Ok(follower.log_end != before)
    }

    /// A follower that sits at the log's end was last heard of at `at` through a fetch session that
    /// did not need to name this partition.
    pub fn follower_idled(&mut self, replica: BrokerId, at: Time, log_end: Offset) {
        // Who watches through an old session may have been reassigned away.
        let Some(follower) = self.followers.get_mut(&replica) else { return };
        // Silence says nothing of a follower that has never fetched in this reign, or that is behind.
        let (Some(broker_epoch), true) = (follower.broker_epoch, follower.log_end >= log_end) else { return };
        if follower.last_fetch < Some(at) {
            let fetch = FollowerFetch { offset: follower.log_end, log_start: follower.log_start, broker_epoch, at };
            follower.fetched(fetch, log_end);
        }
    }

    /// Proposes to take `replica` in, if it has caught up with the HW and with the start of this
    /// epoch, is eligible, and nothing else is in flight.
    pub fn maybe_expand(&mut self, replica: BrokerId, high_watermark: Offset) -> Option<IsrProposal> {
        let follower = self.followers.get(&replica)?;
        let caught_up = follower.log_end >= high_watermark && follower.log_end >= self.epoch_start;
        if self.proposed.is_some() || self.isr.contains(&replica) || !caught_up || !follower.is_isr_eligible() {
            return None;
        }
        // Kafka keeps ISRs in hash sets: growth rewrites the order, ascending for small ids.
        let mut isr = self.isr.clone();
        isr.push(replica);
        base::sort(&mut isr);
        Some(self.propose(isr, ProposalKind::Expand))
    }

    /// Proposes to drop every member that has not been caught up for longer than the lag limit.
    pub fn maybe_shrink(&mut self, log_end: Offset, now: Time) -> Option<IsrProposal> {
        if self.proposed.is_some() {
            return None;
        }
        let isr: Vec<BrokerId> = self.isr.iter().copied().filter(|&id| !self.is_lagging(id, log_end, now)).collect();
        (isr.len() < self.isr.len()).then(|| self.propose(isr, ProposalKind::Shrink))
    }

    fn is_lagging(&self, replica: BrokerId, log_end: Offset, now: Time) -> bool {
        replica != self.config.local
            && self
                .followers
                .get(&replica)
                .is_none_or(|follower| !follower.is_caught_up(log_end, now, self.config.lag_time_max))
    }

    fn propose(&mut self, isr: Vec<BrokerId>, kind: ProposalKind) -> IsrProposal {
        self.proposed = Some(ProposedIsr { isr, kind });
        self.proposal().unwrap_or_else(|| unreachable!("just proposed"))
    }

    /// The proposal in flight, as it is (re)sent.
    pub fn proposal(&self) -> Option<IsrProposal> {
        let proposed = self.proposed.as_ref()?;
        let with_epoch = |&id: &BrokerId| {
            let epoch = self.followers.get(&id).map(|follower| follower.broker_epoch.unwrap_or(-1));
            (id, epoch)
        };
        Some(IsrProposal {
            from: self.isr.clone(),
            to: proposed.isr.iter().map(with_epoch).collect(),
            leader_epoch: self.leader_epoch,
            partition_epoch: self.partition_epoch,
        })
    }

    /// The controller accepted: `isr` is in force from `partition_epoch` on.
    pub fn proposal_accepted(
        &mut self,
        leader_epoch: LeaderEpoch,
        isr: &[BrokerId],
        partition_epoch: i32,
    ) -> ProposalOutcome {
        let stale = leader_epoch != self.leader_epoch || partition_epoch < self.partition_epoch;
        if self.proposed.is_none() || stale {
            return ProposalOutcome::Ignored;
        }
        self.proposed = None;
        self.isr = isr.to_vec();
        self.partition_epoch = partition_epoch;
        ProposalOutcome::Installed
    }

    /// The controller refused, or could not be asked.
    pub fn proposal_failed(&mut self, error: ErrorCode) -> ProposalOutcome {
        if self.proposed.is_none() {
            return ProposalOutcome::Ignored;
        }
        if matches!(error, ErrorCode::OperationNotAttempted | ErrorCode::IneligibleReplica) {
            self.proposed = None;
            return ProposalOutcome::Reverted;
        }
        let for_metadata = matches!(
            error,
            ErrorCode::UnknownTopicOrPartition
                | ErrorCode::UnknownTopicId
                | ErrorCode::FencedLeaderEpoch
                | ErrorCode::InvalidUpdateVersion
                | ErrorCode::InvalidRequest
                | ErrorCode::NewLeaderElected
        );
        if for_metadata { ProposalOutcome::AwaitMetadata } else { ProposalOutcome::Retry }
    }

    /// Where the HW may stand now: `None` while the committed ISR is under min ISR. Callers never
    /// let it fall.
    pub fn high_watermark_candidate(&self, log_end: Offset, now: Time) -> Option<Offset> {
        if self.is_under_min_isr() {
            return None;
        }
        let counts = |id: &BrokerId, follower: &RemoteReplica| {
            self.is_in_maximal_isr(*id)
                || (follower.is_caught_up(log_end, now, self.config.lag_time_max) && follower.is_isr_eligible())
        };
        let followers = self.followers.iter().filter(|(id, follower)| counts(id, follower));
        Some(followers.map(|(_, follower)| follower.log_end).fold(log_end, Offset::min))
    }

    /// Committed ISR with pending additions; pending removals still count, since the controller may
    /// refuse them.
    pub fn maximal_isr(&self) -> Vec<BrokerId> {
        match &self.proposed {
            Some(proposed) if self.proposal_counts(proposed.kind) => proposed.isr.clone(),
            Some(_) | None => self.isr.clone(),
        }
    }

    fn is_in_maximal_isr(&self, replica: BrokerId) -> bool {
        match &self.proposed {
            Some(proposed) if self.proposal_counts(proposed.kind) => proposed.isr.contains(&replica),
            Some(_) | None => self.isr.contains(&replica),
        }
    }

    fn proposal_counts(&self, kind: ProposalKind) -> bool {
        kind == ProposalKind::Expand || self.config.switches.breaks(Mutant::HighWatermarkWithoutMaximalIsr)
    }

    /// min(min.insync.replicas, replication factor).
    pub fn effective_min_isr(&self) -> u32 {
        (self.config.min_insync_replicas.max(0) as u32).min(self.replicas.len() as u32)
    }

    pub fn is_under_min_isr(&self) -> bool {
        (self.isr.len() as u32) < self.effective_min_isr()
    }

    /// May an acks=all produce be appended?
    ///
    /// # Errors
    /// `NotEnoughReplicas` while the committed ISR is under min ISR.
    pub fn check_enough_replicas(&self) -> Result<(), ErrorCode> {
        if self.is_under_min_isr() { Err(ErrorCode::NotEnoughReplicas) } else { Ok(()) }
    }

    /// Can an acks=all produce that ends before `required` be answered? `None`: not yet.
    pub fn acks_all_outcome(&self, required: Offset, high_watermark: Offset) -> Option<ErrorCode> {
        if high_watermark < required && !self.config.switches.breaks(Mutant::AckBeforeHighWatermark) {
            return None;
        }
        let enough = self.maximal_isr().len() as u32 >= self.effective_min_isr();
        Some(if enough { ErrorCode::None } else { ErrorCode::NotEnoughReplicasAfterAppend })
    }

    /// The leader itself.
    pub fn local(&self) -> BrokerId {
        self.config.local
    }
    pub fn leader_epoch(&self) -> LeaderEpoch {
        self.leader_epoch
    }
    /// The log's end when this epoch began.
    pub fn epoch_start(&self) -> Offset {
        self.epoch_start
    }
    pub fn partition_epoch(&self) -> i32 {
        self.partition_epoch
    }
    pub fn replicas(&self) -> &[BrokerId] {
        &self.replicas
    }
    /// The committed ISR.
    pub fn isr(&self) -> &[BrokerId] {
        &self.isr
    }
    /// The proposal in flight.
    pub fn proposed(&self) -> Option<&ProposedIsr> {
        self.proposed.as_ref()
    }
    pub fn followers(&self) -> &FlatMap<BrokerId, RemoteReplica> {
        &self.followers
    }
    pub fn follower(&self, replica: BrokerId) -> Option<&RemoteReplica> {
        self.followers.get(&replica)
    }
}
