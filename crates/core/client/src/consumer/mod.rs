//! The consumer: an application that polls and works, and `KafkaConsumer` with the classic group
//! protocol and an eager assignor under it (semantics 12, 15, 16). Joins, revocations, commits and
//! deliveries happen inside `poll`; heartbeats do not wait for it. Kafka: `ClassicKafkaConsumer`,
//! `ConsumerCoordinator`, `AbstractCoordinator`, `Fetcher`.

mod assigned;
mod calls;
mod death;
mod ending;
mod fetch;
mod group;
mod join;
mod notes;
mod offsets;
mod positions;
mod program;
mod session;
mod state;
mod storing;
#[cfg(test)]
mod tests;
mod verify;
mod working;

use assigned::{Assigned, Place};
use death::Remains;
pub use death::{Death, Left};
pub use program::{Bounds, Commits, Ended, From, Mode, PROGRAM_SETTINGS, Policy, Program, SinkPolicy};
pub use session::FetchSession;
pub use state::{
    Application, CloseStep, DeliveredRecord, FetchPosition, GroupPhase, Membership, PartitionState, Position,
};

use crate::assignor::Assignor;
use crate::log::CoordinatorLoss;
use crate::network::{Network, Node, Outcome};
use crate::settings;
use api::{ApiKey, Request};
use base::{Aside, ErrorCode, FlatMap, FlatSet, Offset, Shared, Str, Time, TimerKey, TimerTable, TopicPartition};
use config::ConsumerConfig;
use port::{ClientSetup, ConsumerSetup, Cx, Event, KafkaFact, KafkaRequest, OperatorRequest};
use std::collections::VecDeque;

/// What a consumer waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConsumerTimer {
    /// The application has worked off its records and polls again.
    Poll,
    /// heartbeat.interval.ms
    Heartbeat,
    /// session.timeout.ms without an answer to a heartbeat.
    Session,
    /// max.poll.interval.ms since the last poll.
    PollInterval,
    /// auto.commit.interval.ms
    AutoCommit,
    /// A backoff towards the coordinator is over.
    GroupRetry,
    /// A backoff of some partition's position or fetch is over.
    PartitionRetry,
    /// `close` gives up.
    Close,
    /// `commitSync` is tried again, or its time is over.
    CommitRetry,
    /// The program has waited for records for too long.
    Patience,
    /// A row that its store did not take is written again.
    WriteRetry,
}

impl TimerKey for ConsumerTimer {
    fn rank(&self) -> u64 {
        *self as u64
    }
}

/// When a commit was made, which decides what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommitKind {
    /// enable.auto.commit, from inside `poll`.
    Auto,
    /// What was read must be committed before somebody else reads on there.
    BeforeJoin,
    /// The last word before the member leaves.
    Closing,
    /// The program's `commitSync`.
    Sync,
    /// The program's `commitAsync`.
    Async,
}

/// Why a request was sent. Numbers tell answers of a generation or an assignment that is over.
#[derive(Clone, Debug, Hash)]
pub enum ConsumerRequest {
    /// Who coordinates the group?
    FindCoordinator,
    /// Answered when everybody has joined.
    Join,
    /// Answered when the leader's plan is there.
    Sync,
    /// Answered at once.
    Heartbeat { generation: i32 },
    /// Nothing hangs on the answer.
    Leave,
    /// Offsets as they were sent: the answer names partitions only.
    Commit { kind: CommitKind, generation: i32, offsets: Vec<(TopicPartition, Offset)> },
    /// Where the group stands.
    Committed { assignment: u64 },
    /// Where a log begins or ends.
    ListOffsets { assignment: u64, partitions: Vec<TopicPartition> },
    /// Whether what was read is still there.
    Validate { assignment: u64, partitions: Vec<TopicPartition> },
    /// Records. With the partitions' places in the assignment, which follow from their names.
    Fetch { assignment: u64, partitions: Vec<TopicPartition>, places: Aside<Vec<Place>> },
}

/// Why the consumer died: the exception that `poll` threw.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure {
    /// The request that brought it.
    pub api: ApiKey,
    /// Kafka's code, where there is one for it.
    pub error: ErrorCode,
    /// What people search for: the code's name, or the exception's where no code stands for it.
    pub name: Str,
    pub message: Str,
}

/// How many delivered records are kept to look at.
const KEPT_RECORDS: usize = 8;

/// See the module.
#[derive(Clone, Debug, Hash)]
pub struct Consumer {
    setup: Shared<ConsumerSetup>,
    config: Shared<ConsumerConfig>,
    network: Network<ConsumerRequest>,
    timers: TimerTable<ConsumerTimer>,
    group: Membership,
    /// Counts assignments, so that late answers are recognised.
    assignment_number: u64,
    partitions: Assigned,
    /// Nodes with a fetch in flight: one each.
    fetching: FlatSet<Node>,
    sessions: FlatMap<Node, FetchSession>,
    rotation: u32,
    application: Application,
    /// `close` was called while the application worked.
    close_wanted: bool,
    last_poll: Time,
    commit_in_flight: bool,
    delivered: u64,
    recent: VecDeque<DeliveredRecord>,
    failure: Option<Failure>,
    program: Program,
    remains: Remains,
}

impl Consumer {
    /// Starts the consumer: it subscribes and polls.
    ///
    /// # Panics
    /// When the overrides do not resolve; whoever starts a process checks them before.
    pub fn boot(setup: ClientSetup, consumer: ConsumerSetup, cx: &mut Cx<'_>) -> Consumer {
        let overrides = settings::overrides(&setup, Some(&consumer.group));
        let config = ConsumerConfig::resolve(&overrides).expect("checked before start");
        let policy = Policy::read(&overrides).expect("checked before start");
        let mut network = Network::new(cx, settings::consumer(&setup, &config));
        consumer.topics.iter().for_each(|topic| network.add_topic(topic));
        let mut this = Consumer {
            setup: Shared::new(consumer),
            config: Shared::new(config),
            network,
            timers: TimerTable::default(),
            group: Membership::new(),
            assignment_number: 0,
            partitions: Assigned::default(),
            fetching: FlatSet::new(),
            sessions: FlatMap::new(),
            rotation: 0,
            application: Application::Polling,
            close_wanted: false,
            last_poll: cx.now,
            commit_in_flight: false,
            delivered: 0,
            recent: VecDeque::new(),
            failure: None,
            program: Program::new(policy),
            remains: Remains::default(),
        };
        assert!(!this.assignors().is_empty(), "settings::check_consumer has seen that there is one");
        this.assign_itself(cx);
        this.begin_program(cx);
        this.settle(cx);
        this
    }

    /// Something happened. What can be done about it is done at once: an application that waits in `poll` has no pace
    /// of its own.
    pub fn on_event(&mut self, cx: &mut Cx<'_>, event: Event) {
        if self.application == Application::Closed {
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
            Event::Stored(stored) => {
                self.on_stored(cx, stored);
                Vec::new()
            }
            // A client listens nowhere.
            Event::Accepted(..) => Vec::new(),
        };
        for outcome in outcomes {
            self.on_outcome(cx, outcome);
        }
        self.settle(cx);
    }

    /// When it wants to be called next.
    pub fn next_deadline(&self) -> Option<Time> {
        if self.application == Application::Closed {
            return None;
        }
        [self.timers.next_deadline(), self.network.next_deadline()].into_iter().flatten().min()
    }

    /// Late timers of a busy consumer fire together, in the order in which they were due.
    fn on_deadline(&mut self, cx: &mut Cx<'_>) -> Vec<Outcome<ConsumerRequest>> {
        let mut outcomes = self.network.on_deadline(cx);
        while let Some(timer) = self.timers.pop_due(cx.now) {
            match timer {
                ConsumerTimer::Poll => self.on_worked(cx),
                ConsumerTimer::Heartbeat => self.group.heartbeat_due = true,
                ConsumerTimer::Session => {
                    self.note_coordinator_lost(cx, CoordinatorLoss::Silent);
                    outcomes.extend(self.lose_coordinator(cx));
                }
                ConsumerTimer::PollInterval => self.poll_took_too_long(cx),
                // Looked at after every event.
                ConsumerTimer::AutoCommit | ConsumerTimer::GroupRetry | ConsumerTimer::PartitionRetry => {}
                ConsumerTimer::CommitRetry => {}
                ConsumerTimer::Patience => self.has_waited(),
                ConsumerTimer::WriteRetry => self.write_again(cx),
                ConsumerTimer::Close => self.finish(cx),
            }
        }
        outcomes
    }

    /// The application ends at its next poll: records that it has are worked off first.
    fn on_operator(&mut self, cx: &mut Cx<'_>, request: OperatorRequest) {
        match request {
            OperatorRequest::ShutDown => self.close_wanted = true,
            OperatorRequest::Kafka(KafkaRequest::Leave) => {
                self.close_wanted = true;
                self.group.gives_up_place = true;
            }
            OperatorRequest::Kafka(KafkaRequest::Call { ticket, call }) => self.on_call(cx, ticket, *call),
            OperatorRequest::Kafka(KafkaRequest::SetInterval(_)) | OperatorRequest::Other(_) => {}
            OperatorRequest::Kafka(
                KafkaRequest::Send { ticket, .. }
                | KafkaRequest::CreateTopic { ticket, .. }
                | KafkaRequest::DeleteTopic { ticket, .. }
                | KafkaRequest::CreatePartitions { ticket, .. }
                | KafkaRequest::AlterConfigs { ticket, .. }
                | KafkaRequest::ElectLeaders { ticket, .. }
                | KafkaRequest::ListTopics { ticket }
                | KafkaRequest::Read { ticket, .. }
                | KafkaRequest::Ask { ticket, .. },
            ) => settings::not_for_this_process(cx, ticket),
        }
    }

    /// The work on one record is done, or on all of a poll where nobody looks at them one by one.
    fn on_worked(&mut self, cx: &mut Cx<'_>) {
        if self.program.work.is_empty() { self.polls_again(cx) } else { self.one_is_done(cx) }
    }

    /// Does whatever has become possible.
    fn settle(&mut self, cx: &mut Cx<'_>) {
        if self.application == Application::Closed {
            return;
        }
        self.network.poll(cx);
        self.find_coordinator(cx);
        self.send_heartbeat(cx);
        self.run_program(cx);
        self.make_calls(cx);
        if self.application == Application::Polling && !self.close_wanted {
            self.poll(cx);
        }
        // Also where that poll has brought all that the program wants.
        if self.close_wanted && self.application == Application::Polling {
            self.application = Application::Closing(CloseStep::Begin);
            self.timers.set(ConsumerTimer::Close, cx.now + CLOSE_TIMEOUT);
        }
        if let Application::Closing(step) = self.application {
            self.close(cx, step);
        }
    }

    /// One round inside `poll`.
    fn poll(&mut self, cx: &mut Cx<'_>) {
        self.check_plan();
        if self.group.rejoin || self.group.phase != GroupPhase::Stable {
            self.join(cx);
        }
        if self.group.phase != GroupPhase::Stable || self.group.rejoin || self.application != Application::Polling {
            return;
        }
        // In Kafka's order: what was consumed is committed before new positions are asked for or records handed out.
        self.auto_commit(cx);
        self.ask_positions(cx);
        self.deliver(cx);
        self.send_fetches(cx);
    }

    /// Within request.timeout.ms; what takes longer says so itself.
    fn send(&mut self, cx: &mut Cx<'_>, node: Node, request: Request, purpose: ConsumerRequest) {
        self.network.send(cx, node, request, purpose);
    }

    /// `poll` threw: the application ends, without commit or leave.
    fn die(&mut self, cx: &mut Cx<'_>, (api, error): (ApiKey, ErrorCode), message: &str) {
        self.fail(cx, Failure { api, error, name: error.name().into(), message: message.into() });
    }

    /// The same, with the exception's own name.
    fn fail(&mut self, cx: &mut Cx<'_>, failure: Failure) {
        let Failure { api, error, name, message } = failure.clone();
        self.failure = Some(failure);
        cx.fact(|| KafkaFact::Refused { api, error, message: message.clone() });
        cx.fact(|| KafkaFact::ClientFailed { error: name, message });
        self.release_partitions(cx, Release::Lost);
        self.finish(cx);
    }

    /// The end, whatever was reached until then.
    fn finish(&mut self, cx: &mut Cx<'_>) {
        if self.application == Application::Closed {
            return;
        }
        self.release_partitions(cx, Release::Revoked);
        self.network.close(cx);
        self.timers.clear();
        self.application = Application::Closed;
        cx.exit();
    }

    /// Gives up every partition.
    fn release_partitions(&mut self, cx: &mut Cx<'_>, release: Release) {
        let lost = release == Release::Lost;
        self.note_released(cx, release);
        for partition in self.partitions.take() {
            let group = self.setup.group.clone();
            cx.fact(|| KafkaFact::PartitionRevoked { group, partition, lost });
        }
        self.program.forget_partitions();
        self.assignment_number += 1;
    }

    /// The assignors that are both configured and modelled, most wanted first.
    fn assignors(&self) -> Vec<Assignor> {
        self.config.assignors.iter().filter_map(|name| Assignor::from_name(name).ok()).collect()
    }

    /// Fetch sessions by broker.
    pub fn sessions(&self) -> impl Iterator<Item = (Node, &FetchSession)> {
        self.sessions.iter().map(|(node, session)| (*node, session))
    }
    /// Connections and metadata, to be looked at.
    pub fn network(&self) -> &Network<ConsumerRequest> {
        &self.network
    }
    /// What it was configured with.
    pub fn config(&self) -> &ConsumerConfig {
        &self.config
    }
    /// Group, topics and pace, as its application has them.
    pub fn setup(&self) -> &ConsumerSetup {
        &self.setup
    }
    /// What it waits for, to be looked at.
    pub fn timers(&self) -> &TimerTable<ConsumerTimer> {
        &self.timers
    }
    /// How it stands with its group.
    pub fn membership(&self) -> &Membership {
        &self.group
    }
    /// What the program around the consumer is doing.
    pub fn application(&self) -> Application {
        self.application
    }
    /// What it is assigned, with how far it has read there.
    pub fn partitions(&self) -> impl Iterator<Item = (&TopicPartition, &PartitionState)> {
        self.partitions.iter().map(|(partition, state)| (partition, &**state))
    }
    /// The partitions that this member may read, ascending.
    pub fn assignment(&self) -> impl Iterator<Item = &TopicPartition> {
        self.partitions.keys()
    }
    /// The next offset that the application will get; `None`: not assigned, or not known yet.
    pub fn position(&self, partition: &TopicPartition) -> Option<Offset> {
        self.partitions.get(partition)?.offset()
    }
    /// How many records the application got.
    pub fn delivered_count(&self) -> u64 {
        self.delivered
    }
    /// The last few records that the application got, oldest first.
    pub fn recent(&self) -> impl Iterator<Item = &DeliveredRecord> {
        self.recent.iter()
    }
    /// The program around it: what it commits when, and what it has in its hands.
    pub fn program(&self) -> &Program {
        &self.program
    }
    /// What `poll` threw, if it did.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }
}

/// How partitions are given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Release {
    Revoked,
    /// The group has given them to others already.
    Lost,
}

/// `KafkaConsumer.close()` waits so long at most.
const CLOSE_TIMEOUT: base::Span = base::Span::from_secs(30);
