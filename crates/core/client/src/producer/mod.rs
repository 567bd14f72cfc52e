//! The producer: an application that makes records, `KafkaProducer.send` with its partitioner and
//! accumulator, and the sender that turns batches into requests (semantics 3). Idempotent unless
//! configured otherwise; not transactional. Kafka: `KafkaProducer`, `RecordAccumulator`, `Sender`,
//! `TransactionManager`.

mod batch;
mod completion;
mod course;
mod data;
mod queue;
mod send;
mod sender;
#[cfg(test)]
mod tests;
mod verify;
mod workload;

pub use batch::{Given, Identity, OutgoingRecord, ProducerBatch};
pub use course::{Blocked, ClosedBatch, Course, Packed};
pub use queue::Queue;
pub use workload::Workload;

use crate::network::{Network, Outcome};
use crate::partitioner::{Chosen, Partitions, StickyPartitioner};
use crate::settings;
use base::{
    Aside, ErrorCode, FlatMap, FlatSet, PartitionId, ProcessId, Shared, Span, Str, Time, TimerKey, TimerTable, TopicId,
    TopicPartition,
};
use config::{ProducerApplication, ProducerConfig};
use port::{ClientSetup, Cx, Event, KafkaRequest, OperatorRequest, ProducerSetup};
use records::Compression;
use send::Call;
use std::collections::VecDeque;

/// What a producer waits for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProducerTimer {
    /// The application makes its next record.
    Workload,
    /// linger.ms or a retry's backoff is over.
    Sendable(TopicPartition),
    /// delivery.timeout.ms of the partition's oldest batch.
    Delivery(TopicPartition),
    /// max.block.ms of a blocked `send`.
    Block,
    /// InitProducerId may be sent again.
    ProducerId,
}

impl TimerKey for ProducerTimer {
    fn rank(&self) -> u64 {
        match self {
            ProducerTimer::Workload => 0,
            ProducerTimer::Sendable(_) => 1,
            ProducerTimer::Delivery(_) => 2,
            ProducerTimer::Block => 3,
            ProducerTimer::ProducerId => 4,
        }
    }
}

/// Where an idempotent producer's identity comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Idempotence {
    /// enable.idempotence=false
    Off,
    /// There is none, or the old one cannot be used any more.
    Wanted,
    /// InitProducerId is under way.
    Requested,
    /// What batches are numbered under.
    Known(Identity),
}

/// A batch in flight, so that its answer finds it.
#[derive(Clone, Debug, Hash)]
pub struct Sent {
    topic: TopicId,
    partition: TopicPartition,
    batch: u64,
    /// Of the request that it went with. For the log only.
    correlation_id: Aside<i32>,
}

/// Why a request was sent.
#[derive(Clone, Debug, Hash)]
pub enum ProducerRequest {
    /// For an id, which any broker gives.
    ProducerId,
    /// For these batches, one of each partition at most.
    Produce(Vec<Sent>),
}

/// One topic's queues.
#[derive(Clone, Debug, Hash)]
pub struct TopicQueues {
    sticky: StickyPartitioner,
    /// What a `partitioner.class` remembers.
    chosen: Chosen,
    queues: Vec<Shared<Queue>>,
}

/// Records by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProducerCounts {
    /// Taken by `send`.
    pub sent: u64,
    /// A leader has them, by its own word; with acks=0 they are only on their way.
    pub acked: u64,
    /// The application was told so. They may be written all the same.
    pub failed: u64,
    /// `send` itself failed: too large, no metadata, no memory.
    pub refused: u64,
}

/// `close` lets everything under way come to its end first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lifecycle {
    /// It takes records.
    Running,
    /// Flushing before the end.
    Closing,
    Closed,
}

/// See the module.
#[derive(Clone, Debug, Hash)]
pub struct Producer {
    process: ProcessId,
    config: Shared<ProducerConfig>,
    compression: Compression,
    network: Network<ProducerRequest>,
    timers: TimerTable<ProducerTimer>,
    workload: Workload,
    topics: FlatMap<Str, TopicQueues>,
    /// Partitions whose first batch can be sent as soon as its leader can take it.
    ready: FlatSet<TopicPartition>,
    /// Partitions with batches that wait, and some that had such. Follows from the queues.
    waiting: Aside<FlatSet<TopicPartition>>,
    /// Is there a queue that is unresolved, perhaps? Follows from them, too.
    has_unresolved: Aside<bool>,
    /// Where the next request to a node begins, so that no partition starves.
    rotation: u32,
    idempotence: Idempotence,
    identity_failures: u32,
    /// Partitions whose sequences restart under the next epoch.
    bumps: FlatSet<TopicPartition>,
    /// `send` calls that wait for metadata or memory, first come first.
    calls: VecDeque<Call>,
    /// Bytes of buffer.memory in use.
    buffered: u64,
    next_index: u64,
    next_batch: u64,
    counts: ProducerCounts,
    lifecycle: Lifecycle,
    last_error: Option<ErrorCode>,
    course: Aside<Course>,
}

impl Producer {
    /// Starts the producer: it connects, and sends at its pace.
    ///
    /// # Panics
    /// When the overrides do not resolve; whoever starts a process checks them before.
    pub fn boot(setup: ClientSetup, producer: ProducerSetup, cx: &mut Cx<'_>) -> Producer {
        let config = ProducerConfig::resolve(&settings::overrides(&setup, None)).expect("checked before start");
        let application = ProducerApplication::resolve(&setup.overrides).expect("checked before start");
        let compression = settings::compression(config.compression_type);
        let idempotence = if config.enable_idempotence { Idempotence::Wanted } else { Idempotence::Off };
        let mut this = Producer {
            process: setup.process,
            network: Network::new(cx, settings::producer(&setup, &config)),
            config: Shared::new(config),
            compression,
            timers: TimerTable::default(),
            workload: Workload::new(producer, setup.client_id, application),
            topics: FlatMap::new(),
            ready: FlatSet::new(),
            waiting: Aside::default(),
            has_unresolved: Aside::default(),
            rotation: 0,
            idempotence,
            identity_failures: 0,
            bumps: FlatSet::new(),
            calls: VecDeque::new(),
            buffered: 0,
            next_index: 0,
            next_batch: 0,
            counts: ProducerCounts::default(),
            lifecycle: Lifecycle::Running,
            last_error: None,
            course: Aside::default(),
        };
        let topic = this.workload.setup.topic.clone();
        this.network.add_topic(&topic);
        this.schedule_workload(cx.now);
        this.settle(cx);
        this
    }

    /// Records of an earlier life keep their numbers, so that nobody takes this one's for theirs.
    pub fn count_on_from(&mut self, former: &Producer) {
        self.next_index = self.next_index.max(former.next_index);
    }

    /// Something happened: what became of requests first, then whatever can be sent because of it.
    pub fn on_event(&mut self, cx: &mut Cx<'_>, event: Event) {
        if self.lifecycle == Lifecycle::Closed {
            return;
        }
        let outcomes = match event {
            Event::Connected(connection, owner) => self.network.on_connected(connection, owner),
            Event::Closed(connection, owner, reason) => self.network.on_closed(cx, connection, owner, reason),
            Event::Received(connection, owner, message) => self.network.on_received(cx, connection, owner, message),
            Event::DeadlineReached => self.on_deadline(cx),
            Event::Operator(request) => {
                self.on_operator(cx, request);
                Vec::new()
            }
            // A client listens nowhere, and only consumers' programs write into stores.
            Event::Accepted(..) | Event::Stored(_) => Vec::new(),
        };
        for outcome in outcomes {
            self.on_outcome(cx, outcome);
        }
        self.settle(cx);
    }

    /// When it wants to be called next.
    pub fn next_deadline(&self) -> Option<Time> {
        [self.timers.next_deadline(), self.network.next_deadline()].into_iter().flatten().min()
    }

    /// Time-outs of requests come first, so that a batch is retried before its own time is looked at.
    fn on_deadline(&mut self, cx: &mut Cx<'_>) -> Vec<Outcome<ProducerRequest>> {
        let outcomes = self.network.on_deadline(cx);
        while let Some(timer) = self.timers.pop_due(cx.now) {
            match timer {
                ProducerTimer::Workload => self.on_workload(cx),
                ProducerTimer::Sendable(partition) => self.check_ready(cx, &partition),
                ProducerTimer::Delivery(partition) => self.expire_batches(cx, &partition),
                ProducerTimer::Block => self.expire_calls(cx),
                // The sender looks after every event whether it needs an identity.
                ProducerTimer::ProducerId => {}
            }
        }
        outcomes
    }

    /// A record that somebody sends by hand, another pace, or the end.
    fn on_operator(&mut self, cx: &mut Cx<'_>, request: OperatorRequest) {
        match request {
            OperatorRequest::Kafka(KafkaRequest::Send { ticket, topic, partition, key, value, headers, timestamp }) => {
                let record = self.new_record(Some(ticket), Given { key, value, headers, timestamp });
                self.send(cx, topic, partition, record);
            }
            OperatorRequest::Kafka(KafkaRequest::SetInterval(interval)) => self.set_interval(cx, interval),
            OperatorRequest::Other(_) => {}
            OperatorRequest::ShutDown | OperatorRequest::Kafka(KafkaRequest::Leave) => self.begin_close(cx),
            OperatorRequest::Kafka(
                KafkaRequest::CreateTopic { ticket, .. }
                | KafkaRequest::DeleteTopic { ticket, .. }
                | KafkaRequest::CreatePartitions { ticket, .. }
                | KafkaRequest::AlterConfigs { ticket, .. }
                | KafkaRequest::ElectLeaders { ticket, .. }
                | KafkaRequest::ListTopics { ticket }
                | KafkaRequest::Read { ticket, .. }
                | KafkaRequest::Ask { ticket, .. }
                | KafkaRequest::Call { ticket, .. },
            ) => settings::not_for_this_process(cx, ticket),
        }
    }

    /// The pace of its application from now on; `None`: it sends nothing by itself.
    fn set_interval(&mut self, cx: &mut Cx<'_>, interval: Option<Span>) {
        self.workload.setup.interval = interval;
        self.timers.cancel(&ProducerTimer::Workload);
        self.schedule_workload(cx.now);
    }

    /// Every `send` of an application that ends by itself has returned, as Kafka's console producer comes to the end of its input.
    fn has_sent_all(&self) -> bool {
        let returned = self.counts.sent + self.counts.refused;
        self.calls.is_empty() && self.workload.application.most.is_some_and(|most| returned >= most)
    }

    /// No more sends. What is in batches is flushed without lingering.
    fn begin_close(&mut self, cx: &mut Cx<'_>) {
        self.lifecycle = Lifecycle::Closing;
        self.timers.cancel(&ProducerTimer::Workload);
        // "Producer closed while send in progress"
        while let Some(call) = self.calls.pop_front() {
            self.refuse(cx, &call, ErrorCode::UnknownServerError, "Producer closed while send in progress");
        }
        self.check_all(cx);
    }

    /// Does whatever has become possible, and ends when there is nothing left to flush.
    fn settle(&mut self, cx: &mut Cx<'_>) {
        self.network.poll(cx);
        if self.lifecycle == Lifecycle::Running && self.has_sent_all() {
            self.begin_close(cx);
        }
        self.drain(cx);
        // `close` waits for answers as well: a batch in flight may still have to be sent again.
        let idle = self.lifecycle == Lifecycle::Closing && self.queues().all(|(_, queue)| queue.is_empty());
        if idle {
            self.network.close(cx);
            self.timers.clear();
            self.lifecycle = Lifecycle::Closed;
            cx.exit();
        }
    }

    /// Connections and metadata, to be looked at.
    pub fn network(&self) -> &Network<ProducerRequest> {
        &self.network
    }
    /// What it was configured with.
    pub fn config(&self) -> &ProducerConfig {
        &self.config
    }
    /// What it waits for, to be looked at.
    pub fn timers(&self) -> &TimerTable<ProducerTimer> {
        &self.timers
    }
    /// What its application sends, and how often.
    pub fn workload(&self) -> &Workload {
        &self.workload
    }
    /// How it stands with its producer id.
    pub fn idempotence(&self) -> Idempotence {
        self.idempotence
    }
    /// What it has done so far, for whoever looks.
    pub fn course(&self) -> &Course {
        &self.course
    }
    /// The codec of its batches.
    pub fn compression(&self) -> Compression {
        self.compression
    }
    /// Since when the first blocked `send` has not returned.
    pub fn blocked_since(&self) -> Option<Time> {
        self.calls.front().map(|call| *call.since)
    }
    /// Records by how they ended.
    pub fn counts(&self) -> ProducerCounts {
        self.counts
    }
    /// Does it run, flush or rest?
    pub fn lifecycle(&self) -> Lifecycle {
        self.lifecycle
    }
    /// Does it take records, so that nothing has closed it yet?
    pub fn takes_records(&self) -> bool {
        self.lifecycle == Lifecycle::Running
    }
    /// The last error that a broker or a timeout gave.
    pub fn last_error(&self) -> Option<ErrorCode> {
        self.last_error
    }
    /// Bytes of buffer.memory in use.
    pub fn buffered(&self) -> u64 {
        self.buffered
    }
    /// `send` calls that are blocked.
    pub fn blocked_calls(&self) -> u32 {
        self.calls.len() as u32
    }
    /// Does a `send` wait for its topic's metadata?
    pub fn waits_for_metadata(&self) -> bool {
        self.calls.front().is_some_and(|call| self.network.metadata().topic(&call.topic).is_none())
    }
    /// The topic whose metadata the first blocked `send` waits for, or the one it waits for memory for.
    pub fn blocked_on(&self) -> Option<&Str> {
        self.calls.front().map(|call| &call.topic)
    }
    /// The partition that records without a key go to now; `None` before one was drawn.
    pub fn chosen_partition(&self, topic: &str) -> Option<PartitionId> {
        self.topics.get(topic)?.sticky.chosen()
    }
    /// Where its `partitioner.class` sends the next record that it chooses for, if that is settled.
    pub fn coming_partition(&self, topic: &str) -> Option<PartitionId> {
        let queues = self.topics.get(topic)?;
        let available = self.network.metadata().available(topic);
        let count = queues.queues.len() as u32;
        queues.chosen.coming(&Partitions { count, available: &available, load: None })
    }
    /// Is the partition's next batch held back because no leader is known?
    pub fn waits_for_leader(&self, partition: &TopicPartition) -> bool {
        self.ready.contains(partition) && self.network.leader(&partition.topic, partition.partition).is_none()
    }
    /// Every partition that a record was ever sent to.
    pub fn queues(&self) -> impl Iterator<Item = (TopicPartition, &Queue)> {
        self.topics.iter().flat_map(|(topic, queues)| {
            let numbered = queues.queues.iter().enumerate();
            numbered.map(|(at, queue)| (TopicPartition::new(topic.clone(), at as PartitionId), &**queue))
        })
    }
    /// The partitions whose queues are such; the others are not even named.
    fn queues_where(&self, wanted: impl Fn(&Queue) -> bool + Copy) -> impl Iterator<Item = TopicPartition> {
        self.topics.iter().flat_map(move |(topic, queues)| {
            let found = queues.queues.iter().enumerate().filter(move |(_, queue)| wanted(queue));
            found.map(|(at, _)| TopicPartition::new(topic.clone(), at as PartitionId))
        })
    }
    /// One partition's batches; `None`: nothing was ever sent there.
    pub fn queue(&self, partition: &TopicPartition) -> Option<&Queue> {
        let queues = &self.topics.get(&partition.topic)?.queues;
        queues.get(usize::try_from(partition.partition).ok()?).map(|queue| &**queue)
    }

    /// The same, to be changed.
    fn queue_mut(&mut self, partition: &TopicPartition) -> Option<&mut Queue> {
        let queues = &mut self.topics.get_mut(&partition.topic)?.queues;
        queues.get_mut(usize::try_from(partition.partition).ok()?).map(|queue| &mut **queue)
    }
}
