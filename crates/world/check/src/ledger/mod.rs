//! The client oracle: what producers were promised and what readers got, cluster by cluster.
//!
//! It listens to facts and to nothing else, so it never changes a run. Every claim about
//! reliability on the page is one of its numbers. A record is lost when its success was reported and the
//! log of the partition's present leader does not have it; logs are followed replica by replica (`lineage`),
//! so that a leader that was replaced without knowing it, an unclean election and a disk that lost power are
//! judged by what they really hold. Records of a topic that was deleted are not lost.

mod blocks;
mod book;
mod lineage;
mod placed;
mod reader;
mod waiting;
mod written;

use crate::history::of_topic;
use base::{BlockMap, ErrorCode, FlatMap, GroupId, LeaderEpoch, Offset, ProcessId, Shared, Str, Time, TopicPartition};
use blocks::Blocks;
pub use book::Ledger;
use placed::{Place, Placed};
use port::{Fact, KafkaFact, PositionLoss, RecordRef, WorldFact};
use reader::Reader;
use records::Trace;
pub use waiting::Heard;
use waiting::Waiting;

/// The numbers, over all producers and groups. What was sent is acknowledged, failed, waiting or unanswered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Counts {
    /// Records given to producers by their applications, once `send` has returned.
    pub sent: u64,
    /// Records whose success was reported to the application.
    pub acked: u64,
    /// Records below a high watermark: readable, and safe while elections are clean.
    pub committed: u64,
    /// Deliveries to applications, each record counted once per group.
    pub delivered: u64,
    /// Deliveries of a record that the group had been given before.
    pub duplicated: u64,
    /// Acknowledged records that the partition's leader does not have. With acks=0 one counts when it can no
    /// longer arrive: a later one did, or its connection closed.
    pub lost: u64,
    /// Deliveries of a record after a later one of the same producer and partition.
    pub reordered: u64,
    /// Records whose failure was reported to the application, also where `send` itself failed.
    pub failed: u64,
    /// Records whose application has not been told anything yet.
    pub waiting: u64,
    /// Records of producers that ended before they could tell.
    pub unanswered: u64,
    /// Offsets that readers jumped over as their position was reset.
    pub skipped: u64,
}

impl Counts {
    /// Every number with its name, as reports, scenarios and programs spell it.
    pub fn named(&self) -> [(&'static str, u64); 11] {
        [
            ("sent", self.sent),
            ("acked", self.acked),
            ("committed", self.committed),
            ("delivered", self.delivered),
            ("duplicated", self.duplicated),
            ("lost", self.lost),
            ("reordered", self.reordered),
            ("failed", self.failed),
            ("waiting", self.waiting),
            ("unanswered", self.unanswered),
            ("skipped", self.skipped),
        ]
    }

    /// The numbers of two clusters together.
    fn and(self, other: Counts) -> Counts {
        Counts {
            sent: self.sent + other.sent,
            acked: self.acked + other.acked,
            committed: self.committed + other.committed,
            delivered: self.delivered + other.delivered,
            duplicated: self.duplicated + other.duplicated,
            lost: self.lost + other.lost,
            reordered: self.reordered + other.reordered,
            failed: self.failed + other.failed,
            waiting: self.waiting + other.waiting,
            unanswered: self.unanswered + other.unanswered,
            skipped: self.skipped + other.skipped,
        }
    }

    /// Readable records that no group has been given, as far as one group reads them.
    pub fn unread(&self) -> u64 {
        self.committed.saturating_sub(self.delivered)
    }
}

/// Everything the oracle knows of one cluster: partitions and groups of two clusters have names in common and nothing else.
/// Cloning is cheap.
#[derive(Clone, Debug, Default, Hash)]
pub struct ClusterLedger {
    counts: Counts,
    producers: FlatMap<ProcessId, Shared<Blocks<Entry>>>,
    partitions: BlockMap<TopicPartition, Shared<Placed>>,
    /// acks=0: reported as sent, and not written by any leader yet; indexes in order.
    unanswered: FlatMap<TopicPartition, Vec<RecordRef>>,
    groups: FlatMap<GroupId, Shared<Reader>>,
    waiting: Waiting,
    /// In which group a consumer is, and the positions that it has lost.
    readers: FlatMap<ProcessId, GroupId>,
    lost_positions: FlatMap<(ProcessId, TopicPartition), PositionLoss>,
    /// The first time anything was lost, and the last.
    losses: Option<Shared<[Loss; 2]>>,
}

/// When and where an acknowledged record was found missing; offset −1 where it never had one.
pub(crate) type Loss = (Time, TopicPartition, Offset);

/// What is known of one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Entry {
    acked: bool,
    committed: bool,
    lost: bool,
    /// How often the present leader's log has it; more than once where nothing recognised a repeated batch.
    places: u16,
}

impl ClusterLedger {
    /// The numbers now; some of them may fall, as a record that was missed is found.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Deliveries, duplicates and inversions of one group.
    pub fn group(&self, group: &str) -> Option<(u64, u64, u64)> {
        self.groups.get(group).map(|reader| reader.totals())
    }

    /// How far the group was given, or has skipped, each partition: the offset after the last.
    pub fn given_up_to(&self, group: &str) -> impl Iterator<Item = (&TopicPartition, Offset)> {
        self.groups.get(group).into_iter().flat_map(|reader| reader.all_next())
    }

    /// Was the group's application given what lies there now?
    pub fn was_given(&self, group: &str, partition: &TopicPartition, offset: Offset) -> bool {
        let record = self.record_at(partition, offset);
        record.is_some_and(|record| self.groups.get(group).is_some_and(|reader| reader.was_given(record)))
    }

    /// When and where an acknowledged record was first found missing; offset −1 where it never had one.
    pub fn first_loss(&self) -> Option<&Loss> {
        self.losses.as_ref().map(|losses| &losses[0])
    }

    /// The same of the last time that one was found missing.
    pub fn newest_loss(&self) -> Option<&Loss> {
        self.losses.as_ref().map(|losses| &losses[1])
    }

    /// Since when some producer has heard of nothing that it sent, at the longest; `None`: nothing is on its way.
    pub fn waits_since(&self) -> Option<Time> {
        self.waiting.longest()
    }

    /// What a producer has heard of what it sent in its present life; `None`: it has sent nothing.
    pub fn heard(&self, producer: ProcessId) -> Option<Heard> {
        self.waiting.heard(producer)
    }

    /// Takes note of a fact that `process` reported.
    pub fn note(&mut self, at: Time, process: ProcessId, fact: &Fact) {
        match fact {
            Fact::Kafka(KafkaFact::RecordSent { record, .. }) => {
                self.counts.sent += 1;
                self.counts.waiting += 1;
                self.waiting.sent(record.producer, at);
                self.with_entry(*record, |_, _| {});
            }
            Fact::Kafka(KafkaFact::SendFailed { record, error, .. }) => {
                self.waiting.refused(record.producer, at, *error);
                self.counts.sent += 1;
                self.counts.failed += 1;
                self.with_entry(*record, |_, _| {});
            }
            Fact::Kafka(KafkaFact::RecordsAcked { partition, records, base, .. }) => {
                self.ended(records, (at, ErrorCode::None));
                self.acked(at, partition, records, *base);
            }
            Fact::Kafka(KafkaFact::RecordsFailed { records, error, .. }) => {
                self.ended(records, (at, *error));
                self.counts.failed += records.indexes.len() as u64;
            }
            Fact::Kafka(KafkaFact::Delivered { group, partition, offset, record, .. }) => {
                // A broker that restarted knows only bytes; what lies at the offset is known here.
                if let Some(record) = record.or_else(|| self.record_at(partition, *offset)) {
                    self.delivered(group, partition, record);
                }
                self.groups.entry(group.clone()).or_default().reached(partition, *offset);
            }
            Fact::Kafka(KafkaFact::TopicDeleted { topic, .. }) => self.deleted(topic),
            Fact::World(WorldFact::ProcessStopped { .. }) => {
                let gone = self.waiting.gone(process);
                self.counts.waiting -= gone;
                self.counts.unanswered += gone;
                self.unreachable(at, |_, leader| leader == process);
            }
            Fact::World(WorldFact::ConnectionClosed { peer, .. }) => {
                let between = [process, *peer];
                self.unreachable(at, |producer, leader| between.contains(&producer) && between.contains(&leader));
            }
            Fact::Kafka(KafkaFact::PartitionAssigned { group, .. }) => {
                drop(self.readers.insert(process, group.clone()))
            }
            Fact::Kafka(KafkaFact::PositionLost { partition, why }) => {
                self.lost_positions.insert((process, partition.clone()), *why);
            }
            Fact::Kafka(KafkaFact::OffsetReset { partition, to }) => self.jumped(process, partition, *to),
            Fact::Kafka(fact) => self.log_changed(at, process, fact),
            Fact::World(_) | Fact::Other(_) => {}
        }
    }

    /// What leaders and followers write and cut, and who leads.
    fn log_changed(&mut self, at: Time, process: ProcessId, fact: &KafkaFact) {
        use KafkaFact as Of;
        match fact {
            Of::Appended { partition, base, last, epoch, records, .. } => {
                self.appended((at, process), partition, *epoch, (*base, *last), records.as_ref());
            }
            Of::Replicated { partition, base, last, epoch } => {
                if let Some(placed) = self.partitions.get_mut(partition) {
                    placed.replicated(process, *epoch, *base, *last);
                }
            }
            Of::Truncated { partition, to, .. } => {
                if let Some(placed) = self.partitions.get_mut(partition) {
                    placed.truncated(process, *to);
                }
            }
            Of::BecameLeader { partition, epoch, start_offset, .. } => {
                self.led((at, process), partition, *epoch, *start_offset);
            }
            Of::HighWatermarkAdvanced { partition, to, .. } => self.committed_up_to(process, partition, *to),
            // Looked at before.
            Of::TopicDeleted { .. } | Of::RecordSent { .. } | Of::SendFailed { .. } | Of::RecordsAcked { .. } => {}
            Of::RecordsFailed { .. } | Of::PartitionAssigned { .. } | Of::Delivered { .. } => {}
            // The same, or not about records.
            Of::PositionLost { .. } | Of::OffsetReset { .. } | Of::OperatorAnswered { .. } => {}
            Of::UncleanElectionAsked { .. } | Of::PreferredElectionAsked { .. } | Of::TopicAsked { .. } => {}
            Of::TopicDeletionAsked { .. } | Of::PartitionsAsked { .. } | Of::QuorumRoleChanged { .. } => {}
            Of::VoteGranted { .. } | Of::VoteRejected { .. } | Of::MetadataAppended { .. } => {}
            Of::MetadataCommitted { .. } | Of::MetadataTruncated { .. } | Of::BecameActiveController { .. } => {}
            Of::ResignedController { .. } | Of::BrokerRegistered { .. } | Of::BrokerUnfenced { .. } => {}
            Of::BrokerFenced { .. } | Of::TopicCreated { .. } | Of::PartitionsAdded { .. } => {}
            Of::PartitionChanged { .. } | Of::MetadataUpdated { .. } | Of::BecameFollower { .. } => {}
            Of::DuplicateIgnored { .. } | Of::IsrChangeProposed { .. } | Of::IsrChanged { .. } => {}
            Of::Refused { .. } | Of::ControlledShutdownStarted | Of::RegistrationGaveUp => {}
            Of::TopicWanted { .. } | Of::CoordinatorLoaded { .. } | Of::CoordinatorUnloaded { .. } => {}
            Of::GroupStateChanged { .. } | Of::MemberJoined { .. } | Of::MemberLeft { .. } => {}
            Of::OffsetCommitAccepted { .. } | Of::OffsetCommitted { .. } | Of::BatchSent { .. } => {}
            Of::ClientMetadataUpdated { .. } | Of::PartitionRevoked { .. } | Of::CommitAcked { .. } => {}
            Of::CommitFailed { .. } | Of::PollIntervalExceeded { .. } | Of::ClientFailed { .. } => {}
            Of::Worked { .. } | Of::RowWritten { .. } | Of::CommitThrew { .. } | Of::Sought { .. } => {}
            Of::ReadingPaused { .. } | Of::ReadingResumed { .. } | Of::WorkChanged { .. } => {}
            Of::Crashed { .. } | Of::WriteFailed { .. } => {}
        }
    }

    /// Success or failure was reported.
    fn ended(&mut self, records: &Trace, how: (Time, ErrorCode)) {
        self.counts.waiting -= self.waiting.ended(records.producer, records.indexes.len() as u64, how);
    }

    /// A reader goes on elsewhere: what lies between where it was and there, its group does not read. What was skipped
    /// once is not skipped again by the next member that starts without a committed offset.
    fn jumped(&mut self, reader: ProcessId, partition: &TopicPartition, to: Offset) {
        // A reset that was not asked for by a loss, as at the first start of a group, skips nothing.
        let Some(why) = self.lost_positions.remove(&(reader, partition.clone())) else { return };
        // It has been assigned nothing: it reads for no group.
        let Some(group) = self.readers.get(&reader) else { return };
        let group = self.groups.entry(group.clone()).or_default();
        let from = match why {
            PositionLoss::OutOfRange(at) | PositionLoss::Truncated(at) => at.max(group.next(partition)),
            PositionLoss::NeverCommitted => group.next(partition),
        };
        self.counts.skipped += to.since(from).max(0) as u64;
        group.go_on(partition, to);
    }

    /// What the present leader has there.
    fn record_at(&self, partition: &TopicPartition, offset: Offset) -> Option<RecordRef> {
        self.partitions.get(partition)?.record_at(offset)
    }

    /// Changes a record's entry and the numbers that follow from it together.
    fn with_entry(&mut self, record: RecordRef, act: impl FnOnce(&mut Counts, &mut Entry)) {
        let entries = self.producers.entry(record.producer).or_default();
        act(&mut self.counts, entries.at(record.index));
    }

    /// Success was reported. If no leader has the record by then, it is lost; with acks=0 it may still be on its way.
    fn acked(&mut self, at: Time, partition: &TopicPartition, records: &Trace, base: Offset) {
        // Of a topic that was deleted meanwhile nothing is known, and nothing is missed.
        let known = self.partitions.contains_key(partition);
        for index in records.indexes.iter() {
            let record = RecordRef { producer: records.producer, index: *index };
            let mut homeless = false;
            self.with_entry(record, |counts, entry| {
                counts.acked += u64::from(!entry.acked);
                entry.acked = true;
                homeless = entry.places == 0;
            });
            match (homeless && known, base == Offset::UNDEFINED) {
                (true, true) => self.unanswered.entry(partition.clone()).or_default().push(record),
                (true, false) => self.missing(at, partition, base, record),
                (false, _) => {}
            }
        }
    }

    fn appended(
        &mut self,
        (at, by): (Time, ProcessId),
        partition: &TopicPartition,
        epoch: LeaderEpoch,
        offsets: (Offset, Offset),
        records: Option<&Trace>,
    ) {
        // Deleted in the eyes of the controller, and this broker has not heard of it.
        let Some(placed) = self.partitions.get_mut(partition) else { return };
        let place = placed.appended(by, epoch, offsets, records);
        // Coordinators' batches and markers hold no producer's records.
        let Some(trace) = records else { return };
        for (offset, index) in (offsets.0.0..).zip(trace.indexes.iter()) {
            let record = RecordRef { producer: trace.producer, index: *index };
            match place {
                Place::Leader => self.held(record),
                Place::Replaced => self.missing(at, partition, Offset(offset), record),
            }
        }
        self.overtaken(at, partition, trace);
    }

    /// What a producer sent before these records and nobody has written can no longer arrive.
    fn overtaken(&mut self, at: Time, partition: &TopicPartition, trace: &Trace) {
        // Only records sent with acks=0 can be overtaken.
        let (Some(waiting), Some(newest)) = (self.unanswered.get_mut(partition), trace.indexes.last()) else { return };
        let older = |record: &RecordRef| record.producer == trace.producer && record.index <= *newest;
        let gone: Vec<RecordRef> = waiting.iter().copied().filter(older).collect();
        waiting.retain(|record| !older(record));
        gone.into_iter().for_each(|record| self.missing(at, partition, Offset::UNDEFINED, record));
    }

    /// The way from producers to leaders is gone for those two processes, and what was on it.
    fn unreachable(&mut self, at: Time, gone: impl Fn(ProcessId, ProcessId) -> bool) {
        let mut lost = Vec::new();
        for (partition, waiting) in self.unanswered.iter_mut() {
            // Deleted, and with it what was promised.
            let Some(placed) = self.partitions.get(partition) else { continue };
            let leader = placed.leader();
            lost.extend(
                waiting.iter().filter(|record| gone(record.producer, leader)).map(|it| (partition.clone(), *it)),
            );
            waiting.retain(|record| !gone(record.producer, leader));
        }
        lost.into_iter().for_each(|(partition, record)| self.missing(at, &partition, Offset::UNDEFINED, record));
    }

    /// A change of leader is where records get lost: what the new one does not have is counted now.
    fn led(&mut self, (at, by): (Time, ProcessId), partition: &TopicPartition, epoch: LeaderEpoch, start: Offset) {
        let Some(placed) = self.partitions.get_mut(partition) else {
            self.partitions.insert(partition.clone(), Shared::new(Placed::new(by, epoch)));
            return;
        };
        let change = placed.led(by, epoch, start);
        change.found.into_iter().for_each(|(_, record)| self.held(record));
        for (offset, record) in change.gone {
            self.with_entry(record, |_, entry| entry.places = entry.places.saturating_sub(1));
            self.missing(at, partition, offset, record);
        }
    }

    /// The present leader has the record.
    fn held(&mut self, record: RecordRef) {
        self.with_entry(record, |counts, entry| {
            entry.places = entry.places.saturating_add(1);
            counts.lost -= u64::from(entry.lost);
            entry.lost = false;
        });
    }

    /// The present leader does not have it there: a loss, if its success was reported and it is nowhere else.
    fn missing(&mut self, at: Time, partition: &TopicPartition, offset: Offset, record: RecordRef) {
        let mut lost = false;
        self.with_entry(record, |counts, entry| {
            lost = entry.acked && entry.places == 0 && !entry.lost;
            entry.lost |= lost;
            counts.lost += u64::from(lost);
        });
        if lost {
            let loss = (at, partition.clone(), offset);
            let first = self.first_loss().unwrap_or(&loss).clone();
            self.losses = Some(Shared::new([first, loss]));
        }
    }

    /// The name may be used again, for other records.
    fn deleted(&mut self, topic: &Str) {
        for partition in of_topic(&self.partitions, topic) {
            self.partitions.remove(&partition);
        }
        self.unanswered.retain(|partition, _| partition.topic != *topic);
        self.groups.values_mut().for_each(|group| group.forget(topic));
    }

    fn committed_up_to(&mut self, by: ProcessId, partition: &TopicPartition, high_watermark: Offset) {
        // A leader that was replaced promises nothing, and followers repeat what was promised.
        let Some(placed) = self.partitions.get_mut(partition).filter(|placed| placed.leader() == by) else { return };
        for (_, record) in placed.committed_up_to(high_watermark) {
            self.with_entry(record, |counts, entry| {
                counts.committed += u64::from(!entry.committed);
                entry.committed = true;
            });
        }
    }

    /// Groups read each for themselves: what one was given says nothing about another.
    fn delivered(&mut self, group: &GroupId, partition: &TopicPartition, record: RecordRef) {
        let seen = self.groups.entry(group.clone()).or_default().delivered(partition, record);
        self.counts.delivered += u64::from(!seen.again);
        self.counts.duplicated += u64::from(seen.again);
        self.counts.reordered += u64::from(seen.late);
    }
}

#[cfg(test)]
mod tests;
