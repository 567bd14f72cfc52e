//! SyncGroup, Heartbeat and LeaveGroup (`GroupMetadataManager.classicGroupSync`,
//! `classicGroupHeartbeat`, `classicGroupLeave`; semantics §12.3, §12.4).

use crate::group::ClassicGroup;
use crate::turn::{AfterWrite, GroupWrite, Parked, Turn, join_error, sync_error, write_error};
use api::{HeartbeatRequest, LeaveGroupRequest, LeavingMember, Response, SyncGroupRequest, SyncGroupResponse};
use base::{ErrorCode, FlatMap, Str};
use bytes::Bytes;
use port::{GroupState, LeaveReason, ReplyTo};

impl ClassicGroup {
    /// A member asks for its part of the generation's assignment; the leader brings the whole.
    pub(crate) fn sync(&mut self, turn: &mut Turn<'_, '_>, reply: ReplyTo, request: &SyncGroupRequest) {
        if let Err(error) = self.validate_sync(request) {
            return turn.cx.respond(reply, Response::SyncGroup(sync_error(error)));
        }
        self.pending_syncs.remove(&request.member_id);
        if self.is(GroupState::Stable) {
            let response = self.sync_response(&request.member_id);
            return turn.cx.respond(reply, Response::SyncGroup(response));
        }
        let member = self.members.get_mut(&request.member_id).expect("validate_sync has seen it");
        turn.abandon(member.awaiting_sync.replace(Parked { reply: Some(reply) }));
        if self.is_leader(&request.member_id) {
            self.write_assignment(turn, request);
        }
    }

    /// Kafka's order: who it is, of which generation, whether it means the same protocol (version 5 on), and at last whether
    /// there is an assignment to wait for (`GroupMetadataManager.validateSyncGroup`).
    fn validate_sync(&self, request: &SyncGroupRequest) -> Result<(), ErrorCode> {
        if self.is(GroupState::Empty) || self.is(GroupState::Dead) {
            return Err(ErrorCode::UnknownMemberId);
        }
        self.validate_member(&request.member_id, request.group_instance_id.as_ref())?;
        let differs = |asked: &Option<Str>, ours: &Option<Str>| asked.is_some() && asked != ours;
        if request.generation != self.generation {
            Err(ErrorCode::IllegalGeneration)
        } else if differs(&request.protocol_type, &self.protocol_type) || differs(&request.protocol, &self.protocol) {
            Err(ErrorCode::InconsistentGroupProtocol)
        } else if self.is(GroupState::PreparingRebalance) {
            Err(ErrorCode::RebalanceInProgress)
        } else {
            Ok(())
        }
    }

    /// Members whom the leader forgot get an empty assignment.
    /// The leader's word is law only for those who are members; it may have been computed from a list that is out of date.
    fn write_assignment(&mut self, turn: &mut Turn<'_, '_>, request: &SyncGroupRequest) {
        let mut assignment: FlatMap<Str, Bytes> = request.assignments.iter().cloned().collect();
        assignment.retain(|member_id, _| self.members.contains_key(member_id));
        for member_id in self.members.keys() {
            assignment.entry(member_id.clone()).or_default();
        }
        let records = vec![self.record_with(&assignment)];
        let then = AfterWrite::Assignment { group: self.id.clone(), generation: self.generation, assignment };
        turn.writes.push(GroupWrite { records, then });
    }

    /// The assignment is in the log, or could not be written. A group that has moved on meanwhile
    /// does not care.
    pub(crate) fn assignment_written(
        &mut self,
        turn: &mut Turn<'_, '_>,
        generation: i32,
        result: Result<&FlatMap<Str, Bytes>, ErrorCode>,
    ) {
        if !self.is(GroupState::CompletingRebalance) || self.generation != generation {
            return;
        }
        match result {
            Ok(assignment) => {
                for member in self.members.values_mut() {
                    member.assignment = assignment.get(&member.id).cloned().unwrap_or_default();
                }
                self.answer_syncs(turn, ErrorCode::None);
                self.transition(turn, GroupState::Stable);
            }
            Err(error) => {
                self.reset_assignment(turn, write_error(error));
                self.rebalance_or_complete_join(turn);
            }
        }
    }

    /// A plan that was lost on its way to the log: members have to join again.
    pub(crate) fn reset_assignment(&mut self, turn: &mut Turn<'_, '_>, error: ErrorCode) {
        for member in self.members.values_mut() {
            member.assignment = Bytes::new();
        }
        self.answer_syncs(turn, error);
    }

    /// Answers everybody who waits in SyncGroup. Their sessions, which did not count meanwhile,
    /// start anew.
    fn answer_syncs(&mut self, turn: &mut Turn<'_, '_>, error: ErrorCode) {
        let waiting =
            self.members.values_mut().filter_map(|member| Some((member.id.clone(), member.awaiting_sync.take()?)));
        let waiting: Vec<(Str, Parked)> = waiting.collect();
        for (member_id, parked) in waiting {
            let response = if error.is_error() { sync_error(error) } else { self.sync_response(&member_id) };
            turn.answer(parked, Response::SyncGroup(response));
            self.rearm_session(turn, &member_id);
        }
    }

    fn sync_response(&self, member_id: &str) -> SyncGroupResponse {
        SyncGroupResponse {
            error: ErrorCode::None,
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            assignment: self.members.get(member_id).map(|member| member.assignment.clone()).unwrap_or_default(),
        }
    }

    /// A sign of life. This is how members learn of a rebalance.
    /// In the join phase it is answered with an error and counts all the same: the member is alive and still has until the
    /// join phase ends.
    pub(crate) fn heartbeat(&self, turn: &mut Turn<'_, '_>, request: &HeartbeatRequest) -> ErrorCode {
        if self.is(GroupState::Dead) {
            return ErrorCode::CoordinatorNotAvailable;
        }
        if let Err(error) = self.validate_member(&request.member_id, request.group_instance_id.as_ref()) {
            return error;
        }
        if request.generation != self.generation {
            return ErrorCode::IllegalGeneration;
        }
        self.rearm_session(turn, &request.member_id);
        match self.state {
            GroupState::PreparingRebalance => ErrorCode::RebalanceInProgress,
            GroupState::CompletingRebalance | GroupState::Stable => ErrorCode::None,
            GroupState::Empty | GroupState::Dead => ErrorCode::UnknownMemberId,
        }
    }

    /// Members leave, by member id or (removed by an administrator) by instance id alone. Returns
    /// what each is told.
    pub(crate) fn leave(
        &mut self,
        turn: &mut Turn<'_, '_>,
        request: &LeaveGroupRequest,
    ) -> Vec<(Str, Option<Str>, ErrorCode)> {
        let mut outcomes = Vec::with_capacity(request.members.len());
        for leaving in &request.members {
            let error = self.leave_one(turn, leaving).err().unwrap_or(ErrorCode::None);
            outcomes.push((leaving.member_id.clone(), leaving.group_instance_id.clone(), error));
        }
        if outcomes.iter().any(|(_, _, error)| !error.is_error()) {
            match self.state {
                GroupState::Stable | GroupState::CompletingRebalance => self.prepare_rebalance(turn),
                GroupState::PreparingRebalance => self.complete_join_if_all_joined(turn),
                GroupState::Empty | GroupState::Dead => {}
            }
        }
        outcomes
    }

    /// An administrator names a static member by its instance alone (KIP-345). An id that was handed out and never used may
    /// leave, too.
    fn leave_one(&mut self, turn: &mut Turn<'_, '_>, leaving: &LeavingMember) -> Result<(), ErrorCode> {
        let instance_id = leaving.group_instance_id.as_ref();
        let member_id = if leaving.member_id.is_empty() {
            let holder = instance_id.and_then(|instance_id| self.static_members.get(instance_id));
            holder.cloned().ok_or(ErrorCode::UnknownMemberId)?
        } else {
            if !self.pending_joins.contains(&leaving.member_id) {
                self.validate_member(&leaving.member_id, instance_id)?;
            }
            leaving.member_id.clone()
        };
        let parked = self.members.get_mut(&member_id).and_then(|member| member.awaiting_join.take());
        if let Some(parked) = parked {
            turn.answer(parked, Response::JoinGroup(join_error("", ErrorCode::UnknownMemberId)));
        }
        self.remove(turn, &member_id, LeaveReason::Left);
        Ok(())
    }
}
