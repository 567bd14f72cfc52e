//! What a program's death at a commit comes to: records that it had worked on and that its group will be given again, and
//! records that are committed and that it had not worked on. Where the group goes on is asked of its coordinator now.

use base::{GroupId, Offset, TopicPartition};
use check::ClusterLedger;
use client::Consumer;
use client::consumer::{Death, Left};
use config::AutoOffsetReset;

use super::cluster::Cluster;

/// Offsets that are looked at one by one; of more it is told that there are at least so many.
const LOOKED_AT: usize = 100_000;

/// Read again, and never worked on.
pub(super) fn toll(
    (cluster, ledger): (&Cluster<'_>, Option<&ClusterLedger>),
    (consumer, death): (&Consumer, &Death),
) -> (u64, u64) {
    let group = &consumer.setup().group;
    let coordinator = cluster.coordinator(group).map(|(_, broker, _)| broker.coordinator());
    let (mut again, mut never) = (0, 0);
    for Left { partition, worked, committed, .. } in &death.left {
        let now = coordinator.and_then(|it| Some(it.committed(group, partition)?.offset));
        let first = now.or_else(|| start(consumer)).unwrap_or(*worked);
        again += given(ledger, group, (partition, first, *worked));
        let own = committed.unwrap_or(Offset::ZERO).min(now.unwrap_or(Offset::ZERO));
        never += given(ledger, group, (partition, *worked, own));
    }
    (again, never)
}

/// Where a group goes on that has committed nothing; `None`: not among what is there.
fn start(consumer: &Consumer) -> Option<Offset> {
    match consumer.config().auto_offset_reset {
        AutoOffsetReset::Earliest | AutoOffsetReset::ByDuration(_) => Some(Offset::ZERO),
        AutoOffsetReset::Latest | AutoOffsetReset::None => None,
    }
}

/// Records in a stretch that the group's programs were given once; without a ledger all of it.
fn given(ledger: Option<&ClusterLedger>, group: &GroupId, stretch: (&TopicPartition, Offset, Offset)) -> u64 {
    let (partition, from, to) = stretch;
    let all = (from.0..to.0).take(LOOKED_AT);
    match ledger {
        Some(ledger) => all.filter(|at| ledger.was_given(group, partition, Offset(*at))).count() as u64,
        None => all.count() as u64,
    }
}
