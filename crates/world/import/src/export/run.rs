//! A run that is written out: what it was made of and what it has come to. Every text of it comes from these values, so that
//! whoever changes a name here has changed it in all of them.

use super::{Exported, compose, properties, reassignment, script, strimzi};
use crate::state;
use base::{FlatMap, Str};
use script::PlacedCommand;
use script::describe::{OffsetRow, TopicDescription, offset_table};
use sim::{Cluster, ClusterPlan};

/// One cluster of a run, at its end.
#[derive(Clone, Debug)]
pub struct Run {
    pub cluster: ClusterPlan,
    /// By name.
    pub topics: Vec<TopicDescription>,
    pub groups: FlatMap<Str, Vec<OffsetRow>>,
    pub commands: Vec<PlacedCommand>,
    /// Files of nodes as they were given.
    pub files: FlatMap<i32, Vec<String>>,
}

impl Run {
    /// What the commands have led the cluster to.
    pub fn of(cluster: &Cluster<'_>, commands: Vec<PlacedCommand>) -> Run {
        Run {
            cluster: cluster.plan().clone(),
            topics: state::topics(cluster),
            groups: state::groups(cluster),
            commands,
            files: FlatMap::new(),
        }
    }

    /// All of it, as Kafka's tools print it one after the other.
    pub fn described(&self) -> String {
        let mut text: String = self.topics.iter().map(ToString::to_string).collect();
        let groups = self.groups.values().filter(|rows| !rows.is_empty());
        groups.for_each(|rows| text.push_str(&offset_table(rows)));
        text
    }

    /// Every file: what the tools print, and what a real Kafka needs to repeat it.
    pub fn written(&self) -> Vec<Exported> {
        let mut files = vec![
            Exported { name: "described.txt".to_owned(), text: self.described() },
            reassignment(&self.topics),
            compose(&self.cluster),
            strimzi(&self.cluster, &self.topics),
            script(&self.cluster, &self.commands),
        ];
        files.extend(properties(&self.cluster, &self.files));
        files
    }
}
