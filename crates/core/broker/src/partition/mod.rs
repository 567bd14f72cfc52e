//! One replica of one partition on this broker: its log and the part it plays.
//!
//! A partition knows nothing of the broker around it: methods take the event's circumstances and
//! say in a [`Change`] what others may now have been waiting for. Kafka: `Partition`.

mod follower;
mod leader;
pub mod leader_books;
pub mod remote;
mod verify;

pub use follower::FollowerState;
pub use leader_books::{
    Assignment, IsrProposal, LeaderConfig, LeaderState, ProposalKind, ProposalOutcome, ProposedIsr,
};
pub use remote::{FollowerFetch, Registration, RemoteReplica};

use base::{BrokerId, ErrorCode, LeaderEpoch, Offset, TopicIdPartition, TopicPartition};
use log::{Log, LogConfig};
use port::{Cx, KafkaFact};
use port::{Mutant, TestSwitches};

/// The part a replica plays.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Leader(LeaderState),
    Follower(FollowerState),
}

/// What an act on a partition may have woken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Log end, HW, log start or leadership moved: parked fetches and produces look again.
    pub moved: bool,
    /// An ISR to be proposed to the controller.
    pub proposal: Option<IsrProposal>,
}

impl Change {
    /// Waiters have to look; nothing is proposed.
    pub(crate) fn moved() -> Change {
        Change { moved: true, proposal: None }
    }
}

/// A replica.
#[derive(Clone, Debug, Hash)]
pub struct Partition {
    id: TopicIdPartition,
    name: TopicPartition,
    switches: TestSwitches,
    log: Log,
    role: Role,
}

impl Partition {
    /// A replica that has not been told its part yet: a follower of nobody.
    pub fn new(id: TopicIdPartition, name: TopicPartition, log: Log, switches: TestSwitches) -> Partition {
        Partition { id, name, switches, log, role: Role::Follower(FollowerState::unassigned()) }
    }

    /// By which metadata and requests know it.
    pub fn id(&self) -> TopicIdPartition {
        self.id
    }
    /// By which clients and folders know it.
    pub fn name(&self) -> &TopicPartition {
        &self.name
    }
    /// What it plays, as the metadata says.
    pub fn role(&self) -> &Role {
        &self.role
    }
    /// What it holds.
    pub fn log(&self) -> &Log {
        &self.log
    }
    /// By the metadata that this broker has: it may have been replaced.
    pub fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    /// The leader's books, when this replica leads.
    pub fn leader(&self) -> Option<&LeaderState> {
        match &self.role {
            Role::Leader(leader) => Some(leader),
            Role::Follower(_) => None,
        }
    }

    /// Who it follows, when it follows.
    pub fn follower(&self) -> Option<&FollowerState> {
        match &self.role {
            Role::Leader(_) => None,
            Role::Follower(follower) => Some(follower),
        }
    }

    /// Of the reign that it leads or follows in; requests of other epochs are fenced.
    pub fn leader_epoch(&self) -> LeaderEpoch {
        match &self.role {
            Role::Leader(leader) => leader.leader_epoch(),
            Role::Follower(follower) => follower.leader_epoch,
        }
    }

    /// Rises with every change of the partition, of leaders or not.
    pub fn partition_epoch(&self) -> i32 {
        match &self.role {
            Role::Leader(leader) => leader.partition_epoch(),
            Role::Follower(follower) => follower.partition_epoch,
        }
    }

    /// Below it is committed: no clean election takes it back.
    pub fn high_watermark(&self) -> Offset {
        self.log.high_watermark()
    }

    /// The next offset to be written.
    pub fn log_end(&self) -> Offset {
        self.log.log_end()
    }

    /// The committed ISR as this replica knows it.
    pub fn isr(&self) -> &[BrokerId] {
        match &self.role {
            Role::Leader(leader) => leader.isr(),
            Role::Follower(follower) => &follower.isr,
        }
    }

    /// New settings of the topic.
    pub fn set_config(&mut self, config: LogConfig, min_insync_replicas: i32) {
        self.log.set_config(config);
        if let Role::Leader(leader) = &mut self.role {
            leader.set_min_insync_replicas(min_insync_replicas);
        }
    }

    /// The log itself, for upkeep that no reader waits for (retention, expiry of producers).
    pub fn log_mut(&mut self) -> &mut Log {
        &mut self.log
    }

    /// Does a request's leader epoch fit? −1 is not checked.
    ///
    /// # Errors
    /// `FencedLeaderEpoch` from the past, `UnknownLeaderEpoch` from a future not yet replayed here.
    pub fn check_leader_epoch(&self, requested: LeaderEpoch) -> Result<(), ErrorCode> {
        if requested == LeaderEpoch::UNDEFINED || self.switches.breaks(Mutant::NoEpochFence) {
            return Ok(());
        }
        match requested.cmp(&self.leader_epoch()) {
            std::cmp::Ordering::Less => Err(ErrorCode::FencedLeaderEpoch),
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Greater => Err(ErrorCode::UnknownLeaderEpoch),
        }
    }

    /// The leader's books, with the request's epoch checked first.
    ///
    /// # Errors
    /// As [`Partition::check_leader_epoch`]; `NotLeaderOrFollower` when another broker leads.
    pub fn leader_in(&self, requested: LeaderEpoch) -> Result<&LeaderState, ErrorCode> {
        self.check_leader_epoch(requested)?;
        self.leader().ok_or(ErrorCode::NotLeaderOrFollower)
    }

    /// Tells of it, and says whether it has.
    fn high_watermark_moved(&self, cx: &mut Cx<'_>, from: Offset) -> bool {
        let to = self.log.high_watermark();
        if to > from {
            cx.fact(|| KafkaFact::HighWatermarkAdvanced { partition: self.name.clone(), from, to });
        }
        to != from
    }

    /// Tells of it, where it is another one.
    fn isr_changed(&self, cx: &mut Cx<'_>, before: &[BrokerId]) {
        if self.isr() != before {
            cx.fact(|| KafkaFact::IsrChanged { partition: self.name.clone(), isr: self.isr().to_vec() });
        }
    }
}
