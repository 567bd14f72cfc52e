//! A Kafka node: its quorum member, perhaps a controller, perhaps a broker.

use crate::mute::{Answer, Mute};
use api::{Body, KafkaMessage, Message, Request, Response};
use base::{BrokerId, ConnectionId, Endpoint, ErrorCode, FlatMap, LeaderEpoch, Offset, Shared, Str, Time};
use broker::Broker;
use controller::Controller;
use metadata::MetadataRecord;
use port::{CloseReason, Cx, Effect, Event, Listener, NodeSetup, OperatorRequest, ReplyTo};
use quorum::{CommittedRecord, Quorum, QuorumOutput};

/// One node. Brokers learn of metadata only through their quorum member, as in Kafka.
#[derive(Clone, Debug, Hash)]
pub struct Node {
    setup: NodeSetup,
    quorum: Shared<Quorum>,
    controller: Option<Shared<Controller>>,
    broker: Option<Shared<Broker>>,
    /// Which role opened which connection.
    owners: FlatMap<ConnectionId, Role>,
    mute: Mute,
    /// We lead the quorum in this epoch but have not yet seen all of the log committed.
    activation: Option<(LeaderEpoch, Offset)>,
    shutdown: Shutdown,
}

/// How far a polite stop has come. A broker leaves its cluster before its node leaves the quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shutdown {
    NotAsked,
    /// The quorum member hands over; then the process ends.
    LeavingQuorum,
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Role {
    Quorum,
    Controller,
    Broker,
}

impl Node {
    pub fn boot(setup: &NodeSetup, cx: &mut Cx<'_>) -> Node {
        let first = cx.outbox.next_connection;
        let quorum = Shared::new(Quorum::boot(setup, cx));
        let of_quorum = first..cx.outbox.next_connection;
        let controller = setup.roles.is_controller().then(|| Shared::new(Controller::new(setup)));
        let broker = setup.roles.is_broker().then(|| Shared::new(Broker::boot(setup, cx)));
        let mut node = Node {
            setup: setup.clone(),
            quorum,
            controller,
            broker,
            owners: FlatMap::new(),
            mute: Mute::default(),
            activation: None,
            shutdown: Shutdown::NotAsked,
        };
        let of_broker = of_quorum.end..cx.outbox.next_connection;
        for (range, role) in [(of_quorum, Role::Quorum), (of_broker, Role::Broker)] {
            node.owners.extend(range.step_by(2).map(|number| (ConnectionId(number), role)));
        }
        node.settle(cx, 0);
        node
    }

    pub fn on_event(&mut self, cx: &mut Cx<'_>, event: Event) {
        let scanned = cx.outbox.effects.len();
        self.route(cx, event);
        self.settle(cx, scanned);
    }

    pub fn next_deadline(&self) -> Option<Time> {
        let controller = self.controller.as_ref().and_then(|controller| controller.next_deadline());
        let broker = self.broker.as_ref().and_then(|broker| broker.next_deadline());
        [self.quorum.next_deadline(), controller, broker].into_iter().flatten().min()
    }

    pub fn setup(&self) -> &NodeSetup {
        &self.setup
    }
    pub fn id(&self) -> BrokerId {
        self.setup.node
    }
    pub fn quorum(&self) -> &Quorum {
        &self.quorum
    }
    pub fn controller(&self) -> Option<&Controller> {
        self.controller.as_deref()
    }
    pub fn broker(&self) -> Option<&Broker> {
        self.broker.as_deref()
    }

    fn route(&mut self, cx: &mut Cx<'_>, event: Event) {
        match event {
            Event::Connected(connection) => self.as_owner(cx, connection, |role, cx| role.on_connected(cx, connection)),
            Event::Accepted(connection, listener) => self.mute.accepted(connection, listener),
            Event::Closed(connection, reason) => self.on_closed(cx, connection, reason),
            Event::Received(connection, Message::Kafka(message)) => self.on_received(cx, connection, message),
            Event::DeadlineReached => self.on_deadline(cx),
            Event::Operator(OperatorRequest::ShutDown) => self.shut_down(cx),
            // The other requests are for clients; a node has no answer to them.
            Event::Operator(_) => {}
        }
    }

    fn on_received(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, message: KafkaMessage) {
        match message.body {
            Body::Response(response) => {
                let correlation_id = message.correlation_id;
                self.as_owner(cx, connection, |role, cx| role.on_response(cx, connection, correlation_id, response));
            }
            Body::Request(ref request) => {
                let answer = Answer::to(request);
                if let Some((listener, message)) = self.mute.admit(connection, message, answer) {
                    self.dispatch(cx, connection, listener, message);
                }
            }
        }
    }

    /// Gives a request to the role that serves it.
    fn dispatch(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, listener: Listener, message: KafkaMessage) {
        let KafkaMessage { correlation_id, client_id, body: Body::Request(request) } = message else { return };
        let role = match listener {
            Listener::Broker => Role::Broker,
            Listener::Controller => role_on_controller_listener(&request),
        };
        let first = cx.outbox.next_connection;
        if let Some(mut handle) = self.role(role) {
            handle.on_request(cx, ReplyTo { connection, correlation_id }, &client_id, request);
        }
        self.own_new_connections(cx, first, role);
    }

    fn on_closed(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, reason: CloseReason) {
        match self.mute.closed(connection) {
            Some(Listener::Broker) => {
                self.with_role(cx, Role::Broker, |role, cx| role.on_closed(cx, connection, reason))
            }
            Some(Listener::Controller) => {
                for role in [Role::Quorum, Role::Controller] {
                    self.with_role(cx, role, |role, cx| role.on_closed(cx, connection, reason));
                }
            }
            None => {
                self.as_owner(cx, connection, |role, cx| role.on_closed(cx, connection, reason));
                self.owners.remove(&connection);
            }
        }
    }

    fn on_deadline(&mut self, cx: &mut Cx<'_>) {
        for role in [Role::Quorum, Role::Controller, Role::Broker] {
            let due = self.role(role).and_then(|handle| handle.next_deadline()).is_some_and(|at| at <= cx.now);
            if due {
                self.with_role(cx, role, |role, cx| role.on_deadline(cx));
            }
        }
    }

    /// A broker leaves in order first and then says so; a node that is only a controller hands over
    /// its leadership at once.
    fn shut_down(&mut self, cx: &mut Cx<'_>) {
        let first = cx.outbox.next_connection;
        match &mut self.broker {
            Some(broker) => {
                broker.shut_down(cx);
                self.own_new_connections(cx, first, Role::Broker);
            }
            None => self.leave_quorum(cx),
        }
    }

    fn leave_quorum(&mut self, cx: &mut Cx<'_>) {
        if self.shutdown != Shutdown::NotAsked {
            return;
        }
        self.shutdown = Shutdown::LeavingQuorum;
        let first = cx.outbox.next_connection;
        self.quorum.shut_down(cx);
        self.own_new_connections(cx, first, Role::Quorum);
    }

    /// A role wants the process to end: on a combined node the quorum member leaves in order first.
    fn hold_exit(&mut self, cx: &mut Cx<'_>, from: usize) {
        if self.shutdown == Shutdown::Done || !self.setup.roles.is_controller() {
            return;
        }
        let before = cx.outbox.effects.len();
        let mut index = 0;
        cx.outbox.effects.retain(|effect| {
            index += 1;
            index <= from || !matches!(effect, Effect::Exit)
        });
        if cx.outbox.effects.len() < before {
            if self.quorum.has_failed() {
                self.shutdown = Shutdown::Done;
                return cx.exit();
            }
            self.leave_quorum(cx);
        }
        if self.shutdown == Shutdown::LeavingQuorum && self.quorum.is_shut_down() {
            self.shutdown = Shutdown::Done;
            cx.exit();
        }
    }

    /// Carries what one role said to the others until nobody has anything to say.
    fn settle(&mut self, cx: &mut Cx<'_>, mut scanned: usize) {
        let first_effect = scanned;
        loop {
            let answered = self.release_answered(cx, &mut scanned);
            let quorum = self.carry_from_quorum(cx);
            let controller = self.carry_from_controller(cx);
            if !(answered || quorum || controller) && scanned == cx.outbox.effects.len() {
                return self.hold_exit(cx, first_effect);
            }
        }
    }

    /// Answers that just left unmute their connections; what waited there runs now.
    fn release_answered(&mut self, cx: &mut Cx<'_>, scanned: &mut usize) -> bool {
        let mut any = false;
        while *scanned < cx.outbox.effects.len() {
            let answer = match &cx.outbox.effects[*scanned] {
                Effect::Send(connection, message) => answers(message).map(|answered| (*connection, answered)),
                Effect::Close(connection) => {
                    self.owners.remove(connection);
                    self.mute.closed(*connection);
                    None
                }
                Effect::Connect(..) | Effect::Fact(_) | Effect::Exit => None,
            };
            *scanned += 1;
            let Some((connection, correlation_id)) = answer else { continue };
            if let Some(waiting) = self.mute.answered(connection, correlation_id) {
                any = true;
                self.run_waiting(cx, connection, waiting);
            }
        }
        any
    }

    /// Runs a request that waited, and those behind it that need no answer.
    fn run_waiting(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, first: KafkaMessage) {
        let mut next = Some(first);
        while let Some(message) = next {
            self.on_received(cx, connection, message);
            next = self.mute.next(connection);
        }
    }

    fn carry_from_quorum(&mut self, cx: &mut Cx<'_>) -> bool {
        if !self.quorum.has_outputs() {
            return false;
        }
        let outputs = self.quorum.take_outputs();
        for output in outputs {
            match output {
                QuorumOutput::Committed(records) => self.on_committed_records(cx, records),
                QuorumOutput::HighWatermark(high_watermark) => self.on_high_watermark(cx, high_watermark),
                QuorumOutput::BecameLeader { epoch, log_end } => self.activation = Some((epoch, log_end)),
                QuorumOutput::LostLeadership { .. } => self.on_lost_leadership(cx),
                QuorumOutput::LeaderChanged { leader, .. } => self.on_leader_changed(cx, leader),
            }
        }
        true
    }

    fn on_committed_records(&mut self, cx: &mut Cx<'_>, records: Vec<CommittedRecord>) {
        let decoded: Vec<(Offset, MetadataRecord)> = records
            .into_iter()
            .map(|record| {
                (
                    record.offset,
                    metadata::codec::decode(&record.frame).expect("the quorum commits only what a controller wrote"),
                )
            })
            .collect();
        if let Some(controller) = &mut self.controller {
            for (offset, record) in &decoded {
                controller.replay(*offset, record);
            }
        }
        let first = cx.outbox.next_connection;
        if let Some(broker) = &mut self.broker {
            broker.on_metadata(cx, &decoded);
        }
        self.own_new_connections(cx, first, Role::Broker);
    }

    fn on_high_watermark(&mut self, cx: &mut Cx<'_>, high_watermark: Offset) {
        let Some(controller) = &mut self.controller else { return };
        if controller.is_active() {
            controller.on_committed(cx, high_watermark);
        }
        if let Some((epoch, log_end)) = self.activation
            && high_watermark >= log_end
        {
            self.activation = None;
            controller.activate(cx, epoch, log_end);
        }
    }

    fn on_lost_leadership(&mut self, cx: &mut Cx<'_>) {
        self.activation = None;
        if let Some(controller) = &mut self.controller
            && controller.is_active()
        {
            controller.deactivate(cx);
        }
    }

    fn on_leader_changed(&mut self, cx: &mut Cx<'_>, leader: Option<(BrokerId, Endpoint)>) {
        let first = cx.outbox.next_connection;
        if let Some(broker) = &mut self.broker {
            broker.on_controller_changed(cx, leader);
        }
        self.own_new_connections(cx, first, Role::Broker);
    }

    /// What the active controller decided goes into the metadata log.
    fn carry_from_controller(&mut self, cx: &mut Cx<'_>) -> bool {
        let Some(controller) = &mut self.controller else { return false };
        if !controller.has_appends() {
            return false;
        }
        let first = cx.outbox.next_connection;
        for append in controller.take_appends() {
            match self.quorum.append(cx, append.frames, append.summary) {
                Ok(last) => controller.on_appended(append.id, last),
                Err(error) => {
                    // The quorum has just stopped leading. What was decided on top of this is void as well, and
                    // whoever waits for it asks the next controller.
                    assert!(error == ErrorCode::NotController, "a controller hands out what fits: {error:?}");
                    controller.deactivate(cx);
                    break;
                }
            }
        }
        self.own_new_connections(cx, first, Role::Quorum);
        true
    }

    fn as_owner(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, act: impl FnOnce(&mut RoleMut<'_>, &mut Cx<'_>)) {
        if let Some(role) = self.owners.get(&connection).copied() {
            self.with_role(cx, role, act);
        }
    }

    fn with_role(&mut self, cx: &mut Cx<'_>, role: Role, act: impl FnOnce(&mut RoleMut<'_>, &mut Cx<'_>)) {
        let first = cx.outbox.next_connection;
        if let Some(mut handle) = self.role(role) {
            act(&mut handle, cx);
        }
        self.own_new_connections(cx, first, role);
    }

    fn own_new_connections(&mut self, cx: &Cx<'_>, first: u64, role: Role) {
        if first == cx.outbox.next_connection {
            return;
        }
        self.owners.extend((first..cx.outbox.next_connection).step_by(2).map(|number| (ConnectionId(number), role)));
    }

    fn role(&mut self, role: Role) -> Option<RoleMut<'_>> {
        match role {
            Role::Quorum => Some(RoleMut::Quorum(&mut self.quorum)),
            Role::Controller => self.controller.as_mut().map(RoleMut::Controller),
            Role::Broker => self.broker.as_mut().map(RoleMut::Broker),
        }
    }
}

/// The correlation id of an answer; `None` for a request.
fn answers(message: &Message) -> Option<i32> {
    let Message::Kafka(message) = message;
    match message.body {
        Body::Response(_) => Some(message.correlation_id),
        Body::Request(_) => None,
    }
}

/// Which role serves a request that came in on the controller's port.
fn role_on_controller_listener(request: &Request) -> Role {
    match request {
        Request::Vote(_) | Request::BeginQuorumEpoch(_) | Request::EndQuorumEpoch(_) | Request::Fetch(_) => {
            Role::Quorum
        }
        _of_the_controller => Role::Controller,
    }
}

/// A role by mutable reference, so that common events are routed once.
enum RoleMut<'a> {
    Quorum(&'a mut Shared<Quorum>),
    Controller(&'a mut Shared<Controller>),
    Broker(&'a mut Shared<Broker>),
}

impl RoleMut<'_> {
    fn on_connected(&mut self, cx: &mut Cx<'_>, connection: ConnectionId) {
        match self {
            RoleMut::Quorum(role) => role.on_connected(cx, connection),
            RoleMut::Controller(_) => {} // It opens no connections.
            RoleMut::Broker(role) => role.on_connected(cx, connection),
        }
    }

    fn on_closed(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, reason: CloseReason) {
        match self {
            RoleMut::Quorum(role) => role.on_closed(cx, connection, reason),
            RoleMut::Controller(role) => role.on_closed(cx, connection, reason),
            RoleMut::Broker(role) => role.on_closed(cx, connection, reason),
        }
    }

    fn on_deadline(&mut self, cx: &mut Cx<'_>) {
        match self {
            RoleMut::Quorum(role) => role.on_deadline(cx),
            RoleMut::Controller(role) => role.on_deadline(cx),
            RoleMut::Broker(role) => role.on_deadline(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, client_id: &Str, request: Request) {
        match self {
            RoleMut::Quorum(role) => role.on_request(cx, reply, client_id, request),
            RoleMut::Controller(role) => role.on_request(cx, reply, client_id, request),
            RoleMut::Broker(role) => role.on_request(cx, reply, client_id, request),
        }
    }

    fn on_response(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, correlation_id: i32, response: Response) {
        match self {
            RoleMut::Quorum(role) => role.on_response(cx, connection, correlation_id, response),
            RoleMut::Controller(_) => {} // It asks nobody.
            RoleMut::Broker(role) => role.on_response(cx, connection, correlation_id, response),
        }
    }

    fn next_deadline(&self) -> Option<Time> {
        match self {
            RoleMut::Quorum(role) => role.next_deadline(),
            RoleMut::Controller(role) => role.next_deadline(),
            RoleMut::Broker(role) => role.next_deadline(),
        }
    }
}
