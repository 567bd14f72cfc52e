//! The names that a text has made: of its nodes and clients, topics and groups, marks, and what it varies.

use super::Document;
use crate::scenario::Vary;
use base::Str;
use sim::{Command, KafkaCommand};

/// Partitions of one topic that are offered.
const MOST_PARTITIONS: i32 = 9;

/// See the module.
#[derive(Default)]
pub(super) struct Names {
    /// Of its clusters, where there are several.
    pub clusters: Vec<Str>,
    pub nodes: Vec<Str>,
    pub producers: Vec<Str>,
    pub consumers: Vec<Str>,
    pub topics: Vec<Str>,
    pub partitions: Vec<Str>,
    pub groups: Vec<Str>,
    /// Outside Kafka.
    pub stores: Vec<Str>,
    pub marks: Vec<Str>,
    pub vary: Vec<Vary>,
}

impl Names {
    pub(super) fn of(text: &str) -> Names {
        let (document, _mistakes) = Document::fragment(text);
        let (scenario, _wrong) = document.attempt(&document.first());
        let mut names = Names { vary: document.vary.clone(), ..Names::default() };
        let nodes = scenario.setup.clusters.iter().flat_map(|cluster| &cluster.nodes);
        nodes.for_each(|plan| note(&mut names.nodes, &plan.name));
        if scenario.setup.clusters.len() > 1 {
            names.clusters = scenario.setup.clusters.iter().map(|cluster| cluster.cluster_id.clone()).collect();
        }
        document.marks().for_each(|mark| note(&mut names.marks, mark));
        scenario.commands.iter().for_each(|placed| names.of_command(&placed.command));
        names
    }

    fn of_command(&mut self, command: &Command) {
        match command {
            Command::Kafka(_, KafkaCommand::CreateTopic { name, partitions, assignments, .. }) => {
                let placed = i32::try_from(assignments.len()).unwrap_or(i32::MAX);
                self.topic(name, partitions.unwrap_or(1).max(placed));
            }
            Command::Kafka(_, KafkaCommand::AddPartitions { topic, total, .. }) => self.topic(topic, *total),
            Command::Kafka(None, KafkaCommand::AddBroker { node, .. }) => note(&mut self.nodes, &node.to_string()),
            Command::Kafka(Some(cluster), KafkaCommand::AddBroker { node, .. }) => {
                note(&mut self.nodes, &format!("{cluster}-{node}"));
            }
            Command::Kafka(_, KafkaCommand::AddProducer { name, .. }) => note(&mut self.producers, name),
            Command::Kafka(_, KafkaCommand::AddConsumer { name, group, configs, .. }) => {
                configs.get("app.sink").into_iter().for_each(|store| note(&mut self.stores, store.trim()));
                note(&mut self.consumers, name);
                note(&mut self.groups, group);
            }
            _makes_no_name => {}
        }
    }

    fn topic(&mut self, name: &Str, partitions: i32) {
        note(&mut self.topics, name);
        (0..partitions.min(MOST_PARTITIONS)).for_each(|number| note(&mut self.partitions, &format!("{name}-{number}")));
    }

    /// Everything that can be killed, cut off or looked at by name.
    pub(super) fn processes(&self) -> impl Iterator<Item = &str> {
        [&self.nodes, &self.producers, &self.consumers].into_iter().flatten().map(|name| &**name)
    }

    /// All of them, for what takes several sorts.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let others = [&self.partitions, &self.topics, &self.groups].into_iter().flatten();
        others.map(|name| &**name).chain(self.processes())
    }
}

fn note(names: &mut Vec<Str>, name: &str) {
    if !names.iter().any(|known| **known == *name) {
        names.push(name.into());
    }
}
