//! The coordinator and staying in the group: finding it, heartbeats, leaving. Kafka:
//! `AbstractCoordinator` and its `HeartbeatThread`.

use super::working::Sent;
use super::{
    Application, CloseStep, CommitKind, Commits, Consumer, ConsumerRequest, ConsumerTimer, GroupPhase, Position,
    Release,
};
use crate::log::{CoordinatorLoss, OfGroup};
use crate::network::{Node, Outcome};
use api::{
    ApiKey, FindCoordinatorRequest, FindCoordinatorResponse, HeartbeatRequest, LeaveGroupRequest, LeavingMember,
    Request, Response,
};
use base::ErrorCode;
use port::{Cx, KafkaFact};

impl Consumer {
    /// What became of a request, or of a connection.
    pub(super) fn on_outcome(&mut self, cx: &mut Cx<'_>, outcome: Outcome<ConsumerRequest>) {
        if self.application == Application::Closed {
            return;
        }
        match outcome {
            Outcome::Answered(node, purpose, response) => self.on_answer(cx, node, purpose, response),
            Outcome::Lost(node, purpose) => self.on_lost(cx, node, purpose),
            Outcome::Connected(_) => {}
            Outcome::Disconnected(node) => {
                if Some(node) == self.coordinator_node() {
                    let broken = self.network.loss().requests > 0;
                    let how = if broken { CoordinatorLoss::Broken } else { CoordinatorLoss::Unavailable };
                    self.note_coordinator_lost(cx, how);
                    self.group.coordinator = None;
                }
            }
            Outcome::MetadataUpdated(change) => {
                if change.anything {
                    // Whoever waited out an error may have another leader now.
                    self.partitions.all_mut().for_each(|state| {
                        if state.not_before > cx.now {
                            state.not_before = cx.now;
                        }
                    });
                }
            }
        }
    }

    /// By what was asked: an answer of another kind ends the connection.
    fn on_answer(&mut self, cx: &mut Cx<'_>, node: Node, purpose: ConsumerRequest, response: Response) {
        match (purpose, response) {
            (ConsumerRequest::FindCoordinator, Response::FindCoordinator(answer)) => self.on_coordinator(cx, &answer),
            (ConsumerRequest::Join, Response::JoinGroup(answer)) => self.on_joined(cx, answer),
            (ConsumerRequest::Sync, Response::SyncGroup(answer)) => self.on_synced(cx, &answer),
            (ConsumerRequest::Heartbeat { generation }, Response::Heartbeat(answer)) => {
                self.on_heartbeat(cx, generation, answer.error);
            }
            (ConsumerRequest::Leave, Response::LeaveGroup(_)) => self.on_left(cx),
            (ConsumerRequest::Commit { kind, generation, offsets }, Response::OffsetCommit(answer)) => {
                self.on_committed(cx, (kind, generation), &offsets, &answer);
            }
            (ConsumerRequest::Committed { assignment }, Response::OffsetFetch(answer)) => {
                self.on_committed_offsets(cx, assignment, &answer);
            }
            (ConsumerRequest::ListOffsets { assignment, partitions }, Response::ListOffsets(answer)) => {
                self.on_offsets_listed(cx, (assignment, &partitions), &answer);
            }
            (ConsumerRequest::Validate { assignment, partitions }, Response::OffsetForLeaderEpoch(answer)) => {
                self.on_validated(cx, (assignment, &partitions), &answer);
            }
            (ConsumerRequest::Fetch { assignment, partitions, places }, Response::Fetch(answer)) => {
                self.fetch_is_over(assignment, &places);
                self.on_fetched(cx, (node, assignment, &partitions), answer);
                self.answer_came(assignment, &partitions);
            }
            // An answer of another kind: as good as none.
            (purpose, _) => self.on_lost(cx, node, purpose),
        }
    }

    /// Each question is put again by whoever needs it; what was asked of the coordinator puts that in doubt as well.
    fn on_lost(&mut self, cx: &mut Cx<'_>, node: Node, purpose: ConsumerRequest) {
        match purpose {
            ConsumerRequest::FindCoordinator => {
                self.group.finding_coordinator = false;
                self.back_off(cx);
            }
            ConsumerRequest::Join | ConsumerRequest::Sync => self.try_join_again(cx),
            ConsumerRequest::Heartbeat { .. } => self.group.heartbeat_in_flight = false,
            ConsumerRequest::Leave => self.on_left(cx),
            ConsumerRequest::Commit { kind, .. } => {
                self.commit_failed(cx, kind, (Sent::Now, ErrorCode::NetworkException))
            }
            ConsumerRequest::Committed { assignment } => self.stop_asking(cx, assignment, None),
            ConsumerRequest::ListOffsets { assignment, partitions }
            | ConsumerRequest::Validate { assignment, partitions } => {
                self.stop_asking(cx, assignment, Some(&partitions));
            }
            ConsumerRequest::Fetch { assignment, partitions, places } => {
                self.fetch_is_over(assignment, &places);
                self.fetching.remove(&node);
                if let Some(session) = self.sessions.get_mut(&node) {
                    session.lost();
                }
                self.stop_asking(cx, assignment, Some(&partitions));
            }
        }
    }

    /// A connection of its own beside the one that the same broker has as a leader (`CoordinatorNode`): a long fetch
    /// must not hold up heartbeats.
    pub(super) fn coordinator_node(&self) -> Option<Node> {
        self.group.coordinator.map(Node::Coordinator)
    }

    /// The coordinator's connection, if a request can be sent on it now.
    pub(super) fn coordinator_ready(&mut self, cx: &mut Cx<'_>) -> Option<Node> {
        let node = self.coordinator_node()?;
        self.network.ready(cx, node).then_some(node)
    }

    /// Who has assigned itself partitions and says where to read them needs none before it commits (`ConsumerCoordinator.poll`).
    fn needs_coordinator(&self) -> bool {
        let commits = match self.program.policy().commits {
            Commits::Auto | Commits::Never => self.config.enable_auto_commit,
            Commits::Before | Commits::After | Commits::Every(_) => true,
        };
        let asks = || self.partitions().any(|(_, state)| state.position == Position::Initialising);
        !self.program.is_standalone() || commits || self.program.sync.is_some() || asks()
    }

    /// Asks any broker who coordinates the group, unless that is known.
    pub(super) fn find_coordinator(&mut self, cx: &mut Cx<'_>) {
        let waits = self.group.finding_coordinator || self.timers.deadline(&ConsumerTimer::GroupRetry).is_some();
        if self.group.coordinator.is_some() || waits || !self.needs_coordinator() {
            return;
        }
        if let Some(node) = self.network.any_ready(cx) {
            let request = Request::FindCoordinator(FindCoordinatorRequest { group: self.setup.group.clone() });
            self.send(cx, node, request, ConsumerRequest::FindCoordinator);
            self.group.finding_coordinator = true;
        }
    }

    /// A group without a coordinator is an election of `__consumer_offsets` away from one: ask again.
    fn on_coordinator(&mut self, cx: &mut Cx<'_>, answer: &FindCoordinatorResponse) {
        self.group.finding_coordinator = false;
        match (answer.error, &answer.endpoint) {
            (ErrorCode::None, Some(endpoint)) => {
                self.network.learn_coordinator(answer.node, endpoint.clone());
                self.network.note(cx, OfGroup::CoordinatorFound((answer.node, endpoint.clone())));
                self.group.coordinator = Some(answer.node);
                self.group.failures = 0;
            }
            (error, _) if error == ErrorCode::None || error.is_retriable() => self.back_off(cx),
            (error, _) => {
                let message = answer.error_message.clone().unwrap_or_else(|| error.message().into());
                self.die(cx, (ApiKey::FindCoordinator, error), &message);
            }
        }
    }

    /// Nothing is asked of the coordinator before retry.backoff.ms has passed.
    pub(super) fn back_off(&mut self, cx: &mut Cx<'_>) {
        let wait = self.network.settings().retry_backoff.after(self.group.failures, cx.rng);
        self.group.failures = self.group.failures.saturating_add(1);
        self.timers.set(ConsumerTimer::GroupRetry, cx.now + wait);
    }

    /// `markCoordinatorUnknown`: somebody else coordinates the group, or nobody.
    pub(super) fn lose_coordinator(&mut self, cx: &mut Cx<'_>) -> Vec<Outcome<ConsumerRequest>> {
        // It was lost before: several requests of one connection fail together.
        let Some(node) = self.coordinator_node() else { return Vec::new() };
        self.group.coordinator = None;
        self.network.disconnect(cx, node)
    }

    /// Who it is has to be found out anew, after a pause: it may take a while until somebody else is.
    pub(super) fn coordinator_is_wrong(&mut self, cx: &mut Cx<'_>, error: ErrorCode) {
        self.note_coordinator_lost(cx, CoordinatorLoss::Answered(error));
        for outcome in self.lose_coordinator(cx) {
            self.on_outcome(cx, outcome);
        }
        if self.timers.deadline(&ConsumerTimer::GroupRetry).is_none() {
            self.back_off(cx);
        }
    }

    /// A member beats from its first generation on, also while the application works.
    fn beats(&self) -> bool {
        match self.group.phase {
            GroupPhase::Unjoined | GroupPhase::Joining => false,
            GroupPhase::CommittingBeforeJoin | GroupPhase::Assigning | GroupPhase::Syncing | GroupPhase::Stable => {
                self.group.generation >= 0
            }
        }
    }

    /// The session counts from the answer to the join, as on the coordinator's side.
    pub(super) fn start_heartbeats(&mut self, cx: &mut Cx<'_>) {
        self.group.heartbeat_due = false;
        self.timers.set(ConsumerTimer::Heartbeat, cx.now + self.config.heartbeat_interval);
        self.timers.set(ConsumerTimer::Session, cx.now + self.config.session_timeout);
    }

    /// Who is no member has no session to keep.
    pub(super) fn stop_heartbeats(&mut self) {
        self.group.heartbeat_due = false;
        self.timers.cancel(&ConsumerTimer::Heartbeat);
        self.timers.cancel(&ConsumerTimer::Session);
    }

    /// One at a time. In Kafka a thread of its own does it, so that a busy application does not lose its place
    /// (KIP-62).
    pub(super) fn send_heartbeat(&mut self, cx: &mut Cx<'_>) {
        if !self.group.heartbeat_due || self.group.heartbeat_in_flight || !self.beats() {
            return;
        }
        // The beat stays due: it goes out when the coordinator is found, or its connection open.
        let Some(node) = self.coordinator_ready(cx) else { return };
        let generation = self.group.generation;
        let request = Request::Heartbeat(HeartbeatRequest {
            group: self.setup.group.clone(),
            generation,
            member_id: self.group.member_id.clone(),
            group_instance_id: self.config.group_instance_id.clone(),
        });
        self.send(cx, node, request, ConsumerRequest::Heartbeat { generation });
        self.group.heartbeat_in_flight = true;
        self.group.heartbeat_due = false;
        self.timers.set(ConsumerTimer::Heartbeat, cx.now + self.config.heartbeat_interval);
    }

    /// A heartbeat's answer is how a member hears of a rebalance, or that it is no member any more.
    fn on_heartbeat(&mut self, cx: &mut Cx<'_>, generation: i32, error: ErrorCode) {
        self.group.heartbeat_in_flight = false;
        let current = generation == self.group.generation;
        let stable = self.group.phase == GroupPhase::Stable;
        match error {
            ErrorCode::None => self.session_is_alive(cx),
            ErrorCode::RebalanceInProgress => {
                self.session_is_alive(cx);
                if stable && current {
                    self.network.note(cx, OfGroup::Rejoins);
                    self.group.rejoin = true;
                }
            }
            error @ (ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable) => {
                self.coordinator_is_wrong(cx, error);
            }
            ErrorCode::FencedInstanceId if current => self.fenced(cx, ApiKey::Heartbeat),
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration if current => {
                self.note_membership_lost(cx, ApiKey::Heartbeat, error);
                self.lose_membership(error);
            }
            // It answered a generation that is over.
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration | ErrorCode::FencedInstanceId => {}
            other if other.is_retriable() => self.group.heartbeat_due = false,
            other => {
                let message = format!("Unexpected error in heartbeat response: {}", other.message());
                self.die(cx, (ApiKey::Heartbeat, other), &message);
            }
        }
    }

    /// Any answer of the coordinator proves that it counts this member as alive.
    fn session_is_alive(&mut self, cx: &mut Cx<'_>) {
        if self.beats() {
            self.timers.set(ConsumerTimer::Session, cx.now + self.config.session_timeout);
        }
    }

    /// Another process has the same group.instance.id: this one must not go on, or both would read the same
    /// (KIP-345).
    pub(super) fn fenced(&mut self, cx: &mut Cx<'_>, api: ApiKey) {
        let error = ErrorCode::FencedInstanceId;
        self.die(cx, (api, error), error.message());
    }

    /// The group goes on without this member (`resetStateOnResponseError`): the next poll finds its
    /// partitions lost and joins anew. An illegal generation keeps the member id.
    pub(super) fn lose_membership(&mut self, error: ErrorCode) {
        if error != ErrorCode::IllegalGeneration {
            self.group.member_id = "".into();
        }
        self.group.generation = -1;
        self.group.phase = GroupPhase::Unjoined;
        self.group.rejoin = true;
        self.group.is_leader = false;
        self.group.planned_for = None;
        self.stop_heartbeats();
    }

    /// The application did not come back to `poll` in time: a dynamic member leaves, a static one
    /// just falls silent.
    pub(super) fn poll_took_too_long(&mut self, cx: &mut Cx<'_>) {
        let (group, after) = (self.setup.group.clone(), cx.now.since(self.last_poll));
        cx.fact(|| KafkaFact::PollIntervalExceeded { group, after });
        self.network.note(cx, OfGroup::PollTimedOut);
        if self.group.generation >= 0 {
            let reason = "consumer poll timeout has expired.";
            if let Some(node) = self.coordinator_ready(cx)
                && let Some(request) = self.leave_request(reason)
            {
                self.note_leaving(cx, reason);
                self.send(cx, node, request, ConsumerRequest::Leave);
            }
            self.lose_membership(ErrorCode::UnknownMemberId);
        }
    }

    /// LeaveGroup; static members send one only when their application asks for it (KIP-1092).
    fn leave_request(&self, reason: &str) -> Option<Request> {
        let keeps_place = self.config.group_instance_id.is_some() && !self.group.gives_up_place;
        if keeps_place || self.group.member_id.is_empty() {
            return None;
        }
        let member_id = self.group.member_id.clone();
        let leaving = LeavingMember { member_id, group_instance_id: None, reason: Some(reason.into()) };
        Some(Request::LeaveGroup(LeaveGroupRequest { group: self.setup.group.clone(), members: vec![leaving] }))
    }

    /// Left, or the coordinator did not answer in time: `close` goes on in either case.
    fn on_left(&mut self, cx: &mut Cx<'_>) {
        if matches!(self.application, Application::Closing(CloseStep::Leaving)) {
            self.finish(cx);
        }
    }

    /// `KafkaConsumer.close`: commit what was consumed, leave, end.
    pub(super) fn close(&mut self, cx: &mut Cx<'_>, step: CloseStep) {
        match step {
            CloseStep::Begin => {
                let member = self.group.generation >= 0 || self.program.is_standalone();
                let member = member && self.group.coordinator.is_some();
                if member && self.config.enable_auto_commit && !self.consumed().is_empty() {
                    if !self.commit_in_flight && self.commit(cx, CommitKind::Closing) {
                        self.application = Application::Closing(CloseStep::Committing);
                    }
                } else {
                    self.leave(cx);
                }
            }
            CloseStep::Committing | CloseStep::Leaving => {}
        }
    }

    /// A static member keeps its place when it goes, to come back within its session; one that gives up its place
    /// says so (KIP-345).
    pub(super) fn leave(&mut self, cx: &mut Cx<'_>) {
        self.release_partitions(cx, Release::Revoked);
        let reason = "the consumer is being closed";
        let request = self.leave_request(reason);
        match (self.coordinator_ready(cx), request) {
            (Some(node), Some(request)) => {
                self.application = Application::Closing(CloseStep::Leaving);
                self.stop_heartbeats();
                self.note_leaving(cx, reason);
                self.send(cx, node, request, ConsumerRequest::Leave);
            }
            (_, _) => self.finish(cx),
        }
    }
}
