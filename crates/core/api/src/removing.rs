//! What administrators take away: DeleteRecords (21), DeleteGroups (42), OffsetDelete (47), UnregisterBroker (64).

use crate::body::{ANSWERED_PARTITION, ASKED_PARTITION};
use crate::{Refusal, RequestBody, ResponseBody};
use base::{BrokerId, ErrorCode, GroupId, Offset, Span, Str, TopicPartition};

/// The log shall begin at these offsets, with every replica that lives (KIP-107).
#[derive(Clone, Debug, Hash)]
pub struct DeleteRecordsRequest {
    /// −1: the high watermark.
    pub partitions: Vec<(TopicPartition, Offset)>,
    pub timeout: Span,
}

/// One result per partition.
#[derive(Clone, Debug, Hash)]
pub struct DeleteRecordsResponse {
    pub partitions: Vec<DeletedRecords>,
}

/// The smallest offset with which the log of a living replica begins; −1 with an error.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeletedRecords {
    pub partition: TopicPartition,
    pub low_watermark: Offset,
    pub error: ErrorCode,
}

/// Groups that shall be forgotten with all that they have committed (KIP-229).
#[derive(Clone, Debug, Hash)]
pub struct DeleteGroupsRequest {
    pub groups: Vec<GroupId>,
}

/// One result per group.
#[derive(Clone, Debug, Hash)]
pub struct DeleteGroupsResponse {
    pub groups: Vec<(GroupId, ErrorCode)>,
}

/// Committed offsets that shall be forgotten (KIP-496).
#[derive(Clone, Debug, Hash)]
pub struct OffsetDeleteRequest {
    pub group: GroupId,
    pub partitions: Vec<TopicPartition>,
}

/// The error concerns the group; those of partitions are with each.
#[derive(Clone, Debug, Hash)]
pub struct OffsetDeleteResponse {
    pub error: ErrorCode,
    pub partitions: Vec<(TopicPartition, ErrorCode)>,
}

/// A broker that will not come back.
#[derive(Clone, Debug, Hash)]
pub struct UnregisterBrokerRequest {
    pub broker: BrokerId,
}

/// Its registration is gone, and with it its places in ISRs.
#[derive(Clone, Debug, Hash)]
pub struct UnregisterBrokerResponse {
    pub error: ErrorCode,
    pub error_message: Option<Str>,
}

// What they know of themselves: see `body`.

impl RequestBody for DeleteRecordsRequest {
    type Answer = DeleteRecordsResponse;

    fn refused(&self, refusal: &Refusal) -> DeleteRecordsResponse {
        let refused = |(partition, _): &(TopicPartition, Offset)| DeletedRecords {
            partition: partition.clone(),
            low_watermark: Offset::UNDEFINED,
            error: refusal.error,
        };
        DeleteRecordsResponse { partitions: self.partitions.iter().map(refused).collect() }
    }

    fn size(&self) -> u32 {
        16 + self.partitions.len() as u32 * ASKED_PARTITION
    }

    fn timeout(&self) -> Option<Span> {
        Some(self.timeout)
    }
}

impl ResponseBody for DeleteRecordsResponse {
    fn size(&self) -> u32 {
        16 + self.partitions.len() as u32 * ANSWERED_PARTITION
    }
}

impl RequestBody for DeleteGroupsRequest {
    type Answer = DeleteGroupsResponse;

    fn refused(&self, refusal: &Refusal) -> DeleteGroupsResponse {
        DeleteGroupsResponse { groups: self.groups.iter().map(|group| (group.clone(), refusal.error)).collect() }
    }
}

impl RequestBody for OffsetDeleteRequest {
    type Answer = OffsetDeleteResponse;

    fn refused(&self, refusal: &Refusal) -> OffsetDeleteResponse {
        OffsetDeleteResponse { error: refusal.error, partitions: Vec::new() }
    }

    fn size(&self) -> u32 {
        16 + self.partitions.len() as u32 * ASKED_PARTITION
    }
}

impl ResponseBody for OffsetDeleteResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl RequestBody for UnregisterBrokerRequest {
    type Answer = UnregisterBrokerResponse;

    fn refused(&self, refusal: &Refusal) -> UnregisterBrokerResponse {
        UnregisterBrokerResponse { error: refusal.error, error_message: refusal.message.clone() }
    }
}

impl ResponseBody for UnregisterBrokerResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl ResponseBody for DeleteGroupsResponse {}
