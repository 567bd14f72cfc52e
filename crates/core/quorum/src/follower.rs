//! Following: finding the leader, fetching from it, truncating what it never had.
//! Kafka: `pollFollower`, `pollUnattached`, `handleFetchResponse`.

use crate::quorum::{Membership, Quorum, QuorumTimer, Verdict};
use crate::role::{FollowerState, Role};
use api::{
    BeginQuorumEpochRequest, BeginQuorumEpochResponse, EndQuorumEpochRequest, EndQuorumEpochResponse, EpochEndOffset,
    FetchPartition, FetchPartitionResponse, FetchRequest, FetchResponse, IsolationLevel, ReplicaState, Request,
};
use base::{BrokerId, ErrorCode, LeaderEpoch, Offset, Span, TopicId};
use port::{Cx, KafkaFact};

/// How long a leader may keep a fetch (`KafkaRaftClient.MAX_FETCH_WAIT_MS`).
const FETCH_WAIT_MAX: Span = Span::from_millis(500);

impl Quorum {
    /// Fetches from the leader. Whoever knows none, or an observer whose leader does not answer, asks the
    /// voters in turn.
    pub(crate) fn poll_fetch(&mut self, cx: &mut Cx<'_>) {
        let Some(leader) = self.election.leader else { return self.fetch_from_any_voter(cx) };
        // An observer takes part in no election and would wait for a dead leader for ever.
        let asks_around = match &self.role {
            Role::Follower(state) => state.is_searching || self.is_backing_off(leader),
            Role::Unattached | Role::Prospective(_) | Role::Candidate(_) | Role::Leader(_) | Role::Resigned(_) => false,
        };
        if asks_around && self.membership == Membership::Observer {
            return self.fetch_from_any_voter(cx);
        }
        if !self.peers.any_in_flight() {
            self.send(cx, leader, |quorum| Request::Fetch(quorum.fetch_request()));
        }
    }

    /// Whoever is asked answers with who leads; one that is backed off is passed over.
    fn fetch_from_any_voter(&mut self, cx: &mut Cx<'_>) {
        if self.peers.any_in_flight() {
            return;
        }
        for _ in 0..self.peers.len() {
            let node = self.peers.whose_turn().expect("there are peers to go round");
            if !self.is_backing_off(node) {
                if self.send(cx, node, |quorum| Request::Fetch(quorum.fetch_request())) {
                    self.peers.next_turn();
                }
                return;
            }
            self.peers.next_turn();
        }
    }

    /// Fetches are also how followers vote for the high watermark: the offset says what they hold (KIP-595).
    fn fetch_request(&self) -> FetchRequest {
        let partition = FetchPartition {
            topic: TopicId::METADATA,
            partition: 0,
            current_leader_epoch: self.election.epoch,
            fetch_offset: self.log.end(),
            last_fetched_epoch: self.log.last_epoch(),
            log_start_offset: self.log.log().log_start(),
            max_bytes: self.settings.fetch_max_bytes,
        };
        FetchRequest {
            replica: Some(ReplicaState { id: self.node, epoch: -1 }),
            cluster_id: Some(self.cluster_id.clone()),
            max_wait: FETCH_WAIT_MAX,
            min_bytes: 1,
            max_bytes: self.settings.fetch_max_bytes,
            isolation: IsolationLevel::ReadUncommitted,
            session_id: 0,
            session_epoch: -1,
            partitions: vec![partition],
            forgotten: Vec::new(),
            rack: None,
        }
    }

    /// Records, or the place from which on the leader's log is another one.
    pub(crate) fn on_fetch_response(&mut self, cx: &mut Cx<'_>, response: &FetchResponse) -> Verdict {
        let Some(partition) = response.partitions.first().filter(|_| response.error == ErrorCode::None) else {
            return Verdict::BackOff;
        };
        let Some(current) = partition.current_leader else { return Verdict::BackOff };
        if let Some(verdict) = self.on_common_response(cx, partition.error, current.leader.known(), current.epoch) {
            return verdict;
        }
        if !matches!(self.role, Role::Follower(_)) {
            return Verdict::Ready;
        }
        match partition.diverging {
            Some(at) => self.truncate(cx, at),
            None => self.replicate(cx, partition),
        }
        // Truncating or writing may have ended the node.
        if let Role::Follower(state) = &mut self.role {
            *state = FollowerState { has_fetched: true, is_searching: false };
        }
        if !self.is_shut_down() {
            self.timers.set(QuorumTimer::FetchTimeout, cx.now + self.settings.fetch_timeout);
        }
        Verdict::Ready
    }

    /// The logs part at `at`. What is known to be committed is never cut (K8): a leader that asks for
    /// that contradicts the quorum's own promise, and Kafka halts.
    fn truncate(&mut self, cx: &mut Cx<'_>, at: EpochEndOffset) {
        if self.high_watermark.is_some_and(|committed| at.end_offset < committed) {
            let message = format!(
                "The leader requested truncation to offset {}, which is below the current high watermark {}",
                at.end_offset,
                self.high_watermark.unwrap_or_default()
            );
            return self.fail(cx, ErrorCode::UnknownServerError, &message);
        }
        let from = self.log.end();
        let to = self.log.truncation_point(at).max(self.high_watermark.unwrap_or_default());
        let truncated = self.log.truncate(cx.store, to);
        if self.or_fail(cx, truncated).is_some() && self.log.end() < from {
            let to = self.log.end();
            cx.fact(|| KafkaFact::MetadataTruncated { from, to });
        }
    }

    /// The leader's high watermark covers only what this log has already.
    fn replicate(&mut self, cx: &mut Cx<'_>, partition: &FetchPartitionResponse) {
        if !partition.records.is_empty() {
            let epoch = self.election.epoch;
            let appended = self.log.append_as_follower(cx.store, &partition.records, epoch, cx.wall);
            if self.or_fail(cx, appended).is_none() {
                return;
            }
        }
        if partition.high_watermark >= Offset::ZERO {
            self.on_high_watermark(cx, partition.high_watermark.min(self.log.end()));
        }
    }

    /// A new leader presents itself.
    pub(crate) fn on_begin_quorum_epoch(
        &mut self,
        cx: &mut Cx<'_>,
        request: &BeginQuorumEpochRequest,
    ) -> BeginQuorumEpochResponse {
        let checked = self.check_leaders_request(&request.cluster_id, request.leader, request.leader_epoch);
        let error = match checked {
            Err(error) => error,
            Ok(()) => {
                self.learn(cx, request.leader_epoch, Some(request.leader));
                if request.voter == self.node { ErrorCode::None } else { ErrorCode::InvalidVoterKey }
            }
        };
        // It lives, so no election is needed even when its fetch answers are slow.
        let follows = matches!(self.role, Role::Follower(_)) && self.election.leader == Some(request.leader);
        if error == ErrorCode::None && follows && !self.is_shut_down() {
            self.timers.set(QuorumTimer::FetchTimeout, cx.now + self.settings.fetch_timeout);
        }
        BeginQuorumEpochResponse {
            error,
            leader: self.leader().unwrap_or(BrokerId::NONE),
            leader_epoch: self.election.epoch,
        }
    }

    /// The leader gives up; its preferred successors try first.
    pub(crate) fn on_end_quorum_epoch(
        &mut self,
        cx: &mut Cx<'_>,
        request: &EndQuorumEpochRequest,
    ) -> EndQuorumEpochResponse {
        let checked = self.check_leaders_request(&request.cluster_id, request.leader, request.leader_epoch);
        if checked.is_ok() {
            self.learn(cx, request.leader_epoch, Some(request.leader));
            let follows = matches!(self.role, Role::Follower(_)) && self.election.leader == Some(request.leader);
            if follows && !self.is_shut_down() {
                let successors = &request.preferred_successors;
                let position = successors.iter().position(|successor| *successor == self.node);
                let wait = self.settings.backoff_at(position, successors.len());
                self.timers.set(QuorumTimer::FetchTimeout, cx.now + wait);
            }
        }
        EndQuorumEpochResponse {
            error: checked.err().unwrap_or_default(),
            leader: self.leader().unwrap_or(BrokerId::NONE),
            leader_epoch: self.election.epoch,
        }
    }

    /// BeginQuorumEpoch and EndQuorumEpoch come from leaders, who are voters and say nothing of epochs gone by.
    fn check_leaders_request(&self, cluster_id: &str, leader: BrokerId, epoch: LeaderEpoch) -> Result<(), ErrorCode> {
        if *cluster_id != *self.cluster_id {
            return Err(ErrorCode::InconsistentClusterId);
        }
        self.check_voter_only(leader, epoch)?;
        if self.contradicts(epoch, leader) || !self.voters.contains(leader) {
            return Err(ErrorCode::InvalidRequest);
        }
        Ok(())
    }
}
