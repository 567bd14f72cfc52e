//! Committing what was consumed. Positions count as consumed once the application polls again, so a
//! commit never runs ahead of it. Kafka: `ConsumerCoordinator.maybeAutoCommitOffsetsAsync`,
//! `OffsetCommitResponseHandler`.

use super::working::Sent;
use super::{Application, CloseStep, CommitKind, Consumer, ConsumerRequest, ConsumerTimer, GroupPhase};
use crate::in_order::InOrder;
use crate::log::OfPosition;
use api::{ApiKey, OffsetCommitPartition, OffsetCommitRequest, OffsetCommitResponse, Request};
use base::{ErrorCode, LeaderEpoch, Offset, TopicId, TopicPartition};
use port::{CrashAt, Cx, KafkaFact};

impl Consumer {
    /// Partitions whose position is known: what a commit says.
    pub(super) fn consumed(&self) -> Vec<(TopicPartition, Offset)> {
        let known = self.partitions.iter().filter_map(|(partition, state)| Some((partition.clone(), state.offset()?)));
        known.collect()
    }

    /// Commits from inside `poll`, every auto.commit.interval.ms.
    pub(super) fn auto_commit(&mut self, cx: &mut Cx<'_>) {
        let due = self.timers.deadline(&ConsumerTimer::AutoCommit).is_none();
        if !self.config.enable_auto_commit || !due || self.commit_in_flight {
            return;
        }
        if self.consumed().is_empty() || self.commit(cx, CommitKind::Auto) {
            self.timers.set(ConsumerTimer::AutoCommit, cx.now + self.config.auto_commit_interval);
        }
    }

    /// Sends a commit of everything consumed; false when the coordinator cannot be reached now.
    pub(super) fn commit(&mut self, cx: &mut Cx<'_>, kind: CommitKind) -> bool {
        if self.dies(cx, CrashAt::BeforeCommit) {
            return false;
        }
        // One at a time: two commits could be taken in the wrong order.
        self.commit_in_flight = self.commit_these(cx, kind, self.consumed());
        self.commit_in_flight
    }

    /// Sends a commit of these; false when the coordinator cannot be reached now: what that means, each of its callers
    /// decides.
    pub(super) fn commit_these(
        &mut self,
        cx: &mut Cx<'_>,
        kind: CommitKind,
        offsets: Vec<(TopicPartition, Offset)>,
    ) -> bool {
        let Some(node) = self.coordinator_ready(cx) else { return false };
        let partition = |(partition, offset): &(TopicPartition, Offset)| {
            // Who chooses another offset than the position says nothing of an epoch.
            let is_position = self.position(partition) == Some(*offset);
            OffsetCommitPartition {
                topic: partition.topic.clone(),
                topic_id: self.network.metadata().topic_id(&partition.topic).unwrap_or(TopicId::ZERO),
                partition: partition.partition,
                offset: *offset,
                leader_epoch: if is_position { self.offset_epoch(partition) } else { LeaderEpoch::UNDEFINED },
                metadata: "".into(),
            }
        };
        let generation = self.group.generation;
        let request = Request::OffsetCommit(OffsetCommitRequest {
            group: self.setup.group.clone(),
            generation,
            member_id: self.group.member_id.clone(),
            group_instance_id: self.config.group_instance_id.clone(),
            partitions: offsets.iter().map(partition).collect(),
        });
        self.send(cx, node, request, ConsumerRequest::Commit { kind, generation, offsets });
        true
    }

    /// Success is counted per partition: a request may be half of each.
    pub(super) fn on_committed(
        &mut self,
        cx: &mut Cx<'_>,
        (kind, generation): (CommitKind, i32),
        offsets: &[(TopicPartition, Offset)],
        answer: &OffsetCommitResponse,
    ) {
        let mut failed = ErrorCode::None;
        let mut sent = InOrder::of(offsets);
        for (topic, number, error) in &answer.partitions {
            let named = |each: &(TopicPartition, Offset)| (&each.0.topic, each.0.partition) == (topic, *number);
            // The coordinator's fault: it answers for what nobody committed.
            let Some((partition, offset)) = sent.find(named) else { continue };
            if error.is_error() {
                // Kafka gives up at the first.
                if !failed.is_error() {
                    self.network.note(cx, OfPosition::CommitRefused(partition.clone(), *offset, *error));
                }
                failed = *error;
                continue;
            }
            if let Some(state) = self.partitions.get_mut(partition) {
                state.committed = Some(*offset);
            }
            let group = self.setup.group.clone();
            cx.fact(|| KafkaFact::CommitAcked { group, partition: partition.clone(), offset: *offset });
        }
        if failed.is_error() {
            return self.on_commit_error(cx, (kind, generation), failed);
        }
        self.commit_is_over(kind);
        if !self.dies(cx, CrashAt::AfterCommit) {
            self.after_commit(cx, kind);
        }
    }

    /// It was answered, or never will be.
    fn commit_is_over(&mut self, kind: CommitKind) {
        match kind {
            CommitKind::Async => self.program.unanswered -= 1,
            CommitKind::Auto | CommitKind::BeforeJoin | CommitKind::Closing | CommitKind::Sync => {
                self.commit_in_flight = false;
            }
        }
    }

    /// `OffsetCommitResponseHandler`: who is no member of this generation must not commit, for another reads on
    /// already.
    fn on_commit_error(&mut self, cx: &mut Cx<'_>, (kind, generation): (CommitKind, i32), error: ErrorCode) {
        let current = generation == self.group.generation;
        match error {
            ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable | ErrorCode::RequestTimedOut => {
                self.coordinator_is_wrong(cx, error);
            }
            // It is no member, and there is nothing to join anew.
            _ if self.program.is_standalone() => {}
            ErrorCode::RebalanceInProgress => self.group.rejoin |= current,
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration if current => {
                self.note_membership_lost(cx, ApiKey::OffsetCommit, error);
                self.lose_membership(error);
            }
            ErrorCode::FencedInstanceId if current => return self.fenced(cx, ApiKey::OffsetCommit),
            _ => {}
        }
        let sent = if current { Sent::Now } else { Sent::Before };
        self.commit_failed(cx, kind, (sent, error));
    }

    /// A commit has failed: the next one says the same and more. Before a join or the end it is
    /// repeated while that can help.
    pub(super) fn commit_failed(&mut self, cx: &mut Cx<'_>, kind: CommitKind, (sent, error): (Sent, ErrorCode)) {
        self.commit_is_over(kind);
        // What becomes of the program's own the program is told.
        if !matches!(kind, CommitKind::Sync | CommitKind::Async) {
            let group = self.setup.group.clone();
            cx.fact(|| KafkaFact::CommitFailed { group, error });
        }
        let again = error.is_retriable() && (self.group.generation >= 0 || self.program.is_standalone());
        match kind {
            CommitKind::Auto if again => {
                let wait = self.network.settings().retry_backoff.after(0, cx.rng);
                self.timers.set(ConsumerTimer::AutoCommit, cx.now + wait);
            }
            CommitKind::Auto => {}
            CommitKind::BeforeJoin if again => {
                if self.group.phase == GroupPhase::CommittingBeforeJoin {
                    self.group.phase = GroupPhase::Stable;
                }
                if self.timers.deadline(&ConsumerTimer::GroupRetry).is_none() {
                    self.back_off(cx);
                }
            }
            CommitKind::Closing if again => self.application = Application::Closing(CloseStep::Begin),
            CommitKind::BeforeJoin | CommitKind::Closing => self.after_commit(cx, kind),
            CommitKind::Sync | CommitKind::Async => self.own_commit_failed(cx, kind, (sent, error)),
        }
    }

    /// What the commit was made for goes on.
    fn after_commit(&mut self, cx: &mut Cx<'_>, kind: CommitKind) {
        match kind {
            CommitKind::Auto => {}
            CommitKind::BeforeJoin => self.give_back(cx),
            CommitKind::Closing => self.leave(cx),
            CommitKind::Sync | CommitKind::Async => self.own_commit_taken(cx, kind),
        }
    }
}
