//! Connections: ordered and reliable while they live, refused, stalled or reset otherwise.

use crate::faults::{LinkRule, Links};
use api::Message;
use base::{ConnectionId, Endpoint, FlatMap, ProcessId, Shared, Time};
use port::{CloseReason, Listener, Owner};
use std::collections::VecDeque;
use std::sync::Arc;

/// All connections, who listens where, and what is wrong with the links.
#[derive(Clone, Debug, Default, Hash)]
pub struct Network {
    /// By number; a number is never used again.
    connections: FlatMap<u32, Shared<Connection>>,
    by_end: Shared<FlatMap<(ProcessId, ConnectionId), u32>>,
    pub(crate) listeners: Shared<FlatMap<Endpoint, (ProcessId, Listener)>>,
    pub(crate) links: Shared<Links>,
    next_connection: u32,
}

/// One connection. End 0 opened it, end 1 accepted it; lane 0 leads from end 0 to end 1.
#[derive(Clone, Debug, Hash)]
pub struct Connection {
    pub ends: [End; 2],
    pub state: ConnectionState,
    pub lanes: [Lane; 2],
    pub endpoint: Endpoint,
    /// When it was asked for, then when it opened.
    pub since: Time,
}

/// A process's end and the number by which it knows the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct End {
    pub process: ProcessId,
    pub number: ConnectionId,
    /// Whose it is there; for the one who accepts, the listener that it leads to.
    pub owner: Owner,
    /// Has this end not yet been told that the connection is over?
    pub open: bool,
}

/// How a connection stands. Its ends may believe something else for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionState {
    /// The handshake is under way; it ends at the instant.
    Connecting {
        until: Time,
    },
    Open,
    /// Over; the ends learn of it as their `Closing` comes due.
    Closed(CloseReason),
    /// The other machine lost power: nobody tells us.
    Dead,
}

/// One direction: what is in flight, in order.
#[derive(Clone, Debug, Default, Hash)]
pub struct Lane {
    pub in_flight: VecDeque<InFlight>,
    next_message: u64,
    last_arrival: Time,
    /// The first message waits for the link to heal.
    pub held: bool,
}

/// A message between its send and its arrival.
#[derive(Clone, Debug, Hash)]
pub struct InFlight {
    pub message: Arc<Message>,
    pub sent: Time,
    pub arrives: Time,
    pub(crate) number: u64,
}

impl Network {
    /// Every connection that somebody still believes to be there, with its number.
    pub fn connections(&self) -> impl Iterator<Item = (u32, &Connection)> {
        self.connections.iter().map(|(id, connection)| (*id, &**connection))
    }

    /// What is wrong with the links, by direction.
    pub fn link_rules(&self) -> impl Iterator<Item = (ProcessId, ProcessId, LinkRule)> {
        self.links.iter()
    }

    /// `None`: both ends know that it is over.
    pub fn connection(&self, id: u32) -> Option<&Connection> {
        let place = self.place(id)?;
        Some(self.connections.at(place).1)
    }

    /// The same, to be changed.
    pub(crate) fn connection_mut(&mut self, id: u32) -> Option<&mut Connection> {
        let place = self.place(id)?;
        Some(self.connections.at_mut(place).1)
    }

    /// As many places before its number as connections are gone at most.
    fn place(&self, id: u32) -> Option<usize> {
        let gone = self.next_connection as usize - self.connections.len();
        let last = id as usize;
        self.connections.find_within(&id, last.saturating_sub(gone)..last + 1)
    }

    /// By the number that an end has for it.
    pub(crate) fn find(&self, process: ProcessId, number: ConnectionId) -> Option<u32> {
        // The acceptor's number tells, see `open`.
        if let (id, 1) = (number.0 / 2, number.0 % 2) {
            let id = u32::try_from(id).ok()?;
            let end = self.connection(id)?.ends[1];
            return (end.process == process && end.number == number).then_some(id);
        }
        self.by_end.get(&(process, number)).copied()
    }

    /// Who listens at the endpoint.
    pub(crate) fn listener(&self, endpoint: &Endpoint) -> Option<(ProcessId, Listener)> {
        self.listeners.get(endpoint).copied()
    }

    /// A new connection in its handshake. The acceptor's number is odd and counted for the whole world.
    pub(crate) fn open(
        &mut self,
        opener: End,
        (target, listener): (ProcessId, Listener),
        endpoint: Endpoint,
        (since, until): (Time, Time),
    ) -> u32 {
        let id = self.next_connection;
        self.next_connection += 1;
        let number = ConnectionId(u64::from(id) * 2 + 1);
        let acceptor = End { process: target, number, owner: Owner::Listener(listener), open: false };
        self.by_end.insert((opener.process, opener.number), id);
        self.by_end.insert((target, acceptor.number), id);
        let state = ConnectionState::Connecting { until };
        let connection = Connection { ends: [opener, acceptor], state, lanes: Default::default(), endpoint, since };
        self.connections.insert(id, Shared::new(connection));
        id
    }

    /// Drops a connection that both ends know to be over. Entries that still name it are void.
    pub(crate) fn forget(&mut self, id: u32) {
        if let Some(connection) = self.connections.remove(&id) {
            for end in connection.ends {
                self.by_end.remove(&(end.process, end.number));
            }
        }
    }

    /// Connections in which the process takes part.
    pub(crate) fn of(&self, process: ProcessId) -> Vec<u32> {
        let belongs = |connection: &Connection| connection.ends.iter().any(|end| end.process == process);
        self.connections().filter(|(_, connection)| belongs(connection)).map(|(id, _)| id).collect()
    }

    /// Whoever has opened them.
    pub(crate) fn between(&self, a: ProcessId, b: ProcessId) -> Vec<u32> {
        self.of(a).into_iter().filter(|id| self.connection(*id).is_some_and(|found| found.joins(a, b))).collect()
    }
}

impl Connection {
    /// Is it between those two, whoever opened it?
    pub fn joins(&self, a: ProcessId, b: ProcessId) -> bool {
        let [first, second] = self.ends.map(|end| end.process);
        (first, second) == (a, b) || (first, second) == (b, a)
    }

    /// From whom to whom a lane leads.
    pub fn direction(&self, lane: u8) -> (ProcessId, ProcessId) {
        let [opener, acceptor] = self.ends.map(|end| end.process);
        if lane == 0 { (opener, acceptor) } else { (acceptor, opener) }
    }

    /// The port that it was opened to, by its listener.
    pub fn listener(&self) -> Listener {
        match self.ends[1].owner {
            Owner::Listener(listener) => listener,
            owner @ (Owner::Quorum(_) | Owner::Broker(_) | Owner::Client(_) | Owner::Other(_)) => {
                unreachable!("whoever accepts is a listener, not {owner:?}")
            }
        }
    }

    /// Which of the two ends: a process may be connected to itself.
    pub(crate) fn end_of(&self, process: ProcessId, number: ConnectionId) -> usize {
        usize::from(!(self.ends[0].process == process && self.ends[0].number == number))
    }
}

impl Lane {
    /// Puts a message on its way; it never overtakes the one before. Returns its number and arrival.
    pub(crate) fn push(&mut self, message: Arc<Message>, sent: Time, arrives: Time) -> (u64, Time) {
        let arrives = arrives.max(Time(self.last_arrival.0 + 1));
        self.last_arrival = arrives;
        let number = self.next_message;
        self.next_message += 1;
        self.in_flight.push_back(InFlight { message, sent, arrives, number });
        (number, arrives)
    }

    /// Is this message really the next to arrive, now? Entries of a lane that was held are void.
    pub(crate) fn delivers(&self, number: u64, at: Time) -> bool {
        !self.held && self.in_flight.front().is_some_and(|first| first.number == number && first.arrives == at)
    }

    /// The link works again: everything in flight arrives from `from` on, in order. Gives the new
    /// arrivals by message number.
    pub(crate) fn release(&mut self, from: Time) -> Vec<(u64, Time)> {
        self.held = false;
        let mut earliest = from;
        for message in &mut self.in_flight {
            message.arrives = message.arrives.max(earliest);
            earliest = Time(message.arrives.0 + 1);
            self.last_arrival = self.last_arrival.max(message.arrives);
        }
        self.in_flight.iter().map(|message| (message.number, message.arrives)).collect()
    }
}
