//! How a run ended: one row per node and client, and the ledger.

use crate::facts;
use crate::sight::Sight;
use broker::{Broker, Partition};
use client::{Consumer, Producer};
use process::Node;
use quorum::Membership;
use sim::Slot;

/// Every process's last state in a line, then what clients were promised and got.
pub fn lines(sight: &Sight<'_>) -> String {
    let mut text: String = sight
        .world
        .slots()
        .filter(|slot| !slot.is_tool() && sight.world.clusters().all(|cluster| cluster.admin() != slot.id))
        .map(|slot| row(&sight.at(slot.cluster), slot) + "\n")
        .collect();
    let counts = sight.ledger.counts().named();
    let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    text.push_str(&format!("ledger: {}\n", counts.join(" ")));
    text
}

/// One line for each process: what it knows that others can see.
fn row(sight: &Sight<'_>, slot: &Slot) -> String {
    let Some(running) = slot.process.as_ref() else { return format!("{}: never started", slot.name) };
    let parts = [
        running.node().map(|node| of_node(sight, node)),
        running.producer().map(of_producer),
        running.consumer().map(of_consumer),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{}: {:?}; {}", slot.name, slot.liveness, parts.join("; "))
}

/// Its part in the quorum, and what it thinks of the cluster.
fn of_node(sight: &Sight<'_>, node: &Node) -> String {
    let quorum = node.quorum();
    let mut parts = Vec::new();
    if quorum.membership() == Membership::Voter {
        let leader = facts::broker(sight, quorum.leader());
        parts.push(format!("{:?} epoch {} leader {leader}", quorum.role().kind(), quorum.epoch()));
    }
    if let Some(broker) = node.broker() {
        parts.push(format!("{:?}", broker.state()));
        parts.extend(replicas(sight, broker));
    }
    parts.join("; ")
}

/// Of ordinary topics; Kafka's own would fill the page.
fn replicas(sight: &Sight<'_>, broker: &Broker) -> Vec<String> {
    let partitions = broker.partitions().values().map(|partition| &**partition);
    let mut partitions: Vec<&Partition> =
        partitions.filter(|partition| !facts::is_internal(partition.name())).collect();
    base::sort_by(&mut partitions, |a, b| a.name().cmp(b.name()));
    let role = |partition: &Partition| match partition.leader() {
        Some(leader) => format!("leads with {}", facts::brokers(sight, leader.isr())),
        None => "follows".into(),
    };
    let row = |partition: &&Partition| {
        let (name, epoch) = (partition.name(), partition.leader_epoch());
        format!(
            "{name} {} in epoch {epoch}, end {} hw {}",
            role(partition),
            partition.log_end(),
            partition.high_watermark()
        )
    };
    partitions.iter().map(row).collect()
}

/// How far it has come.
fn of_producer(producer: &Producer) -> String {
    let counts = producer.counts();
    format!("sent {} acked {} failed {}", counts.sent, counts.acked, counts.failed)
}

/// What it has, and from where it reads.
fn of_consumer(consumer: &Consumer) -> String {
    let position = |(name, state): (&base::TopicPartition, &client::consumer::PartitionState)| {
        format!("{name}@{}", state.offset().map_or_else(|| "?".into(), |offset| offset.to_string()))
    };
    format!("delivered {} holds {}", consumer.delivered_count(), facts::join(consumer.partitions().map(position)))
}
