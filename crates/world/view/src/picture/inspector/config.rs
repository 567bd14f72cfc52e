//! Settings: those that were set, and Kafka's defaults of those that explain most of what is seen.

use api::ConfigResource;
use base::{FlatMap, Str};
use config::{Preset, Scope, key};
use port::{KafkaSetup, ProcessConfig};

use super::cluster::Cluster;
use super::{Look, property, section, toned};
use crate::{PropertyView, SectionView, Tone};

const BROKER: [&str; 8] = [
    "broker.session.timeout.ms",
    "broker.heartbeat.interval.ms",
    "replica.lag.time.max.ms",
    "min.insync.replicas",
    "unclean.leader.election.enable",
    "auto.create.topics.enable",
    "num.partitions",
    "default.replication.factor",
];
const CONTROLLER: [&str; 5] = [
    "broker.session.timeout.ms",
    "controller.quorum.election.timeout.ms",
    "controller.quorum.fetch.timeout.ms",
    "auto.leader.rebalance.enable",
    "leader.imbalance.check.interval.seconds",
];
const PRODUCER: [&str; 9] = [
    "acks",
    "enable.idempotence",
    "linger.ms",
    "batch.size",
    "buffer.memory",
    "max.block.ms",
    "delivery.timeout.ms",
    "request.timeout.ms",
    "retry.backoff.ms",
];
const CONSUMER: [&str; 8] = [
    "auto.offset.reset",
    "enable.auto.commit",
    "auto.commit.interval.ms",
    "session.timeout.ms",
    "heartbeat.interval.ms",
    "max.poll.interval.ms",
    "max.poll.records",
    "partition.assignment.strategy",
];
/// A topic's settings, and the broker's that stand in for them.
const TOPIC: [(&str, &str); 6] = [
    ("min.insync.replicas", "min.insync.replicas"),
    ("unclean.leader.election.enable", "unclean.leader.election.enable"),
    ("retention.ms", "log.retention.ms"),
    ("retention.bytes", "log.retention.bytes"),
    ("segment.bytes", "log.segment.bytes"),
    ("max.message.bytes", "message.max.bytes"),
];

/// The settings of a process.
pub(super) fn of_process(look: &Look<'_>, config: &ProcessConfig) -> Vec<SectionView> {
    match config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.roles.is_broker() => {
            parts(look, &setup.overrides, Scope::Broker, &BROKER)
        }
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => parts(look, &setup.overrides, Scope::Broker, &CONTROLLER),
        ProcessConfig::Kafka(KafkaSetup::Producer(client, _)) => {
            parts(look, &client.overrides, Scope::Producer, &PRODUCER)
        }
        ProcessConfig::Kafka(KafkaSetup::Consumer(client, _)) => {
            parts(look, &client.overrides, Scope::Consumer, &CONSUMER)
        }
        ProcessConfig::Kafka(KafkaSetup::Admin(client, _)) => parts(look, &client.overrides, Scope::Admin, &[]),
        ProcessConfig::Other(_) => Vec::new(),
    }
}

fn parts(look: &Look<'_>, set: &FlatMap<Str, Str>, scope: Scope, known: &[&str]) -> Vec<SectionView> {
    let words = &look.text.inspect;
    // What only tests set is no setting of Kafka's.
    let own = set.iter().filter(|(name, _)| key(scope, name).is_some() || name.starts_with("app."));
    let own = own.map(|(name, value)| property(name, value)).collect();
    let defaults = known.iter().filter(|name| !set.contains_key(**name));
    let defaults = defaults.filter_map(|name| default_of(scope, name, name)).collect();
    [section(words.set_here, own), section(words.defaults, defaults)].into_iter().flatten().collect()
}

fn default_of(scope: Scope, name: &str, shown: &str) -> Option<PropertyView> {
    let value = match key(scope, name)?.default {
        Preset::Text(text) => text,
        Preset::Null => "null",
        Preset::Required => return None,
    };
    Some(toned(shown, value, Tone::Quiet))
}

/// `index.interval.bytes` of a topic; of the metadata log, which has no settings of its own, Kafka's default.
pub(super) fn index_interval(look: &Look<'_>, topic: &Str) -> u64 {
    const OF_TOPIC: &str = "index.interval.bytes";
    const OF_BROKER: &str = "log.index.interval.bytes";
    let cluster = Cluster::of(look.cluster);
    let image = cluster.image();
    let set = |resource: ConfigResource, name: &str| image?.configs(&resource)?.get(name).cloned();
    let written = || look.cluster.plan().overrides.get(OF_BROKER).cloned();
    let of_topic = set(ConfigResource::Topic(topic.clone()), OF_TOPIC);
    let value = of_topic.or_else(|| set(ConfigResource::Broker(None), OF_BROKER)).or_else(written);
    value.and_then(|value| value.parse().ok()).unwrap_or(4_096)
}

/// The settings of a topic: its own, those of the brokers, Kafka's defaults.
pub(super) fn of_topic(look: &Look<'_>, cluster: &Cluster<'_>, topic: &Str) -> Vec<SectionView> {
    let words = &look.text.inspect;
    let none = FlatMap::new();
    let image = cluster.image();
    let own = image.and_then(|image| image.configs(&ConfigResource::Topic(topic.clone()))).unwrap_or(&none);
    let of_all = image.and_then(|image| image.configs(&ConfigResource::Broker(None))).unwrap_or(&none);
    let written = &look.cluster.plan().overrides;
    let (mut brokers, mut defaults) = (Vec::new(), Vec::new());
    for (name, of_broker) in TOPIC.iter().filter(|(name, _)| !own.contains_key(*name)) {
        match of_all.get(*of_broker).or_else(|| written.get(*of_broker)) {
            Some(value) => brokers.push(property(name, value)),
            None => defaults.extend(default_of(Scope::Topic, name, name)),
        }
    }
    let own = own.iter().map(|(name, value)| property(name, value)).collect();
    let parts =
        [section(words.set_here, own), section(words.set_by_brokers, brokers), section(words.defaults, defaults)];
    parts.into_iter().flatten().collect()
}
