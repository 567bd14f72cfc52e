//! From one generation to the next: give partitions back, JoinGroup, plan as the group's leader,
//! SyncGroup, take the new assignment. Kafka: `AbstractCoordinator.joinGroupIfNeeded`,
//! `ConsumerCoordinator.onJoinPrepare`, `onLeaderElected`, `onJoinComplete`.

use super::program::{Seeker, Sought};
use super::{CommitKind, Consumer, ConsumerRequest, ConsumerTimer, FetchPosition, From, GroupPhase, Position, Release};
use crate::assignor::{Assignor, Member, Subscriptions};
use crate::log::{Named, OfGroup};
use crate::subscription::{read_assignment, read_subscription, write_assignment, write_subscription};
use api::{
    ApiKey, JoinGroupRequest, JoinGroupResponse, PartitionMetadata, Request, SyncGroupRequest, SyncGroupResponse,
};
use base::{ErrorCode, FlatMap, FlatSet, Span, Str, TopicPartition};
use bytes::Bytes;
use port::{Cx, KafkaFact};

/// What the coordinator may take longer than the rebalance timeout before JoinGroup times out.
const JOIN_TIMEOUT_LAPSE: Span = Span::from_secs(5);

impl Consumer {
    /// Takes the next step towards a new generation, if there is one to take now.
    pub(super) fn join(&mut self, cx: &mut Cx<'_>) {
        match self.group.phase {
            GroupPhase::CommittingBeforeJoin | GroupPhase::Joining | GroupPhase::Syncing => return,
            GroupPhase::Assigning => return self.plan(cx),
            GroupPhase::Unjoined | GroupPhase::Stable => {}
        }
        if self.timers.deadline(&ConsumerTimer::GroupRetry).is_some() || !self.prepare(cx) {
            return;
        }
        if let Some(node) = self.coordinator_ready(cx) {
            let request = self.join_request();
            self.network.note(cx, OfGroup::Joining);
            let timeout = self.config.request_timeout.max(self.config.poll_interval_max + JOIN_TIMEOUT_LAPSE);
            self.network.send_with_timeout(cx, (node, timeout), request, ConsumerRequest::Join);
            self.group.phase = GroupPhase::Joining;
            self.timers.cancel(&ConsumerTimer::Heartbeat);
            self.timers.cancel(&ConsumerTimer::Session);
        }
    }

    /// Eager: commit, then give everything back. True when that is done.
    fn prepare(&mut self, cx: &mut Cx<'_>) -> bool {
        if self.group.prepared {
            return true;
        }
        if self.group.generation < 0 {
            self.release_partitions(cx, Release::Lost);
        } else if self.config.enable_auto_commit && !self.consumed().is_empty() {
            if !self.commit_in_flight && self.commit(cx, CommitKind::BeforeJoin) {
                self.group.phase = GroupPhase::CommittingBeforeJoin;
            }
            return false;
        } else {
            self.release_partitions(cx, Release::Revoked);
        }
        self.group.prepared = true;
        true
    }

    /// The commit before a join has ended, well or not.
    pub(super) fn give_back(&mut self, cx: &mut Cx<'_>) {
        let lost = self.group.generation < 0;
        self.release_partitions(cx, if lost { Release::Lost } else { Release::Revoked });
        self.group.prepared = true;
        self.group.phase = GroupPhase::Unjoined;
    }

    /// `client.rack`, for assignors that heed it.
    fn rack(&self) -> Option<Str> {
        Some(self.config.client_rack.clone()).filter(|rack| !rack.is_empty())
    }

    /// What it owns goes along for assignors that try to keep it (KIP-429); the range assignor does not look.
    fn join_request(&self) -> Request {
        let owned: Vec<TopicPartition> = self.partitions.keys().cloned().collect();
        let rack = self.rack();
        let bytes = write_subscription(&self.setup.topics, &owned, self.group.generation, rack.as_ref());
        let protocols = self.assignors().into_iter().map(|each| (each.name().into(), bytes.clone())).collect();
        Request::JoinGroup(JoinGroupRequest {
            group: self.setup.group.clone(),
            session_timeout: self.config.session_timeout,
            rebalance_timeout: self.config.poll_interval_max,
            member_id: self.group.member_id.clone(),
            group_instance_id: self.config.group_instance_id.clone(),
            protocol_type: "consumer".into(),
            protocols,
            reason: None,
        })
    }

    /// The answer was lost or says to come again: joining starts over, without giving back twice.
    pub(super) fn try_join_again(&mut self, cx: &mut Cx<'_>) {
        self.group.phase = GroupPhase::Unjoined;
        self.group.rejoin = true;
        if self.timers.deadline(&ConsumerTimer::GroupRetry).is_none() {
            self.back_off(cx);
        }
    }

    /// `JoinGroupResponseHandler`: what each error means for the next try.
    pub(super) fn on_joined(&mut self, cx: &mut Cx<'_>, answer: JoinGroupResponse) {
        if self.group.phase != GroupPhase::Joining {
            return;
        }
        match answer.error {
            ErrorCode::None => self.enter_generation(cx, answer),
            ErrorCode::MemberIdRequired => {
                self.network.note(cx, OfGroup::MemberIdGiven(answer.member_id.clone()));
                self.group.member_id = answer.member_id;
                self.group.phase = GroupPhase::Unjoined;
            }
            error @ (ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable) => {
                self.try_join_again(cx);
                self.coordinator_is_wrong(cx, error);
            }
            error @ (ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration) => {
                self.note_membership_lost(cx, ApiKey::JoinGroup, error);
                self.lose_membership(error);
            }
            ErrorCode::RebalanceInProgress => self.try_join_again(cx),
            ErrorCode::FencedInstanceId => self.fenced(cx, ApiKey::JoinGroup),
            error if error.is_retriable() => self.try_join_again(cx),
            error => self.die(cx, (ApiKey::JoinGroup, error), &self.join_complaint(error)),
        }
    }

    /// What the application is told when the coordinator turns the member down.
    fn join_complaint(&self, error: ErrorCode) -> String {
        match error {
            ErrorCode::GroupMaxSizeReached => {
                format!("Consumer group {} already has the configured maximum number of members.", self.setup.group)
            }
            ErrorCode::InconsistentGroupProtocol
            | ErrorCode::InvalidSessionTimeout
            | ErrorCode::InvalidGroupId
            | ErrorCode::UnsupportedVersion => error.message().to_owned(),
            other => format!("Unexpected error in join group response: {}", other.message()),
        }
    }

    /// In the new generation the leader plans, the others ask for their part at once.
    fn enter_generation(&mut self, cx: &mut Cx<'_>, answer: JoinGroupResponse) {
        self.group.failures = 0;
        self.group.generation = answer.generation;
        self.group.is_leader = answer.leader == answer.member_id;
        self.group.member_id = answer.member_id;
        self.group.protocol = answer.protocol;
        self.group.planned_for = None;
        self.network.note(cx, OfGroup::Joined(self.generation()));
        self.start_heartbeats(cx);
        if !self.group.is_leader {
            return self.sync(cx, Vec::new());
        }
        self.group.members = answer.members;
        if answer.skip_assignment {
            self.group.planned_for = Some(self.counts());
            return self.sync(cx, Vec::new());
        }
        self.group.phase = GroupPhase::Assigning;
        self.group.updates_before = self.network.refresh().updates();
        // A plan needs the partitions of topics that only others subscribe to.
        let known = self.network.interest().len();
        let members = self.members();
        let topics: FlatSet<&Str> = members.iter().flat_map(|member| &member.topics).collect();
        topics.into_iter().for_each(|topic| self.network.add_topic(topic));
        if self.network.interest().len() == known {
            self.assign(cx, members);
        }
    }

    /// The leader has waited for metadata of topics that only others subscribe to.
    fn plan(&mut self, cx: &mut Cx<'_>) {
        if self.network.refresh().updates() > self.group.updates_before {
            let members = self.members();
            self.assign(cx, members);
        }
    }

    /// Everybody's subscription; one that cannot be read counts as none.
    fn members(&self) -> Vec<Member> {
        let member = |each: &api::JoinGroupMember| {
            let (topics, rack) = read_subscription(&each.metadata).unwrap_or_default();
            let (member_id, group_instance_id) = (each.member_id.clone(), each.group_instance_id.clone());
            Member { member_id, group_instance_id, rack, topics }
        };
        self.group.members.iter().map(member).collect()
    }

    /// The leader's plan, by the assignor that all members have in common.
    fn assign(&mut self, cx: &mut Cx<'_>, members: Vec<Member>) {
        let assignor = self.group.protocol.as_ref().and_then(|name| Assignor::from_name(name).ok());
        let Some(assignor) = assignor else {
            let error = ErrorCode::InconsistentGroupProtocol;
            return self.die(
                cx,
                (ApiKey::JoinGroup, error),
                "the group chose an assignor that this member did not offer",
            );
        };
        let brokers = self.network.metadata().brokers();
        let rack_of = |id: &base::BrokerId| brokers.get(id).and_then(|broker| broker.rack.clone());
        let racks = |view: &PartitionMetadata| -> FlatSet<Str> { view.replicas.iter().filter_map(rack_of).collect() };
        let topics = self.network.metadata().topics();
        let topics = topics.map(|(name, view)| (name.clone(), view.partitions.iter().map(racks).collect())).collect();
        let plan = assignor.assign(&Subscriptions { members, topics, force_rack_aware: false });
        self.group.planned_for = Some(self.counts());
        let bytes = |partitions: Vec<(Str, i32)>| -> Bytes {
            let named = partitions.into_iter().map(|(topic, partition)| TopicPartition { topic, partition });
            write_assignment(&named.collect::<Vec<_>>())
        };
        let assignments = plan.into_iter().map(|(member, partitions)| (member, bytes(partitions))).collect();
        self.group.members.clear();
        self.sync(cx, assignments);
    }

    /// Partition counts of every topic that metadata is kept of.
    fn counts(&self) -> FlatMap<Str, u32> {
        let topics = self.network.metadata().topics();
        topics.map(|(name, view)| (name.clone(), view.partitions.len() as u32)).collect()
    }

    /// The leader rejoins when topics have other partitions than its plan was made for.
    pub(super) fn check_plan(&mut self) {
        let stale = |planned: &FlatMap<Str, u32>| {
            let topics = self.network.metadata().topics();
            let counts = topics.map(|(name, view)| (name, view.partitions.len() as u32));
            !counts.eq(planned.iter().map(|(name, count)| (name, *count)))
        };
        // Right after a rebootstrap nothing is known, which says nothing about topics.
        let knows = !self.network.metadata().brokers().is_empty();
        if knows && self.group.phase == GroupPhase::Stable && self.group.planned_for.as_ref().is_some_and(stale) {
            self.group.rejoin = true;
        }
    }

    /// Followers send nothing and wait: the answer comes when the leader's plan is committed.
    fn sync(&mut self, cx: &mut Cx<'_>, assignments: Vec<(Str, Bytes)>) {
        let Some(node) = self.coordinator_ready(cx) else { return self.try_join_again(cx) };
        let request = Request::SyncGroup(SyncGroupRequest {
            group: self.setup.group.clone(),
            generation: self.group.generation,
            member_id: self.group.member_id.clone(),
            group_instance_id: self.config.group_instance_id.clone(),
            protocol_type: Some("consumer".into()),
            protocol: self.group.protocol.clone(),
            assignments,
        });
        self.group.phase = GroupPhase::Syncing;
        let timeout = self.config.request_timeout.max(self.config.poll_interval_max + JOIN_TIMEOUT_LAPSE);
        self.network.send_with_timeout(cx, (node, timeout), request, ConsumerRequest::Sync);
    }

    /// `SyncGroupResponseHandler`.
    pub(super) fn on_synced(&mut self, cx: &mut Cx<'_>, answer: &SyncGroupResponse) {
        if self.group.phase != GroupPhase::Syncing {
            return;
        }
        match answer.error {
            ErrorCode::None => self.take_assignment(cx, &answer.assignment),
            // Another rebalance began: join again at once, in the generation that we are in.
            ErrorCode::RebalanceInProgress => self.group.phase = GroupPhase::Unjoined,
            error @ (ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable) => {
                self.try_join_again(cx);
                self.coordinator_is_wrong(cx, error);
            }
            error @ (ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration) => {
                self.note_membership_lost(cx, ApiKey::SyncGroup, error);
                self.lose_membership(error);
            }
            ErrorCode::FencedInstanceId => self.fenced(cx, ApiKey::SyncGroup),
            error if error.is_retriable() => self.try_join_again(cx),
            error => {
                let message = format!("Unexpected error from SyncGroup: {}", error.message());
                self.die(cx, (ApiKey::SyncGroup, error), &message);
            }
        }
    }

    /// `assign`: the program takes partitions for itself, and nobody's leave is asked. There is no generation, and a group
    /// only to commit for.
    pub(super) fn assign_itself(&mut self, cx: &mut Cx<'_>) {
        if !self.program.is_standalone() {
            return;
        }
        (self.group.phase, self.group.rejoin) = (GroupPhase::Stable, false);
        self.timers.set(ConsumerTimer::AutoCommit, cx.now + self.config.auto_commit_interval);
        for (partition, offset) in self.program.policy().assign.clone() {
            let (group, generation) = (self.setup.group.clone(), self.group.generation);
            cx.fact(|| KafkaFact::PartitionAssigned { group, partition: partition.clone(), generation });
            self.network.add_topic(&partition.topic);
            self.partitions.insert(partition.clone());
            if let (Some(offset), Some(state)) = (offset, self.partitions.get_mut(&partition)) {
                let undefined = base::LeaderEpoch::UNDEFINED;
                let position = FetchPosition { offset, offset_epoch: undefined, leader_epoch: undefined };
                state.position = Position::At(position);
            } else {
                self.begins(&partition);
            }
        }
    }

    /// Where its program wants to read a partition that it was just given (`seekToBeginning`, `seekToEnd`, `seek` of
    /// `onPartitionsAssigned`).
    fn begins(&mut self, partition: &TopicPartition) {
        let Some(from) = self.program.policy().bounds.from else { return };
        let leader_epoch = self.known_epoch(partition);
        let state = self.partitions.get_mut(partition).expect("it was just given");
        match (from, from.spec()) {
            (_, Some(spec)) => {
                state.position = Position::Resetting;
                self.program.sought.insert(partition.clone(), Sought { spec, from: None, by: Seeker::Beginning });
            }
            (From::At(offset), None) => {
                let offset_epoch = base::LeaderEpoch::UNDEFINED;
                state.position = Position::At(FetchPosition { offset, offset_epoch, leader_epoch });
            }
            (From::Begin | From::End | From::Last(_) | From::Time(_), None) => unreachable!("a leader is asked"),
        }
    }

    /// From here on fetches may go out: positions are asked for with the next poll.
    fn take_assignment(&mut self, cx: &mut Cx<'_>, bytes: &Bytes) {
        // A member that the leader left out gets no bytes at all.
        let assigned = if bytes.is_empty() { Ok(Vec::new()) } else { read_assignment(bytes) };
        let Ok(assigned) = assigned else {
            let error = ErrorCode::UnknownServerError;
            return self.die(cx, (ApiKey::SyncGroup, error), "the assignment cannot be read");
        };
        self.network.note(cx, OfGroup::Synced(self.generation()));
        self.network.note(cx, OfGroup::Assigned(Named::of(assigned.iter())));
        self.group.phase = GroupPhase::Stable;
        self.group.rejoin = false;
        self.group.prepared = false;
        self.assignment_number += 1;
        self.timers.set(ConsumerTimer::AutoCommit, cx.now + self.config.auto_commit_interval);
        for partition in assigned {
            let (group, generation) = (self.setup.group.clone(), self.group.generation);
            cx.fact(|| KafkaFact::PartitionAssigned { group, partition: partition.clone(), generation });
            self.partitions.insert(partition.clone());
            self.begins(&partition);
        }
    }
}
