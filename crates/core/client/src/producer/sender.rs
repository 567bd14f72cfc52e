//! From batches to requests: which partitions can send, what each leader gets, in what order.
//! Kafka: `Sender.sendProducerData`, `RecordAccumulator.ready` and `drain`.

use super::queue::Readiness;
use super::{ClosedBatch, Idempotence, Identity, Lifecycle, Producer, ProducerBatch, ProducerRequest, ProducerTimer};
use super::{Queue, Sent};
use crate::network::Node;
use api::{Acks, InitProducerIdRequest, ProducePartition, ProduceRequest, Request};
use base::{Aside, FlatSet, PartitionId, Str, TopicPartition};
use port::{BatchClosing, Cx, KafkaFact, Work};
use records::{Batch, Compression};

impl Producer {
    /// Looks whether the partition's first batch can be sent, now or at a known instant.
    pub(super) fn check_ready(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition) {
        match self.readiness(cx, partition) {
            Readiness::Nothing => {
                self.ready.remove(partition);
                self.timers.cancel(&ProducerTimer::Sendable(partition.clone()));
            }
            Readiness::Now => {
                self.timers.cancel(&ProducerTimer::Sendable(partition.clone()));
                self.ready.insert(partition.clone());
            }
            Readiness::At(at) => {
                self.ready.remove(partition);
                self.timers.set(ProducerTimer::Sendable(partition.clone()), at);
            }
        }
    }

    /// After news that concerns every partition: metadata, memory that is wanted, the end.
    pub(super) fn check_all(&mut self, cx: &mut Cx<'_>) {
        let partitions: Vec<_> = self.queues_where(|queue| !queue.waiting.is_empty()).collect();
        for partition in partitions {
            self.check_ready(cx, &partition);
        }
    }

    /// When the first batch may go: full, old enough, tried before, or not alone (`RecordAccumulator.batchReady`).
    fn readiness(&self, cx: &Cx<'_>, partition: &TopicPartition) -> Readiness {
        let queue = self.queue(partition).expect("only a partition that was written to is looked at");
        // All of it is under way or acknowledged.
        let Some(first) = queue.waiting.front() else { return Readiness::Nothing };
        if self.backs_off(cx, partition, first) {
            return Readiness::At(first.not_before);
        }
        let flushing = self.lifecycle != Lifecycle::Running || self.waits_for_memory();
        let lingered = first.created + self.config.linger;
        let ready = first.attempts > 0 || first.is_full() || queue.waiting.len() > 1 || flushing;
        if ready || lingered <= cx.now { Readiness::Now } else { Readiness::At(lingered) }
    }

    /// Why the partition's first batch closes now, as it is about to be sent for the first time.
    fn closing(&self, cx: &Cx<'_>, queue: &Queue) -> Option<ClosedBatch> {
        let first = queue.waiting.front().filter(|batch| batch.attempts == 0)?;
        let why = if first.is_full() || queue.waiting.len() > 1 {
            BatchClosing::Full
        } else if first.created + self.config.linger <= cx.now {
            BatchClosing::Linger
        } else if self.lifecycle != Lifecycle::Running {
            BatchClosing::Flush
        } else if self.waits_for_memory() {
            BatchClosing::Exhausted
        } else {
            BatchClosing::Along
        };
        Some(ClosedBatch { at: cx.now, why, records: first.record_count(), size: first.size() })
    }

    /// Does a `send` wait for memory, and not for metadata?
    pub fn waits_for_memory(&self) -> bool {
        let metadata = self.network.metadata();
        self.calls.front().is_some_and(|call| metadata.topic(&call.topic).is_some())
    }

    /// A retry waits, unless the partition has a new leader since (KIP-951).
    fn backs_off(&self, cx: &Cx<'_>, partition: &TopicPartition, batch: &ProducerBatch) -> bool {
        let known = self.network.leader(&partition.topic, partition.partition);
        let new_leader = known.is_some_and(|(_, epoch)| epoch.0 > batch.sent_epoch);
        batch.attempts > 0 && batch.not_before > cx.now && !new_leader
    }

    /// Sends whatever can be sent now.
    pub(super) fn drain(&mut self, cx: &mut Cx<'_>) {
        if self.ready.is_empty() || !self.has_identity(cx) {
            return;
        }
        // Numbers are put right before any new ones are given out.
        self.resolve_sequences();
        self.bump_epoch();
        let mut nodes = FlatSet::new();
        let mut leaderless = false;
        for partition in &self.ready {
            match self.network.leader(&partition.topic, partition.partition) {
                Some((node, _)) => _ = nodes.insert(node),
                None => leaderless = true,
            }
        }
        // A partition that has no leader is a reason to ask again; others go on meanwhile.
        if leaderless {
            self.network.request_update();
            self.network.poll(cx);
        }
        for node in nodes {
            while self.network.ready(cx, node) {
                let batches = self.collect(cx, node);
                if batches.is_empty() {
                    break;
                }
                self.send_batches(cx, node, batches);
            }
        }
    }

    /// An idempotent producer sends nothing before it has an id.
    fn has_identity(&mut self, cx: &mut Cx<'_>) -> bool {
        match self.idempotence {
            Idempotence::Off | Idempotence::Known(_) => true,
            Idempotence::Requested => false,
            Idempotence::Wanted => {
                let waits = self.timers.deadline(&ProducerTimer::ProducerId).is_some();
                if !waits && let Some(node) = self.network.any_ready(cx) {
                    let request = InitProducerIdRequest { transactional_id: None };
                    self.network.send(cx, node, Request::InitProducerId(request), ProducerRequest::ProducerId);
                    self.idempotence = Idempotence::Requested;
                }
                false
            }
        }
    }

    /// Id and epoch, once there are any.
    fn identity(&self) -> Option<Identity> {
        match self.idempotence {
            Idempotence::Known(identity) => Some(identity),
            Idempotence::Off | Idempotence::Wanted | Idempotence::Requested => None,
        }
    }

    /// Partitions where a batch ran out of time, once everything before it has ended: either what
    /// followed was acknowledged, or the sequence has a gap and must restart.
    fn resolve_sequences(&mut self) {
        debug_assert!(*self.has_unresolved || self.queues_where(|queue| queue.unresolved).next().is_none());
        if !*self.has_unresolved {
            return;
        }
        let partitions: Vec<_> = self.queues_where(|queue| queue.unresolved && !queue.has_sequenced()).collect();
        for partition in partitions {
            let queue = self.queue_mut(&partition).expect("it was among the queues a moment ago");
            queue.unresolved = false;
            if !queue.is_next(queue.next_sequence) {
                self.bumps.insert(partition);
            }
        }
        let has_unresolved = self.queues_where(|queue| queue.unresolved).next().is_some();
        *self.has_unresolved = has_unresolved;
    }

    /// `TransactionManager.bumpIdempotentProducerEpoch`: the client itself counts the epoch up and
    /// restarts the sequences of the partitions that need it.
    fn bump_epoch(&mut self) {
        // A new id is on its way, under which all sequences begin anew anyway.
        let Some(old) = self.identity() else { return self.bumps.clear() };
        if self.bumps.is_empty() {
            return;
        }
        if old.epoch == i16::MAX {
            self.idempotence = Idempotence::Wanted;
            return;
        }
        let identity = Identity { id: old.id, epoch: old.epoch + 1 };
        self.idempotence = Idempotence::Known(identity);
        for partition in std::mem::take(&mut self.bumps) {
            if let Some(queue) = self.queue_mut(&partition) {
                queue.begin_anew(identity);
            }
        }
    }

    /// The first batch of every partition that the node leads, up to max.request.size; only if at
    /// least one of them is ready.
    fn collect(&mut self, cx: &mut Cx<'_>, node: Node) -> Vec<(TopicPartition, ProducerBatch)> {
        let led = |partition: &TopicPartition| -> bool {
            self.network.leader(&partition.topic, partition.partition).is_some_and(|(leader, _)| leader == node)
        };
        if !self.ready.iter().any(led) {
            return Vec::new();
        }
        let mut waiting = std::mem::take(&mut *self.waiting);
        waiting.retain(|partition| self.queue(partition).is_some_and(|queue| !queue.waiting.is_empty()));
        debug_assert!(self.queues_where(|queue| !queue.waiting.is_empty()).eq(waiting.iter().cloned()));
        let mut partitions: Vec<_> = waiting.iter().filter(|partition| led(partition)).cloned().collect();
        *self.waiting = waiting;
        if !partitions.is_empty() {
            let start = self.rotation as usize % partitions.len();
            partitions.rotate_left(start);
        }
        self.rotation = self.rotation.wrapping_add(1);
        let (mut batches, mut size) = (Vec::new(), 0u64);
        for partition in partitions {
            let room = (self.config.max_request_size as u64).saturating_sub(size);
            if let Some(batch) = self.take_first(cx, &partition, (room, batches.is_empty())) {
                size += u64::from(batch.size());
                self.check_ready(cx, &partition);
                batches.push((partition, batch));
            }
        }
        batches
    }

    /// Takes the partition's first batch, numbered, unless backoff, order or size forbid. The first
    /// batch of a request may be of any size.
    fn take_first(
        &mut self,
        cx: &mut Cx<'_>,
        partition: &TopicPartition,
        (room, is_first): (u64, bool),
    ) -> Option<ProducerBatch> {
        let identity = self.identity();
        let one_at_a_time = self.config.max_in_flight == 1;
        let first = self.queue(partition)?.waiting.front()?;
        // The first one goes whatever its size: otherwise it would never go.
        let too_large = !is_first && u64::from(first.size()) > room;
        if too_large || self.backs_off(cx, partition, first) {
            return None;
        }
        let closing = self.closing(cx, self.queue(partition)?);
        let queue = self.queue_mut(partition)?;
        if (one_at_a_time && !queue.in_flight.is_empty()) || identity.is_some_and(|identity| queue.is_held(identity)) {
            return None;
        }
        let mut batch = queue.waiting.pop_front()?;
        if let Some(identity) = identity {
            queue.number(&mut batch, identity);
        }
        if let Some(closing) = closing {
            *queue.closed = Some(closing);
            self.course.closings[closing.why as usize] += 1;
        }
        Some(batch)
    }

    /// One request with at most one batch of each partition, so that a leader never sees two of one producer out of
    /// order.
    fn send_batches(&mut self, cx: &mut Cx<'_>, node: Node, batches: Vec<(TopicPartition, ProducerBatch)>) {
        let (acks, correlation_id) = (Acks(self.config.acks.wire()), Aside(self.network.next_number()));
        let (mut partitions, mut sent) = (Vec::with_capacity(batches.len()), Vec::with_capacity(batches.len()));
        for (partition, mut batch) in batches {
            let topic = self.network.metadata().topic_id(&partition.topic).expect("a topic with a leader has an id");
            batch.attempts += 1;
            batch.sent_epoch = self.leader_epoch(&partition.topic, partition.partition);
            let (producer, attempt) = (self.process, batch.attempts);
            let closed =
                self.queue(&partition).and_then(Queue::closed).filter(|_| attempt == 1).map(|closed| closed.why);
            let sealed = self.seal(cx, &mut batch);
            let records = || batch.trace(producer);
            cx.fact(|| KafkaFact::BatchSent { partition: partition.clone(), records: records(), attempt, closed });
            partitions.push(ProducePartition { topic, partition: partition.partition, batch: sealed });
            sent.push(Sent { topic, batch: batch.id, partition: partition.clone(), correlation_id });
            if let Some(queue) = self.queue_mut(&partition) {
                queue.in_flight.push_back(batch);
            }
        }
        let timeout = self.config.request_timeout;
        let request = Request::Produce(ProduceRequest { acks, timeout, partitions });
        if acks == Acks::NONE {
            self.network.send_unanswered(cx, node, request);
            self.complete_unanswered(cx, sent);
        } else {
            self.network.send(cx, node, request, ProducerRequest::Produce(sent));
        }
    }

    /// The batch as it goes out. Whoever compresses works for it, and does so once unless the batch changes
    /// (`MemoryRecordsBuilder.close`).
    fn seal(&mut self, cx: &mut Cx<'_>, batch: &mut ProducerBatch) -> Batch {
        let (open, plain) = (!batch.is_sealed(), u64::from(batch.size()));
        let sealed = batch.seal(self.process, self.compression);
        if open && self.compression != Compression::None {
            cx.work(Work::Compress(self.compression), plain);
            self.course.packed.plain += plain;
            self.course.packed.sent += u64::from(sealed.size());
        }
        sealed
    }

    /// Under which epoch a batch is sent: a newer one ends its backoff (KIP-951).
    fn leader_epoch(&self, topic: &Str, partition: PartitionId) -> i32 {
        self.network.leader(topic, partition).map_or(-1, |(_, epoch)| epoch.0)
    }
}
