//! The broker's lines to the active controller: one request under way per line, kept and sent again
//! until it is answered by whoever is the controller then.
//!
//! Kafka: `NodeToControllerChannelManagerImpl`, one instance per purpose so that a parked request
//! never holds up a heartbeat. Endpoints come from the quorum, never from a guess.

use crate::broker::Broker;
use crate::timer::Timer;
use api::{Request, Response};
use base::{BrokerId, ConnectionId, Endpoint, ErrorCode, FlatMap, Span, Time};
use port::Cx;
use std::collections::VecDeque;

/// Which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChannelKind {
    /// Registration and heartbeats.
    Lifecycle,
    /// AlterPartition and AllocateProducerIds.
    Partitions,
    /// What clients asked for and only the controller can do.
    Forwarding,
}

/// What a request to the controller is for. Bodies are made when they are sent, so that a repeated
/// one is never out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    Register,
    Heartbeat,
    AlterPartition,
    AllocateProducerIds,
    /// The forwarded request of that number.
    Forward(u64),
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ControllerChannel {
    connection: Option<ConnectionId>,
    is_connected: bool,
    queue: VecDeque<Purpose>,
    in_flight: Option<(i32, Purpose)>,
    /// Attempts to connect in a row that failed.
    failures: u32,
}

/// All lines, and who the controller is as far as the quorum told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ControllerChannels {
    controller: Option<(BrokerId, Endpoint)>,
    channels: FlatMap<ChannelKind, ControllerChannel>,
}

/// After NOT_CONTROLLER, before asking again.
const NOT_CONTROLLER_PAUSE: Span = Span::from_millis(100);
/// reconnect.backoff.ms and reconnect.backoff.max.ms of Kafka's network client.
const RECONNECT_MIN: Span = Span::from_millis(50);
const RECONNECT_MAX: Span = Span::from_millis(1_000);

impl ControllerChannel {
    /// What waits to be sent.
    pub fn queued(&self) -> u32 {
        self.queue.len() as u32
    }

    pub fn in_flight(&self) -> Option<Purpose> {
        self.in_flight.map(|(_, purpose)| purpose)
    }

    fn is_busy_with(&self, purpose: Purpose) -> bool {
        self.in_flight() == Some(purpose) || self.queue.contains(&purpose)
    }

    /// The connection is gone; what was under way goes first next time.
    fn disconnected(&mut self) {
        self.connection = None;
        self.is_connected = false;
        if let Some((_, purpose)) = self.in_flight.take() {
            self.queue.push_front(purpose);
        }
    }

    fn reconnect_backoff(&self) -> Span {
        RECONNECT_MIN.times(1 << self.failures.min(5)).min(RECONNECT_MAX)
    }
}

impl ControllerChannels {
    /// The active controller as this broker knows it.
    pub fn controller(&self) -> Option<BrokerId> {
        self.controller.as_ref().map(|(id, _)| *id)
    }

    pub fn channel(&self, kind: ChannelKind) -> Option<&ControllerChannel> {
        self.channels.get(&kind)
    }

    fn by_connection(&mut self, connection: ConnectionId) -> Option<(ChannelKind, &mut ControllerChannel)> {
        let found = self.channels.iter_mut().find(|(_, channel)| channel.connection == Some(connection));
        found.map(|(kind, channel)| (*kind, channel))
    }
}

impl Broker {
    /// The quorum says who is the active controller now. Lines to another node are dropped.
    pub fn on_controller_changed(&mut self, cx: &mut Cx<'_>, controller: Option<(BrokerId, Endpoint)>) {
        if controller == self.channels.controller || controller.is_none() {
            // A line to the last known controller stays until it says otherwise.
            return;
        }
        self.channels.controller = controller;
        let kinds: Vec<ChannelKind> = self.channels.channels.keys().copied().collect();
        for kind in kinds {
            self.drop_channel(cx, kind);
            self.timers.cancel(&Timer::ChannelRetry(kind));
            self.pump_channel(cx, kind);
        }
    }

    /// Asks the controller, unless the same is already asked.
    pub(crate) fn ask_controller(&mut self, cx: &mut Cx<'_>, kind: ChannelKind, purpose: Purpose) {
        let channel = self.channels.channels.entry(kind).or_default();
        if !channel.is_busy_with(purpose) {
            channel.queue.push_back(purpose);
        }
        self.pump_channel(cx, kind);
    }

    /// Sends what is next on the line, connecting first where needed.
    pub(crate) fn pump_channel(&mut self, cx: &mut Cx<'_>, kind: ChannelKind) {
        loop {
            let is_pausing = self.timers.deadline(&Timer::ChannelRetry(kind)).is_some();
            let controller = self.channels.controller.clone();
            let Some(channel) = self.channels.channels.get_mut(&kind) else { return };
            let (true, Some((_, endpoint))) = (channel.in_flight.is_none() && !is_pausing, controller) else { return };
            let Some(&purpose) = channel.queue.front() else { return };
            let Some(connection) = channel.connection else {
                channel.connection = Some(cx.connect(endpoint));
                return;
            };
            if !channel.is_connected {
                return;
            }
            channel.queue.pop_front();
            if let Some(request) = self.controller_request(purpose) {
                self.send_on_channel(cx, kind, connection, (purpose, request));
            }
        }
    }

    fn send_on_channel(
        &mut self,
        cx: &mut Cx<'_>,
        kind: ChannelKind,
        connection: ConnectionId,
        (purpose, request): (Purpose, Request),
    ) {
        let correlation_id = self.next_correlation_id();
        let timeout = match kind {
            // KAFKA-14392: a heartbeat is given up in time for another one within the session.
            ChannelKind::Lifecycle => self.config.controller.session_timeout.divided_by(2),
            ChannelKind::Partitions | ChannelKind::Forwarding => self.config.request_timeout,
        };
        if let Some(channel) = self.channels.channels.get_mut(&kind) {
            channel.in_flight = Some((correlation_id, purpose));
        }
        self.timers.set(Timer::ChannelTimeout(kind), cx.now + timeout);
        cx.request(connection, correlation_id, self.client_id.clone(), request);
    }

    /// The body of a request, as of now. `None`: it is no longer wanted.
    fn controller_request(&mut self, purpose: Purpose) -> Option<Request> {
        match purpose {
            Purpose::Register => Some(self.registration_request()),
            Purpose::Heartbeat => Some(self.heartbeat_request()),
            Purpose::AlterPartition => self.alter_partition_request(),
            Purpose::AllocateProducerIds => Some(self.allocate_producer_ids_request()),
            Purpose::Forward(ticket) => self.forwarded_request(ticket),
        }
    }

    /// `false`: the connection is not one of these.
    pub(crate) fn channel_connected(&mut self, cx: &mut Cx<'_>, connection: ConnectionId) -> bool {
        let Some((kind, channel)) = self.channels.by_connection(connection) else { return false };
        channel.is_connected = true;
        channel.failures = 0;
        self.pump_channel(cx, kind);
        true
    }

    /// `false`: the connection is not one of these.
    pub(crate) fn channel_closed(&mut self, cx: &mut Cx<'_>, connection: ConnectionId) -> bool {
        let Some((kind, channel)) = self.channels.by_connection(connection) else { return false };
        let backoff = channel.reconnect_backoff();
        channel.failures += 1;
        channel.disconnected();
        self.timers.cancel(&Timer::ChannelTimeout(kind));
        self.timers.set(Timer::ChannelRetry(kind), cx.now + backoff);
        true
    }

    /// `Some(response)` back: the connection is not one of these.
    pub(crate) fn channel_answered(
        &mut self,
        cx: &mut Cx<'_>,
        connection: ConnectionId,
        correlation_id: i32,
        response: Response,
    ) -> Option<Response> {
        let Some((kind, channel)) = self.channels.by_connection(connection) else { return Some(response) };
        let (sent, purpose) = channel.in_flight?;
        if sent != correlation_id {
            return None;
        }
        channel.in_flight = None;
        self.timers.cancel(&Timer::ChannelTimeout(kind));
        if top_level_error(&response) == ErrorCode::NotController {
            let channel = self.channels.channels.get_mut(&kind)?;
            channel.queue.push_front(purpose);
            self.timers.set(Timer::ChannelRetry(kind), cx.now + NOT_CONTROLLER_PAUSE);
            return None;
        }
        self.on_controller_answer(cx, purpose, response);
        self.pump_channel(cx, kind);
        None
    }

    fn on_controller_answer(&mut self, cx: &mut Cx<'_>, purpose: Purpose, response: Response) {
        match (purpose, response) {
            (Purpose::Register, Response::BrokerRegistration(answer)) => self.on_registered(cx, &answer),
            (Purpose::Heartbeat, Response::BrokerHeartbeat(answer)) => self.on_heartbeat(cx, &answer),
            (Purpose::AlterPartition, Response::AlterPartition(answer)) => self.on_alter_partition(cx, &answer),
            (Purpose::AllocateProducerIds, Response::AllocateProducerIds(answer)) => {
                self.on_producer_ids(cx, &answer);
            }
            (Purpose::Forward(ticket), Response::Envelope(error, inner)) => {
                self.on_forwarded(cx, ticket, error, inner);
            }
            // The controller answered something else: as good as no answer.
            (purpose, _) => self.on_controller_silent(cx, purpose),
        }
    }

    /// An answer that makes no sense: ask again later where that matters.
    fn on_controller_silent(&mut self, cx: &mut Cx<'_>, purpose: Purpose) {
        match purpose {
            Purpose::Register | Purpose::Heartbeat => self.communicate_after_failure(cx),
            Purpose::AlterPartition => self.retry_alter_partition(cx),
            Purpose::AllocateProducerIds => {}
            Purpose::Forward(ticket) => self.on_forwarded(cx, ticket, ErrorCode::UnknownServerError, None),
        }
    }

    /// No answer came: give the connection up and send again.
    pub(crate) fn channel_timed_out(&mut self, cx: &mut Cx<'_>, kind: ChannelKind) {
        self.drop_channel(cx, kind);
        self.pump_channel(cx, kind);
    }

    fn drop_channel(&mut self, cx: &mut Cx<'_>, kind: ChannelKind) {
        let Some(channel) = self.channels.channels.get_mut(&kind) else { return };
        if let Some(connection) = channel.connection {
            cx.close(connection);
        }
        channel.disconnected();
        channel.failures = 0;
        self.timers.cancel(&Timer::ChannelTimeout(kind));
    }

    /// When this line looks at its queue again; for the page.
    pub fn channel_retry_at(&self, kind: ChannelKind) -> Option<Time> {
        self.timers.deadline(&Timer::ChannelRetry(kind))
    }
}

fn top_level_error(response: &Response) -> ErrorCode {
    match response {
        Response::BrokerRegistration(answer) => answer.error,
        Response::BrokerHeartbeat(answer) => answer.error,
        Response::AlterPartition(answer) => answer.error,
        Response::AllocateProducerIds(answer) => answer.error,
        Response::Envelope(error, _) => *error,
        _of_no_controller => ErrorCode::None,
    }
}
