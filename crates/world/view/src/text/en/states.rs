//! English: states.

use broker::BrokerState;
use client::consumer::{Application, CloseStep, GroupPhase, Position};
use client::producer::Idempotence;
use port::{GroupState, QuorumRole};
use sim::Liveness;

use crate::text::StatesText;

pub(super) const STATES: StatesText = StatesText {
    liveness: |liveness| match liveness {
        Liveness::Running => "running",
        Liveness::Paused => "hangs",
        Liveness::Stopped => "stopped in order",
        Liveness::Killed => "killed",
        Liveness::PoweredOff => "without power",
    },
    quorum: |role| match role {
        QuorumRole::Unattached => "unattached: knows no leader",
        QuorumRole::Follower => "follower",
        QuorumRole::Prospective => "prospective: asks who would vote",
        QuorumRole::Candidate => "candidate",
        QuorumRole::Leader => "leader",
        QuorumRole::Resigned => "resigned",
    },
    broker: |state| match state {
        BrokerState::Starting => "STARTING: registers and reads metadata",
        BrokerState::Recovery => "RECOVERY: serves, still fenced",
        BrokerState::Running => "RUNNING",
        BrokerState::PendingControlledShutdown => "PENDING_CONTROLLED_SHUTDOWN: hands over",
        BrokerState::ShuttingDown => "SHUTTING_DOWN",
    },
    group: |state| match state {
        GroupState::Empty => "Empty: no members",
        GroupState::PreparingRebalance => "PreparingRebalance: members join",
        GroupState::CompletingRebalance => "CompletingRebalance: the plan is made",
        GroupState::Stable => "Stable",
        GroupState::Dead => "Dead",
    },
    phase: |phase| match phase {
        GroupPhase::Unjoined => "not in the group",
        GroupPhase::CommittingBeforeJoin => "commits before it joins again",
        GroupPhase::Joining => "joins",
        GroupPhase::Assigning => "leads the group, needs metadata",
        GroupPhase::Syncing => "waits for the plan",
        GroupPhase::Stable => "has its share",
    },
    application: |application| match application {
        Application::Polling => "in poll()",
        Application::Processing => "works on records",
        Application::Closing(CloseStep::Begin | CloseStep::Committing) => "closes: commits",
        Application::Closing(CloseStep::Leaving) => "closes: leaves the group",
        Application::Committing => "in commitSync()",
        Application::Writing => "waits for its store",
        Application::Closed => "closed",
    },
    idempotence: |idempotence| match idempotence {
        Idempotence::Off => "not idempotent".to_owned(),
        Idempotence::Wanted => "none yet".to_owned(),
        Idempotence::Requested => "asked for".to_owned(),
        Idempotence::Known(identity) => format!("{}, epoch {}", identity.id, identity.epoch),
    },
    position: |position| match position {
        Position::Initialising => "asks for the committed offset".to_owned(),
        Position::Resetting => "auto.offset.reset decides".to_owned(),
        Position::Validating(at) => format!("{}, asks whether it still holds", at.offset),
        Position::At(at) => at.offset.to_string(),
    },
};
