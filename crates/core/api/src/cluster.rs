//! What brokers tell the active controller: BrokerRegistration (62), BrokerHeartbeat (63),
//! AlterPartition (56), AllocateProducerIds (67).

use crate::body::ASKED_PARTITION;
use crate::{Refusal, RequestBody, ResponseBody};
use base::{BrokerId, Endpoints, ErrorCode, LeaderEpoch, Offset, PartitionId, Str, TopicId};

/// A broker that has just started introduces itself (KIP-631). It serves nobody before it is registered and unfenced.
#[derive(Clone, Debug, Hash)]
pub struct BrokerRegistrationRequest {
    pub broker: BrokerId,
    pub cluster_id: Str,
    /// One per process start (Kafka draws a UUID).
    pub incarnation: u128,
    /// By listener.
    pub endpoints: Endpoints,
    pub rack: Option<Str>,
    pub log_dirs: Vec<u128>,
    /// The broker epoch found in the clean-shutdown file; −1 after an unclean stop.
    pub previous_broker_epoch: i64,
}

/// The epoch fences earlier lives of the same broker: whatever it sends later carries it.
#[derive(Clone, Debug, Hash)]
pub struct BrokerRegistrationResponse {
    pub error: ErrorCode,
    /// The offset of the registration record.
    pub broker_epoch: i64,
}

/// Sent every broker.heartbeat.interval.ms; also how a broker asks to be unfenced, or to leave in order.
#[derive(Clone, Debug, Hash)]
pub struct BrokerHeartbeatRequest {
    pub broker: BrokerId,
    pub broker_epoch: i64,
    /// The offset up to which this broker has replayed the metadata log (last applied).
    pub current_metadata_offset: Offset,
    /// A broker that starts stays fenced until it has caught up with the metadata.
    pub want_fence: bool,
    /// It waits for its partitions to be led elsewhere (controlled shutdown).
    pub want_shut_down: bool,
}

/// In which state the controller has the broker (`BrokerControlState`).
#[derive(Clone, Debug, Hash)]
pub struct BrokerHeartbeatResponse {
    pub error: ErrorCode,
    /// It has read the metadata up to its own registration.
    pub is_caught_up: bool,
    /// It leads nothing and is in no ISR.
    pub is_fenced: bool,
    /// It leads nothing any more: it may go.
    pub should_shut_down: bool,
}

/// Is the leader elected uncleanly and not yet settled (KIP-704)?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum LeaderRecoveryState {
    #[default]
    Recovered,
    Recovering,
}

/// AlterPartition v3: a leader proposes a new ISR.
#[derive(Clone, Debug, Hash)]
pub struct AlterPartitionRequest {
    pub broker: BrokerId,
    pub broker_epoch: i64,
    pub partitions: Vec<AlterPartitionItem>,
}

/// One partition. Both epochs are compared, so that a proposal made in ignorance of a newer decision changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AlterPartitionItem {
    pub topic: TopicId,
    pub partition: PartitionId,
    pub leader_epoch: LeaderEpoch,
    /// Member and its broker epoch (−1: not checked).
    pub new_isr: Vec<(BrokerId, i64)>,
    pub leader_recovery_state: LeaderRecoveryState,
    pub partition_epoch: i32,
}

/// The error concerns the sender (a stale broker epoch); those of partitions are with each.
#[derive(Clone, Debug, Hash)]
pub struct AlterPartitionResponse {
    pub error: ErrorCode,
    pub partitions: Vec<AlterPartitionResult>,
}

/// The partition as it is now, also for a proposal that changed nothing: the leader takes that over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AlterPartitionResult {
    pub topic: TopicId,
    pub partition: PartitionId,
    pub error: ErrorCode,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub isr: Vec<BrokerId>,
    pub leader_recovery_state: LeaderRecoveryState,
    pub partition_epoch: i32,
}

/// A broker asks for a block of 1,000 producer ids.
#[derive(Clone, Debug, Hash)]
pub struct AllocateProducerIdsRequest {
    pub broker: BrokerId,
    pub broker_epoch: i64,
}

/// Ids from `start` on, nobody else's for ever (KIP-730): the controller writes the block down before it answers.
#[derive(Clone, Debug, Hash)]
pub struct AllocateProducerIdsResponse {
    pub error: ErrorCode,
    pub start: i64,
    pub length: i32,
}

// What they know of themselves: see `body`.

impl RequestBody for BrokerRegistrationRequest {
    type Answer = BrokerRegistrationResponse;

    fn refused(&self, refusal: &Refusal) -> BrokerRegistrationResponse {
        BrokerRegistrationResponse { error: refusal.error, broker_epoch: -1 }
    }
}

impl RequestBody for BrokerHeartbeatRequest {
    type Answer = BrokerHeartbeatResponse;

    /// The defaults of the message: whoever hears this counts as fenced.
    fn refused(&self, refusal: &Refusal) -> BrokerHeartbeatResponse {
        let error = refusal.error;
        BrokerHeartbeatResponse { error, is_caught_up: false, is_fenced: true, should_shut_down: false }
    }
}

impl RequestBody for AlterPartitionRequest {
    type Answer = AlterPartitionResponse;

    fn refused(&self, refusal: &Refusal) -> AlterPartitionResponse {
        AlterPartitionResponse { error: refusal.error, partitions: Vec::new() }
    }

    fn size(&self) -> u32 {
        16 + self.partitions.len() as u32 * ASKED_PARTITION
    }
}

impl RequestBody for AllocateProducerIdsRequest {
    type Answer = AllocateProducerIdsResponse;

    fn refused(&self, refusal: &Refusal) -> AllocateProducerIdsResponse {
        AllocateProducerIdsResponse { error: refusal.error, start: -1, length: 0 }
    }
}

impl ResponseBody for BrokerRegistrationResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl ResponseBody for BrokerHeartbeatResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl ResponseBody for AlterPartitionResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl ResponseBody for AllocateProducerIdsResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}
