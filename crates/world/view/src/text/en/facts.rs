//! English: single facts.

use base::{BrokerId, Offset, Span};
use port::{
    CrashAt, CutWay, Fact, FenceReason, KafkaFact, LeaveReason, OnFailedWrite, PositionLoss, StoreCondition, WorldFact,
    Written,
};

use crate::text::{Names, span_of};

/// One sentence about a fact.
pub(super) fn fact(fact: &Fact, names: &Names<'_>) -> String {
    of_process(fact, names)
        .or_else(|| of_link(fact, names))
        .or_else(|| of_quorum(fact))
        .or_else(|| of_controller(fact))
        .or_else(|| of_replica(fact))
        .or_else(|| of_group(fact))
        .or_else(|| of_coordinator(fact))
        .or_else(|| of_producer(fact))
        .unwrap_or_else(|| of_consumer(fact))
}

fn ids(brokers: &[BrokerId]) -> String {
    if brokers.is_empty() {
        return "nobody".to_owned();
    }
    brokers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn id(broker: Option<BrokerId>) -> String {
    broker.map_or("nobody".to_owned(), |broker| broker.to_string())
}

/// `7`, or `7 to 9`.
fn range(base: Offset, last: Offset) -> String {
    if base == last { base.to_string() } else { format!("{} to {}", base, last) }
}

/// `2 records`.
fn count(records: &records::Trace) -> String {
    super::plural(records.indexes.len(), "record", "records")
}

fn of_process(fact: &Fact, names: &Names<'_>) -> Option<String> {
    let name = names.process;
    Some(match fact {
        Fact::World(WorldFact::ProcessStarted) => "It starts.".to_owned(),
        Fact::World(WorldFact::ProcessStopped { clean: true }) => "It has stopped in order.".to_owned(),
        Fact::World(WorldFact::ProcessStopped { clean: false }) => "It is killed.".to_owned(),
        Fact::World(WorldFact::ProcessPaused) => "It hangs.".to_owned(),
        Fact::World(WorldFact::ProcessResumed) => "It wakes up.".to_owned(),
        Fact::World(WorldFact::StopRequested) => "It is asked to stop.".to_owned(),
        Fact::World(WorldFact::PowerLost) => "Its machine loses power.".to_owned(),
        Fact::Kafka(KafkaFact::ControlledShutdownStarted) => "It begins a controlled shutdown.".to_owned(),
        Fact::Kafka(KafkaFact::RegistrationGaveUp) => "It gives up registering.".to_owned(),
        Fact::Kafka(KafkaFact::Refused { api, error, message }) => {
            format!("It refuses {}: {}. {}", api.name(), error.name(), message)
        }
        Fact::Kafka(KafkaFact::OperatorAnswered { .. }) => "It answers an operator.".to_owned(),
        Fact::World(WorldFact::ConnectionOpened { peer }) => format!("It connects to {}.", name(*peer)),
        Fact::World(WorldFact::ConnectionRefused { endpoint }) => format!("Nobody listens at {}.", endpoint),
        _of_others => return None,
    })
}

fn of_link(fact: &Fact, names: &Names<'_>) -> Option<String> {
    let name = names.process;
    Some(match fact {
        Fact::World(WorldFact::ConnectionClosed { peer, lost_messages: 0 }) => {
            format!("The connection to {} closes.", name(*peer))
        }
        Fact::World(WorldFact::ConnectionClosed { peer, lost_messages }) => {
            format!("The connection to {} closes; messages on their way: {}.", name(*peer), lost_messages)
        }
        Fact::World(WorldFact::MessageLost { from, to, .. }) => {
            format!("A message from {} to {} is lost.", name(*from), name(*to))
        }
        Fact::World(WorldFact::LinkCut { peer, way: CutWay::Both }) => format!("The link to {} is cut.", name(*peer)),
        Fact::World(WorldFact::LinkCut { peer, way: CutWay::Onward }) => {
            format!("The link to {} is cut one way.", name(*peer))
        }
        Fact::World(WorldFact::LinkHealed { peer }) => format!("The link to {} is healed.", name(*peer)),
        Fact::World(WorldFact::MessagesHeld { peer, api }) => {
            format!("{api} messages to {} wait from now on.", name(*peer))
        }
        Fact::World(WorldFact::MessagesToBeLost { peer, api, left }) => {
            format!("{} to {} gets lost.", super::lanes::next_messages((api.name(), *left)), name(*peer))
        }
        Fact::World(WorldFact::ChosenMessageLost { peer, api }) => {
            format!("A {api} message to {} is lost.", name(*peer))
        }
        Fact::World(WorldFact::StoreChanged { store, condition }) => format!("Store {store}: {}.", stands(*condition)),
        Fact::World(WorldFact::LinkReset { peer }) => format!("The connections to {} break.", name(*peer)),
        Fact::Kafka(KafkaFact::UncleanElectionAsked { .. }) => "An unclean election is asked for.".to_owned(),
        Fact::Kafka(KafkaFact::PreferredElectionAsked { .. }) => "A preferred election is asked for.".to_owned(),
        Fact::Kafka(KafkaFact::TopicAsked { topic }) => format!("Topic {} is asked for.", topic),
        Fact::Kafka(KafkaFact::TopicDeletionAsked { topic }) => format!("Deletion of topic {} is asked for.", topic),
        Fact::Kafka(KafkaFact::PartitionsAsked { topic }) => format!("More partitions of {} are asked for.", topic),
        _of_others => return None,
    })
}

fn of_quorum(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::QuorumRoleChanged { role, epoch, .. }) => {
            format!("Quorum role: {}, epoch {}.", (super::states::STATES.quorum)(*role), epoch)
        }
        Fact::Kafka(KafkaFact::VoteGranted { candidate, epoch, .. }) => {
            format!("It votes for {} in epoch {}.", candidate, epoch)
        }
        Fact::Kafka(KafkaFact::VoteRejected { candidate, epoch, .. }) => {
            format!("It refuses {} its vote in epoch {}.", candidate, epoch)
        }
        Fact::Kafka(KafkaFact::MetadataAppended { offset, summary, .. }) => {
            format!("Metadata {} is written: {}", offset, summary)
        }
        Fact::Kafka(KafkaFact::MetadataCommitted { high_watermark }) => {
            format!("Metadata is committed up to {}.", high_watermark)
        }
        Fact::Kafka(KafkaFact::MetadataTruncated { from, to }) => format!("Metadata is cut from {} to {}.", from, to),
        Fact::Kafka(KafkaFact::MetadataUpdated { offset }) => format!("It has read metadata up to {}.", offset),
        Fact::Kafka(KafkaFact::BecameActiveController { epoch }) => format!("It takes charge in epoch {}.", epoch),
        Fact::Kafka(KafkaFact::ResignedController { epoch }) => format!("It gives up charge of epoch {}.", epoch),
        _of_others => return None,
    })
}

fn of_controller(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::BrokerRegistered { broker, broker_epoch }) => {
            format!("Broker {} registers with epoch {}.", broker, broker_epoch)
        }
        Fact::Kafka(KafkaFact::BrokerUnfenced { broker }) => format!("Broker {} is let in.", broker),
        Fact::Kafka(KafkaFact::BrokerFenced { broker, reason, .. }) => match reason {
            FenceReason::SessionExpired => format!("Broker {} is fenced: its session is over.", broker),
            FenceReason::Requested => format!("Broker {} is fenced at its own word.", broker),
            FenceReason::Restarted => format!("Broker {} is fenced as it registers anew.", broker),
        },
        Fact::Kafka(KafkaFact::TopicCreated { topic, partitions, copies, client }) => {
            format!("Topic {} is created: {} partitions, {} copies, for {}.", topic, partitions, copies, client)
        }
        Fact::Kafka(KafkaFact::TopicDeleted { topic, client }) => format!("Topic {} is deleted for {}.", topic, client),
        Fact::Kafka(KafkaFact::PartitionsAdded { topic, from, to, client }) => {
            format!("Topic {} grows from {} to {} partitions for {}.", topic, from, to, client)
        }
        Fact::Kafka(KafkaFact::TopicWanted { topic, client }) => {
            format!("{} wants topic {}, which is not there.", client, topic)
        }
        Fact::Kafka(KafkaFact::PartitionChanged { partition, leader, leader_epoch, isr, elr, .. }) => {
            format!(
                "{}: leader {}, epoch {}, ISR {}, ELR {}.",
                partition,
                id(*leader),
                leader_epoch,
                ids(isr),
                ids(elr)
            )
        }
        _of_others => return None,
    })
}

fn of_replica(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::BecameLeader { partition, epoch, start_offset, .. }) => {
            format!("It leads {} from offset {}, epoch {}.", partition, start_offset, epoch)
        }
        Fact::Kafka(KafkaFact::BecameFollower { partition, epoch, leader, .. }) => {
            format!("It follows {} under leader {}, epoch {}.", partition, id(*leader), epoch)
        }
        Fact::Kafka(KafkaFact::Appended { partition, base, last, .. }) => {
            format!("It writes {} offset {}.", partition, range(*base, *last))
        }
        Fact::Kafka(KafkaFact::Replicated { partition, base, last, .. }) => {
            format!("It copies {} offset {}.", partition, range(*base, *last))
        }
        Fact::Kafka(KafkaFact::DuplicateIgnored { partition, base, last }) => {
            format!("It knows {} offset {} already.", partition, range(*base, *last))
        }
        Fact::Kafka(KafkaFact::HighWatermarkAdvanced { partition, from, to }) => {
            format!("HW of {} moves from {} to {}.", partition, from, to)
        }
        Fact::Kafka(KafkaFact::Truncated { partition, from, to, .. }) => {
            format!("It cuts {} from {} to {}.", partition, from, to)
        }
        Fact::Kafka(KafkaFact::IsrChangeProposed { partition, to, .. }) => {
            format!("It asks for the ISR of {}: {}.", partition, ids(to))
        }
        Fact::Kafka(KafkaFact::IsrChanged { partition, isr }) => format!("The ISR of {} is {}.", partition, ids(isr)),
        _of_others => return None,
    })
}

fn left(reason: LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Left => "it said so",
        LeaveReason::SessionExpired => "session over",
        LeaveReason::DidNotRejoin => "did not join again in time",
        LeaveReason::DidNotSync => "did not fetch its plan in time",
        LeaveReason::Replaced => "its instance id has another",
    }
}

fn of_group(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::CoordinatorLoaded { partition, groups }) => {
            format!("It coordinates partition {} of __consumer_offsets; groups: {}.", partition, groups)
        }
        Fact::Kafka(KafkaFact::CoordinatorUnloaded { partition }) => {
            format!("It coordinates partition {} of __consumer_offsets no more.", partition)
        }
        Fact::Kafka(KafkaFact::GroupStateChanged { group, state, generation }) => {
            format!("{}: {}, generation {}.", group, (super::states::STATES.group)(*state), generation)
        }
        Fact::Kafka(KafkaFact::MemberJoined { group, client, .. }) => format!("{} joins {}.", client, group),
        Fact::Kafka(KafkaFact::MemberLeft { group, client, reason, .. }) => {
            format!("{} leaves {}: {}.", client, group, left(*reason))
        }
        _of_others => return None,
    })
}

fn of_coordinator(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::OffsetCommitAccepted { group, .. }) => format!("It takes a commit of {}.", group),
        Fact::Kafka(KafkaFact::OffsetCommitted { group, partition, offset, .. }) => {
            format!("{} has committed {} up to {}.", group, partition, offset)
        }
        Fact::Kafka(KafkaFact::PartitionAssigned { partition, generation, .. }) => {
            format!("It gets {} in generation {}.", partition, generation)
        }
        Fact::Kafka(KafkaFact::PartitionRevoked { partition, lost: true, .. }) => format!("It loses {}.", partition),
        Fact::Kafka(KafkaFact::PartitionRevoked { partition, lost: false, .. }) => {
            format!("It gives {} back.", partition)
        }
        _of_others => return None,
    })
}

fn of_producer(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::RecordSent { partition, key, .. }) => match key {
            Some(key) => format!("It sends key {} to {}.", key, partition),
            None => format!("It sends to {}.", partition),
        },
        Fact::Kafka(KafkaFact::SendFailed { topic, error, .. }) => {
            format!("send() to {} fails: {}.", topic, error.name())
        }
        Fact::Kafka(KafkaFact::BatchSent { partition, records, attempt, .. }) => {
            format!("{1}: {0} sent, try {2}.", count(records), partition, attempt)
        }
        Fact::Kafka(KafkaFact::RecordsAcked { partition, records, base, .. }) => {
            format!("{1}: {0} acknowledged from offset {2}.", count(records), partition, base)
        }
        Fact::Kafka(KafkaFact::RecordsFailed { partition, records, error, .. }) => {
            format!("{1}: {0} failed: {2}.", count(records), partition, error.name())
        }
        Fact::Kafka(KafkaFact::ClientMetadataUpdated { stale_leaders }) => {
            format!("Its metadata changes; leaders corrected: {}.", stale_leaders)
        }
        Fact::Kafka(KafkaFact::ClientFailed { error, message }) => format!("It ends with {}: {}", error, message),
        _of_others => return None,
    })
}

fn of_consumer(fact: &Fact) -> String {
    match fact {
        Fact::Kafka(KafkaFact::Delivered { partition, offset, .. }) => {
            format!("It reads {} offset {}.", partition, offset)
        }
        Fact::Kafka(KafkaFact::CommitAcked { partition, offset, .. }) => {
            format!("Its commit of {} at {} is acknowledged.", partition, offset)
        }
        Fact::Kafka(KafkaFact::CommitFailed { error, .. }) => format!("Its commit is refused: {}.", error.name()),
        Fact::Kafka(KafkaFact::PositionLost { partition, why }) => match why {
            PositionLoss::NeverCommitted => format!("Its group has committed nothing in {}.", partition),
            PositionLoss::OutOfRange(at) => format!("Offset {} of {} is out of range.", at, partition),
            PositionLoss::Truncated(at) => format!("Offset {} of {} was cut off.", at, partition),
        },
        Fact::Kafka(KafkaFact::OffsetReset { partition, to }) => format!("It goes on in {} at {}.", partition, to),
        Fact::Kafka(KafkaFact::PollIntervalExceeded { after, .. }) => {
            format!("It has not polled for {} ms.", after.as_millis())
        }
        Fact::Kafka(KafkaFact::Worked { partition, offset, .. }) => {
            format!("Its work on {} offset {} is done.", partition, offset)
        }
        Fact::Kafka(KafkaFact::RowWritten { sink, partition, offset, how }) => {
            let how = match how {
                Written::New => "a new row",
                Written::Again => "one more row",
                Written::Same => "the row is there",
                Written::Refused => "the store is full",
            };
            format!("It writes {} offset {} into {}: {}.", partition, offset, sink, how)
        }
        Fact::Kafka(KafkaFact::CommitThrew { error, message, .. }) => format!("{}: {}", error, message),
        Fact::Kafka(KafkaFact::Sought { partition, to, .. }) => format!("It seeks to {} in {}.", to, partition),
        Fact::Kafka(KafkaFact::ReadingPaused { partition, .. }) => format!("It pauses {}.", partition),
        Fact::Kafka(KafkaFact::ReadingResumed { partition, .. }) => format!("It resumes {}.", partition),
        Fact::Kafka(KafkaFact::WorkChanged { work, .. }) => format!("It works {} per record now.", span_of(work.0)),
        Fact::Kafka(KafkaFact::Crashed { at: CrashAt::FailedWrite, .. }) => {
            "It dies of a write that failed.".to_owned()
        }
        Fact::Kafka(KafkaFact::Crashed { .. }) => "It dies at its commit.".to_owned(),
        Fact::Kafka(KafkaFact::WriteFailed { sink, partition, offset, then, .. }) => {
            let then = match then {
                OnFailedWrite::Die => "it ends",
                OnFailedWrite::Retry => "it will write again",
                OnFailedWrite::Skip => "it leaves that out",
            };
            format!("Its write of {partition} offset {offset} into {sink} fails: {then}.")
        }
        _told_before => String::new(),
    }
}

fn stands(condition: StoreCondition) -> String {
    match condition {
        StoreCondition { is_down: true, .. } => "out of order".to_owned(),
        StoreCondition { time: Span::ZERO, .. } => "takes rows at once".to_owned(),
        StoreCondition { time, .. } => format!("takes {} a row", span_of(time.0)),
    }
}
