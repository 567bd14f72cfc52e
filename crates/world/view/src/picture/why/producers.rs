//! What a producer waits for (semantics 3): `send` for metadata or memory, a batch for company, for a leader, for its
//! next try, or for an answer.

use base::{BrokerId, ErrorCode, ProcessId, Span, Time, TopicIdPartition, TopicPartition};
use broker::{DelayedPart, DelayedProduce, Partition};
use client::Producer;
use client::network::{Line, Node};
use client::producer::{Idempotence, ProducerBatch, ProducerTimer, Queue};
use port::ReplyTo;
use sim::{Liveness, Slot};

use super::answered;
use super::cluster;
use super::inquiry::Inquiry;
use crate::why::{Clause, OfConsumer, OfProducer, OfReplica, Question, Step, Why};

/// An answer that takes no longer is nothing to ask about.
const PATIENCE: Span = Span::from_millis(20);

/// A producer with its place.
#[derive(Clone, Copy)]
struct Asked<'a> {
    slot: &'a Slot,
    producer: &'a Producer,
}

impl<'a> Inquiry<'a> {
    /// Who does not run is asked for that alone.
    pub(super) fn of_producer(&self, slot: &Slot) -> Vec<Why> {
        let waits = |steps| answered(Question::Waits(slot.name.clone()), steps);
        if slot.liveness != Liveness::Running {
            return self.silence(slot.id, None, self.now()).map(|step| waits(vec![step])).into_iter().collect();
        }
        // It was never started.
        let Some(producer) = slot.process.as_ref().and_then(process::Process::producer) else { return Vec::new() };
        let mut whys: Vec<Why> = Vec::new();
        let steps = self.waiting(Asked { slot, producer });
        if !steps.is_empty() {
            whys.push(waits(steps));
        }
        whys.extend(self.send_failed(slot));
        whys
    }

    /// From the application inwards: a `send` that does not return, then the batch that has waited longest.
    fn waiting(&self, asked: Asked<'_>) -> Vec<Step> {
        let producer = asked.producer;
        if let Some(topic) = producer.blocked_on() {
            let until = producer.timers().deadline(&ProducerTimer::Block).unwrap_or(self.now());
            if producer.waits_for_metadata() {
                let mut steps = self.unreachable(asked);
                if !self.cluster.topics().any(|known| known == topic) {
                    steps.push(self.now_so(OfConsumer::NoSuchTopic { topic: topic.clone() }));
                }
                steps.push(self.now_so(OfProducer::NoMetadata { topic: topic.clone(), until }));
                return steps;
            }
            let of = producer.config().buffer_memory.max(0) as u64;
            let mut steps = self.oldest(asked);
            steps.push(self.now_so(OfProducer::BufferFull { used: producer.buffered(), of }));
            return steps;
        }
        self.oldest(asked)
    }

    /// What the partition waits for whose first batch is the oldest.
    fn oldest(&self, asked: Asked<'_>) -> Vec<Step> {
        let first = |queue: &Queue| queue.in_flight().chain(queue.waiting()).map(|batch| batch.created).min();
        let queues = asked.producer.queues().filter_map(|(partition, queue)| Some((first(queue)?, partition, queue)));
        // Nothing waits.
        let Some((_, partition, queue)) = queues.min_by_key(|(created, ..)| *created) else { return Vec::new() };
        let no_id = matches!(asked.producer.idempotence(), Idempotence::Wanted | Idempotence::Requested);
        let due = asked.producer.timers().deadline(&ProducerTimer::Sendable(partition.clone()));
        if no_id && due.is_none() {
            let mut steps = self.unreachable(asked);
            steps.push(self.now_so(OfProducer::NoProducerId));
            return steps;
        }
        match (queue.in_flight().next(), queue.waiting().next()) {
            (Some(batch), _) => self.in_flight(asked, &partition, batch),
            (None, Some(batch)) => self.held_back(asked, &partition, batch),
            (None, None) => Vec::new(),
        }
    }

    /// None of the brokers that it knows is connected.
    fn unreachable(&self, asked: Asked<'_>) -> Vec<Step> {
        if asked.producer.network().lines().any(|(_, peer)| Line::is_connected(peer)) {
            return Vec::new();
        }
        let silent = |(_, slot): (BrokerId, &Slot)| self.silence(slot.id, Some(asked.slot.id), self.now());
        let all: Vec<Option<Step>> = self.cluster.brokers().map(silent).collect();
        // Who fell last made it complete.
        let last = all.iter().all(Option::is_some).then(|| all.into_iter().flatten().max_by_key(|step| step.at));
        let mut steps: Vec<Step> = last.flatten().into_iter().collect();
        steps.push(self.now_so(OfProducer::NobodyReachable));
        steps
    }

    /// Told only when it takes long: an answer under way is no trouble.
    fn in_flight(&self, asked: Asked<'_>, partition: &TopicPartition, batch: &ProducerBatch) -> Vec<Step> {
        let network = asked.producer.network();
        let believed = network.metadata().leader(&partition.topic, partition.partition);
        let Some((leader, _)) = believed else { return self.no_leader(asked, partition) };
        let peer = network.lines().find(|(node, _)| *node == Node::Broker(leader));
        let first = peer.and_then(|(_, peer)| peer.in_flight.front());
        let until = first.map(|request| request.deadline);
        let mut steps = self.why_unanswered(asked, partition, leader);
        if steps.is_empty() && first.is_none_or(|first| self.now().since(first.sent_at) < PATIENCE) {
            return steps;
        }
        let (records, partition) = (u64::from(batch.record_count()), partition.clone());
        let sent = self.now_so(OfProducer::SentUnanswered { partition, leader, records, until });
        steps.push(Step { at: first.map_or(self.now(), |first| first.sent_at), ..sent });
        steps
    }

    /// The leader is silent, or waits itself, or leads no more.
    fn why_unanswered(&self, asked: Asked<'_>, partition: &TopicPartition, leader: BrokerId) -> Vec<Step> {
        // The producer believes in a broker that this world does not have.
        let Some(place) = self.cluster.place(leader) else { return Vec::new() };
        if let Some(silence) = self.silence(place, Some(asked.slot.id), self.now()) {
            let mut steps = vec![silence];
            steps.extend(self.stale(asked, partition, leader));
            steps.extend(self.without_leader(partition));
            return steps;
        }
        let known = self.known(partition);
        let led = known.and_then(|known| known.leader).filter(|(at, _)| *at == place);
        let Some((_, replica)) = led else { return self.stale(asked, partition, leader).into_iter().collect() };
        match self.is_parked(asked.slot.id, place, replica) {
            true => self.isr_waits(place, replica, leader),
            false => self.slow(asked.slot.id, place).into_iter().collect(),
        }
    }

    /// Does the leader keep an answer of acks=all back from the producer, for the sake of this partition?
    fn is_parked(&self, producer: ProcessId, place: ProcessId, replica: &Partition) -> bool {
        // Who is no broker keeps no answer back.
        let Some(leader) = self.world.slot(place).and_then(cluster::broker) else { return false };
        let of_producer = |reply: &ReplyTo| {
            let mut connections = self.world.network().connections().map(|(_, connection)| connection);
            connections.any(|known| {
                let is_end = known.ends.iter().any(|end| (end.process, end.number) == (place, reply.connection));
                is_end && known.joins(producer, place)
            })
        };
        let concerns = |part: &DelayedPart| {
            let (topic, partition) = (part.response.topic, part.response.partition);
            part.required.is_some() && replica.id() == TopicIdPartition { topic, partition }
        };
        let parked =
            |(_, delayed): (_, &DelayedProduce)| of_producer(&delayed.reply) && delayed.parts.iter().any(concerns);
        leader.produces().produces().any(parked)
    }

    /// Whom of its ISR the leader waits for before it answers: one that is silent, or one that is far.
    fn isr_waits(&self, place: ProcessId, replica: &Partition, leader: BrokerId) -> Vec<Step> {
        let mut steps = self.ack_waits(place, replica);
        let silent = match steps.pop().map(|step| step.clause) {
            Some(Clause::Replica(OfReplica::MarkWaitsFor { broker })) => Some(broker),
            Some(_) | None => None,
        };
        let isr = replica.leader().map(|books| books.isr()).unwrap_or_default();
        let far = isr.iter().filter_map(|member| self.slow(self.cluster.place(*member)?, place));
        steps.extend(far.take(usize::from(silent.is_none())));
        let explained = !steps.is_empty();
        steps.extend(explained.then(|| self.now_so(OfProducer::AcksAllWaits { leader, silent })));
        steps
    }

    /// It believes in another leader than there is.
    fn stale(&self, asked: Asked<'_>, partition: &TopicPartition, believed: BrokerId) -> Option<Step> {
        let leader = self.known(partition)?.registration.leader.filter(|leader| *leader != believed)?;
        let told = asked.producer.network().refresh().last_success();
        Some(self.now_so(OfProducer::StaleLeader { believed, leader, told }))
    }

    /// The producer knows of none, rightly or because its metadata is old.
    fn no_leader(&self, asked: Asked<'_>, partition: &TopicPartition) -> Vec<Step> {
        let mut steps = self.unreachable(asked);
        steps.extend(self.without_leader(partition));
        steps.push(self.now_so(OfProducer::NoLeaderKnown { partition: partition.clone() }));
        steps
    }

    /// How the partition lost its leader, if it has none.
    pub(super) fn without_leader(&self, partition: &TopicPartition) -> Vec<Step> {
        match self.known(partition) {
            Some(known) if known.registration.leader.is_none() => self.lost_leader(&known),
            Some(_) | None => Vec::new(),
        }
    }

    /// Why a batch has not been sent, or not again.
    fn held_back(&self, asked: Asked<'_>, partition: &TopicPartition, batch: &ProducerBatch) -> Vec<Step> {
        let producer = asked.producer;
        let believed = producer.network().metadata().leader(&partition.topic, partition.partition);
        let Some((leader, _)) = believed else { return self.no_leader(asked, partition) };
        let mut steps = self.why_unsent(asked, partition, leader);
        if batch.attempts > 0 && batch.not_before > self.now() {
            let (error, attempts, until) = (producer.last_error(), batch.attempts, batch.not_before);
            steps.extend(self.too_few(partition, error));
            steps.push(self.now_so(OfProducer::Retries { error, attempts, until }));
        } else if batch.attempts == 0 && steps.is_empty() {
            let linger = producer.config().linger;
            let due = producer.timers().deadline(&ProducerTimer::Sendable(partition.clone()));
            steps.extend(due.map(|until| self.now_so(OfProducer::Lingers { until, linger })));
        }
        steps
    }

    /// A batch may be ready and its leader not.
    fn why_unsent(&self, asked: Asked<'_>, partition: &TopicPartition, leader: BrokerId) -> Vec<Step> {
        let place = self.cluster.place(leader);
        let mut steps: Vec<Step> =
            place.and_then(|place| self.silence(place, Some(asked.slot.id), self.now())).into_iter().collect();
        steps.extend(self.stale(asked, partition, leader));
        steps.extend(self.without_leader(partition));
        steps
    }

    /// The ISR is smaller than it must be, where that was the answer.
    pub(super) fn too_few(&self, partition: &TopicPartition, error: Option<ErrorCode>) -> Vec<Step> {
        if !matches!(error, Some(ErrorCode::NotEnoughReplicas | ErrorCode::NotEnoughReplicasAfterAppend)) {
            return Vec::new();
        }
        // Deleted meanwhile.
        let Some(known) = self.known(partition) else { return Vec::new() };
        let min = self.min_isr(&partition.topic, known.registration.replicas.len());
        let mut steps: Vec<Step> = self.last_exit(&known).into_iter().collect();
        if (known.registration.isr.len() as u32) < min {
            let isr = known.registration.isr.clone();
            steps.push(self.now_so(OfProducer::IsrTooSmall { isr, min }));
        }
        steps
    }
}

/// The instant from which a process has its present life.
pub(super) fn life_of(inquiry: &Inquiry<'_>, slot: &Slot) -> Time {
    let started = inquiry.latest(inquiry.now(), &|told| {
        told.process == slot.id && matches!(told.fact, port::Fact::World(port::WorldFact::ProcessStarted))
    });
    started.map_or(Time::ZERO, |told| told.at)
}
