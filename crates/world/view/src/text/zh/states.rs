//! 中文：状态。

use broker::BrokerState;
use client::consumer::{Application, CloseStep, GroupPhase, Position};
use client::producer::Idempotence;
use port::{GroupState, QuorumRole};
use sim::Liveness;

use crate::text::StatesText;

pub(super) const STATES: StatesText = StatesText {
    liveness: |liveness| match liveness {
        Liveness::Running => "运行中",
        Liveness::Paused => "挂起",
        Liveness::Stopped => "正常停止",
        Liveness::Killed => "被强制停止",
        Liveness::PoweredOff => "断电",
    },
    quorum: |role| match role {
        QuorumRole::Unattached => "Unattached：不知道 Leader",
        QuorumRole::Follower => "Follower",
        QuorumRole::Prospective => "Prospective：先问谁会投票",
        QuorumRole::Candidate => "候选者",
        QuorumRole::Leader => "Leader",
        QuorumRole::Resigned => "已卸任",
    },
    broker: |state| match state {
        BrokerState::Starting => "STARTING：注册并读元数据",
        BrokerState::Recovery => "RECOVERY：在服务，仍被隔离",
        BrokerState::Running => "RUNNING",
        BrokerState::PendingControlledShutdown => "PENDING_CONTROLLED_SHUTDOWN：正在移交",
        BrokerState::ShuttingDown => "SHUTTING_DOWN",
    },
    group: |state| match state {
        GroupState::Empty => "Empty：没有成员",
        GroupState::PreparingRebalance => "PreparingRebalance：成员在加入",
        GroupState::CompletingRebalance => "CompletingRebalance：在制定方案",
        GroupState::Stable => "Stable",
        GroupState::Dead => "Dead",
    },
    phase: |phase| match phase {
        GroupPhase::Unjoined => "不在组里",
        GroupPhase::CommittingBeforeJoin => "重新加入前先提交",
        GroupPhase::Joining => "正在加入",
        GroupPhase::Assigning => "是组 Leader，等元数据",
        GroupPhase::Syncing => "等方案",
        GroupPhase::Stable => "已有自己的分区",
    },
    application: |application| match application {
        Application::Polling => "在 poll() 里",
        Application::Processing => "在处理消息",
        Application::Closing(CloseStep::Begin | CloseStep::Committing) => "关闭：提交",
        Application::Closing(CloseStep::Leaving) => "关闭：离开组",
        Application::Committing => "在 commitSync() 里",
        Application::Writing => "在等存储",
        Application::Closed => "已关闭",
    },
    idempotence: |idempotence| match idempotence {
        Idempotence::Off => "不幂等".to_owned(),
        Idempotence::Wanted => "还没有".to_owned(),
        Idempotence::Requested => "已请求".to_owned(),
        Idempotence::Known(identity) => format!("{}，纪元 {}", identity.id, identity.epoch),
    },
    position: |position| match position {
        Position::Initialising => "在问已提交的偏移量".to_owned(),
        Position::Resetting => "由 auto.offset.reset 决定".to_owned(),
        Position::Validating(at) => format!("{}，在问是否还有效", at.offset),
        Position::At(at) => at.offset.to_string(),
    },
};
