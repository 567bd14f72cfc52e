//! The broker's lines to the active controller: one request under way per line, kept and sent again
//! until it is answered by whoever is the controller then; and what is asked on them that needs books:
//! proposed ISRs, forwarded requests, producer ids.
//!
//! A machine of its own: it sees of its broker what a [`Present`] shows, and says in a [`Told`] what the broker has to
//! do about an answer. It is not the lifecycle, which decides when to register and to send heartbeats. Kafka:
//! `NodeToControllerChannelManagerImpl`, one instance per purpose so that a parked request never holds up a heartbeat.
//! Endpoints come from the quorum, never from a guess.

mod alter_partition;
mod forwarding;
mod producer_ids;
#[cfg(test)]
mod tests;
mod verify;

use crate::lifecycle::Lifecycle;
use crate::replicas::Replicas;
use crate::timer::Timer;
use crate::wires::{Asked, Wires};
use alter_partition::AlterPartitions;
pub(crate) use alter_partition::Proposing;
use api::{AlterPartitionResponse, BrokerHeartbeatResponse, BrokerRegistrationResponse, Request, Response};
use base::{BrokerId, ConnectionId, Endpoint, ErrorCode, FlatMap, Offset, Shared, Span};
use forwarding::Forwarding;
use net::InFlight;
use port::{BrokerLine, ChannelKind, Cx, Mutant, NodeSetup, ReplyTo, TestSwitches};
use producer_ids::ProducerIds;
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

impl Purpose {
    /// On which line it goes.
    pub(crate) fn kind(self) -> ChannelKind {
        match self {
            Purpose::Register | Purpose::Heartbeat => ChannelKind::Lifecycle,
            Purpose::AlterPartition | Purpose::AllocateProducerIds => ChannelKind::Partitions,
            Purpose::Forward(_) => ChannelKind::Forwarding,
        }
    }
}

/// What waits for one line.
#[derive(Clone, Debug, Default, Hash)]
struct Channel {
    queue: VecDeque<Purpose>,
}

/// All lines, who the controller is as far as the quorum told, and the books of what is asked.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct ControllerLines {
    controller: Option<(BrokerId, Endpoint)>,
    channels: FlatMap<ChannelKind, Channel>,
    alter_partitions: AlterPartitions,
    forwarding: Shared<Forwarding>,
    producer_ids: ProducerIds,
}

/// The broker as it is now: what requests to the controller are made of, and what they are sent with.
pub(crate) struct Present<'a> {
    pub(crate) wires: &'a mut Wires,
    pub(crate) setup: &'a NodeSetup,
    pub(crate) lifecycle: &'a Lifecycle,
    pub(crate) replicas: &'a Replicas,
    /// Up to where the metadata log is carried out.
    pub(crate) published: Offset,
}

/// What an answer of the controller means for the broker.
#[derive(Debug)]
#[must_use]
pub(crate) enum Told {
    /// It is not the controller: the same goes out again after a pause.
    NotController,
    /// The lines have done what there was to do.
    Nothing,
    Registration(BrokerRegistrationResponse),
    Heartbeat(BrokerHeartbeatResponse),
    /// No sense in the answer to a registration or a heartbeat.
    LifecycleFailed,
    /// Goes to [`ControllerLines::proposals_answered`].
    Proposals(AlterPartitionResponse),
}

/// After NOT_CONTROLLER, before asking again.
const NOT_CONTROLLER_PAUSE: Span = Span::from_millis(100);

impl ControllerLines {
    /// The quorum says who is the active controller now. Lines to another node are dropped.
    pub(crate) fn on_controller_changed(
        &mut self,
        cx: &mut Cx<'_>,
        present: &mut Present<'_>,
        controller: Option<(BrokerId, Endpoint)>,
    ) {
        if controller == self.controller || controller.is_none() {
            // A line to the last known controller stays until it says otherwise.
            return;
        }
        self.controller = controller;
        let kinds: Vec<ChannelKind> = self.channels.keys().copied().collect();
        for kind in kinds {
            self.begin_anew(cx, present, kind);
        }
    }

    /// Asks the controller, unless the same is already asked.
    pub(crate) fn ask(&mut self, cx: &mut Cx<'_>, present: &mut Present<'_>, purpose: Purpose) {
        let is_under_way = present.wires.under_way(purpose.kind()) == Some(purpose);
        let channel = self.channels.entry(purpose.kind()).or_default();
        if !is_under_way && !channel.queue.contains(&purpose) {
            channel.queue.push_back(purpose);
        }
        self.pump(cx, present, purpose.kind());
    }

    /// Sends what is next on the line, connecting first where needed.
    pub(crate) fn pump(&mut self, cx: &mut Cx<'_>, present: &mut Present<'_>, kind: ChannelKind) {
        let line = BrokerLine::Controller(kind);
        while let Some(purpose) = self.channels.get(&kind).and_then(|channel| channel.queue.front().copied()) {
            // While the quorum elects, requests stay in their queues; the news of a controller pumps them again.
            let Some((_, endpoint)) = &self.controller else { return };
            if !present.wires.has_connection(line) {
                present.wires.know(line, endpoint);
            }
            if !present.wires.ready(cx, line) {
                return;
            }
            if let Some(channel) = self.channels.get_mut(&kind) {
                channel.queue.pop_front();
            }
            if let Some(request) = self.request(present, purpose) {
                present.wires.send(cx, line, request, Asked::Controller(purpose));
            }
        }
    }

    /// The body of a request, as of now. `None`: it is no longer wanted.
    fn request(&mut self, present: &Present<'_>, purpose: Purpose) -> Option<Request> {
        let Present { setup, lifecycle, replicas, published, .. } = present;
        match purpose {
            Purpose::Register => Some(lifecycle.registration_request(setup)),
            Purpose::Heartbeat => Some(lifecycle.heartbeat_request(setup.node, *published)),
            Purpose::AlterPartition => self
                .alter_partitions
                .request(setup.node, lifecycle.broker_epoch(), replicas)
                .map(Request::AlterPartition),
            Purpose::AllocateProducerIds => Some(producer_ids::request(setup.node, lifecycle.broker_epoch())),
            Purpose::Forward(ticket) => self.forwarding.request(ticket),
        }
    }

    /// The answer to what was asked for that purpose. What comes next is sent by [`pump`](Self::pump).
    pub(crate) fn on_answer(
        &mut self,
        cx: &mut Cx<'_>,
        wires: &mut Wires,
        purpose: Purpose,
        response: Response,
    ) -> Told {
        if response.error() == ErrorCode::NotController {
            self.ask_again(purpose);
            wires.timers.set(Timer::ChannelRetry(purpose.kind()), cx.now + NOT_CONTROLLER_PAUSE);
            return Told::NotController;
        }
        match (purpose, response) {
            (Purpose::Register, Response::BrokerRegistration(answer)) => return Told::Registration(answer),
            (Purpose::Heartbeat, Response::BrokerHeartbeat(answer)) => return Told::Heartbeat(answer),
            (Purpose::AlterPartition, Response::AlterPartition(answer)) => return Told::Proposals(answer),
            (Purpose::AllocateProducerIds, Response::AllocateProducerIds(answer)) => {
                self.producer_ids.on_block(&answer)
            }
            (Purpose::Forward(ticket), Response::Envelope(answer)) => {
                self.forwarding.on_answer(cx, wires, ticket, answer)
            }
            // The controller answered something else: as good as no answer. Asked again later where that matters.
            (Purpose::Register | Purpose::Heartbeat, _) => return Told::LifecycleFailed,
            (Purpose::AlterPartition, _) => self.alter_partitions.retry(cx, wires),
            (Purpose::AllocateProducerIds, _) => {}
            (Purpose::Forward(ticket), _) => self.forwarding.fail(cx, wires, ticket, ErrorCode::UnknownServerError),
        }
        Told::Nothing
    }

    /// What was under way when its connection was lost goes first next time.
    fn ask_again(&mut self, purpose: Purpose) {
        self.channels.entry(purpose.kind()).or_default().queue.push_front(purpose);
    }

    /// A connection is gone, and these were under way on it.
    pub(crate) fn lost(&mut self, lost: VecDeque<InFlight<Asked>>, switches: TestSwitches) {
        for request in lost {
            let Asked::Controller(purpose) = request.purpose else {
                unreachable!("{:?} was asked of the controller", request.purpose)
            };
            let forgets = switches.breaks(Mutant::ProposalLost);
            if !(forgets && purpose == Purpose::AlterPartition) {
                self.ask_again(purpose);
            }
        }
    }

    /// Gives the connection up, because no answer came or another is the controller now, and sends again at once.
    pub(crate) fn begin_anew(&mut self, cx: &mut Cx<'_>, present: &mut Present<'_>, kind: ChannelKind) {
        let lost = present.wires.begin_anew(cx, BrokerLine::Controller(kind));
        self.lost(lost, present.wires.switches);
        self.pump(cx, present, kind);
    }

    /// A connection that somebody opened to this broker is gone: nobody waits there for what is passed on.
    pub(crate) fn on_inlet_closed(&mut self, connection: ConnectionId) {
        self.forwarding.forget(connection);
    }

    /// Clients that wait for what was passed on.
    pub(crate) fn owed(&self) -> impl Iterator<Item = ReplyTo> {
        self.forwarding.owed()
    }
}
