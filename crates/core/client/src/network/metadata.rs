//! What a client believes about the cluster: brokers, topics, and who leads which partition. It is
//! what Metadata answers and leader hints said, and may be out of date. Kafka: `Metadata`,
//! `MetadataSnapshot`.

use api::{LeaderIdAndEpoch, MetadataBroker, MetadataResponse, PartitionMetadata, TopicMetadata};
use base::{BrokerId, Endpoint, ErrorCode, FlatMap, LeaderEpoch, PartitionId, Shared, Str, TopicId};

/// A client's view of the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Metadata {
    brokers: FlatMap<BrokerId, MetadataBroker>,
    topics: FlatMap<Str, Shared<TopicView>>,
    names: FlatMap<TopicId, Str>,
    /// Topics that the cluster refused to describe for good (INVALID_TOPIC_EXCEPTION).
    refused: FlatMap<Str, ErrorCode>,
}

/// One topic as last told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicView {
    pub id: TopicId,
    pub is_internal: bool,
    /// By number, from 0.
    pub partitions: Vec<PartitionMetadata>,
}

/// What an answer changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct MetadataChange {
    /// Partitions whose believed leader was another one.
    pub corrected_leaders: u32,
    /// Brokers, topics, partitions or leaders differ from before.
    pub anything: bool,
    /// The answer had gaps (no leader, unknown topic): ask again soon.
    pub incomplete: bool,
}

impl Metadata {
    /// Who may be connected to, fenced brokers apart.
    pub fn brokers(&self) -> &FlatMap<BrokerId, MetadataBroker> {
        &self.brokers
    }

    /// Those that this client takes an interest in and that exist.
    pub fn topics(&self) -> impl Iterator<Item = (&Str, &TopicView)> {
        self.topics.iter().map(|(name, topic)| (name, &**topic))
    }

    /// One topic as last told.
    pub fn topic(&self, name: &str) -> Option<&TopicView> {
        self.topics.get(name).map(|topic| &**topic)
    }

    /// Its id, for requests that go by ids.
    pub fn topic_id(&self, name: &str) -> Option<TopicId> {
        self.topic(name).map(|topic| topic.id)
    }

    /// Its name, for answers that go by ids.
    pub fn name_of(&self, id: TopicId) -> Option<&Str> {
        self.names.get(&id)
    }

    /// Why a topic has no metadata and never will.
    pub fn refusal(&self, topic: &str) -> Option<ErrorCode> {
        self.refused.get(topic).copied()
    }

    /// One partition as last told.
    pub fn partition(&self, topic: &str, partition: PartitionId) -> Option<&PartitionMetadata> {
        self.topic(topic)?.partitions.get(usize::try_from(partition).ok()?)
    }

    /// The believed leader and its epoch; `None` when there is none or its address is unknown.
    pub fn leader(&self, topic: &str, partition: PartitionId) -> Option<(BrokerId, LeaderEpoch)> {
        let view = self.partition(topic, partition)?;
        self.brokers.contains_key(&view.leader).then_some((view.leader, view.leader_epoch))
    }

    /// Partitions with a known leader, ascending.
    pub fn available(&self, topic: &str) -> Vec<PartitionId> {
        let partitions = self.topic(topic).map_or(&[][..], |view| &view.partitions);
        let led = |view: &&PartitionMetadata| self.brokers.contains_key(&view.leader);
        partitions.iter().filter(led).map(|view| view.partition).collect()
    }

    /// Takes in an answer. A partition told with an older leader epoch than known is left as it is.
    pub fn update(&mut self, response: &MetadataResponse) -> MetadataChange {
        let brokers = response.brokers.iter().map(|broker| (broker.id, broker.clone())).collect();
        let mut change = MetadataChange { anything: self.brokers != brokers, ..MetadataChange::default() };
        self.brokers = brokers;
        for topic in &response.topics {
            if topic.error.is_error() && topic.partitions.is_empty() {
                self.refuse(topic, &mut change);
            } else {
                self.take_topic(topic, &mut change);
            }
        }
        change
    }

    /// A topic that is not there yet is asked for again; one that must not be seen is not.
    fn refuse(&mut self, topic: &TopicMetadata, change: &mut MetadataChange) {
        if topic.error.is_retriable() {
            change.incomplete = true;
        } else {
            self.refused.insert(topic.name.clone(), topic.error);
        }
        change.anything |= self.forget(&topic.name);
    }

    /// Drops a topic; was it there?
    pub fn forget(&mut self, topic: &str) -> bool {
        // Refused topics are mostly those that nobody knew.
        let Some(view) = self.topics.remove(topic) else { return false };
        self.names.remove(&view.id);
        true
    }

    /// What an answer says of a topic. An older leader epoch than is known comes from a broker that is behind, and is
    /// not taken (KIP-320).
    fn take_topic(&mut self, told: &TopicMetadata, change: &mut MetadataChange) {
        self.refused.remove(&told.name);
        let mut partitions = told.partitions.clone();
        base::sort_by_key(&mut partitions, |partition| partition.partition);
        change.incomplete |= partitions.iter().any(|view| view.error.invalidates_metadata());
        let known = self.topics.get(&told.name).filter(|known| known.id == told.topic_id);
        for (view, old) in partitions.iter_mut().zip(known.iter().flat_map(|known| &known.partitions)) {
            if view.leader_epoch < old.leader_epoch {
                *view = old.clone();
            }
            change.corrected_leaders += u32::from(view.leader != old.leader);
        }
        let view = TopicView { id: told.topic_id, is_internal: told.is_internal, partitions };
        if known.is_none_or(|known| **known != view) {
            change.anything = true;
            self.forget(&told.name);
            self.names.insert(told.topic_id, told.name.clone());
            self.topics.insert(told.name.clone(), Shared::new(view));
        }
    }

    /// Takes a hint from a Produce or Fetch answer (KIP-951): only a newer epoch counts. Did it?
    pub fn hint(&mut self, topic: TopicId, partition: PartitionId, hint: LeaderIdAndEpoch) -> bool {
        // The topic is gone from the metadata since its answer was asked for.
        let Some(view) = self.names.get(&topic).and_then(|name| self.topics.get_mut(name)) else { return false };
        let known = usize::try_from(partition).ok().and_then(|at| view.partitions.get(at));
        if !self.brokers.contains_key(&hint.leader) || known.is_none_or(|known| known.leader_epoch >= hint.epoch) {
            return false;
        }
        let known = &mut view.partitions[partition as usize];
        known.leader = hint.leader;
        known.leader_epoch = hint.epoch;
        known.error = ErrorCode::None;
        true
    }

    /// Learns where a broker named in a hint listens.
    pub fn learn_broker(&mut self, id: BrokerId, endpoint: &Endpoint) {
        let broker = || MetadataBroker { id, endpoint: endpoint.clone(), rack: None };
        self.brokers.entry(id).or_insert_with(broker);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{metadata_of, topic_of};

    #[test]
    fn an_older_leader_epoch_is_ignored() {
        let mut view = Metadata::default();
        view.update(&metadata_of(2, vec![topic_of("t", &[(1, 5)])]));
        let change = view.update(&metadata_of(2, vec![topic_of("t", &[(2, 4)])]));
        assert_eq!((view.leader("t", 0), change.anything), (Some((BrokerId(1), LeaderEpoch(5))), false));
        let change = view.update(&metadata_of(2, vec![topic_of("t", &[(2, 6)])]));
        assert_eq!((view.leader("t", 0), change.corrected_leaders), (Some((BrokerId(2), LeaderEpoch(6))), 1));
        let stale = LeaderIdAndEpoch { leader: BrokerId(1), epoch: LeaderEpoch(6) };
        assert!(!view.hint(TopicId(100), 0, stale));
    }
}
