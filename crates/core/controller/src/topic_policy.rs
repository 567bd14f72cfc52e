//! Is there room for more partitions? The controller refuses what would outgrow the cluster, as it does in Kafka with a
//! policy plugged in (`CreateTopicPolicy`); here the policy holds for CreatePartitions, too.

use crate::View;
use crate::configs::Complaint;
use crate::topics::complaint;
use base::ErrorCode;
use metadata::PartitionRegistration;
use port::TopicPolicy;

/// What there is, and what this request has been granted so far.
pub(crate) struct Room {
    policy: TopicPolicy,
    brokers: u64,
    partitions: u64,
    replicas: u64,
}

impl Room {
    /// What is taken already.
    pub(crate) fn of(view: View<'_>) -> Room {
        let mut room = Room {
            policy: view.settings.topic_policy,
            brokers: view.image.brokers().count() as u64,
            partitions: 0,
            replicas: 0,
        };
        // Without a policy there is nothing to count.
        if room.policy != TopicPolicy::default() {
            view.image.partitions().for_each(|(_, partition)| room.add(partition));
        }
        room
    }

    /// Takes room for all of these, or for none.
    ///
    /// # Errors
    /// POLICY_VIOLATION with a sentence that says which limit.
    pub(crate) fn take(&mut self, new: &[PartitionRegistration]) -> Result<(), Complaint> {
        let before = (self.partitions, self.replicas);
        new.iter().for_each(|partition| self.add(partition));
        let refused = self.too_much().map(|message| complaint(ErrorCode::PolicyViolation, message));
        if refused.is_some() {
            (self.partitions, self.replicas) = before;
        }
        refused.map_or(Ok(()), Err)
    }

    /// Counts one more partition and its copies.
    fn add(&mut self, partition: &PartitionRegistration) {
        self.partitions += 1;
        self.replicas += partition.replicas.len() as u64;
    }

    /// The sentence that refuses; `None`: there is room.
    fn too_much(&self) -> Option<String> {
        let TopicPolicy { partitions, replicas, partitions_on_brokers } = self.policy;
        let on_brokers = self.partitions.saturating_mul(self.brokers);
        [
            ("partitions", self.partitions, partitions),
            ("replicas", self.replicas, replicas),
            ("partitions times brokers", on_brokers, partitions_on_brokers),
        ]
        .into_iter()
        .find(|(_, wanted, most)| wanted > most)
        .map(|(what, _, most)| format!("The policy of this cluster allows at most {most} {what}."))
    }
}
