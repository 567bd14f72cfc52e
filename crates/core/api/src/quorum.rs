//! KRaft elections: Vote (52), BeginQuorumEpoch (53), EndQuorumEpoch (54), DescribeQuorum (55).
//! Replication of the metadata log uses Fetch.

use crate::{Refusal, RequestBody, ResponseBody};
use base::{BrokerId, Endpoint, ErrorCode, LeaderEpoch, Offset, Str};

/// Vote v2 (pre-vote: KIP-996).
#[derive(Clone, Debug, Hash)]
pub struct VoteRequest {
    pub cluster_id: Str,
    pub voter: BrokerId,
    pub candidate: BrokerId,
    pub candidate_epoch: LeaderEpoch,
    pub last_offset_epoch: LeaderEpoch,
    pub last_offset: Offset,
    pub pre_vote: bool,
}

#[derive(Clone, Debug, Hash)]
pub struct VoteResponse {
    pub error: ErrorCode,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub vote_granted: bool,
}

#[derive(Clone, Debug, Hash)]
pub struct BeginQuorumEpochRequest {
    pub cluster_id: Str,
    pub voter: BrokerId,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub leader_endpoint: Endpoint,
}

#[derive(Clone, Debug, Hash)]
pub struct BeginQuorumEpochResponse {
    pub error: ErrorCode,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
}

#[derive(Clone, Debug, Hash)]
pub struct EndQuorumEpochRequest {
    pub cluster_id: Str,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub preferred_successors: Vec<BrokerId>,
}

#[derive(Clone, Debug, Hash)]
pub struct EndQuorumEpochResponse {
    pub error: ErrorCode,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
}

// What they know of themselves: see `body`.

impl RequestBody for VoteRequest {
    type Answer = VoteResponse;

    fn refused(&self, refusal: &Refusal) -> VoteResponse {
        VoteResponse {
            error: refusal.error,
            leader: BrokerId::NONE,
            leader_epoch: LeaderEpoch::UNDEFINED,
            vote_granted: false,
        }
    }
}

impl RequestBody for BeginQuorumEpochRequest {
    type Answer = BeginQuorumEpochResponse;

    fn refused(&self, refusal: &Refusal) -> BeginQuorumEpochResponse {
        BeginQuorumEpochResponse { error: refusal.error, leader: BrokerId::NONE, leader_epoch: LeaderEpoch::UNDEFINED }
    }
}

impl RequestBody for EndQuorumEpochRequest {
    type Answer = EndQuorumEpochResponse;

    fn refused(&self, refusal: &Refusal) -> EndQuorumEpochResponse {
        EndQuorumEpochResponse { error: refusal.error, leader: BrokerId::NONE, leader_epoch: LeaderEpoch::UNDEFINED }
    }
}

impl ResponseBody for VoteResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl ResponseBody for BeginQuorumEpochResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}

impl ResponseBody for EndQuorumEpochResponse {
    fn error(&self) -> ErrorCode {
        self.error
    }
}
