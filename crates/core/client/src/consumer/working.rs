//! The program at work, record by record, and its own commits. Kafka: the loop that every application writes around
//! `KafkaConsumer.poll`; `ConsumerCoordinator.commitOffsetsSync` and `commitOffsetsAsync`.

use super::death::Remains;
use super::program::{Commits, Mode, SyncCommit, Then};
use super::{Application, CommitKind, Consumer, ConsumerTimer, GroupPhase};
use base::{ErrorCode, Offset, Span, Str, TopicPartition};
use port::{CrashAt, Cx, KafkaFact, OperatorAnswer, Refuser, Writing};

/// Kafka: `CommitFailedException()`.
const REBALANCED: &str = "Commit cannot be completed since the group has already rebalanced and assigned the partitions to another \
     member. This means that the time between subsequent calls to poll() was longer than the configured \
     max.poll.interval.ms, which typically implies that the poll loop is spending too much time message processing. You \
     can address this either by increasing max.poll.interval.ms or by reducing the maximum size of batches returned in \
     poll() with max.poll.records.";
/// Kafka: `ConsumerCoordinator.sendOffsetCommitRequest`, where there is no generation to commit in.
const NO_MEMBER: &str = "Offset commit cannot be completed since the consumer is not part of an active group for auto partition \
     assignment; it is likely that the consumer was kicked out of the group.";
/// Kafka: the same, where the member knows that it has to rejoin.
const UNSTABLE: &str = "Offset commit cannot be completed since the consumer is undergoing a rebalance for auto partition \
     assignment. You can try completing the rebalance by calling poll() and then retry the operation.";
/// Kafka: `OffsetCommitResponseHandler`.
const REBALANCING: &str = "Offset commit cannot be completed since the consumer group is executing a rebalance at the moment. You \
     can try completing the rebalance by calling poll() and then retry commit again";
/// Kafka: the same, where another generation than the one that was committed in is being joined.
const STALE: &str = "Offset commit cannot be completed since the consumer member's generation is already stale, meaning it has already \
     participated another rebalance and got a new generation. You can try completing the rebalance by calling poll() and \
     then retry commit again";
/// Kafka: the same, of a member whose group.instance.id another has taken.
const FENCED: &str = "Offset commit cannot be completed since the consumer member's old generation is fenced by its group instance id, \
     it is possible that this consumer has already participated another rebalance and got a new generation";
/// Kafka: `RetriableCommitFailedException`.
const RETRY: &str =
    "Offset commit failed with a retriable exception. You should retry committing the latest consumed offsets.";

/// An exception's name and its sentence.
type Thrown = (&'static str, Str);

impl Consumer {
    /// `poll` has returned with records, and the program has them in its hands.
    pub(super) fn begin_work(&mut self, cx: &mut Cx<'_>) {
        self.application = Application::Processing;
        if !self.program.is_standalone() {
            self.timers.set(ConsumerTimer::PollInterval, cx.now + self.config.poll_interval_max);
        }
        if self.program.policy.commits == Commits::Before {
            self.commit_now(cx, self.consumed(), Then::Work);
        }
        self.work_on(cx);
    }

    /// Goes on with the work or the commit that something was waited for.
    pub(super) fn run_program(&mut self, cx: &mut Cx<'_>) {
        if self.application == Application::Committing {
            self.try_commit(cx);
        }
        // A program that does not go record by record waits for the end of its work.
        if self.timers.deadline(&ConsumerTimer::Poll).is_none() {
            self.work_on(cx);
        }
    }

    /// Works until something has to be waited for.
    fn work_on(&mut self, cx: &mut Cx<'_>) {
        while self.application == Application::Processing {
            if self.program.work.is_empty() {
                return self.work_is_done(cx);
            }
            let work = self.setup.processing_time;
            if work > Span::ZERO {
                return self.timers.set(ConsumerTimer::Poll, cx.now + work);
            }
            self.one_is_done(cx);
        }
    }

    /// The record under way is worked on: it is written down, and perhaps committed.
    pub(super) fn one_is_done(&mut self, cx: &mut Cx<'_>) {
        let Some(done) = self.program.work.front() else { return };
        let (partition, offset) = (done.partition.clone(), done.offset);
        let group = self.setup.group.clone();
        cx.fact(|| KafkaFact::Worked { group, partition, offset });
        match self.write_down(cx) {
            Writing::Done => {
                self.program.failed_writes = base::Seldom(0);
                self.one_is_through(cx);
            }
            Writing::Waits => self.application = Application::Writing,
        }
    }

    /// It is worked on, and its store has its row, or nobody wants it there any more.
    pub(super) fn one_is_through(&mut self, cx: &mut Cx<'_>) {
        let Some(done) = self.program.work.pop_front() else { return };
        let (partition, offset) = (done.partition, done.offset);
        self.program.worked += 1;
        if let Commits::Every(count) = self.program.policy.commits {
            self.program.handled.insert(partition, offset.plus(1));
            if self.program.worked.is_multiple_of(count) {
                let handled = std::mem::take(&mut self.program.handled);
                self.commit_now(cx, handled.into_iter().collect(), Then::Work);
            }
        }
    }

    /// All that the poll returned.
    fn work_is_done(&mut self, cx: &mut Cx<'_>) {
        if self.program.policy.commits == Commits::After {
            return self.commit_now(cx, self.consumed(), Then::Poll);
        }
        self.polls_again(cx);
    }

    /// The program is back in `poll`.
    pub(super) fn polls_again(&mut self, cx: &mut Cx<'_>) {
        self.application = Application::Polling;
        self.last_poll = cx.now;
        self.timers.cancel(&ConsumerTimer::PollInterval);
        self.waits_anew(cx);
    }

    /// `commitSync` or `commitAsync`, as the settings say; what somebody has asked for waits.
    pub(super) fn commit_now(&mut self, cx: &mut Cx<'_>, offsets: Vec<(TopicPartition, Offset)>, then: Then) {
        if offsets.is_empty() {
            return self.goes_on(cx, then);
        }
        if self.dies(cx, CrashAt::BeforeCommit) {
            return;
        }
        let waits = self.program.policy.mode == Mode::Sync || matches!(then, Then::Tell(_));
        if !waits {
            self.commit_and_go_on(cx, offsets);
            return self.goes_on(cx, then);
        }
        self.application = Application::Committing;
        let until = cx.now + self.config.api_timeout;
        let (not_before, last) = (cx.now, ErrorCode::None);
        self.program.sync = Some(SyncCommit { offsets, then, until, not_before, is_asked: false, last });
        self.try_commit(cx);
    }

    /// `commitAsync`: sent if it can be, and never again; what becomes of it the callback hears.
    fn commit_and_go_on(&mut self, cx: &mut Cx<'_>, offsets: Vec<(TopicPartition, Offset)>) {
        if let Some(thrown) = self.no_member() {
            return self.throws(cx, thrown);
        }
        if self.commit_these(cx, CommitKind::Async, offsets) {
            self.program.unanswered += 1;
        } else {
            self.throws(cx, ("RetriableCommitFailedException", RETRY.into()));
        }
    }

    /// `commitSync` sends, waits and sends again until it is answered, or its time is over.
    pub(super) fn try_commit(&mut self, cx: &mut Cx<'_>) {
        let Some(sync) = &self.program.sync else { return };
        // Also while its answer is on the way, which nobody waits for then.
        if cx.now >= sync.until {
            let offset = |(partition, offset): &(TopicPartition, Offset)| {
                format!("{partition}=OffsetAndMetadata{{offset={offset}, leaderEpoch=null, metadata=''}}")
            };
            let offsets: Vec<_> = sync.offsets.iter().map(offset).collect();
            let millis = self.config.api_timeout.as_millis();
            let offsets = offsets.join(", ");
            let message = format!("Timeout of {millis}ms expired before successfully committing offsets {{{offsets}}}");
            return self.commit_threw(cx, ("TimeoutException", message.into()));
        }
        if sync.is_asked {
            return;
        }
        if let Some(thrown) = self.no_member() {
            return self.commit_threw(cx, thrown);
        }
        // Its end is waited for, and before that the end of a backoff.
        let wake = if cx.now < sync.not_before { sync.not_before.min(sync.until) } else { sync.until };
        self.timers.set(ConsumerTimer::CommitRetry, wake);
        if cx.now < sync.not_before || self.commit_in_flight {
            return;
        }
        let offsets = sync.offsets.clone();
        if self.commit_these(cx, CommitKind::Sync, offsets) {
            self.commit_in_flight = true;
            let sync = self.program.sync.as_mut().expect("it was there just now");
            sync.is_asked = true;
        }
    }

    /// Kafka: `generationIfStable`. Whoever assigns partitions to itself needs no generation.
    fn no_member(&self) -> Option<Thrown> {
        if self.program.is_standalone() || self.group.phase == GroupPhase::Stable && self.group.generation >= 0 {
            return None;
        }
        match self.group.phase {
            GroupPhase::Unjoined | GroupPhase::Stable => Some(("CommitFailedException", NO_MEMBER.into())),
            GroupPhase::CommittingBeforeJoin | GroupPhase::Joining | GroupPhase::Assigning | GroupPhase::Syncing => {
                Some(("RebalanceInProgressException", UNSTABLE.into()))
            }
        }
    }

    /// A commit of the program's own has failed (`OffsetCommitResponseHandler`). It was sent in the generation that the member
    /// is in, or in one before.
    pub(super) fn own_commit_failed(&mut self, cx: &mut Cx<'_>, kind: CommitKind, (sent, error): (Sent, ErrorCode)) {
        let joins_anew = sent == Sent::Before && self.group.phase == GroupPhase::Joining;
        let thrown: Thrown = match error {
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration if joins_anew => {
                ("RebalanceInProgressException", STALE.into())
            }
            ErrorCode::FencedInstanceId if joins_anew => ("RebalanceInProgressException", FENCED.into()),
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration | ErrorCode::FencedInstanceId => {
                ("CommitFailedException", REBALANCED.into())
            }
            ErrorCode::RebalanceInProgress => ("RebalanceInProgressException", REBALANCING.into()),
            ErrorCode::InvalidCommitOffsetSize => ("InvalidCommitOffsetSizeException", error.message().into()),
            error if error.is_retriable() => {
                if kind == CommitKind::Sync {
                    return self.commit_again(cx, error);
                }
                ("RetriableCommitFailedException", RETRY.into())
            }
            other => ("KafkaException", format!("Unexpected error in commit: {}", other.message()).into()),
        };
        match kind {
            // Its time was over before.
            CommitKind::Sync if !self.waits_for_answer() => {}
            CommitKind::Sync => self.commit_threw(cx, thrown),
            CommitKind::Async => self.throws(cx, thrown),
            CommitKind::Auto | CommitKind::BeforeJoin | CommitKind::Closing => {
                unreachable!("the consumer's own commits are no affair of the program's")
            }
        }
    }

    /// After retry.backoff.ms.
    fn commit_again(&mut self, cx: &mut Cx<'_>, error: ErrorCode) {
        // Its time was over before.
        let Some(sync) = self.program.sync.as_mut().filter(|sync| sync.is_asked) else { return };
        let again = cx.now + self.network.settings().retry_backoff.after(0, cx.rng);
        (sync.is_asked, sync.not_before, sync.last) = (false, again, error);
    }

    /// Is the commit that was sent the one that the program is inside of?
    fn waits_for_answer(&self) -> bool {
        self.program.sync.as_ref().is_some_and(|sync| sync.is_asked)
    }

    /// `commitSync` returned.
    pub(super) fn own_commit_taken(&mut self, cx: &mut Cx<'_>, kind: CommitKind) {
        if kind != CommitKind::Sync || !self.waits_for_answer() {
            return;
        }
        self.timers.cancel(&ConsumerTimer::CommitRetry);
        if let Some(sync) = self.program.sync.take() {
            self.goes_on(cx, sync.then);
        }
    }

    /// `commitSync` threw. The program notes it and goes on, as most do.
    fn commit_threw(&mut self, cx: &mut Cx<'_>, (error, message): Thrown) {
        self.timers.cancel(&ConsumerTimer::CommitRetry);
        self.throws(cx, (error, message.clone()));
        let Some(sync) = self.program.sync.take() else { return };
        match sync.then {
            Then::Tell(ticket) => {
                let message = format!("{error}: {message}").into();
                let answer = OperatorAnswer::Failed { by: Refuser::Client, error: refused_as(sync.last), message };
                cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer });
                self.polls_again(cx);
            }
            Then::Work | Then::Poll => self.goes_on(cx, sync.then),
        }
    }

    fn throws(&mut self, cx: &mut Cx<'_>, (error, message): Thrown) {
        let group = self.setup.group.clone();
        cx.fact(|| KafkaFact::CommitThrew { group, error: error.into(), message });
    }

    /// The work itself goes on in `work_on`, which called for the commit, or is called after each event.
    fn goes_on(&mut self, cx: &mut Cx<'_>, then: Then) {
        match then {
            Then::Work => self.application = Application::Processing,
            Then::Poll => self.polls_again(cx),
            Then::Tell(ticket) => {
                cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer: OperatorAnswer::Done });
                self.polls_again(cx);
            }
        }
    }

    /// Was it told to die here? Then this was the last that it did: no word to anybody.
    pub(super) fn dies(&mut self, cx: &mut Cx<'_>, here: CrashAt) -> bool {
        if self.program.crash != Some(here) || self.application == Application::Closed {
            return false;
        }
        self.perishes(cx, here);
        true
    }

    /// The process is gone, as if it were killed.
    pub(super) fn perishes(&mut self, cx: &mut Cx<'_>, here: CrashAt) {
        let group = self.setup.group.clone();
        cx.fact(|| KafkaFact::Crashed { group, at: here });
        self.remains = Remains(Some(self.leave_behind(here)));
        self.partitions.take().for_each(drop);
        self.program = super::Program::new(self.program.policy.clone());
        self.assignment_number += 1;
        self.timers.clear();
        self.application = Application::Closed;
        cx.crash();
    }
}

/// In which generation a commit was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    Now,
    Before,
}

/// A code for an exception that has none: the last answer's, if there was one.
fn refused_as(last: ErrorCode) -> ErrorCode {
    if last.is_error() { last } else { ErrorCode::UnknownMemberId }
}
