//! The envelope of everything that travels.

use crate::*;
use base::Str;

/// One message on a connection, by protocol family. Kafka is the only family so far.
#[derive(Clone, Debug, Hash)]
pub enum Message {
    Kafka(KafkaMessage),
}

/// A Kafka request or answer with the parts of its header that matter.
#[derive(Clone, Debug, Hash)]
pub struct KafkaMessage {
    /// Chosen by the one who asks, repeated in the answer.
    pub correlation_id: i32,
    /// `client.id` of the one who asks; empty in answers.
    pub client_id: Str,
    pub body: Body,
}

#[derive(Clone, Debug, Hash)]
pub enum Body {
    Request(Request),
    Response(Response),
}

/// What a broker passes on for somebody else: the request, and from its header who asked
/// (`EnvelopeRequest.requestData`).
#[derive(Clone, Debug, Hash)]
pub struct EnvelopeRequest {
    pub client_id: Str,
    pub request: Request,
}

/// A request's body.
#[derive(Clone, Debug, Hash)]
pub enum Request {
    Produce(ProduceRequest),
    Fetch(FetchRequest),
    ListOffsets(ListOffsetsRequest),
    Metadata(MetadataRequest),
    OffsetCommit(OffsetCommitRequest),
    OffsetFetch(OffsetFetchRequest),
    FindCoordinator(FindCoordinatorRequest),
    JoinGroup(JoinGroupRequest),
    Heartbeat(HeartbeatRequest),
    LeaveGroup(LeaveGroupRequest),
    SyncGroup(SyncGroupRequest),
    DescribeGroups(DescribeGroupsRequest),
    CreateTopics(CreateTopicsRequest),
    DeleteTopics(DeleteTopicsRequest),
    InitProducerId(InitProducerIdRequest),
    OffsetForLeaderEpoch(OffsetForLeaderEpochRequest),
    CreatePartitions(CreatePartitionsRequest),
    ElectLeaders(ElectLeadersRequest),
    IncrementalAlterConfigs(IncrementalAlterConfigsRequest),
    Vote(VoteRequest),
    BeginQuorumEpoch(BeginQuorumEpochRequest),
    EndQuorumEpoch(EndQuorumEpochRequest),
    AlterPartition(AlterPartitionRequest),
    BrokerRegistration(BrokerRegistrationRequest),
    BrokerHeartbeat(BrokerHeartbeatRequest),
    AllocateProducerIds(AllocateProducerIdsRequest),
    /// A broker passes a client's request on to the active controller (KIP-590).
    Envelope(Box<EnvelopeRequest>),
}

/// An answer's body.
#[derive(Clone, Debug, Hash)]
pub enum Response {
    Produce(ProduceResponse),
    Fetch(FetchResponse),
    ListOffsets(ListOffsetsResponse),
    Metadata(MetadataResponse),
    OffsetCommit(OffsetCommitResponse),
    OffsetFetch(OffsetFetchResponse),
    FindCoordinator(FindCoordinatorResponse),
    JoinGroup(JoinGroupResponse),
    Heartbeat(HeartbeatResponse),
    LeaveGroup(LeaveGroupResponse),
    SyncGroup(SyncGroupResponse),
    DescribeGroups(DescribeGroupsResponse),
    CreateTopics(CreateTopicsResponse),
    DeleteTopics(DeleteTopicsResponse),
    InitProducerId(InitProducerIdResponse),
    OffsetForLeaderEpoch(OffsetForLeaderEpochResponse),
    CreatePartitions(CreatePartitionsResponse),
    ElectLeaders(ElectLeadersResponse),
    IncrementalAlterConfigs(IncrementalAlterConfigsResponse),
    Vote(VoteResponse),
    BeginQuorumEpoch(BeginQuorumEpochResponse),
    EndQuorumEpoch(EndQuorumEpochResponse),
    AlterPartition(AlterPartitionResponse),
    BrokerRegistration(BrokerRegistrationResponse),
    BrokerHeartbeat(BrokerHeartbeatResponse),
    AllocateProducerIds(AllocateProducerIdsResponse),
    /// The controller's answer to what was passed on. The error concerns the passing on itself
    /// (NOT_CONTROLLER); then there is no inner answer.
    Envelope(base::ErrorCode, Option<Box<Response>>),
}

impl Request {
    pub fn api_key(&self) -> ApiKey {
        match self {
            Request::Produce(_) => ApiKey::Produce,
            Request::Fetch(_) => ApiKey::Fetch,
            Request::ListOffsets(_) => ApiKey::ListOffsets,
            Request::Metadata(_) => ApiKey::Metadata,
            Request::OffsetCommit(_) => ApiKey::OffsetCommit,
            Request::OffsetFetch(_) => ApiKey::OffsetFetch,
            Request::FindCoordinator(_) => ApiKey::FindCoordinator,
            Request::JoinGroup(_) => ApiKey::JoinGroup,
            Request::Heartbeat(_) => ApiKey::Heartbeat,
            Request::LeaveGroup(_) => ApiKey::LeaveGroup,
            Request::SyncGroup(_) => ApiKey::SyncGroup,
            Request::DescribeGroups(_) => ApiKey::DescribeGroups,
            Request::CreateTopics(_) => ApiKey::CreateTopics,
            Request::DeleteTopics(_) => ApiKey::DeleteTopics,
            Request::InitProducerId(_) => ApiKey::InitProducerId,
            Request::OffsetForLeaderEpoch(_) => ApiKey::OffsetForLeaderEpoch,
            Request::CreatePartitions(_) => ApiKey::CreatePartitions,
            Request::ElectLeaders(_) => ApiKey::ElectLeaders,
            Request::IncrementalAlterConfigs(_) => ApiKey::IncrementalAlterConfigs,
            Request::Vote(_) => ApiKey::Vote,
            Request::BeginQuorumEpoch(_) => ApiKey::BeginQuorumEpoch,
            Request::EndQuorumEpoch(_) => ApiKey::EndQuorumEpoch,
            Request::AlterPartition(_) => ApiKey::AlterPartition,
            Request::BrokerRegistration(_) => ApiKey::BrokerRegistration,
            Request::BrokerHeartbeat(_) => ApiKey::BrokerHeartbeat,
            Request::AllocateProducerIds(_) => ApiKey::AllocateProducerIds,
            Request::Envelope(_) => ApiKey::Envelope,
        }
    }
}

impl Response {
    pub fn api_key(&self) -> ApiKey {
        match self {
            Response::Produce(_) => ApiKey::Produce,
            Response::Fetch(_) => ApiKey::Fetch,
            Response::ListOffsets(_) => ApiKey::ListOffsets,
            Response::Metadata(_) => ApiKey::Metadata,
            Response::OffsetCommit(_) => ApiKey::OffsetCommit,
            Response::OffsetFetch(_) => ApiKey::OffsetFetch,
            Response::FindCoordinator(_) => ApiKey::FindCoordinator,
            Response::JoinGroup(_) => ApiKey::JoinGroup,
            Response::Heartbeat(_) => ApiKey::Heartbeat,
            Response::LeaveGroup(_) => ApiKey::LeaveGroup,
            Response::SyncGroup(_) => ApiKey::SyncGroup,
            Response::DescribeGroups(_) => ApiKey::DescribeGroups,
            Response::CreateTopics(_) => ApiKey::CreateTopics,
            Response::DeleteTopics(_) => ApiKey::DeleteTopics,
            Response::InitProducerId(_) => ApiKey::InitProducerId,
            Response::OffsetForLeaderEpoch(_) => ApiKey::OffsetForLeaderEpoch,
            Response::CreatePartitions(_) => ApiKey::CreatePartitions,
            Response::ElectLeaders(_) => ApiKey::ElectLeaders,
            Response::IncrementalAlterConfigs(_) => ApiKey::IncrementalAlterConfigs,
            Response::Vote(_) => ApiKey::Vote,
            Response::BeginQuorumEpoch(_) => ApiKey::BeginQuorumEpoch,
            Response::EndQuorumEpoch(_) => ApiKey::EndQuorumEpoch,
            Response::AlterPartition(_) => ApiKey::AlterPartition,
            Response::BrokerRegistration(_) => ApiKey::BrokerRegistration,
            Response::BrokerHeartbeat(_) => ApiKey::BrokerHeartbeat,
            Response::AllocateProducerIds(_) => ApiKey::AllocateProducerIds,
            Response::Envelope(..) => ApiKey::Envelope,
        }
    }
}

impl Message {
    pub fn request(correlation_id: i32, client_id: Str, request: Request) -> Message {
        Message::Kafka(KafkaMessage { correlation_id, client_id, body: Body::Request(request) })
    }

    pub fn response(correlation_id: i32, client_id: Str, response: Response) -> Message {
        Message::Kafka(KafkaMessage { correlation_id, client_id, body: Body::Response(response) })
    }

    /// What kind of request this is, or answers.
    pub fn api_key(&self) -> ApiKey {
        match self {
            Message::Kafka(message) => match &message.body {
                Body::Request(request) => request.api_key(),
                Body::Response(response) => response.api_key(),
            },
        }
    }

    pub fn is_request(&self) -> bool {
        match self {
            Message::Kafka(message) => matches!(message.body, Body::Request(_)),
        }
    }

    /// About how many bytes the message takes on the wire: records exactly, the rest by its
    /// partitions at the size of Kafka's fixed fields. It sets transfer and service times.
    pub fn size(&self) -> u32 {
        const HEADER: u32 = 24;
        match self {
            Message::Kafka(message) => {
                HEADER
                    + match &message.body {
                        Body::Request(request) => request_size(request),
                        Body::Response(response) => response_size(response),
                    }
            }
        }
    }
}

fn request_size(request: &Request) -> u32 {
    const PARTITION: u32 = 40;
    match request {
        Request::Produce(body) => body.partitions.iter().map(|each| 24 + each.batch.size()).sum(),
        Request::Fetch(body) => 40 + body.partitions.len() as u32 * PARTITION,
        Request::Envelope(inner) => 16 + request_size(&inner.request),
        Request::AlterPartition(body) => 16 + body.partitions.len() as u32 * PARTITION,
        Request::OffsetCommit(body) => 40 + body.partitions.len() as u32 * PARTITION,
        Request::JoinGroup(body) => 80 + body.protocols.iter().map(|(_, bytes)| bytes.len() as u32).sum::<u32>(),
        Request::SyncGroup(body) => 60 + body.assignments.iter().map(|(_, bytes)| 40 + bytes.len() as u32).sum::<u32>(),
        Request::ListOffsets(_)
        | Request::Metadata(_)
        | Request::OffsetFetch(_)
        | Request::FindCoordinator(_)
        | Request::Heartbeat(_)
        | Request::LeaveGroup(_)
        | Request::DescribeGroups(_)
        | Request::CreateTopics(_)
        | Request::DeleteTopics(_)
        | Request::InitProducerId(_)
        | Request::OffsetForLeaderEpoch(_)
        | Request::CreatePartitions(_)
        | Request::ElectLeaders(_)
        | Request::IncrementalAlterConfigs(_)
        | Request::Vote(_)
        | Request::BeginQuorumEpoch(_)
        | Request::EndQuorumEpoch(_)
        | Request::BrokerRegistration(_)
        | Request::BrokerHeartbeat(_)
        | Request::AllocateProducerIds(_) => 48,
    }
}

fn response_size(response: &Response) -> u32 {
    const PARTITION: u32 = 48;
    match response {
        Response::Fetch(body) => {
            let records = |part: &FetchPartitionResponse| part.records.iter().map(|batch| batch.size()).sum::<u32>();
            16 + body.partitions.iter().map(|part| PARTITION + records(part)).sum::<u32>()
        }
        Response::Produce(body) => 8 + body.partitions.len() as u32 * PARTITION,
        Response::Metadata(body) => {
            let partitions: u32 = body.topics.iter().map(|topic| 40 + topic.partitions.len() as u32 * PARTITION).sum();
            32 + body.brokers.len() as u32 * 32 + partitions
        }
        Response::Envelope(_, inner) => 8 + inner.as_ref().map_or(0, |inner| response_size(inner)),
        Response::JoinGroup(body) => 96 + body.members.iter().map(|each| 60 + each.metadata.len() as u32).sum::<u32>(),
        Response::SyncGroup(body) => 24 + body.assignment.len() as u32,
        Response::OffsetFetch(body) => 16 + body.partitions.len() as u32 * PARTITION,
        Response::ListOffsets(_)
        | Response::OffsetCommit(_)
        | Response::FindCoordinator(_)
        | Response::Heartbeat(_)
        | Response::LeaveGroup(_)
        | Response::DescribeGroups(_)
        | Response::CreateTopics(_)
        | Response::DeleteTopics(_)
        | Response::InitProducerId(_)
        | Response::OffsetForLeaderEpoch(_)
        | Response::CreatePartitions(_)
        | Response::ElectLeaders(_)
        | Response::IncrementalAlterConfigs(_)
        | Response::Vote(_)
        | Response::BeginQuorumEpoch(_)
        | Response::EndQuorumEpoch(_)
        | Response::AlterPartition(_)
        | Response::BrokerRegistration(_)
        | Response::BrokerHeartbeat(_)
        | Response::AllocateProducerIds(_) => 32,
    }
}
