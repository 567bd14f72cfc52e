//! What always holds of a quorum member between two events of its process.
//!
//! Within one node; what must hold between nodes (one leader per epoch, equal logs) the world's checks say.

use crate::election_state::ElectionState;
use crate::leader_state::LeaderState;
use crate::quorum::{Life, Membership, Quorum, QuorumTimer};
use crate::role::{Role, Votes};
use base::Offset;
use port::{Mutant, ReplyTo};

impl Quorum {
    /// Checks what always holds. Costs as much as there are voters, parked fetches and segments of the log.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self) {
        // A node that failed, or has left, stands as it was in the middle of that.
        if self.is_shut_down() {
            return;
        }
        self.log.log().verify();
        self.peers.lines.verify(&self.timers);
        self.verify_election();
        self.verify_role();
        self.verify_committed();
        self.verify_parked();
    }

    /// Nothing of an election leaves the node before it is on disk (K1), and epochs never fall behind the log's.
    fn verify_election(&self) {
        assert!(self.election.epoch >= self.log.last_epoch(), "epoch {:?} is behind the log", self.election.epoch);
        let forgets = self.switches.breaks(Mutant::VoteNotPersisted);
        let kept = ElectionState { voted: self.election.voted.filter(|_| !forgets), ..self.election };
        assert_eq!(self.persisted, Some(kept), "what the node has said is on its disk");
        // Whom a new set of voters left out has resigned.
        let may_lead = |id| self.voters.contains(id) || (id == self.node && matches!(self.role, Role::Resigned(_)));
        assert!(self.election.leader.is_none_or(may_lead), "{:?} leads and is no voter", self.election.leader);
        assert_eq!(self.membership == Membership::Voter, self.voters.contains(self.node), "who is a voter has a vote");
    }

    /// A role fits what is known of its epoch, and something ends every wait.
    fn verify_role(&self) {
        let own = Some(self.node);
        // Who is about to leave asks for no election.
        let elects = self.membership == Membership::Voter && self.life == Life::Running;
        let waits_for = |timer| self.timers.deadline(&timer).is_some();
        match &self.role {
            Role::Unattached => {
                assert_eq!(self.election.leader, None, "whoever knows a leader follows it");
                assert!(!elects || waits_for(QuorumTimer::Election), "nobody would ask for an election");
            }
            Role::Follower(state) => {
                let follows = self.election.leader.is_some() && self.election.leader != own;
                assert!(follows, "follows {:?}", self.election.leader);
                let looks = state.is_searching || waits_for(QuorumTimer::FetchTimeout);
                assert!(looks || !elects, "a silent leader would be followed for ever");
            }
            Role::Prospective(votes) => self.verify_nominee(votes),
            Role::Candidate(votes) => {
                assert_eq!(self.election.voted, own, "a candidate has its own vote");
                self.verify_nominee(votes);
            }
            Role::Leader(state) => self.verify_leader(state),
            Role::Resigned(state) => {
                assert_eq!(self.election.leader, own, "only a leader resigns");
                assert!(!state.unacknowledged.contains(&self.node), "it need not tell itself");
            }
        }
        let leads = matches!(self.role, Role::Leader(_));
        assert!(leads || self.pending.count() == 0, "only a leader has records to write");
        assert!(self.pending.count() == 0 || waits_for(QuorumTimer::AppendLinger), "accepted records are not written");
    }

    fn verify_nominee(&self, votes: &Votes) {
        assert_eq!(self.membership, Membership::Voter, "an observer is not elected");
        assert!(self.timers.deadline(&QuorumTimer::Election).is_some(), "a round of votes ends");
        assert!(votes.granted.contains(&self.node), "a nominee votes for itself");
        for voter in votes.granted.iter().chain(votes.rejected.iter()) {
            assert!(self.voters.contains(*voter), "{voter:?} has no vote");
        }
        let both = votes.granted.iter().find(|voter| votes.rejected.contains(voter));
        assert_eq!(both, None, "said both yes and no");
        assert!(!votes.is_granted(self.voters.len()), "a majority is not made use of");
    }

    fn verify_leader(&self, state: &LeaderState) {
        assert_eq!(
            (self.election.leader, self.membership),
            (Some(self.node), Membership::Voter),
            "leads without a vote"
        );
        assert_eq!(state.epoch(), self.election.epoch, "leads another epoch");
        assert_eq!(self.log.last_epoch(), self.election.epoch, "an epoch begins with a record of its own (§9.3)");
        assert!(state.epoch_start() < self.log.end(), "the first record of an epoch stays");
        let alone = self.voters.len() == 1;
        assert!(
            alone || self.timers.deadline(&QuorumTimer::CheckQuorum).is_some(),
            "leads without a majority for ever"
        );
        assert!(state.voters().keys().copied().eq(self.voters.ids()), "counts other voters");
        let own = state.voters().get(&self.node).and_then(|progress| progress.log_end);
        assert_eq!(own, Some(self.log.end()), "does not know its own log");
        // It answers who asks for more with where the logs part, and does not note it.
        let ends = state.voters().values().chain(state.observers().values()).filter_map(|progress| progress.log_end);
        assert!(ends.max() <= own, "a follower has more than its leader");
        self.verify_majority(state);
    }

    /// Committed is what a majority of voters has stored (K6).
    fn verify_majority(&self, state: &LeaderState) {
        // A new leader does not know what is committed before a majority has fetched its first record.
        let Some(high_watermark) = state.high_watermark() else { return };
        assert!(self.high_watermark >= Some(high_watermark), "the node has not heard of its own high watermark");
        assert!(high_watermark > state.epoch_start(), "older records are committed by one of this epoch only");
    }

    /// Given to the process is what is committed, and committed is what the log has.
    fn verify_committed(&self) {
        let high_watermark = self.high_watermark.unwrap_or(Offset::ZERO);
        assert!(self.handed_over <= high_watermark, "{} was handed over at {high_watermark}", self.handed_over);
        assert!(high_watermark <= self.log.end(), "{high_watermark} is committed of a log up to {}", self.log.end());
        // The last word of a leader that was asked to leave is heard with the next event.
        assert!(self.outputs.is_empty() || self.life == Life::ShuttingDown, "the process has heard everything");
    }

    /// A fetch waits at a leader only, and not for ever.
    fn verify_parked(&self) {
        assert!(self.is_leader() || self.parked.is_empty(), "a fetch waits for a leader that is none");
        for to in self.parked.keys() {
            assert!(self.timers.deadline(&QuorumTimer::ParkedFetch(*to)).is_some(), "{to:?} waits without end");
        }
    }

    /// To whom an answer is owed.
    pub fn owed(&self) -> impl Iterator<Item = ReplyTo> {
        self.parked.keys().copied()
    }
}
