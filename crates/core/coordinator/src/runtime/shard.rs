//! One partition of a coordinator: its image as committed and as it will be, and the writes in between.
//!
//! Always `ahead` = `committed` + the records of `pending`, in order: [`Shard::verify`] says so. Kafka keeps
//! both in one set of timeline structures with a snapshot per offset (`SnapshottableCoordinator`,
//! `SnapshotRegistry`); here the images share what is equal.

use super::Led;
use super::machine::{Awaiting, Decision, Machine, Scope, Write, WriteTimer};
use ::records::Batch;
use base::{ConnectionId, Digest, ErrorCode, LeaderEpoch, Offset, PartitionId, Shared};
use port::{Mutant, ReplyTo, TestSwitches};
use std::collections::VecDeque;

/// What the runtime's list of writes and a shard's queue have in common.
const KNOWN: &str = "a write that is to be done is pending";

/// The state behind one partition of an internal topic.
#[derive(Clone, Debug, Hash)]
pub struct Shard<M: Machine> {
    epoch: LeaderEpoch,
    machine: M,
    committed: Shared<M::Image>,
    /// With everything that was decided, which is what decisions rest on.
    ahead: Shared<M::Image>,
    /// In the order of the log.
    pending: VecDeque<Pending<M>>,
}

/// A write that is not committed yet.
#[derive(Clone, Debug, Hash)]
pub(super) struct Pending<M: Machine> {
    pub token: u64,
    write: Write<M>,
    /// The high watermark that commits it; `None`: the log does not have it yet.
    required: Option<Offset>,
    /// Answers that wait for this write, and with it for all before.
    waiting: Vec<Awaiting<M::Reply>>,
}

/// For whoever looks on.
impl<M: Machine> Shard<M> {
    /// Under which leadership of the partition this state was built.
    pub fn epoch(&self) -> LeaderEpoch {
        self.epoch
    }

    /// What is committed.
    pub fn committed(&self) -> &M::Image {
        &self.committed
    }

    /// What will be committed if nothing is lost.
    pub fn ahead(&self) -> &M::Image {
        &self.ahead
    }

    /// What no record keeps.
    pub fn machine(&self) -> &M {
        &self.machine
    }

    /// Writes that are not committed yet.
    pub fn pending_writes(&self) -> u32 {
        self.pending.len() as u32
    }

    /// Requests that wait here for their answers.
    pub fn parked(&self) -> u32 {
        let behind_writes: usize = self.pending.iter().map(|pending| pending.waiting.len()).sum();
        behind_writes as u32 + self.machine.parked()
    }

    /// The cheap part of [`Shard::verify`]: with nothing pending both images are one.
    pub(super) fn is_in_step(&self) -> bool {
        !self.pending.is_empty() || self.ahead.same(&self.committed)
    }

    /// Checks what always holds.
    ///
    /// # Panics
    /// When it does not: a bug of the runtime, or an `apply` that is no function of image and record.
    pub fn verify(&self) {
        if self.pending.is_empty() && self.committed.same(&self.ahead) {
            return;
        }
        let mut image = self.committed.clone();
        for record in self.pending.iter().flat_map(|pending| &pending.write.records) {
            M::apply(&mut image, record);
        }
        assert_eq!(Digest::of(&image), Digest::of(&self.ahead), "ahead is what is committed and what is pending");
        let appended: Vec<Option<Offset>> = self.pending.iter().map(|pending| pending.required).collect();
        let known = appended.iter().take_while(|required| required.is_some()).count();
        assert!(appended[known..].iter().all(Option::is_none), "appended in the order in which it was decided");
        assert!(appended[..known].is_sorted(), "offsets grow");
        assert!(self.pending.iter().is_sorted_by_key(|pending| pending.token), "writes go in the order of decisions");
    }

    /// The writes that are not committed: their tokens, and the high watermark that commits each, once the log has it.
    pub(super) fn uncommitted(&self) -> impl Iterator<Item = (u64, Option<Offset>)> {
        self.pending.iter().map(|pending| (pending.token, pending.required))
    }

    /// To whom an answer is owed that waits for a write, each with that write's token.
    pub(super) fn owed(&self) -> impl Iterator<Item = (u64, ReplyTo)> {
        self.pending.iter().flat_map(|pending| pending.waiting.iter().map(|awaiting| (pending.token, awaiting.to)))
    }
}

impl<M: Machine> Shard<M> {
    /// Reads a log. What lies above the high watermark a former leader has written, and nobody here waits for it;
    /// such writes get the tokens from `token` on.
    pub(super) fn of_log(led: Led, token: u64, batches: &mut dyn Iterator<Item = Batch>) -> Shard<M> {
        let mut image = M::Image::default();
        let mut pending = VecDeque::new();
        for batch in batches.filter(|batch| !batch.is_control()) {
            let (records, required) = (read::<M>(&batch), batch.next_offset());
            if required <= led.high_watermark {
                records.iter().for_each(|record| M::apply(&mut image, record));
            } else {
                let (token, write) = (token + pending.len() as u64, Write { records, then: M::After::default() });
                pending.push_back(Pending { token, write, required: Some(required), waiting: Vec::new() });
            }
        }
        let committed = Shared::new(image);
        let ahead = committed.clone();
        let mut shard = Shard { epoch: led.epoch, machine: M::default(), committed, ahead, pending };
        shard.begin_ahead();
        shard
    }

    /// What is committed and what is pending: nothing else is ahead.
    fn begin_ahead(&mut self) {
        self.ahead = self.committed.clone();
        for record in self.pending.iter().flat_map(|pending| &pending.write.records) {
            M::apply(&mut self.ahead, record);
        }
    }

    /// Of the writes that are not committed, in order.
    pub(super) fn tokens(&self) -> impl Iterator<Item = u64> {
        self.pending.iter().map(|pending| pending.token)
    }

    pub(super) fn raise_epoch(&mut self, epoch: LeaderEpoch) {
        self.epoch = self.epoch.max(epoch);
    }

    pub(super) fn loaded(&mut self, scope: &mut Scope<'_, '_, M>, partition: PartitionId) -> Decision<M> {
        self.machine.loaded(scope, partition, &self.ahead)
    }

    /// By the image ahead, so that two requests in a row see each other.
    pub(super) fn decide(&mut self, scope: &mut Scope<'_, '_, M>, request: M::Request<'_>) -> Decision<M> {
        self.machine.decide(scope, &self.ahead, request)
    }

    pub(super) fn fire(&mut self, scope: &mut Scope<'_, '_, M>, timer: M::Timer) -> Decision<M> {
        self.machine.fire(scope, &self.ahead, timer)
    }

    /// Takes a decision's records in: from now on decisions rest on them.
    pub(super) fn write(&mut self, scope: &mut Scope<'_, '_, M>, token: u64, write: Write<M>) {
        scope.set_timer(WriteTimer(token).into(), M::write_timeout(scope.config));
        write.records.iter().for_each(|record| M::apply(&mut self.ahead, record));
        self.pending.push_back(Pending { token, write, required: None, waiting: Vec::new() });
    }

    /// Sends the answer now, or when the last write so far is committed.
    pub(super) fn park(&mut self, scope: &mut Scope<'_, '_, M>, awaiting: Awaiting<M::Reply>, switches: TestSwitches) {
        let Some(last) = self.pending.back_mut() else {
            return scope.cx.respond(awaiting.to, M::answer(awaiting.reply, Ok(())));
        };
        if switches.breaks(Mutant::ParkedReplyLost) {
            return;
        }
        last.waiting.push(awaiting);
        let timer = WriteTimer(last.token).into();
        // Those who waited before may have been told already that it takes too long.
        if scope.timers.deadline(&timer).is_none() {
            scope.set_timer(timer, M::write_timeout(scope.config));
        }
    }

    /// Written, not committed: answers wait for the high watermark.
    pub(super) fn appended(&mut self, token: u64, required: Offset) {
        let pending = self.pending.iter_mut().find(|pending| pending.token == token).expect(KNOWN);
        pending.required = Some(required);
    }

    /// The first write that is not committed, if this high watermark commits it.
    pub(super) fn committed_by(&self, high_watermark: Offset) -> Option<u64> {
        let first = self.pending.front()?;
        first.required.filter(|required| *required <= high_watermark).map(|_| first.token)
    }

    /// The first pending write is committed.
    pub(super) fn commit_next(&mut self, scope: &mut Scope<'_, '_, M>) -> Decision<M> {
        let pending = self.pending.pop_front().expect("somebody saw it a moment ago");
        scope.timers.cancel(&WriteTimer(pending.token).into());
        if self.pending.is_empty() {
            self.committed = self.ahead.clone();
        } else {
            pending.write.records.iter().for_each(|record| M::apply(&mut self.committed, record));
        }
        let decision = self.machine.committed(scope, pending.write);
        answer_all::<M>(scope, pending.waiting, Ok(()));
        decision
    }

    /// Takes out a write that its log refused, and those that were decided on top of it. What was ahead with
    /// them is dropped.
    pub(super) fn drop_from(&mut self, token: u64, switches: TestSwitches) -> VecDeque<Pending<M>> {
        let first = self.pending.iter().position(|pending| pending.token == token).expect(KNOWN);
        let lost = self.pending.split_off(first);
        assert!(lost.iter().all(|pending| pending.required.is_none()), "what a log has is not refused");
        if !switches.breaks(Mutant::AheadNotDropped) {
            self.begin_ahead();
        }
        lost
    }

    /// What else is undone when a write is lost, and what those are told who wait for it.
    pub(super) fn lose(&mut self, scope: &mut Scope<'_, '_, M>, lost: Pending<M>, error: ErrorCode) -> Decision<M> {
        scope.timers.cancel(&WriteTimer(lost.token).into());
        let decision = self.machine.lost(scope, &self.ahead, lost.write, error);
        answer_all::<M>(scope, lost.waiting, Err(error));
        decision
    }

    /// Nobody waits longer for this write.
    pub(super) fn overdue(&mut self, scope: &mut Scope<'_, '_, M>, token: u64) -> Decision<M> {
        let pending = self.pending.iter_mut().find(|pending| pending.token == token).expect(KNOWN);
        let waiting = std::mem::take(&mut pending.waiting);
        let decision = self.machine.overdue(scope, &mut pending.write.then);
        answer_all::<M>(scope, waiting, Err(ErrorCode::RequestTimedOut));
        decision
    }

    /// Everybody who waits is sent to look for the new coordinator.
    pub(super) fn unload(&mut self, scope: &mut Scope<'_, '_, M>) {
        for pending in std::mem::take(&mut self.pending) {
            scope.timers.cancel(&WriteTimer(pending.token).into());
            answer_all::<M>(scope, pending.waiting, Err(ErrorCode::NotCoordinator));
        }
        self.machine.unloaded(scope);
    }

    pub(super) fn waits_on(&self, connection: ConnectionId) -> bool {
        let mut behind_writes = self.pending.iter().flat_map(|pending| &pending.waiting);
        behind_writes.any(|awaiting| awaiting.to.connection == connection) || self.machine.waits_on(connection)
    }

    pub(super) fn forget_connection(&mut self, connection: ConnectionId) {
        for pending in &mut self.pending {
            pending.waiting.retain(|awaiting| awaiting.to.connection != connection);
        }
        self.machine.forget_connection(connection);
    }
}

/// What a batch says. Records that this coordinator does not know it skips.
fn read<M: Machine>(batch: &Batch) -> Vec<M::Record> {
    let records = batch.records().unwrap_or_default().into_iter();
    records.filter_map(|record| M::decode(record.key.as_ref()?, record.value.as_ref())).collect()
}

/// Whoever waited for it.
fn answer_all<M: Machine>(
    scope: &mut Scope<'_, '_, M>,
    waiting: Vec<Awaiting<M::Reply>>,
    result: Result<(), ErrorCode>,
) {
    for awaiting in waiting {
        scope.cx.respond(awaiting.to, M::answer(awaiting.reply, result));
    }
}
