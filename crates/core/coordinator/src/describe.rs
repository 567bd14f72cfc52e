//! DescribeGroups and ListGroups (`GroupMetadataManager.describeGroups`, `listGroups`): groups as an administrator sees
//! them.

use crate::group::ClassicGroup;
use api::{DescribedGroup, DescribedMember, ListGroupsRequest, ListedGroup};
use base::{ErrorCode, GroupId, Str};
use bytes::Bytes;
use port::GroupState;

/// Connections of the model have no address: everybody is told as somebody on the same machine.
pub const CLIENT_HOST: &str = "/127.0.0.1";
/// `Group.GroupType.CLASSIC`
const CLASSIC: &str = "Classic";

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
    let is_absent = error == ErrorCode::GroupIdNotFound;
    let state = if is_absent { state_name(GroupState::Dead) } else { "" };
    DescribedGroup {
        error,
        error_message: is_absent.then(|| format!("Group {group} not found.").into()),
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
        client_host: CLIENT_HOST.into(),
        metadata: if stable { member.metadata(&protocol) } else { Bytes::new() },
        assignment: member.assignment.clone(),
    });
    DescribedGroup {
        error: ErrorCode::None,
        error_message: None,
        group: group.id.clone(),
        state: state_name(group.state).into(),
        protocol_type: group.protocol_type.clone().unwrap_or_default(),
        members: members.collect(),
        protocol,
    }
}

/// A group as a list has it.
pub(crate) fn listed(group: &ClassicGroup) -> ListedGroup {
    ListedGroup {
        group: group.id.clone(),
        protocol_type: group.protocol_type.clone().unwrap_or_default(),
        state: state_name(group.state).into(),
        group_type: CLASSIC.into(),
    }
}

/// Is it among those that were asked for? Case does not count; no filter lets everything through.
pub(crate) fn is_wanted(group: &ClassicGroup, request: &ListGroupsRequest) -> bool {
    let lets =
        |filter: &[Str], name: &str| filter.is_empty() || filter.iter().any(|each| each.eq_ignore_ascii_case(name));
    lets(&request.states, state_name(group.state)) && lets(&request.types, CLASSIC)
}
