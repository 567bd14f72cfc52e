//! KRaft elections: Vote (52), BeginQuorumEpoch (53), EndQuorumEpoch (54), DescribeQuorum (55).
//! Replication of the metadata log uses Fetch.

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
