//! What unit tests of this crate say about clusters that do not exist.

use api::{MetadataBroker, MetadataResponse, PartitionMetadata, TopicMetadata};
use base::{BrokerId, Endpoint, ErrorCode, LeaderEpoch, PartitionId, TopicId};

pub(crate) fn endpoint_of(broker: i32) -> Endpoint {
    Endpoint { host: "host".into(), port: 9000 + broker as u16 }
}

/// Brokers 1 to `brokers`, with these topics.
pub(crate) fn metadata_of(brokers: i32, topics: Vec<TopicMetadata>) -> MetadataResponse {
    let broker = |id| MetadataBroker { id: BrokerId(id), endpoint: endpoint_of(id), rack: None };
    let brokers = (1..=brokers).map(broker).collect();
    MetadataResponse { brokers, cluster_id: "cluster".into(), controller_id: BrokerId(1), topics }
}

/// A topic with id 100, by (leader, leader epoch) of each partition.
pub(crate) fn topic_of(name: &str, leaders: &[(i32, i32)]) -> TopicMetadata {
    let partition = |(number, (leader, epoch)): (usize, &(i32, i32))| PartitionMetadata {
        error: if *leader < 0 { ErrorCode::LeaderNotAvailable } else { ErrorCode::None },
        partition: number as PartitionId,
        leader: BrokerId(*leader),
        leader_epoch: LeaderEpoch(*epoch),
        replicas: vec![BrokerId(*leader)],
        isr: vec![BrokerId(*leader)],
        offline_replicas: Vec::new(),
    };
    TopicMetadata {
        error: ErrorCode::None,
        name: name.into(),
        topic_id: TopicId(100),
        is_internal: false,
        partitions: leaders.iter().enumerate().map(partition).collect(),
    }
}
