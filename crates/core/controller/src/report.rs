//! Tells the world what the controller decided, record by record, as facts.

use crate::Active;
use base::{BrokerId, Str, TopicIdPartition};
use metadata::{Image, MetadataRecord, PartitionChange, PartitionRegistration};
use port::{Cx, Fact, FenceReason};

/// What a fact needs to know of the image before the record: only what the record touches, so that
/// telling costs no copy of the image.
pub(crate) struct Before {
    partition: Option<PartitionRegistration>,
    topic: Option<Str>,
    was_unfenced: bool,
}

impl Before {
    pub(crate) fn of(record: &MetadataRecord, image: &Image) -> Before {
        let mut before = Before { partition: None, topic: None, was_unfenced: false };
        match record {
            MetadataRecord::PartitionChange(change) => before.partition = image.partition(changed(change)).cloned(),
            MetadataRecord::RemoveTopic { id } => before.topic = image.topic_name(*id).cloned(),
            MetadataRecord::RegisterBroker(new) => {
                before.was_unfenced = image.broker(new.broker).is_some_and(|old| !old.fenced);
            }
            MetadataRecord::UnregisterBroker { .. }
            | MetadataRecord::BrokerRegistrationChange(_)
            | MetadataRecord::Topic { .. }
            | MetadataRecord::Partition(_)
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

fn changed(change: &PartitionChange) -> TopicIdPartition {
    TopicIdPartition { topic: change.topic, partition: change.partition }
}

/// Tells what a record of a batch does. Fencings by session are told where the session is known.
pub(crate) fn report(
    cx: &mut Cx<'_>,
    before: Before,
    active: &Active,
    (record, batch): (&MetadataRecord, &[MetadataRecord]),
    reason: FenceReason,
) {
    let last_contact = |broker: BrokerId| active.sessions().session(broker).map(|session| session.last_contact);
    match record {
        MetadataRecord::RegisterBroker(record) => {
            let (broker, broker_epoch) = (record.broker, record.broker_epoch);
            if record.fenced && before.was_unfenced {
                let (reason, last_contact) = (FenceReason::Restarted, None);
                cx.fact(|| Fact::BrokerFenced { broker, reason, last_contact });
            }
            cx.fact(|| Fact::BrokerRegistered { broker, broker_epoch });
        }
        MetadataRecord::BrokerRegistrationChange(change) => {
            let broker = change.broker;
            match (change.fenced, reason) {
                (Some(false), _) => cx.fact(|| Fact::BrokerUnfenced { broker }),
                (Some(true), FenceReason::Requested | FenceReason::Restarted) => {
                    let last_contact = last_contact(broker);
                    cx.fact(|| Fact::BrokerFenced { broker, reason, last_contact });
                }
                (Some(true), FenceReason::SessionExpired) | (None, _) => {}
            }
        }
        MetadataRecord::Topic { name, id } => {
            let of_topic = |each: &&MetadataRecord| matches!(each, MetadataRecord::Partition(new) if new.topic == *id);
            let partitions = batch.iter().filter(of_topic).count() as i32;
            cx.fact(|| Fact::TopicCreated { topic: name.clone(), partitions });
        }
        MetadataRecord::RemoveTopic { .. } => {
            if let Some(topic) = before.topic {
                cx.fact(|| Fact::TopicDeleted { topic });
            }
        }
        MetadataRecord::PartitionChange(change) => report_partition(cx, before.partition, active.image(), change),
        MetadataRecord::UnregisterBroker { .. }
        | MetadataRecord::Partition(_)
        | MetadataRecord::Config(_)
        | MetadataRecord::FeatureLevel { .. }
        | MetadataRecord::ProducerIds { .. }
        | MetadataRecord::NoOp
        | MetadataRecord::BeginTransaction { .. }
        | MetadataRecord::EndTransaction
        | MetadataRecord::ClearElr { .. } => {}
    }
}

fn report_partition(cx: &mut Cx<'_>, old: Option<PartitionRegistration>, after: &Image, change: &PartitionChange) {
    let id = changed(change);
    let (Some(partition), Some(old), Some(new)) = (after.named(id), old, after.partition(id)) else {
        return;
    };
    cx.fact(|| Fact::PartitionChanged {
        partition,
        old_leader: old.leader,
        leader: new.leader,
        leader_epoch: new.leader_epoch,
        partition_epoch: new.partition_epoch,
        old_isr: old.isr.clone(),
        isr: new.isr.clone(),
        elr: new.elr.clone(),
    });
}
