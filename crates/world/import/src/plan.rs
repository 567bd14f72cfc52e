//! What the texts mean together: nodes with their settings, topics with their copies and where they shall stand, groups.

use crate::answer::{self, Answer};
use crate::found::{Assumed, Found, GroupFound, NodeFound, PartitionFound, TopicFound};
use base::{Endpoints, FlatMap, FlatSet, Str};
use config::{BrokerListeners, LISTENER_SETTINGS, Scope};
use port::{Feature, Roles};
use sim::{ClusterPlan, NodePlan};

/// A cluster and the state that it shall come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub cluster: ClusterPlan,
    pub topics: Vec<TopicPlan>,
    pub groups: FlatMap<Str, GroupFound>,
    pub seed: u64,
    /// What a person says where the texts say nothing.
    pub(crate) answers: Vec<Answer>,
    /// Files of nodes as they were given, with what was not understood.
    pub files: FlatMap<i32, Vec<String>>,
}

/// A topic to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPlan {
    pub name: Str,
    pub configs: FlatMap<Str, Str>,
    pub shape: Shape,
}

/// Where its copies go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The controller places them.
    Counted { partitions: Option<i32>, replication_factor: Option<i16> },
    /// Partition 0 first.
    Placed(Vec<PartitionFound>),
}

/// What files say of listeners besides.
const BESIDE_THEM: [&str; 2] = ["controller.listener.names", "security.inter.broker.protocol"];

impl Plan {
    /// Puts together what was found, and notes down what had to be assumed.
    pub fn of(found: &Found) -> (Plan, Vec<Assumed>) {
        let mut assumed: Vec<Assumed> = found.answers.iter().cloned().map(Assumed::Answered).collect();
        assumed.extend(found.notes.iter().cloned());
        let mut nodes = nodes(found, &mut assumed);
        let topics = topics(found, &mut assumed);
        keep_room(&mut nodes);
        let mut cluster = ClusterPlan::first(0, 0);
        cluster.nodes = nodes;
        cluster.overrides = found.settings.clone();
        listeners(&mut cluster, &mut assumed);
        if is_without_elr(found) {
            cluster.features.remove(&Feature::EligibleLeaderReplicas);
            assumed.push(Assumed::NoElr);
        }
        offsets_topic(&mut cluster, found, &mut assumed);
        let files = found.nodes.iter().filter(|(_, node)| !node.file.is_empty());
        let files = files.map(|(id, node)| (*id, node.file.clone())).collect();
        let (groups, answers) = (found.groups.clone(), found.answers.clone());
        let mut plan = Plan { cluster, topics, groups, seed: 1, answers, files };
        crate::groups_plan::settle(&mut plan, &mut assumed);
        (plan, assumed)
    }

    /// Brokers by number.
    pub(crate) fn brokers(&self) -> Vec<i32> {
        self.cluster.nodes.iter().filter(|plan| plan.roles.is_broker()).map(|plan| plan.node).collect()
    }

    /// Somebody says that it is up, whatever its ISRs look like.
    pub(crate) fn is_said_to_be_up(&self, id: i32) -> bool {
        self.answers.contains(&Answer::Up(id))
    }

    /// Somebody says that the group reads on.
    pub(crate) fn is_at_work(&self, group: &Str) -> bool {
        self.answers.iter().any(|answer| matches!(answer, Answer::AtWork(name) if name == group))
    }

    /// `min.insync.replicas` of a topic.
    pub(crate) fn min_isr(&self, topic: &TopicPlan) -> usize {
        let name = "min.insync.replicas";
        let value = topic.configs.get(name).or_else(|| self.cluster.overrides.get(name));
        value.and_then(|value| value.trim().parse().ok()).unwrap_or(1)
    }
}

/// Does the cluster keep no eligible leader replicas? Older releases do not name them; of newer ones a partition tells that
/// nobody leads and that keeps somebody in its ISR, or one that has too few in sync and nobody eligible.
fn is_without_elr(found: &Found) -> bool {
    let partitions = || {
        found.topics.values().flat_map(|topic| {
            let min =
                topic.configs.get("min.insync.replicas").and_then(|value| value.parse::<usize>().ok()).unwrap_or(1);
            topic.partitions.values().map(move |partition| (min, partition))
        })
    };
    let lists = |list: &Option<Vec<i32>>| list.as_ref().is_some_and(|list| !list.is_empty());
    if partitions().any(|(_, each)| lists(&each.elr) || lists(&each.last_known_elr)) {
        return false;
    }
    let tells = |(min, each): (usize, &PartitionFound)| {
        let Some(isr) = &each.isr else { return false };
        each.leader == Some(None) && !isr.is_empty() || isr.len() < min.min(each.replicas.len())
    };
    let describes = partitions().any(|(_, each)| each.isr.is_some());
    describes && (!found.names_elr || partitions().any(tells))
}

/// Every number that a text names as a broker's.
fn named(found: &Found) -> FlatSet<i32> {
    let partitions = found.topics.values().flat_map(|topic| topic.partitions.values());
    partitions.flat_map(|partition| partition.replicas.iter().copied()).collect()
}

fn nodes(found: &Found, assumed: &mut Vec<Assumed>) -> Vec<NodePlan> {
    let mut all: FlatMap<i32, NodeFound> = found.nodes.clone();
    for id in &named(found) {
        all.entry(*id).or_default();
    }
    let is_voter = |id: &i32| found.voters.contains(id);
    let holds = named(found);
    let roles = |id: &i32, node: &NodeFound| match node.roles {
        // Whoever holds copies is a broker, whatever a file says.
        Some(Roles::Controller) if holds.contains(id) => Roles::Combined,
        Some(roles) => roles,
        None if is_voter(id) => Roles::Combined,
        None => Roles::Broker,
    };
    let mut nodes: Vec<NodePlan> = Vec::new();
    for (id, node) in &all {
        let roles = roles(id, node);
        if node.roles.is_some_and(|given| given != roles) {
            assumed.push(Assumed::AlsoBroker(*id));
        }
        let name = if roles.is_broker() { id.to_string() } else { format!("c{id}") };
        nodes.push(NodePlan {
            rack: node.rack.clone(),
            overrides: node.settings.clone(),
            advertised: node.advertised.clone().filter(|endpoint| *endpoint.host != *format!("broker-{id}")),
            ..NodePlan::new(name, *id, roles)
        });
    }
    if !nodes.iter().any(|plan| plan.roles.is_broker()) {
        let counted = found.topics.values().filter_map(|topic| topic.replication_factor).max().unwrap_or(1);
        let said = answer::brokers(&found.answers);
        let count = said.unwrap_or(u32::from(counted.clamp(3, 100).unsigned_abs()));
        let ids = (1..).take(count as usize);
        nodes.extend(ids.map(|id: i32| NodePlan::new(id.to_string(), id, Roles::Broker)));
        assumed.extend(said.is_none().then_some(Assumed::Brokers(count)));
    }
    voters(found, &mut nodes, assumed);
    // Controllers first, as everywhere: they are what the others look for.
    base::sort_by_key(&mut nodes, |plan| (plan.roles.is_broker(), plan.node));
    nodes
}

/// Voters that no file is about stand for themselves; without any there are three.
fn voters(found: &Found, nodes: &mut Vec<NodePlan>, assumed: &mut Vec<Assumed>) {
    for id in found.voters.iter().filter(|id| !found.nodes.contains_key(id)) {
        match nodes.iter_mut().find(|plan| plan.node == *id) {
            Some(plan) => plan.roles = Roles::Combined,
            None => nodes.push(NodePlan::new(format!("c{id}"), *id, Roles::Controller)),
        }
    }
    if nodes.iter().any(|plan| plan.roles.is_controller()) {
        return;
    }
    let is_free = |id: &i32| !nodes.iter().any(|plan| plan.node == *id);
    let said = answer::controllers(&found.answers);
    let count = said.unwrap_or(3);
    let ids = |first: i32| (first..).take(count as usize);
    let first = (101..).step_by(100).find(|first| ids(*first).all(|id| is_free(&id))).unwrap_or(101);
    let named = (1..).zip(ids(first));
    nodes.extend(named.map(|(index, id)| NodePlan::new(format!("c{index}"), id, Roles::Controller)));
    assumed.extend(said.is_none().then_some(Assumed::Controllers(count)));
}

/// Brokers reach each other by one listener, and all of them say which; where what the texts say does not fit together, they have
/// one listener each, as where nobody says anything.
fn listeners(cluster: &mut ClusterPlan, assumed: &mut Vec<Assumed>) {
    let is_legal = |plan: &NodePlan| {
        let said = cluster.settings_of(plan);
        let value = |name: &&str| Some((config::key(Scope::Broker, name)?, said.get(*name)?));
        LISTENER_SETTINGS.iter().filter_map(value).all(|(key, value)| key.parse_set(value).is_ok())
    };
    let brokers = || cluster.nodes.iter().filter(|plan| plan.roles.is_broker());
    let all: Result<Vec<_>, _> = brokers().map(|plan| cluster.listeners_of(plan)).collect();
    let fits = match &all {
        Err(_refused) => false,
        Ok(all) => {
            // Whoever says nothing has Kafka's own.
            let for_brokers = |one: &Option<BrokerListeners>| {
                one.as_ref().map_or(Endpoints::PLAINTEXT.into(), |all| all.inter_broker.clone())
            };
            all.windows(2).all(|two| for_brokers(&two[0]) == for_brokers(&two[1])) && brokers().all(is_legal)
        }
    };
    if fits {
        return;
    }
    let settings = cluster.nodes.iter_mut().map(|plan| &mut plan.overrides).chain([&mut cluster.overrides]);
    for settings in settings {
        settings.retain(|name, _| !LISTENER_SETTINGS.contains(&&**name) && !BESIDE_THEM.contains(&&**name));
    }
    assumed.push(Assumed::OneListener);
}

/// No more than a world takes: the reader has counted already, describe outputs have not.
fn keep_room(nodes: &mut Vec<NodePlan>) {
    nodes.truncate(crate::MOST_NODES);
}

fn topics(found: &Found, assumed: &mut Vec<Assumed>) -> Vec<TopicPlan> {
    let topics = found.topics.iter().filter(|(name, _)| !name.starts_with("__"));
    let mut plans: Vec<TopicPlan> = Vec::new();
    for (name, topic) in topics {
        let shape = shape(topic);
        match &shape {
            Shape::Counted { .. } => assumed.push(Assumed::Placed(name.clone())),
            Shape::Placed(partitions) if partitions.iter().all(|partition| partition.isr.is_none()) => {
                let note = Assumed::InSync(name.clone());
                if !assumed.contains(&note) {
                    assumed.push(note);
                }
            }
            Shape::Placed(_) => {}
        }
        plans.push(TopicPlan { name: name.clone(), configs: topic.configs.clone(), shape });
    }
    plans
}

/// Placed by hand where every partition is told, from 0 on.
fn shape(topic: &TopicFound) -> Shape {
    let all = topic.partitions.keys().copied().eq(0..topic.partitions.len() as i32);
    if all && !topic.partitions.is_empty() {
        return Shape::Placed(topic.partitions.values().cloned().collect());
    }
    let last = topic.partitions.last_key_value().map(|(number, _)| number + 1);
    let copies = topic.partitions.values().map(|partition| partition.replicas.len() as i16).max();
    Shape::Counted { partitions: topic.count.or(last), replication_factor: topic.replication_factor.or(copies) }
}

/// A group's offsets need a topic; its factor of three needs three brokers. Texts with groups say that there is one.
fn offsets_topic(cluster: &mut ClusterPlan, found: &Found, assumed: &mut Vec<Assumed>) {
    let name = "offsets.topic.replication.factor";
    let brokers = cluster.nodes.iter().filter(|plan| plan.roles.is_broker()).count();
    let is_set = cluster.settings().iter().any(|settings| settings.contains_key(name));
    if !found.groups.is_empty() && brokers < 3 && !is_set {
        cluster.overrides.insert(name.into(), brokers.to_string().into());
        assumed.push(Assumed::OffsetsFactor(brokers as u32));
    }
}
