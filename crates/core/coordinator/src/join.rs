//! JoinGroup (`GroupMetadataManager.classicGroupJoin`, semantics §12.2 and §12.5): new and known,
//! dynamic and static members.

use crate::config::NEW_MEMBER_JOIN_TIMEOUT;
use crate::group::ClassicGroup;
use crate::member::Member;
use crate::turn::{AfterWrite, GroupTimer, GroupWrite, Parked, Replaced, Turn, join_error, write_error};
use api::{JoinGroupMember, JoinGroupRequest, JoinGroupResponse, Response};
use base::{ErrorCode, Rng, Str};
use port::{GroupState, LeaveReason, ReplyTo};

/// A JoinGroup with what its header says about the sender.
#[derive(Clone, Copy, Debug)]
pub struct JoinCall<'a> {
    pub reply: ReplyTo,
    pub client_id: &'a Str,
    /// From version 4 on a dynamic member first learns its id; from 9 on a returning static leader
    /// is told to skip the assignment.
    pub api_version: i16,
    pub request: &'a JoinGroupRequest,
}

/// The version in which every client of this release speaks JoinGroup.
pub const JOIN_GROUP_VERSION: i16 = 9;

impl JoinCall<'_> {
    fn parked(&self) -> Parked {
        Parked { reply: Some(self.reply) }
    }

    fn answer(&self, turn: &mut Turn<'_, '_>, response: JoinGroupResponse) {
        turn.cx.respond(self.reply, Response::JoinGroup(response));
    }

    fn refuse(&self, turn: &mut Turn<'_, '_>, member_id: &str, error: ErrorCode) {
        self.answer(turn, join_error(member_id, error));
    }
}

impl ClassicGroup {
    /// A member wants in, or in again.
    pub(crate) fn join(&mut self, turn: &mut Turn<'_, '_>, call: JoinCall<'_>) {
        let request = call.request;
        if !self.accepts(turn, &request.member_id) {
            self.remove(turn, &request.member_id, LeaveReason::DidNotRejoin);
            call.refuse(turn, "", ErrorCode::GroupMaxSizeReached);
        } else if !self.supports(&request.protocol_type, &request.protocols) {
            call.refuse(turn, &request.member_id, ErrorCode::InconsistentGroupProtocol);
        } else if request.member_id.is_empty() {
            self.join_new(turn, call);
        } else {
            self.join_known(turn, call);
        }
    }

    /// Is there room (`group.max.size`)? In the join phase those who wait count, so that the last
    /// to rejoin an oversized group are the ones who go.
    fn accepts(&self, turn: &Turn<'_, '_>, member_id: &str) -> bool {
        let size_max = turn.size_max();
        let member = self.members.get(member_id);
        match self.state {
            GroupState::Empty | GroupState::Dead => true,
            GroupState::PreparingRebalance => {
                member.is_some_and(|member| member.awaiting_join.is_some()) || self.awaiting_join() < size_max
            }
            GroupState::CompletingRebalance | GroupState::Stable => {
                member.is_some() || (self.members.len() as u32) < size_max
            }
        }
    }

    /// A dynamic member learns its id before it joins, so that one that asks twice because the answer was lost is not
    /// two members (KIP-394).
    fn join_new(&mut self, turn: &mut Turn<'_, '_>, call: JoinCall<'_>) {
        let request = call.request;
        let prefix = request.group_instance_id.as_ref().unwrap_or(call.client_id);
        let member_id = generate_member_id(prefix, turn.cx.rng);
        let holder = request.group_instance_id.as_ref().and_then(|instance| self.static_members.get(instance));
        match holder.cloned() {
            Some(old_member_id) => self.replace_static(turn, call, old_member_id, member_id),
            None if request.group_instance_id.is_none() && call.api_version >= 4 => {
                let timer = GroupTimer::Session(self.id.clone(), member_id.clone());
                turn.set_timer(timer, request.session_timeout);
                self.pending_joins.insert(member_id.clone());
                call.refuse(turn, &member_id, ErrorCode::MemberIdRequired);
            }
            None => self.add_and_rebalance(turn, call, member_id),
        }
    }

    fn join_known(&mut self, turn: &mut Turn<'_, '_>, call: JoinCall<'_>) {
        let request = call.request;
        let member_id = &request.member_id;
        // A pending id belongs to a dynamic member; with an instance id it is nobody's.
        if self.pending_joins.contains(member_id) && request.group_instance_id.is_none() {
            return self.add_and_rebalance(turn, call, member_id.clone());
        }
        if let Err(error) = self.validate_member(member_id, request.group_instance_id.as_ref()) {
            let response = JoinGroupResponse { protocol: None, ..join_error(member_id, error) };
            return call.answer(turn, response);
        }
        let unchanged = self.members.get(member_id).is_some_and(|member| member.protocols == request.protocols);
        let echo = match self.state {
            GroupState::PreparingRebalance => false,
            // It may not have received the answer, so it gets it again.
            GroupState::CompletingRebalance => unchanged,
            // The leader can ask for a rebalance although nothing in its subscription changed.
            GroupState::Stable => unchanged && !self.is_leader(member_id),
            GroupState::Empty | GroupState::Dead => {
                return call.refuse(turn, member_id, ErrorCode::UnknownMemberId);
            }
        };
        if echo {
            call.answer(turn, self.join_response(member_id));
        } else {
            let member = self.members.get_mut(member_id).expect("validate_member has seen it");
            turn.abandon(member.update(request, call.parked()));
            self.rebalance_or_complete_join(turn);
        }
    }

    fn add_and_rebalance(&mut self, turn: &mut Turn<'_, '_>, call: JoinCall<'_>, member_id: Str) {
        let mut member = Member::new(member_id.clone(), call.client_id.clone(), call.request);
        member.awaiting_join = Some(call.parked());
        if self.is(GroupState::PreparingRebalance) && self.previous_state == GroupState::Empty {
            self.new_member_added = true;
        }
        self.add(turn, member, &call.request.protocol_type);
        // It has no id yet and cannot send heartbeats; if it is still waiting after this long it
        // probably is gone and may retry.
        turn.set_timer(GroupTimer::Session(self.id.clone(), member_id), NEW_MEMBER_JOIN_TIMEOUT);
        self.rebalance_or_complete_join(turn);
    }

    /// A static member is back without its old id: the new id takes the old one's place.
    /// The new id fences whoever still has the old one; where nothing else changes, nobody else hears of it (KIP-345,
    /// `GroupMetadataManager.updateStaticMemberThenRebalanceOrCompleteJoin`).
    fn replace_static(&mut self, turn: &mut Turn<'_, '_>, call: JoinCall<'_>, old: Str, new: Str) {
        let old_leader = self.leader.clone().unwrap_or_default();
        self.rename_static(turn, &old, &new);
        self.rearm_session(turn, &new);
        let member = self.members.get_mut(&new).expect("it has just got this name");
        let before = Member { id: old, ..member.clone() };
        let replaced = Replaced { before, new_member_id: new, old_leader, api_version: call.api_version };
        turn.abandon(member.update(call.request, call.parked()));
        match self.state {
            GroupState::Stable if self.protocol == self.select_protocol() => {
                let then = AfterWrite::StaticMemberReplaced { group: self.id.clone(), replaced: Box::new(replaced) };
                turn.writes.push(GroupWrite { records: vec![self.record()], then });
            }
            GroupState::Stable => self.rebalance_or_complete_join(turn),
            // The leader may have been given the old id, and would assign to nobody.
            GroupState::CompletingRebalance => self.prepare_rebalance(turn),
            GroupState::PreparingRebalance | GroupState::Empty | GroupState::Dead => {
                self.complete_join_if_all_joined(turn);
            }
        }
    }

    /// The new id of a static member is in the log, or could not be written.
    pub(crate) fn static_member_written(
        &mut self,
        turn: &mut Turn<'_, '_>,
        replaced: &Replaced,
        result: Result<(), ErrorCode>,
    ) {
        let new_id = &replaced.new_member_id;
        // It may have left, or have been replaced again, while its record was on the way to the log; then it was told.
        let Some(member) = self.members.get_mut(new_id) else { return };
        let parked = member.awaiting_join.take();
        let response = match result {
            Ok(()) => self.replaced_response(replaced),
            Err(error) => {
                let before = &replaced.before;
                member.protocols = before.protocols.clone();
                member.session_timeout = before.session_timeout;
                member.rebalance_timeout = before.rebalance_timeout;
                self.rename_static(turn, new_id, &before.id);
                self.rearm_session(turn, &before.id);
                JoinGroupResponse {
                    error: write_error(error),
                    member_id: "".into(),
                    leader: replaced.old_leader.clone(),
                    members: Vec::new(),
                    ..self.join_response(&before.id)
                }
            }
        };
        if let Some(parked) = parked {
            turn.answer(parked, Response::JoinGroup(response));
        }
    }

    fn replaced_response(&self, replaced: &Replaced) -> JoinGroupResponse {
        let response = self.join_response(&replaced.new_member_id);
        if replaced.api_version >= 9 {
            JoinGroupResponse { skip_assignment: self.is_leader(&replaced.new_member_id), ..response }
        } else {
            // Told that the old id leads, it takes itself for a follower and computes nothing.
            JoinGroupResponse { leader: replaced.old_leader.clone(), members: Vec::new(), ..response }
        }
    }

    /// The current generation as `member_id` is told of it.
    pub(crate) fn join_response(&self, member_id: &Str) -> JoinGroupResponse {
        let members = if self.is_leader(member_id) { self.join_members() } else { Vec::new() };
        JoinGroupResponse {
            error: ErrorCode::None,
            generation: self.generation,
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            leader: self.leader.clone().unwrap_or_default(),
            skip_assignment: false,
            member_id: member_id.clone(),
            members,
        }
    }

    fn join_members(&self) -> Vec<JoinGroupMember> {
        let protocol = self.protocol.clone().unwrap_or_default();
        self.members.values().map(|member| member.as_join_member(&protocol)).collect()
    }
}

/// `<client or instance id>-<random UUID>`, as `ClassicGroup.generateMemberId`.
fn generate_member_id(prefix: &str, rng: &mut Rng) -> Str {
    // Version 4, variant 1 (RFC 4122), as java.util.UUID.randomUUID.
    let bits = rng.next_u128() & !(0xf << 76) & !(0x3 << 62) | (4 << 76) | (2 << 62);
    let part = |shift: u32, digits: u32| (bits >> shift) & ((1 << (digits * 4)) - 1);
    let (a, b, c, d, e) = (part(96, 8), part(80, 4), part(64, 4), part(48, 4), part(0, 12));
    format!("{prefix}-{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}").into()
}
