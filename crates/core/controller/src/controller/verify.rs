//! What always holds of a controller between two events of its node.

use super::{Active, Controller, Timer};
use base::{BrokerId, FlatSet, Time};
use metadata::{Image, PartitionRegistration};
use port::ReplyTo;

/// Partitions that are looked at after one event; the others get their turn, as the clock says.
const LOOKED_AT: usize = 64;

impl Controller {
    /// Checks what always holds. Costs as much as there are brokers and parked answers, and 64 partitions at most.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self, now: Time) {
        assert!(self.appends.is_empty(), "what was decided has been handed to the quorum");
        match &self.active {
            Some(active) => {
                active.verify(&self.committed);
                verify_image(&active.image, now);
                let checks = self.settings.controller.session_timeout.divided_by(8).0 > 0;
                assert!(!checks || self.timers.deadline(&Timer::SessionCheck).is_some(), "no broker is ever fenced");
            }
            None => {
                assert_eq!(self.timers.next_deadline(), None, "a standby decides nothing by itself");
                verify_image(&self.committed, now);
            }
        }
    }

    /// To whom an answer is owed.
    pub fn owed(&self) -> impl Iterator<Item = ReplyTo> {
        self.active.iter().flat_map(|active| active.parked.values().map(|parked| parked.to))
    }
}

impl Active {
    /// What is decided goes on from what is committed, and answers wait for what is under way.
    fn verify(&self, committed: &Image) {
        // The speculative image is the committed one with what was decided since.
        assert!(self.image.last_applied() < self.next_offset, "a record was applied that has no place yet");
        assert!(committed.last_applied() <= self.image.last_applied(), "the log knows more than its controller");
        assert!(self.high_watermark <= self.next_offset, "more is committed than was ever decided");
        assert!(self.unconfirmed.is_empty(), "the quorum has said of every batch where it lies");
        // Whoever waits, waits for something that is not committed; else nothing would answer him.
        let first = self.parked.first_key_value().map(|((offset, _), _)| *offset);
        assert!(first.is_none_or(|first| first >= self.high_watermark), "an answer is kept back: {first:?}");
        let beyond = self.parked.keys().any(|(offset, _)| *offset >= self.next_offset);
        assert!(!beyond, "an answer waits for what was not decided");
        for broker in self.image.brokers().filter(|broker| !broker.fenced) {
            let session = self.sessions.session(broker.id).map(|session| session.broker_epoch);
            assert_eq!(session, Some(broker.epoch), "{:?} is alive without a session", broker.id);
        }
    }
}

/// What every image holds, committed or ahead.
fn verify_image(image: &Image, now: Time) {
    let first = now.0 as usize % image.topics().count().max(1);
    let mut left = LOOKED_AT;
    for topic in image.topics().skip(first).chain(image.topics().take(first)) {
        let count = topic.partitions.len().max(1);
        let first = now.0 as usize % count;
        let partitions = topic.partitions.iter().skip(first).chain(topic.partitions.iter().take(first));
        for (number, partition) in partitions.take(left) {
            verify_partition(partition, image).unwrap_or_else(|what| panic!("{}-{number}: {what}", topic.name));
        }
        left = left.saturating_sub(count);
        if left == 0 {
            return;
        }
    }
}

/// `PartitionRegistration` and the rules of `PartitionChangeBuilder`.
fn verify_partition(partition: &PartitionRegistration, image: &Image) -> Result<(), String> {
    let demand = |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}: {partition:?}")) };
    let is_replica = |id: &BrokerId| partition.replicas.contains(id);
    let distinct: FlatSet<BrokerId> = partition.replicas.iter().copied().collect();
    demand(distinct.len() == partition.replicas.len(), "a broker holds it twice")?;
    demand(partition.directories.len() == partition.replicas.len(), "one directory per replica")?;
    demand(partition.isr.iter().all(is_replica), "only replicas are in sync")?;
    demand(partition.elr.iter().all(is_replica), "only replicas are eligible")?;
    demand(
        !partition.elr.iter().any(|id| partition.isr.contains(id)),
        "who is in sync is not also eligible (KIP-966)",
    )?;
    demand(partition.leader.is_none_or(|leader| partition.isr.contains(&leader)), "a leader is in sync")?;
    // Every change of the leader is a change of the partition.
    demand(partition.partition_epoch >= partition.leader_epoch.0, "an epoch was skipped")?;
    let fenced = |leader| image.broker(leader).is_none_or(|broker| broker.fenced);
    demand(!partition.leader.is_some_and(fenced), "a leader is alive")
}
