//! KRaft elections: Vote (52), BeginQuorumEpoch (53), EndQuorumEpoch (54), DescribeQuorum (55).
//! Replication of the metadata log uses Fetch.

use crate::{Refusal, RequestBody, ResponseBody};
use base::{BrokerId, Endpoint, ErrorCode, LeaderEpoch, Offset, Str, Timestamp};

/// Vote v2 (pre-vote: KIP-996).
#[derive(Clone, Debug, Hash)]
pub struct VoteRequest {
    pub cluster_id: Str,
    pub voter: BrokerId,
    pub candidate: BrokerId,
    pub candidate_epoch: LeaderEpoch,
    /// Epoch and end of the candidate's log: nobody votes for one whose log is behind its own (Raft §5.4.1).
    pub last_offset_epoch: LeaderEpoch,
    pub last_offset: Offset,
    /// Only a question: no epoch rises and no vote is used up, so that a node behind a cut disturbs nobody.
    pub pre_vote: bool,
}

/// Yes or no, and whom the voter takes for the leader: a candidate that is late learns it here.
#[derive(Clone, Debug, Hash)]
pub struct VoteResponse {
    pub error: ErrorCode,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub vote_granted: bool,
}

/// A new leader tells the voters that do not fetch from it yet (KIP-595).
#[derive(Clone, Debug, Hash)]
pub struct BeginQuorumEpochRequest {
    pub cluster_id: Str,
    pub voter: BrokerId,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub leader_endpoint: Endpoint,
}

/// The epoch that the voter is in: a newer one ends the leadership.
#[derive(Clone, Debug, Hash)]
pub struct BeginQuorumEpochResponse {
    pub error: ErrorCode,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
}

/// A leader that goes names who should stand first: the voters with the longest logs, in that order.
#[derive(Clone, Debug, Hash)]
pub struct EndQuorumEpochRequest {
    pub cluster_id: Str,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub preferred_successors: Vec<BrokerId>,
}

/// Nothing hangs on it but the epoch.
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

/// How far everybody's copy of the metadata log is, as the leader knows it (KIP-595, KIP-836).
#[derive(Clone, Debug, Hash)]
pub struct DescribeQuorumRequest {}

/// The error concerns all of it: whoever does not lead knows nothing of the others.
#[derive(Clone, Debug, Hash)]
pub struct DescribeQuorumResponse {
    pub error: ErrorCode,
    pub error_message: Option<Str>,
    pub leader: BrokerId,
    pub leader_epoch: LeaderEpoch,
    pub high_watermark: Offset,
    pub voters: Vec<QuorumReplica>,
    pub observers: Vec<QuorumReplica>,
    /// Where the voters listen.
    pub nodes: Vec<(BrokerId, Endpoint)>,
}

/// Somebody who copies the metadata log. The leader itself has just fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QuorumReplica {
    pub id: BrokerId,
    /// The id of its log directory; zero in a static quorum for voters.
    pub directory: u128,
    /// −1: not heard of.
    pub log_end: Offset,
    /// By the leader's clock; −1: never.
    pub last_fetch: Timestamp,
    pub last_caught_up: Timestamp,
}

impl RequestBody for DescribeQuorumRequest {
    type Answer = DescribeQuorumResponse;

    fn refused(&self, refusal: &Refusal) -> DescribeQuorumResponse {
        DescribeQuorumResponse {
            error: refusal.error,
            error_message: refusal.message.clone(),
            leader: BrokerId::NONE,
            leader_epoch: LeaderEpoch::UNDEFINED,
            high_watermark: Offset::UNDEFINED,
            voters: Vec::new(),
            observers: Vec::new(),
            nodes: Vec::new(),
        }
    }
}

impl ResponseBody for DescribeQuorumResponse {
    fn size(&self) -> u32 {
        40 + (self.voters.len() + self.observers.len()) as u32 * 52 + self.nodes.len() as u32 * 32
    }

    fn error(&self) -> ErrorCode {
        self.error
    }
}
