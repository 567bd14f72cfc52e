//! What a program's death at a commit comes to, as it was when it died: records that it had worked on and whose group goes on
//! before them, and records that are committed and that it had not worked on. What the group's heirs do since does not
//! change it.

use base::{GroupId, Offset, TopicPartition};
use check::ClusterLedger;
use client::Consumer;
use client::consumer::{Death, Left};
use config::AutoOffsetReset;

/// Offsets of a stretch that are looked at one by one; in a longer one all count as records.
const LOOKED_AT: i64 = 1_000;

/// Read again, and never worked on.
pub(super) fn toll(ledger: Option<&ClusterLedger>, (consumer, death): (&Consumer, &Death)) -> (u64, u64) {
    let group = &consumer.setup().group;
    let (mut again, mut never) = (0, 0);
    for Left { partition, worked, committed, .. } in &death.left {
        let first = committed.or_else(|| start(consumer)).unwrap_or(*worked);
        again += given(ledger, group, (partition, first, *worked));
        never += given(ledger, group, (partition, *worked, committed.unwrap_or(Offset::ZERO)));
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
    let all = (to.0 - from.0).max(0);
    match ledger.filter(|_| all <= LOOKED_AT) {
        Some(ledger) => (from.0..to.0).filter(|at| ledger.was_given(group, partition, Offset(*at))).count() as u64,
        None => all.unsigned_abs(),
    }
}
