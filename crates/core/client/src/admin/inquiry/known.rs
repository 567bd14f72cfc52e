//! What the answers so far have said.

use api::{ConfigEntry, ConfigResource, DescribedGroup, DescribedTopic, MetadataBroker, MetadataResponse, OffsetSpec};
use base::{BrokerId, Endpoint, ErrorCode, FlatMap, GroupId, Offset, PartitionId, Str, TopicPartition};
use port::{ClusterTold, GroupListed, GroupOffsetTold, LogDirFound, OffsetTold, QuorumTold, Said, VersionsFound};

/// Who leads each partition of a topic, or why that is not known.
pub(super) type Layout = Result<FlatMap<PartitionId, Option<BrokerId>>, ErrorCode>;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Known {
    pub(super) brokers: Option<FlatMap<BrokerId, MetadataBroker>>,
    /// Every topic's name, once all were asked for.
    pub(super) names: Option<Vec<Str>>,
    pub(super) layouts: FlatMap<Str, Layout>,
    pub(super) topics: FlatMap<Str, DescribedTopicOf>,
    /// Where DescribeTopicPartitions goes on.
    pub(super) cursor: Option<(Str, PartitionId)>,
    pub(super) configs: FlatMap<ConfigResource, Result<Vec<ConfigEntry>, Said>>,
    pub(super) offsets: FlatMap<(TopicPartition, OffsetSpec), Result<OffsetTold, Said>>,
    pub(super) listed: FlatMap<BrokerId, Vec<GroupListed>>,
    pub(super) coordinators: FlatMap<GroupId, (BrokerId, Option<Endpoint>)>,
    pub(super) groups: FlatMap<GroupId, GroupOf>,
    pub(super) committed: FlatMap<GroupId, FlatMap<TopicPartition, GroupOffsetTold>>,
    /// What became of each partition that was to be changed, with the offset that it has now.
    pub(super) changed: FlatMap<TopicPartition, Result<Offset, Said>>,
    /// What became of each group or member.
    pub(super) each: FlatMap<Str, Result<(), Said>>,
    pub(super) dirs: FlatMap<BrokerId, Result<LogDirFound, Said>>,
    pub(super) cluster: Option<ClusterTold>,
    pub(super) quorum: Option<QuorumTold>,
    pub(super) versions: FlatMap<BrokerId, Result<VersionsFound, Said>>,
    pub(super) done: bool,
}

/// A topic as DescribeTopicPartitions told it, put together from its pages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct DescribedTopicOf {
    pub(super) found: Result<port::TopicFound, Said>,
}

/// A group and where it was described.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct GroupOf {
    pub(super) found: Result<port::GroupFound, Said>,
}

/// Where a partition's leader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leader {
    At(BrokerId),
    /// It was not asked.
    Unknown,
    /// The topic is not there.
    NoTopic(ErrorCode),
    /// There is no such partition, or nobody leads it.
    Nobody,
}

impl Known {
    /// Takes over who is there, and of topics who leads them.
    pub(super) fn take_metadata(&mut self, answer: &MetadataResponse) {
        self.brokers = Some(answer.brokers.iter().map(|broker| (broker.id, broker.clone())).collect());
        for topic in &answer.topics {
            let partitions = topic.partitions.iter();
            let layout = match topic.error {
                ErrorCode::None => Ok(partitions.map(|each| (each.partition, each.leader.known())).collect()),
                error => Err(error),
            };
            self.layouts.insert(topic.name.clone(), layout);
        }
    }

    /// Who has to be asked about a partition.
    pub(super) fn leader(&self, partition: &TopicPartition) -> Leader {
        match self.layouts.get(&partition.topic) {
            None => Leader::Unknown,
            Some(Err(error)) => Leader::NoTopic(*error),
            Some(Ok(layout)) => match layout.get(&partition.partition) {
                Some(Some(leader)) => Leader::At(*leader),
                Some(None) | None => Leader::Nobody,
            },
        }
    }

    /// Is there such a partition?
    pub(super) fn has(&self, partition: &TopicPartition) -> bool {
        let layout = self.layouts.get(&partition.topic).and_then(|layout| layout.as_ref().ok());
        layout.is_some_and(|layout| layout.contains_key(&partition.partition))
    }

    /// Who is not reached is asked for anew wherever he was known.
    pub(super) fn forget_broker(&mut self, broker: BrokerId) {
        self.coordinators.retain(|_, (coordinator, _)| *coordinator != broker);
        let leads = |layout: &Layout| layout.as_ref().is_ok_and(|layout| layout.values().any(|at| *at == Some(broker)));
        self.layouts.retain(|_, layout| !leads(layout));
    }

    /// A topic as one page of an answer has it; a topic may go on from the page before.
    pub(super) fn take_topic(&mut self, topic: DescribedTopic) {
        let name = topic.name.clone();
        let page = described(topic);
        match (self.topics.get_mut(&name).map(|known| &mut known.found), page) {
            (Some(Ok(known)), Ok(page)) => known.partitions.extend(page.partitions),
            (_, found) => _ = self.topics.insert(name, DescribedTopicOf { found }),
        }
    }

    /// A group as its coordinator describes it.
    pub(super) fn take_group(&mut self, group: DescribedGroup, coordinator: (BrokerId, Option<Endpoint>)) {
        let id = group.group.clone();
        let found = super::hear::group_found(group, coordinator);
        self.groups.insert(id, GroupOf { found });
    }
}

/// Without settings, which are asked for later.
fn described(topic: DescribedTopic) -> Result<port::TopicFound, Said> {
    Said::of(topic.error, None)?;
    let partitions = topic.partitions.into_iter().map(|each| port::PartitionTold {
        partition: each.partition,
        leader: each.leader.known(),
        replicas: each.replicas,
        isr: each.isr,
        elr: each.elr,
        last_known_elr: each.last_known_elr,
    });
    Ok(port::TopicFound {
        id: topic.topic_id,
        is_internal: topic.is_internal,
        partitions: partitions.collect(),
        configs: Vec::new(),
    })
}
