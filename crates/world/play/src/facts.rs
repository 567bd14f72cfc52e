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
    let rest = of_world(sight, fact)
        .or_else(|| of_quorum(sight, fact))
        .or_else(|| of_controller(sight, fact))
        .or_else(|| of_broker(sight, fact))
        .or_else(|| of_group(fact))
        .or_else(|| of_client(sight, fact))
        .unwrap_or_default();
    format!("{kind} {rest}").trim_end().to_owned()
}

fn of_world(sight: &Sight<'_>, fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::World(WorldFact::ProcessStopped { clean }) => if *clean { "clean" } else { "unclean" }.to_owned(),
        Fact::World(
            WorldFact::ConnectionOpened { peer }
            | WorldFact::LinkCut { peer, .. }
            | WorldFact::LinkHealed { peer }
            | WorldFact::LinkReset { peer },
        ) => sight.name(*peer),
        Fact::World(WorldFact::MessagesHeld { peer, api } | WorldFact::ChosenMessageLost { peer, api }) => {
            format!("{} {api}", sight.name(*peer))
        }
        Fact::World(WorldFact::MessagesToBeLost { peer, api, left }) => format!("{} {api} {left}", sight.name(*peer)),
        Fact::Kafka(
            KafkaFact::TopicAsked { topic }
            | KafkaFact::TopicDeletionAsked { topic }
            | KafkaFact::PartitionsAsked { topic },
        ) => topic.to_string(),
        Fact::World(WorldFact::ConnectionClosed { peer, lost_messages }) => {
            format!("{} lost {lost_messages}", sight.name(*peer))
        }
        Fact::World(WorldFact::ConnectionRefused { endpoint }) => endpoint.to_string(),
        Fact::Kafka(KafkaFact::OperatorAnswered { ticket, answer }) => format!("{ticket} {}", answer_text(answer)),
        _of_somebody_else => return None,
    })
}

fn of_quorum(sight: &Sight<'_>, fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::QuorumRoleChanged { role, epoch, leader }) => {
            format!("{role:?} epoch {epoch} leader {}", broker(sight, *leader))
        }
        Fact::Kafka(
            KafkaFact::VoteGranted { candidate, epoch, pre_vote }
            | KafkaFact::VoteRejected { candidate, epoch, pre_vote },
        ) => {
            let kind = if *pre_vote { " pre-vote" } else { "" };
            format!("{} epoch {epoch}{kind}", sight.node_name(*candidate))
        }
        Fact::Kafka(KafkaFact::MetadataAppended { offset, count, summary }) => {
            format!("{offset} count {count}: {summary}")
        }
        Fact::Kafka(KafkaFact::MetadataCommitted { high_watermark }) => high_watermark.to_string(),
        Fact::Kafka(KafkaFact::MetadataTruncated { from, to }) => format!("{from} to {to}"),
        Fact::Kafka(KafkaFact::BecameActiveController { epoch } | KafkaFact::ResignedController { epoch }) => {
            format!("epoch {epoch}")
        }
        _of_somebody_else => return None,
    })
}

fn of_controller(sight: &Sight<'_>, fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::BrokerRegistered { broker, .. } | KafkaFact::BrokerUnfenced { broker }) => {
            sight.node_name(*broker)
        }
        Fact::Kafka(KafkaFact::BrokerFenced { broker, reason, last_contact }) => {
            let contact = last_contact.map(|at| format!(" last contact {at}")).unwrap_or_default();
            format!("{} {reason:?}{contact}", sight.node_name(*broker))
        }
        Fact::Kafka(KafkaFact::TopicCreated { topic, partitions, copies, client }) => {
            format!("{topic} partitions {partitions} copies {copies} for {client}")
        }
        Fact::Kafka(KafkaFact::TopicDeleted { topic, client }) => format!("{topic} for {client}"),
        Fact::Kafka(KafkaFact::PartitionsAdded { topic, from, to, client }) => {
            format!("{topic} {from} to {to} for {client}")
        }
        Fact::Kafka(KafkaFact::PartitionChanged {
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
        }) => format!(
            "{partition} leader {} to {} epoch {leader_epoch} isr {} to {} elr {}{}{}",
            broker(sight, *old_leader),
            broker(sight, *leader),
            brokers(sight, old_isr),
            brokers(sight, isr),
            brokers(sight, elr),
            chosen.map(|chosen| format!(" chosen {chosen:?}")).unwrap_or_default(),
            cause.map(|cause| format!(" cause {cause:?}")).unwrap_or_default()
        ),
        _of_somebody_else => return None,
    })
}

fn of_broker(sight: &Sight<'_>, fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::MetadataUpdated { offset }) => offset.to_string(),
        Fact::Kafka(KafkaFact::BecameLeader { partition, epoch, start_offset, previous_leader }) => {
            format!("{partition} epoch {epoch} start {start_offset} after {}", broker(sight, *previous_leader))
        }
        Fact::Kafka(KafkaFact::BecameFollower { partition, epoch, leader, log_end }) => {
            format!("{partition} epoch {epoch} leader {} end {log_end}", broker(sight, *leader))
        }
        Fact::Kafka(KafkaFact::Appended { partition, base, last, epoch, records }) => {
            format!("{partition} {} epoch {epoch}{}", range(*base, *last), of_producer(sight, records.as_ref()))
        }
        Fact::Kafka(KafkaFact::Replicated { partition, base, last, epoch }) => {
            format!("{partition} {} epoch {epoch}", range(*base, *last))
        }
        Fact::Kafka(KafkaFact::DuplicateIgnored { partition, base, last }) => {
            format!("{partition} {}", range(*base, *last))
        }
        Fact::Kafka(KafkaFact::HighWatermarkAdvanced { partition, from, to }) => format!("{partition} {from} to {to}"),
        Fact::Kafka(KafkaFact::Truncated { partition, from, to, leader_epoch }) => {
            format!("{partition} {from} to {to} under epoch {leader_epoch}")
        }
        Fact::Kafka(KafkaFact::IsrChangeProposed { partition, from, to }) => {
            format!("{partition} {} to {}", brokers(sight, from), brokers(sight, to))
        }
        Fact::Kafka(KafkaFact::IsrChanged { partition, isr }) => format!("{partition} {}", brokers(sight, isr)),
        Fact::Kafka(KafkaFact::Refused { api, error, message }) => format!("{api:?} {error} {message}"),
        Fact::Kafka(KafkaFact::TopicWanted { topic, client }) => format!("{topic} for {client}"),
        _of_somebody_else => return None,
    })
}

fn of_group(fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::CoordinatorLoaded { partition, groups }) => format!("{partition} groups {groups}"),
        Fact::Kafka(KafkaFact::CoordinatorUnloaded { partition }) => partition.to_string(),
        Fact::Kafka(KafkaFact::GroupStateChanged { group, state, generation }) => {
            format!("{group} {state:?} generation {generation}")
        }
        Fact::Kafka(KafkaFact::MemberJoined { group, client, .. }) => format!("{group} {client}"),
        Fact::Kafka(KafkaFact::MemberLeft { group, client, reason, .. }) => format!("{group} {client} {reason:?}"),
        Fact::Kafka(KafkaFact::OffsetCommitAccepted { group, generation, .. }) => {
            format!("{group} generation {generation}")
        }
        Fact::Kafka(KafkaFact::OffsetCommitted { group, partition, offset, .. }) => {
            format!("{group} {partition} {offset}")
        }
        _of_somebody_else => return None,
    })
}

fn of_client(sight: &Sight<'_>, fact: &Fact) -> Option<String> {
    Some(match fact {
        Fact::Kafka(KafkaFact::RecordSent { record, partition, key }) => {
            format!("{partition} record {} key {}", record.index, key.as_deref().unwrap_or("none"))
        }
        Fact::Kafka(KafkaFact::BatchSent { partition, records, attempt }) => {
            format!("{partition} attempt {attempt}{}", of_producer(sight, Some(records)))
        }
        Fact::Kafka(KafkaFact::RecordsAcked { partition, records, base, .. }) => {
            format!("{partition} at {base}{}", of_producer(sight, Some(records)))
        }
        Fact::Kafka(KafkaFact::RecordsFailed { partition, records, error, .. }) => {
            format!("{partition} {error}{}", of_producer(sight, Some(records)))
        }
        Fact::Kafka(KafkaFact::ClientMetadataUpdated { stale_leaders }) => format!("stale {stale_leaders}"),
        Fact::Kafka(KafkaFact::PartitionAssigned { group, partition, generation }) => {
            format!("{group} {partition} generation {generation}")
        }
        Fact::Kafka(KafkaFact::PartitionRevoked { group, partition, lost }) => {
            format!("{group} {partition}{}", if *lost { " lost" } else { "" })
        }
        Fact::Kafka(
            KafkaFact::Delivered { group, partition, offset, .. } | KafkaFact::CommitAcked { group, partition, offset },
        ) => {
            format!("{group} {partition} {offset}")
        }
        Fact::Kafka(KafkaFact::CommitFailed { group, error }) => format!("{group} {error}"),
        Fact::Kafka(KafkaFact::PositionLost { partition, why }) => format!("{partition} {why:?}"),
        Fact::Kafka(KafkaFact::OffsetReset { partition, to }) => format!("{partition} {to}"),
        Fact::Kafka(KafkaFact::ClientFailed { error, message }) => format!("{error} {message}"),
        Fact::Kafka(KafkaFact::PollIntervalExceeded { group, after }) => format!("{group} {} ms", after.as_millis()),
        _of_somebody_else => return None,
    })
}

fn range(base: Offset, last: Offset) -> String {
    if base == last { base.to_string() } else { format!("{base}-{last}") }
}

fn of_producer(sight: &Sight<'_>, records: Option<&Trace>) -> String {
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
        Fact::World(
            WorldFact::ConnectionOpened { .. }
            | WorldFact::ConnectionClosed { .. }
            | WorldFact::MessageLost { .. }
            | WorldFact::ConnectionRefused { .. },
        )
        | Fact::Kafka(
            KafkaFact::MetadataAppended { .. }
            | KafkaFact::MetadataCommitted { .. }
            | KafkaFact::MetadataUpdated { .. }
            | KafkaFact::RecordSent { .. }
            | KafkaFact::BatchSent { attempt: 1, .. }
            | KafkaFact::ClientMetadataUpdated { .. }
            | KafkaFact::OffsetCommitAccepted { .. }
            | KafkaFact::CommitAcked { .. },
        ) => false,
        Fact::Kafka(KafkaFact::CoordinatorLoaded { groups, .. }) => *groups > 0,
        Fact::Kafka(KafkaFact::CoordinatorUnloaded { .. }) => false,
        Fact::Kafka(
            KafkaFact::Appended { partition, .. }
            | KafkaFact::Replicated { partition, .. }
            | KafkaFact::HighWatermarkAdvanced { partition, .. }
            | KafkaFact::Truncated { partition, .. }
            | KafkaFact::BecameLeader { partition, .. }
            | KafkaFact::BecameFollower { partition, .. }
            | KafkaFact::IsrChangeProposed { partition, .. }
            | KafkaFact::IsrChanged { partition, .. }
            | KafkaFact::PartitionChanged { partition, .. },
        ) => !is_internal(partition),
        Fact::Kafka(KafkaFact::TopicWanted { topic, .. }) => !topic.starts_with("__"),
        _worth_telling => true,
    }
}

/// Kafka's own topics.
pub fn is_internal(partition: &TopicPartition) -> bool {
    partition.topic.starts_with("__")
}
