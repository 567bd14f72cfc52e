//! Produce (0) and InitProducerId (22).

use crate::body::ANSWERED_PARTITION;
use crate::{Refusal, RequestBody, ResponseBody};
use base::{
    BrokerId, Endpoint, ErrorCode, LeaderEpoch, Offset, PartitionId, ProducerId, Span, Str, Timestamp, TopicId,
};
use records::Batch;

/// When a leader answers a Produce request. Other numbers are refused (INVALID_REQUIRED_ACKS).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Acks(pub i16);

impl Acks {
    /// No answer at all: sent is all that the producer knows.
    pub const NONE: Acks = Acks(0);
    /// When the leader has written it; a leader that fails then takes it along.
    pub const LEADER: Acks = Acks(1);
    /// When all in-sync replicas have it, and those are min.insync.replicas at least.
    pub const ALL: Acks = Acks(-1);
}

/// Produce v13 (topics by id). With acks=0 no answer is sent.
#[derive(Clone, Debug, Hash)]
pub struct ProduceRequest {
    pub acks: Acks,
    pub timeout: Span,
    pub partitions: Vec<ProducePartition>,
}

/// One partition's part: exactly one batch in format v2.
#[derive(Clone, Debug, Hash)]
pub struct ProducePartition {
    pub topic: TopicId,
    pub partition: PartitionId,
    pub batch: Batch,
}

/// A result per partition; a request is no unit, some of it may fail.
#[derive(Clone, Debug, Hash)]
pub struct ProduceResponse {
    pub partitions: Vec<ProducePartitionResponse>,
    /// Where the leaders named in `current_leader` listen (v10+).
    pub node_endpoints: Vec<(BrokerId, Endpoint)>,
}

/// What became of one batch.
#[derive(Clone, Debug, Hash)]
pub struct ProducePartitionResponse {
    pub topic: TopicId,
    pub partition: PartitionId,
    pub error: ErrorCode,
    pub error_message: Option<Str>,
    pub base_offset: Offset,
    /// Set only for LogAppendTime topics.
    pub log_append_time: Option<Timestamp>,
    pub log_start_offset: Offset,
    /// On NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH: who leads as far as this broker knows (v10+).
    pub current_leader: Option<LeaderIdAndEpoch>,
}

/// A leader hint in Produce and Fetch answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeaderIdAndEpoch {
    pub leader: BrokerId,
    pub epoch: LeaderEpoch,
}

/// InitProducerId for an idempotent, non-transactional producer.
#[derive(Clone, Debug, Hash)]
pub struct InitProducerIdRequest {
    pub transactional_id: Option<Str>,
}

/// The id that the producer's batches carry; with sequence numbers it makes retries harmless (KIP-98).
#[derive(Clone, Debug, Hash)]
pub struct InitProducerIdResponse {
    pub error: ErrorCode,
    pub producer_id: ProducerId,
    pub producer_epoch: i16,
}

// What they know of themselves: see `body`.

impl RequestBody for ProduceRequest {
    type Answer = ProduceResponse;

    fn refused(&self, refusal: &Refusal) -> ProduceResponse {
        let refused = |part: &ProducePartition| ProducePartitionResponse {
            topic: part.topic,
            partition: part.partition,
            error: refusal.error,
            error_message: refusal.message.clone(),
            base_offset: Offset::UNDEFINED,
            log_append_time: None,
            log_start_offset: Offset::UNDEFINED,
            current_leader: None,
        };
        ProduceResponse { partitions: self.partitions.iter().map(refused).collect(), node_endpoints: Vec::new() }
    }

    fn size(&self) -> u32 {
        self.partitions.iter().map(|each| 24 + each.batch.size()).sum()
    }

    fn timeout(&self) -> Option<Span> {
        Some(self.timeout)
    }
}

impl ResponseBody for ProduceResponse {
    fn size(&self) -> u32 {
        8 + self.partitions.len() as u32 * ANSWERED_PARTITION
    }
}

impl RequestBody for InitProducerIdRequest {
    type Answer = InitProducerIdResponse;

    fn refused(&self, refusal: &Refusal) -> InitProducerIdResponse {
        InitProducerIdResponse { error: refusal.error, producer_id: ProducerId::NONE, producer_epoch: -1 }
    }
}

impl ResponseBody for InitProducerIdResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}
