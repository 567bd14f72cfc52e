//! How batches end: acknowledged, retried, split, failed or out of time. Kafka:
//! `Sender.completeBatch`, `TransactionManager.canRetry` and `handleFailedBatch`.

use super::{Idempotence, Identity, Producer, ProducerBatch, ProducerRequest, ProducerTimer, Sent};
use crate::in_order::InOrder;
use crate::log::{OfProducer, Refusal};
use crate::network::{Node, Outcome};
use api::{InitProducerIdResponse, ProducePartitionResponse, ProduceResponse, Response};
use base::{ErrorCode, Offset, Str, TopicPartition};
use port::{Cx, KafkaFact, OperatorAnswer, Refuser};
use std::collections::VecDeque;

/// A failure as the application sees it.
struct Failure {
    by: Refuser,
    error: ErrorCode,
    message: String,
}

/// What a broker answered about the partition, if it was one that found the error.
type Answered<'a> = Option<(Refuser, &'a ProducePartitionResponse)>;

impl Producer {
    /// What became of a request, or of a connection.
    pub(super) fn on_outcome(&mut self, cx: &mut Cx<'_>, outcome: Outcome<ProducerRequest>) {
        match outcome {
            Outcome::Answered(node, ProducerRequest::Produce(sent), Response::Produce(response)) => {
                self.on_produced(cx, node.refuser(), sent, &response);
            }
            Outcome::Answered(_, ProducerRequest::ProducerId, Response::InitProducerId(response)) => {
                self.on_producer_id(cx, &response);
            }
            // An answer of another kind: no broker to talk to.
            Outcome::Answered(node, purpose, _) => {
                self.on_lost(cx, node, purpose);
                self.drop_peer(cx, node);
            }
            Outcome::Lost(node, purpose) => self.on_lost(cx, node, purpose),
            Outcome::Connected(_) | Outcome::Disconnected(_) => {}
            Outcome::MetadataUpdated(_) => {
                self.unblock(cx);
                self.check_all(cx);
            }
        }
    }

    /// Gives up a node that does not answer like a broker.
    fn drop_peer(&mut self, cx: &mut Cx<'_>, node: Node) {
        for outcome in self.network.disconnect(cx, node) {
            if let Outcome::Lost(_, purpose) = outcome {
                self.on_lost(cx, node, purpose);
            }
        }
    }

    /// Nobody knows whether the leader has written it. Sent again it may be there twice, unless sequence numbers tell
    /// (idempotence).
    fn on_lost(&mut self, cx: &mut Cx<'_>, node: Node, purpose: ProducerRequest) {
        match purpose {
            ProducerRequest::ProducerId => self.retry_producer_id(cx),
            ProducerRequest::Produce(sent) => {
                for each in sent {
                    self.note_lost(cx, node, &each);
                    self.on_error(cx, &each, ErrorCode::NetworkException, None);
                }
            }
        }
    }

    /// From now on batches can be numbered, and go out.
    fn on_producer_id(&mut self, cx: &mut Cx<'_>, response: &InitProducerIdResponse) {
        if response.error.is_error() {
            self.last_error = Some(response.error);
            return self.retry_producer_id(cx);
        }
        self.identity_failures = 0;
        self.network.note(cx, OfProducer::ProducerId(response.producer_id.0, response.producer_epoch));
        self.idempotence = Idempotence::Known(Identity { id: response.producer_id, epoch: response.producer_epoch });
    }

    /// Without an id an idempotent producer sends nothing, so it never gives up asking.
    fn retry_producer_id(&mut self, cx: &mut Cx<'_>) {
        let wait = self.network.settings().retry_backoff.after(self.identity_failures, cx.rng);
        self.identity_failures = self.identity_failures.saturating_add(1);
        self.idempotence = Idempotence::Wanted;
        self.timers.set(ProducerTimer::ProducerId, cx.now + wait);
    }

    /// A request is no unit: each partition's batch has a result of its own.
    fn on_produced(&mut self, cx: &mut Cx<'_>, by: Refuser, sent: Vec<Sent>, response: &ProduceResponse) {
        let mut answers = InOrder::of(&response.partitions);
        for each in sent {
            let is_its = |answer: &ProducePartitionResponse| {
                (answer.topic, answer.partition) == (each.topic, each.partition.partition)
            };
            let Some(answer) = answers.find(is_its) else {
                self.on_error(cx, &each, ErrorCode::UnknownServerError, None);
                continue;
            };
            if let Some(hint) = answer.current_leader {
                self.network.hint(cx, (each.topic, each.partition.partition), hint, &response.node_endpoints);
            }
            match answer.error {
                ErrorCode::None => self.succeed(cx, &each, answer.base_offset),
                // The leader has it and no longer knows where.
                ErrorCode::DuplicateSequenceNumber => self.succeed(cx, &each, Offset::UNDEFINED),
                error => {
                    self.note_refused(cx, &each, error, answer.error_message.clone());
                    self.on_error(cx, &each, error, Some((by, answer)));
                }
            }
        }
        self.unblock(cx);
    }

    /// acks=0: written to the socket is as good as done, wherever it ends (`Sender.handleProduceResponse` without a
    /// body).
    pub(super) fn complete_unanswered(&mut self, cx: &mut Cx<'_>, sent: Vec<Sent>) {
        for each in sent {
            self.succeed(cx, &each, Offset::UNDEFINED);
        }
        self.unblock(cx);
    }

    /// The application hears of success, in the order in which answers come.
    fn succeed(&mut self, cx: &mut Cx<'_>, sent: &Sent, base: Offset) {
        let queue = self.queue_mut(&sent.partition).expect("queues stay once there are any");
        // It ran out of time while its answer was on its way, and has failed already.
        let Some(batch) = queue.take_in_flight(sent.batch) else { return };
        if let Some(last) = batch.last_sequence() {
            queue.last_acked = Some(queue.last_acked.map_or(last, |acked| acked.max(last)));
        }
        self.release(&batch);
        self.counts.acked += u64::from(batch.record_count());
        let acks_all = self.config.acks == config::Acks::All;
        let records = batch.trace(self.process);
        let own = u64::from(batch.record_count()) - batch.tickets.len() as u64;
        self.heard(cx, &records.indexes, (own, 0));
        cx.fact(|| KafkaFact::RecordsAcked { partition: sent.partition.clone(), records, base, acks_all });
        for (at, ticket) in batch.tickets {
            let offset = if base == Offset::UNDEFINED { base } else { base.plus(i64::from(at)) };
            let answer = OperatorAnswer::Sent { partition: sent.partition.partition, offset };
            cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer });
        }
        self.check_ready(cx, &sent.partition);
    }

    /// The batch's memory comes back: a `send` that waits for it may go on.
    fn release(&mut self, batch: &ProducerBatch) {
        self.buffered = self.buffered.saturating_sub(u64::from(batch.capacity));
    }

    /// Split, retried or failed, in this order of preference.
    fn on_error(&mut self, cx: &mut Cx<'_>, sent: &Sent, error: ErrorCode, answer: Answered<'_>) {
        self.last_error = Some(error);
        if error.invalidates_metadata() {
            self.network.request_update();
        }
        let queue = self.queue_mut(&sent.partition).expect("queues stay once there are any");
        // It ran out of time while its answer was on its way, and has failed already.
        let Some(batch) = queue.take_in_flight(sent.batch) else { return };
        // Out of time, it is not tried again, whatever the error: the application was promised an end.
        let expired = batch.has_expired(cx.now, self.config.delivery_timeout);
        if error == ErrorCode::MessageTooLarge && batch.record_count() > 1 && !expired {
            self.split(cx, &sent.partition, batch);
        } else if !expired
            && i64::from(batch.attempts) <= i64::from(self.config.retries)
            && self.may_retry(sent, &batch, error)
        {
            self.retry(cx, &sent.partition, batch);
        } else {
            let message =
                answer.and_then(|(_, answer)| answer.error_message.as_ref()).map_or(error.message(), |text| text);
            let by = answer.map_or(Refuser::Client, |(by, _)| by);
            let failure = Failure { by, error, message: message.to_string() };
            let out_of_tries = i64::from(batch.attempts) > i64::from(self.config.retries);
            // The sequence has a gap now. A batch that used up its tries may have been written.
            if batch.sequence.is_some() && (!out_of_tries || error == ErrorCode::OutOfOrderSequenceNumber) {
                self.bumps.insert(sent.partition.clone());
            }
            self.fail(cx, &sent.partition, batch, failure);
        }
        self.check_ready(cx, &sent.partition);
    }

    /// `Sender.handleProduceResponse`: how a lost connection is told of each of its batches.
    fn note_lost(&mut self, cx: &Cx<'_>, node: Node, sent: &Sent) {
        let error = self.network.loss().error;
        let why = if error == ErrorCode::RequestTimedOut { " due to timeout" } else { "" };
        let message = format!("Disconnected from node {}{why}", crate::log::number(node));
        self.note_refused(cx, sent, error, Some(message.into()));
    }

    /// `Sender.completeBatch`: what it says before anything is done about the error.
    fn note_refused(&mut self, cx: &Cx<'_>, sent: &Sent, error: ErrorCode, message: Option<Str>) {
        let queue = self.queue(&sent.partition).expect("queues stay once there are any");
        // It ran out of time while its answer was on its way, and has failed already.
        let Some(batch) = queue.in_flight.iter().find(|batch| batch.id == sent.batch) else { return };
        let (left, records) = (i64::from(self.config.retries) - i64::from(batch.attempts), batch.record_count());
        let expired = batch.has_expired(cx.now, self.config.delivery_timeout);
        let (correlation_id, partition) = (*sent.correlation_id, sent.partition.clone());
        let refusal = Box::new(Refusal { correlation_id, partition, left, error, message });
        if error == ErrorCode::MessageTooLarge && records > 1 && !expired {
            return self.network.note(cx, OfProducer::Split(Box::new(Refusal { left: left + 1, ..*refusal })));
        }
        let repaired = matches!(error, ErrorCode::OutOfOrderSequenceNumber | ErrorCode::UnknownProducerId);
        let again = error.is_retriable() || repaired && self.config.enable_idempotence;
        if again && !expired && left >= 0 {
            self.network.note(cx, OfProducer::Retried(refusal.clone()));
        }
        if error.invalidates_metadata() {
            self.network.note(cx, OfProducer::Stale(refusal));
        }
    }

    /// May the same batch be sent again? Sequence errors are repaired by an epoch bump.
    fn may_retry(&mut self, sent: &Sent, batch: &ProducerBatch, error: ErrorCode) -> bool {
        let Some((_, base)) = batch.sequence else { return error.is_retriable() };
        let queue = self.queue(&sent.partition).expect("the batch was taken out of it");
        match error {
            ErrorCode::OutOfOrderSequenceNumber => {
                let waits_its_turn = !queue.unresolved && (batch.sequence_reset || !queue.is_next(base));
                if !waits_its_turn {
                    self.bumps.insert(sent.partition.clone());
                }
                true
            }
            ErrorCode::UnknownProducerId => {
                if !batch.sequence_reset {
                    self.bumps.insert(sent.partition.clone());
                }
                true
            }
            error => error.is_retriable(),
        }
    }

    /// Back into the queue, by sequence: what was sent after it waits behind it.
    fn retry(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition, mut batch: ProducerBatch) {
        let wait = self.network.settings().retry_backoff.after(batch.attempts.saturating_sub(1), cx.rng);
        batch.not_before = cx.now + wait;
        self.waiting.insert(partition.clone());
        if let Some(queue) = self.queue_mut(partition) {
            queue.put_back(batch);
        }
    }

    /// The leader found the batch too large: two halves take its place, without costing a retry.
    /// Kafka splits at batch.size, which leaves an uncompressed batch as it was.
    fn split(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition, batch: ProducerBatch) {
        let ids = [self.next_batch, self.next_batch + 1];
        self.next_batch += 2;
        let Some([first, mut second]) = batch.split(ids) else {
            let message = ErrorCode::MessageTooLarge.message().to_string();
            let (by, error) = (Refuser::Client, ErrorCode::MessageTooLarge);
            return self.fail(cx, partition, batch, Failure { by, error, message });
        };
        self.release(&batch);
        self.buffered += u64::from(first.capacity) + u64::from(second.capacity);
        self.waiting.insert(partition.clone());
        let queue = self.queue_mut(partition).expect("the batch was taken out of it");
        let mut first = first;
        if let Some((identity, base)) = batch.sequence {
            let middle = records::increment_sequence(base, first.record_count() as i32);
            first.sequence = Some((identity, base));
            second.sequence = Some((identity, middle));
            queue.put_back(first);
            queue.put_back(second);
        } else {
            queue.waiting.push_front(second);
            queue.waiting.push_front(first);
        }
    }

    /// The application hears of failure. The records may be in the log all the same.
    fn fail(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition, batch: ProducerBatch, failure: Failure) {
        self.release(&batch);
        self.counts.failed += u64::from(batch.record_count());
        self.last_error = Some(failure.error);
        let records = batch.trace(self.process);
        let own = u64::from(batch.record_count()) - batch.tickets.len() as u64;
        self.heard(cx, &records.indexes, (0, own));
        let (by, error) = (failure.by, failure.error);
        cx.fact(|| KafkaFact::RecordsFailed { partition: partition.clone(), records, by, error });
        for (_, ticket) in batch.tickets {
            let answer = OperatorAnswer::Failed { by, error, message: failure.message.as_str().into() };
            cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer });
        }
    }

    /// Fails what is older than delivery.timeout.ms, waiting or in flight.
    pub(super) fn expire_batches(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition) {
        let timeout = self.config.delivery_timeout;
        let queue = self.queue_mut(partition).expect("timers are set for what has a queue");
        let mut expired = Vec::new();
        for (in_flight, batches) in [(true, &mut queue.in_flight), (false, &mut queue.waiting)] {
            let (old, young) =
                std::mem::take(batches).into_iter().partition(|batch| batch.has_expired(cx.now, timeout));
            *batches = young;
            let old: VecDeque<ProducerBatch> = old;
            expired.extend(old.into_iter().map(|batch| (in_flight, batch)));
        }
        // A batch that went out before may have been written: its numbers are in doubt.
        queue.unresolved |= expired.iter().any(|(_, batch)| batch.sequence.is_some() && batch.attempts > 0);
        let is_unresolved = queue.unresolved;
        let oldest = queue.in_flight.iter().chain(&queue.waiting).map(|batch| batch.created).min();
        *self.has_unresolved |= is_unresolved;
        if let Some(created) = oldest {
            self.timers.set(ProducerTimer::Delivery(partition.clone()), created + timeout);
        }
        for (_, batch) in expired {
            let waited = cx.now.since(batch.created).as_millis();
            let records = batch.record_count();
            let message = format!(
                "Expiring {records} record(s) for {partition}:{waited} ms has passed since batch creation. The request \
                 has not been sent, or no server response has been received yet."
            );
            let (by, error) = (Refuser::Client, ErrorCode::RequestTimedOut);
            self.fail(cx, partition, batch, Failure { by, error, message });
        }
        self.unblock(cx);
        self.check_ready(cx, partition);
    }
}
