//! What decisions look at: the image, the settings, and the questions that need both.

use crate::partition_change::{self, Election, Rules, Target};
use crate::{MetadataVersion, Settings, UsableBroker};
use api::ConfigResource;
use base::{BrokerId, ErrorCode, Str, TopicIdPartition};
use metadata::{Image, MetadataRecord, PartitionRegistration, TopicImage};

/// How many replicas acks=all needs; with ELR also how many may be missing before the others become eligible.
const MIN_INSYNC_REPLICAS: &str = "min.insync.replicas";
/// May a replica lead that lacks committed records, when nobody else lives?
const UNCLEAN_LEADER_ELECTION_ENABLE: &str = "unclean.leader.election.enable";

/// An image with the controller's settings.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub image: &'a Image,
    pub settings: &'a Settings,
}

impl<'a> View<'a> {
    /// A topic's setting: its own, else the cluster's default, else none.
    fn setting(&self, topic: &Str, name: &str) -> Option<&'a Str> {
        let own = self.image.config(&ConfigResource::Topic(topic.clone()), name);
        own.or_else(|| self.image.config(&ConfigResource::Broker(None), name))
    }

    /// min.insync.replicas of the topic, at most its replication factor.
    /// More could never be met, and the ELR would be kept for ever (`ReplicationControlManager.getTopicEffectiveMinIsr`).
    pub fn effective_min_isr(&self, topic: &TopicImage) -> u32 {
        let set = self.setting(&topic.name, MIN_INSYNC_REPLICAS).and_then(|value| value.trim().parse().ok());
        let min_isr = set.unwrap_or(self.settings.min_insync_replicas).max(0) as u32;
        let replicas = topic.partitions.values().next().map_or(0, |partition| partition.replicas.len());
        min_isr.min(replicas as u32)
    }

    /// The topic's own word, else the brokers' (`ConfigurationControlManager.uncleanLeaderElectionEnabledForTopic`).
    pub fn unclean_election_enabled(&self, topic: &Str) -> bool {
        let set = self.setting(topic, UNCLEAN_LEADER_ELECTION_ENABLE);
        set.map_or(self.settings.unclean_leader_election_enable, |value| value.trim().eq_ignore_ascii_case("true"))
    }

    /// `Unclean` where the topic allows it, else `Online`.
    pub fn ordinary_election(&self, topic: &Str) -> Election {
        if self.unclean_election_enabled(topic) { Election::Unclean } else { Election::Online }
    }

    /// By what elections of this topic are held.
    pub fn rules(&self, topic: &TopicImage, election: Election) -> Rules {
        Rules {
            election,
            metadata_version: MetadataVersion(self.image.metadata_version()),
            min_isr: self.effective_min_isr(topic),
            elr_enabled: self.image.elr_enabled(),
            last_known_leader: true,
            unclean_shutdown: Vec::new(),
            switches: self.settings.switches,
        }
    }

    /// An election of that kind on the partition as it stands.
    pub fn elect(&self, topic: &TopicImage, id: TopicIdPartition, election: Election) -> Option<MetadataRecord> {
        let partition = self.image.partition(id)?;
        let rules = self.rules(topic, election);
        let acceptable = |id| self.image.is_active(id);
        partition_change::build(id, partition, Target::of(partition), &rules, &acceptable).map(Into::into)
    }

    /// Every partition with its topic, by topic name and number.
    pub fn partitions(&self) -> impl Iterator<Item = (&'a TopicImage, TopicIdPartition, &'a PartitionRegistration)> {
        self.image.topics().flat_map(|topic| {
            topic.partitions.iter().map(move |(number, partition)| {
                (topic, TopicIdPartition { topic: topic.id, partition: *number }, &**partition)
            })
        })
    }

    /// Then a broker that wants to stop has to wait.
    pub fn leads_anything(&self, broker: BrokerId) -> bool {
        self.partitions().any(|(_, _, partition)| partition.leader == Some(broker))
    }

    /// Brokers that may get replicas: all but those that are just leaving.
    /// A fenced one may come back and gets replicas, if not leadership; one that leaves would hold them for nothing.
    pub fn usable_brokers(&self) -> Vec<UsableBroker> {
        let usable = self.image.brokers().filter(|broker| broker.fenced || !broker.in_controlled_shutdown);
        let mut brokers: Vec<UsableBroker> = usable
            .map(|broker| UsableBroker { id: broker.id, rack: broker.rack.clone(), fenced: broker.fenced })
            .collect();
        base::sort_by(&mut brokers, |one, other| (&one.rack, one.id).cmp(&(&other.rack, other.id)));
        brokers
    }

    /// The directory that a new replica on this broker gets: its only one, or 0 to let it choose.
    pub fn default_directory(&self, broker: BrokerId) -> u128 {
        match self.image.broker(broker).map(|broker| broker.log_dirs.as_slice()) {
            Some([only]) => *only,
            Some(_) | None => 0,
        }
    }

    /// Does the request come from the broker as it is registered now?
    /// What an earlier process of that broker sent may still be on its way.
    ///
    /// # Errors
    /// STALE_BROKER_EPOCH.
    pub fn check_broker_epoch(&self, broker: BrokerId, epoch: i64) -> Result<(), ErrorCode> {
        let current = self.image.broker(broker).is_some_and(|registered| registered.epoch == epoch);
        if current { Ok(()) } else { Err(ErrorCode::StaleBrokerEpoch) }
    }
}
