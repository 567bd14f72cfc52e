//! Answers that refuse a whole request.

use api::*;
use base::{ErrorCode, Str, TopicId};

/// The answer that turns `request` down with `error`; `None` when a controller does not serve that
/// kind at all.
pub(crate) fn refuse(request: &Request, error: ErrorCode) -> Option<Response> {
    let message = || Some(Str::from(error.message()));
    Some(match request {
        Request::BrokerRegistration(_) => {
            Response::BrokerRegistration(BrokerRegistrationResponse { error, broker_epoch: -1 })
        }
        Request::BrokerHeartbeat(_) => Response::BrokerHeartbeat(BrokerHeartbeatResponse {
            error,
            is_caught_up: false,
            is_fenced: true,
            should_shut_down: false,
        }),
        Request::AlterPartition(_) => {
            Response::AlterPartition(AlterPartitionResponse { error, partitions: Vec::new() })
        }
        Request::AllocateProducerIds(_) => {
            Response::AllocateProducerIds(AllocateProducerIdsResponse { error, start: -1, length: 0 })
        }
        Request::Envelope(_) => Response::Envelope(error, None),
        Request::CreateTopics(body) => {
            let topics = body.topics.iter().map(|topic| refused_topic(&topic.name, error, message())).collect();
            Response::CreateTopics(CreateTopicsResponse { topics })
        }
        Request::DeleteTopics(body) => {
            let topics = body.names.iter().map(|name| (name.clone(), error, message())).collect();
            Response::DeleteTopics(DeleteTopicsResponse { topics })
        }
        Request::CreatePartitions(body) => {
            let topics = body.topics.iter().map(|topic| (topic.name.clone(), error, message())).collect();
            Response::CreatePartitions(CreatePartitionsResponse { topics })
        }
        Request::IncrementalAlterConfigs(body) => {
            let results = body.resources.iter().map(|(resource, _)| (resource.clone(), error, message())).collect();
            Response::IncrementalAlterConfigs(IncrementalAlterConfigsResponse { results })
        }
        Request::ElectLeaders(_) => Response::ElectLeaders(ElectLeadersResponse { error, results: Vec::new() }),
        Request::Produce(_)
        | Request::Fetch(_)
        | Request::ListOffsets(_)
        | Request::Metadata(_)
        | Request::OffsetCommit(_)
        | Request::OffsetFetch(_)
        | Request::FindCoordinator(_)
        | Request::JoinGroup(_)
        | Request::Heartbeat(_)
        | Request::LeaveGroup(_)
        | Request::SyncGroup(_)
        | Request::DescribeGroups(_)
        | Request::InitProducerId(_)
        | Request::OffsetForLeaderEpoch(_)
        | Request::Vote(_)
        | Request::BeginQuorumEpoch(_)
        | Request::EndQuorumEpoch(_) => return None,
    })
}

/// The result of a topic that is not created.
pub(crate) fn refused_topic(name: &Str, error: ErrorCode, error_message: Option<Str>) -> CreatableTopicResult {
    CreatableTopicResult {
        name: name.clone(),
        topic_id: TopicId::ZERO,
        error,
        error_message,
        num_partitions: -1,
        replication_factor: -1,
    }
}
