//! Who votes: a value in the quorum's state, and what follows from it when it changes.
//!
//! Kafka: `VoterSet`. With kraft.version 0, which is all that is modelled, it comes from
//! `controller.quorum.voters` and stays. With kraft.version 1 (KIP-853) a VotersRecord in the metadata log
//! brings each next one; such a record is not written here yet, and [`Quorum::set_voters`] is what it will call.

use crate::metadata_log::Durability;
use crate::quorum::{Membership, Quorum, QuorumTimer};
use crate::role::{Role, Votes};
use base::{BrokerId, Endpoint, FlatMap, FlatSet, Shared};
use port::{Cx, Voter};

/// The voters and where each is reached.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct VoterSet(Shared<FlatMap<BrokerId, Endpoint>>);

impl VoterSet {
    /// `controller.quorum.voters`.
    pub fn new(voters: &[Voter]) -> VoterSet {
        VoterSet(Shared::new(voters.iter().map(|voter| (voter.id, voter.endpoint.clone())).collect()))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn contains(&self, node: BrokerId) -> bool {
        self.0.contains_key(&node)
    }

    pub fn endpoint(&self, node: BrokerId) -> Option<&Endpoint> {
        self.0.get(&node)
    }

    pub fn ids(&self) -> impl Iterator<Item = BrokerId> {
        self.0.keys().copied()
    }

    /// All but one of them.
    pub(crate) fn others(&self, node: BrokerId) -> FlatSet<BrokerId> {
        self.ids().filter(|&voter| voter != node).collect()
    }
}

impl Quorum {
    /// From now on these vote: who is asked, whose word counts and what a majority is follow from them. A leader that
    /// is not among them resigns, which Kafka's does once the record that left it out is committed (KIP-853).
    ///
    /// # Panics
    /// When there is no voter.
    pub fn set_voters(&mut self, cx: &mut Cx<'_>, voters: VoterSet) {
        if self.is_shut_down() || self.voters == voters {
            return;
        }
        self.install_voters(cx, voters);
        // Whom nobody can reach any more is not followed.
        let leaderless =
            self.election.leader.is_some_and(|leader| leader != self.node && !self.voters.contains(leader));
        if leaderless {
            self.become_unattached(cx, self.election.epoch);
            return self.poll(cx);
        }
        match &mut self.role {
            Role::Unattached | Role::Follower(_) => self.wait_as_member(cx),
            Role::Prospective(votes) | Role::Candidate(votes) => {
                keep_votes_of(votes, &self.voters);
                self.go_on_asking(cx);
            }
            Role::Leader(state) => {
                state.set_voters(&self.voters.ids().collect());
                self.lead_new_voters(cx);
            }
            Role::Resigned(state) => state.unacknowledged.retain(|voter| self.voters.contains(*voter)),
        }
        self.poll(cx);
    }

    /// Writes the set down, with what is nothing but its consequence: whether this node votes, so whether its log
    /// is flushed, and the lines to the others.
    pub(crate) fn install_voters(&mut self, cx: &mut Cx<'_>, voters: VoterSet) {
        assert!(!voters.is_empty(), "a quorum without voters decides nothing");
        let (membership, durability) = match voters.contains(self.node) {
            true => (Membership::Voter, Durability::Flushed),
            false => (Membership::Observer, Durability::Written),
        };
        self.membership = membership;
        self.log.set_durability(durability);
        for node in self.peers.nodes() {
            if !voters.contains(node) {
                self.timers.cancel(&QuorumTimer::RetryBackoff(node));
                self.peers.lines.remove(cx, &mut self.timers, node);
            }
        }
        for (node, endpoint) in voters.0.iter().filter(|(node, _)| **node != self.node) {
            self.peers.add(*node, endpoint, self.settings.request_timeout);
        }
        self.voters = voters;
    }

    /// A voter asks for an election when it hears nothing for too long; an observer only looks around.
    fn wait_as_member(&mut self, cx: &mut Cx<'_>) {
        let elects = self.membership == Membership::Voter;
        if matches!(self.role, Role::Follower(_)) {
            if elects && self.timers.deadline(&QuorumTimer::FetchTimeout).is_none() {
                self.timers.set(QuorumTimer::FetchTimeout, cx.now + self.settings.fetch_timeout);
            }
        } else if !elects {
            self.timers.cancel(&QuorumTimer::Election);
        } else if self.timers.deadline(&QuorumTimer::Election).is_none() {
            let timeout = self.election_timeout(cx);
            self.timers.set(QuorumTimer::Election, cx.now + timeout);
        }
    }

    /// The votes that are left may be enough now, or can no longer become enough.
    fn go_on_asking(&mut self, cx: &mut Cx<'_>) {
        if self.membership == Membership::Observer {
            return self.give_up_election(cx);
        }
        self.move_on_if_granted(cx);
        if matches!(&self.role, Role::Prospective(votes) if votes.is_rejected(self.voters.len())) {
            self.give_up_election(cx);
        }
    }

    /// Another majority may have stored what the old one had not (`LeaderState.updateLocalState`).
    fn lead_new_voters(&mut self, cx: &mut Cx<'_>) {
        if self.membership == Membership::Observer {
            return self.become_resigned(cx);
        }
        if self.voters.len() == 1 {
            self.timers.cancel(&QuorumTimer::CheckQuorum);
        } else if self.timers.deadline(&QuorumTimer::CheckQuorum).is_none() {
            self.timers.set(QuorumTimer::CheckQuorum, cx.now + self.settings.check_quorum_timeout());
        }
        self.on_written(cx);
    }
}

fn keep_votes_of(votes: &mut Votes, voters: &VoterSet) {
    votes.granted.retain(|voter| voters.contains(*voter));
    votes.rejected.retain(|voter| voters.contains(*voter));
}
