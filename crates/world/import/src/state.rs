//! The way back: what Kafka's tools would print of a cluster as it stands. Topics are told as the controllers have agreed on
//! them, groups as their coordinators have them, logs as their leaders have them.

use crate::export::Run;
use base::{FlatMap, Str, TopicIdPartition, TopicPartition};
use coordinator::GroupCoordinator;
use metadata::{Image, PartitionRegistration, TopicImage};
use script::describe::{MemberRow, OffsetRow, PartitionDescription, TopicDescription};
use sim::{Cluster, Slot};

/// What the cluster has agreed on, as far as a controller that is up knows; `None`: none is up.
pub(crate) fn image<'a>(cluster: &Cluster<'a>) -> Option<&'a Image> {
    let up = cluster.slots().filter(|slot| slot.liveness.is_up());
    let images = up.filter_map(|slot| Some(slot.process.as_ref()?.node()?.controller()?.committed_image()));
    images.max_by_key(|image| image.last_applied())
}

/// Every topic that is not Kafka's own, by name, with the settings that were made for it.
pub fn topics(cluster: &Cluster<'_>) -> Vec<TopicDescription> {
    let Some(image) = image(cluster) else { return Vec::new() };
    let mut topics: Vec<TopicDescription> =
        image.topics().filter(|topic| !topic.name.starts_with("__")).map(|topic| describe(image, topic)).collect();
    base::sort_by(&mut topics, |a, b| a.name.cmp(&b.name));
    topics
}

fn describe(image: &Image, topic: &TopicImage) -> TopicDescription {
    let partitions = topic.partitions.iter();
    TopicDescription {
        name: topic.name.clone(),
        id: topic.id.to_string().into(),
        configs: image.topic_configs(&topic.name).into_iter().collect(),
        partitions: partitions.map(|(number, registration)| partition(*number, registration)).collect(),
    }
}

fn partition(partition: i32, registration: &PartitionRegistration) -> PartitionDescription {
    let ids = |ids: &[base::BrokerId]| ids.iter().map(|id| id.0).collect();
    PartitionDescription {
        partition,
        leader: registration.leader.map(|leader| leader.0),
        replicas: ids(&registration.replicas),
        isr: ids(&registration.isr),
        elr: ids(&registration.elr),
        last_known_elr: ids(&registration.last_known_elr),
        adding: ids(&registration.adding),
        removing: ids(&registration.removing),
    }
}

/// Nodes that are up and lead, with what they know of groups.
fn coordinators<'a>(cluster: &Cluster<'a>) -> impl Iterator<Item = &'a GroupCoordinator> + use<'a> {
    let up = |slot: &&Slot| slot.liveness.is_up();
    let slots: Vec<&'a Slot> = cluster.slots().filter(up).collect();
    slots.into_iter().filter_map(|slot| Some(slot.process.as_ref()?.node()?.broker()?.coordinator()))
}

/// Rows of every group, as its coordinator has them: what is committed, and what is read without having been.
pub fn groups(cluster: &Cluster<'_>) -> FlatMap<Str, Vec<OffsetRow>> {
    let mut tables = FlatMap::new();
    for coordinator in coordinators(cluster) {
        for group in coordinator.groups().filter(|group| coordinator.owns(group.id())) {
            let mut rows: FlatMap<TopicPartition, OffsetRow> = FlatMap::new();
            let name: Str = (**group.id()).into();
            let row = |at: &TopicPartition| OffsetRow {
                group: name.clone(),
                topic: at.topic.clone(),
                partition: at.partition,
                end: log_end(cluster, at),
                ..OffsetRow::default()
            };
            for (at, committed) in coordinator.offsets(group.id()).into_iter().flatten() {
                let known = rows.entry(at.clone()).or_insert_with(|| row(at));
                known.current = Some(committed.offset.0);
            }
            for member in group.members().values() {
                for (topic, partitions) in member.assigned_partitions() {
                    for partition in partitions {
                        let at = TopicPartition::new(topic.clone(), partition);
                        let known = rows.entry(at.clone()).or_insert_with(|| row(&at));
                        known.member = Some(MemberRow {
                            consumer_id: member.id.clone(),
                            host: coordinator::CLIENT_HOST.into(),
                            client_id: member.client_id.clone(),
                        });
                    }
                }
            }
            tables.insert(name, rows.into_values().collect());
        }
    }
    tables
}

/// Where the leader's log of it ends for readers; `None`: nobody leads it.
fn log_end(cluster: &Cluster<'_>, at: &TopicPartition) -> Option<i64> {
    let image = image(cluster)?;
    let id = TopicIdPartition { topic: image.topic_id(&at.topic)?, partition: at.partition };
    let leader = cluster.node(image.partition(id)?.leader?)?;
    let partition = leader.process.as_ref()?.node()?.broker()?.partition(id)?;
    Some(partition.high_watermark().0)
}

/// All of it, as Kafka's tools print it one after the other.
pub fn described(cluster: &Cluster<'_>) -> String {
    Run::of(cluster, Vec::new()).described()
}
