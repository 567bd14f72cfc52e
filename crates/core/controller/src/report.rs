//! Tells the world what the controller decided, record by record, as facts.

use crate::Active;
use api::{ElectionType, Request};
use base::{BrokerId, Str, TopicId, TopicIdPartition};
use metadata::{Image, MetadataRecord, PartitionChange, PartitionRecord, PartitionRegistration};
use port::{ChangeCause, Chosen, Cx, FenceReason, KafkaFact};

/// Whose word the records follow.
#[derive(Default)]
pub(crate) struct Origin {
    pub cause: Option<ChangeCause>,
    /// The client.id of the one who asked; empty when nobody did.
    pub client: Str,
}

/// Why partitions change because of a request, where it can change any.
pub(crate) fn cause_of(request: &Request) -> Option<ChangeCause> {
    match request {
        Request::BrokerRegistration(body) => Some(ChangeCause::Restarted(body.broker)),
        Request::BrokerHeartbeat(body) if body.want_shut_down || body.want_fence => {
            Some(ChangeCause::ShutDown(body.broker))
        }
        Request::BrokerHeartbeat(body) => Some(ChangeCause::CameIn(body.broker)),
        Request::AlterPartition(body) => Some(ChangeCause::LeaderAsked(body.broker)),
        Request::ElectLeaders(body) => Some(match body.election_type {
            ElectionType::Preferred => ChangeCause::PreferredAsked,
            ElectionType::Unclean => ChangeCause::UncleanAsked,
        }),
        Request::AllocateProducerIds(_) | Request::Envelope(_) | api::for_forwarding!() => None,
        api::for_brokers!() | api::for_voters!() | api::for_both!() => None,
    }
}

/// What a fact needs to know of the image before the record: only what the record touches, so that
/// telling costs no copy of the image.
pub(crate) struct Before {
    partition: Option<PartitionRegistration>,
    topic: Option<Str>,
    /// Of the topic that gets a partition.
    partitions: usize,
    was_unfenced: bool,
}

impl Before {
    /// What the record is going to replace, looked up before it does.
    pub(crate) fn of(record: &MetadataRecord, image: &Image) -> Before {
        let mut before = Before { partition: None, topic: None, partitions: 0, was_unfenced: false };
        match record {
            MetadataRecord::PartitionChange(change) => before.partition = image.partition(changed(change)).cloned(),
            MetadataRecord::RemoveTopic { id } => before.topic = image.topic_name(*id).cloned(),
            MetadataRecord::Partition(new) => {
                before.partitions = image.topic(new.topic).map_or(0, |topic| topic.partitions.len());
            }
            MetadataRecord::RegisterBroker(new) => {
                before.was_unfenced = image.broker(new.broker).is_some_and(|old| !old.fenced);
            }
            MetadataRecord::UnregisterBroker { .. }
            | MetadataRecord::BrokerRegistrationChange(_)
            | MetadataRecord::Topic { .. }
            | MetadataRecord::Config(_)
            | MetadataRecord::FeatureLevel { .. }
            | MetadataRecord::ProducerIds { .. }
            | MetadataRecord::NoOp
            | MetadataRecord::BeginTransaction { .. }
            | MetadataRecord::EndTransaction
            | MetadataRecord::ClearElr { .. } => {}
        }
        before
    }
}

/// Which partition a change is about.
fn changed(change: &PartitionChange) -> TopicIdPartition {
    TopicIdPartition { topic: change.topic, partition: change.partition }
}

/// Tells what a record of a batch does. Fencings by session are told where the session is known.
pub(crate) fn report(
    cx: &mut Cx<'_>,
    before: Before,
    active: &Active,
    (record, batch): (&MetadataRecord, &[MetadataRecord]),
    origin: &Origin,
) {
    let last_contact = |broker: BrokerId| active.sessions().session(broker).map(|session| session.last_contact);
    match record {
        MetadataRecord::RegisterBroker(record) => {
            let (broker, broker_epoch) = (record.broker, record.broker_epoch);
            if record.fenced && before.was_unfenced {
                let (reason, last_contact) = (FenceReason::Restarted, None);
                cx.fact(|| KafkaFact::BrokerFenced { broker, reason, last_contact });
            }
            cx.fact(|| KafkaFact::BrokerRegistered { broker, broker_epoch });
        }
        MetadataRecord::BrokerRegistrationChange(change) => {
            let broker = change.broker;
            let expired = matches!(origin.cause, Some(ChangeCause::SessionExpired(_)));
            match (change.fenced, expired) {
                (Some(false), _) => cx.fact(|| KafkaFact::BrokerUnfenced { broker }),
                (Some(true), false) => {
                    let (reason, last_contact) = (FenceReason::Requested, last_contact(broker));
                    cx.fact(|| KafkaFact::BrokerFenced { broker, reason, last_contact });
                }
                (Some(true), true) | (None, _) => {}
            }
        }
        MetadataRecord::Topic { name, id } => {
            let (partitions, copies) = partitions_of(*id, batch);
            let (topic, client) = (name.clone(), origin.client.clone());
            cx.fact(|| KafkaFact::TopicCreated { topic, partitions, copies, client });
        }
        MetadataRecord::RemoveTopic { .. } => {
            if let Some(topic) = before.topic {
                cx.fact(|| KafkaFact::TopicDeleted { topic, client: origin.client.clone() });
            }
        }
        MetadataRecord::Partition(new) => {
            report_more(cx, before.partitions as i32, active.image(), (new, batch), origin)
        }
        MetadataRecord::PartitionChange(change) => {
            report_partition(cx, before.partition, active.image(), (change, origin))
        }
        MetadataRecord::UnregisterBroker { .. }
        | MetadataRecord::Config(_)
        | MetadataRecord::FeatureLevel { .. }
        | MetadataRecord::ProducerIds { .. }
        | MetadataRecord::NoOp
        | MetadataRecord::BeginTransaction { .. }
        | MetadataRecord::EndTransaction
        | MetadataRecord::ClearElr { .. } => {}
    }
}

/// How many partitions of a topic a batch creates, and replicas of each.
fn partitions_of(topic: TopicId, batch: &[MetadataRecord]) -> (i32, u32) {
    let new = batch.iter().filter_map(|each| {
        // Topics, configs and all else hold no replicas.
        let MetadataRecord::Partition(new) = each else { return None };
        (new.topic == topic).then_some(new.registration.replicas.len() as u32)
    });
    new.fold((0, 0), |(count, copies), replicas| (count + 1, replicas.max(copies)))
}

/// The first new partition of a topic that existed before tells of all of them.
fn report_more(cx: &mut Cx<'_>, from: i32, after: &Image, new: (&PartitionRecord, &[MetadataRecord]), origin: &Origin) {
    let (new, batch) = new;
    let is_new = batch.iter().any(|each| matches!(each, MetadataRecord::Topic { id, .. } if *id == new.topic));
    let of_topic = |each: &&MetadataRecord| matches!(each, MetadataRecord::Partition(one) if one.topic == new.topic);
    let is_first = batch
        .iter()
        .find(of_topic)
        .is_some_and(|first| matches!(first, MetadataRecord::Partition(first) if first.partition == new.partition));
    // New topics are told as a whole, and one fact stands for all partitions of a batch.
    let Some(topic) = after.topic_name(new.topic).filter(|_| is_first && !is_new) else { return };
    let (topic, client) = (topic.clone(), origin.client.clone());
    cx.fact(|| KafkaFact::PartitionsAdded { topic, from, to: from + partitions_of(new.topic, batch).0, client });
}

/// From where the new leader was taken, if there is another one than before. `partition_change` asks in this order.
fn chosen(old: &PartitionRegistration, leader: Option<BrokerId>) -> Option<Chosen> {
    let leader = leader.filter(|leader| old.leader != Some(*leader))?;
    Some(if old.isr.contains(&leader) {
        Chosen::InSync
    } else if old.elr.contains(&leader) {
        Chosen::Eligible
    } else if old.last_known_elr == [leader] {
        Chosen::LastKnown
    } else {
        Chosen::OutOfSync
    })
}

/// What became of a partition, with who decided it and why: the story of every election is told from this.
fn report_partition(
    cx: &mut Cx<'_>,
    old: Option<PartitionRegistration>,
    after: &Image,
    change: (&PartitionChange, &Origin),
) {
    let (change, origin) = change;
    let id = changed(change);
    // The same batch has removed the topic: its deletion is what is told.
    let (Some(partition), Some(old), Some(new)) = (after.named(id), old, after.partition(id)) else {
        return;
    };
    cx.fact(|| KafkaFact::PartitionChanged {
        partition,
        cause: origin.cause,
        chosen: chosen(&old, new.leader),
        old_leader: old.leader,
        leader: new.leader,
        leader_epoch: new.leader_epoch,
        partition_epoch: new.partition_epoch,
        old_isr: old.isr.clone(),
        isr: new.isr.clone(),
        elr: new.elr.clone(),
    });
}
