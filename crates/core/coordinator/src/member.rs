//! One member of a classic group (`ClassicGroupMember`).

use crate::image::MemberMetadata;
use crate::turn::Parked;
use api::{JoinGroupMember, JoinGroupRequest};
use base::{Span, Str};
use bytes::Bytes;

/// A member as its coordinator knows it.
#[derive(Clone, Debug, Hash)]
pub struct Member {
    pub id: Str,
    /// `group.instance.id` of a static member (KIP-345).
    pub instance_id: Option<Str>,
    pub client_id: Str,
    pub session_timeout: Span,
    pub rebalance_timeout: Span,
    /// In order of preference: protocol name and subscription bytes.
    pub protocols: Vec<(Str, Bytes)>,
    /// What the leader gave it in the last finished generation; empty: nothing.
    pub assignment: Bytes,
    /// Members are numbered in the order in which they joined the group.
    pub ordinal: u64,
    /// Its first join is not answered yet, so it cannot send heartbeats.
    pub is_new: bool,
    /// Its JoinGroup waits for the join phase to end.
    pub awaiting_join: Option<Parked>,
    /// Its SyncGroup waits for the leader's assignment.
    pub awaiting_sync: Option<Parked>,
}

impl Member {
    pub(crate) fn new(id: Str, client_id: Str, request: &JoinGroupRequest) -> Member {
        Member {
            id,
            instance_id: request.group_instance_id.clone(),
            client_id,
            session_timeout: request.session_timeout,
            rebalance_timeout: request.rebalance_timeout,
            protocols: request.protocols.clone(),
            assignment: Bytes::new(),
            ordinal: 0,
            is_new: true,
            awaiting_join: None,
            awaiting_sync: None,
        }
    }

    /// A member that a new coordinator finds in its log.
    pub(crate) fn of(member: &MemberMetadata, protocol: Option<&Str>, ordinal: u64) -> Member {
        Member {
            id: member.id.clone(),
            instance_id: member.instance_id.clone(),
            client_id: member.client_id.clone(),
            session_timeout: member.session_timeout,
            rebalance_timeout: member.rebalance_timeout,
            protocols: protocol.map(|name| (name.clone(), member.subscription.clone())).into_iter().collect(),
            assignment: member.assignment.clone(),
            ordinal,
            is_new: false,
            awaiting_join: None,
            awaiting_sync: None,
        }
    }

    pub fn is_static(&self) -> bool {
        self.instance_id.is_some()
    }

    pub fn supports(&self, protocol: &str) -> bool {
        self.protocols.iter().any(|(name, _)| &**name == protocol)
    }

    /// The subscription for `protocol`; empty when the member does not know that protocol.
    pub fn metadata(&self, protocol: &str) -> Bytes {
        self.protocols.iter().find(|(name, _)| &**name == protocol).map(|(_, bytes)| bytes.clone()).unwrap_or_default()
    }

    /// The topics that the member subscribes to under `protocol`; none when the bytes are not a
    /// consumer's subscription.
    pub fn subscribed_topics(&self, protocol: &str) -> Vec<Str> {
        schema::consumer_protocol::read(schema::consumer_protocol::subscription(), &self.metadata(protocol))
            .map(|(_, subscription)| subscription.get("topics"))
            .unwrap_or_default()
    }

    /// The assignment as topics with their partitions; none when the bytes are not a consumer's.
    pub fn assigned_partitions(&self) -> Vec<(Str, Vec<i32>)> {
        let decoded = schema::consumer_protocol::read(schema::consumer_protocol::assignment(), &self.assignment);
        let topics = |value: &schema::Value| (value.get("topic"), value.get("partitions"));
        decoded.map(|(_, value)| value.items("assignedPartitions").iter().map(topics).collect()).unwrap_or_default()
    }

    /// Members that wait in a join or sync do not have to send heartbeats; new ones may be dropped
    /// while they wait.
    pub(crate) fn has_satisfied_heartbeat(&self) -> bool {
        !self.is_new && (self.awaiting_join.is_some() || self.awaiting_sync.is_some())
    }

    /// The first of `candidates` in the member's own order.
    pub(crate) fn vote(&self, candidates: &[Str]) -> Option<Str> {
        self.protocols.iter().map(|(name, _)| name).find(|name| candidates.contains(name)).cloned()
    }

    /// As the leader sees it in its JoinGroup answer.
    pub(crate) fn as_join_member(&self, protocol: &str) -> JoinGroupMember {
        JoinGroupMember {
            member_id: self.id.clone(),
            group_instance_id: self.instance_id.clone(),
            metadata: self.metadata(protocol),
        }
    }

    /// Takes over what a JoinGroup says, which waits from now on. Gives back the one that waited before.
    #[must_use]
    pub(crate) fn update(&mut self, request: &JoinGroupRequest, parked: Parked) -> Option<Parked> {
        self.protocols = request.protocols.clone();
        self.session_timeout = request.session_timeout;
        self.rebalance_timeout = request.rebalance_timeout;
        self.awaiting_join.replace(parked)
    }
}
