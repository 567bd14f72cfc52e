//! The admin client: does what an operator asks, each request with a ticket, and reports how it
//! ended in Kafka's own words. Brokers pass its requests on to the active controller. Kafka:
//! `KafkaAdminClient`; reading a partition is what the console consumer does.

mod ask;
mod inquiry;
mod operation;
mod read;
#[cfg(test)]
mod tests;
mod verify;

pub use inquiry::Inquiry;
pub use operation::{Operation, ReadRecord, Reading, Task, Whom};

use crate::network::{Network, Node, Outcome};
use crate::settings;
use api::{Request, Response};
use ask::Named;
use base::{ErrorCode, FlatMap, Seldom, Shared, Span, Str, Time, TimerKey, TimerTable};
use config::AdminConfig;
use port::{
    AdminSetup, ClientSetup, Cx, Event, KafkaFact, KafkaRequest, OperatorAnswer, OperatorRequest, Refuser, Stays,
};
use std::collections::VecDeque;

/// What an admin client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdminTimer {
    /// The operation runs out of time.
    Deadline(u64),
    /// The operation's backoff is over.
    Retry(u64),
}

impl TimerKey for AdminTimer {}

/// The operation that a request was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AdminRequest(u64);

/// See the module.
#[derive(Clone, Debug, Hash)]
pub struct Admin {
    config: Shared<AdminConfig>,
    network: Network<AdminRequest>,
    timers: TimerTable<AdminTimer>,
    operations: FlatMap<u64, Shared<Operation>>,
    /// Operations that have a request to send, by whom it has to go to, in the order in which they are sent. Where one
    /// cannot be sent now, neither can those behind it: of twenty thousand only the first is looked at. Those that ran out
    /// of time stand here until it is their turn.
    waiting: FlatMap<Whom, VecDeque<u64>>,
    next_operation: u64,
    stays: Seldom<Stays>,
    closed: bool,
}

impl Admin {
    /// Starts the client; it connects when it has learnt who is there.
    ///
    /// # Panics
    /// When the overrides do not resolve; whoever starts a process checks them before.
    pub fn boot(setup: ClientSetup, admin: AdminSetup, cx: &mut Cx<'_>) -> Admin {
        let config = AdminConfig::resolve(&settings::overrides(&setup, None)).expect("checked before start");
        let mut this = Admin {
            network: Network::new(cx, settings::admin(&setup, &config)),
            config: Shared::new(config),
            timers: TimerTable::default(),
            operations: FlatMap::new(),
            waiting: FlatMap::new(),
            next_operation: 0,
            stays: admin.stays,
            closed: false,
        };
        this.settle(cx);
        this
    }

    /// Something happened: outcomes of requests first, then whatever can be sent because of them.
    pub fn on_event(&mut self, cx: &mut Cx<'_>, event: Event) {
        if self.closed {
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
        if *self.stays == Stays::UntilAnswered && self.operations.is_empty() && self.next_operation > 0 {
            return self.close(cx);
        }
        self.settle(cx);
    }

    /// When it wants to be called next; `None`: only an event from outside moves it.
    pub fn next_deadline(&self) -> Option<Time> {
        [self.timers.next_deadline(), self.network.next_deadline()].into_iter().flatten().min()
    }

    /// Time-outs of requests are the network's and come first: a call whose time is over as well says then what it
    /// last heard.
    fn on_deadline(&mut self, cx: &mut Cx<'_>) -> Vec<Outcome<AdminRequest>> {
        let outcomes = self.network.on_deadline(cx);
        while let Some(timer) = self.timers.pop_due(cx.now) {
            match timer {
                AdminTimer::Deadline(id) => self.ran_out(cx, id),
                AdminTimer::Retry(id) => self.proceed(cx, (id, Refuser::Client)),
            }
        }
        outcomes
    }

    /// Kafka's sentence for a call that ran out of time just now: it was answered by nobody, or it has
    /// no node yet (nobody is known, or it waits for another try), or its node cannot take it.
    fn timeout_message(&self, cx: &mut Cx<'_>, operation: &Operation) -> String {
        if operation.in_flight || (operation.task.looks_up() && operation.attempts > 0) {
            let backoff = self.network.settings().retry_backoff;
            let next = backoff.after(operation.attempts.saturating_sub(1), cx.rng);
            return operation.unanswered_message(cx.wall, next);
        }
        let has_no_node = operation.not_before > cx.now || self.network.metadata().brokers().is_empty();
        let what = if has_no_node { "waiting for a node assignment" } else { "waiting to send the call" };
        format!("Timed out {what}. Call: {}", operation.task.name())
    }

    /// Each request of an operator is one call of `KafkaAdminClient`, or several with the same deadline.
    fn on_operator(&mut self, cx: &mut Cx<'_>, request: OperatorRequest) {
        let timeout = self.config.api_timeout;
        match request {
            OperatorRequest::Kafka(KafkaRequest::CreateTopic { ticket, topic, timeout: given }) => {
                let timeout = if given == Span::ZERO { timeout } else { given };
                self.begin(cx, ticket, Task::CreateTopic(topic), timeout);
            }
            OperatorRequest::Kafka(KafkaRequest::DeleteTopic { ticket, name }) => {
                self.begin(cx, ticket, Task::DeleteTopic(name), timeout)
            }
            OperatorRequest::Kafka(KafkaRequest::CreatePartitions { ticket, topic }) => {
                self.begin(cx, ticket, Task::CreatePartitions(topic), timeout);
            }
            OperatorRequest::Kafka(KafkaRequest::AlterConfigs { ticket, resource, changes }) => {
                self.begin(cx, ticket, Task::AlterConfigs(resource, changes), timeout);
            }
            OperatorRequest::Kafka(KafkaRequest::ElectLeaders { ticket, election, partitions }) => {
                self.begin(cx, ticket, Task::ElectLeaders(election, partitions), timeout);
            }
            OperatorRequest::Kafka(KafkaRequest::ListTopics { ticket }) => {
                self.begin(cx, ticket, Task::ListTopics, timeout)
            }
            OperatorRequest::Kafka(KafkaRequest::Read { ticket, partition, from }) => {
                self.network.add_topic(&partition.topic);
                self.begin(cx, ticket, Task::Read(Reading::exactly(partition, from)), timeout);
            }
            OperatorRequest::Kafka(KafkaRequest::Ask { ticket, ask }) => self.on_ask(cx, ticket, *ask),
            OperatorRequest::ShutDown | OperatorRequest::Kafka(KafkaRequest::Leave) => self.close(cx),
            OperatorRequest::Kafka(KafkaRequest::SetInterval(_)) | OperatorRequest::Other(_) => {}
            OperatorRequest::Kafka(KafkaRequest::Send { ticket, .. } | KafkaRequest::Call { ticket, .. }) => {
                settings::not_for_this_process(cx, ticket);
            }
        }
    }

    /// `KafkaAdminClient.close` without patience: whatever is under way fails, as with Kafka's timeout of zero.
    fn close(&mut self, cx: &mut Cx<'_>) {
        let ids: Vec<u64> = self.operations.keys().copied().collect();
        for id in ids {
            let message = "The AdminClient thread has exited.".into();
            self.fail(cx, (id, Refuser::Client), ErrorCode::RequestTimedOut, Some(message));
        }
        self.network.close(cx);
        self.timers.clear();
        self.closed = true;
        cx.exit();
    }

    /// A call gets its deadline when it is made, not when a node is found for it.
    fn begin(&mut self, cx: &mut Cx<'_>, ticket: u64, task: Task, timeout: Span) {
        if task.has_no_topic_name() {
            let message = "The given topic name '' cannot be represented in a request.".into();
            let error = ErrorCode::InvalidTopicException;
            let answer = OperatorAnswer::Failed { by: Refuser::Client, error, message };
            return cx.fact(|| KafkaFact::OperatorAnswered { ticket, answer });
        }
        let id = self.next_operation;
        self.next_operation += 1;
        let (started, deadline) = (cx.now, cx.now + timeout);
        let operation =
            Operation { ticket, task, started, deadline, in_flight: false, attempts: 0, not_before: Time::ZERO };
        self.operations.insert(id, Shared::new(operation));
        self.timers.set(AdminTimer::Deadline(id), deadline);
        self.proceed(cx, (id, Refuser::Client));
    }

    /// The operation has a request to send.
    fn wait(&mut self, id: u64) {
        let operation = self.operations.get(&id).expect("what is answered takes its timers with it");
        self.waiting.entry(operation.task.whom()).or_default().push_back(id);
    }

    /// Sends whatever can be sent now.
    fn settle(&mut self, cx: &mut Cx<'_>) {
        if self.closed {
            return;
        }
        self.network.poll(cx);
        // Whoever has asked first is served first, whomever he needs.
        let mut stuck: Vec<Whom> = Vec::new();
        while let Some(whom) = self.longest_waiting(&stuck) {
            if !self.send_next(cx, &whom) {
                stuck.push(whom);
            } else if self.waiting.get(&whom).is_some_and(VecDeque::is_empty) {
                self.waiting.remove(&whom);
            }
        }
    }

    /// Whose next request is the oldest, of those that are not stuck.
    fn longest_waiting(&self, stuck: &[Whom]) -> Option<Whom> {
        let waiting = self.waiting.iter().filter(|(whom, queue)| !queue.is_empty() && !stuck.contains(whom));
        waiting.min_by_key(|(_, queue)| queue.front().copied()).map(|(whom, _)| whom.clone())
    }

    /// Sends the request that has waited longest for that broker, if it can take one. Can there be another?
    fn send_next(&mut self, cx: &mut Cx<'_>, whom: &Whom) -> bool {
        let queue = self.waiting.get_mut(whom).expect("the longest waiting has a queue");
        let &id = queue.front().expect("whoever waits stands in it");
        // It ran out of time while it waited, and was answered.
        let Some(operation) = self.operations.get(&id) else {
            queue.pop_front();
            return true;
        };
        let timeout = operation.deadline.since(cx.now).min(self.config.request_timeout);
        let sendable = match whom {
            Whom::Any => self.any_request(cx, id, timeout),
            Whom::Leader(_) => {
                let operation = operation.clone();
                self.read_request(cx, &operation.task)
            }
            Whom::Broker(broker) => match self.named_request(cx, id, *broker, timeout) {
                Named::Ready(node, request) => Some((node, request)),
                Named::NotReady => None,
                Named::Unknown => {
                    self.waiting.get_mut(whom).expect("as above").pop_front();
                    self.try_later(cx, id, *broker);
                    return true;
                }
            },
        };
        // Nobody can take it yet: a connection is being opened, or metadata was asked for.
        let Some((node, request)) = sendable else { return false };
        if let Some(queue) = self.waiting.get_mut(whom) {
            queue.pop_front();
        }
        if let Some(operation) = self.operations.get_mut(&id) {
            operation.in_flight = true;
            operation.attempts += 1;
        }
        self.network.send_with_timeout(cx, (node, timeout), request, AdminRequest(id));
        true
    }

    /// The operation's request, if any broker can take it now.
    fn any_request(&mut self, cx: &mut Cx<'_>, id: u64, timeout: Span) -> Option<(Node, Request)> {
        let node = self.network.any_ready(cx)?;
        Some((node, self.operations.get(&id)?.task.request(timeout)?))
    }

    /// An answer to an operation that has failed meanwhile is nobody's.
    fn on_outcome(&mut self, cx: &mut Cx<'_>, outcome: Outcome<AdminRequest>) {
        match outcome {
            Outcome::Answered(node, AdminRequest(id), response) => {
                if let Some(operation) = self.operations.get_mut(&id) {
                    operation.in_flight = false;
                    let is_inquiry = operation.task.inquiry_mut().is_some();
                    match is_inquiry {
                        true => self.on_heard(cx, (id, node.refuser()), response),
                        false => self.on_answer(cx, (id, node.refuser()), response),
                    }
                }
            }
            Outcome::Lost(Node::Broker(broker), AdminRequest(id)) => self.try_later(cx, id, broker),
            Outcome::Lost(_, AdminRequest(id)) => self.retry(cx, id),
            Outcome::Disconnected(node) => self.on_broker_lost(cx, node),
            Outcome::Connected(_) | Outcome::MetadataUpdated(_) => {}
        }
    }

    /// Sends the request again after retry.backoff.ms, until the operation runs out of time.
    fn retry(&mut self, cx: &mut Cx<'_>, id: u64) {
        let backoff = self.network.settings().retry_backoff;
        // It ran out of time while its request was under way, and was answered.
        let Some(operation) = self.operations.get_mut(&id) else { return };
        operation.in_flight = false;
        operation.not_before = cx.now + backoff.after(operation.attempts.saturating_sub(1), cx.rng);
        self.timers.set(AdminTimer::Retry(id), operation.not_before);
    }

    /// Every answer names what it is about, so that one of another kind is told from one that fails.
    fn on_answer(&mut self, cx: &mut Cx<'_>, (id, by): (u64, Refuser), response: Response) {
        match response {
            Response::CreateTopics(answer) => {
                let first = answer.topics.into_iter().next().map(|topic| (topic.error, topic.error_message));
                self.conclude(cx, (id, by), first);
            }
            Response::DeleteTopics(answer) => {
                self.conclude(
                    cx,
                    (id, by),
                    answer.topics.into_iter().next().map(|(_, error, message)| (error, message)),
                );
            }
            Response::CreatePartitions(answer) => {
                self.conclude(
                    cx,
                    (id, by),
                    answer.topics.into_iter().next().map(|(_, error, message)| (error, message)),
                );
            }
            Response::IncrementalAlterConfigs(answer) => {
                self.conclude(
                    cx,
                    (id, by),
                    answer.results.into_iter().next().map(|(_, error, message)| (error, message)),
                );
            }
            Response::ElectLeaders(answer) if answer.error == ErrorCode::None => {
                self.answer(cx, id, OperatorAnswer::Elected(answer.results));
            }
            Response::ElectLeaders(answer) => self.conclude(cx, (id, by), Some((answer.error, None))),
            Response::Metadata(answer) => {
                let mut names: Vec<Str> = answer.topics.into_iter().map(|topic| topic.name).collect();
                base::sort(&mut names);
                self.answer(cx, id, OperatorAnswer::Topics(names));
            }
            Response::ListOffsets(answer) => self.on_offset(cx, (id, by), &answer),
            Response::Fetch(answer) => self.on_fetched(cx, (id, by), answer),
            // An answer of another kind: as good as none.
            _ => self.retry(cx, id),
        }
    }

    /// Ends an operation with one result. Only a wrong controller and a quota make Kafka's client
    /// ask again; every other error is the caller's to judge.
    fn conclude(&mut self, cx: &mut Cx<'_>, (id, by): (u64, Refuser), result: Option<(ErrorCode, Option<Str>)>) {
        match result {
            Some((ErrorCode::None, _)) => self.answer(cx, id, OperatorAnswer::Done),
            Some((ErrorCode::NotController | ErrorCode::ThrottlingQuotaExceeded, _)) => {
                self.network.request_update();
                self.retry(cx, id);
            }
            Some((error, message)) => self.fail(cx, (id, by), error, message),
            None => self.fail(cx, (id, by), ErrorCode::UnknownServerError, None),
        }
    }

    /// Kafka's own sentence, or what the code says in general.
    fn fail(&mut self, cx: &mut Cx<'_>, (id, by): (u64, Refuser), error: ErrorCode, message: Option<Str>) {
        let message = message.unwrap_or_else(|| error.message().into());
        self.answer(cx, id, OperatorAnswer::Failed { by, error, message });
    }

    /// The operator hears once, and the operation's timers go with it.
    fn answer(&mut self, cx: &mut Cx<'_>, id: u64, answer: OperatorAnswer) {
        self.timers.cancel(&AdminTimer::Deadline(id));
        self.timers.cancel(&AdminTimer::Retry(id));
        if let Some(operation) = self.operations.remove(&id) {
            cx.fact(|| KafkaFact::OperatorAnswered { ticket: operation.ticket, answer });
        }
    }

    /// Connections and metadata, to be looked at.
    pub fn network(&self) -> &Network<AdminRequest> {
        &self.network
    }
    /// What it was configured with.
    pub fn config(&self) -> &AdminConfig {
        &self.config
    }
    /// What it waits for, to be looked at.
    pub fn timers(&self) -> &TimerTable<AdminTimer> {
        &self.timers
    }
    /// What was asked and is not answered yet.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values().map(|operation| &**operation)
    }
    /// Has it ended? Then it takes no events any more.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The leader of a partition, if a request can be sent to it now.
    fn leader_ready(&mut self, cx: &mut Cx<'_>, topic: &Str, partition: i32) -> Option<Node> {
        match self.network.leader(topic, partition) {
            Some((node, _)) => self.network.ready(cx, node).then_some(node),
            None => {
                self.network.request_update();
                self.network.poll(cx);
                None
            }
        }
    }
}
