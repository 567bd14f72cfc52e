//! R3 `ValidControllerIsrAndElr` (KIP-966 spec): ISR and ELR are disjoint parts of the replicas, the
//! leader is in the ISR, and the ELR is empty while the ISR has min.insync.replicas members.

use super::{Invariant, Kind, Moment};
use crate::decided::Registered;
use crate::history::History;
use base::Str;
use metadata::{Image, PartitionRegistration};

#[derive(Clone, Debug, Default)]
pub(super) struct IsrAndElr;

impl Invariant for IsrAndElr {
    fn id(&self) -> &'static str {
        "R3 ValidControllerIsrAndElr"
    }

    fn is_promised(&self, _history: &History) -> bool {
        true
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::Decided) {
            return Ok(());
        }
        // Who is no active controller decides nothing.
        let Some(image) = moment.active_image() else { return Ok(()) };
        let mut known = None;
        for Registered { topic, number, partition } in moment.decided(image) {
            // One step may change thousands of partitions of one topic.
            let same = known.filter(|(id, _)| *id == topic.id);
            let (_, min_isr) =
                *known.insert(same.unwrap_or_else(|| (topic.id, min_insync_replicas(image, &topic.name, moment))));
            let complaint = complaint(partition, min_isr, image.elr_enabled());
            complaint.map_or(Ok(()), |what| Err(format!("{}-{number}: {what}: {partition:?}", topic.name)))?;
        }
        Ok(())
    }
}

/// The topic's own, the cluster's, Kafka's default of 1.
fn min_insync_replicas(image: &Image, topic: &Str, moment: &Moment<'_>) -> usize {
    let of_topic = image.topic_configs(topic).get("min.insync.replicas").cloned();
    let value = of_topic.or_else(|| moment.cluster.plan().overrides.get("min.insync.replicas").cloned());
    value.and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// What is wrong with it; `None`: nothing.
fn complaint(partition: &PartitionRegistration, min_isr: usize, elr_enabled: bool) -> Option<&'static str> {
    let PartitionRegistration { replicas, isr, elr, leader, .. } = partition;
    let min_isr = min_isr.min(replicas.len());
    if !isr.iter().all(|member| replicas.contains(member)) {
        return Some("the ISR has a member that is no replica");
    }
    if !elr.iter().all(|member| replicas.contains(member) && !isr.contains(member)) {
        return Some("the ELR has a member that is no replica, or is in the ISR");
    }
    if leader.is_some_and(|leader| !isr.contains(&leader)) {
        return Some("the leader is not in the ISR");
    }
    if isr.len() >= min_isr && !elr.is_empty() {
        return Some("the ELR is not empty although the ISR is large enough");
    }
    (!elr_enabled && isr.is_empty()).then_some("the ISR is empty")
}
