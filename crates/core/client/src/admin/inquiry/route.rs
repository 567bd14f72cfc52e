//! What is missing first, for each kind of question.

use super::hear::is_unknown;
use super::known::Leader;
use super::{Inquiry, Step, Want, Way};
use crate::admin::operation::Whom;
use api::{ConfigResource, OffsetSpec};
use base::{BrokerId, ErrorCode, FlatMap, FlatSet, Offset, Str, TopicPartition};
use port::{
    Ask, ConfigsOf, GroupListed, LogDirTold, NodeTold, OffsetTold, Part, QuorumTold, Said, Told, TopicTold,
    VersionsTold, Which,
};

/// Topics of one DescribeTopicPartitions, and resources of one DescribeConfigs, at most.
const AT_ONCE: usize = 2_000;

/// First this has to be asked.
pub(super) fn first<T>(want: Want) -> Way<T> {
    Err(Box::new(Step::Ask(want)))
}

impl Inquiry {
    /// What comes next; `Err` says it as well, from somewhere on the way.
    pub(super) fn route(&self) -> Way<Step> {
        let told = match &self.ask {
            Ask::DescribeTopics(topics) => self.topics(topics.as_deref())?,
            Ask::ListOffsets { of, spec } => self.list_offsets(of, *spec)?,
            Ask::DescribeConfigs(of) => self.configs(of)?,
            Ask::ListGroups { .. } => Told::Groups(self.listed()?),
            Ask::DescribeGroups { groups, detail } => self.describe_groups(groups.as_deref(), *detail)?,
            Ask::CommitOffsets { group, offsets } => self.commit(group, offsets)?,
            Ask::ResetOffsets { group, .. } => self.reset(group)?,
            Ask::DeleteGroups(groups) => self.delete_groups(groups)?,
            Ask::DeleteOffsets { group, of } => self.delete_offsets(group, of)?,
            Ask::RemoveMembers { group, instances } => self.remove_members(group, instances)?,
            Ask::DeleteRecords(before) => self.delete_records(before)?,
            Ask::DescribeLogDirs { brokers, topics } => self.log_dirs(brokers.as_deref(), topics.as_deref())?,
            Ask::DescribeCluster => Told::Cluster(self.known.cluster.clone().map_or_else(|| first(Want::Cluster), Ok)?),
            Ask::DescribeQuorum => Told::Quorum(self.quorum()?),
            Ask::ApiVersions => self.versions()?,
            Ask::UnregisterBroker(broker) if !self.known.done => return first(Want::Unregister(*broker)),
            // The others are tasks of their own.
            Ask::UnregisterBroker(_) | Ask::AlterConfigs { .. } | Ask::Read { .. } => Told::Done,
        };
        Ok(Step::Done(told))
    }

    /// The brokers that live.
    pub(super) fn brokers(&self) -> Way<Vec<BrokerId>> {
        match &self.known.brokers {
            Some(brokers) => Ok(brokers.keys().copied().collect()),
            None => first(Want::Metadata(Some(Vec::new()))),
        }
    }

    /// Every topic there is.
    fn names(&self) -> Way<&[Str]> {
        self.known.names.as_deref().map_or_else(|| first(Want::Metadata(None)), Ok)
    }

    /// Topics with ELR page by page, then their settings.
    fn topics(&self, named: Option<&[Str]>) -> Way<Told> {
        let names = match named {
            Some(names) => sorted(names.iter().cloned()),
            None => self.names()?.to_vec(),
        };
        let known = &self.known;
        let missing: Vec<Str> = match &known.cursor {
            Some((from, _)) => names.iter().filter(|name| *name >= from).cloned().collect(),
            None => names.iter().filter(|name| !known.topics.contains_key(*name)).cloned().collect(),
        };
        if !missing.is_empty() {
            let page = missing.into_iter().take(AT_ONCE).collect();
            return first(Want::Topics(page, known.cursor.clone()));
        }
        let exists = |name: &&Str| known.topics.get(*name).is_some_and(|topic| topic.found.is_ok());
        let resources = names.iter().filter(exists).map(|name| ConfigResource::Topic(name.clone()));
        self.need_configs(&Whom::Any, resources)?;
        let topic = |name: Str| {
            let resource = ConfigResource::Topic(name.clone());
            let configs = known.configs.get(&resource).cloned().and_then(Result::ok).unwrap_or_default();
            let found = known.topics[&name].found.clone().map(|found| port::TopicFound { configs, ..found });
            TopicTold { name, found }
        };
        Ok(Told::Topics(names.into_iter().map(topic).collect()))
    }

    /// Asks for the settings that are not known yet.
    fn need_configs(&self, whom: &Whom, resources: impl Iterator<Item = ConfigResource>) -> Way<()> {
        let missing = resources.filter(|resource| !self.known.configs.contains_key(resource));
        let missing: Vec<ConfigResource> = missing.take(AT_ONCE).collect();
        if missing.is_empty() { Ok(()) } else { first(Want::Configs(whom.clone(), missing)) }
    }

    /// A broker's settings are known to itself alone, everything else to each.
    fn configs(&self, of: &ConfigsOf) -> Way<Told> {
        let resources: Vec<ConfigResource> = match of {
            ConfigsOf::Topics => self.names()?.iter().cloned().map(ConfigResource::Topic).collect(),
            // Behind those of each come the ones that are everybody's.
            ConfigsOf::Brokers => {
                let each = self.brokers()?.into_iter().map(|id| ConfigResource::Broker(Some(id)));
                each.chain([ConfigResource::Broker(None)]).collect()
            }
            ConfigsOf::One(resource) => vec![resource.clone()],
        };
        for resource in &resources {
            if let ConfigResource::Broker(Some(broker)) = resource {
                self.need_configs(&Whom::Broker(*broker), std::iter::once(resource.clone()))?;
            }
        }
        let is_anybodys = |resource: &&ConfigResource| !matches!(resource, ConfigResource::Broker(Some(_)));
        self.need_configs(&Whom::Any, resources.iter().filter(is_anybodys).cloned())?;
        if let (ConfigsOf::One(_), [resource]) = (of, resources.as_slice())
            && let Err(said) = &self.known.configs[resource]
        {
            return Err(Box::new(Step::Failed(said.error, Some(said.message.clone()))));
        }
        let told = resources.into_iter().map(|resource| (resource.clone(), self.known.configs[&resource].clone()));
        Ok(Told::Configs(told.collect()))
    }

    /// The groups of every coordinator.
    pub(super) fn listed(&self) -> Way<Vec<GroupListed>> {
        let brokers = self.brokers()?;
        if let Some(next) = brokers.into_iter().find(|broker| !self.known.listed.contains_key(broker)) {
            return first(Want::Groups(next));
        }
        Ok(sorted(self.known.listed.values().flatten().cloned()))
    }

    /// The partitions that are meant. A topic that is not there has none.
    pub(super) fn partitions(&self, parts: &[Part]) -> Way<Vec<TopicPartition>> {
        let named = parts.iter().filter_map(|part| match part {
            Part::Topic(topic) | Part::Existing(topic, ..) => Some(topic.clone()),
            Part::Partition(_) => None,
        });
        let unknown = sorted(named.filter(|topic| !self.known.layouts.contains_key(topic)));
        if !unknown.is_empty() {
            return first(Want::Metadata(Some(unknown)));
        }
        let of_part = |part: &Part| match part {
            Part::Topic(topic) => self.of_topic(topic),
            Part::Existing(topic, from, until) => {
                let all = self.of_topic(topic).into_iter();
                all.filter(|at| (*from..*until).contains(&at.partition)).collect()
            }
            Part::Partition(partition) => vec![partition.clone()],
        };
        Ok(sorted(parts.iter().flat_map(of_part)))
    }

    fn of_topic(&self, topic: &Str) -> Vec<TopicPartition> {
        let layout = self.known.layouts.get(topic).and_then(|layout| layout.as_ref().ok());
        let numbers = layout.into_iter().flat_map(FlatMap::keys);
        numbers.map(|partition| TopicPartition { topic: topic.clone(), partition: *partition }).collect()
    }

    fn chosen(&self, of: &Which) -> Way<Vec<TopicPartition>> {
        match of {
            Which::These(parts) => self.partitions(parts),
            Which::All => {
                let all: Vec<Part> = self.names()?.iter().cloned().map(Part::Topic).collect();
                self.partitions(&all)
            }
        }
    }

    /// Asks the next leader for the offsets that are not known yet. Partitions that nobody leads are left to the caller.
    pub(super) fn need_offsets(&self, partitions: &[TopicPartition], spec: OffsetSpec) -> Way<()> {
        let known = |partition: &&TopicPartition| self.known.offsets.contains_key(&((*partition).clone(), spec));
        let missing: Vec<&TopicPartition> = partitions.iter().filter(|partition| !known(partition)).collect();
        match self.next_leader(&missing)? {
            Some((leader, led)) => first(Want::Offsets(leader, spec, led)),
            None => Ok(()),
        }
    }

    /// A leader with its part of these partitions; those of unknown topics are looked up first.
    fn next_leader(&self, missing: &[&TopicPartition]) -> Way<Option<(BrokerId, Vec<TopicPartition>)>> {
        let leaders: Vec<Leader> = missing.iter().map(|partition| self.known.leader(partition)).collect();
        let unknown = missing.iter().zip(&leaders).filter(|(_, leader)| **leader == Leader::Unknown);
        let unknown = sorted(unknown.map(|(partition, _)| partition.topic.clone()));
        if !unknown.is_empty() {
            return first(Want::Metadata(Some(unknown)));
        }
        let next = leaders.iter().find_map(|leader| match leader {
            Leader::At(broker) => Some(*broker),
            Leader::Unknown | Leader::NoTopic(_) | Leader::Nobody => None,
        });
        let led = |at: BrokerId| {
            let own = missing.iter().zip(&leaders).filter(move |(_, leader)| **leader == Leader::At(at));
            own.map(|(partition, _)| (*partition).clone()).collect()
        };
        Ok(next.map(|broker| (broker, led(broker))))
    }

    /// What a question about leaders still lacks, as far as is known which partitions it is about.
    pub(super) fn missing_partitions(&self) -> Vec<TopicPartition> {
        match &self.ask {
            Ask::ListOffsets { of, spec } => {
                let known = |at: &TopicPartition| self.known.offsets.contains_key(&(at.clone(), *spec));
                self.chosen(of).unwrap_or_default().into_iter().filter(|at| !known(at)).collect()
            }
            Ask::DeleteRecords(before) => {
                let missing = before.iter().filter(|(partition, _)| !self.known.changed.contains_key(partition));
                missing.map(|(partition, _)| partition.clone()).collect()
            }
            _about_no_leader => Vec::new(),
        }
    }

    /// `ListOffsetsHandler`, whose `PartitionLeaderStrategy` does not wait for topics.
    fn list_offsets(&self, of: &Which, spec: OffsetSpec) -> Way<Told> {
        let partitions = self.chosen(of)?;
        self.need_offsets(&partitions, spec)?;
        let told = partitions.into_iter().map(|at| (at.clone(), self.offset_or_why(at, spec)));
        Ok(Told::Offsets(told.collect()))
    }

    fn offset_or_why(&self, at: TopicPartition, spec: OffsetSpec) -> Result<OffsetTold, Said> {
        if let Some(found) = self.known.offsets.get(&(at.clone(), spec)) {
            return found.clone();
        }
        let error = match self.known.leader(&at) {
            Leader::NoTopic(error) if is_unknown(error) => error,
            Leader::NoTopic(_) | Leader::At(_) | Leader::Unknown | Leader::Nobody => ErrorCode::LeaderNotAvailable,
        };
        let topic = &at.topic;
        let why = format!(
            "Failed to fetch metadata for partition {at} because metadata for topic `{topic}` could not be found"
        );
        Err(Said { error, message: why.into() })
    }

    /// `DeleteRecordsHandler`: waits for leaders until time is over.
    fn delete_records(&self, before: &[(TopicPartition, Offset)]) -> Way<Told> {
        let missing = self.missing_partitions();
        let asked: Vec<&TopicPartition> = missing.iter().collect();
        if let Some((leader, led)) = self.next_leader(&asked)? {
            let wanted = before.iter().filter(|(partition, _)| led.contains(partition));
            return first(Want::DeleteRecords(leader, wanted.cloned().collect()));
        }
        // Only those are left that nobody leads: they are looked up again.
        if !missing.is_empty() {
            return first(Want::Metadata(Some(sorted(missing.into_iter().map(|partition| partition.topic)))));
        }
        Ok(Told::LowWatermarks(self.known.changed.iter().map(|(at, result)| (at.clone(), result.clone())).collect()))
    }

    /// See [`Inquiry::told_in_part`].
    pub(super) fn partial(&self, said: &Said) -> Option<Told> {
        let missing = self.missing_partitions();
        match &self.ask {
            Ask::DeleteRecords(_) if !self.known.changed.is_empty() => {
                let mut all = self.known.changed.clone();
                missing.into_iter().for_each(|partition| _ = all.insert(partition, Err(said.clone())));
                Some(Told::LowWatermarks(all.into_iter().collect()))
            }
            Ask::ListOffsets { .. } if !self.known.offsets.is_empty() => {
                let known = self.known.offsets.iter().map(|((at, _), found)| (at.clone(), found.clone()));
                let mut all: FlatMap<TopicPartition, Result<OffsetTold, Said>> = known.collect();
                missing.into_iter().for_each(|partition| _ = all.insert(partition, Err(said.clone())));
                Some(Told::Offsets(all.into_iter().collect()))
            }
            _nothing_by_parts => None,
        }
    }

    /// Kafka's tool asks for all and shows what was named (`LogDirsCommand`).
    fn log_dirs(&self, brokers: Option<&[BrokerId]>, topics: Option<&[Str]>) -> Way<Told> {
        let existing = self.brokers()?;
        let brokers = brokers.map_or_else(|| existing.clone(), |named| sorted(named.iter().copied()));
        let is_missing = |broker: &BrokerId| !existing.contains(broker);
        let missing: Vec<BrokerId> = brokers.iter().copied().filter(is_missing).collect();
        if !missing.is_empty() {
            return Ok(Told::NoSuchBrokers { missing, existing });
        }
        if let Some(next) = brokers.iter().find(|broker| !self.known.dirs.contains_key(*broker)) {
            return first(Want::LogDirs(*next));
        }
        let told = brokers.into_iter().map(|broker| {
            let mut found = self.known.dirs[&broker].clone();
            if let (Ok(dir), Some(topics)) = (&mut found, topics) {
                dir.replicas.retain(|replica| topics.contains(&replica.partition.topic));
            }
            LogDirTold { broker, found }
        });
        Ok(Told::LogDirs(told.collect()))
    }

    /// `MetadataQuorumCommand` asks for the cluster's id as well.
    fn quorum(&self) -> Way<QuorumTold> {
        let Some(cluster) = &self.known.cluster else { return first(Want::Cluster) };
        let Some(quorum) = &self.known.quorum else { return first(Want::Quorum) };
        Ok(QuorumTold { cluster_id: cluster.cluster_id.clone(), ..quorum.clone() })
    }

    /// `BrokerApiVersionsCommand`: every broker that lives.
    fn versions(&self) -> Way<Told> {
        let brokers = self.brokers()?;
        if let Some(next) = brokers.iter().find(|broker| !self.known.versions.contains_key(*broker)) {
            return first(Want::Versions(*next));
        }
        let nodes = self.known.brokers.iter().flat_map(FlatMap::values);
        let told = nodes.map(|broker| VersionsTold {
            node: NodeTold {
                id: broker.id,
                endpoint: broker.endpoint.clone(),
                rack: broker.rack.clone(),
                fenced: false,
            },
            found: self.known.versions[&broker.id].clone(),
        });
        Ok(Told::Versions(told.collect()))
    }
}

/// Each once, in order.
pub(super) fn sorted<T: Ord + Clone>(all: impl Iterator<Item = T>) -> Vec<T> {
    let set: FlatSet<T> = all.collect();
    set.iter().cloned().collect()
}
