//! What happens to partitions when a broker comes or goes
//! (`ReplicationControlManager.generateLeaderAndIsrUpdates`, semantics 7.3).

use crate::View;
use crate::partition_change::{self, Target};
use base::BrokerId;
use metadata::{BrokerRegistrationChange, MetadataRecord, PartitionRegistration};

/// Which broker comes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// It leaves every ISR and leads nothing.
    Removed(BrokerId),
    /// It may lead from now on, though the image still shows it fenced.
    Added(BrokerId),
    /// It was not stopped cleanly: it leaves ISR and ELR and leads nothing.
    UncleanShutdown(BrokerId),
}

/// The changes of every partition that `affected` names.
fn updates(view: View<'_>, step: Move, affected: impl Fn(&PartitionRegistration) -> bool) -> Vec<MetadataRecord> {
    let acceptable = |id: BrokerId| match step {
        Move::Removed(gone) | Move::UncleanShutdown(gone) => id != gone && view.image.is_active(id),
        Move::Added(added) => id == added || view.image.is_active(id),
    };
    let mut records = Vec::new();
    for (topic, id, partition) in view.partitions().filter(|(_, _, partition)| affected(partition)) {
        let mut rules = view.rules(topic, view.ordinary_election(&topic.name));
        let mut target = Target::of(partition);
        match step {
            Move::Removed(gone) => target.isr.retain(|id| *id != gone),
            Move::UncleanShutdown(gone) => {
                target.isr.retain(|id| *id != gone);
                rules.unclean_shutdown.push(gone);
            }
            Move::Added(_) => {}
        }
        records.extend(partition_change::build(id, partition, target, &rules, &acceptable).map(MetadataRecord::from));
    }
    records
}

/// `ReplicationControlManager.handleBrokerFenced`. Whoever replays up to any record finds nobody fenced who still
/// leads. Partitions first, the fencing last.
pub(crate) fn fence(view: View<'_>, broker: BrokerId) -> Vec<MetadataRecord> {
    let mut records = updates(view, Move::Removed(broker), |partition| partition.isr.contains(&broker));
    records.push(registration_change(view, broker, |change| change.fenced = Some(true)));
    records
}

/// The unfencing first, then whatever has no leader is tried again.
/// `handleBrokerUnfenced`. ISRs grow later, when leaders see it catch up.
pub(crate) fn unfence(view: View<'_>, broker: BrokerId) -> Vec<MetadataRecord> {
    let mut records = vec![registration_change(view, broker, |change| change.fenced = Some(false))];
    records.extend(updates(view, Move::Added(broker), |partition| partition.leader.is_none()));
    records
}

/// The broker stays registered and unfenced until it leads nothing.
/// `handleBrokerInControlledShutdown` (KIP-841): from the record on it gets no leadership and comes into no ISR.
pub(crate) fn controlled_shutdown(view: View<'_>, broker: BrokerId) -> Vec<MetadataRecord> {
    let mut records = Vec::new();
    if view.image.broker(broker).is_some_and(|registered| !registered.in_controlled_shutdown) {
        records.push(registration_change(view, broker, |change| change.in_controlled_shutdown = Some(true)));
    }
    records.extend(updates(view, Move::Removed(broker), |partition| partition.isr.contains(&broker)));
    records
}

/// A broker is back with another incarnation. A clean stop, or a cluster without ELR, is treated as
/// fencing; otherwise the broker may have lost records that it had acknowledged.
pub(crate) fn restarted(view: View<'_>, broker: BrokerId, clean: bool) -> Vec<MetadataRecord> {
    // `handleBrokerUncleanShutdown`: without the flush of a clean stop a lost power may have taken the newest
    // records, and who lacks committed records must not be elected as if it had them (KIP-966).
    let in_isr = |partition: &PartitionRegistration| partition.isr.contains(&broker);
    if clean || !view.image.elr_enabled() {
        return updates(view, Move::Removed(broker), in_isr);
    }
    let step = Move::UncleanShutdown(broker);
    let mut records = updates(view, step, in_isr);
    records.extend(updates(view, step, |partition| partition.elr.contains(&broker)));
    records
}

/// `handleBrokerUnregistered`: it leaves ISRs, and whoever has it in an ELR is looked at again.
pub(crate) fn unregistered(view: View<'_>, broker: BrokerId) -> Vec<MetadataRecord> {
    let mut records = updates(view, Move::Removed(broker), |partition| partition.isr.contains(&broker));
    records.extend(updates(view, Move::Removed(broker), |partition| partition.elr.contains(&broker)));
    records
}

/// A change of the broker's registration.
pub(crate) fn registration_change(
    view: View<'_>,
    broker: BrokerId,
    set: impl FnOnce(&mut BrokerRegistrationChange),
) -> MetadataRecord {
    let mut change = BrokerRegistrationChange {
        broker,
        broker_epoch: view.image.broker(broker).map_or(-1, |registered| registered.epoch),
        fenced: None,
        in_controlled_shutdown: None,
        cordoned_log_dirs: None,
    };
    set(&mut change);
    change.into()
}
