//! A Kafka node: its quorum member, perhaps a controller, perhaps a broker.

mod verify;

use api::{Acks, Body, Incoming, KafkaMessage, Message, Request};
use base::{BrokerId, ConnectionId, Endpoint, ErrorCode, LeaderEpoch, Offset, Shared, Time};
use broker::Broker;
use controller::Controller;
use metadata::MetadataRecord;
use net::{Admission, Inlets, Wants};
use port::{CloseReason, Cx, Event, Fact, KafkaFact, Listener, NodeSetup, OperatorRequest, Owner, ReplyTo, Served};
use quorum::{CommittedRecord, Quorum, QuorumOutput};
use std::sync::Arc;

/// One node. Brokers learn of metadata only through their quorum member, as in Kafka.
#[derive(Clone, Debug, Hash)]
pub struct Node {
    setup: NodeSetup,
    quorum: Shared<Quorum>,
    controller: Option<Shared<Controller>>,
    broker: Option<Shared<Broker>>,
    inlets: Inlets<Asked>,
    /// We lead the quorum in this epoch but have not yet seen all of the log committed.
    activation: Option<(LeaderEpoch, Offset)>,
    shutdown: Shutdown,
}

/// A request as it came on a connection.
#[derive(Clone, Debug, Hash)]
struct Asked {
    correlation_id: i32,
    incoming: Incoming,
}

/// How far a polite stop has come. A broker leaves its cluster before its node leaves the quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shutdown {
    NotAsked,
    /// The quorum member hands over; then the process ends.
    LeavingQuorum,
    Done,
}

/// A part of a node that has requests and deadlines of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Role {
    Quorum,
    Controller,
    Broker,
}

impl Node {
    /// Roles come up together and hear of each other before anything else happens.
    pub fn boot(setup: &NodeSetup, cx: &mut Cx<'_>) -> Node {
        let quorum = Shared::new(Quorum::boot(setup, cx));
        let controller = setup.roles.is_controller().then(|| Shared::new(Controller::new(setup)));
        let broker = setup.roles.is_broker().then(|| Shared::new(Broker::boot(setup, cx)));
        let mut node = Node {
            setup: setup.clone(),
            quorum,
            controller,
            broker,
            inlets: Inlets::default(),
            activation: None,
            shutdown: Shutdown::NotAsked,
        };
        node.settle(cx);
        node
    }

    /// An event for one role, and what it means for the others: `settle` carries outputs around until there are none.
    pub fn on_event(&mut self, cx: &mut Cx<'_>, event: Event) {
        self.route(cx, event);
        self.settle(cx);
    }

    pub fn next_deadline(&self) -> Option<Time> {
        let controller = self.controller.as_ref().and_then(|controller| controller.next_deadline());
        let broker = self.broker.as_ref().and_then(|broker| broker.next_deadline());
        [self.quorum.next_deadline(), controller, broker].into_iter().flatten().min()
    }

    /// As it was started; what the cluster decides lies in the metadata.
    pub fn setup(&self) -> &NodeSetup {
        &self.setup
    }
    /// `node.id`: one number for all its roles.
    pub fn id(&self) -> BrokerId {
        self.setup.node
    }
    /// Its part in the metadata quorum: a voter if it is a controller, else an observer.
    pub fn quorum(&self) -> &Quorum {
        &self.quorum
    }
    /// There is one on every controller node, active or standing by.
    pub fn controller(&self) -> Option<&Controller> {
        self.controller.as_deref()
    }
    /// There is one where `process.roles` names it.
    pub fn broker(&self) -> Option<&Broker> {
        self.broker.as_deref()
    }

    /// By its owner: whoever opened a connection, or listens where it came in.
    fn route(&mut self, cx: &mut Cx<'_>, event: Event) {
        match event {
            Event::Connected(connection, owner) => self.on_connected(cx, connection, owner),
            Event::Accepted(connection, listener) => self.inlets.accepted(connection, listener),
            Event::Closed(connection, owner, reason) => self.on_closed(cx, connection, owner, reason),
            Event::Received(connection, owner, message) => match Arc::unwrap_or_clone(message) {
                Message::Kafka(message) => self.on_received(cx, connection, owner, message),
                Message::Other(message) => {
                    panic!("what is not Kafka's stays before the door: {message:?} for {owner:?}")
                }
            },
            Event::DeadlineReached => self.on_deadline(cx),
            Event::Operator(OperatorRequest::ShutDown) => self.shut_down(cx),
            // The other requests are for clients; a node has no answer to them.
            Event::Operator(_) => {}
            Event::Stored(_) => panic!("a node writes nowhere but on its disk"),
        }
    }

    /// Only what this node has opened tells of that; what others open is accepted.
    fn on_connected(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, owner: Owner) {
        match owner {
            Owner::Quorum(voter) => self.quorum.on_connected(cx, voter, connection),
            Owner::Broker(line) => self.own_broker(owner).on_connected(cx, line, connection),
            Owner::Listener(_) | Owner::Client(_) | Owner::Other(_) => {
                panic!("a node opens no connection for {owner:?}")
            }
        }
    }

    /// A request on what others opened, an answer on what this node did. The other way round is no peer to talk to.
    fn on_received(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, owner: Owner, message: KafkaMessage) {
        let to = ReplyTo::new(connection, message.correlation_id);
        match (owner, message.body) {
            (Owner::Listener(_), Body::Request(request)) => {
                let incoming = Incoming { client_id: message.client_id, version: message.version, request };
                self.serve(cx, to, Asked { correlation_id: to.correlation_id, incoming });
            }
            (Owner::Quorum(voter), Body::Response(response)) => self.quorum.on_response(cx, voter, to, response),
            (Owner::Broker(line), Body::Response(response)) => {
                self.own_broker(owner).on_response(cx, line, to, response);
            }
            // Who asks where we ask, or answers what nobody asked, is no peer to talk to.
            (Owner::Listener(listener), Body::Response(_)) => {
                cx.refuse(to);
                self.on_inlet_closed(cx, connection, listener);
            }
            (Owner::Quorum(voter), Body::Request(_)) => self.quorum.on_nonsense(cx, voter, connection),
            (Owner::Broker(line), Body::Request(_)) => self.own_broker(owner).on_nonsense(cx, line, connection),
            (Owner::Client(_) | Owner::Other(_), _) => panic!("a node opens no connection for {owner:?}"),
        }
    }

    /// Gives a request to the role that serves it, unless it has to wait for another of its connection.
    fn serve(&mut self, cx: &mut Cx<'_>, to: ReplyTo, asked: Asked) {
        // One request at a time on each connection (`SocketServer` mutes the channel): it is served after the answer to
        // the one before.
        let listener = match self.inlets.admit(to, wanted_by(&asked.incoming.request)) {
            Admission::Now(listener) => listener,
            Admission::Later => return self.inlets.wait(to.connection, asked),
            // This side has closed the connection while the request was on its way.
            Admission::Never => return,
        };
        let to = to.on(listener);
        let Asked { incoming, .. } = asked;
        if !listener.takes(incoming.request.api_key(), incoming.version) {
            return self.close_on(cx, to, listener, &incoming);
        }
        let role = match listener {
            Listener::Broker(_) => Role::Broker,
            Listener::Controller => role_on_controller_listener(&incoming.request),
            Listener::Other => panic!("a node has no port of another family"),
        };
        let mut handle = self.role(role).expect("a port is open only where its role runs");
        handle.on_request(cx, to, incoming);
    }

    /// What this listener does not take in that version gets no answer: the connection ends (`SocketServer.Processor`,
    /// where `parseRequestHeader` throws InvalidRequestException).
    fn close_on(&mut self, cx: &mut Cx<'_>, to: ReplyTo, listener: Listener, incoming: &Incoming) {
        let api = incoming.request.api_key();
        cx.fact(|| {
            let version = incoming.version.number(api);
            let message = format!("Received request api key {api} with version {version} which is not enabled");
            Fact::Kafka(KafkaFact::Refused { api, error: ErrorCode::InvalidRequest, message: message.into() })
        });
        cx.refuse(to);
        self.on_inlet_closed(cx, to.connection, listener);
    }

    fn on_closed(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, owner: Owner, reason: CloseReason) {
        match owner {
            Owner::Listener(listener) => {
                self.inlets.closed(connection);
                self.on_inlet_closed(cx, connection, listener);
            }
            Owner::Quorum(voter) => self.quorum.on_closed(cx, voter, connection, reason),
            Owner::Broker(line) => self.own_broker(owner).on_closed(cx, line, connection),
            Owner::Client(_) | Owner::Other(_) => panic!("a node opens no connection for {owner:?}"),
        }
    }

    /// Whoever asked on it cannot be answered any more.
    fn on_inlet_closed(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, listener: Listener) {
        match listener {
            Listener::Broker(_) => {
                if let Some(broker) = &mut self.broker {
                    broker.on_inlet_closed(cx, connection);
                }
            }
            Listener::Controller => {
                self.quorum.on_inlet_closed(connection);
                if let Some(controller) = &mut self.controller {
                    controller.on_inlet_closed(connection);
                }
            }
            Listener::Other => panic!("a node has no port of another family"),
        }
    }

    /// The broker, to which one of its connections has something to say.
    fn own_broker(&mut self, owner: Owner) -> &mut Broker {
        self.broker.as_mut().unwrap_or_else(|| panic!("{owner:?} has a connection at a node without a broker"))
    }

    fn on_deadline(&mut self, cx: &mut Cx<'_>) {
        for role in [Role::Quorum, Role::Controller, Role::Broker] {
            let due = self.role(role).and_then(|handle| handle.next_deadline()).is_some_and(|at| at <= cx.now);
            if due && let Some(mut handle) = self.role(role) {
                handle.on_deadline(cx);
            }
        }
    }

    /// A broker leaves in order first and then says so; a node that is only a controller hands over
    /// its leadership at once.
    fn shut_down(&mut self, cx: &mut Cx<'_>) {
        match &mut self.broker {
            Some(broker) => broker.shut_down(cx),
            None => self.leave_quorum(cx),
        }
    }

    /// Once; a second request to stop changes nothing.
    fn leave_quorum(&mut self, cx: &mut Cx<'_>) {
        if self.shutdown != Shutdown::NotAsked {
            return;
        }
        self.shutdown = Shutdown::LeavingQuorum;
        self.quorum.shut_down(cx);
    }

    /// Ends the process if a role wants that: on a combined node the quorum member leaves in order first.
    fn exit_if_wanted(&mut self, cx: &mut Cx<'_>) {
        let wanted = std::mem::take(&mut cx.outbox.wants_exit);
        if self.shutdown == Shutdown::Done {
            return;
        }
        // A controller that just vanished would leave the quorum to its election timeout.
        let stays = self.setup.roles.is_controller() && !self.quorum.has_failed();
        if wanted && stays {
            self.leave_quorum(cx);
        }
        let left = self.shutdown == Shutdown::LeavingQuorum && self.quorum.is_shut_down();
        if left || (wanted && !stays) {
            self.shutdown = Shutdown::Done;
            cx.exit();
        }
    }

    /// Carries what one role said to the others until nobody has anything to say.
    fn settle(&mut self, cx: &mut Cx<'_>) {
        loop {
            // In this order in every round: two runs of the same events must not differ.
            let served = self.read_on(cx);
            let quorum = self.carry_from_quorum(cx);
            let controller = self.carry_from_controller(cx);
            if !(served || quorum || controller) {
                return self.exit_if_wanted(cx);
            }
        }
    }

    /// Reads the next request of each connection whose last one was answered.
    fn read_on(&mut self, cx: &mut Cx<'_>) -> bool {
        let mut any = false;
        while let Some(served) = cx.outbox.served.pop_front() {
            match served {
                // Whoever was next on it is closed with it.
                Served::Closed(connection) => self.inlets.closed(connection),
                Served::Abandoned(to) => self.inlets.abandoned(to),
                Served::Answered(to) => {
                    if let Some(waiting) = self.inlets.answered(to) {
                        any = true;
                        self.run_waiting(cx, to.connection, waiting);
                    }
                }
            }
        }
        any
    }

    /// Runs a request that waited, and those behind it that need no answer.
    fn run_waiting(&mut self, cx: &mut Cx<'_>, connection: ConnectionId, first: Asked) {
        let mut next = Some(first);
        while let Some(asked) = next {
            self.serve(cx, ReplyTo::new(connection, asked.correlation_id), asked);
            next = self.inlets.next(connection);
        }
    }

    /// What the quorum has to say: committed records, a leader found or lost.
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

    /// Controllers and brokers replay the same records, each into an image of its own
    /// (`RaftClient.Listener.handleCommit`).
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
        if let Some(broker) = &mut self.broker {
            broker.on_metadata(cx, &decoded);
        }
    }

    /// A new leader acts as controller only when its own first record is committed: until then it may not know all
    /// that was (`QuorumController.claim`, semantics §9.3).
    fn on_high_watermark(&mut self, cx: &mut Cx<'_>, high_watermark: Offset) {
        // A broker of its own observes the quorum and decides nothing.
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

    /// `QuorumController.renounce`.
    fn on_lost_leadership(&mut self, cx: &mut Cx<'_>) {
        self.activation = None;
        if let Some(controller) = &mut self.controller
            && controller.is_active()
        {
            controller.deactivate(cx);
        }
    }

    /// The quorum's leader is the active controller: brokers send to it whatever only it can decide.
    fn on_leader_changed(&mut self, cx: &mut Cx<'_>, leader: Option<(BrokerId, Endpoint)>) {
        if let Some(broker) = &mut self.broker {
            broker.on_controller_changed(cx, leader);
        }
    }

    /// What the active controller decided goes into the metadata log.
    fn carry_from_controller(&mut self, cx: &mut Cx<'_>) -> bool {
        // A broker of its own appends nothing to the metadata log.
        let Some(controller) = &mut self.controller else { return false };
        if !controller.has_appends() {
            return false;
        }
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
        true
    }

    /// The role, if this node has it.
    fn role(&mut self, role: Role) -> Option<RoleMut<'_>> {
        match role {
            Role::Quorum => Some(RoleMut::Quorum(&mut self.quorum)),
            Role::Controller => self.controller.as_mut().map(RoleMut::Controller),
            Role::Broker => self.broker.as_mut().map(RoleMut::Broker),
        }
    }
}

/// A producer with acks=0 hears nothing, so the next request of its connection need not wait for an answer.
fn wanted_by(request: &Request) -> Wants {
    let unanswered = matches!(request, Request::Produce(produce) if produce.acks == Acks::NONE);
    if unanswered { Wants::Nothing } else { Wants::Answer }
}

/// Which role serves a request that came in on the controller's port.
fn role_on_controller_listener(request: &Request) -> Role {
    // How far the metadata log has come is the quorum member's to say, whether a broker has passed the question on or not.
    let is_about_quorum = |request: &Request| matches!(request, Request::DescribeQuorum(_));
    match request {
        Request::Fetch(_) | Request::DescribeQuorum(_) | api::for_voters!() => Role::Quorum,
        Request::Envelope(envelope) if is_about_quorum(&envelope.passed.request) => Role::Quorum,
        _decided_or_shown => Role::Controller,
    }
}

/// A role by mutable reference, so that common events are routed once.
enum RoleMut<'a> {
    Quorum(&'a mut Shared<Quorum>),
    Controller(&'a mut Shared<Controller>),
    Broker(&'a mut Shared<Broker>),
}

impl RoleMut<'_> {
    fn on_deadline(&mut self, cx: &mut Cx<'_>) {
        match self {
            RoleMut::Quorum(role) => role.on_deadline(cx),
            RoleMut::Controller(role) => role.on_deadline(cx),
            RoleMut::Broker(role) => role.on_deadline(cx),
        }
    }

    fn on_request(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, incoming: Incoming) {
        match self {
            RoleMut::Quorum(role) => role.on_request(cx, reply, &incoming.request),
            RoleMut::Controller(role) => role.on_request(cx, reply, incoming),
            RoleMut::Broker(role) => role.on_request(cx, reply, incoming),
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
