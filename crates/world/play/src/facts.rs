//! Facts as lines of text: one vocabulary for the blessed part and for `see fact`.

use crate::sight::{Seen, Sight};
use base::{BrokerId, ErrorCode, Offset, ProcessId, TopicPartition};
use port::{Fact, KafkaFact, OperatorAnswer, WorldFact};
use records::Trace;

/// Every shown fact, one a line: when, where, what.
pub fn lines(sight: &Sight<'_>) -> String {
    let shown = sight.facts.unwrap_or_default().iter().filter(|(_, _, fact)| is_shown(fact));
    shown.map(|seen| format!("{}\n", line(sight, seen))).collect()
}

/// Aligned, so that a transcript can be read down its columns.
fn line(sight: &Sight<'_>, (at, process, fact): &Seen) -> String {
    format!("{:>9}  {:<10} {}", at.to_string(), sight.name(*process), text(sight, *process, fact)).trim_end().to_owned()
}

/// Brokers by name, in Kafka's order; `none` when there are none.
pub fn brokers(sight: &Sight<'_>, ids: &[BrokerId]) -> String {
    join(ids.iter().map(|id| sight.node_name(*id)))
}

/// A broker by name, or `none`.
pub fn broker(sight: &Sight<'_>, id: Option<BrokerId>) -> String {
    id.map_or_else(|| "none".into(), |id| sight.node_name(id))
}

/// Words with commas, or `none`.
pub fn join(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() { "none".into() } else { words.join(",") }
}

/// The kind of a fact that `process` told and what matters about it, the most telling word first. Brokers have the names
/// of that process's cluster.
pub fn text(sight: &Sight<'_>, process: ProcessId, fact: &Fact) -> String {
    let sight = &sight.at(sight.world.cluster_of(process));
    let kind = fact.kind();
    let rest = match fact {
        Fact::World(fact) => of_world(sight, fact),
        Fact::Kafka(fact) => of_kafka(sight, fact),
        // Its kind is all that is known of it here.
        Fact::Other(_) => String::new(),
    };
    format!("{kind} {rest}").trim_end().to_owned()
}

/// What becomes of processes, connections and links.
fn of_world(sight: &Sight<'_>, fact: &WorldFact) -> String {
    match fact {
        WorldFact::ProcessStopped { clean } => if *clean { "clean" } else { "unclean" }.to_owned(),
        WorldFact::ConnectionOpened { peer }
        | WorldFact::LinkCut { peer, .. }
        | WorldFact::LinkHealed { peer }
        | WorldFact::LinkReset { peer } => sight.name(*peer),
        WorldFact::MessagesHeld { peer, api } | WorldFact::ChosenMessageLost { peer, api } => {
            format!("{} {api}", sight.name(*peer))
        }
        WorldFact::MessagesToBeLost { peer, api, left } => format!("{} {api} {left}", sight.name(*peer)),
        WorldFact::ConnectionClosed { peer, lost_messages } => format!("{} lost {lost_messages}", sight.name(*peer)),
        WorldFact::ConnectionRefused { endpoint } => endpoint.to_string(),
        WorldFact::StoreChanged { store, condition } => {
            let order = if condition.is_down { "out of order" } else { "in order" };
            format!("{store} {order} {}", script::span_text(condition.time.0))
        }
        WorldFact::ProcessStarted
        | WorldFact::ProcessPaused
        | WorldFact::ProcessResumed
        | WorldFact::StopRequested
        | WorldFact::PowerLost
        | WorldFact::MessageLost { .. } => String::new(),
    }
}

/// Who tells what. A new fact has to be given to somebody here.
fn of_kafka(sight: &Sight<'_>, fact: &KafkaFact) -> String {
    use KafkaFact as Of;
    match fact {
        Of::TopicAsked { topic } | Of::TopicDeletionAsked { topic } | Of::PartitionsAsked { topic } => {
            topic.to_string()
        }
        Of::OperatorAnswered { ticket, answer } => format!("{ticket} {}", answer_text(answer)),
        Of::QuorumRoleChanged { .. } | Of::VoteGranted { .. } | Of::VoteRejected { .. } => of_quorum(sight, fact),
        Of::MetadataAppended { .. } | Of::MetadataCommitted { .. } | Of::MetadataTruncated { .. } => {
            of_quorum(sight, fact)
        }
        Of::BecameActiveController { .. } | Of::ResignedController { .. } => of_quorum(sight, fact),
        Of::BrokerRegistered { .. } | Of::BrokerUnfenced { .. } | Of::BrokerFenced { .. } => of_controller(sight, fact),
        Of::TopicCreated { .. } | Of::TopicDeleted { .. } | Of::PartitionsAdded { .. } => of_controller(sight, fact),
        Of::PartitionChanged { .. } => of_controller(sight, fact),
        Of::MetadataUpdated { .. } | Of::BecameLeader { .. } | Of::BecameFollower { .. } => of_broker(sight, fact),
        Of::Appended { .. } | Of::Replicated { .. } | Of::DuplicateIgnored { .. } => of_broker(sight, fact),
        Of::HighWatermarkAdvanced { .. } | Of::Truncated { .. } | Of::Refused { .. } => of_broker(sight, fact),
        Of::IsrChangeProposed { .. } | Of::IsrChanged { .. } | Of::TopicWanted { .. } => of_broker(sight, fact),
        Of::CoordinatorLoaded { .. } | Of::CoordinatorUnloaded { .. } | Of::GroupStateChanged { .. } => of_group(fact),
        Of::MemberJoined { .. } | Of::MemberLeft { .. } => of_group(fact),
        Of::OffsetCommitAccepted { .. } | Of::OffsetCommitted { .. } => of_group(fact),
        Of::RecordSent { .. } | Of::BatchSent { .. } | Of::RecordsAcked { .. } => of_client(sight, fact),
        Of::RecordsFailed { .. } | Of::ClientMetadataUpdated { .. } | Of::ClientFailed { .. } => of_client(sight, fact),
        Of::PartitionAssigned { .. } | Of::PartitionRevoked { .. } | Of::Delivered { .. } => of_client(sight, fact),
        Of::CommitAcked { .. } | Of::CommitFailed { .. } | Of::PositionLost { .. } => of_client(sight, fact),
        Of::OffsetReset { .. } | Of::PollIntervalExceeded { .. } => of_client(sight, fact),
        Of::Worked { .. } | Of::RowWritten { .. } | Of::CommitThrew { .. } | Of::Sought { .. } => of_program(fact),
        Of::ReadingPaused { .. } | Of::ReadingResumed { .. } | Of::WorkChanged { .. } => of_program(fact),
        Of::Crashed { .. } | Of::WriteFailed { .. } => of_program(fact),
        Of::UncleanElectionAsked { .. } | Of::PreferredElectionAsked { .. } | Of::SendFailed { .. } => String::new(),
        Of::ControlledShutdownStarted | Of::RegistrationGaveUp => String::new(),
    }
}

/// Elections and the metadata log.
fn of_quorum(sight: &Sight<'_>, fact: &KafkaFact) -> String {
    match fact {
        KafkaFact::QuorumRoleChanged { role, epoch, leader } => {
            format!("{role:?} epoch {epoch} leader {}", broker(sight, *leader))
        }
        KafkaFact::VoteGranted { candidate, epoch, pre_vote }
        | KafkaFact::VoteRejected { candidate, epoch, pre_vote } => {
            let kind = if *pre_vote { " pre-vote" } else { "" };
            format!("{} epoch {epoch}{kind}", sight.node_name(*candidate))
        }
        KafkaFact::MetadataAppended { offset, count, summary } => {
            format!("{offset} count {count}: {summary}")
        }
        KafkaFact::MetadataCommitted { high_watermark } => high_watermark.to_string(),
        KafkaFact::MetadataTruncated { from, to } => format!("{from} to {to}"),
        KafkaFact::BecameActiveController { epoch } | KafkaFact::ResignedController { epoch } => {
            format!("epoch {epoch}")
        }
        told_elsewhere => unreachable!("see `of_kafka`: {told_elsewhere:?}"),
    }
}

/// What the active controller decides.
fn of_controller(sight: &Sight<'_>, fact: &KafkaFact) -> String {
    match fact {
        KafkaFact::BrokerRegistered { broker, .. } | KafkaFact::BrokerUnfenced { broker } => sight.node_name(*broker),
        KafkaFact::BrokerFenced { broker, reason, last_contact } => {
            let contact = last_contact.map(|at| format!(" last contact {at}")).unwrap_or_default();
            format!("{} {reason:?}{contact}", sight.node_name(*broker))
        }
        KafkaFact::TopicCreated { topic, partitions, copies, client } => {
            format!("{topic} partitions {partitions} copies {copies} for {client}")
        }
        KafkaFact::TopicDeleted { topic, client } => format!("{topic} for {client}"),
        KafkaFact::PartitionsAdded { topic, from, to, client } => {
            format!("{topic} {from} to {to} for {client}")
        }
        KafkaFact::PartitionChanged {
            partition,
            old_leader,
            leader,
            leader_epoch,
            old_isr,
            isr,
            elr,
            cause,
            chosen,
            ..
        } => format!(
            "{partition} leader {} to {} epoch {leader_epoch} isr {} to {} elr {}{}{}",
            broker(sight, *old_leader),
            broker(sight, *leader),
            brokers(sight, old_isr),
            brokers(sight, isr),
            brokers(sight, elr),
            chosen.map(|chosen| format!(" chosen {chosen:?}")).unwrap_or_default(),
            cause.map(|cause| format!(" cause {cause:?}")).unwrap_or_default()
        ),
        told_elsewhere => unreachable!("see `of_kafka`: {told_elsewhere:?}"),
    }
}

/// What becomes of replicas.
fn of_broker(sight: &Sight<'_>, fact: &KafkaFact) -> String {
    match fact {
        KafkaFact::MetadataUpdated { offset } => offset.to_string(),
        KafkaFact::BecameLeader { partition, epoch, start_offset, previous_leader } => {
            format!("{partition} epoch {epoch} start {start_offset} after {}", broker(sight, *previous_leader))
        }
        KafkaFact::BecameFollower { partition, epoch, leader, log_end } => {
            format!("{partition} epoch {epoch} leader {} end {log_end}", broker(sight, *leader))
        }
        KafkaFact::Appended { partition, base, last, epoch, records, .. } => {
            format!("{partition} {} epoch {epoch}{}", range(*base, *last), of_producer(sight, records.as_ref()))
        }
        KafkaFact::Replicated { partition, base, last, epoch } => {
            format!("{partition} {} epoch {epoch}", range(*base, *last))
        }
        KafkaFact::DuplicateIgnored { partition, base, last } => {
            format!("{partition} {}", range(*base, *last))
        }
        KafkaFact::HighWatermarkAdvanced { partition, from, to } => format!("{partition} {from} to {to}"),
        KafkaFact::Truncated { partition, from, to, leader_epoch } => {
            format!("{partition} {from} to {to} under epoch {leader_epoch}")
        }
        KafkaFact::IsrChangeProposed { partition, from, to } => {
            format!("{partition} {} to {}", brokers(sight, from), brokers(sight, to))
        }
        KafkaFact::IsrChanged { partition, isr } => format!("{partition} {}", brokers(sight, isr)),
        KafkaFact::Refused { api, error, message } => format!("{api:?} {error} {message}"),
        KafkaFact::TopicWanted { topic, client } => format!("{topic} for {client}"),
        told_elsewhere => unreachable!("see `of_kafka`: {told_elsewhere:?}"),
    }
}

/// What coordinators tell.
fn of_group(fact: &KafkaFact) -> String {
    match fact {
        KafkaFact::CoordinatorLoaded { partition, groups } => format!("{partition} groups {groups}"),
        KafkaFact::CoordinatorUnloaded { partition } => partition.to_string(),
        KafkaFact::GroupStateChanged { group, state, generation } => {
            format!("{group} {state:?} generation {generation}")
        }
        KafkaFact::MemberJoined { group, client, .. } => format!("{group} {client}"),
        KafkaFact::MemberLeft { group, client, reason, .. } => format!("{group} {client} {reason:?}"),
        KafkaFact::OffsetCommitAccepted { group, generation, .. } => {
            format!("{group} generation {generation}")
        }
        KafkaFact::OffsetCommitted { group, partition, offset, .. } => {
            format!("{group} {partition} {offset}")
        }
        told_elsewhere => unreachable!("see `of_kafka`: {told_elsewhere:?}"),
    }
}

/// What producers and consumers tell.
fn of_client(sight: &Sight<'_>, fact: &KafkaFact) -> String {
    match fact {
        KafkaFact::RecordSent { record, partition, key } => {
            format!("{partition} record {} key {}", record.index, key.as_deref().unwrap_or("none"))
        }
        KafkaFact::BatchSent { partition, records, attempt, closed } => {
            let closed = closed.map_or(String::new(), |why| format!(" {}", why.word()));
            format!("{partition} attempt {attempt}{closed}{}", of_producer(sight, Some(records)))
        }
        KafkaFact::RecordsAcked { partition, records, base, .. } => {
            format!("{partition} at {base}{}", of_producer(sight, Some(records)))
        }
        KafkaFact::RecordsFailed { partition, records, error, .. } => {
            format!("{partition} {error}{}", of_producer(sight, Some(records)))
        }
        KafkaFact::ClientMetadataUpdated { stale_leaders } => format!("stale {stale_leaders}"),
        KafkaFact::PartitionAssigned { group, partition, generation } => {
            format!("{group} {partition} generation {generation}")
        }
        KafkaFact::PartitionRevoked { group, partition, lost } => {
            format!("{group} {partition}{}", if *lost { " lost" } else { "" })
        }
        KafkaFact::Delivered { group, partition, offset, .. } | KafkaFact::CommitAcked { group, partition, offset } => {
            format!("{group} {partition} {offset}")
        }
        KafkaFact::CommitFailed { group, error } => format!("{group} {error}"),
        KafkaFact::PositionLost { partition, why } => format!("{partition} {why:?}"),
        KafkaFact::OffsetReset { partition, to } => format!("{partition} {to}"),
        KafkaFact::ClientFailed { error, message } => format!("{error} {message}"),
        KafkaFact::PollIntervalExceeded { group, after } => format!("{group} {} ms", after.as_millis()),
        told_elsewhere => unreachable!("see `of_kafka`: {told_elsewhere:?}"),
    }
}

/// What the application around a consumer does.
fn of_program(fact: &KafkaFact) -> String {
    match fact {
        KafkaFact::Worked { group, partition, offset } => format!("{group} {partition} {offset}"),
        KafkaFact::RowWritten { sink, partition, offset, how } => format!("{sink} {partition} {offset} {how:?}"),
        KafkaFact::CommitThrew { group, error, message } => format!("{group} {error} {message}"),
        KafkaFact::Sought { group, partition, from: Some(from), to } => format!("{group} {partition} {from} to {to}"),
        KafkaFact::Sought { group, partition, from: None, to } => format!("{group} {partition} to {to}"),
        KafkaFact::ReadingPaused { group, partition } | KafkaFact::ReadingResumed { group, partition } => {
            format!("{group} {partition}")
        }
        KafkaFact::WorkChanged { group, work } => format!("{group} {}", script::span_text(work.0)),
        KafkaFact::Crashed { group, at } => format!("{group} {at:?}"),
        KafkaFact::WriteFailed { group, sink, partition, offset, then, attempt } => {
            format!("{group} {sink} {partition} {offset} {then:?} {attempt}")
        }
        told_elsewhere => unreachable!("see `of_kafka`: {told_elsewhere:?}"),
    }
}

/// `3`, or `3-5`.
fn range(base: Offset, last: Offset) -> String {
    if base == last { base.to_string() } else { format!("{base}-{last}") }
}

/// Whose records, by their running numbers there.
fn of_producer(sight: &Sight<'_>, records: Option<&Trace>) -> String {
    // Coordinators' batches have no producer to name.
    let Some(records) = records else { return String::new() };
    let indexes = join(records.indexes.iter().map(u64::to_string));
    format!(" {} {indexes}", sight.name(records.producer))
}

/// An operator's answer in words: `done`, `offset 3 partition 0`, or Kafka's error name first.
pub fn answer_text(answer: &OperatorAnswer) -> String {
    match answer {
        OperatorAnswer::Done => "done".into(),
        OperatorAnswer::Sent { partition, offset } => format!("offset {offset} partition {partition}"),
        OperatorAnswer::Failed { error, message, .. } => format!("{error} {message}").trim_end().to_owned(),
        OperatorAnswer::Topics(topics) => join(topics.iter().map(ToString::to_string)),
        OperatorAnswer::Told(_) => "told".into(),
        OperatorAnswer::Elected(results) => join(results.iter().map(|(partition, error, _)| {
            format!("{partition}:{}", if *error == ErrorCode::None { "NONE".into() } else { error.to_string() })
        })),
        OperatorAnswer::Read { records, end, .. } => {
            let value = |value: &Option<bytes::Bytes>| {
                value.as_ref().map_or_else(|| "null".into(), |bytes| String::from_utf8_lossy(bytes).into_owned())
            };
            format!("{} end {end}", join(records.iter().map(|(offset, _, text)| format!("{offset}:{}", value(text)))))
        }
    }
}

/// Is the fact worth a line? Heartbeat-like ones, no-ops and internal topics are not.
fn is_shown(fact: &Fact) -> bool {
    match fact {
        Fact::World(fact) => is_shown_of_world(fact),
        Fact::Kafka(fact) => is_shown_of_kafka(fact),
        Fact::Other(_) => true,
    }
}

/// Connections come and go all the time; what matters about them shows in what processes do.
fn is_shown_of_world(fact: &WorldFact) -> bool {
    match fact {
        WorldFact::ConnectionOpened { .. }
        | WorldFact::ConnectionClosed { .. }
        | WorldFact::MessageLost { .. }
        | WorldFact::ConnectionRefused { .. } => false,
        WorldFact::ProcessStarted
        | WorldFact::ProcessStopped { .. }
        | WorldFact::ProcessPaused
        | WorldFact::ProcessResumed
        | WorldFact::LinkCut { .. }
        | WorldFact::LinkHealed { .. }
        | WorldFact::MessagesHeld { .. }
        | WorldFact::MessagesToBeLost { .. }
        | WorldFact::ChosenMessageLost { .. }
        | WorldFact::LinkReset { .. }
        | WorldFact::StopRequested
        | WorldFact::StoreChanged { .. }
        | WorldFact::PowerLost => true,
    }
}

/// What happens with every record, or in the same way all the time, would hide the rest.
fn is_shown_of_kafka(fact: &KafkaFact) -> bool {
    use KafkaFact as Of;
    match fact {
        Of::MetadataAppended { .. } | Of::MetadataCommitted { .. } | Of::MetadataUpdated { .. } => false,
        Of::RecordSent { .. } | Of::ClientMetadataUpdated { .. } => false,
        Of::OffsetCommitAccepted { .. } | Of::CommitAcked { .. } | Of::CoordinatorUnloaded { .. } => false,
        Of::BatchSent { attempt, .. } => *attempt != 1,
        Of::CoordinatorLoaded { groups, .. } => *groups > 0,
        Of::TopicWanted { topic, .. } => !topic.starts_with("__"),
        Of::Appended { partition, .. }
        | Of::Replicated { partition, .. }
        | Of::HighWatermarkAdvanced { partition, .. }
        | Of::Truncated { partition, .. }
        | Of::BecameLeader { partition, .. }
        | Of::BecameFollower { partition, .. }
        | Of::IsrChangeProposed { partition, .. }
        | Of::IsrChanged { partition, .. }
        | Of::PartitionChanged { partition, .. } => !is_internal(partition),
        Of::UncleanElectionAsked { .. } | Of::PreferredElectionAsked { .. } | Of::TopicAsked { .. } => true,
        Of::TopicDeletionAsked { .. } | Of::PartitionsAsked { .. } | Of::OperatorAnswered { .. } => true,
        Of::QuorumRoleChanged { .. } | Of::VoteGranted { .. } | Of::VoteRejected { .. } => true,
        Of::MetadataTruncated { .. } | Of::BecameActiveController { .. } | Of::ResignedController { .. } => true,
        Of::BrokerRegistered { .. } | Of::BrokerUnfenced { .. } | Of::BrokerFenced { .. } => true,
        Of::TopicCreated { .. } | Of::TopicDeleted { .. } | Of::PartitionsAdded { .. } => true,
        Of::DuplicateIgnored { .. } | Of::Refused { .. } | Of::SendFailed { .. } | Of::RecordsAcked { .. } => true,
        Of::RecordsFailed { .. } | Of::ClientFailed { .. } | Of::PollIntervalExceeded { .. } => true,
        Of::ControlledShutdownStarted | Of::RegistrationGaveUp | Of::GroupStateChanged { .. } => true,
        Of::MemberJoined { .. } | Of::MemberLeft { .. } | Of::OffsetCommitted { .. } | Of::Delivered { .. } => true,
        Of::PartitionAssigned { .. } | Of::PartitionRevoked { .. } | Of::CommitFailed { .. } => true,
        Of::PositionLost { .. } | Of::OffsetReset { .. } | Of::RowWritten { .. } | Of::CommitThrew { .. } => true,
        Of::Sought { .. } | Of::ReadingPaused { .. } | Of::ReadingResumed { .. } | Of::WorkChanged { .. } => true,
        Of::Crashed { .. } | Of::Worked { .. } | Of::WriteFailed { .. } => true,
    }
}

/// Kafka's own topics.
pub fn is_internal(partition: &TopicPartition) -> bool {
    partition.topic.starts_with("__")
}
