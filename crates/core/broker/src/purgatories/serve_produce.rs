//! Produce requests: to the leader's log, and back when the acks that were asked for are there.
//!
//! Kafka: `KafkaApis.handleProduceRequest`, `ReplicaManager.appendRecords`; semantics §4.

use super::{Purgatories, Serving};
use crate::hints::{endpoints_of, leader_hint, missing_partition};
use crate::purgatory::{DelayedPart, DelayedProduce};
use crate::replicas::Entry;
use crate::timer::Timer;
use crate::wires::Wires;
use api::{Acks, ApiKey, ProducePartition, ProducePartitionResponse, ProduceRequest, ProduceResponse, Response};
use base::{BrokerId, ConnectionId, ErrorCode, Offset, Str, TopicIdPartition};
use log::{AppendInfo, AppendOrigin};
use metadata::Image;
use port::{Cx, KafkaFact, Listeners, ReplyTo};

impl Purgatories {
    /// Appends what a producer sent, and answers or waits for the high watermark.
    pub(crate) fn on_produce(
        &mut self,
        cx: &mut Cx<'_>,
        serving: &mut Serving<'_>,
        reply: ReplyTo,
        request: &ProduceRequest,
    ) {
        let part = |part| self.produce_part(cx, serving, part, request.acks);
        let parts: Vec<DelayedPart> = request.partitions.iter().map(part).collect();
        if request.acks == Acks::NONE {
            // Nobody waits for an answer: a closed connection is the only sign of an error.
            if parts.iter().any(|part| part.response.error.is_error()) {
                cx.refuse(reply);
            }
            return;
        }
        let delayed = DelayedProduce { reply, parts };
        if !delayed.waits() {
            return finish_produce(cx, (serving.image, &serving.wires.listeners), delayed);
        }
        let number = self.produces.park(delayed);
        serving.wires.timers.set(Timer::Produce(number), cx.now + request.timeout);
    }

    fn produce_part(
        &self,
        cx: &mut Cx<'_>,
        serving: &mut Serving<'_>,
        part: &ProducePartition,
        acks: Acks,
    ) -> DelayedPart {
        let at = TopicIdPartition { topic: part.topic, partition: part.partition };
        let entry = Entry { batch: &part.batch, origin: AppendOrigin::Client, acks };
        let appended = check_producible(serving.image, at, acks).and_then(|()| self.append(cx, serving, at, &entry));
        match appended {
            Ok(info) => {
                let partition = serving.replicas.get(at).expect("it was appended to just now");
                DelayedPart::of_append(partition, &info, acks)
            }
            Err(error) => serving.refused_part(cx, at, error),
        }
    }

    /// Appends to a partition that this broker leads.
    ///
    /// # Errors
    /// As [`crate::partition::Partition::append_as_leader`], and those of a partition that is not here.
    pub(crate) fn append(
        &self,
        cx: &mut Cx<'_>,
        serving: &mut Serving<'_>,
        at: TopicIdPartition,
        entry: &Entry<'_>,
    ) -> Result<AppendInfo, ErrorCode> {
        let appended = serving.replicas.append(cx, at, entry, self.idle_followers(at));
        appended.unwrap_or_else(|| Err(missing_partition(serving.image, at)))
    }

    /// A partition's HW, ISR or leader changed: which appends are settled?
    pub(crate) fn complete_produces(&mut self, cx: &mut Cx<'_>, serving: &mut Serving<'_>, at: TopicIdPartition) {
        for number in self.produces.waiting_for(at) {
            let partition = serving.replicas.get(at);
            let done = self.produces.settle(number, at, |required| match partition {
                Some(partition) => partition.acks_all_outcome(required),
                None => Some(ErrorCode::UnknownTopicOrPartition),
            });
            if let Some(delayed) = done {
                serving.wires.timers.cancel(&Timer::Produce(number));
                finish_produce(cx, (serving.image, &serving.wires.listeners), delayed);
            }
        }
    }

    /// The time of a produce is up.
    pub(crate) fn produce_timed_out(&mut self, cx: &mut Cx<'_>, seen: (&Image, &Listeners), number: u64) {
        if let Some(delayed) = self.produces.time_out(number) {
            finish_produce(cx, seen, delayed);
        }
    }

    /// The client of these is gone: their records stay, nobody is told.
    pub(super) fn forget_produces_of(&mut self, wires: &mut Wires, connection: ConnectionId) {
        let gone: Vec<u64> = self
            .produces
            .produces()
            .filter(|(_, delayed)| delayed.reply.connection == connection)
            .map(|(number, _)| number)
            .collect();
        for number in gone {
            self.produces.remove(number);
            wires.timers.cancel(&Timer::Produce(number));
        }
    }
}

/// Internal topics are their coordinators' (`ReplicaManager.appendRecords`, internalTopicsAllowed).
fn check_producible(image: &Image, at: TopicIdPartition, acks: Acks) -> Result<(), ErrorCode> {
    if ![Acks::NONE, Acks::LEADER, Acks::ALL].contains(&acks) {
        return Err(ErrorCode::InvalidRequiredAcks);
    }
    let name = image.topic_name(at.topic).ok_or(ErrorCode::UnknownTopicId)?;
    if metadata::topic_name::is_internal(name) { Err(ErrorCode::InvalidTopicException) } else { Ok(()) }
}

impl Serving<'_> {
    /// An error and, where this broker does not lead, who does (KIP-951).
    fn refused_part(&self, cx: &mut Cx<'_>, at: TopicIdPartition, error: ErrorCode) -> DelayedPart {
        cx.fact(|| KafkaFact::Refused {
            api: ApiKey::Produce,
            error,
            message: self.refusal_message(at, error).unwrap_or_else(|| error.message().into()),
        });
        let response = ProducePartitionResponse {
            topic: at.topic,
            partition: at.partition,
            error,
            error_message: None,
            base_offset: Offset::UNDEFINED,
            log_append_time: None,
            log_start_offset: Offset::UNDEFINED,
            current_leader: leader_hint(self.image, at, error),
        };
        DelayedPart { response, required: None }
    }

    /// What a broker writes into its own log, where that says more than the error. The client is not
    /// told (`LogAppendResult.hasCustomErrorMessage`).
    fn refusal_message(&self, at: TopicIdPartition, error: ErrorCode) -> Option<Str> {
        let leader = self.replicas.get(at)?.leader()?;
        if error != ErrorCode::NotEnoughReplicas {
            return None;
        }
        let (isr, min) = (leader.isr().len(), leader.effective_min_isr());
        let name = self.image.named(at)?;
        let ids = leader.isr().iter().map(BrokerId::to_string).collect::<Vec<_>>().join(", ");
        let sentence = format!(
            "The size of the current ISR : {isr} is insufficient to satisfy the min.isr requirement of {min} for \
             partition {name}, live replica(s) broker.id are : Set({ids})"
        );
        Some(sentence.into())
    }
}

fn finish_produce(cx: &mut Cx<'_>, (image, listeners): (&Image, &Listeners), mut delayed: DelayedProduce) {
    for part in &mut delayed.parts {
        let at = part_id(&part.response);
        let response = &mut part.response;
        if response.error.is_error() && response.current_leader.is_none() {
            response.current_leader = leader_hint(image, at, response.error);
        }
    }
    let partitions: Vec<_> = delayed.parts.into_iter().map(|part| part.response).collect();
    let listener = listeners.name(delayed.reply.listener);
    let node_endpoints = endpoints_of((image, listener), partitions.iter().map(|part| part.current_leader));
    cx.respond(delayed.reply, Response::Produce(ProduceResponse { partitions, node_endpoints }));
}

fn part_id(response: &ProducePartitionResponse) -> TopicIdPartition {
    TopicIdPartition { topic: response.topic, partition: response.partition }
}
