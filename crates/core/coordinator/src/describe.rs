//! DescribeGroups (`GroupMetadataManager.describeGroups`): groups as an administrator sees them.

use crate::group::ClassicGroup;
use api::{DescribedGroup, DescribedMember};
use base::{ErrorCode, GroupId};
use bytes::Bytes;
use port::GroupState;

/// Kafka's name of a state.
pub fn state_name(state: GroupState) -> &'static str {
    match state {
        GroupState::Empty => "Empty",
        GroupState::PreparingRebalance => "PreparingRebalance",
        GroupState::CompletingRebalance => "CompletingRebalance",
        GroupState::Stable => "Stable",
        GroupState::Dead => "Dead",
    }
}

/// A group that cannot be described.
pub(crate) fn undescribed(group: &GroupId, error: ErrorCode) -> DescribedGroup {
    let state = if error == ErrorCode::GroupIdNotFound { state_name(GroupState::Dead) } else { "" };
    DescribedGroup {
        error,
        group: group.clone(),
        state: state.into(),
        protocol_type: "".into(),
        protocol: "".into(),
        members: Vec::new(),
    }
}

/// Protocol and subscriptions are told of a stable group only: else they are about to change.
pub(crate) fn describe(group: &ClassicGroup) -> DescribedGroup {
    let stable = group.state == GroupState::Stable;
    let protocol = group.protocol.clone().filter(|_| stable).unwrap_or_default();
    let members = group.members.values().map(|member| DescribedMember {
        member_id: member.id.clone(),
        group_instance_id: member.instance_id.clone(),
        client_id: member.client_id.clone(),
        metadata: if stable { member.metadata(&protocol) } else { Bytes::new() },
        assignment: member.assignment.clone(),
    });
    DescribedGroup {
        error: ErrorCode::None,
        group: group.id.clone(),
        state: state_name(group.state).into(),
        protocol_type: group.protocol_type.clone().unwrap_or_default(),
        members: members.collect(),
        protocol,
    }
}
