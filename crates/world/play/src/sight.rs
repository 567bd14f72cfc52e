//! What can be looked at: a world at one instant, its ledger, and as much of its past as whoever looks has kept.

use crate::instead::{ForeignStep, Unseen};
use crate::tool::Tool;
use base::{BrokerId, Digest, FlatMap, ProcessId, Time};
use check::Ledger;
use port::{Fact, OperatorAnswer};
use sim::meters::Meters;
use sim::{Cluster, ClusterIndex, CommandError, World};

/// A fact with when and where.
pub type Seen = (Time, ProcessId, Fact);

/// A look at a world.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    pub world: &'a World,
    pub ledger: &'a Ledger,
    /// Everything that was reported so far; `None`: it was not kept.
    pub facts: Option<&'a [Seen]>,
    /// Counted from the run's start; `None`: they were not.
    pub meters: Option<&'a Meters>,
    /// Of the last request to the cluster.
    pub last_ticket: u64,
    /// Why the world did not take the last command.
    pub refusal: Option<&'a CommandError>,
    pub memory: Option<&'a Memory>,
    /// The last line of a tool.
    pub typed: Option<&'a Tool>,
    /// The cluster that is looked at: partitions, groups and `node.id`s have names in each. `None`: the first one; the
    /// ledger's numbers are those of all clusters then.
    pub cluster: Option<ClusterIndex>,
}

/// What `remember` keeps.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Of each node: a digest of what it knows and stores.
    pub kept: FlatMap<ProcessId, Digest>,
    /// The first step since then that no timer of its own process caused.
    pub foreign_step: Option<ForeignStep>,
}

impl<'a> Sight<'a> {
    /// A look at what stands there now; of the past only what the ledger tells.
    pub fn now(world: &'a World, ledger: &'a Ledger) -> Sight<'a> {
        Sight {
            world,
            ledger,
            facts: None,
            meters: None,
            last_ticket: 0,
            refusal: None,
            memory: None,
            typed: None,
            cluster: None,
        }
    }

    /// The same with an eye on another cluster.
    pub(crate) fn at(self, cluster: ClusterIndex) -> Sight<'a> {
        Sight { cluster: Some(cluster), ..self }
    }

    /// The cluster that is looked at.
    pub(crate) fn cluster(&self) -> Cluster<'a> {
        self.world.cluster(self.cluster.unwrap_or_default()).unwrap_or_else(|| self.world.first_cluster())
    }

    /// The cluster that is called so.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn named(&self, name: &str) -> Result<ClusterIndex, Unseen> {
        let found = self.world.clusters().find(|cluster| *cluster.plan().cluster_id == *name);
        found.map(|cluster| cluster.index()).ok_or_else(|| Unseen::NoCluster(name.to_owned()))
    }

    /// What a process is called on the stage.
    pub fn name(&self, process: ProcessId) -> String {
        self.world.slot(process).map_or_else(|| "?".into(), |slot| slot.name.to_string())
    }

    /// What the node with that `node.id` is called.
    pub fn node_name(&self, id: BrokerId) -> String {
        self.cluster().node(id).map_or_else(|| id.to_string(), |slot| slot.name.to_string())
    }

    /// How the cluster answered a request, as far as that is known.
    pub fn answer(&self, ticket: u64) -> Option<&'a OperatorAnswer> {
        self.answer_at(ticket).map(|(_, answer)| answer)
    }

    /// The same, with the instant at which the answer came.
    pub fn answer_at(&self, ticket: u64) -> Option<(Time, &'a OperatorAnswer)> {
        self.facts?.iter().rev().find_map(|(at, _, fact)| Some((*at, fact.answer_to(ticket)?)))
    }

    /// What a node knows of its cluster and keeps on its disk. Timers, connections and roles in an
    /// election are not in it: those move by a node's own clock.
    pub fn knowledge(&self, process: ProcessId) -> Digest {
        // Who was never started knows nothing.
        let Some(running) = self.world.process(process) else { return Digest(0) };
        let node = running.node();
        let broker = node.and_then(process::Node::broker);
        let logs = broker.map(|broker| {
            let part = |partition: &broker::Partition| {
                (partition.name().clone(), partition.log().clone(), partition.role().clone())
            };
            broker.partitions().values().map(|partition| part(partition)).collect::<Vec<_>>()
        });
        let quorum = node.map(|node| (node.quorum().log_end(), node.quorum().high_watermark()));
        let consumer = running.consumer().map(|consumer| consumer.delivered_count());
        let producer = running.producer().map(|producer| producer.counts().acked);
        Digest::of(&(broker.map(|broker| broker.image().clone()), logs, quorum, consumer, producer))
    }
}
