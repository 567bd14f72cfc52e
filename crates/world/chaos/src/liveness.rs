//! As good as new: what a healed cluster must come to.

use crate::plan::{Flavour, Plan};
use crate::stage::Stage;
use base::{Offset, TopicPartition};
use broker::{Broker, Partition};
use port::GroupState;
use process::Node;
use sim::Liveness;
use std::collections::BTreeSet;

/// # Errors
/// What is still missing.
pub fn check(plan: &Plan, stage: &Stage) -> Result<(), String> {
    processes(stage)?;
    partitions(stage)?;
    producers(plan, stage)?;
    for group in groups(plan) {
        group_is_stable(stage, &group)?;
        no_lag(plan, stage, &group)?;
    }
    Ok(())
}

/// Everybody runs; every broker is unfenced in every broker's eyes.
fn processes(stage: &Stage) -> Result<(), String> {
    if let Some(slot) = stage.world.slots().find(|slot| slot.liveness != Liveness::Running) {
        return Err(format!("{} does not run: {:?}", slot.name, slot.liveness));
    }
    for broker in brokers(stage) {
        let image = broker.image();
        if let Some(fenced) = brokers(stage).map(Broker::id).find(|id| !image.is_active(*id)) {
            return Err(format!("broker {} takes broker {fenced} for fenced", broker.id()));
        }
    }
    Ok(())
}

/// Every partition has a leader and all its replicas in sync, everybody knows it, and the logs agree.
fn partitions(stage: &Stage) -> Result<(), String> {
    let newest = brokers(stage).map(|broker| broker.image().last_applied()).max();
    for broker in brokers(stage) {
        let image = broker.image();
        if image.last_applied().plus(10) < newest.unwrap_or_default() {
            return Err(format!("broker {} is behind in metadata", broker.id()));
        }
        for (id, partition) in image.partitions() {
            let name = image.named(id);
            let in_sync: BTreeSet<_> = partition.isr.iter().collect();
            if partition.leader.is_none() || in_sync != partition.replicas.iter().collect() {
                return Err(format!("{name:?} in the eyes of {}: {partition:?}", broker.id()));
            }
            // Other brokers' replicas are looked at there.
            let Some(here) = broker.partition(id) else { continue };
            // Consumers commit as long as they live, so there is always something on its way there.
            let is_internal = here.name().topic.starts_with("__");
            if here.high_watermark() != here.log_end() && !is_internal {
                let (hw, end) = (here.high_watermark(), here.log_end());
                let leads = brokers(stage).filter_map(|each| each.partition(id)).find(|each| each.is_leader());
                let leader = leads.map(|each| (each.leader_epoch(), each.high_watermark(), each.log_end()));
                let role = if here.is_leader() { "leader" } else { "follower" };
                return Err(format!("{name:?} on {role} {}: HW {hw} of {end}; leader has {leader:?}", broker.id()));
            }
        }
    }
    Ok(())
}

/// Whatever was sent is acknowledged or has failed.
fn producers(plan: &Plan, stage: &Stage) -> Result<(), String> {
    for name in &plan.producers {
        let producer = stage.world.find(name).and_then(|slot| slot.process.as_ref()?.producer());
        // It was never started, or a fault has ended it.
        let Some(producer) = producer else { continue };
        if producer.buffered() > 0 || producer.blocked_calls() > 0 {
            return Err(format!("{name} still holds {} bytes", producer.buffered()));
        }
    }
    Ok(())
}

/// All members that run are in it, and every partition is somebody's.
fn group_is_stable(stage: &Stage, group: &str) -> Result<(), String> {
    let coordinator = brokers(stage).map(Broker::coordinator).find(|each| each.owns(group));
    let found = coordinator.and_then(|each| each.group(group)).ok_or_else(|| format!("nobody coordinates {group}"))?;
    let consumers = stage.world.slots().filter(|slot| slot.name.starts_with(&format!("{group}-"))).count();
    if found.state() != GroupState::Stable || found.members().len() != consumers {
        return Err(format!("{group} is {:?} with {} of {consumers} members", found.state(), found.members().len()));
    }
    Ok(())
}

/// Every partition of the group's topics is read to its end, and that is committed.
fn no_lag(plan: &Plan, stage: &Stage, group: &str) -> Result<(), String> {
    let coordinator = brokers(stage).map(Broker::coordinator).find(|each| each.owns(group));
    let leaders = brokers(stage).flat_map(|broker| broker.partitions().values()).map(|shared| &**shared);
    for partition in leaders.filter(|one: &&Partition| one.is_leader() && plan.topics.contains(&one.name().topic)) {
        let (name, end) = (partition.name(), partition.high_watermark());
        if end.0 == 0 {
            continue;
        }
        let committed = coordinator.and_then(|each| each.committed(group, name)).map(|found| found.offset);
        // A program that commits by itself tries no more often than it says: its last commit may have failed.
        let is_read = plan.flavour == Flavour::Policies && read_up_to(stage, group, name) == Some(end);
        if committed != Some(end) && !is_read {
            return Err(format!(
                "{group} has committed {committed:?} of {end} in {name}; {}",
                readers(stage, group, name)
            ));
        }
    }
    Ok(())
}

/// Where its reader goes on.
fn read_up_to(stage: &Stage, group: &str, name: &TopicPartition) -> Option<Offset> {
    let members = stage.world.slots().filter(|slot| slot.name.starts_with(&format!("{group}-")));
    members.filter_map(|slot| slot.process.as_ref()?.consumer()?.position(name)).max()
}

/// Who should have read it, for the complaint.
fn readers(stage: &Stage, group: &str, name: &TopicPartition) -> String {
    let members = stage.world.slots().filter(|slot| slot.name.starts_with(&format!("{group}-")));
    let positions = members.filter_map(|slot| {
        let consumer = slot.process.as_ref()?.consumer()?;
        Some(format!("{} at {:?}", slot.name, consumer.position(name)?))
    });
    positions.collect::<Vec<_>>().join(", ")
}

fn groups(plan: &Plan) -> BTreeSet<String> {
    plan.consumers.iter().filter_map(|name| Some(name.split_once('-')?.0.to_owned())).collect()
}

/// Those that run.
fn brokers(stage: &Stage) -> impl Iterator<Item = &Broker> {
    let running = stage.world.slots().filter(|slot| slot.liveness == Liveness::Running);
    running.filter_map(|slot| slot.process.as_ref()?.node().and_then(Node::broker))
}
