//! What checks remember in common: what was ever committed, and what happened that takes promises
//! away (unclean elections that were asked for or allowed, lost disk tails).

use crate::committed::Committed;
use crate::invariants::{Moment, Reported};
use crate::unclean::UncleanElections;
use api::LeaderRecoveryState;
use base::{BlockMap, FlatMap, LeaderEpoch, Offset, PartitionId, ProcessId, Str, TopicIdPartition, TopicPartition};
use broker::Partition;
use controller::Controller;
use metadata::{Image, topic_name};
use port::{Fact, KafkaFact, KafkaSetup, ProcessConfig, WorldFact};
use sim::{Cluster, Liveness, World};

/// Facts of a whole run, as far as preconditions and committed data go. What is promised of a partition is kept by its topic's
/// id: another topic of the same name is another topic, and brokers that have not heard of a deletion still hold the old one.
#[derive(Clone, Debug, Default)]
pub struct History {
    committed: BlockMap<TopicIdPartition, Committed>,
    newest_epoch: BlockMap<TopicIdPartition, LeaderEpoch>,
    /// How far any leader of a partition of that name ever told that records are committed: a client knows names only.
    told: BlockMap<TopicPartition, Offset>,
    pub(crate) min_isr_at_least_two: bool,
    unclean_elections: UncleanElections,
    /// An unclean election gave up records of `__consumer_offsets`, or it was deleted.
    groups_gave_up: bool,
    /// How many unclean elections were asked for or allowed, and came to be.
    given_up: u64,
    power_offs: u32,
    /// The world's own settings never change, so they are read once.
    settings_read: bool,
}

impl History {
    /// After a step and before it is judged: what it promises holds from this step on.
    pub(crate) fn note(&mut self, cluster: Cluster<'_>, facts: &[Reported], touched: &Touched<'_>) {
        let world = cluster.world();
        if !self.settings_read {
            self.read_settings(cluster);
        }
        for (_, process, fact) in facts {
            self.unclean_elections.note(world, *process, fact);
            match fact {
                Fact::World(WorldFact::ProcessStopped { clean: false }) => {
                    let off = world.slot(*process).is_some_and(|slot| slot.liveness == Liveness::PoweredOff);
                    self.power_offs += u32::from(off);
                }
                Fact::Kafka(fact) => self.note_of_kafka((world, *process), fact, touched),
                // Nothing else of the world makes a promise or takes one away, and nothing of other families.
                Fact::World(_) | Fact::Other(_) => {}
            }
        }
    }

    /// What nodes and clients tell. Only leaders promise, and only by a high watermark.
    fn note_of_kafka(&mut self, (world, process): (&World, ProcessId), fact: &KafkaFact, touched: &Touched<'_>) {
        use KafkaFact as Of;
        match fact {
            Of::TopicDeleted { topic, .. } => {
                // Its groups count their generations from the start again.
                self.groups_gave_up |= &**topic == topic_name::GROUP_METADATA;
            }
            Of::BecameLeader { partition, epoch, .. } => {
                if let Some(replica) = touched.get(partition) {
                    let newest = self.newest_epoch(replica).max(*epoch);
                    self.newest_epoch.insert(replica.id(), newest);
                }
                self.became_leader(world, process, touched.get(partition));
            }
            Of::HighWatermarkAdvanced { partition, to, .. } => self.advanced(touched.get(partition), *to),
            // These tell of others, of what is asked for, or of what is not safe yet.
            Of::UncleanElectionAsked { .. } | Of::PreferredElectionAsked { .. } => {}
            Of::TopicAsked { .. } | Of::TopicDeletionAsked { .. } | Of::PartitionsAsked { .. } => {}
            Of::QuorumRoleChanged { .. } | Of::VoteGranted { .. } | Of::VoteRejected { .. } => {}
            Of::MetadataAppended { .. } | Of::MetadataCommitted { .. } => {}
            Of::MetadataTruncated { .. } | Of::BecameActiveController { .. } => {}
            Of::ResignedController { .. } | Of::BrokerRegistered { .. } => {}
            Of::BrokerUnfenced { .. } | Of::BrokerFenced { .. } | Of::TopicCreated { .. } => {}
            Of::PartitionsAdded { .. } | Of::PartitionChanged { .. } => {}
            Of::MetadataUpdated { .. } | Of::BecameFollower { .. } | Of::Appended { .. } => {}
            Of::Replicated { .. } | Of::DuplicateIgnored { .. } | Of::Truncated { .. } => {}
            Of::IsrChangeProposed { .. } | Of::IsrChanged { .. } | Of::Refused { .. } => {}
            Of::ControlledShutdownStarted | Of::RegistrationGaveUp | Of::TopicWanted { .. } => {}
            Of::CoordinatorLoaded { .. } | Of::CoordinatorUnloaded { .. } => {}
            Of::GroupStateChanged { .. } | Of::MemberJoined { .. } | Of::MemberLeft { .. } => {}
            Of::OffsetCommitAccepted { .. } | Of::OffsetCommitted { .. } => {}
            Of::RecordSent { .. } | Of::SendFailed { .. } | Of::BatchSent { .. } => {}
            Of::RecordsAcked { .. } | Of::RecordsFailed { .. } => {}
            Of::ClientMetadataUpdated { .. } | Of::PartitionAssigned { .. } => {}
            Of::PartitionRevoked { .. } | Of::Delivered { .. } | Of::CommitAcked { .. } => {}
            Of::CommitFailed { .. } | Of::PositionLost { .. } | Of::OffsetReset { .. } => {}
            Of::PollIntervalExceeded { .. } | Of::ClientFailed { .. } => {}
            Of::Worked { .. } | Of::RowWritten { .. } | Of::CommitThrew { .. } | Of::Sought { .. } => {}
            Of::ReadingPaused { .. } | Of::ReadingResumed { .. } | Of::WorkChanged { .. } => {}
            Of::Crashed { .. } | Of::WriteFailed { .. } => {}
            Of::OperatorAnswered { .. } => {}
        }
    }

    /// R15 is promised where acks=all means two copies at least.
    fn read_settings(&mut self, cluster: Cluster<'_>) {
        let setting = |name: &str| cluster.plan().overrides.get(name).map(|value| value.to_string());
        self.min_isr_at_least_two = setting("min.insync.replicas").and_then(|text| text.parse().ok()) >= Some(2);
        self.settings_read = true;
    }

    fn advanced(&mut self, partition: Option<&Partition>, to: Offset) {
        // Followers hear of it from their leader, who has promised it before.
        let Some(partition) = partition.filter(|partition| partition.is_leader()) else { return };
        self.of(partition).advanced(partition, to);
        let told = self.told.get_or_insert_with(partition.name().clone(), Offset::default);
        *told = to.max(*told);
    }

    /// A leader that was elected uncleanly, as somebody wanted it, takes what it holds for all that there is.
    fn became_leader(&mut self, world: &World, process: ProcessId, partition: Option<&Partition>) {
        // The same step took it away again: a batch of metadata may hold several elections.
        let Some(partition) = partition.filter(|partition| partition.is_leader()) else { return };
        let broker = world.process(process).and_then(|process| process.node()?.broker());
        let registered = broker.and_then(|broker| broker.image().partition(partition.id()));
        let is_unclean = registered.is_some_and(|registered| {
            registered.leader_recovery_state == LeaderRecoveryState::Recovering
                && registered.leader_epoch == partition.leader_epoch()
        });
        if is_unclean && self.unclean_elections.may_have_made(partition.name(), partition.leader_epoch()) {
            self.given_up += 1;
            self.groups_gave_up |= &*partition.name().topic == topic_name::GROUP_METADATA;
            self.of(partition).give_up(partition);
        }
    }

    /// What is committed of the topic that this replica is of.
    fn of(&mut self, partition: &Partition) -> &mut Committed {
        self.committed.get_or_insert_with(partition.id(), Committed::default)
    }

    /// The epochs that wrote what this replica holds below `end`, each with its first offset.
    pub(crate) fn epochs_below(partition: &Partition, end: Offset) -> impl Iterator<Item = (LeaderEpoch, Offset)> + '_ {
        let entries = partition.log().epochs().entries().iter().map(|entry| (entry.epoch, entry.start));
        let mut entries = entries.take_while(move |(_, start)| *start < end).peekable();
        // An epoch in which nothing was written has the start of the next one.
        std::iter::from_fn(move || {
            loop {
                let entry = entries.next()?;
                if entries.peek().is_none_or(|next| next.1 != entry.1) {
                    return Some(entry);
                }
            }
        })
    }

    /// No disk lost what was not flushed. What unclean elections give up is known by partition.
    pub(crate) fn keeps_committed_data(&self) -> bool {
        self.power_offs == 0
    }

    /// Nothing that a group wrote is gone, so that its generations never begin again.
    pub(crate) fn keeps_groups(&self) -> bool {
        self.keeps_committed_data() && !self.groups_gave_up
    }

    /// How many unclean elections that were asked for or allowed may have lost records so far.
    pub fn given_up(&self) -> u64 {
        self.given_up
    }

    /// `None`: nothing was ever committed there.
    pub(crate) fn committed(&self, partition: &Partition) -> Option<&Committed> {
        self.committed.get(&partition.id())
    }

    /// Up to where a leader may ever have told its clients that records of a partition of that name are committed.
    pub(crate) fn ever_committed(&self, name: &TopicPartition) -> Offset {
        self.told.get(name).copied().unwrap_or_default()
    }

    /// The newest in which anybody has led: leaders of older ones are replaced and may not know it.
    pub(crate) fn newest_epoch(&self, partition: &Partition) -> LeaderEpoch {
        self.newest_epoch.get(&partition.id()).copied().unwrap_or_default()
    }
}

/// The replica that moved, on the process that tells it.
fn moved(fact: &KafkaFact) -> Option<&TopicPartition> {
    use KafkaFact as Of;
    match fact {
        Of::Appended { partition, .. }
        | Of::Replicated { partition, .. }
        | Of::HighWatermarkAdvanced { partition, .. }
        | Of::Truncated { partition, .. }
        | Of::BecameLeader { partition, .. }
        | Of::BecameFollower { partition, .. } => Some(partition),
        Of::UncleanElectionAsked { .. } | Of::PreferredElectionAsked { .. } => None,
        Of::TopicAsked { .. } | Of::TopicDeletionAsked { .. } => None,
        Of::PartitionsAsked { .. } | Of::QuorumRoleChanged { .. } => None,
        Of::VoteGranted { .. } | Of::VoteRejected { .. } => None,
        Of::MetadataAppended { .. } | Of::MetadataCommitted { .. } => None,
        Of::MetadataTruncated { .. } | Of::BecameActiveController { .. } => None,
        Of::ResignedController { .. } | Of::BrokerRegistered { .. } => None,
        Of::BrokerUnfenced { .. } | Of::BrokerFenced { .. } => None,
        Of::TopicCreated { .. } | Of::TopicDeleted { .. } => None,
        Of::PartitionsAdded { .. } | Of::PartitionChanged { .. } => None,
        Of::MetadataUpdated { .. } | Of::DuplicateIgnored { .. } => None,
        Of::IsrChangeProposed { .. } | Of::IsrChanged { .. } | Of::Refused { .. } => None,
        Of::ControlledShutdownStarted | Of::RegistrationGaveUp => None,
        Of::TopicWanted { .. } | Of::CoordinatorLoaded { .. } => None,
        Of::CoordinatorUnloaded { .. } | Of::GroupStateChanged { .. } => None,
        Of::MemberJoined { .. } | Of::MemberLeft { .. } => None,
        Of::OffsetCommitAccepted { .. } | Of::OffsetCommitted { .. } => None,
        Of::RecordSent { .. } | Of::SendFailed { .. } | Of::BatchSent { .. } => None,
        Of::RecordsAcked { .. } | Of::RecordsFailed { .. } => None,
        Of::ClientMetadataUpdated { .. } | Of::PartitionAssigned { .. } => None,
        Of::PartitionRevoked { .. } | Of::Delivered { .. } | Of::CommitAcked { .. } => None,
        Of::CommitFailed { .. } | Of::PositionLost { .. } | Of::OffsetReset { .. } => None,
        Of::PollIntervalExceeded { .. } | Of::ClientFailed { .. } => None,
        Of::OperatorAnswered { .. } | Of::Worked { .. } | Of::RowWritten { .. } => None,
        Of::CommitThrew { .. } | Of::Sought { .. } | Of::ReadingPaused { .. } => None,
        Of::ReadingResumed { .. } | Of::WorkChanged { .. } | Of::Crashed { .. } => None,
        Of::WriteFailed { .. } => None,
    }
}

/// As the broker itself knows the topic of that name, which after a deletion may be an older one.
fn partition<'a>(world: &'a World, process: ProcessId, name: &TopicPartition) -> Option<&'a Partition> {
    let broker = world.process(process)?.node()?.broker()?;
    let topic = broker.image().topic_id(&name.topic)?;
    broker.partition(base::TopicIdPartition { topic, partition: name.partition })
}

impl<'a> Moment<'a> {
    /// One of the replicas that were touched.
    pub(crate) fn partition(&self, name: &TopicPartition) -> Option<&'a Partition> {
        self.touched.get(name)
    }

    /// Of the node that has just made a step; others have decided nothing.
    pub(crate) fn active_controller(&self) -> Option<&'a Controller> {
        let controller = self.world.process(self.process)?.node()?.controller()?;
        controller.is_active().then_some(controller)
    }

    /// The image that the controller which just decided goes by.
    pub(crate) fn active_image(&self) -> Option<&'a Image> {
        self.active_controller().map(Controller::image)
    }

    /// The `group.instance.id` of a consumer process.
    pub(crate) fn instance_id(&self, process: ProcessId) -> Option<&'a Str> {
        match &self.world.slot(process)?.config {
            ProcessConfig::Kafka(KafkaSetup::Consumer(client, _)) => client.overrides.get("group.instance.id"),
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => None,
        }
    }
}

/// The keys that are a topic's, found without a look at those of others.
pub(crate) fn of_topic<V>(by_partition: &BlockMap<TopicPartition, V>, topic: &Str) -> Vec<TopicPartition> {
    let first = TopicPartition { topic: topic.clone(), partition: PartitionId::MIN };
    let from = by_partition.iter_from(&first).map(|(partition, _)| partition);
    from.take_while(|partition| partition.topic == *topic).cloned().collect()
}

/// The replicas on one broker of which a step reported something, by name. One step may be about thousands.
#[derive(Default)]
pub(crate) struct Touched<'a>(FlatMap<&'a TopicPartition, &'a Partition>);

impl<'a> Touched<'a> {
    /// Found once, because a dozen checks ask for them.
    pub(crate) fn of(world: &'a World, process: ProcessId, facts: &'a [Reported]) -> Touched<'a> {
        let mut touched = Touched::default();
        for (_, _, fact) in facts {
            // No replica moved by it.
            let Some(name) = fact.kafka().and_then(moved) else { continue };
            if touched.get(name).is_none()
                && let Some(replica) = partition(world, process, name)
            {
                touched.0.insert(replica.name(), replica);
            }
        }
        touched
    }

    /// `None`: no replica of that name has moved within the step.
    pub(crate) fn get(&self, name: &TopicPartition) -> Option<&'a Partition> {
        self.0.get(name).copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a Partition> {
        self.0.values().copied()
    }
}
