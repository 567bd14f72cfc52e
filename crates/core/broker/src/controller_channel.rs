//! The broker's lines to the active controller: one request under way per line, kept and sent again
//! until it is answered by whoever is the controller then.
//!
//! Kafka: `NodeToControllerChannelManagerImpl`, one instance per purpose so that a parked request
//! never holds up a heartbeat. Endpoints come from the quorum, never from a guess.

use crate::broker::Broker;
use crate::lines::Asked;
use crate::timer::Timer;
use api::{Request, Response};
use base::{BrokerId, Endpoint, ErrorCode, FlatMap, Span, Time};
use port::{BrokerLine, ChannelKind, Cx};
use std::collections::VecDeque;

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

/// What waits for one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ControllerChannel {
    queue: VecDeque<Purpose>,
}

/// All lines, and who the controller is as far as the quorum told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ControllerChannels {
    controller: Option<(BrokerId, Endpoint)>,
    channels: FlatMap<ChannelKind, ControllerChannel>,
}

/// After NOT_CONTROLLER, before asking again.
const NOT_CONTROLLER_PAUSE: Span = Span::from_millis(100);

impl ControllerChannel {
    /// Does this wait to be sent?
    pub(crate) fn holds(&self, purpose: Purpose) -> bool {
        self.queue.contains(&purpose)
    }

    /// What waits to be sent.
    pub fn queued(&self) -> u32 {
        self.queue.len() as u32
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

    /// What was under way when its connection was lost goes first next time.
    pub(crate) fn ask_again(&mut self, kind: ChannelKind, purpose: Purpose) {
        self.channels.entry(kind).or_default().queue.push_front(purpose);
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
            self.begin_channel_anew(cx, kind);
        }
    }

    /// Asks the controller, unless the same is already asked.
    pub(crate) fn ask_controller(&mut self, cx: &mut Cx<'_>, kind: ChannelKind, purpose: Purpose) {
        let is_under_way = self.under_way(kind) == Some(purpose);
        let channel = self.channels.channels.entry(kind).or_default();
        if !is_under_way && !channel.queue.contains(&purpose) {
            channel.queue.push_back(purpose);
        }
        self.pump_channel(cx, kind);
    }

    /// Sends what is next on the line, connecting first where needed.
    pub(crate) fn pump_channel(&mut self, cx: &mut Cx<'_>, kind: ChannelKind) {
        let line = BrokerLine::Controller(kind);
        while let Some(purpose) = self.channels.channel(kind).and_then(|channel| channel.queue.front().copied()) {
            let Some((_, endpoint)) = &self.channels.controller else { return };
            if !self.has_connection(line) {
                let endpoint = endpoint.clone();
                self.know_line(line, &endpoint);
            }
            if !self.lines.ready(cx, &mut self.timers, line) {
                return;
            }
            if let Some(channel) = self.channels.channels.get_mut(&kind) {
                channel.queue.pop_front();
            }
            if let Some(request) = self.controller_request(purpose) {
                self.send_on_line(cx, line, request, Asked::Controller(purpose));
            }
        }
    }

    /// What the controller was asked on this line and has not answered.
    pub fn under_way(&self, kind: ChannelKind) -> Option<Purpose> {
        match self.lines.first_in_flight(BrokerLine::Controller(kind)) {
            Some(Asked::Controller(purpose)) => Some(*purpose),
            Some(Asked::Fetch | Asked::ListOffsets) | None => None,
        }
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

    pub(crate) fn channel_answered(
        &mut self,
        cx: &mut Cx<'_>,
        kind: ChannelKind,
        purpose: Purpose,
        response: Response,
    ) {
        if response.error() == ErrorCode::NotController {
            self.channels.ask_again(kind, purpose);
            self.timers.set(Timer::ChannelRetry(kind), cx.now + NOT_CONTROLLER_PAUSE);
            return;
        }
        self.on_controller_answer(cx, purpose, response);
        self.pump_channel(cx, kind);
    }

    fn on_controller_answer(&mut self, cx: &mut Cx<'_>, purpose: Purpose, response: Response) {
        match (purpose, response) {
            (Purpose::Register, Response::BrokerRegistration(answer)) => self.on_registered(cx, &answer),
            (Purpose::Heartbeat, Response::BrokerHeartbeat(answer)) => self.on_heartbeat(cx, &answer),
            (Purpose::AlterPartition, Response::AlterPartition(answer)) => self.on_alter_partition(cx, &answer),
            (Purpose::AllocateProducerIds, Response::AllocateProducerIds(answer)) => {
                self.on_producer_ids(cx, &answer);
            }
            (Purpose::Forward(ticket), Response::Envelope(answer)) => self.on_forwarded(cx, ticket, answer),
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
            Purpose::Forward(ticket) => self.not_forwarded(cx, ticket, ErrorCode::UnknownServerError),
        }
    }

    /// Gives the connection up, because no answer came or another is the controller now, and sends again at once.
    pub(crate) fn begin_channel_anew(&mut self, cx: &mut Cx<'_>, kind: ChannelKind) {
        let line = BrokerLine::Controller(kind);
        let lost = self.lines.begin_anew(cx, &mut self.timers, line);
        self.after_loss(line, lost);
        self.pump_channel(cx, kind);
    }

    /// When this line looks at its queue again; for the page.
    pub fn channel_retry_at(&self, kind: ChannelKind) -> Option<Time> {
        self.timers.deadline(&Timer::ChannelRetry(kind))
    }
}
