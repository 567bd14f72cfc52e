//! The rebalance itself: how a join phase begins, when it ends, and what timers do to a group
//! (`GroupMetadataManager.prepareRebalance`, `completeClassicGroupJoin`; semantics §12.2, §12.4).

use crate::group::{ClassicGroup, InitialDelay};
use crate::turn::{AfterWrite, GroupTimer, GroupWrite, Turn, join_error};
use api::Response;
use base::{ErrorCode, Span, Str};
use port::{GroupState, LeaveReason};

impl ClassicGroup {
    /// Something changed that needs a new generation.
    /// A join phase that is under way takes it in; otherwise a new one begins.
    pub(crate) fn rebalance_or_complete_join(&mut self, turn: &mut Turn<'_, '_>) {
        if self.can_rebalance() {
            self.prepare_rebalance(turn);
        } else {
            self.complete_join_if_all_joined(turn);
        }
    }

    /// Opens the join phase.
    pub(crate) fn prepare_rebalance(&mut self, turn: &mut Turn<'_, '_>) {
        // Those who wait for an assignment wait for one that will not come.
        if self.is(GroupState::CompletingRebalance) {
            self.reset_assignment(turn, ErrorCode::RebalanceInProgress);
        }
        self.pending_syncs.clear();
        turn.cancel_timer(&GroupTimer::Sync(self.id.clone()));
        let initial = self.is(GroupState::Empty);
        self.transition(turn, GroupState::PreparingRebalance);
        if initial {
            // The group is new: more members probably follow within moments.
            let delay = turn.config.settings.initial_rebalance_delay;
            let remaining = minus(self.rebalance_timeout(), delay);
            self.schedule_initial(turn, InitialDelay { delay, remaining });
        } else if self.has_all_members_joined() {
            self.complete_join(turn);
        } else {
            self.schedule_join_end(turn);
        }
    }

    /// In the first round of an empty group only the delay ends the join phase.
    pub(crate) fn complete_join_if_all_joined(&mut self, turn: &mut Turn<'_, '_>) {
        let joining = self.is(GroupState::PreparingRebalance) && self.previous_state != GroupState::Empty;
        if joining && self.has_all_members_joined() {
            self.complete_join(turn);
        }
    }

    /// group.initial.rebalance.delay.ms: a new group waits for its members to come one after the other (KIP-134).
    fn schedule_initial(&mut self, turn: &mut Turn<'_, '_>, initial: InitialDelay) {
        self.initial_delay = Some(initial);
        turn.set_timer(GroupTimer::Join(self.id.clone()), initial.delay);
    }

    fn schedule_join_end(&mut self, turn: &mut Turn<'_, '_>) {
        self.schedule_join_end_after(turn, self.rebalance_timeout());
    }

    fn schedule_join_end_after(&mut self, turn: &mut Turn<'_, '_>, wait: Span) {
        self.initial_delay = None;
        turn.set_timer(GroupTimer::Join(self.id.clone()), wait);
    }

    /// The join timer fired: the initial delay is extended, or the join phase ends without those
    /// who have not come.
    pub(crate) fn on_join_timer(&mut self, turn: &mut Turn<'_, '_>) {
        match self.initial_delay {
            Some(InitialDelay { delay, remaining }) if self.new_member_added && remaining != Span::ZERO => {
                self.new_member_added = false;
                let next = turn.config.settings.initial_rebalance_delay.min(remaining);
                self.schedule_initial(turn, InitialDelay { delay: next, remaining: minus(remaining, delay) });
            }
            Some(_) | None => self.complete_join(turn),
        }
    }

    /// Ends the join phase: a new generation with those who joined, or an empty one.
    fn complete_join(&mut self, turn: &mut Turn<'_, '_>) {
        turn.cancel_timer(&GroupTimer::Join(self.id.clone()));
        self.initial_delay = None;
        self.remove_not_rejoined(turn);
        if !self.elect_joined_leader() && !self.members.is_empty() {
            // Only static members are left and none of them has come back: wait for their sessions.
            // With a timeout of zero that must not mean at this very instant, again and again.
            let wait = self.rebalance_timeout().max(Span::from_millis(1));
            self.schedule_join_end_after(turn, wait);
            return;
        }
        self.begin_generation(turn);
        if self.is(GroupState::Empty) {
            let write = GroupWrite { records: vec![self.record()], then: AfterWrite::Nothing };
            turn.writes.push(write);
        } else {
            self.answer_joins(turn);
            turn.set_timer(GroupTimer::Sync(self.id.clone()), self.rebalance_timeout());
        }
    }

    /// Static members may stay away until their session ends.
    fn remove_not_rejoined(&mut self, turn: &mut Turn<'_, '_>) {
        let missing = self.members.values().filter(|member| member.awaiting_join.is_none() && !member.is_static());
        let missing: Vec<Str> = missing.map(|member| member.id.clone()).collect();
        for member_id in missing {
            self.remove(turn, &member_id, LeaveReason::DidNotRejoin);
        }
    }

    /// Only somebody who joined can lead. False when nobody can.
    fn elect_joined_leader(&mut self) -> bool {
        // Without a leader there is nobody to replace (`ClassicGroup.maybeElectNewJoinedLeader`).
        let Some(leader) = self.leader.as_ref().and_then(|leader| self.members.get(leader)) else { return false };
        if leader.awaiting_join.is_some() {
            return true;
        }
        match self.longest_standing(|member| member.awaiting_join.is_some()) {
            Some(member_id) => {
                self.leader = Some(member_id);
                true
            }
            None => false,
        }
    }

    /// From now on only those who know the new number are heard: a member of the old one that was slow cannot commit
    /// over what another reads already.
    fn begin_generation(&mut self, turn: &mut Turn<'_, '_>) {
        self.generation += 1;
        self.protocol = self.select_protocol();
        let state = if self.members.is_empty() { GroupState::Empty } else { GroupState::CompletingRebalance };
        self.transition(turn, state);
        self.pending_syncs.clear();
    }

    /// Everybody gets the generation; the leader gets everybody.
    fn answer_joins(&mut self, turn: &mut Turn<'_, '_>) {
        let member_ids: Vec<Str> = self.members.keys().cloned().collect();
        for member_id in member_ids {
            let response = self.join_response(&member_id);
            let member = self.members.get_mut(&member_id).expect("nobody leaves while answers are written");
            member.is_new = false;
            if let Some(parked) = member.awaiting_join.take() {
                turn.answer(parked, Response::JoinGroup(response));
            }
            self.rearm_session(turn, &member_id);
            self.pending_syncs.insert(member_id);
        }
    }

    /// Some members never asked for their assignment: they go, and the others start over.
    pub(crate) fn on_sync_timer(&mut self, turn: &mut Turn<'_, '_>) {
        match self.state {
            GroupState::CompletingRebalance | GroupState::Stable => {
                if self.pending_syncs.is_empty() {
                    return;
                }
                for member_id in std::mem::take(&mut self.pending_syncs) {
                    self.remove(turn, &member_id, LeaveReason::DidNotSync);
                }
                self.prepare_rebalance(turn);
            }
            GroupState::Empty | GroupState::PreparingRebalance | GroupState::Dead => {}
        }
    }

    /// A session ended, or an id that was handed out was not used.
    pub(crate) fn on_session_timer(&mut self, turn: &mut Turn<'_, '_>, member_id: &Str) {
        if self.pending_joins.remove(member_id) {
            if self.is(GroupState::PreparingRebalance) && self.has_all_members_joined() {
                self.complete_join(turn);
            }
            return;
        }
        let member = self.members.get_mut(member_id).expect("who leaves takes its timer along");
        if member.has_satisfied_heartbeat() {
            return;
        }
        // A new member can end here while it waits; told that it is unknown, it tries again.
        if let Some(parked) = member.awaiting_join.take() {
            turn.answer(parked, Response::JoinGroup(join_error("", ErrorCode::UnknownMemberId)));
        }
        self.remove(turn, member_id, LeaveReason::SessionExpired);
        match self.state {
            GroupState::Stable | GroupState::CompletingRebalance => self.prepare_rebalance(turn),
            GroupState::PreparingRebalance => {
                if self.has_all_members_joined() {
                    self.complete_join(turn);
                }
            }
            GroupState::Empty | GroupState::Dead => {}
        }
    }

    /// After its log was read: sessions start anew; a group that has become too large shrinks in a
    /// rebalance.
    /// When members were last heard of is in no record; those that are gone are found out after one session.
    pub(crate) fn on_loaded(&mut self, turn: &mut Turn<'_, '_>) {
        for member_id in self.members.keys() {
            self.rearm_session(turn, member_id);
        }
        if self.members.len() as u32 > turn.size_max() {
            self.prepare_rebalance(turn);
        }
    }
}

fn minus(span: Span, other: Span) -> Span {
    Span(span.0.saturating_sub(other.0))
}
