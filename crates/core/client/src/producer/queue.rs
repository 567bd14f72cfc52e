//! One partition's batches: waiting, then in flight, with the sequence numbers that keep their
//! order. Kafka: the deques of `RecordAccumulator`, `TxnPartitionEntry`.

use super::batch::{Identity, OutgoingRecord, ProducerBatch};
use super::course::ClosedBatch;
use base::{Aside, Time, Timestamp};
use records::increment_sequence;
use std::collections::VecDeque;

/// One partition of an idempotent or plain producer.
#[derive(Clone, Debug, Default, Hash)]
pub struct Queue {
    pub(crate) waiting: VecDeque<ProducerBatch>,
    pub(crate) in_flight: VecDeque<ProducerBatch>,
    /// Under which identity the next sequence counts.
    pub(crate) identity: Option<Identity>,
    pub(crate) next_sequence: i32,
    /// `None`: nothing was acknowledged under this identity.
    pub(crate) last_acked: Option<i32>,
    /// A batch that had been sent ran out of time: whether it was written is not known.
    pub(crate) unresolved: bool,
    /// Some batch was opened here, ever.
    pub(crate) used: bool,
    /// The batch that closed last, for whoever looks.
    pub(crate) closed: Aside<Option<ClosedBatch>>,
}

/// When a partition's first batch can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readiness {
    Nothing,
    Now,
    At(Time),
}

impl Queue {
    /// Batches that wait to be sent, first to last.
    pub fn waiting(&self) -> impl Iterator<Item = &ProducerBatch> {
        self.waiting.iter()
    }
    /// Batches sent and not yet answered.
    pub fn in_flight(&self) -> impl Iterator<Item = &ProducerBatch> {
        self.in_flight.iter()
    }
    /// Records that wait, and records in flight.
    pub fn record_counts(&self) -> (u64, u64) {
        let count = |batches: &VecDeque<ProducerBatch>| batches.iter().map(|each| u64::from(each.record_count())).sum();
        (count(&self.waiting), count(&self.in_flight))
    }
    /// The batch that records join at present.
    pub fn open_batch(&self) -> Option<&ProducerBatch> {
        self.waiting.back().filter(|batch| !batch.closed)
    }
    /// The batch that closed last.
    pub fn closed(&self) -> Option<ClosedBatch> {
        *self.closed
    }
    /// The sequence number that the next new batch gets.
    pub fn next_sequence(&self) -> i32 {
        self.next_sequence
    }
    /// The last sequence number that a leader acknowledged.
    pub fn last_acked_sequence(&self) -> Option<i32> {
        self.last_acked
    }
    /// Under which id and epoch the numbers count; another one begins at 0 again.
    pub fn identity(&self) -> Option<Identity> {
        self.identity
    }
    /// Is it unknown whether a batch was written? Then nothing new is numbered until what is in flight has ended.
    pub fn is_unresolved(&self) -> bool {
        self.unresolved
    }

    /// Nothing waits and nothing is in flight.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.in_flight.is_empty()
    }

    /// Is the queue empty or its last batch full?
    pub(crate) fn all_full(&self) -> bool {
        self.waiting.back().is_none_or(ProducerBatch::is_full)
    }

    /// Appends to the last batch, if it has room; says how many bytes that took.
    pub(crate) fn try_append(&mut self, record: &OutgoingRecord, timestamp: Timestamp) -> Option<u32> {
        self.waiting.back_mut()?.try_append(record, timestamp)
    }

    /// Would the record join the last batch, or open another one?
    pub(crate) fn joins(&self, record: &OutgoingRecord, timestamp: Timestamp) -> bool {
        self.waiting.back().is_some_and(|batch| !batch.is_full() && batch.has_room(record, timestamp))
    }

    /// Batches with a sequence that are not done: in flight or waiting for a retry.
    fn sequenced(&self) -> impl Iterator<Item = &ProducerBatch> {
        self.in_flight.iter().chain(&self.waiting).filter(|batch| batch.sequence.is_some())
    }

    /// Is a batch under way that has its numbers?
    pub(crate) fn has_sequenced(&self) -> bool {
        self.sequenced().next().is_some()
    }

    /// The least number that is not acknowledged.
    fn first_sequence(&self) -> Option<i32> {
        self.sequenced().filter_map(|batch| batch.sequence.map(|(_, base)| base)).min()
    }

    /// Does it follow directly on what was acknowledged last? Only then the leader can have had a reason to refuse
    /// it.
    pub(crate) fn is_next(&self, sequence: i32) -> bool {
        match self.last_acked {
            Some(last) => increment_sequence(last, 1) == sequence,
            None => sequence == 0,
        }
    }

    /// Must the first waiting batch stay for the sake of order?
    /// (`RecordAccumulator.shouldStopDrainBatchesForPartition`)
    pub(crate) fn is_held(&self, current: Identity) -> bool {
        let first = self.waiting.front().expect("only who has a batch to send asks");
        match first.sequence {
            None => self.unresolved || (self.has_sequenced() && self.identity != Some(current)),
            // A retried batch waits until it is the first of those not yet acknowledged.
            Some((_, base)) => self.first_sequence() != Some(base),
        }
    }

    /// Gives the batch that is about to be sent its sequence, unless it has one.
    pub(crate) fn number(&mut self, batch: &mut ProducerBatch, current: Identity) {
        if self.identity != Some(current) && !self.has_sequenced() && batch.sequence.is_none() {
            self.begin_anew(current);
        }
        if batch.sequence.is_none() {
            batch.sequence = Some((current, self.next_sequence));
            self.next_sequence = increment_sequence(self.next_sequence, batch.record_count() as i32);
        }
    }

    /// Restarts sequences at 0 under a new identity; batches that are not done get new numbers.
    pub(crate) fn begin_anew(&mut self, identity: Identity) {
        let mut order: Vec<(i32, bool, usize)> = Vec::new();
        for (waits, batches) in [(false, &self.in_flight), (true, &self.waiting)] {
            let numbered = batches.iter().enumerate();
            order.extend(numbered.filter_map(|(at, batch)| batch.sequence.map(|(_, base)| (base, waits, at))));
        }
        base::sort(&mut order);
        let mut next = 0;
        for (_, waits, at) in order {
            let batch = if waits { &mut self.waiting[at] } else { &mut self.in_flight[at] };
            batch.sequence = Some((identity, next));
            batch.sequence_reset = true;
            next = increment_sequence(next, batch.record_count() as i32);
        }
        self.identity = Some(identity);
        self.next_sequence = next;
        self.last_acked = None;
        self.unresolved = false;
    }

    /// Puts a batch back for a retry: at the front, or among others by sequence.
    pub(crate) fn put_back(&mut self, batch: ProducerBatch) {
        let Some((_, base)) = batch.sequence else { return self.waiting.push_front(batch) };
        let goes_before = |other: &ProducerBatch| other.sequence.is_none_or(|(_, other)| other > base);
        let at = self.waiting.iter().position(goes_before).unwrap_or(self.waiting.len());
        self.waiting.insert(at, batch);
    }

    /// Takes a batch whose answer came; `None` when it has run out of time before.
    pub(crate) fn take_in_flight(&mut self, id: u64) -> Option<ProducerBatch> {
        let at = self.in_flight.iter().position(|batch| batch.id == id)?;
        self.in_flight.remove(at)
    }
}
