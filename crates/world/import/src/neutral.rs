//! What a run comes to without a name of its owner's, before any text is written: all texts of it call the same thing the same.

use crate::export::{Run, host};
use crate::names::{Names, is_number};
use base::{Endpoint, FlatMap, Str};
use config::Scope;
use script::PlacedCommand;
use script::describe::{MemberRow, OffsetRow, TopicDescription};
use sim::{ClusterPlan, NodePlan};

mod commands;

impl Run {
    /// The same run. Topics, groups, clients, hosts, racks, keys and values are called by numbers; Kafka's internal topics and
    /// numbers of nodes stay. Files that somebody gave are left out, for nobody knows what they say.
    #[must_use]
    pub fn neutral(self) -> Run {
        let mut names = Names::new();
        let cluster = cluster(&mut names, self.cluster);
        let topics = self.topics.into_iter().map(|told| topic(&mut names, told)).collect();
        let mut groups: FlatMap<Str, Vec<OffsetRow>> = FlatMap::new();
        for (name, rows) in self.groups {
            let rows = rows.into_iter().map(|told| row(&mut names, told)).collect();
            groups.insert(names.group(&name), rows);
        }
        let commands = self.commands.into_iter();
        let commands = commands
            .filter_map(|PlacedCommand { after, command }| {
                Some(PlacedCommand { after, command: commands::renamed(&mut names, command)? })
            })
            .collect();
        Run { cluster, topics, groups, commands, files: FlatMap::new() }
    }
}

fn cluster(names: &mut Names, mut cluster: ClusterPlan) -> ClusterPlan {
    let plans = cluster.nodes.clone();
    for plan in &mut cluster.nodes {
        if !is_number(&plan.name) {
            let new: Str =
                if plan.roles.is_broker() { plan.node.to_string() } else { format!("c{}", plan.node) }.into();
            names.node(&plan.name, &new);
            plan.name = new;
        }
        plan.rack = plan.rack.as_ref().map(|rack| names.rack(rack));
        plan.overrides = names.settings(Scope::Broker, &plan.overrides);
        plan.advertised = plan.advertised.take().and_then(|at| advertised(names, &plans, at));
    }
    cluster.overrides = names.settings(Scope::Broker, &cluster.overrides);
    cluster
}

/// A host of one node alone is its own name again; one that leads elsewhere or is shared leads there still.
fn advertised(names: &mut Names, plans: &[NodePlan], at: Endpoint) -> Option<Endpoint> {
    let is_nodes_own = plans.iter().any(|plan| *at.host == *host(plan));
    let same = plans.iter().filter(|plan| plan.advertised.as_ref().is_some_and(|other| other.host == at.host));
    if is_nodes_own {
        return Some(at);
    }
    if NodePlan::leads_to_its_node(&at.host) && same.count() == 1 {
        return None;
    }
    Some(Endpoint { host: names.host(&at.host), port: at.port })
}

fn topic(names: &mut Names, told: TopicDescription) -> TopicDescription {
    let setting = |(name, value): (Str, Str)| Some((name.clone(), names.setting(Scope::Topic, &name, &value)?));
    let configs = told.configs.into_iter().filter_map(setting).collect();
    TopicDescription { name: names.topic(&told.name), configs, id: told.id, partitions: told.partitions }
}

fn row(names: &mut Names, told: OffsetRow) -> OffsetRow {
    let member = told.member.map(|member| MemberRow {
        consumer_id: names.member(&member.consumer_id, &member.client_id),
        host: member.host,
        client_id: names.client(&member.client_id),
    });
    let OffsetRow { group, topic, partition, current, end, .. } = told;
    OffsetRow { group: names.group(&group), topic: names.topic(&topic), partition, current, end, member }
}
