//! Votes and pre-votes, given and collected. Semantics §9.2.
//! Kafka: `handleVoteRequest`, `handleVoteResponse`, `EpochState.canGrantVote`.

use crate::quorum::{Membership, Quorum, QuorumTimer, Verdict};
use crate::role::{Role, Votes};
use api::{Request, VoteRequest, VoteResponse};
use base::{BrokerId, ErrorCode, LeaderEpoch, Offset};
use port::{Cx, Fact, KafkaFact, Mutant};

impl Quorum {
    /// One vote per epoch, and only for a log that is not behind: so no leader lacks what is committed.
    pub(crate) fn on_vote(&mut self, cx: &mut Cx<'_>, request: &VoteRequest) -> VoteResponse {
        let outcome = self.decide_vote(cx, request);
        let (candidate, epoch, pre_vote) = (request.candidate, request.candidate_epoch, request.pre_vote);
        cx.fact(|| match outcome {
            Ok(true) => Fact::Kafka(KafkaFact::VoteGranted { candidate, epoch, pre_vote }),
            Ok(false) | Err(_) => Fact::Kafka(KafkaFact::VoteRejected { candidate, epoch, pre_vote }),
        });
        VoteResponse {
            error: outcome.err().unwrap_or_default(),
            leader: self.leader().unwrap_or(BrokerId::NONE),
            leader_epoch: self.election.epoch,
            vote_granted: outcome == Ok(true),
        }
    }

    /// Kafka's order of checks (semantics §9.2). A higher epoch is entered even where the vote is refused: the
    /// candidate would otherwise never be overtaken.
    fn decide_vote(&mut self, cx: &mut Cx<'_>, request: &VoteRequest) -> Result<bool, ErrorCode> {
        if request.cluster_id != self.cluster_id {
            return Err(ErrorCode::InconsistentClusterId);
        }
        check_last_offset(request)?;
        self.check_voter_only(request.candidate, request.candidate_epoch)?;
        if request.candidate_epoch > self.election.epoch {
            self.become_unattached(cx, request.candidate_epoch);
        }
        if request.voter != self.node {
            return Err(ErrorCode::InvalidVoterKey);
        }
        // A majority has every committed record, so whoever is at least as far as each of a majority has them all
        // (Raft §5.4.1).
        let theirs = (request.last_offset_epoch, request.last_offset);
        let is_up_to_date = theirs >= (self.log.last_epoch(), self.log.end());
        let granted = match request.pre_vote {
            true => is_up_to_date && self.grants_pre_vote(),
            false => self.grants_vote(request.candidate, is_up_to_date),
        };
        if granted && !request.pre_vote {
            self.note_vote(cx, request.candidate);
        }
        Ok(granted)
    }

    /// Whom a live leader serves, nobody else may disturb (KIP-996).
    fn grants_pre_vote(&self) -> bool {
        match &self.role {
            Role::Unattached | Role::Prospective(_) | Role::Candidate(_) | Role::Resigned(_) => true,
            Role::Follower(state) => !state.has_fetched,
            Role::Leader(_) => false,
        }
    }

    /// One vote per epoch, and none where a leader of the epoch is known: it was elected by a majority already. The
    /// vote for the same candidate is given again, because its answer may have been lost.
    fn grants_vote(&self, candidate: BrokerId, is_up_to_date: bool) -> bool {
        match &self.role {
            Role::Unattached | Role::Prospective(_) => match (self.election.voted, self.election.leader) {
                (Some(voted), _) => voted == candidate || self.switches.breaks(Mutant::VoteGivenTwice),
                (None, Some(_)) => false,
                (None, None) => is_up_to_date,
            },
            Role::Candidate(_) | Role::Follower(_) | Role::Leader(_) | Role::Resigned(_) => false,
        }
    }

    /// The vote is on disk before the answer leaves; no second candidate of this epoch gets it (K1).
    /// Whoever voted waits anew: the candidate has at least as good a chance as itself. One that was
    /// asking around asks again.
    fn note_vote(&mut self, cx: &mut Cx<'_>, candidate: BrokerId) {
        if self.election.voted == Some(candidate) {
            return;
        }
        self.election.voted = Some(candidate);
        self.persist(cx);
        if let Role::Prospective(votes) = &mut self.role {
            *votes = Votes::for_self(self.node);
        }
        if self.membership == Membership::Voter {
            let timeout = self.election_timeout(cx);
            self.timers.set(QuorumTimer::Election, cx.now + timeout);
        }
    }

    /// Requests that only voters make: not from an older epoch, and from somebody.
    pub(crate) fn check_voter_only(&self, from: BrokerId, epoch: LeaderEpoch) -> Result<(), ErrorCode> {
        if epoch < self.election.epoch {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        if from.is_none() { Err(ErrorCode::InvalidRequest) } else { Ok(()) }
    }

    /// Asks every voter that has not answered this round.
    pub(crate) fn poll_votes(&mut self, cx: &mut Cx<'_>) {
        for node in self.peers.nodes() {
            if self.role.votes().is_some_and(|votes| !votes.is_recorded(node)) {
                self.send(cx, node, |quorum| Request::Vote(quorum.vote_request(node)));
            }
        }
    }

    /// The end of the own log decides whether anybody says yes.
    fn vote_request(&self, voter: BrokerId) -> VoteRequest {
        VoteRequest {
            cluster_id: self.cluster_id.clone(),
            voter,
            candidate: self.node,
            candidate_epoch: self.election.epoch,
            last_offset_epoch: self.log.last_epoch(),
            last_offset: self.log.end(),
            pre_vote: matches!(self.role, Role::Prospective(_)),
        }
    }

    /// A refused candidate waits out its timeout; a prospective voter that cannot win goes back at once, so that it follows
    /// again as soon as it may (KIP-996).
    pub(crate) fn on_vote_response(&mut self, cx: &mut Cx<'_>, voter: BrokerId, response: &VoteResponse) -> Verdict {
        let (error, leader) = (response.error, response.leader.known());
        if let Some(verdict) = self.on_common_response(cx, error, leader, response.leader_epoch) {
            return verdict;
        }
        let voters = self.voters.len();
        let votes = match &mut self.role {
            Role::Prospective(votes) | Role::Candidate(votes) => votes,
            Role::Unattached | Role::Follower(_) | Role::Leader(_) | Role::Resigned(_) => return Verdict::Ready,
        };
        if response.vote_granted {
            votes.granted.insert(voter);
            self.move_on_if_granted(cx);
            return Verdict::Ready;
        }
        votes.rejected.insert(voter);
        let is_rejected = votes.is_rejected(voters);
        if is_rejected && matches!(self.role, Role::Prospective(_)) {
            self.give_up_election(cx);
        }
        Verdict::Ready
    }

    /// What every answer of the quorum's means before it is looked at in particular; `None`: go on.
    /// Kafka: `KafkaRaftClient.maybeHandleCommonResponse`.
    pub(crate) fn on_common_response(
        &mut self,
        cx: &mut Cx<'_>,
        error: ErrorCode,
        leader: Option<BrokerId>,
        epoch: LeaderEpoch,
    ) -> Option<Verdict> {
        if epoch < self.election.epoch {
            // We know more than whoever answered; it will learn.
            return Some(Verdict::BackOff);
        }
        let learnt = self.learn(cx, epoch, leader);
        match error {
            ErrorCode::None if learnt && matches!(self.role, Role::Unattached) => Some(Verdict::Ready),
            ErrorCode::None => None,
            _ if learnt => Some(Verdict::Ready),
            _ => Some(Verdict::BackOff),
        }
    }
}

/// A candidate's log cannot be of the epoch that it only asks for; in a pre-vote it asks in the epoch that it has.
fn check_last_offset(request: &VoteRequest) -> Result<(), ErrorCode> {
    let is_legal_epoch = match request.pre_vote {
        true => request.last_offset_epoch <= request.candidate_epoch,
        false => request.last_offset_epoch < request.candidate_epoch,
    };
    let is_sound = request.last_offset >= Offset::ZERO && request.last_offset_epoch.0 >= 0 && is_legal_epoch;
    if is_sound { Ok(()) } else { Err(ErrorCode::InvalidRequest) }
}
