//! DeleteRecords: the leader's log begins later, and whoever asked waits until the logs of all living replicas do.
//!
//! Kafka: `ReplicaManager.deleteRecords`, `Partition.deleteRecordsOnLeader`, `DelayedDeleteRecords`. Files go at the next
//! look at old segments.

use super::{Purgatories, Serving};
use crate::timer::Timer;
use crate::view::View;
use crate::wires::Wires;
use api::{DeleteRecordsRequest, DeleteRecordsResponse, DeletedRecords, Response};
use base::{ConnectionId, ErrorCode, FlatMap, Offset, TopicIdPartition, TopicPartition};
use metadata::{Image, topic_name};
use port::{Cx, ReplyTo};

/// Deletions that wait, in the order in which they came. There are few: each look goes through all of them.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct DeletePurgatory {
    next: u64,
    delayed: FlatMap<u64, DelayedDelete>,
}

/// A request of which at least one partition waits.
#[derive(Clone, Debug, Hash)]
struct DelayedDelete {
    reply: ReplyTo,
    parts: Vec<DeletePart>,
}

/// One partition's part.
#[derive(Clone, Debug, Hash)]
struct DeletePart {
    result: DeletedRecords,
    /// Where it waits and for which low watermark; `None`: settled.
    waits: Option<(TopicIdPartition, Offset)>,
}

impl DeletePurgatory {
    /// Does nobody wait?
    pub(super) fn is_empty(&self) -> bool {
        self.delayed.is_empty()
    }

    /// To whom an answer is owed.
    pub(super) fn owed(&self) -> impl Iterator<Item = ReplyTo> {
        self.delayed.values().map(|delayed| delayed.reply)
    }

    /// What is waited for.
    pub(super) fn waits(&self) -> impl Iterator<Item = (u64, TopicIdPartition, Offset)> {
        let parts = |(number, delayed): (&u64, &DelayedDelete)| {
            let number = *number;
            let waits: Vec<_> = delayed.parts.iter().filter_map(|part| part.waits).collect();
            waits.into_iter().map(move |(at, required)| (number, at, required))
        };
        self.delayed.iter().flat_map(parts)
    }
}

impl DelayedDelete {
    fn waits(&self) -> bool {
        self.parts.iter().any(|part| part.waits.is_some())
    }

    /// Looks at what it waits for. Who leads no more cannot know.
    fn look(&mut self, view: View<'_>) {
        for part in &mut self.parts {
            let Some((of, required)) = part.waits else { continue };
            match view.low_watermark(of) {
                Ok(low) => {
                    part.result.low_watermark = low;
                    if low >= required {
                        part.waits = None;
                    }
                }
                Err(error) => part.settle(error),
            }
        }
    }

    fn finish(self, cx: &mut Cx<'_>) {
        let partitions = self.parts.into_iter().map(|part| part.result).collect();
        cx.respond(self.reply, Response::DeleteRecords(DeleteRecordsResponse { partitions }));
    }
}

impl DeletePart {
    fn settle(&mut self, error: ErrorCode) {
        self.waits = None;
        self.result.error = error;
        self.result.low_watermark = Offset::UNDEFINED;
    }
}

impl View<'_> {
    /// Where the log of a partition that this broker leads begins everywhere that lives.
    pub(super) fn low_watermark(self, at: TopicIdPartition) -> Result<Offset, ErrorCode> {
        let partition = self.replicas.get(at).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        let is_live = |id| self.image.broker(id).is_some_and(|broker| !broker.fenced);
        partition.low_watermark(is_live).ok_or(ErrorCode::NotLeaderOrFollower)
    }
}

impl Purgatories {
    /// Moves log starts, and answers now or when followers have moved theirs.
    pub(crate) fn on_delete_records(
        &mut self,
        cx: &mut Cx<'_>,
        serving: &mut Serving<'_>,
        reply: ReplyTo,
        request: &DeleteRecordsRequest,
    ) {
        let part = |(partition, before): &(TopicPartition, Offset)| serving.delete_before(partition, *before);
        let delayed = DelayedDelete { reply, parts: request.partitions.iter().map(part).collect() };
        if !delayed.waits() {
            return delayed.finish(cx);
        }
        let number = self.deletes.next;
        self.deletes.next += 1;
        self.deletes.delayed.insert(number, delayed);
        serving.wires.timers.set(Timer::DeleteRecords(number), cx.now + request.timeout);
    }

    /// Leaders, followers' log starts or who lives may have changed.
    pub(crate) fn complete_deletes(&mut self, cx: &mut Cx<'_>, serving: &mut Serving<'_>) {
        let view = View { replicas: serving.replicas, image: serving.image };
        self.deletes.delayed.values_mut().for_each(|delayed| delayed.look(view));
        let done = self.deletes.delayed.iter().filter(|(_, delayed)| !delayed.waits()).map(|(number, _)| *number);
        for number in done.collect::<Vec<u64>>() {
            serving.wires.timers.cancel(&Timer::DeleteRecords(number));
            if let Some(delayed) = self.deletes.delayed.remove(&number) {
                delayed.finish(cx);
            }
        }
    }

    /// The time of a deletion is up: some follower is slow. The leader's log begins later all the same.
    pub(crate) fn delete_timed_out(&mut self, cx: &mut Cx<'_>, number: u64) {
        if let Some(mut delayed) = self.deletes.delayed.remove(&number) {
            let waiting = delayed.parts.iter_mut().filter(|part| part.waits.is_some());
            waiting.for_each(|part| part.settle(ErrorCode::RequestTimedOut));
            delayed.finish(cx);
        }
    }

    /// The client of these is gone.
    pub(super) fn forget_deletes_of(&mut self, wires: &mut Wires, connection: ConnectionId) {
        let gone = self.deletes.delayed.iter().filter(|(_, delayed)| delayed.reply.connection == connection);
        for number in gone.map(|(number, _)| *number).collect::<Vec<u64>>() {
            self.deletes.delayed.remove(&number);
            wires.timers.cancel(&Timer::DeleteRecords(number));
        }
    }
}

impl Serving<'_> {
    /// The leader's log begins at that offset now, or why not.
    fn delete_before(&mut self, partition: &TopicPartition, before: Offset) -> DeletePart {
        let deleted = deletable(self.image, partition).and_then(|at| {
            let required = self.replicas.delete_records(at, before)?;
            Ok((at, required, self.view().low_watermark(at)?))
        });
        let of = |low_watermark, error| DeletedRecords { partition: partition.clone(), low_watermark, error };
        match deleted {
            Ok((at, required, low)) => {
                let waits = (low < required).then_some((at, required));
                DeletePart { result: of(low, ErrorCode::None), waits }
            }
            Err(error) => DeletePart { result: of(Offset::UNDEFINED, error), waits: None },
        }
    }
}

/// Internal topics are their coordinators' (`ReplicaManager.deleteRecordsOnLocalLog`).
fn deletable(image: &Image, partition: &TopicPartition) -> Result<TopicIdPartition, ErrorCode> {
    let topic = image.topic_by_name(&partition.topic).ok_or(ErrorCode::UnknownTopicOrPartition)?;
    if !topic.partitions.contains_key(&partition.partition) {
        return Err(ErrorCode::UnknownTopicOrPartition);
    }
    if topic_name::is_internal(&partition.topic) {
        return Err(ErrorCode::InvalidTopicException);
    }
    Ok(TopicIdPartition { topic: topic.id, partition: partition.partition })
}
