//! The names that forms and menus offer, read from the world.

use base::{FlatSet, Offset, ProcessId, TopicPartition};
use port::{KafkaSetup, ProcessConfig};
use sim::{LinkRule, Slot};

use super::cluster::Cluster;
use super::links;
use crate::{Choices, LinkFault, LinkTrouble, NodeChoice, Thing};

fn choice(slot: &Slot) -> Option<NodeChoice> {
    let (is_broker, is_client, is_producer) = match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => (setup.roles.is_broker(), false, false),
        ProcessConfig::Kafka(KafkaSetup::Producer(..)) => (false, true, true),
        ProcessConfig::Kafka(KafkaSetup::Consumer(..)) => (false, true, false),
        ProcessConfig::Kafka(KafkaSetup::Admin(..)) | ProcessConfig::Other(_) => return None,
    };
    let (process, name, running) = (slot.id, slot.name.clone(), slot.liveness.is_up());
    Some(NodeChoice { process, name, running, is_broker, is_client, is_producer })
}

/// The first partitions whose name has `part` in it, each as one of its replicas; internal ones as well.
pub fn partitions_named(of: sim::Cluster<'_>, part: &str, most: usize) -> Vec<(Thing, String)> {
    let cluster = Cluster::of(of);
    let named = cluster.partitions(true).filter(|(_, name)| name.to_string().to_ascii_lowercase().contains(part));
    let thing = |(id, name): &(base::TopicIdPartition, base::TopicPartition)| {
        let leader = cluster.leader(*id).map(|(slot, _)| slot.id);
        let first = || cluster.place(*cluster.registration(*id)?.replicas.first()?);
        let process = leader.or_else(first)?;
        Some((Thing::Replica { process, partition: name.clone() }, name.to_string()))
    };
    named.filter_map(thing).take(most).collect()
}

/// What an address names: a process (`billing-1`), a partition where it is led (`orders-1`), or a record there
/// (`orders-1@12`); `None` where there is none of that name, or not yet.
pub fn thing_named(of: sim::Cluster<'_>, name: &str) -> Option<Thing> {
    if let Some(slot) = of.slots().find(|slot| *slot.name == *name) {
        return choice(slot).map(|choice| Thing::Process(choice.process));
    }
    let (partition, offset) = match name.rsplit_once('@') {
        Some((partition, offset)) => (partition, Some(Offset(offset.parse().ok()?))),
        None => (name, None),
    };
    let (topic, number) = partition.rsplit_once('-')?;
    let partition = TopicPartition::new(topic, number.parse().ok()?);
    let cluster = Cluster::of(of);
    let (slot, led) = cluster.leader(cluster.id_of(&partition)?)?;
    let process = slot.id;
    match offset {
        Some(offset) if (led.log().log_start()..led.log_end()).contains(&offset) => {
            Some(Thing::Record { process, partition, offset })
        }
        Some(_) => None,
        None => Some(Thing::Replica { process, partition }),
    }
}

/// How an address names what is selected; `None` where it has no name there (a message on its way, a group) or another copy is
/// selected than the leader's, which an address finds.
pub fn name_of(of: sim::Cluster<'_>, thing: &Thing) -> Option<String> {
    let name = match thing {
        Thing::Process(process) => of.world().slot(*process)?.name.to_string(),
        Thing::Replica { partition, .. } => partition.to_string(),
        Thing::Record { partition, offset, .. } => format!("{partition}@{offset}"),
        Thing::Group(_) | Thing::Topic(_) | Thing::Packet(_) => return None,
    };
    (thing_named(of, &name)? == *thing).then_some(name)
}

/// Links of the cluster's processes with something wrong, by their ends. The other end may be another cluster's.
fn faults(cluster: sim::Cluster<'_>) -> Vec<LinkFault> {
    let world = cluster.world();
    let trouble = |rule: LinkRule| match rule {
        LinkRule::Cut => LinkTrouble::Cut,
        LinkRule::Delayed(by) => LinkTrouble::Delayed { by },
        LinkRule::StalledUntil(until) => LinkTrouble::Stalled { until },
        LinkRule::Held(api) => LinkTrouble::Held { api },
        LinkRule::Lost { api, left } => LinkTrouble::Lost { api, left },
    };
    let place = |process| world.slot(process).and_then(choice);
    let fault = |((one, other), rules): (_, [Option<LinkRule>; 2])| {
        Some(LinkFault { one: place(one)?, other: place(other)?, troubles: rules.map(|rule| rule.map(trouble)) })
    };
    let own = |((one, other), _): &((ProcessId, ProcessId), _)| cluster.has(*one) || cluster.has(*other);
    links::rules(world, world.now()).into_iter().filter(own).filter_map(fault).collect()
}

/// Everything of a cluster that can be named; brokers first, then clients, then controllers.
pub fn choices(part: sim::Cluster<'_>) -> Choices {
    let cluster = Cluster::of(part);
    let topics = cluster.image().into_iter().flat_map(metadata::Image::topics);
    let topics = topics.filter(|topic| !metadata::topic_name::is_internal(&topic.name));
    let topics = topics.map(|topic| (topic.name.to_string(), topic.partitions.len() as i32)).collect();
    let mut nodes: Vec<NodeChoice> = part.slots().filter_map(choice).collect();
    base::sort_by_key(&mut nodes, |node| (!node.is_broker, !node.is_client));
    let groups: FlatSet<String> = part
        .slots()
        .filter_map(|slot| match &slot.config {
            ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) => Some(setup.group.to_string()),
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => None,
        })
        .collect();
    let taken = |id: &i32| part.node(base::BrokerId(*id)).is_some();
    let next_broker = (1..=i32::MAX).find(|id| !taken(id)).unwrap_or(1);
    let elsewhere = match part.is_alone() {
        true => Vec::new(),
        false => part.world().slots().filter(|slot| !part.has(slot.id)).filter_map(choice).collect(),
    };
    let (groups, faults) = (groups.into_iter().collect(), faults(part));
    Choices { cluster: part.command_name(), topics, nodes, elsewhere, groups, faults, next_broker }
}
