//! What one world may hold. One table for everything that a stranger's link, a person or a script may ask for; whoever
//! asks for more is refused with [`CommandError::TooMuch`] before anything happens.
//!
//! The cluster itself keeps the limits on partitions and replicas as well (`port::TopicPolicy`), because topics are also
//! created without a command and several commands may be on their way at once.

use crate::cluster::Cluster;
use crate::command::KafkaCommand;
use crate::error::CommandError;
use crate::setup::{ClusterIndex, ClusterPlan, Setup};
use crate::world::World;
use base::{FlatMap, Str};
use metadata::{Image, topic_name};
use port::{KafkaSetup, ProcessConfig, TopicPolicy};

/// The most of everything. Memory is the measure: a world at all of these limits takes about 250 MB natively.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Nodes and clients, the admin client included.
    pub processes: u32,
    /// Voters; more would only be slower.
    pub controllers: u32,
    /// Partitions of all topics, internal ones too.
    pub partitions: u32,
    /// Replicas of all partitions: 2.7 KB each with its log.
    pub replicas: u32,
    /// Partitions times nodes: every node holds the metadata of all partitions, 0.4 KB each.
    pub partitions_on_nodes: u32,
    /// Records per second over all producers.
    pub records_per_second: u64,
    /// Bytes of values per second over all producers.
    pub bytes_per_second: u64,
    /// Bytes of one key or value that a producer makes by itself.
    pub value_size: u32,
    /// Different keys that a producer draws from.
    pub random_keys: u32,
    /// Bytes of one text in a command: a name, a setting, a value by hand. Kafka's own strings end at 32,767.
    pub text_size: u32,
    /// Hours that a link may be slowed or stalled.
    pub delay_hours: u32,
    /// Messages that one command may have lost.
    pub lost_messages: u32,
}

/// Clusters of one world: two that mirror each other, and what an explanation may want beside them.
pub const MOST_CLUSTERS: u64 = 4;

impl Default for Limits {
    fn default() -> Self {
        Limits {
            processes: 200,
            controllers: 9,
            partitions: 5_000,
            replicas: 15_000,
            partitions_on_nodes: 500_000,
            records_per_second: 200_000,
            bytes_per_second: 16 << 20,
            value_size: 1 << 20,
            random_keys: 1_000_000,
            text_size: 16 << 10,
            delay_hours: 24,
            lost_messages: 1_000_000,
        }
    }
}

impl Limits {
    /// Names and values travel in links and stand on the page.
    pub(crate) fn check_text(&self, text: &Str) -> Result<(), CommandError> {
        at_most("bytes in a text", text.len() as u64, u64::from(self.text_size))
    }

    /// Every node holds the metadata of all partitions of its cluster.
    fn check_growth(&self, nodes: u64, total: Growth) -> Result<(), CommandError> {
        at_most("partitions", total.partitions, u64::from(self.partitions))?;
        at_most("replicas", total.replicas, u64::from(self.replicas))?;
        let on_nodes = total.partitions.saturating_mul(nodes);
        at_most("partitions times nodes", on_nodes, u64::from(self.partitions_on_nodes))
    }
}

/// An error that says what there is too much of, and how much may be.
pub(crate) fn at_most(what: &'static str, asked: u64, limit: u64) -> Result<(), CommandError> {
    if asked > limit { Err(CommandError::TooMuch { what, limit }) } else { Ok(()) }
}

/// Partitions with their replicas: what there is, or what comes on top.
#[derive(Clone, Copy, Debug, Default)]
struct Growth {
    partitions: u64,
    replicas: u64,
}

impl Growth {
    /// Each partition with so many copies.
    fn new(partitions: u64, replication_factor: u64) -> Growth {
        Growth { partitions, replicas: partitions.saturating_mul(replication_factor) }
    }

    /// Both together.
    fn and(self, more: Growth) -> Growth {
        Growth {
            partitions: self.partitions.saturating_add(more.partitions),
            replicas: self.replicas.saturating_add(more.replicas),
        }
    }

    /// By hand: copies are counted one by one.
    fn assigned(assignments: &[Vec<i32>]) -> Growth {
        let replicas = assignments.iter().map(|replicas| replicas.len() as u64).sum();
        Growth { partitions: assignments.len() as u64, replicas }
    }

    /// What is there.
    fn of(image: &Image) -> Growth {
        let (mut partitions, mut replicas) = (0, 0);
        for (_, partition) in image.partitions() {
            partitions += 1;
            replicas += partition.replicas.len() as u64;
        }
        Growth { partitions, replicas }
    }
}

/// How topics come to be that nobody describes.
struct TopicDefaults {
    partitions: u64,
    replication_factor: u64,
    offsets: Growth,
    auto_create: bool,
    brokers: u64,
}

impl TopicDefaults {
    fn of(cluster: &ClusterPlan, brokers: u64) -> TopicDefaults {
        TopicDefaults::with(&cluster.overrides, brokers)
    }

    /// As one node's settings say.
    fn with(settings: &FlatMap<Str, Str>, brokers: u64) -> TopicDefaults {
        let config = config::BrokerConfig::resolve(settings).unwrap_or_default();
        let count = |number: i32| u64::try_from(number).unwrap_or(0);
        let offsets = &config.groups;
        let mut defaults = TopicDefaults {
            partitions: count(config.num_partitions),
            replication_factor: count(config.default_replication_factor),
            offsets: Growth::default(),
            auto_create: config.auto_create_topics_enable,
            brokers,
        };
        let factor = count(i32::from(offsets.offsets_topic_replication_factor));
        defaults.offsets = defaults.growth(count(offsets.offsets_topic_partitions), factor);
        defaults
    }

    /// Nothing where Kafka itself refuses, for want of brokers.
    fn growth(&self, partitions: u64, replication_factor: u64) -> Growth {
        if replication_factor > self.brokers { Growth::default() } else { Growth::new(partitions, replication_factor) }
    }

    /// Of a topic that is described by its numbers, or by none.
    fn counted(&self, partitions: Option<i64>, replication_factor: Option<i64>) -> Growth {
        let or = |number: Option<i64>, default| number.map_or(default, |number| u64::try_from(number).unwrap_or(0));
        self.growth(or(partitions, self.partitions), or(replication_factor, self.replication_factor))
    }

    /// A topic that nobody created and somebody asks for (auto.create.topics.enable).
    fn created_by_itself(&self) -> Growth {
        if self.auto_create { self.growth(self.partitions, self.replication_factor) } else { Growth::default() }
    }
}

impl Setup {
    /// What a cluster's controllers refuse: they know of no other, so that each may have its part.
    pub(crate) fn topic_policy(&self) -> TopicPolicy {
        let part = self.part();
        TopicPolicy {
            partitions: u64::from(part.partitions),
            replicas: u64::from(part.replicas),
            partitions_on_brokers: u64::from(part.partitions_on_nodes),
        }
    }

    /// What each cluster may have of the world's partitions.
    fn part(&self) -> Limits {
        let clusters = u32::try_from(self.clusters.len()).unwrap_or(u32::MAX).max(1);
        let Limits { partitions, replicas, partitions_on_nodes, .. } = self.limits;
        Limits {
            partitions: partitions / clusters,
            replicas: replicas / clusters,
            partitions_on_nodes: partitions_on_nodes / clusters,
            ..self.limits.clone()
        }
    }

    /// Do the topics of each cluster fit that come by themselves?
    pub(crate) fn check_topics(&self) -> Result<(), CommandError> {
        self.clusters.iter().try_for_each(|cluster| self.check_topics_of(cluster))
    }

    /// Kafka's own topics come with the first client, and must fit as well.
    fn check_topics_of(&self, cluster: &ClusterPlan) -> Result<(), CommandError> {
        let brokers = cluster.nodes.iter().filter(|plan| plan.roles.is_broker()).count() as u64;
        let (part, nodes) = (self.part(), cluster.nodes.len() as u64);
        cluster.settings().iter().try_for_each(|settings| {
            let defaults = TopicDefaults::with(settings, brokers);
            // A count alone may be beyond all measure, whatever its replication factor.
            at_most("partitions", defaults.partitions, u64::from(part.partitions))?;
            part.check_growth(nodes, defaults.created_by_itself())?;
            part.check_growth(nodes, defaults.offsets)
        })
    }
}

impl World {
    /// Is there room for the partitions that the command asks for, or that clients will ask for because of it?
    pub(crate) fn check_room(&self, index: ClusterIndex, command: &KafkaCommand) -> Result<(), CommandError> {
        let cluster = self.cluster(index).expect("whoever is commanded is a cluster of this world");
        let image = cluster.newest_image();
        let defaults = || TopicDefaults::of(cluster.plan(), brokers(&cluster));
        let exists = |topic: &str| image.is_some_and(|image| image.topic_by_name(topic).is_some());
        let missing = |topic: &str| if exists(topic) { Growth::default() } else { defaults().created_by_itself() };
        let (asked, nodes) = match command {
            KafkaCommand::CreateTopic { partitions, replication_factor, assignments, .. } => {
                let counted = || defaults().counted(partitions.map(i64::from), replication_factor.map(i64::from));
                (if assignments.is_empty() { counted() } else { Growth::assigned(assignments) }, 0)
            }
            KafkaCommand::AddPartitions { topic, total, assignments } => (added(image, topic, *total, assignments), 0),
            KafkaCommand::AddProducer { topic, .. } => (missing(topic), 0),
            KafkaCommand::Send { producer, topic, .. } => {
                let own = self.topic_of(producer);
                (topic.as_deref().or(own.as_deref()).map_or(Growth::default(), missing), 0)
            }
            KafkaCommand::AddConsumer { topics, configs, .. } => {
                let creates = configs.get("allow.auto.create.topics").is_none_or(|value| value.trim() != "false");
                let subscribed = if creates { topics.as_slice() } else { &[] };
                let offsets = if exists(topic_name::GROUP_METADATA) { Growth::default() } else { defaults().offsets };
                (subscribed.iter().fold(offsets, |sum, topic| sum.and(missing(topic))), 0)
            }
            KafkaCommand::AddBroker { .. } => (Growth::default(), 1),
            KafkaCommand::DeleteTopic { .. }
            | KafkaCommand::AlterTopicConfig { .. }
            | KafkaCommand::ElectLeaders { .. }
            | KafkaCommand::SetInterval { .. }
            | KafkaCommand::Call { .. }
            | KafkaCommand::Read { .. }
            | KafkaCommand::ListTopics
            | KafkaCommand::Ask(_)
            | KafkaCommand::Via { .. }
            | KafkaCommand::Leave { .. } => return Ok(()),
        };
        if asked.partitions == 0 && nodes == 0 {
            return Ok(());
        }
        let known = image.map_or(Growth::default(), Growth::of);
        self.setup.part().check_growth(nodes_of(&cluster) + nodes, known.and(asked))
    }

    /// Where the producer writes if the command does not say.
    fn topic_of(&self, producer: &str) -> Option<Str> {
        match &self.find(producer)?.config {
            ProcessConfig::Kafka(KafkaSetup::Producer(_, setup)) => Some(setup.topic.clone()),
            ProcessConfig::Kafka(KafkaSetup::Node(_) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
            | ProcessConfig::Other(_) => None,
        }
    }
}

fn nodes_of(cluster: &Cluster<'_>) -> u64 {
    cluster.slots().filter(|slot| slot.is_node()).count() as u64
}

fn brokers(cluster: &Cluster<'_>) -> u64 {
    let is_broker = |config: &ProcessConfig| matches!(config, ProcessConfig::Kafka(KafkaSetup::Node(setup)) if setup.roles.is_broker());
    cluster.slots().filter(|slot| is_broker(&slot.config)).count() as u64
}

/// What comes on top when a topic grows to `total` partitions.
fn added(image: Option<&Image>, topic: &str, total: i32, assignments: &[Vec<i32>]) -> Growth {
    // What does not exist cannot grow: the controller will refuse it.
    let Some(topic) = image.and_then(|image| image.topic_by_name(topic)) else { return Growth::default() };
    if !assignments.is_empty() {
        return Growth::assigned(assignments);
    }
    let factor = topic.partitions.values().next().map_or(1, |partition| partition.replicas.len() as u64);
    let more = u64::try_from(total).unwrap_or(0).saturating_sub(topic.partitions.len() as u64);
    Growth::new(more, factor)
}
