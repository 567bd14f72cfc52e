//! What others see of a quorum member: invariants, the process around it, the page. Nothing here changes anything.

use crate::leader_state::LeaderState;
use crate::metadata_log::MetadataLog;
use crate::quorum::{Life, Membership, Quorum, QuorumTimer};
use crate::role::{Role, Votes};
use crate::settings::QuorumSettings;
use crate::voters::VoterSet;
use base::{BrokerId, LeaderEpoch, Offset, TimerTable};

impl Quorum {
    /// `node.id`.
    pub fn node(&self) -> BrokerId {
        self.node
    }
    /// Does it vote?
    pub fn membership(&self) -> Membership {
        self.membership
    }
    /// What it is in this epoch, with what goes with that.
    pub fn role(&self) -> &Role {
        &self.role
    }
    /// The newest epoch that it has heard of.
    pub fn epoch(&self) -> LeaderEpoch {
        self.election.epoch
    }
    /// Who leads this epoch as far as this node knows. A leader that resigned is no leader.
    pub fn leader(&self) -> Option<BrokerId> {
        match self.role {
            Role::Resigned(_) => None,
            Role::Unattached | Role::Follower(_) | Role::Prospective(_) | Role::Candidate(_) | Role::Leader(_) => {
                self.election.leader
            }
        }
    }
    /// As far as it knows itself: it may have been replaced.
    pub fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }
    /// For whom this node voted in this epoch.
    pub fn voted(&self) -> Option<BrokerId> {
        self.election.voted
    }
    /// Who counts for majorities.
    pub fn voters(&self) -> &VoterSet {
        &self.voters
    }
    /// The metadata log of this node.
    pub fn log(&self) -> &MetadataLog {
        &self.log
    }
    /// Where its next record goes.
    pub fn log_end(&self) -> Offset {
        self.log.end()
    }
    /// `None` until a leader of this lifetime has told it.
    pub fn high_watermark(&self) -> Option<Offset> {
        self.high_watermark
    }
    /// What a leader knows of its followers.
    pub fn leader_state(&self) -> Option<&LeaderState> {
        match &self.role {
            Role::Leader(state) => Some(state),
            Role::Unattached | Role::Follower(_) | Role::Prospective(_) | Role::Candidate(_) | Role::Resigned(_) => {
                None
            }
        }
    }
    /// As a candidate: who said what.
    pub fn votes(&self) -> Option<&Votes> {
        self.role.votes()
    }
    /// What it waits for, to be looked at.
    pub fn timers(&self) -> &TimerTable<QuorumTimer> {
        &self.timers
    }
    /// Fetches that wait for records.
    pub fn parked(&self) -> u32 {
        self.parked.len() as u32
    }
    /// Records that were accepted but not written yet.
    pub fn pending(&self) -> u32 {
        self.pending.count()
    }
    /// Its part of `server.properties`.
    pub fn settings(&self) -> &QuorumSettings {
        &self.settings
    }
    /// Did the disk fail, or the log contradict a leader? The process exits then.
    pub fn has_failed(&self) -> bool {
        self.life == Life::Failed
    }
}
