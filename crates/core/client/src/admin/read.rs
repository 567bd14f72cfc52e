//! Reading a partition from an offset to its visible end: where the end is, then fetch after fetch.

use super::{Admin, Reading, Task};
use crate::network::Node;
use api::{
    FetchPartition, FetchRequest, FetchResponse, IsolationLevel, ListOffsetsPartition, ListOffsetsRequest,
    ListOffsetsResponse, Request,
};
use base::{ErrorCode, LeaderEpoch, Offset, Span};
use port::{Cx, OperatorAnswer, Refuser};
use records::Batch;

/// fetch.max.wait.ms of a consumer, at its default. changes.
const MAX_WAIT: Span = Span::from_millis(500);
/// max.partition.fetch.bytes and fetch.max.bytes at their defaults.
const PARTITION_BYTES: i32 = 1_048_576;
/// fetch.max.bytes of a consumer.
const RESPONSE_BYTES: i32 = 52_428_800;

impl Admin {
    /// The next request of a reading, if its leader can take one now.
    pub(super) fn read_request(&mut self, cx: &mut Cx<'_>, task: &Task) -> Option<(Node, Request)> {
        let reading = task.reading()?;
        let (name, partition) = (&reading.partition.topic, reading.partition.partition);
        let node = self.leader_ready(cx, name, partition)?;
        let topic = self.network.metadata().topic_id(name)?;
        let current_leader_epoch = LeaderEpoch::UNDEFINED;
        let request = if let Some(spec) = reading.unknown() {
            let asked = ListOffsetsPartition { topic: name.clone(), partition, current_leader_epoch, spec };
            let isolation = IsolationLevel::ReadUncommitted;
            Request::ListOffsets(ListOffsetsRequest { replica: None, isolation, partitions: vec![asked] })
        } else {
            let asked = FetchPartition {
                topic,
                partition,
                current_leader_epoch,
                fetch_offset: reading.position,
                last_fetched_epoch: LeaderEpoch::UNDEFINED,
                log_start_offset: Offset::UNDEFINED,
                max_bytes: PARTITION_BYTES,
            };
            Request::Fetch(fetch_of(asked))
        };
        Some((node, request))
    }

    /// `None`: the operation is no reading, and was answered as if it were one.
    fn reading(&mut self, id: u64) -> Option<&mut Reading> {
        self.operations.get_mut(&id)?.task.reading_mut()
    }

    /// The end is asked for once: what is written later is not read, so that a reading comes to an end under load.
    pub(super) fn on_offset(&mut self, cx: &mut Cx<'_>, (id, by): (u64, Refuser), answer: &ListOffsetsResponse) {
        let Some(part) = answer.partitions.first() else { return self.retry(cx, id) };
        if part.error.is_error() {
            return self.read_error(cx, (id, by), part.error);
        }
        let offset = part.offset;
        // The broker's fault: as good as no answer.
        let Some(reading) = self.reading(id) else { return self.retry(cx, id) };
        reading.take_offset(offset);
        if reading.is_at_end() {
            self.finish_reading(cx, id);
        } else {
            self.wait(id);
        }
    }

    /// A leader that is none any more is asked for anew; what will not pass is the operator's to know.
    fn read_error(&mut self, cx: &mut Cx<'_>, (id, by): (u64, Refuser), error: ErrorCode) {
        if error.is_retriable() {
            self.network.request_update();
            self.retry(cx, id);
        } else {
            self.fail(cx, (id, by), error, None);
        }
    }

    /// Nothing came although the end is not reached: the leader has to catch up first, so it is asked later.
    pub(super) fn on_fetched(&mut self, cx: &mut Cx<'_>, (id, by): (u64, Refuser), answer: FetchResponse) {
        let error = answer.error;
        let Some(part) = answer.partitions.into_iter().next().filter(|_| !error.is_error()) else {
            return self.retry(cx, id);
        };
        if part.error == ErrorCode::OffsetOutOfRange && self.reading(id).is_some_and(Reading::reset) {
            return self.wait(id);
        }
        if part.error.is_error() {
            return self.read_error(cx, (id, by), part.error);
        }
        let nothing = part.records.is_empty();
        // The broker's fault: as good as no answer.
        let Some(reading) = self.reading(id) else { return self.retry(cx, id) };
        let corrupt = part.records.iter().any(|batch| take(reading, batch).is_err());
        let done = reading.end.is_none_or(|end| reading.position >= end);
        if corrupt {
            self.fail(cx, (id, Refuser::Client), ErrorCode::CorruptMessage, None);
        } else if done {
            self.finish_reading(cx, id);
        } else if nothing {
            self.retry(cx, id);
        } else {
            self.wait(id);
        }
    }

    /// What was read, also when the log was cut below the end that was named.
    fn finish_reading(&mut self, cx: &mut Cx<'_>, id: u64) {
        let reading = self.reading(id).expect("only a reading comes to its end");
        let records = std::mem::take(&mut reading.records);
        let (position, end) = (reading.position, reading.end.unwrap_or(reading.position));
        self.answer(cx, id, OperatorAnswer::Read { records, position, end });
    }
}

/// Takes a batch's records up to the end; control records are passed over.
fn take(reading: &mut Reading, batch: &Batch) -> Result<(), ErrorCode> {
    let end = reading.end.unwrap_or(reading.position);
    if !batch.is_control() {
        for record in batch.records()? {
            if record.offset >= reading.position && record.offset < end {
                reading.records.push((record.offset, record.key, record.value));
            }
        }
    }
    reading.position = reading.position.max(batch.next_offset().min(end));
    Ok(())
}

/// A fetch of its own, outside of any session (KIP-227): it is made only once in a while.
fn fetch_of(partition: FetchPartition) -> FetchRequest {
    FetchRequest {
        replica: None,
        cluster_id: None,
        max_wait: MAX_WAIT,
        min_bytes: 1,
        max_bytes: RESPONSE_BYTES,
        isolation: IsolationLevel::ReadUncommitted,
        session_id: 0,
        session_epoch: -1,
        partitions: vec![partition],
        forgotten: Vec::new(),
        rack: None,
    }
}
