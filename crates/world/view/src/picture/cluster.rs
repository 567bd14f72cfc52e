//! Look-ups that several parts of the picture need: who is which broker, who knows the newest metadata, which
//! partitions there are and who leads them.

use std::cell::OnceCell;
use std::rc::Rc;

use base::{BrokerId, FlatMap, GroupId, Offset, ProcessId, Str, Time, TopicIdPartition, TopicPartition};
use broker::{Broker, Partition};
use coordinator::ClassicGroup;
use metadata::{Image, PartitionRegistration};
use port::{KafkaSetup, ProcessConfig};
use process::Node;
use sim::{LinkRule, Liveness, Slot, World};

use super::atlas::Atlas;
use super::fresh::Fresh;
use super::{Look, Memory};
use crate::Detail;

/// A picture of more partitions than these could not be drawn in a frame: the rest is counted.
pub(super) const DRAWN: usize = 100;
/// The same for rows without cells.
const LINES: usize = 1_000;

/// The nodes of one of a world's clusters and the newest committed image that any of them has.
pub(super) struct Cluster<'a> {
    pub world: &'a World,
    pub part: sim::Cluster<'a>,
    /// The moment that is looked at.
    now: Time,
    nodes: FlatMap<BrokerId, &'a Slot>,
    image: Option<&'a Image>,
    atlas: OnceCell<Rc<Atlas>>,
    /// What has been decided as far as anybody knows, those that are down included; filled for a picture only, as are the
    /// fields below.
    known: Image,
    known_atlas: Rc<Atlas>,
    heads: Vec<Head<'a>>,
    fresh: Fresh<'a>,
    /// What the picture shows.
    drawn: Rc<FlatMap<TopicPartition, TopicIdPartition>>,
    /// What all of it rests on; 0 where nothing is remembered.
    pub ground: u64,
}

/// Who leads a partition.
#[derive(Clone, Copy)]
pub(super) struct Head<'a> {
    /// As [`Cluster::leader`].
    pub leader: Option<(&'a Slot, &'a Partition)>,
    /// As [`Cluster::serving`].
    pub serves: bool,
}

impl<'a> Cluster<'a> {
    pub(super) fn of(part: sim::Cluster<'a>) -> Cluster<'a> {
        let world = part.world();
        let nodes: FlatMap<BrokerId, &Slot> = part.slots().filter_map(|slot| Some((node_id(slot)?, slot))).collect();
        let images = nodes.values().filter(|slot| slot.liveness.is_up()).filter_map(|slot| image_of(slot));
        let image = images.max_by_key(|image| image.last_applied());
        let now = world.now();
        Cluster {
            world,
            part,
            now,
            nodes,
            image,
            atlas: OnceCell::new(),
            known: Image::default(),
            known_atlas: Rc::default(),
            heads: Vec::new(),
            fresh: Fresh::default(),
            drawn: Rc::default(),
            ground: 0,
        }
    }

    /// The same, for a look at a moment.
    pub(super) fn seen(look: &Look<'a>) -> Cluster<'a> {
        Cluster { now: look.now(), ..Cluster::of(look.cluster) }
    }

    /// The same, with what has been decided as far as anybody knows.
    pub(super) fn known_by(look: &Look<'a>, memory: &mut Memory) -> Cluster<'a> {
        memory.turn_to(look.cluster.index());
        let mut cluster = Cluster::seen(look);
        cluster.learn(memory);
        cluster
    }

    /// The same, and which partitions the picture shows: the first ones of every topic, so that a large one leaves room
    /// for the others, and the one that the reader has chosen.
    pub(super) fn pictured(look: &Look<'a>, memory: &mut Memory) -> Cluster<'a> {
        let mut cluster = Cluster::known_by(look, memory);
        cluster.fresh = Fresh::of(look.recent);
        cluster.heads = cluster.find_heads();
        cluster.ground = memory.ground.number(look, &cluster);
        if let Some((_, drawn)) = memory.drawn.as_ref().filter(|(ground, _)| *ground == cluster.ground) {
            cluster.drawn = drawn.clone();
            return cluster;
        }
        let most = if look.detail == Detail::Lines { LINES } else { DRAWN };
        let chosen = look.chosen();
        let is_hidden = |name: &TopicPartition| !look.internal && metadata::topic_name::is_internal(&name.topic);
        let mut shown: Vec<&(TopicIdPartition, TopicPartition)> =
            cluster.known_atlas.names.iter().filter(|(_, name)| !is_hidden(name)).collect();
        if shown.len() > most {
            base::sort_by(&mut shown, |(_, one), (_, other)| {
                (one.partition, &one.topic).cmp(&(other.partition, &other.topic))
            });
        }
        let drawn = shown.into_iter().enumerate();
        let drawn = drawn.filter(|(place, (_, name))| *place < most || chosen == Some(name));
        let drawn: FlatMap<TopicPartition, TopicIdPartition> =
            drawn.map(|(_, (id, name))| (name.clone(), *id)).collect();
        cluster.drawn = Rc::new(drawn);
        memory.drawn = Some((cluster.ground, cluster.drawn.clone()));
        cluster
    }

    /// Takes the newest that was ever committed, whoever still has it.
    fn learn(&mut self, memory: &mut Memory) {
        if let Some(image) = self.image {
            self.atlas = OnceCell::from(memory.atlases.of(image));
        }
        let known = self.nodes.values().filter_map(|slot| image_of(slot)).max_by_key(|image| image.last_applied());
        let newest = known.map_or(Offset::UNDEFINED, Image::last_applied);
        let stored = memory.metadata.newer(self, newest).cloned();
        self.known = stored.or_else(|| known.cloned()).unwrap_or_default();
        self.known_atlas = memory.atlases.of(&self.known);
    }

    /// All partitions that have been decided about, as far as anybody knows.
    pub(super) fn atlas(&self) -> &Atlas {
        &self.known_atlas
    }

    /// Who leads, of each partition of the atlas. Only of a picture.
    pub(super) fn heads(&self) -> &[Head<'a>] {
        &self.heads
    }

    /// Leaders by partition, found once for all rows.
    fn find_heads(&self) -> Vec<Head<'a>> {
        let head = |(id, _): &(TopicIdPartition, TopicPartition)| {
            let serving = self.serving(*id);
            Head { leader: serving.or_else(|| self.leader(*id)), serves: serving.is_some() }
        };
        self.known_atlas.names.iter().map(head).collect()
    }

    /// Who leads the partition, and the place of the partition in the atlas. Only of a picture.
    pub(super) fn head(&self, name: &TopicPartition) -> Option<Head<'a>> {
        self.known_atlas.place(name).and_then(|place| self.heads.get(place)).copied()
    }

    /// The running broker that coordinates the group, in the highest epoch if several take themselves for that, and the
    /// group if it has been formed there.
    pub(super) fn coordinator(&self, group: &GroupId) -> Option<(BrokerId, &'a Broker, Option<&'a ClassicGroup>)> {
        let running = self.brokers().filter(|(_, slot)| slot.liveness == Liveness::Running);
        let shards = running.filter_map(|(id, slot)| {
            let broker = broker(slot)?;
            let coordinator = broker.coordinator();
            let shard = coordinator.shard(coordinator.partition_of(group))?;
            Some((shard.epoch(), (id, broker, coordinator.group(group))))
        });
        shards.max_by_key(|(epoch, _)| *epoch).map(|(_, found)| found)
    }

    /// What the process did a moment ago.
    pub(super) fn fresh(&self) -> &Fresh<'a> {
        &self.fresh
    }

    /// What has been decided, as far as anybody knows.
    pub(super) fn known(&self) -> &Image {
        &self.known
    }

    /// How many partitions there are that are not hidden.
    pub(super) fn known_count(&self, look: &Look<'_>) -> usize {
        let hidden = |name: &TopicPartition| !look.internal && metadata::topic_name::is_internal(&name.topic);
        self.known_atlas.names.iter().filter(|(_, name)| !hidden(name)).count()
    }

    /// The partitions that the broker has to hold, by name.
    pub(super) fn assigned(&self, broker: BrokerId) -> impl Iterator<Item = &(TopicIdPartition, TopicPartition)> {
        self.known_atlas.assigned(broker).iter().map(|place| &self.known_atlas.names[*place])
    }

    /// Has the controller shut the broker out, or not yet let it in, as far as anybody knows?
    pub(super) fn is_fenced(&self, broker: BrokerId) -> bool {
        self.known.broker(broker).is_none_or(|registered| registered.fenced)
    }

    /// The broker that was named to lead the partition and does so, perhaps hanging: up, not fenced, and it has read that it
    /// leads. Only of a picture.
    pub(super) fn serving(&self, id: TopicIdPartition) -> Option<(&'a Slot, &'a Partition)> {
        let registered = self.known.partition(id)?;
        let broker = registered.leader.filter(|broker| !self.is_fenced(*broker))?;
        let slot = self.slot(broker).filter(|slot| slot.liveness.is_up())?;
        let partition = self::broker(slot)?.partition(id)?;
        (partition.is_leader() && partition.leader_epoch() == registered.leader_epoch).then_some((slot, partition))
    }

    /// The partitions that the picture shows.
    pub(super) fn drawn(&self) -> impl Iterator<Item = (TopicIdPartition, &TopicPartition)> {
        self.drawn.iter().map(|(name, id)| (*id, name))
    }

    /// Internal topics only where the reader wants them.
    pub(super) fn is_drawn(&self, name: &TopicPartition) -> bool {
        self.drawn.contains_key(name)
    }

    /// The moment that is looked at.
    pub(super) fn now(&self) -> Time {
        self.now
    }

    /// The newest committed image.
    pub(super) fn image(&self) -> Option<&'a Image> {
        self.image
    }

    pub(super) fn topics(&self) -> impl Iterator<Item = &'a Str> {
        self.image.into_iter().flat_map(|image| image.topics().map(|topic| &topic.name))
    }

    /// Every partition, by topic name and number; internal ones only on request.
    pub(super) fn partitions(&self, internal: bool) -> impl Iterator<Item = &(TopicIdPartition, TopicPartition)> {
        let atlas = self.atlas.get_or_init(|| Rc::new(self.image.map(Atlas::of).unwrap_or_default()));
        atlas.names.iter().filter(move |(_, name)| internal || !metadata::topic_name::is_internal(&name.topic))
    }

    /// The brokers by id.
    pub(super) fn brokers(&self) -> impl Iterator<Item = (BrokerId, &'a Slot)> {
        self.nodes
            .iter()
            .filter(|(_, slot)| roles(slot).is_some_and(|roles| roles.is_broker()))
            .map(|(id, slot)| (*id, *slot))
    }

    /// The controllers by id.
    pub(super) fn controllers(&self) -> impl Iterator<Item = (BrokerId, &'a Slot)> {
        self.nodes
            .iter()
            .filter(|(_, slot)| roles(slot).is_some_and(|roles| roles.is_controller()))
            .map(|(id, slot)| (*id, *slot))
    }

    /// The place of the node with that id.
    pub(super) fn place(&self, id: BrokerId) -> Option<ProcessId> {
        self.nodes.get(&id).map(|slot| slot.id)
    }

    pub(super) fn slot(&self, id: BrokerId) -> Option<&'a Slot> {
        self.nodes.get(&id).copied()
    }

    /// The controller that is in charge: it leads the quorum, has taken charge and runs, and a majority of the
    /// controllers runs, can be reached and has not gone on to another epoch. One that only takes itself for the leader
    /// can decide nothing.
    pub(super) fn active(&self) -> Option<(BrokerId, &'a Slot)> {
        let leads = |(_, slot): &(BrokerId, &Slot)| {
            let node = node(slot).filter(|_| slot.liveness == Liveness::Running);
            let took_charge = node.is_some_and(|node| node.controller().is_some_and(|own| own.is_active()));
            node.is_some_and(|node| node.quorum().is_leader()) && took_charge && self.has_majority(slot)
        };
        self.controllers().filter(leads).max_by_key(|(_, slot)| node(slot).map(|node| node.quorum().epoch()))
    }

    /// Can this leader of the quorum still commit?
    pub(super) fn has_majority(&self, leader: &Slot) -> bool {
        let epoch = |slot: &Slot| node(slot).map(|node| node.quorum().epoch());
        let follows = |slot: &Slot| {
            slot.liveness == Liveness::Running
                && epoch(slot) <= epoch(leader)
                && !self.is_cut_between(leader.id, slot.id)
        };
        self.controllers().filter(|(_, slot)| follows(slot)).count() * 2 > self.controllers().count()
    }

    /// Does nothing pass between the two, in either direction?
    pub(super) fn is_cut_between(&self, one: ProcessId, other: ProcessId) -> bool {
        self.silent_ways().any(|way| way == (one, other) || way == (other, one))
    }

    /// Directions in which nothing passes at this moment, cut or stalled until later, from one of its processes to another.
    pub(super) fn silent_ways(&self) -> impl Iterator<Item = (ProcessId, ProcessId)> {
        let rules = self.world.network().link_rules().filter(|(_, _, rule)| match rule {
            LinkRule::Cut => true,
            LinkRule::StalledUntil(until) => *until > self.now,
            LinkRule::Held(_) | LinkRule::Lost { .. } | LinkRule::Delayed(_) => false,
        });
        let rules = rules.filter(|(from, to, _)| self.part.has(*from) && self.part.has(*to));
        // Several rules of one direction follow each other.
        let mut last = None;
        rules.map(|(from, to, _)| (from, to)).filter(move |way| last.replace(*way) != Some(*way))
    }

    /// What the newest image says of a partition.
    pub(super) fn registration(&self, id: TopicIdPartition) -> Option<&'a PartitionRegistration> {
        self.image?.partition(id)
    }

    /// The running broker that itself believes to lead the partition, in the highest epoch.
    pub(super) fn leader(&self, id: TopicIdPartition) -> Option<(&'a Slot, &'a Partition)> {
        let acts = |slot: &'a Slot| {
            let partition = broker(slot).filter(|_| slot.liveness.is_up())?.partition(id)?;
            partition.is_leader().then_some((slot, partition))
        };
        // Nobody that runs has read of a higher epoch than the newest image of those that run.
        let registered = self.registration(id);
        let named = registered.and_then(|registered| acts(self.slot(registered.leader?)?));
        let newest = |(_, partition): &(&Slot, &Partition)| {
            registered.is_some_and(|registered| registered.leader_epoch == partition.leader_epoch())
        };
        if let Some(named) = named.filter(newest) {
            return Some(named);
        }
        let leaders = self.brokers().filter_map(|(_, slot)| acts(slot));
        leaders.max_by_key(|(_, partition)| partition.leader_epoch())
    }

    /// The id behind a partition's name.
    pub(super) fn id_of(&self, name: &TopicPartition) -> Option<TopicIdPartition> {
        let known = || self.known_atlas.place(name).map(|place| self.known_atlas.names[place].0);
        let topic = self.image.and_then(|image| image.topic_id(&name.topic));
        let own = topic.map(|topic| TopicIdPartition { topic, partition: name.partition });
        own.filter(|id| self.registration(*id).is_some()).or_else(known)
    }

    /// A process's name on the stage: `2`, `c1`, `web`.
    pub(super) fn name(&self, process: ProcessId) -> &'a str {
        self.world.slot(process).map_or("", |slot| &slot.name)
    }
}

/// Is it a broker, also one that is down?
pub(super) fn is_broker(slot: &Slot) -> bool {
    roles(slot).is_some_and(port::Roles::is_broker)
}

/// `None`: a client.
fn node_id(slot: &Slot) -> Option<BrokerId> {
    match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => Some(setup.node),
        ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => None,
    }
}

fn roles(slot: &Slot) -> Option<port::Roles> {
    match &slot.config {
        ProcessConfig::Kafka(KafkaSetup::Node(setup)) => Some(setup.roles),
        ProcessConfig::Kafka(KafkaSetup::Producer(..) | KafkaSetup::Consumer(..) | KafkaSetup::Admin(..))
        | ProcessConfig::Other(_) => None,
    }
}

/// The node that runs, or last ran, in the slot.
pub(super) fn node(slot: &Slot) -> Option<&Node> {
    slot.process.as_ref()?.node()
}

/// The broker that runs, or last ran, in the slot.
pub(super) fn broker(slot: &Slot) -> Option<&Broker> {
    node(slot)?.broker()
}

/// What it believes of the cluster; controllers of their own have what is committed.
fn image_of(slot: &Slot) -> Option<&Image> {
    let node = node(slot)?;
    match node.broker() {
        Some(broker) => Some(broker.image()),
        None => node.controller().map(|controller| controller.committed_image()),
    }
}

/// The node's own place in the metadata log.
pub(super) fn metadata_offset(slot: &Slot) -> Offset {
    image_of(slot).map_or(Offset::UNDEFINED, Image::last_applied)
}
