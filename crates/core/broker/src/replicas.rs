//! The replicas of this broker, by partition; what changed in them since their waiters looked; and their checkpoints.
//!
//! A machine of its own: whatever happens to a replica goes through it, so that nothing moves unnoticed. It knows no
//! requests and nobody who waits: the broker takes the list of what was [`touched`](Replicas::take_touched) and lets them
//! look, and carries a wanted ISR ([`IsrWanted`]) to the controller. Kafka: `ReplicaManager.allPartitions`, `LogManager`.

mod roles;
#[cfg(test)]
mod tests;
mod upkeep;
mod verify;

use crate::checkpoints::{self, Offsets};
use crate::partition::{Change, FollowerFetch, Partition, ProposalOutcome, RemoteReplica};
use api::{Acks, AlterPartitionResult, FetchPartitionResponse};
use base::{
    BlockMap, BrokerId, ErrorCode, FlatMap, FlatSet, Offset, PartitionId, Shared, Time, TopicId, TopicIdPartition,
};
use log::{AppendInfo, AppendOrigin, EpochEndOffset};
use port::{Cx, Store};
use records::Batch;
pub(crate) use roles::{Leadership, Led, Opened, Opening};
pub(crate) use verify::LOOKED_AT;

/// Replicas by partition.
pub type Partitions = BlockMap<TopicIdPartition, Shared<Partition>>;

/// All of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replicas {
    partitions: Partitions,
    /// What the checkpoints said at boot, for partitions that were not opened yet.
    checkpointed: Shared<Checkpointed>,
    /// Partitions whose waiters have to look again before this event is over.
    touched: FlatSet<TopicIdPartition>,
}

/// High watermarks and log starts as last written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Checkpointed {
    high_watermarks: Offsets,
    log_starts: Offsets,
}

/// A leader here wants another ISR: the controller has to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct IsrWanted(pub(crate) TopicIdPartition);

/// A batch on its way into a leader's log.
pub(crate) struct Entry<'a> {
    pub(crate) batch: &'a Batch,
    pub(crate) origin: AppendOrigin,
    pub(crate) acks: Acks,
}

/// How a follower got on with what its leader said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Its log ends elsewhere now, or it has to ask anew: the next fetch names it.
    Moved,
    Unmoved,
    /// What came does not fit.
    Failed,
}

impl Replicas {
    /// Reads the checkpoints. Logs are opened once the metadata has said which partitions are here.
    pub(crate) fn boot(store: &dyn Store) -> Replicas {
        let checkpointed = Checkpointed {
            high_watermarks: checkpoints::read_offsets(store, checkpoints::HIGH_WATERMARKS),
            log_starts: checkpoints::read_offsets(store, checkpoints::LOG_STARTS),
        };
        Replicas { checkpointed: Shared::new(checkpointed), ..Replicas::default() }
    }

    pub(crate) fn partitions(&self) -> &Partitions {
        &self.partitions
    }

    /// Its fields, for the digest of the broker.
    pub(crate) fn fields(&self) -> (&Partitions, &Shared<Checkpointed>, &FlatSet<TopicIdPartition>) {
        (&self.partitions, &self.checkpointed, &self.touched)
    }

    pub(crate) fn get(&self, at: TopicIdPartition) -> Option<&Partition> {
        self.partitions.get(&at).map(|partition| &**partition)
    }

    /// The partitions of a topic that are here, found without a look at others.
    pub(crate) fn of_topic(&self, topic: TopicId) -> Vec<TopicIdPartition> {
        let first = TopicIdPartition { topic, partition: PartitionId::MIN };
        let from = self.partitions.iter_from(&first).map(|(at, _)| *at);
        from.take_while(|at| at.topic == topic).collect()
    }

    /// Those that this broker leads.
    pub(crate) fn led(&self) -> Vec<TopicIdPartition> {
        self.partitions.iter().filter(|(_, partition)| partition.is_leader()).map(|(at, _)| *at).collect()
    }

    /// Has anything changed that waiters have not looked at?
    pub(crate) fn has_touched(&self) -> bool {
        !self.touched.is_empty()
    }

    /// What changed since this was asked for last.
    pub(crate) fn take_touched(&mut self) -> FlatSet<TopicIdPartition> {
        std::mem::take(&mut self.touched)
    }

    /// A list that was looked through serves again, unless there is another by now.
    pub(crate) fn reuse(&mut self, mut looked_through: FlatSet<TopicIdPartition>) {
        if self.touched.is_empty() {
            looked_through.clear();
            self.touched = looked_through;
        }
    }

    /// Takes note of what an act on a replica moved, and says what it wants.
    fn note(&mut self, at: TopicIdPartition, change: Change) -> Option<IsrWanted> {
        if change.moved {
            self.touched.insert(at);
        }
        change.proposal.map(|_| IsrWanted(at))
    }

    /// Takes note of an act that proposes nothing.
    fn note_move(&mut self, at: TopicIdPartition, change: Change) {
        let wanted = self.note(at, change);
        debug_assert_eq!(wanted, None, "an act without a follower's fetch proposed an ISR");
    }

    /// Appends to a partition that this broker leads. `idle`: followers that were heard of without a word on this
    /// partition, see [`follower_idled`](Partition::follower_idled). `None`: it is not here.
    pub(crate) fn append(
        &mut self,
        cx: &mut Cx<'_>,
        at: TopicIdPartition,
        entry: &Entry<'_>,
        idle: impl Iterator<Item = (BrokerId, Time)>,
    ) -> Option<Result<AppendInfo, ErrorCode>> {
        let partition = &mut **self.partitions.get_mut(&at)?;
        idle.for_each(|(replica, heard)| partition.follower_idled(replica, heard));
        Some(match partition.append_as_leader(cx, entry.batch, entry.origin, entry.acks) {
            Ok((info, change)) => {
                self.note_move(at, change);
                Ok(info)
            }
            Err(error) => Err(error),
        })
    }

    /// The log of a partition that this broker leads shall begin at `before` (−1: at the high watermark). Where it may
    /// begin now at the earliest.
    pub(crate) fn delete_records(&mut self, at: TopicIdPartition, before: Offset) -> Result<Offset, ErrorCode> {
        let partition = self.partitions.get_mut(&at).ok_or(ErrorCode::NotLeaderOrFollower)?;
        let (required, change) = partition.delete_records(before)?;
        self.note_move(at, change);
        Ok(required)
    }

    /// A follower asked for what comes after what it has. Where it may not ask nothing changes.
    pub(crate) fn follower_fetched(
        &mut self,
        cx: &mut Cx<'_>,
        at: TopicIdPartition,
        replica: BrokerId,
        fetch: FollowerFetch,
    ) -> Option<IsrWanted> {
        let change = self.partitions.get_mut(&at)?.follower_fetched(cx, replica, fetch).ok()?;
        self.note(at, change)
    }

    /// Who of the followers has been behind for too long? `idle` as in [`append`](Self::append).
    pub(crate) fn shrink_isr(
        &mut self,
        cx: &mut Cx<'_>,
        at: TopicIdPartition,
        idle: impl Iterator<Item = (BrokerId, Time)>,
    ) -> Option<IsrWanted> {
        let partition = &mut **self.partitions.get_mut(&at)?;
        idle.for_each(|(replica, heard)| partition.follower_idled(replica, heard));
        let change = partition.maybe_shrink_isr(cx);
        self.note(at, change)
    }

    /// What the controller answered to the proposal for one partition. `None`: it is not here any more.
    pub(crate) fn isr_answered(&mut self, cx: &mut Cx<'_>, result: &AlterPartitionResult) -> Option<ProposalOutcome> {
        let at = TopicIdPartition { topic: result.topic, partition: result.partition };
        let (outcome, change) = self.partitions.get_mut(&at)?.on_alter_partition(cx, result);
        self.note_move(at, change);
        Some(outcome)
    }

    /// The ISR that was wanted is not asked for: an older proposal is under way.
    pub(crate) fn isr_not_attempted(&mut self, at: TopicIdPartition) {
        if let Some(partition) = self.partitions.get_mut(&at) {
            partition.on_alter_partition_failed(ErrorCode::OperationNotAttempted);
        }
    }

    /// Takes over what a follower's fetch brought: batches, or where its log parts from the leader's.
    pub(crate) fn replicate(
        &mut self,
        cx: &mut Cx<'_>,
        at: TopicIdPartition,
        part: &FetchPartitionResponse,
    ) -> Progress {
        let partition = &mut **self.partitions.get_mut(&at).expect("whoever copies it has looked at it");
        let before = (partition.log_end(), partition.log().log_start());
        let taken = match part.diverging {
            Some(diverging) => {
                let ends = EpochEndOffset { epoch: diverging.epoch, end: diverging.end_offset };
                Ok(partition.truncate_diverging(cx, ends))
            }
            None => partition.append_replicated(cx, &part.records).map(|appended| {
                let followed = partition.follow_leader_offsets(cx, part.high_watermark, part.log_start_offset);
                Change { moved: appended.moved || followed.moved, proposal: None }
            }),
        };
        // The leader has to hear where this log begins as well: whoever deletes records waits for it.
        let has_moved = (partition.log_end(), partition.log().log_start()) != before || part.diverging.is_some();
        match taken {
            Ok(change) => self.note_move(at, change),
            Err(_) => return Progress::Failed,
        }
        if has_moved { Progress::Moved } else { Progress::Unmoved }
    }

    /// The leader's log lies in these bounds, and this replica's offset does not: cuts it, or begins anew.
    pub(crate) fn enter_bounds(
        &mut self,
        cx: &mut Cx<'_>,
        at: TopicIdPartition,
        earliest: Offset,
        latest: Offset,
    ) -> Progress {
        let partition = self.partitions.get_mut(&at).expect("what is followed is here");
        let own = partition.log_end();
        let change = if latest < own {
            partition.truncate(cx, latest)
        } else if earliest > own {
            partition.start_over(cx, earliest)
        } else {
            Change::default()
        };
        self.note_move(at, change);
        Progress::Moved
    }

    /// A partition's followers as its leader would judge them now.
    pub(crate) fn followers(
        &self,
        at: TopicIdPartition,
        idle: impl Iterator<Item = (BrokerId, Time)>,
    ) -> FlatMap<BrokerId, RemoteReplica> {
        // Whoever looks at a broker from outside may ask for what it does not have.
        let Some(mut partition) = self.get(at).cloned() else { return FlatMap::new() };
        idle.for_each(|(replica, heard)| partition.follower_idled(replica, heard));
        partition.leader().map(|leader| leader.followers().clone()).unwrap_or_default()
    }
}
