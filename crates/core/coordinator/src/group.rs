//! A classic group: members, generation, leader, protocol and state (`ClassicGroup`, semantics §12).
//! Here are the data and the rules about them; what requests and timers do is in `join`,
//! `rebalance` and `sync`.

use crate::image::{GroupMetadata, GroupRecord, MemberMetadata};
use crate::member::Member;
use crate::partition::in_java_map_order;
use crate::turn::{GroupTimer, Parked, Turn, join_error, sync_error};
use api::Response;
use base::{ConnectionId, ErrorCode, FlatMap, FlatSet, GroupId, Shared, Span, Str, Timestamp};
use bytes::Bytes;
use port::{Fact, GroupState, KafkaFact, LeaveReason};

/// One consumer group under the classic protocol.
#[derive(Clone, Debug, Hash)]
pub struct ClassicGroup {
    pub(crate) id: GroupId,
    pub(crate) state: GroupState,
    pub(crate) previous_state: GroupState,
    /// When the state last changed; −1 unknown.
    pub(crate) state_since: Timestamp,
    pub(crate) protocol_type: Option<Str>,
    pub(crate) protocol: Option<Str>,
    pub(crate) generation: i32,
    pub(crate) leader: Option<Str>,
    pub(crate) members: FlatMap<Str, Member>,
    /// Instance id to member id.
    pub(crate) static_members: FlatMap<Str, Str>,
    /// Ids that were handed out with MEMBER_ID_REQUIRED and have not come back yet.
    pub(crate) pending_joins: FlatSet<Str>,
    /// Members that have not sent SyncGroup in this generation.
    pub(crate) pending_syncs: FlatSet<Str>,
    /// The first rebalance of an empty group is being delayed.
    pub(crate) initial_delay: Option<InitialDelay>,
    /// A member came during the initial delay, so the delay may be extended.
    pub(crate) new_member_added: bool,
    pub(crate) next_ordinal: u64,
}

/// The current piece of `group.initial.rebalance.delay.ms` and what may still follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct InitialDelay {
    pub delay: Span,
    pub remaining: Span,
}

impl ClassicGroup {
    /// A group without members that begins at generation 0.
    pub(crate) fn empty(id: GroupId, now: Timestamp) -> ClassicGroup {
        ClassicGroup {
            id,
            state: GroupState::Empty,
            previous_state: GroupState::Dead,
            state_since: now,
            protocol_type: None,
            protocol: None,
            generation: 0,
            leader: None,
            members: FlatMap::new(),
            static_members: FlatMap::new(),
            pending_joins: FlatSet::new(),
            pending_syncs: FlatSet::new(),
            initial_delay: None,
            new_member_added: false,
            next_ordinal: 0,
        }
    }

    /// The group as a new coordinator finds it in its log. With members it is taken for Stable, without for Empty:
    /// only finished generations are written.
    pub(crate) fn of(id: GroupId, metadata: &GroupMetadata) -> ClassicGroup {
        let member = |(ordinal, each): (u64, &MemberMetadata)| Member::of(each, metadata.protocol.as_ref(), ordinal);
        let members: Vec<Member> = (0..).zip(&metadata.members).map(member).collect();
        let instance_of = |member: &Member| Some((member.instance_id.clone()?, member.id.clone()));
        ClassicGroup {
            state: if members.is_empty() { GroupState::Empty } else { GroupState::Stable },
            protocol_type: metadata.protocol_type.clone(),
            protocol: metadata.protocol.clone(),
            generation: metadata.generation,
            leader: metadata.leader.clone(),
            next_ordinal: members.len() as u64,
            static_members: members.iter().filter_map(instance_of).collect(),
            members: members.into_iter().map(|member| (member.id.clone(), member)).collect(),
            ..ClassicGroup::empty(id, metadata.state_since)
        }
    }

    /// The record of the group as it stands.
    pub(crate) fn record(&self) -> GroupRecord {
        self.record_of(GroupMetadata::of(self, |member| member.assignment.clone()))
    }

    /// The record of the group with an assignment that its members do not have yet.
    /// Members get theirs when the record is committed, so that a new coordinator never knows less than a member does.
    pub(crate) fn record_with(&self, assignment: &FlatMap<Str, Bytes>) -> GroupRecord {
        self.record_of(GroupMetadata::of(self, |member| assignment.get(&member.id).cloned().unwrap_or_default()))
    }

    fn record_of(&self, metadata: GroupMetadata) -> GroupRecord {
        GroupRecord::Group(self.id.clone(), Some(Shared::new(metadata)))
    }

    pub fn id(&self) -> &GroupId {
        &self.id
    }

    pub fn state(&self) -> GroupState {
        self.state
    }

    pub fn generation(&self) -> i32 {
        self.generation
    }

    pub fn leader(&self) -> Option<&Str> {
        self.leader.as_ref()
    }

    /// The assignor that the members agreed on.
    pub fn protocol(&self) -> Option<&Str> {
        self.protocol.as_ref()
    }

    /// `consumer` for consumers; `None` for a group that only commits offsets.
    pub fn protocol_type(&self) -> Option<&Str> {
        self.protocol_type.as_ref()
    }

    /// Members by id.
    pub fn members(&self) -> &FlatMap<Str, Member> {
        &self.members
    }

    /// Ids that were handed out and have not joined yet.
    pub fn pending_members(&self) -> &FlatSet<Str> {
        &self.pending_joins
    }

    /// Members whose SyncGroup of this generation has not come yet.
    pub fn pending_syncs(&self) -> &FlatSet<Str> {
        &self.pending_syncs
    }

    /// The member id behind a `group.instance.id`.
    pub fn static_member(&self, instance_id: &str) -> Option<&Str> {
        self.static_members.get(instance_id)
    }

    pub(crate) fn is(&self, state: GroupState) -> bool {
        self.state == state
    }

    pub(crate) fn is_leader(&self, member_id: &str) -> bool {
        self.leader.as_deref() == Some(member_id)
    }

    /// Moves along one of the edges of §12.1.
    pub(crate) fn transition(&mut self, turn: &mut Turn<'_, '_>, state: GroupState) {
        assert!(valid_before(state).contains(&self.state), "{:?} cannot follow {:?}", state, self.state);
        self.previous_state = self.state;
        self.state = state;
        self.state_since = turn.cx.wall;
        let (group, generation) = (&self.id, self.generation);
        turn.cx.fact(|| KafkaFact::GroupStateChanged { group: group.clone(), state, generation });
    }

    /// The first to join leads, until it leaves or does not rejoin.
    pub(crate) fn add(&mut self, turn: &mut Turn<'_, '_>, mut member: Member, protocol_type: &Str) {
        if self.members.is_empty() {
            self.protocol_type = Some(protocol_type.clone());
        }
        self.leader.get_or_insert_with(|| member.id.clone());
        if let Some(instance_id) = &member.instance_id {
            self.static_members.insert(instance_id.clone(), member.id.clone());
        }
        self.pending_joins.remove(&member.id);
        member.ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        let group = &self.id;
        turn.cx.fact(|| joined(group, &member));
        self.members.insert(member.id.clone(), member);
    }

    /// Forgets a member or a pending id. The leader's place goes to the member that has been in the
    /// group for longest (Kafka: the first in the order of a Java map).
    pub(crate) fn remove(&mut self, turn: &mut Turn<'_, '_>, member_id: &str, reason: LeaveReason) {
        if let Some(member) = self.members.remove(member_id) {
            if let Some(instance_id) = &member.instance_id {
                self.static_members.remove(instance_id);
            }
            let group = &self.id;
            turn.cx.fact(|| left(group, &member, reason));
        }
        if self.is_leader(member_id) {
            self.leader = self.longest_standing(|_| true);
        }
        self.pending_joins.remove(member_id);
        self.pending_syncs.remove(member_id);
        turn.cancel_timer(&GroupTimer::Session(self.id.clone(), member_id.into()));
    }

    /// Kafka takes any; the one that joined first is the same in every run.
    pub(crate) fn longest_standing(&self, among: impl Fn(&Member) -> bool) -> Option<Str> {
        let candidates = self.members.values().filter(|member| among(member));
        candidates.min_by_key(|member| member.ordinal).map(|member| member.id.clone())
    }

    /// Gives a static member a new id; whoever waits under the old one is fenced.
    pub(crate) fn rename_static(&mut self, turn: &mut Turn<'_, '_>, old_id: &Str, new_id: &Str) {
        let mut member = self.members.remove(old_id).expect("somebody has this instance's id");
        if let Some(parked) = member.awaiting_join.take() {
            let mut response = join_error(old_id, ErrorCode::FencedInstanceId);
            response.protocol = None;
            turn.answer(parked, Response::JoinGroup(response));
        }
        if let Some(parked) = member.awaiting_sync.take() {
            turn.answer(parked, Response::SyncGroup(sync_error(ErrorCode::FencedInstanceId)));
        }
        let group = &self.id;
        turn.cx.fact(|| left(group, &member, LeaveReason::Replaced));
        turn.cancel_timer(&GroupTimer::Session(self.id.clone(), old_id.clone()));
        member.id = new_id.clone();
        member.is_new = false;
        turn.cx.fact(|| joined(group, &member));
        if self.is_leader(old_id) {
            self.leader = Some(new_id.clone());
        }
        if let Some(instance_id) = &member.instance_id {
            self.static_members.insert(instance_id.clone(), new_id.clone());
        }
        self.members.insert(new_id.clone(), member);
    }

    /// The longest rebalance timeout of all members.
    pub(crate) fn rebalance_timeout(&self) -> Span {
        self.members.values().map(|member| member.rebalance_timeout).max().unwrap_or(Span::ZERO)
    }

    pub(crate) fn awaiting_join(&self) -> u32 {
        self.members.values().filter(|member| member.awaiting_join.is_some()).count() as u32
    }

    pub(crate) fn awaiting_sync(&self) -> u32 {
        self.members.values().filter(|member| member.awaiting_sync.is_some()).count() as u32
    }

    /// Then a rebalance need not wait for its time-out.
    pub(crate) fn has_all_members_joined(&self) -> bool {
        self.pending_joins.is_empty() && self.members.values().all(|member| member.awaiting_join.is_some())
    }

    /// From these states a rebalance may begin (`ClassicGroup.canRebalance`).
    pub(crate) fn can_rebalance(&self) -> bool {
        valid_before(GroupState::PreparingRebalance).contains(&self.state)
    }

    /// Can somebody with these protocols be a member?
    pub(crate) fn supports(&self, protocol_type: &str, protocols: &[(Str, Bytes)]) -> bool {
        if self.is(GroupState::Empty) {
            return !protocol_type.is_empty() && !protocols.is_empty();
        }
        let common = |name: &str| self.members.values().all(|member| member.supports(name));
        self.protocol_type.as_deref() == Some(protocol_type) && protocols.iter().any(|(name, _)| common(name))
    }

    /// What most members prefer among the protocols that all support.
    pub(crate) fn select_protocol(&self) -> Option<Str> {
        let first = self.members.values().next()?;
        let common = |name: &Str| self.members.values().all(|member| member.supports(name));
        let candidates: Vec<Str> = first.protocols.iter().map(|(name, _)| name.clone()).filter(common).collect();
        let mut votes: Vec<(Str, u32)> = Vec::new();
        for choice in self.members.values().filter_map(|member| member.vote(&candidates)) {
            match votes.iter_mut().find(|(name, _)| *name == choice) {
                Some((_, count)) => *count += 1,
                None => votes.push((choice, 1)),
            }
        }
        in_java_map_order(&mut votes, |(name, _)| name);
        let most = votes.iter().map(|(_, count)| *count).max()?;
        votes.into_iter().find(|(_, count)| *count == most).map(|(name, _)| name)
    }

    /// Is the sender the member it claims to be?
    ///
    /// # Errors
    /// `UnknownMemberId`, or `FencedInstanceId` when another member id holds the instance id.
    pub(crate) fn validate_member(&self, member_id: &str, instance_id: Option<&Str>) -> Result<(), ErrorCode> {
        if let Some(instance_id) = instance_id {
            match self.static_members.get(instance_id) {
                None => return Err(ErrorCode::UnknownMemberId),
                Some(holder) if **holder != *member_id => return Err(ErrorCode::FencedInstanceId),
                Some(_) => {}
            }
        }
        if self.members.contains_key(member_id) { Ok(()) } else { Err(ErrorCode::UnknownMemberId) }
    }

    /// Re-arms a member's session, which then lasts its session timeout.
    pub(crate) fn rearm_session(&self, turn: &mut Turn<'_, '_>, member_id: &str) {
        if let Some(member) = self.members.get(member_id) {
            turn.set_timer(GroupTimer::Session(self.id.clone(), member.id.clone()), member.session_timeout);
        }
    }

    /// Does a request of this connection wait here?
    pub(crate) fn is_parked_on(&self, connection: ConnectionId) -> bool {
        let on = |parked: &Option<Parked>| {
            parked.and_then(|parked| parked.reply).is_some_and(|reply| reply.connection == connection)
        };
        self.members.values().any(|member| on(&member.awaiting_join) || on(&member.awaiting_sync))
    }

    /// Forgets the reply addresses on a closed connection. The members stay as they are.
    pub(crate) fn forget_connection(&mut self, connection: ConnectionId) {
        for member in self.members.values_mut() {
            for parked in [&mut member.awaiting_join, &mut member.awaiting_sync].into_iter().flatten() {
                if parked.reply.is_some_and(|reply| reply.connection == connection) {
                    parked.reply = None;
                }
            }
        }
    }

    /// Everybody who waits is sent away, and no timer of the group stays.
    pub(crate) fn fail_parked(&mut self, turn: &mut Turn<'_, '_>, error: ErrorCode) {
        for member in self.members.values_mut() {
            if let Some(parked) = member.awaiting_join.take() {
                turn.answer(parked, Response::JoinGroup(join_error(&member.id, error)));
            }
            if let Some(parked) = member.awaiting_sync.take() {
                turn.answer(parked, Response::SyncGroup(sync_error(error)));
            }
        }
        self.cancel_timers(turn);
    }

    fn cancel_timers(&self, turn: &mut Turn<'_, '_>) {
        turn.cancel_timer(&GroupTimer::Join(self.id.clone()));
        turn.cancel_timer(&GroupTimer::Sync(self.id.clone()));
        for member_id in self.members.keys().chain(&self.pending_joins) {
            turn.cancel_timer(&GroupTimer::Session(self.id.clone(), member_id.clone()));
        }
    }
}

fn joined(group: &GroupId, member: &Member) -> Fact {
    Fact::Kafka(KafkaFact::MemberJoined {
        group: group.clone(),
        member: member.id.clone(),
        client: member.client_id.clone(),
    })
}

fn left(group: &GroupId, member: &Member, reason: LeaveReason) -> Fact {
    Fact::Kafka(KafkaFact::MemberLeft {
        group: group.clone(),
        member: member.id.clone(),
        client: member.client_id.clone(),
        reason,
    })
}

/// The states from which `state` can be reached (`ClassicGroupState`).
fn valid_before(state: GroupState) -> &'static [GroupState] {
    use GroupState::*;
    match state {
        Empty => &[PreparingRebalance],
        PreparingRebalance => &[Stable, CompletingRebalance, Empty],
        CompletingRebalance => &[PreparingRebalance],
        Stable => &[CompletingRebalance],
        Dead => &[Stable, PreparingRebalance, CompletingRebalance, Empty, Dead],
    }
}
