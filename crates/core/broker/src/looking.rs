//! What administrators look at: topics with ELR, the cluster, what is on the disk.
//!
//! Kafka: `DescribeTopicPartitionsRequestHandler`, `KafkaApis.handleDescribeCluster`, `ReplicaManager.describeLogDirs`.

use crate::broker::Broker;
use crate::metadata_answers::Cluster;
use crate::view::View;
use api::{
    DescribeClusterRequest, DescribeClusterResponse, DescribeLogDirsRequest, DescribeLogDirsResponse,
    DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse, DescribedLogDir, DescribedNode,
    DescribedPartition, DescribedReplica, DescribedTopic, EndpointType, RequestBody,
};
use base::{ErrorCode, FlatSet, PartitionId, Str, TopicId};
use metadata::{PartitionRegistration, TopicImage, topic_name};
use port::{Cx, ReplyTo};

/// `max.request.partition.size.limit`
const PARTITIONS_AT_ONCE: usize = 2_000;

/// Topics by name, page by page: a page ends with so many partitions, in the middle of a topic too.
pub(crate) fn describe_topics(
    cluster: Cluster<'_>,
    request: &DescribeTopicPartitionsRequest,
) -> DescribeTopicPartitionsResponse {
    let names: FlatSet<Str> = if request.topics.is_empty() {
        cluster.image.topics().map(|topic| topic.name.clone()).collect()
    } else {
        request.topics.iter().cloned().collect()
    };
    let (from, first) = request.cursor.clone().unwrap_or_else(|| (Str::from(""), 0));
    let mut room = usize::try_from(request.limit).unwrap_or(0).clamp(1, PARTITIONS_AT_ONCE);
    let mut response = DescribeTopicPartitionsResponse { topics: Vec::new(), next: None };
    for name in names.iter().filter(|name| **name >= from) {
        let begin = if *name == from { first } else { 0 };
        if room == 0 {
            response.next = Some((name.clone(), begin));
            break;
        }
        let Some(topic) = cluster.image.topic_by_name(name) else {
            response.topics.push(absent(name));
            continue;
        };
        let mut rest = topic.partitions.range(begin..).map(|(number, partition)| (*number, &**partition));
        let page: Vec<_> = rest.by_ref().take(room).collect();
        room -= page.len();
        response.topics.push(described(cluster, topic, &page));
        if let Some((next, _)) = rest.next() {
            response.next = Some((name.clone(), next));
            break;
        }
    }
    response
}

fn absent(name: &Str) -> DescribedTopic {
    let is_legal = topic_name::validate(name).is_ok();
    let error = if is_legal { ErrorCode::UnknownTopicOrPartition } else { ErrorCode::InvalidTopicException };
    let is_internal = topic_name::is_internal(name);
    DescribedTopic { error, name: name.clone(), topic_id: TopicId::ZERO, is_internal, partitions: Vec::new() }
}

fn described(
    cluster: Cluster<'_>,
    topic: &TopicImage,
    page: &[(PartitionId, &PartitionRegistration)],
) -> DescribedTopic {
    let partition = |(number, partition): &(PartitionId, &PartitionRegistration)| {
        let (_, leader) = cluster.leader_of(partition);
        DescribedPartition {
            // Kafka says it by the leader alone (`getPartitionMetadataForDescribeTopicResponse`).
            error: ErrorCode::None,
            partition: *number,
            leader,
            leader_epoch: partition.leader_epoch,
            replicas: partition.replicas.clone(),
            isr: partition.isr.clone(),
            elr: partition.elr.clone(),
            last_known_elr: partition.last_known_elr.clone(),
            offline_replicas: cluster.offline_replicas(partition),
        }
    };
    DescribedTopic {
        error: ErrorCode::None,
        name: topic.name.clone(),
        topic_id: topic.id,
        is_internal: topic_name::is_internal(&topic.name),
        partitions: page.iter().map(partition).collect(),
    }
}

impl View<'_> {
    /// Bytes of each replica here, and how far it is behind what is committed.
    pub(crate) fn log_dirs(self, dir: Str, request: &DescribeLogDirsRequest) -> DescribeLogDirsResponse {
        let all = self.replicas.partitions().iter().map(|(_, partition)| &**partition);
        let is_wanted = |partition: &&crate::Partition| {
            request.partitions.as_ref().is_none_or(|wanted| wanted.contains(partition.name()))
        };
        let mut replicas: Vec<DescribedReplica> = all
            .filter(is_wanted)
            .map(|partition| DescribedReplica {
                partition: partition.name().clone(),
                size: partition.log().size(),
                offset_lag: (partition.high_watermark().0 - partition.log_end().0).max(0),
            })
            .collect();
        base::sort_by(&mut replicas, |a, b| a.partition.cmp(&b.partition));
        let dir = DescribedLogDir { error: ErrorCode::None, path: dir, replicas };
        DescribeLogDirsResponse { error: ErrorCode::None, dirs: vec![dir] }
    }
}

impl Broker {
    /// Those that live, and those that are fenced where they were asked for; any of the living ones as controller. Who has
    /// no such listener is not there for whoever asks (`KRaftMetadataCache.getAliveBrokerNodes`).
    pub(crate) fn describe_cluster(
        &self,
        cx: &mut Cx<'_>,
        reply: ReplyTo,
        request: &DescribeClusterRequest,
    ) -> DescribeClusterResponse {
        if request.endpoints != EndpointType::Broker {
            return request.refused(&request.endpoints.mismatched(EndpointType::Broker));
        }
        let known = self.image.brokers();
        let listener = self.wires.listeners.name(reply.listener);
        let nodes = known.filter_map(|broker| {
            let endpoint = broker.endpoints.of(listener)?.clone();
            Some(DescribedNode { id: broker.id, endpoint, rack: broker.rack.clone(), is_fenced: broker.fenced })
        });
        let brokers: Vec<DescribedNode> =
            nodes.filter(|node| request.include_fenced_brokers || !node.is_fenced).collect();
        DescribeClusterResponse {
            error: ErrorCode::None,
            error_message: None,
            cluster_id: self.setup.cluster_id.clone(),
            controller_id: self.seen_from(reply).any_live(cx),
            brokers,
        }
    }
}
