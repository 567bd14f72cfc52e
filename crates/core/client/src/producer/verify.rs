//! What always holds of a producer between two events.

use super::{Lifecycle, Producer, ProducerRequest, ProducerTimer, Queue};
use base::{FlatSet, TopicPartition};

impl Producer {
    /// Checks what always holds. Costs as much as there are partitions and batches.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self) {
        if self.lifecycle == Lifecycle::Closed {
            return;
        }
        self.network.verify();
        self.verify_counts();
        let mut asked: FlatSet<u64> = FlatSet::new();
        for (_, request) in self.network.asked() {
            // A request for a producer id carries no batch.
            let ProducerRequest::Produce(sent) = request else { continue };
            let once = sent.iter().all(|each| asked.insert(each.batch));
            assert!(once, "a batch is under way twice");
        }
        for (topic, queues) in self.topics.iter() {
            for (number, queue) in queues.queues.iter().enumerate().filter(|(_, queue)| !queue.is_empty()) {
                let partition = TopicPartition::new(topic.clone(), number as i32);
                self.verify_queue(&partition, queue, &asked);
            }
        }
        let called = self.calls.is_empty() || self.timers.deadline(&ProducerTimer::Block).is_some();
        assert!(called, "a `send` is blocked without end (max.block.ms)");
        for partition in &self.ready {
            let waits = self.queue(partition).is_some_and(|queue| !queue.waiting.is_empty());
            assert!(waits, "{partition} is ready to send nothing");
        }
    }

    /// No record is lost sight of, and no memory (`BufferPool`).
    fn verify_counts(&self) {
        let queues = || self.topics.values().flat_map(|topic| topic.queues.iter());
        let batches = || queues().flat_map(|queue| queue.in_flight.iter().chain(&queue.waiting));
        let open: u64 = batches().map(|batch| u64::from(batch.record_count())).sum();
        let counts = self.counts;
        assert_eq!(counts.sent, counts.acked + counts.failed + open, "every record ends once: {counts:?}, {open} open");
        let held: u64 = batches().map(|batch| u64::from(batch.capacity)).sum();
        assert_eq!(self.buffered, held, "buffer.memory in use");
    }

    /// One partition: numbers without gaps, in order, and each batch in flight asked for exactly once.
    fn verify_queue(&self, partition: &TopicPartition, queue: &Queue, asked: &FlatSet<u64>) {
        let expires = self.timers.deadline(&ProducerTimer::Delivery(partition.clone())).is_some();
        assert!(expires, "{partition}: a batch never expires (delivery.timeout.ms)");
        for batch in &queue.in_flight {
            assert!(asked.contains(&batch.id), "{partition}: batch {} waits for an answer to nothing", batch.id);
        }
        for batch in &queue.waiting {
            assert!(!asked.contains(&batch.id) || batch.attempts > 0, "{partition}: sent and not in flight");
        }
        let ready = self.ready.contains(partition);
        let soon = self.timers.deadline(&ProducerTimer::Sendable(partition.clone())).is_some();
        assert!(queue.waiting.is_empty() || ready || soon, "{partition}: nothing will send what waits");
        // Two batches under the same number: the broker would take one for a repetition of the other.
        let mut numbers: FlatSet<i32> = FlatSet::new();
        let sequenced = queue.in_flight.iter().chain(&queue.waiting).filter_map(|batch| batch.sequence);
        for (identity, base) in sequenced.filter(|(identity, _)| Some(*identity) == queue.identity) {
            assert!(numbers.insert(base), "{partition}: {base} under {identity:?} twice");
        }
    }
}
