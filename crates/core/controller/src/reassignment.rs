//! When a reassignment is done (`PartitionReassignmentReplicas`, semantics 7.5).

use base::BrokerId;

/// The partition as the reassignment leaves it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CompletedReassignment {
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
}

/// Is the reassignment over with this ISR? All added replicas must be in it, and when the
/// replication factor shrinks, all that stay.
/// Until then old and new replicas hold the partition together, so that it is never held by fewer than wanted.
pub fn completed(
    replicas: &[BrokerId],
    isr: &[BrokerId],
    adding: &[BrokerId],
    removing: &[BrokerId],
) -> Option<CompletedReassignment> {
    if adding.is_empty() && removing.is_empty() {
        return None;
    }
    let keep =
        |ids: &[BrokerId]| -> Vec<BrokerId> { ids.iter().copied().filter(|id| !removing.contains(id)).collect() };
    let (replicas, isr) = (keep(replicas), keep(isr));
    if replicas.is_empty() || isr.is_empty() {
        return None;
    }
    let required = if adding.len() < removing.len() { replicas.as_slice() } else { adding };
    let all_in_sync = required.iter().all(|id| isr.contains(id));
    all_in_sync.then_some(CompletedReassignment { replicas, isr })
}
