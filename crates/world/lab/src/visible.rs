//! Which facts are worth seeing. Records on their way, elections, rebalances, changes of metadata
//! and deaths are; heartbeats, empty fetches, votes of nobody's interest and internal topics are
//! what time is spent on while nothing happens.

use base::{Span, TopicPartition};
use port::{Fact, KafkaFact, KafkaSetup, LeaveReason, ProcessConfig, QuorumRole, WorldFact};
use sim::World;

use crate::run::Happening;

/// How much a fact is worth seeing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// Passed over.
    Waiting,
    /// The steady flow of records: seen slowly unless something greater is being waited for.
    Routine,
    /// Always seen slowly.
    Major,
}

/// What a mark on the timeline stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MarkKind {
    /// A person's or a script's command.
    Act,
    /// Set by a person.
    Own,
    Started,
    Stopped,
    /// A node or client died or hangs and others will notice only after a while.
    Died,
    Paused,
    Resumed,
    LinkCut,
    LinkHealed,
    /// A connection closed or was refused.
    Connection,
    /// A quorum member changed its role or voted.
    Election,
    /// A controller became active or resigned.
    Controller,
    /// A broker was registered, fenced or unfenced.
    Membership,
    /// Topics were created, deleted or configured.
    Metadata,
    /// The controller decided about a partition.
    Decision,
    /// A broker took up or gave up a partition.
    Leadership,
    Isr,
    Truncated,
    Refused,
    /// A group's coordinator moved.
    Coordinator,
    /// A group's state, members or assignment changed.
    Rebalance,
    /// Records were sent, written, copied, committed, acknowledged or delivered.
    Record,
    Failed,
    /// The cluster answered an operator.
    Answer,
}

/// What somebody waits for after a death or a cut, and how long at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// The controller fences the broker.
    Fencing,
    /// The quorum elects.
    Election,
    /// A started broker registers, is let in, catches up and is in the ISR again.
    Return,
    /// The coordinator notices that a member is gone.
    Rebalance,
    /// Anything great.
    Anything,
}

/// How much a fact is worth seeing, and under which heading.
pub fn classify(fact: &Fact) -> (Visibility, MarkKind) {
    use MarkKind as Kind;
    use Visibility::{Major, Routine, Waiting};
    match fact {
        Fact::World(WorldFact::ProcessStarted) => (Major, Kind::Started),
        Fact::World(WorldFact::ProcessStopped { clean: true }) => (Major, Kind::Stopped),
        Fact::World(WorldFact::ProcessStopped { clean: false }) => (Major, Kind::Died),
        Fact::World(WorldFact::ProcessPaused) => (Major, Kind::Paused),
        Fact::World(WorldFact::ProcessResumed) => (Major, Kind::Resumed),
        Fact::World(WorldFact::LinkCut { .. }) => (Major, Kind::LinkCut),
        Fact::World(WorldFact::LinkHealed { .. }) => (Major, Kind::LinkHealed),
        Fact::World(
            WorldFact::LinkReset { .. }
            | WorldFact::MessagesHeld { .. }
            | WorldFact::MessagesToBeLost { .. }
            | WorldFact::ChosenMessageLost { .. },
        ) => (Major, Kind::Connection),
        Fact::World(WorldFact::StoreChanged { .. }) => (Major, Kind::Act),
        // What comes of it is seen.
        Fact::World(WorldFact::StopRequested | WorldFact::PowerLost)
        | Fact::Kafka(
            KafkaFact::UncleanElectionAsked { .. }
            | KafkaFact::PreferredElectionAsked { .. }
            | KafkaFact::TopicAsked { .. }
            | KafkaFact::TopicDeletionAsked { .. }
            | KafkaFact::PartitionsAsked { .. },
        ) => (Routine, Kind::Act),
        Fact::World(WorldFact::ConnectionClosed { .. } | WorldFact::MessageLost { .. }) => (Routine, Kind::Connection),
        Fact::World(WorldFact::ConnectionOpened { .. } | WorldFact::ConnectionRefused { .. }) => {
            (Waiting, Kind::Connection)
        }
        Fact::Kafka(KafkaFact::QuorumRoleChanged { role, .. }) => match role {
            QuorumRole::Candidate | QuorumRole::Leader => (Major, Kind::Election),
            QuorumRole::Unattached | QuorumRole::Follower | QuorumRole::Prospective | QuorumRole::Resigned => {
                (Routine, Kind::Election)
            }
        },
        Fact::Kafka(KafkaFact::VoteGranted { .. }) => (Major, Kind::Election),
        Fact::Kafka(KafkaFact::VoteRejected { .. }) => (Routine, Kind::Election),
        Fact::Kafka(KafkaFact::BecameActiveController { .. } | KafkaFact::ResignedController { .. }) => {
            (Major, Kind::Controller)
        }
        Fact::Kafka(KafkaFact::BrokerUnfenced { .. } | KafkaFact::BrokerFenced { .. }) => (Major, Kind::Membership),
        Fact::Kafka(KafkaFact::BrokerRegistered { .. }) => (Routine, Kind::Membership),
        Fact::Kafka(
            KafkaFact::TopicCreated { .. } | KafkaFact::TopicDeleted { .. } | KafkaFact::PartitionsAdded { .. },
        ) => (Major, Kind::Metadata),
        Fact::Kafka(KafkaFact::TopicWanted { .. }) => (Routine, Kind::Metadata),
        Fact::Kafka(KafkaFact::MetadataAppended { summary, .. }) if is_no_op(summary) => (Waiting, Kind::Metadata),
        Fact::Kafka(KafkaFact::MetadataAppended { .. } | KafkaFact::MetadataTruncated { .. }) => {
            (Routine, Kind::Metadata)
        }
        Fact::Kafka(KafkaFact::MetadataCommitted { .. } | KafkaFact::MetadataUpdated { .. }) => {
            (Waiting, Kind::Metadata)
        }
        Fact::Kafka(KafkaFact::ClientMetadataUpdated { stale_leaders: 0 }) => (Waiting, Kind::Metadata),
        Fact::Kafka(KafkaFact::ClientMetadataUpdated { .. }) => (Routine, Kind::Metadata),
        Fact::Kafka(KafkaFact::ControlledShutdownStarted) => (Major, Kind::Stopped),
        Fact::Kafka(KafkaFact::RegistrationGaveUp) => (Routine, Kind::Stopped),
        Fact::Kafka(KafkaFact::ClientFailed { .. }) => (Major, Kind::Failed),
        Fact::Kafka(KafkaFact::Refused { .. }) => (Routine, Kind::Refused),
        Fact::Kafka(KafkaFact::OperatorAnswered { .. }) => (Routine, Kind::Answer),
        of_a_partition => classify_partition(of_a_partition),
    }
}

/// Those that speak of a partition or a group.
fn classify_partition(fact: &Fact) -> (Visibility, MarkKind) {
    use MarkKind as Kind;
    use Visibility::{Major, Routine, Waiting};
    match fact {
        Fact::Kafka(KafkaFact::PartitionChanged { partition, .. }) => (of(partition, Major), Kind::Decision),
        Fact::Kafka(KafkaFact::BecameLeader { partition, .. }) => (of(partition, Major), Kind::Leadership),
        Fact::Kafka(KafkaFact::BecameFollower { partition, .. }) => (of(partition, Routine), Kind::Leadership),
        Fact::Kafka(KafkaFact::IsrChanged { partition, .. }) => (of(partition, Major), Kind::Isr),
        Fact::Kafka(KafkaFact::IsrChangeProposed { partition, .. }) => (of(partition, Routine), Kind::Isr),
        Fact::Kafka(KafkaFact::Truncated { partition, .. }) => (of(partition, Major), Kind::Truncated),
        Fact::Kafka(
            KafkaFact::Appended { partition, .. }
            | KafkaFact::Replicated { partition, .. }
            | KafkaFact::DuplicateIgnored { partition, .. }
            | KafkaFact::HighWatermarkAdvanced { partition, .. },
        ) => (of(partition, Routine), Kind::Record),
        Fact::Kafka(
            KafkaFact::RecordSent { .. }
            | KafkaFact::BatchSent { .. }
            | KafkaFact::RecordsAcked { .. }
            | KafkaFact::Delivered { .. },
        ) => (Routine, Kind::Record),
        Fact::Kafka(KafkaFact::RecordsFailed { .. }) => (Major, Kind::Failed),
        Fact::Kafka(KafkaFact::SendFailed { .. }) => (Routine, Kind::Failed),
        Fact::Kafka(KafkaFact::CoordinatorLoaded { groups: 0, .. } | KafkaFact::CoordinatorUnloaded { .. }) => {
            (Waiting, Kind::Coordinator)
        }
        Fact::Kafka(KafkaFact::CoordinatorLoaded { .. }) => (Major, Kind::Coordinator),
        Fact::Kafka(
            KafkaFact::GroupStateChanged { .. }
            | KafkaFact::PartitionAssigned { .. }
            | KafkaFact::PartitionRevoked { .. },
        ) => (Major, Kind::Rebalance),
        Fact::Kafka(KafkaFact::MemberLeft { reason, .. }) => match reason {
            LeaveReason::Left
            | LeaveReason::SessionExpired
            | LeaveReason::DidNotRejoin
            | LeaveReason::DidNotSync
            | LeaveReason::Replaced => (Major, Kind::Rebalance),
        },
        Fact::Kafka(KafkaFact::MemberJoined { .. } | KafkaFact::PollIntervalExceeded { .. }) => {
            (Major, Kind::Rebalance)
        }
        Fact::Kafka(
            KafkaFact::CommitFailed { .. } | KafkaFact::PositionLost { .. } | KafkaFact::OffsetReset { .. },
        ) => (Routine, Kind::Rebalance),
        Fact::Kafka(KafkaFact::OffsetCommitted { .. } | KafkaFact::CommitAcked { .. }) => (Waiting, Kind::Record),
        Fact::Kafka(KafkaFact::Sought { .. } | KafkaFact::CommitThrew { .. } | KafkaFact::Crashed { .. }) => {
            (Major, Kind::Rebalance)
        }
        Fact::Kafka(
            KafkaFact::ReadingPaused { .. }
            | KafkaFact::ReadingResumed { .. }
            | KafkaFact::WorkChanged { .. }
            | KafkaFact::RowWritten { .. }
            | KafkaFact::WriteFailed { .. }
            | KafkaFact::Worked { .. },
        ) => (Routine, Kind::Record),
        _classified_before => (Waiting, Kind::Record),
    }
}

/// Whether a fact is kept for the whole run: what a later moment may have to be explained by.
pub fn is_lasting(fact: &Fact) -> bool {
    match fact {
        Fact::World(fact) => is_lasting_of_world(fact),
        Fact::Kafka(
            KafkaFact::UncleanElectionAsked { .. }
            | KafkaFact::PreferredElectionAsked { .. }
            | KafkaFact::TopicAsked { .. }
            | KafkaFact::TopicDeletionAsked { .. }
            | KafkaFact::PartitionsAsked { .. }
            | KafkaFact::QuorumRoleChanged { role: QuorumRole::Candidate, .. }
            | KafkaFact::BecameActiveController { .. }
            | KafkaFact::ResignedController { .. }
            | KafkaFact::ControlledShutdownStarted
            | KafkaFact::RegistrationGaveUp
            | KafkaFact::PollIntervalExceeded { .. }
            | KafkaFact::ClientFailed { .. }
            | KafkaFact::CommitThrew { .. }
            | KafkaFact::Sought { .. }
            | KafkaFact::ReadingPaused { .. }
            | KafkaFact::ReadingResumed { .. }
            | KafkaFact::WorkChanged { .. }
            | KafkaFact::Crashed { .. }
            | KafkaFact::BrokerFenced { .. }
            | KafkaFact::BrokerUnfenced { .. }
            | KafkaFact::ClientMetadataUpdated { .. }
            | KafkaFact::GroupStateChanged { .. }
            | KafkaFact::MemberJoined { .. }
            | KafkaFact::MemberLeft { .. }
            | KafkaFact::RecordsFailed { .. },
        ) => true,
        // The first of an outage; it may bring many more.
        Fact::Kafka(KafkaFact::WriteFailed { attempt, .. }) => *attempt == 1,
        // Otherwise the next commit says the same and more.
        Fact::Kafka(KafkaFact::CommitFailed { error, .. }) => !error.is_retriable(),
        Fact::Kafka(
            KafkaFact::TopicCreated { topic, .. }
            | KafkaFact::TopicDeleted { topic, .. }
            | KafkaFact::TopicWanted { topic, .. }
            | KafkaFact::PartitionsAdded { topic, .. },
        ) => !metadata::topic_name::is_internal(topic),
        // What a new partition follows with is nothing to tell.
        Fact::Kafka(KafkaFact::BecameFollower { partition, log_end, .. }) => {
            *log_end > base::Offset::ZERO && !metadata::topic_name::is_internal(&partition.topic)
        }
        Fact::Kafka(
            KafkaFact::PartitionChanged { partition, .. }
            | KafkaFact::BecameLeader { partition, .. }
            | KafkaFact::Truncated { partition, .. }
            | KafkaFact::DuplicateIgnored { partition, .. }
            | KafkaFact::IsrChangeProposed { partition, .. }
            | KafkaFact::PositionLost { partition, .. }
            | KafkaFact::OffsetReset { partition, .. }
            | KafkaFact::PartitionAssigned { partition, .. }
            | KafkaFact::PartitionRevoked { partition, .. },
        ) => !metadata::topic_name::is_internal(&partition.topic),
        _untold => false,
    }
}

fn is_lasting_of_world(fact: &WorldFact) -> bool {
    match fact {
        WorldFact::ProcessStarted
        | WorldFact::ProcessStopped { .. }
        | WorldFact::ProcessPaused
        | WorldFact::ProcessResumed
        | WorldFact::LinkCut { .. }
        | WorldFact::LinkHealed { .. }
        | WorldFact::LinkReset { .. }
        | WorldFact::MessagesHeld { .. }
        | WorldFact::MessagesToBeLost { .. }
        | WorldFact::ChosenMessageLost { .. }
        | WorldFact::StopRequested
        | WorldFact::StoreChanged { .. }
        | WorldFact::PowerLost => true,
        WorldFact::ConnectionClosed { lost_messages, .. } => *lost_messages > 0,
        WorldFact::ConnectionOpened { .. } | WorldFact::ConnectionRefused { .. } | WorldFact::MessageLost { .. } => {
            false
        }
    }
}

/// The marks of what happened, with what is to be waited for because of it.
pub(crate) fn awaited(happening: &Happening, world: &World) -> Option<Awaited> {
    match &happening.fact {
        Fact::World(WorldFact::ProcessStopped { clean: false } | WorldFact::ProcessPaused) => {
            match world.slot(happening.process).map(|slot| &slot.config)? {
                ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.roles.is_broker() => Some(Awaited::Fencing),
                ProcessConfig::Kafka(KafkaSetup::Node(_)) => Some(Awaited::Election),
                ProcessConfig::Kafka(KafkaSetup::Consumer(..)) => Some(Awaited::Rebalance),
                ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Admin(..)) | ProcessConfig::Other(_) => {
                    None
                }
            }
        }
        Fact::World(WorldFact::ProcessStarted) => match world.slot(happening.process).map(|slot| &slot.config)? {
            ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.roles.is_broker() => Some(Awaited::Return),
            ProcessConfig::Kafka(KafkaSetup::Node(_)) => Some(Awaited::Election),
            ProcessConfig::Kafka(KafkaSetup::Consumer(..) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => None,
        },
        Fact::World(WorldFact::LinkCut { .. }) => Some(Awaited::Anything),
        // The members hear of it with their next heartbeat.
        Fact::Kafka(
            KafkaFact::MemberLeft { .. }
            | KafkaFact::GroupStateChanged { state: port::GroupState::PreparingRebalance, .. },
        ) => Some(Awaited::Rebalance),
        _nobody_waits => None,
    }
}

/// A broker whose old session is over is let in within so long.
const LET_IN: Span = Span::from_secs(2);

/// How long what is awaited usually takes to come: what Kafka's settings say, where they do. `told` is what happened.
pub(crate) fn usually(awaited: Awaited, happening: &Happening, (world, told): (&World, &[Happening])) -> Span {
    let millis = |overrides: &base::FlatMap<base::Str, base::Str>, name: &str, otherwise: u64| {
        let set = overrides.get(name).and_then(|value| value.parse().ok());
        Span::from_millis(set.unwrap_or(otherwise))
    };
    let cluster = world.cluster_of(happening.process);
    let overrides = &world.cluster(cluster).expect("a process belongs to a cluster of its world").plan().overrides;
    let session = || millis(overrides, "broker.session.timeout.ms", 9_000);
    match awaited {
        Awaited::Fencing => session(),
        Awaited::Return => session_left(happening, (world, told), session()).max(LET_IN),
        Awaited::Anything => {
            let is_broker = |process| match world.slot(process).map(|slot| &slot.config) {
                Some(ProcessConfig::Kafka(KafkaSetup::Node(setup))) => !setup.roles.is_controller(),
                Some(
                    ProcessConfig::Kafka(KafkaSetup::Consumer(..) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
                    | ProcessConfig::Other(_),
                )
                | None => false,
            };
            match &happening.fact {
                Fact::World(WorldFact::LinkCut { peer, .. }) if is_broker(happening.process) && is_broker(*peer) => {
                    millis(overrides, "replica.lag.time.max.ms", 30_000)
                }
                _another => session(),
            }
        }
        Awaited::Election => millis(overrides, "controller.quorum.fetch.timeout.ms", 2_000),
        Awaited::Rebalance => match world.slot(happening.process).map(|slot| &slot.config) {
            Some(ProcessConfig::Kafka(KafkaSetup::Consumer(client, _))) => {
                millis(&client.overrides, "session.timeout.ms", 45_000)
            }
            // The coordinator itself: members hear of it with their next heartbeat.
            Some(
                ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
                | ProcessConfig::Other(_),
            )
            | None => Span::from_secs(3),
        },
    }
}

/// How long the controller still counts on the former life of a broker that starts.
fn session_left(started: &Happening, (world, told): (&World, &[Happening]), session: Span) -> Span {
    let Some(ProcessConfig::Kafka(KafkaSetup::Node(setup))) = world.slot(started.process).map(|slot| &slot.config)
    else {
        return Span::ZERO;
    };
    let concerns = |past: &&Happening| match &past.fact {
        Fact::Kafka(KafkaFact::BrokerFenced { broker, .. }) => *broker == setup.node,
        Fact::World(WorldFact::ProcessStopped { .. }) => past.process == started.process,
        _other => false,
    };
    match told.iter().rev().find(concerns) {
        Some(Happening { at, fact: Fact::World(WorldFact::ProcessStopped { clean: false }), .. }) => {
            (*at + session).since(started.at)
        }
        _fenced_or_left_or_new => Span::ZERO,
    }
}

/// Records that an application has sent with this.
pub(crate) fn records_sent(fact: &Fact) -> u64 {
    u64::from(matches!(fact, Fact::Kafka(KafkaFact::RecordSent { .. } | KafkaFact::SendFailed { .. })))
}

/// Does this end the waiting?
pub(crate) fn ends(awaited: Awaited, fact: &Fact) -> bool {
    match awaited {
        Awaited::Fencing => {
            matches!(fact, Fact::Kafka(KafkaFact::BrokerFenced { .. }) | Fact::World(WorldFact::ProcessResumed))
        }
        Awaited::Election => matches!(
            fact,
            Fact::Kafka(KafkaFact::BecameActiveController { .. }) | Fact::World(WorldFact::ProcessResumed)
        ),
        Awaited::Return => match fact {
            Fact::Kafka(KafkaFact::PartitionChanged { old_isr, isr, .. }) => {
                isr.len() > old_isr.len() && !old_isr.is_empty()
            }
            Fact::World(WorldFact::ProcessStopped { .. }) => true,
            _goes_on => false,
        },
        Awaited::Rebalance => matches!(
            fact,
            Fact::Kafka(KafkaFact::GroupStateChanged { state: port::GroupState::Stable | port::GroupState::Empty, .. })
                | Fact::World(WorldFact::ProcessResumed)
        ),
        Awaited::Anything => {
            classify(fact).0 == Visibility::Major && !matches!(fact, Fact::World(WorldFact::LinkCut { .. }))
        }
    }
}

/// Internal topics are hidden on the stage, and so is what happens to them.
fn of(partition: &TopicPartition, otherwise: Visibility) -> Visibility {
    if partition.topic.starts_with("__") { Visibility::Waiting } else { otherwise }
}

/// The controller's no-op record every 500 ms (`metadata.max.idle.interval.ms`).
fn is_no_op(summary: &str) -> bool {
    summary.to_ascii_lowercase().replace(['-', '_', ' '], "").starts_with("noop")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{LeaderEpoch, Offset};

    #[test]
    fn internal_topics_and_no_ops_are_waiting() {
        let appended = |topic: &str| {
            Fact::Kafka(KafkaFact::Appended {
                partition: TopicPartition::new(topic, 0),
                base: Offset(0),
                last: Offset(0),
                epoch: LeaderEpoch(0),
                bytes: 0,
                records: None,
            })
        };
        assert_eq!(classify(&appended("orders")).0, Visibility::Routine);
        assert_eq!(classify(&appended("__consumer_offsets")).0, Visibility::Waiting);
        let metadata = |summary: &str| {
            Fact::Kafka(KafkaFact::MetadataAppended { offset: Offset(1), count: 1, summary: summary.into() })
        };
        assert_eq!(classify(&metadata("NO_OP")).0, Visibility::Waiting);
        assert_eq!(classify(&metadata("TOPIC orders")).0, Visibility::Routine);
    }
}
