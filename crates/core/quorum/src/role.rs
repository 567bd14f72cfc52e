//! What a replica is doing at the moment, with what it has to remember only while it does.
//! Kafka: `EpochState` and its classes; epoch, leader and vote are in [`crate::ElectionState`].

use crate::leader_state::LeaderState;
use base::{BrokerId, FlatSet};
use port::QuorumRole;

/// A replica's role. Observers are only ever unattached or followers.
#[derive(Clone, Debug, Hash)]
pub enum Role {
    /// Knows the epoch, perhaps has voted in it, knows no leader.
    Unattached,
    Follower(FollowerState),
    /// Asks whether an election could be won, in the present epoch and without binding anybody (KIP-996).
    Prospective(Votes),
    /// Asks for votes in a new epoch.
    Candidate(Votes),
    Leader(LeaderState),
    /// Led this epoch and gave up, or was restarted.
    Resigned(ResignedState),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct FollowerState {
    /// Has the leader answered a fetch in this epoch? From then on no pre-vote is granted.
    pub has_fetched: bool,
    /// An observer whose leader is silent asks all voters who leads.
    pub is_searching: bool,
}

/// The answers to a round of Vote requests; a voter that has not answered is in neither set.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Votes {
    pub granted: FlatSet<BrokerId>,
    pub rejected: FlatSet<BrokerId>,
}

impl Votes {
    /// A nominee votes for itself.
    pub fn for_self(node: BrokerId) -> Votes {
        Votes { granted: FlatSet::from([node]), rejected: FlatSet::new() }
    }

    pub fn is_recorded(&self, voter: BrokerId) -> bool {
        self.granted.contains(&voter) || self.rejected.contains(&voter)
    }

    /// Has a majority of `voters` granted?
    pub fn is_granted(&self, voters: usize) -> bool {
        self.granted.len() > voters / 2
    }

    /// Can no majority of `voters` come together any more?
    pub fn is_rejected(&self, voters: usize) -> bool {
        voters - self.rejected.len().min(voters) <= voters / 2
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResignedState {
    /// The other voters by how much of the log they have, best first.
    pub preferred_successors: Vec<BrokerId>,
    /// Voters that have not answered EndQuorumEpoch yet.
    pub unacknowledged: FlatSet<BrokerId>,
}

impl Role {
    pub fn kind(&self) -> QuorumRole {
        match self {
            Role::Unattached => QuorumRole::Unattached,
            Role::Follower(_) => QuorumRole::Follower,
            Role::Prospective(_) => QuorumRole::Prospective,
            Role::Candidate(_) => QuorumRole::Candidate,
            Role::Leader(_) => QuorumRole::Leader,
            Role::Resigned(_) => QuorumRole::Resigned,
        }
    }

    /// The votes that a nominee has collected.
    pub fn votes(&self) -> Option<&Votes> {
        match self {
            Role::Prospective(votes) | Role::Candidate(votes) => Some(votes),
            Role::Unattached | Role::Follower(_) | Role::Leader(_) | Role::Resigned(_) => None,
        }
    }

    pub(crate) fn leader_mut(&mut self) -> Option<&mut LeaderState> {
        match self {
            Role::Leader(state) => Some(state),
            Role::Unattached | Role::Follower(_) | Role::Prospective(_) | Role::Candidate(_) | Role::Resigned(_) => {
                None
            }
        }
    }
}
