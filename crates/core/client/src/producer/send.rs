//! `KafkaProducer.send`: wait for metadata, choose a partition, put the record into a batch, or
//! block for memory. Kafka: `KafkaProducer.doSend`, `RecordAccumulator.append`.

use super::{Given, Lifecycle, OutgoingRecord, Producer, ProducerBatch, ProducerTimer, Queue, TopicQueues};
use crate::partitioner::{Boundary, Chosen, LoadTable, Partitions, PerBatchSticky, StickyPartitioner, Turn};
use crate::partitioner::{counted_key, partition_of_key};
use base::{Aside, ErrorCode, PartitionId, Seldom, Shared, Str, Time, TopicPartition};
use bytes::Bytes;
use config::{PartitionerClass, Sending};
use port::{Cx, Fact, KafkaFact, OperatorAnswer, RecordRef, Refuser};
use records::varint::varint_size;
use records::{HEADER_SIZE, Trace};

/// A `send` that has not returned yet.
#[derive(Clone, Debug, Hash)]
pub(crate) struct Call {
    pub(crate) topic: Str,
    partition: Option<PartitionId>,
    record: OutgoingRecord,
    deadline: Time,
    /// When it was called. Follows from the deadline.
    pub(crate) since: Aside<Time>,
}

/// Why a `send` does not return.
enum Blocked {
    Metadata,
    /// With the partition that was chosen: the partitioner is asked once for a record.
    Memory(PartitionId),
}

/// The most that a record's own fields add to key, value and headers with their lengths
/// (`DefaultRecord.MAX_RECORD_OVERHEAD`).
const RECORD_OVERHEAD: u32 = 21;

impl Producer {
    /// A record with its running number, by which watchers know it wherever it goes.
    pub(super) fn new_record(&mut self, ticket: Option<u64>, given: Given) -> OutgoingRecord {
        let index = self.next_index;
        self.next_index += 1;
        let Given { key, value, headers, timestamp } = given;
        OutgoingRecord { index, ticket, key, value, headers, timestamp }
    }

    /// An application that is stuck in `send` makes no records.
    pub(super) fn schedule_workload(&mut self, from: Time) {
        let works = self.lifecycle == Lifecycle::Running && !self.workload.is_held();
        if let Some(interval) = self.workload.interval().filter(|_| works) {
            self.timers.set(ProducerTimer::Workload, from + interval);
        }
    }

    /// The application makes a record. Its pace goes on from here, or from when `send` returns.
    pub(super) fn on_workload(&mut self, cx: &mut Cx<'_>) {
        if self.workload.interval().is_none() || self.workload.is_held() {
            return;
        }
        let given = self.workload.make(cx.rng);
        let record = self.new_record(None, given);
        let topic = self.workload.setup.topic.clone();
        self.course.began.get_or_insert(cx.now);
        if self.workload.application.sending == Some(Sending::Waiting) {
            self.workload.awaits = Seldom(Some(record.index));
        }
        self.send(cx, topic, None, record);
        self.schedule_workload(cx.now);
    }

    /// Records of the application have ended, of which it may have waited for one (`send(record).get()`).
    pub(super) fn heard(&mut self, cx: &mut Cx<'_>, indexes: &[u64], (acked, failed): (u64, u64)) {
        if acked + failed > 0 {
            self.course.ended = Some(cx.now);
            self.course.acked += acked;
            self.course.failed += failed;
        }
        if self.workload.awaits.is_some_and(|index| indexes.contains(&index)) {
            self.workload.awaits = Seldom(None);
            self.schedule_workload(cx.now);
        }
    }

    /// `KafkaProducer.send`: calls that have to wait do so in order, as threads at a lock would.
    pub(super) fn send(&mut self, cx: &mut Cx<'_>, topic: Str, partition: Option<PartitionId>, record: OutgoingRecord) {
        let (deadline, since) = (cx.now + self.config.block_max, Aside(cx.now));
        let call = Call { topic, partition, record, deadline, since };
        if self.lifecycle != Lifecycle::Running {
            return self.refuse(
                cx,
                &call,
                ErrorCode::UnknownServerError,
                "Cannot perform operation after producer has been closed",
            );
        }
        if !self.calls.is_empty() {
            return self.block(cx, call);
        }
        if let Err(why) = self.try_send(cx, &call) {
            self.block(cx, self.asked(call, &why));
            match why {
                Blocked::Metadata => {}
                // Memory comes back only when something is sent: no more waiting for company.
                Blocked::Memory(_) => self.check_all(cx),
            }
        }
    }

    /// A call that waits for memory keeps what a class chose for it; the built-in partitioner chooses with each try.
    fn asked(&self, call: Call, why: &Blocked) -> Call {
        match (why, self.config.partitioner_class) {
            (Blocked::Metadata, _) | (_, PartitionerClass::BuiltIn) => call,
            (Blocked::Memory(partition), _) => Call { partition: Some(*partition), ..call },
        }
    }

    /// max.block.ms bounds the wait for metadata and for memory together (KIP-19).
    fn block(&mut self, cx: &mut Cx<'_>, call: Call) {
        self.workload.blocked |= call.record.ticket.is_none();
        if self.timers.deadline(&ProducerTimer::Block).is_none() {
            self.timers.set(ProducerTimer::Block, call.deadline.max(cx.now));
        }
        self.calls.push_back(call);
    }

    /// Metadata or memory may have come: lets blocked calls go on in order.
    pub(super) fn unblock(&mut self, cx: &mut Cx<'_>) {
        while let Some(call) = self.calls.pop_front() {
            let works = call.record.ticket.is_none();
            if let Err(why) = self.try_send(cx, &call) {
                self.calls.push_front(self.asked(call, &why));
                return;
            }
            self.returned(cx, *call.since, works);
        }
        self.timers.cancel(&ProducerTimer::Block);
    }

    /// The application goes on, if it was its own call.
    fn returned(&mut self, cx: &mut Cx<'_>, since: Time, works: bool) {
        self.course.returned(cx.now.since(since));
        if works {
            self.workload.blocked = false;
            self.schedule_workload(cx.now);
        }
    }

    /// Whoever has waited max.block.ms gets a TimeoutException; the others go on waiting.
    pub(super) fn expire_calls(&mut self, cx: &mut Cx<'_>) {
        let waiting = std::mem::take(&mut self.calls);
        for call in waiting {
            if call.deadline > cx.now {
                self.calls.push_back(call);
                continue;
            }
            let works = call.record.ticket.is_none();
            let message = self.timeout_message(&call);
            self.refuse(cx, &call, ErrorCode::RequestTimedOut, &message);
            self.returned(cx, *call.since, works);
        }
        if let Some(deadline) = self.calls.iter().map(|call| call.deadline).min() {
            self.timers.set(ProducerTimer::Block, deadline);
        }
    }

    /// Kafka's sentence for a `send` that waited max.block.ms in vain.
    fn timeout_message(&self, call: &Call) -> String {
        let millis = self.config.block_max.as_millis();
        match (self.network.metadata().topic(&call.topic), call.partition) {
            (None, _) => format!("Topic {} not present in metadata after {millis} ms.", call.topic),
            (Some(view), Some(partition)) if partition as usize >= view.partitions.len() => format!(
                "Partition {partition} of topic {} with partition count {} is not present in metadata after {millis} ms.",
                call.topic,
                view.partitions.len()
            ),
            // `BufferPool.allocate`, with what is a BufferExhaustedException there.
            (Some(_), _) => format!(
                "Failed to allocate {} bytes within the configured max blocking time {millis} ms. Total memory: {} bytes. \
                 Available memory: {} bytes. Poolable size: {} bytes",
                self.upper_bound(&call.record).max(self.config.batch_size as u32),
                self.config.buffer_memory,
                self.config.buffer_memory.saturating_sub(self.buffered as i64).max(0),
                self.config.batch_size
            ),
        }
    }

    /// A `send` that failed before the record was in a batch.
    pub(super) fn refuse(&mut self, cx: &mut Cx<'_>, call: &Call, error: ErrorCode, message: &str) {
        self.counts.refused += 1;
        self.last_error = Some(error);
        let record = RecordRef { producer: self.process, index: call.record.index };
        cx.fact(|| KafkaFact::SendFailed { record, topic: call.topic.clone(), error });
        if let Some(ticket) = call.record.ticket {
            let answer = || OperatorAnswer::Failed { by: Refuser::Client, error, message: message.into() };
            cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer: answer() });
        } else {
            self.heard(cx, &[call.record.index], (0, 1));
        }
    }

    /// What the record may take uncompressed (`AbstractRecords.estimateSizeInBytesUpperBound`): limits are judged by
    /// that, before anything is built.
    fn upper_bound(&self, record: &OutgoingRecord) -> u32 {
        let counted = |length: usize| varint_size(length as i32) + length as u32;
        let nullable = |bytes: &Option<Bytes>| bytes.as_ref().map_or(1, |bytes| counted(bytes.len()));
        let headers =
            record.headers.iter().map(|header| counted(header.key.len()) + nullable(&header.value)).sum::<u32>();
        let count = varint_size(record.headers.len() as i32);
        HEADER_SIZE as u32 + RECORD_OVERHEAD + nullable(&record.key) + nullable(&record.value) + count + headers
    }

    /// One try. What can only be answered by an error is answered, and is no reason to wait.
    fn try_send(&mut self, cx: &mut Cx<'_>, call: &Call) -> Result<(), Blocked> {
        let Some(count) = self.network.metadata().topic(&call.topic).map(|view| view.partitions.len() as u32) else {
            if let Some(error) = self.network.metadata().refusal(&call.topic) {
                let message = format!("Invalid topics: [{}]", call.topic);
                self.refuse(cx, call, error, &message);
                return Ok(());
            }
            self.network.add_topic(&call.topic);
            return Err(Blocked::Metadata);
        };
        if call.partition.is_some_and(|partition| u32::try_from(partition).is_ok_and(|number| number >= count)) {
            self.network.request_update();
            return Err(Blocked::Metadata);
        }
        // Keys are spread over all partitions, also those without a leader: a key must not move when one fails.
        self.open_topic(&call.topic, count);
        let fixed = call.partition.or_else(|| self.partition_of(cx, call, count));
        let size = self.upper_bound(&call.record);
        if let Some(message) = self.too_large(size) {
            let partition = fixed.unwrap_or_else(|| self.sticky_partition(cx, &call.topic));
            self.fail_unsent(cx, call, partition, &message);
            return Ok(());
        }
        match fixed {
            // An explicit partition beyond them has waited for metadata above.
            Some(partition) if u32::try_from(partition).is_ok_and(|partition| partition >= count) => {
                let class = self.config.partitioner_class.class().unwrap_or_default();
                let message =
                    format!("{class}: topic {} has {count} partitions and no partition {partition}", call.topic);
                self.refuse(cx, call, ErrorCode::InvalidRequest, &message);
                Ok(())
            }
            Some(partition) if partition >= 0 => {
                let partition = self.before_append(cx, call, partition);
                self.append(cx, call, partition, None)
            }
            Some(partition) => {
                let message = match call.partition {
                    Some(_) => {
                        format!(
                            "Invalid partition: {partition}. Partition number should always be non-negative or null."
                        )
                    }
                    None => format!(
                        "The partitioner generated an invalid partition number: {partition}. Partition number should always be non-negative."
                    ),
                };
                self.refuse(cx, call, ErrorCode::InvalidRequest, &message);
                Ok(())
            }
            None => self.append_sticky(cx, call),
        }
    }

    /// Kafka's sentence (`ensureValidRecordSize`); `None`: it fits.
    fn too_large(&self, size: u32) -> Option<String> {
        let (request, buffer) = (self.config.max_request_size, self.config.buffer_memory);
        if i64::from(size) > i64::from(request) {
            return Some(format!(
                "The message is {size} bytes when serialized which is larger than {request}, which is the value of the max.request.size configuration."
            ));
        }
        (i64::from(size) > buffer).then(|| {
            format!("The message is {size} bytes when serialized which is larger than the total memory buffer you have configured with the buffer.memory configuration.")
        })
    }

    /// `send` returned a future that has failed already (RecordTooLargeException).
    fn fail_unsent(&mut self, cx: &mut Cx<'_>, call: &Call, partition: PartitionId, message: &str) {
        let (producer, index) = (self.process, call.record.index);
        let partition = TopicPartition::new(call.topic.clone(), partition);
        let key = call.record.key.clone();
        self.counts.sent += 1;
        self.counts.failed += 1;
        cx.fact(|| record_sent(RecordRef { producer, index }, &partition, key.as_ref()));
        let records = Trace { producer, indexes: [index].into() };
        let (by, error) = (Refuser::Client, ErrorCode::MessageTooLarge);
        cx.fact(|| KafkaFact::RecordsFailed { partition, records, by, error });
        if let Some(ticket) = call.record.ticket {
            let answer = OperatorAnswer::Failed { by, error, message: message.into() };
            cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer });
        } else {
            self.heard(cx, &[index], (0, 1));
        }
    }

    /// A queue for each partition; more of them when the topic has grown.
    fn open_topic(&mut self, topic: &Str, partitions: u32) {
        let batch_size = self.config.batch_size as u32;
        if !self.topics.contains_key(topic) {
            let chosen = match self.config.partitioner_class {
                PartitionerClass::BuiltIn | PartitionerClass::HashCode => Chosen::BuiltIn,
                PartitionerClass::Table | PartitionerClass::Prefix => Chosen::BuiltIn,
                PartitionerClass::Consistent | PartitionerClass::ConsistentRandom => Chosen::BuiltIn,
                PartitionerClass::Murmur2 | PartitionerClass::Fnv1a | PartitionerClass::Fnv1aRandom => Chosen::BuiltIn,
                PartitionerClass::Random => Chosen::Anywhere,
                PartitionerClass::RoundRobin => Chosen::Turn(Turn::default()),
                PartitionerClass::PerRecordRotation => Chosen::RandomTurn(None),
                PartitionerClass::PerBatchSticky => Chosen::PerBatch(PerBatchSticky::default()),
            };
            let queues = TopicQueues { sticky: StickyPartitioner::new(batch_size), chosen, queues: Vec::new() };
            self.topics.insert(topic.clone(), queues);
        }
        if let Some(queues) = self.topics.get_mut(topic)
            && queues.queues.len() < partitions as usize
        {
            queues.queues.resize_with(partitions as usize, || Shared::new(Queue::default()));
        }
    }

    /// Weights for the next draw, once every partition has had a batch (adaptive partitioning).
    fn load(&self, topic: &str, available: &[PartitionId]) -> Option<LoadTable> {
        let queues = &self.topics.get(topic)?.queues;
        if !self.config.partitioner_adaptive || !queues.iter().all(|queue| queue.used) {
            return None;
        }
        let sizes: Vec<_> = available.iter().map(|&at| (at, queues[at as usize].waiting.len() as u32)).collect();
        LoadTable::new(&sizes, queues.len() as u32)
    }

    /// The partition that records without a key go to for now (KIP-480).
    fn sticky_partition(&mut self, cx: &mut Cx<'_>, topic: &Str) -> PartitionId {
        if let Some(partition) = self.topics.get(topic).and_then(|queues| queues.sticky.chosen()) {
            return partition;
        }
        self.with_partitions(topic, |sticky, partitions| sticky.current(partitions, cx.rng))
    }

    /// Enough went to the old one: another is drawn.
    fn switch_sticky(&mut self, cx: &mut Cx<'_>, topic: &Str) {
        self.with_partitions(topic, |sticky, partitions| sticky.switch(partitions, cx.rng));
    }

    /// What a draw needs: all partitions, those with a leader, and how long their queues are.
    fn with_partitions<T>(
        &mut self,
        topic: &Str,
        then: impl FnOnce(&mut StickyPartitioner, &Partitions<'_>) -> T,
    ) -> T {
        let available = self.network.metadata().available(topic);
        let load = self.load(topic, &available);
        let queues = self.topics.get_mut(topic).expect("opened before a partition is drawn");
        let count = queues.queues.len() as u32;
        then(&mut queues.sticky, &Partitions { count, available: &available, load: load.as_ref() })
    }

    /// Kafka looks before each append whether the sticky partition is due, and again after it.
    fn append_sticky(&mut self, cx: &mut Cx<'_>, call: &Call) -> Result<(), Blocked> {
        let topic = call.topic.clone();
        let mut partition = self.sticky_partition(cx, &topic);
        if self.count_sticky(&topic, partition, (0, Some(Boundary::BatchEnds))) {
            self.switch_sticky(cx, &topic);
            partition = self.sticky_partition(cx, &topic);
        }
        let mut appended = 0;
        self.append(cx, call, partition, Some(&mut appended))?;
        if self.count_sticky(&topic, partition, (appended, None)) {
            self.switch_sticky(cx, &topic);
        }
        Ok(())
    }

    /// What the class chooses; `None`: the built-in rule for records without a key.
    fn partition_of(&mut self, cx: &mut Cx<'_>, call: &Call, count: u32) -> Option<PartitionId> {
        let class = self.config.partitioner_class;
        let ignored = class == PartitionerClass::BuiltIn && self.config.partitioner_ignore_keys;
        let by_key = counted_key(class, call.record.key.as_deref()).filter(|_| !ignored).and_then(|key| {
            let table = &self.workload.application().partitions;
            partition_of_key((class, table), key, count)
        });
        match class {
            PartitionerClass::BuiltIn
            | PartitionerClass::HashCode
            | PartitionerClass::Table
            | PartitionerClass::Prefix
            | PartitionerClass::Consistent
            | PartitionerClass::ConsistentRandom
            | PartitionerClass::Murmur2
            | PartitionerClass::Fnv1a
            | PartitionerClass::Fnv1aRandom => by_key,
            PartitionerClass::RoundRobin
            | PartitionerClass::PerRecordRotation
            | PartitionerClass::PerBatchSticky
            | PartitionerClass::Random => by_key.or_else(|| Some(self.drawn(cx, &call.topic))),
        }
    }

    /// What a class that remembers something of the topic chooses next.
    fn drawn(&mut self, cx: &mut Cx<'_>, topic: &Str) -> PartitionId {
        self.with_chosen(topic, |chosen, partitions| chosen.next(partitions, cx.rng))
    }

    /// Classes that stay with a partition are told before a batch is opened there, and asked once more
    /// (`Partitioner.onNewBatch`, KIP-480).
    fn before_append(&mut self, cx: &mut Cx<'_>, call: &Call, partition: PartitionId) -> PartitionId {
        if self.config.partitioner_class != PartitionerClass::PerBatchSticky || call.partition.is_some() {
            return partition;
        }
        let queues = self.topics.get(&call.topic).map(|queues| &queues.queues);
        let queue = queues.and_then(|queues| queues.get(partition as usize));
        if queue.is_some_and(|queue| queue.joins(&call.record, cx.wall)) {
            return partition;
        }
        let moved =
            self.with_chosen(&call.topic, |chosen, partitions| chosen.on_new_batch(partition, partitions, cx.rng));
        if call.record.key.is_some() { partition } else { moved.unwrap_or(partition) }
    }

    /// As [`with_partitions`](Self::with_partitions), for what a class remembers.
    fn with_chosen<T>(&mut self, topic: &Str, then: impl FnOnce(&mut Chosen, &Partitions<'_>) -> T) -> T {
        let available = self.network.metadata().available(topic);
        let queues = self.topics.get_mut(topic).expect("opened before a partition is drawn");
        let count = queues.queues.len() as u32;
        then(&mut queues.chosen, &Partitions { count, available: &available, load: None })
    }

    /// Counts bytes to the sticky partition; is another one due? With `only_at`, the question is
    /// asked only at that boundary.
    fn count_sticky(&mut self, topic: &Str, at: PartitionId, (bytes, only_at): (u32, Option<Boundary>)) -> bool {
        let queues = self.topics.get_mut(topic).expect("opened before a partition is drawn");
        let full = queues.queues.get(at as usize).is_none_or(|queue| queue.all_full());
        let boundary = Boundary::from_all_full(full);
        only_at.is_none_or(|only| only == boundary) && queues.sticky.is_due(bytes, boundary)
    }

    fn append(
        &mut self,
        cx: &mut Cx<'_>,
        call: &Call,
        partition: PartitionId,
        appended: Option<&mut u32>,
    ) -> Result<(), Blocked> {
        let Some(queue) = self.topics.get_mut(&call.topic).and_then(|queues| queues.queues.get_mut(partition as usize))
        else {
            return Err(Blocked::Metadata);
        };
        let joined = if queue.all_full() { None } else { queue.try_append(&call.record, cx.wall) };
        let opened = joined.is_none();
        let bytes = match joined {
            Some(bytes) => bytes,
            None => match self.open_batch(cx, call, partition) {
                Some(bytes) => bytes,
                None => return Err(Blocked::Memory(partition)),
            },
        };
        if let Some(appended) = appended {
            *appended = bytes;
        }
        self.appended(cx, call, partition, opened);
        Ok(())
    }

    /// Opens a batch for the record, if there is memory for it.
    fn open_batch(&mut self, cx: &mut Cx<'_>, call: &Call, partition: PartitionId) -> Option<u32> {
        let capacity = self.upper_bound(&call.record).max(self.config.batch_size as u32);
        if self.buffered + u64::from(capacity) > self.config.buffer_memory as u64 && self.buffered > 0 {
            return None;
        }
        // batch.size is taken as a whole, so that memory bounds batches and not records (`BufferPool.allocate`).
        self.buffered += u64::from(capacity);
        let mut batch = ProducerBatch::new(self.next_batch, cx.now, capacity);
        self.next_batch += 1;
        batch.try_append(&call.record, cx.wall);
        let size = batch.size();
        let queue = self.topics.get_mut(&call.topic)?.queues.get_mut(partition as usize)?;
        queue.used = true;
        queue.waiting.push_back(batch);
        Some(size)
    }

    /// The record is in a batch, and `send` returns.
    fn appended(&mut self, cx: &mut Cx<'_>, call: &Call, partition: PartitionId, opened: bool) {
        self.counts.sent += 1;
        let record = RecordRef { producer: self.process, index: call.record.index };
        let partition = TopicPartition::new(call.topic.clone(), partition);
        cx.fact(|| record_sent(record, &partition, call.record.key.as_ref()));
        // A record that joins a batch changes nothing unless it fills it.
        let filled = self.queue(&partition).is_some_and(Queue::all_full);
        if opened {
            self.waiting.insert(partition.clone());
            let timer = ProducerTimer::Delivery(partition.clone());
            if self.timers.deadline(&timer).is_none() {
                self.timers.set(timer, cx.now + self.config.delivery_timeout);
            }
        }
        if opened || filled {
            self.check_ready(cx, &partition);
        }
    }
}

/// The fact that `send` has taken the record.
fn record_sent(record: RecordRef, partition: &TopicPartition, key: Option<&Bytes>) -> Fact {
    let key = key.map(|key| String::from_utf8_lossy(key).into());
    Fact::Kafka(KafkaFact::RecordSent { record, partition: partition.clone(), key })
}
