//! What a process's effects do to the network, and what the network does to processes.

use crate::agenda::{Due, Entry};
use crate::command::Durability;
use crate::faults::Fate;
use crate::journal::{MessageId, Outcome, Passing, Refused};
use crate::network::{ConnectionState, End};
use crate::sink::FactSink;
use crate::slot::{Delivery, Liveness};
use crate::world::{NOBODY, World};
use api::{Body, Message, Request, Response};
use base::{ConnectionId, Draw, Endpoint, ProcessId, Span, Time, TopicIdPartition};
use port::{CloseReason, Effect, Fact, Listener, WorldFact};
use std::sync::Arc;

/// How often a handshake in silence is tried again (TCP's first SYN retry).
const HANDSHAKE_RETRY: Span = Span::from_secs(1);

/// A message that should be at the end of its way.
struct Arrived {
    at: Time,
    connection: u32,
    lane: u8,
    message: u64,
}

impl World {
    /// What a process wants of the world happens when its work is done, not when it began.
    pub(crate) fn on_effect(&mut self, process: ProcessId, leave: Time, effect: Effect, facts: &mut impl FactSink) {
        match effect {
            Effect::Fact(fact) => facts.fact(self.now, process, fact),
            Effect::Connect(number, owner, endpoint) => {
                self.connect(End { process, number, owner, open: true }, endpoint, leave);
            }
            Effect::Send(number, message) => self.send((process, number), message, leave, facts),
            Effect::Close(number) => self.close((process, number), leave, facts),
            Effect::Exit => self.exit(process, leave, facts),
            Effect::Crash => self.end(process, Durability::Written, facts),
            Effect::Write(row) => self.write(process, leave, row, facts),
        }
    }

    /// One way through the network, without what rules add. Kafka's messages share the world's dice; whoever is of
    /// another family throws its own, so that a cluster runs as it does alone.
    fn flight(&mut self, from: ProcessId, bytes: u32) -> Span {
        let network = &self.setup.network;
        let bound = (network.jitter.0 as u32).saturating_add(1);
        let least = network.latency + Span(network.per_kib.0 * u64::from(bytes) / 1_024);
        least + Span(u64::from(self.dice(from).below(bound)))
    }

    /// A handshake takes a flight there; whether somebody listens shows when it arrives.
    fn connect(&mut self, opener: End, endpoint: Endpoint, leave: Time) {
        let at = self.led_to(opener.process, &endpoint).or_else(|| self.beside_of(opener.process, &endpoint));
        let at = at.unwrap_or((NOBODY, Listener::FIRST));
        let until = leave + self.flight(opener.process, 0) + self.network.links.delay(opener.process, at.0);
        let connection = self.network.open(opener, at, endpoint, (leave, until));
        self.agenda.add(until, Due::Connecting { connection });
    }

    /// A sender learns nothing of what becomes of it: no more than from a socket.
    fn send(
        &mut self,
        (process, number): (ProcessId, ConnectionId),
        message: Arc<Message>,
        leave: Time,
        facts: &mut impl FactSink,
    ) {
        let Some(id) = self.network.find(process, number) else {
            // The network has forgotten it, and the sender has not yet taken up that it is over.
            return self.tell_refused((process, None), (&message, Refused::Over), leave, facts);
        };
        let bytes = message.size();
        let flight = self.flight(process, bytes);
        let connection = self.network.connection(id).expect("whoever is found is there");
        let lane = connection.end_of(process, number) as u8;
        let (from, to) = connection.direction(lane);
        match connection.state {
            ConnectionState::Open => {}
            ConnectionState::Dead => {
                self.tell_refused((from, Some((id, to))), (&message, Refused::Unheard), leave, facts);
                return self.reset_if_peer_is_back(id, lane, leave + flight);
            }
            ConnectionState::Connecting { .. } | ConnectionState::Closed(_) => {
                return self.tell_refused((from, Some((id, to))), (&message, Refused::Over), leave, facts);
            }
        }
        self.toil.sent(self.now, process, bytes.into());
        let arrives = leave + flight + self.network.links.delay(from, to);
        let connection = self.network.connection_mut(id).expect("it was there just now");
        let (message, at) = connection.lanes[usize::from(lane)].push(message, leave, arrives);
        self.tell_sent(id, lane, facts);
        self.agenda.add(at, Due::Arrival { connection: id, lane, message });
    }

    /// A machine that lost power and is back answers traffic of its former life with a reset.
    fn reset_if_peer_is_back(&mut self, id: u32, lane: u8, at: Time) {
        let connection = self.network.connection(id).expect("somebody has sent on it");
        let (from, to) = connection.direction(lane);
        let up = self.slots.get(&to).is_some_and(|slot| slot.liveness != Liveness::PoweredOff);
        if up && !self.network.links.blocks_handshake(from, to) {
            self.over(id, CloseReason::Reset);
            self.agenda.add(at, Due::Closing { connection: id, end: lane });
        }
    }

    /// An orderly close: what this side sent before still arrives, then the peer learns of it.
    fn close(&mut self, (process, number): (ProcessId, ConnectionId), leave: Time, facts: &mut impl FactSink) {
        // The other end was first, and this one has heard of it.
        let Some(id) = self.network.find(process, number) else { return };
        let flight = self.flight(process, 0);
        let connection = self.network.connection(id).expect("whoever is found is there");
        let end = connection.end_of(process, number);
        let other = 1 - end;
        self.tell_dropped((id, other as u8), Outcome::Unread, facts);
        let connection = self.network.connection_mut(id).expect("it was there just now");
        connection.ends[end].open = false;
        connection.lanes[other].in_flight.clear();
        match connection.state {
            ConnectionState::Open => {
                let last = connection.lanes[end].in_flight.back().map_or(leave, |message| message.arrives);
                connection.state = ConnectionState::Closed(CloseReason::ByPeer);
                let at = last.max(leave + flight);
                self.agenda.add(at, Due::Closing { connection: id, end: other as u8 });
            }
            ConnectionState::Connecting { .. } | ConnectionState::Dead => self.network.forget(id),
            ConnectionState::Closed(_) if !connection.ends[other].open => self.network.forget(id),
            ConnectionState::Closed(_) => {}
        }
    }

    /// Nothing of it arrives any more.
    fn over(&mut self, id: u32, reason: CloseReason) {
        if let Some(connection) = self.network.connection_mut(id) {
            connection.state = ConnectionState::Closed(reason);
            connection.lanes.iter_mut().for_each(|lane| lane.in_flight.clear());
        }
    }

    /// A process that ends by itself closes what it has, and its peers hear of that.
    fn exit(&mut self, process: ProcessId, leave: Time, facts: &mut impl FactSink) {
        for id in self.network.of(process) {
            let own: Vec<ConnectionId> = self
                .network
                .connection(id)
                .into_iter()
                .flat_map(|connection| connection.ends)
                .filter(|end| end.process == process && end.open)
                .map(|end| end.number)
                .collect();
            own.into_iter().for_each(|number| self.close((process, number), leave, facts));
        }
        if let Some(slot) = self.slots.get_mut(&process) {
            slot.liveness = Liveness::Stopped;
            slot.since = self.now;
            slot.inbox.clear();
        }
        // A tool that is done has nobody who would miss it.
        if !self.is_tool(process) {
            facts.fact(self.now, process, Fact::World(WorldFact::ProcessStopped { clean: true }));
        }
    }

    /// The process is gone without a word of its own. In silence the peers learn nothing.
    pub(crate) fn tear_down(&mut self, process: ProcessId, silently: bool, facts: &mut impl FactSink) {
        for id in self.network.of(process) {
            let connection = self.network.connection(id).expect("each is forgotten in its own turn");
            let end = usize::from(connection.ends[0].process != process);
            let (peer, open) = (connection.ends[1 - end].process, connection.ends[1 - end].open);
            let lost = connection.lanes.iter().map(|lane| lane.in_flight.len() as u32).sum();
            let connecting = matches!(connection.state, ConnectionState::Connecting { .. });
            if connecting && end == 1 {
                continue; // Whoever asked finds nobody when the handshake arrives.
            }
            [0, 1].into_iter().for_each(|lane| self.tell_dropped((id, lane), Outcome::Reset, facts));
            if !open {
                self.network.forget(id);
                continue;
            }
            facts.fact(self.now, process, Fact::World(WorldFact::ConnectionClosed { peer, lost_messages: lost }));
            self.tell_lost(process, id, facts);
            let unheard = silently || self.network.links.is_cut(process, peer);
            self.over(id, CloseReason::Reset);
            if let Some(connection) = self.network.connection_mut(id) {
                connection.ends[end].open = false;
                if unheard {
                    connection.state = ConnectionState::Dead;
                    continue;
                }
            }
            let at = self.now + self.flight(process, 0);
            self.agenda.add(at, Due::Closing { connection: id, end: (1 - end) as u8 });
        }
    }

    /// What was on its way when the connection closed, and how far it was.
    fn tell_lost(&self, process: ProcessId, id: u32, facts: &mut impl FactSink) {
        let connection = self.network.connection(id).expect("it is torn down after this");
        for lane in 0..2_u8 {
            let (from, to) = connection.direction(lane);
            for flight in &connection.lanes[usize::from(lane)].in_flight {
                let about = about(&flight.message);
                let lost =
                    Fact::World(WorldFact::MessageLost { from, to, about, sent: flight.sent, arrives: flight.arrives });
                facts.fact(self.now, process, lost);
            }
        }
    }

    /// Something of the network is due: perhaps it is for a process.
    pub(crate) fn on_network(&mut self, entry: Entry, facts: &mut impl FactSink) -> Option<(ProcessId, Delivery)> {
        match entry.due {
            Due::Arrival { connection, lane, message } => {
                self.on_arrival(Arrived { at: entry.at, connection, lane, message }, facts)
            }
            Due::Connecting { connection } => self.on_connecting(entry.at, connection, facts),
            Due::Connected { connection } => self.on_connected(connection),
            Due::Release { connection, lane } => {
                self.release(connection, lane, entry.at);
                None
            }
            Due::Closing { connection, end } => self.on_closing(entry.at, connection, usize::from(end)),
            Due::Free { .. } | Due::Deadline { .. } | Due::Stored { .. } => None,
        }
    }

    /// Rules of the link are looked at when a message arrives: what was sent before a cut is stopped by it, too.
    fn on_arrival(&mut self, entry: Arrived, facts: &mut impl FactSink) -> Option<(ProcessId, Delivery)> {
        let Arrived { at, connection: id, lane, message } = entry;
        let connection = self.network.connection(id)?;
        let (from, to) = connection.direction(lane);
        let carrier = &connection.lanes[usize::from(lane)];
        if !carrier.delivers(message, at) {
            return None;
        }
        let api = carrier.in_flight.front()?.message.kind();
        let told = MessageId { connection: id, lane, number: message };
        let fate = self.network.links.fate(from, to, (api, at));
        let connection = self.network.connection_mut(id)?;
        let carrier = &mut connection.lanes[usize::from(lane)];
        match fate {
            Fate::Passes => {}
            Fate::Waits => {
                carrier.held = true;
                return None;
            }
            Fate::WaitsUntil(until) => {
                carrier.held = true;
                self.agenda.add(until, Due::Release { connection: id, lane });
                return None;
            }
            Fate::IsLost => {
                let lost = carrier.in_flight.pop_front()?;
                facts.message(&Passing::Ended { id: told, at, outcome: Outcome::Lost });
                let about = about(&lost.message);
                let fact = WorldFact::MessageLost { from, to, about, sent: lost.sent, arrives: lost.arrives };
                facts.fact(at, from, Fact::World(fact));
                facts.fact(at, from, Fact::World(WorldFact::ChosenMessageLost { peer: to, api }));
                return None;
            }
        }
        let arrived = carrier.in_flight.pop_front()?;
        let end = connection.ends[usize::from(1 - lane)];
        let outcome = if end.open { Outcome::Arrived } else { Outcome::Unread };
        facts.message(&Passing::Ended { id: told, at, outcome });
        end.open.then(|| (end.process, Delivery::Received(end.number, end.owner, arrived.message)))
    }

    /// A held lane works again.
    pub(crate) fn release(&mut self, id: u32, lane: u8, at: Time) {
        let now = self.now;
        // It ended while it was held: the entry in the agenda is void.
        let Some(connection) = self.network.connection_mut(id) else { return };
        let carrier = &mut connection.lanes[usize::from(lane)];
        if !carrier.held {
            return;
        }
        let arrivals = carrier.release(Time(at.max(now).0 + 1));
        for (message, at) in arrivals {
            self.agenda.add(at, Due::Arrival { connection: id, lane, message });
        }
    }

    /// Behind a cut or at a dead machine nobody answers, so that the opener tries again and gives up in the end;
    /// where a machine lives and nobody listens, it is refused at once.
    fn on_connecting(&mut self, at: Time, id: u32, facts: &mut impl FactSink) -> Option<(ProcessId, Delivery)> {
        let connection = self.network.connection(id)?;
        let [opener, acceptor] = connection.ends;
        let gives_up = connection.since + self.setup.network.connect_timeout;
        let target = self.slots.get(&acceptor.process).map(|slot| slot.liveness);
        let silent = self.network.links.blocks_handshake(opener.process, acceptor.process)
            || target == Some(Liveness::PoweredOff);
        if silent {
            if at >= gives_up {
                return self.refuse(id, CloseReason::TimedOut);
            }
            let again = (at + HANDSHAKE_RETRY).min(gives_up);
            self.agenda.add(again, Due::Connecting { connection: id });
            return None;
        }
        if !target.is_some_and(Liveness::is_up) {
            let endpoint = connection.endpoint.clone();
            let is_known = self.knows(opener.process, &endpoint.host);
            facts.fact(self.now, opener.process, Fact::World(WorldFact::ConnectionRefused { endpoint }));
            return self.refuse(id, if is_known { CloseReason::Refused } else { CloseReason::UnknownHost });
        }
        let listener = connection.listener();
        let flight = self.flight(acceptor.process, 0) + self.network.links.delay(acceptor.process, opener.process);
        let connection = self.network.connection_mut(id)?;
        connection.state = ConnectionState::Open;
        connection.since = at;
        connection.ends[1].open = true;
        self.agenda.add(at + flight, Due::Connected { connection: id });
        Some((acceptor.process, Delivery::Accepted(acceptor.number, listener)))
    }

    /// The opener learns that there is no connection.
    fn refuse(&mut self, id: u32, reason: CloseReason) -> Option<(ProcessId, Delivery)> {
        let opener = self.network.connection(id)?.ends[0];
        self.network.forget(id);
        opener.open.then_some((opener.process, Delivery::Closed(opener.number, opener.owner, reason)))
    }

    /// The answer of the handshake has come back.
    fn on_connected(&mut self, id: u32) -> Option<(ProcessId, Delivery)> {
        let connection = self.network.connection(id)?;
        let opener = connection.ends[0];
        let alive = matches!(connection.state, ConnectionState::Open | ConnectionState::Dead);
        (alive && opener.open).then_some((opener.process, Delivery::Connected(opener.number, opener.owner)))
    }

    /// One end learns that it is over.
    fn on_closing(&mut self, at: Time, id: u32, end: usize) -> Option<(ProcessId, Delivery)> {
        let connection = self.network.connection(id)?;
        // The other machine lost power before its goodbye was due: nobody says it any more.
        let ConnectionState::Closed(reason) = connection.state else { return None };
        // A goodbye is a message too: it does not cross a cut, and it comes after what was sent before it.
        let (from, to) = connection.direction(1 - end as u8);
        let waits = self.network.links.is_cut(from, to) || !connection.lanes[1 - end].in_flight.is_empty();
        if reason == CloseReason::ByPeer && waits && connection.ends[end].open {
            self.agenda.add(at + HANDSHAKE_RETRY, Due::Closing { connection: id, end: end as u8 });
            return None;
        }
        let connection = self.network.connection_mut(id)?;
        let told = connection.ends[end];
        connection.ends[end].open = false;
        if !connection.ends[1 - end].open {
            self.network.forget(id);
        }
        told.open.then_some((told.process, Delivery::Closed(told.number, told.owner, reason)))
    }
}

/// The partition whose records a message carries, or whose write it answers.
fn about(message: &Message) -> Option<TopicIdPartition> {
    // What other families' messages are about only they know.
    let Message::Kafka(message) = message else { return None };
    let (topic, partition) = match &message.body {
        Body::Request(Request::Produce(produce)) => {
            produce.partitions.first().map(|part| (part.topic, part.partition))?
        }
        Body::Response(Response::Produce(produce)) => {
            produce.partitions.first().map(|part| (part.topic, part.partition))?
        }
        Body::Response(Response::Fetch(fetch)) => {
            let full = fetch.partitions.iter().find(|part| !part.records.is_empty())?;
            (full.topic, full.partition)
        }
        Body::Request(_) | Body::Response(_) => return None,
    };
    Some(TopicIdPartition { topic, partition })
}
