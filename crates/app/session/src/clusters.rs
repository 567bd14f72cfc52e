//! Which of a run's clusters is shown. The stage has room for one; what gestures and lines do without naming a cluster they
//! do to that one. It is a choice of the reader's, as a zoom is: no part of the run, and of a link only of its address.

use lab::{Happening, Lab};
use script::{Command, KafkaCommand, Scenario, WorldCommand, cli};
use sim::ClusterIndex;
use view::picture::{self, Memory, Recent};
use view::text::Text;
use view::{ClustersView, ProcessId, Str, Time};

use crate::Session;
use crate::visit::{Complaint, Visit};

/// What the shown cluster reported in the last moments.
#[derive(Default)]
pub(super) struct RecentFacts {
    pub facts: Vec<Recent>,
    /// Since when these are all, where those of other clusters left no room for more.
    pub since: Option<Time>,
}

impl Session {
    /// The cluster that is shown, as it is at the reader's instant.
    pub(super) fn cluster(&self) -> sim::Cluster<'_> {
        shown_of(&self.lab, self.shown)
    }

    /// How commands name a cluster; the first one has no name.
    pub(super) fn cluster_name(&self, cluster: ClusterIndex) -> Option<Str> {
        shown_of(&self.lab, cluster).command_name()
    }

    /// Is there a choice?
    pub fn has_several_clusters(&self) -> bool {
        self.lab.scenario().setup.clusters.len() > 1
    }

    /// Which one is shown.
    pub fn shown_cluster(&self) -> ClusterIndex {
        self.shown
    }

    /// Shows another cluster of this run; nothing where there are not so many.
    pub fn show_cluster(&mut self, cluster: ClusterIndex) {
        if cluster == self.shown || self.lab.scenario().setup.cluster(cluster).is_none() {
            return;
        }
        self.version += 1;
        self.turn_to(cluster);
    }

    fn turn_to(&mut self, cluster: ClusterIndex) {
        self.shown = cluster;
        self.memory = Memory::default();
        (self.story, self.hint) = (None, None);
        self.forget_what_was_told();
    }

    /// Another experiment is on the stage: shows the cluster that the address names, or else the first.
    pub(super) fn turn_to_asked(&mut self) {
        self.turn_to(asked_of(self.lab.scenario(), &self.wished));
    }

    /// The address names a cluster that is not there; told once, when the experiment is there.
    pub(super) fn mind_the_cluster(&mut self) {
        let scenario = self.lab.scenario();
        // None was asked for, or it is there.
        let Some(asked) = self.cluster_asked.take().filter(|name| named(scenario, name).is_none()) else { return };
        let there = scenario.setup.clusters().map(|(_, plan)| plan.cluster_id.to_string()).collect();
        self.complaints.push(Complaint::NoCluster { asked, there });
    }

    /// The cluster that a process belongs to.
    pub fn cluster_of(&self, process: ProcessId) -> ClusterIndex {
        self.lab.run().world.cluster_of(process)
    }

    /// An address that shows the same cluster. Where it names none the first is shown, or the one that the lesson wishes.
    pub(super) fn showing(&self, address: String) -> String {
        let wished = asked_of(self.lab.scenario(), &self.wished);
        if self.shown == ClusterIndex::FIRST && wished == ClusterIndex::FIRST {
            return address;
        }
        let plan = self.lab.scenario().setup.cluster(self.shown).expect("only a cluster of this run is shown");
        view::share::showing(&address, &plan.cluster_id)
    }

    /// The tabs; `None` where there is one cluster.
    pub(super) fn clusters_view(&self, text: &'static Text) -> Option<ClustersView> {
        picture::clusters(&self.lab, self.shown, text)
    }

    /// What a line that names no cluster means: that one, which was shown when it was typed. Where it names a client it means
    /// the client's; Kafka's tools mean the cluster of the server that they are given, and call nodes by their `node.id`.
    pub(super) fn meant(&self, line: &str, cluster: ClusterIndex, command: Command) -> Command {
        let cluster = shown_of(&self.lab, cluster);
        let is_tool = cli::is_kafka(line);
        match command {
            Command::Kafka(None, command) if !(names_client(&command) || is_tool && cli::is_for_first(line)) => {
                Command::Kafka(cluster.command_name(), command)
            }
            Command::World(WorldCommand::Stop { name }) if is_tool => {
                Command::World(WorldCommand::Stop { name: node_called(cluster, name) })
            }
            Command::World(WorldCommand::Start { name }) if is_tool => {
                Command::World(WorldCommand::Start { name: node_called(cluster, name) })
            }
            said => said,
        }
    }

    /// The facts of the last moments that the shown cluster reported. Nobody looks through them where it is alone.
    pub(super) fn recent_of(&self, facts: &[(f64, Happening)]) -> RecentFacts {
        let cluster = self.cluster();
        let own = facts.iter().filter(|(_, happening)| cluster.has(happening.process));
        let oldest = facts.first().filter(|_| facts.len() >= lab::RECENT_FACTS && !cluster.is_alone());
        RecentFacts {
            facts: own.map(|(age, happening)| Recent::of(*age, happening)).collect(),
            since: oldest.map(|(_, happening)| happening.at),
        }
    }
}

fn named(scenario: &Scenario, name: &str) -> Option<ClusterIndex> {
    let mut clusters = scenario.setup.clusters();
    clusters.find(|(_, plan)| plan.cluster_id.eq_ignore_ascii_case(name)).map(|(index, _)| index)
}

/// The cluster that a visit wants to see; the first where it names none, or none that is there.
pub(super) fn asked_of(scenario: &Scenario, visit: &Visit) -> ClusterIndex {
    visit.cluster.as_deref().and_then(|name| named(scenario, name)).unwrap_or_default()
}

/// The cluster that is shown of an experiment.
pub(super) fn shown_of(lab: &Lab, shown: ClusterIndex) -> sim::Cluster<'_> {
    lab.run().world.cluster(shown).expect("only a cluster of this run is shown")
}

/// The node that a cluster's own tool calls so: `2`, `c1`. Never another cluster's, even where this one has no such node.
fn node_called(cluster: sim::Cluster<'_>, name: Str) -> Str {
    cluster.command_name().map_or(name.clone(), |cluster| format!("{cluster}-{name}").as_str().into())
}

/// Is the command for the cluster of a client that it names?
fn names_client(command: &KafkaCommand) -> bool {
    match command {
        KafkaCommand::Send { .. } | KafkaCommand::SetInterval { .. } | KafkaCommand::Leave { .. } => true,
        KafkaCommand::Call { .. } => true,
        KafkaCommand::CreateTopic { .. }
        | KafkaCommand::DeleteTopic { .. }
        | KafkaCommand::AddPartitions { .. }
        | KafkaCommand::AlterTopicConfig { .. }
        | KafkaCommand::ElectLeaders { .. }
        | KafkaCommand::AddBroker { .. }
        | KafkaCommand::AddProducer { .. }
        | KafkaCommand::AddConsumer { .. }
        | KafkaCommand::Read { .. }
        | KafkaCommand::ListTopics
        | KafkaCommand::Via { .. }
        | KafkaCommand::Ask(_) => false,
    }
}
