//! What became of records in a store outside Kafka: done twice, or never. A record was never done if an application was
//! given it, its group has committed past it, and no row tells of it: then nobody will be given it again.

use crate::ClusterLedger;
use base::{GroupId, Offset, TopicPartition};
use port::{KafkaSetup, ProcessConfig};
use sim::{Cluster, Sink};

/// Offsets that are looked at one by one in what a store lacks; of more it is told that there are at least so many.
const LOOKED_AT: i64 = 100_000;

/// What a store has, and what it should have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub rows: u64,
    /// Times that a row was written.
    pub writes: u64,
    /// Records with more rows than one.
    pub twice: u64,
    /// Writes of a row that was there, which changed nothing.
    pub same: u64,
    /// Records that will have no row.
    pub never: u64,
    /// Writes that failed, because the store was out of order.
    pub failed: u64,
}

impl Done {
    /// Every number with its name, as scenarios spell it.
    pub fn named(&self) -> [(&'static str, u64); 6] {
        let Done { rows, writes, twice, same, never, failed } = *self;
        [("rows", rows), ("writes", writes), ("twice", twice), ("same", same), ("never", never), ("failed", failed)]
    }
}

/// The numbers of a cluster's applications and the store of that name that they write to; there is none before somebody
/// has written.
pub fn done(cluster: Cluster<'_>, ledger: &ClusterLedger, name: &str, sink: Option<&Sink>) -> Done {
    let groups = groups(cluster, name);
    let mut never = 0;
    for group in &groups {
        for (partition, _) in ledger.given_up_to(group) {
            let end = committed(cluster, group, partition);
            let holes = sink.map_or_else(|| vec![(Offset::ZERO, end)], |sink| sink.holes(partition, end));
            let holes = holes.into_iter().flat_map(|(from, to)| from.0..to.0);
            let given = holes.take(LOOKED_AT as usize).filter(|at| ledger.was_given(group, partition, Offset(*at)));
            never += given.count() as u64;
        }
    }
    // Nobody has written anything.
    let Some(sink) = sink else { return Done { never, ..Done::default() } };
    let (rows, writes, twice) = (sink.rows(), sink.writes(), sink.twice());
    Done { rows, writes, twice, same: sink.same(), never, failed: sink.failed() }
}

/// The groups whose applications write there.
fn groups(cluster: Cluster<'_>, name: &str) -> Vec<GroupId> {
    let mut groups: Vec<GroupId> = Vec::new();
    for slot in cluster.slots() {
        let ProcessConfig::Kafka(KafkaSetup::Consumer(client, setup)) = &slot.config else { continue };
        if client.overrides.get("app.sink").is_some_and(|sink| sink.trim() == name) && !groups.contains(&setup.group) {
            groups.push(setup.group.clone());
        }
    }
    groups
}

/// Where the group goes on, as the broker that answers for it knows; the start where nobody does.
pub fn committed(cluster: Cluster<'_>, group: &str, partition: &TopicPartition) -> Offset {
    let up = cluster.slots().filter(|slot| slot.liveness.is_up());
    let mut coordinators = up.filter_map(|slot| Some(slot.process.as_ref()?.node()?.broker()?.coordinator()));
    let committed = coordinators.find_map(|coordinator| coordinator.committed(group, partition));
    committed.map_or(Offset::ZERO, |committed| committed.offset)
}
