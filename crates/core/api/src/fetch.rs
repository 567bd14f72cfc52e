//! Fetch (1), ListOffsets (2) and OffsetForLeaderEpoch (23). The quorum's metadata log is fetched
//! with the same Fetch, under the reserved topic id.

use crate::body::{ANSWERED_PARTITION, ASKED_PARTITION};
use crate::{LeaderIdAndEpoch, Refusal, RequestBody, ResponseBody};
use base::{BrokerId, Endpoint, ErrorCode, LeaderEpoch, Offset, PartitionId, Span, Str, Timestamp, TopicId};
use records::Batch;

/// What a reader may see (KIP-98).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum IsolationLevel {
    #[default]
    ReadUncommitted,
    ReadCommitted,
}

/// Fetch v17 (topics by id).
#[derive(Clone, Debug, Hash)]
pub struct FetchRequest {
    /// Who asks when a replica does; `None` for a consumer.
    pub replica: Option<ReplicaState>,
    /// The quorum's fetches name their cluster.
    pub cluster_id: Option<Str>,
    pub max_wait: Span,
    /// Bytes.
    pub min_bytes: i32,
    /// Bytes.
    pub max_bytes: i32,
    pub isolation: IsolationLevel,
    /// KIP-227: 0 asks for a new session, with `session_epoch` 0.
    pub session_id: i32,
    /// −1: no session; 0: full fetch; otherwise the session's next number.
    pub session_epoch: i32,
    pub partitions: Vec<FetchPartition>,
    /// Partitions to take out of the session.
    pub forgotten: Vec<(TopicId, PartitionId)>,
    pub rack: Option<Str>,
}

/// A fetching replica: its node id and broker epoch (−1 unknown; voters and observers send −1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReplicaState {
    pub id: BrokerId,
    pub epoch: i64,
}

/// One partition as a reader wants it. In a session only those are named that changed (KIP-227).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FetchPartition {
    pub topic: TopicId,
    pub partition: PartitionId,
    /// −1: not checked.
    pub current_leader_epoch: LeaderEpoch,
    pub fetch_offset: Offset,
    /// Epoch of the last record the follower has; −1 from consumers and empty logs.
    pub last_fetched_epoch: LeaderEpoch,
    /// The follower's log start; −1 from consumers.
    pub log_start_offset: Offset,
    /// Bytes.
    pub max_bytes: i32,
}

/// In a session, only partitions with something new.
#[derive(Clone, Debug, Hash)]
pub struct FetchResponse {
    pub error: ErrorCode,
    /// 0: no session was made.
    pub session_id: i32,
    pub partitions: Vec<FetchPartitionResponse>,
    pub node_endpoints: Vec<(BrokerId, Endpoint)>,
}

/// What one partition has. Batches are whole, so the first may begin before the offset that was asked for.
#[derive(Clone, Debug, Hash)]
pub struct FetchPartitionResponse {
    pub topic: TopicId,
    pub partition: PartitionId,
    pub error: ErrorCode,
    pub high_watermark: Offset,
    pub last_stable_offset: Offset,
    pub log_start_offset: Offset,
    /// The follower's log forked from ours: the largest epoch we share and where it ends (KIP-595).
    pub diverging: Option<EpochEndOffset>,
    pub current_leader: Option<LeaderIdAndEpoch>,
    /// Whole batches; the first may begin before the asked offset.
    pub records: Vec<Batch>,
}

/// An epoch and the offset after its last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EpochEndOffset {
    pub epoch: LeaderEpoch,
    pub end_offset: Offset,
}

/// What offset a ListOffsets asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OffsetSpec {
    /// −1
    Latest,
    /// −2
    Earliest,
    /// −3
    MaxTimestamp,
    /// The first record not older than this.
    Timestamp(Timestamp),
}

/// Where a log begins or ends, or which record is the first of a time (KIP-79).
#[derive(Clone, Debug, Hash)]
pub struct ListOffsetsRequest {
    pub replica: Option<BrokerId>,
    pub isolation: IsolationLevel,
    pub partitions: Vec<ListOffsetsPartition>,
}

/// One question.
#[derive(Clone, Debug, Hash)]
pub struct ListOffsetsPartition {
    pub topic: Str,
    pub partition: PartitionId,
    pub current_leader_epoch: LeaderEpoch,
    pub spec: OffsetSpec,
}

/// One answer per question, in their order.
#[derive(Clone, Debug, Hash)]
pub struct ListOffsetsResponse {
    pub partitions: Vec<ListOffsetsPartitionResponse>,
}

/// Offset −1: no record is as young as that.
#[derive(Clone, Debug, Hash)]
pub struct ListOffsetsPartitionResponse {
    pub topic: Str,
    pub partition: PartitionId,
    pub error: ErrorCode,
    pub timestamp: Option<Timestamp>,
    /// −1 when no record qualifies.
    pub offset: Offset,
    pub leader_epoch: LeaderEpoch,
}

/// Where epochs end in the leader's log: how a reader finds out that what it has read was truncated (KIP-320).
#[derive(Clone, Debug, Hash)]
pub struct OffsetForLeaderEpochRequest {
    pub replica: Option<BrokerId>,
    pub partitions: Vec<OffsetForLeaderEpochPartition>,
}

/// The epoch that the reader knows last.
#[derive(Clone, Debug, Hash)]
pub struct OffsetForLeaderEpochPartition {
    pub topic: Str,
    pub partition: PartitionId,
    pub current_leader_epoch: LeaderEpoch,
    pub leader_epoch: LeaderEpoch,
}

/// The largest epoch not above the one that was asked for, and the offset after its last record.
#[derive(Clone, Debug, Hash)]
pub struct OffsetForLeaderEpochResponse {
    pub partitions: Vec<(Str, PartitionId, ErrorCode, EpochEndOffset)>,
}

// What they know of themselves: see `body`.

impl RequestBody for FetchRequest {
    type Answer = FetchResponse;

    /// Since version 13 the error of the whole says enough.
    fn refused(&self, refusal: &Refusal) -> FetchResponse {
        let (error, session_id) = (refusal.error, self.session_id);
        FetchResponse { error, session_id, partitions: Vec::new(), node_endpoints: Vec::new() }
    }

    fn size(&self) -> u32 {
        40 + self.partitions.len() as u32 * ASKED_PARTITION
    }
}

impl ResponseBody for FetchResponse {
    fn size(&self) -> u32 {
        let records = |part: &FetchPartitionResponse| part.records.iter().map(|batch| batch.size()).sum::<u32>();
        16 + self.partitions.iter().map(|part| ANSWERED_PARTITION + records(part)).sum::<u32>()
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl RequestBody for ListOffsetsRequest {
    type Answer = ListOffsetsResponse;

    fn refused(&self, refusal: &Refusal) -> ListOffsetsResponse {
        let refused = |part: &ListOffsetsPartition| ListOffsetsPartitionResponse {
            topic: part.topic.clone(),
            partition: part.partition,
            error: refusal.error,
            timestamp: None,
            offset: Offset::UNDEFINED,
            leader_epoch: LeaderEpoch::UNDEFINED,
        };
        ListOffsetsResponse { partitions: self.partitions.iter().map(refused).collect() }
    }
}

impl RequestBody for OffsetForLeaderEpochRequest {
    type Answer = OffsetForLeaderEpochResponse;

    fn refused(&self, refusal: &Refusal) -> OffsetForLeaderEpochResponse {
        let end = EpochEndOffset { epoch: LeaderEpoch::UNDEFINED, end_offset: Offset::UNDEFINED };
        let asked = self.partitions.iter().map(|part| (part.topic.clone(), part.partition));
        let partitions = asked.map(|(topic, partition)| (topic, partition, refusal.error, end)).collect();
        OffsetForLeaderEpochResponse { partitions }
    }
}

impl ResponseBody for ListOffsetsResponse {}
impl ResponseBody for OffsetForLeaderEpochResponse {}
