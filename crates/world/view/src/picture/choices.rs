//! The names that forms and menus offer, read from the world.

use base::FlatSet;
use port::{KafkaSetup, ProcessConfig};
use sim::{LinkRule, Slot, World};

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
pub fn partitions_named(world: &World, part: &str, most: usize) -> Vec<(Thing, String)> {
    let cluster = Cluster::of(world);
    let named = cluster.partitions(true).filter(|(_, name)| name.to_string().to_ascii_lowercase().contains(part));
    let thing = |(id, name): &(base::TopicIdPartition, base::TopicPartition)| {
        let leader = cluster.leader(*id).map(|(slot, _)| slot.id);
        let first = || cluster.place(*cluster.registration(*id)?.replicas.first()?);
        let process = leader.or_else(first)?;
        Some((Thing::Replica { process, partition: name.clone() }, name.to_string()))
    };
    named.filter_map(thing).take(most).collect()
}

/// Links with something wrong, by their ends.
fn faults(world: &World) -> Vec<LinkFault> {
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
    links::rules(world, world.now()).into_iter().filter_map(fault).collect()
}

/// Everything that can be named in this world; brokers first, then clients, then controllers.
pub fn choices(world: &World) -> Choices {
    let cluster = Cluster::of(world);
    let topics = cluster.image().into_iter().flat_map(metadata::Image::topics);
    let topics = topics.filter(|topic| !metadata::topic_name::is_internal(&topic.name));
    let topics = topics.map(|topic| (topic.name.to_string(), topic.partitions.len() as i32)).collect();
    let mut nodes: Vec<NodeChoice> = world.slots().filter_map(choice).collect();
    base::sort_by_key(&mut nodes, |node| (!node.is_broker, !node.is_client));
    let groups: FlatSet<String> = world
        .slots()
        .filter_map(|slot| match &slot.config {
            ProcessConfig::Kafka(KafkaSetup::Consumer(_, setup)) => Some(setup.group.to_string()),
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Producer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => None,
        })
        .collect();
    let taken = |id: &i32| world.first_cluster().node(base::BrokerId(*id)).is_some();
    let next_broker = (1..=i32::MAX).find(|id| !taken(id)).unwrap_or(1);
    Choices { topics, nodes, groups: groups.into_iter().collect(), faults: faults(world), next_broker }
}
