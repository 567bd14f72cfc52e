//! A journal of messages: who sent what to whom, when it was sent, and what became of it. It is told by the network
//! while a world runs and somebody listens ([`FactSink::message`]); nothing of it is kept in the world, so a run costs
//! and digests the same whether anybody listens or not (decision 040). Whoever wants the journal of a stretch that
//! is past runs it again from a state before it.
//!
//! It is no trace of what processes did with a message: one that has arrived may wait for a busy or paused process.

mod passing;
mod tell;

pub use passing::{MessageId, Outcome, Passing, Refused, Sent};

use crate::meters::Meters;
use crate::sink::FactSink;
use crate::world::World;
use api::{Message, MessageKind};
use base::{FlatMap, ProcessId, Time};
use port::Fact;

/// One message and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Tells it from all others of a run.
    pub id: MessageId,
    pub from: ProcessId,
    /// `None`: it was sent on a connection that the network has forgotten, and only the sender's own number of it is left.
    pub to: Option<ProcessId>,
    /// Kafka's name of the API, for requests and answers alike.
    pub kind: MessageKind,
    pub is_request: bool,
    /// The request's version; answers carry none.
    pub version: Option<i16>,
    /// The same in a request and its answer; none in other families' messages.
    pub correlation_id: Option<i32>,
    /// On the wire (`Message::size`).
    pub bytes: u32,
    /// The world's number of the connection; missing where `to` is.
    pub connection: Option<u32>,
    /// When it left its sender.
    pub sent: Time,
    /// When it is to arrive if nothing is in its way. What was under way when the telling began was sent before, and
    /// this is what was planned for it then.
    pub due: Time,
    /// What became of it and when; `None`: it has not come to an end yet.
    pub end: Option<(Time, Outcome)>,
}

/// Where a message stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It arrives at [`Told::due`].
    UnderWay,
    /// It should have arrived at [`Told::due`]; a rule of its link holds it, or one before it on its connection.
    Held,
    Ended(Time, Outcome),
}

impl Told {
    fn new(id: MessageId, line: Line, message: &Message, (sent, due): (Time, Time)) -> Told {
        let (version, correlation_id) = match message {
            Message::Kafka(kafka) => {
                let version = match &kafka.body {
                    api::Body::Request(request) => Some(kafka.version.number(request.api_key())),
                    api::Body::Response(_) => None,
                };
                (version, Some(kafka.correlation_id))
            }
            Message::Other(_) => (None, None),
        };
        Told {
            id,
            from: line.from,
            to: line.to,
            kind: message.kind(),
            is_request: message.is_request(),
            version,
            correlation_id,
            bytes: message.size(),
            connection: line.connection,
            sent,
            due,
            end: None,
        }
    }

    /// Where it stood at `at`, as far as `at` and what came before tell: what becomes of it later is not in it.
    pub fn standing(&self, at: Time) -> Standing {
        match self.end {
            Some((end, outcome)) if end <= at => Standing::Ended(end, outcome),
            Some(_) | None if self.due <= at => Standing::Held,
            Some(_) | None => Standing::UnderWay,
        }
    }

    /// Was it under way at some instant after `from` and up to `until`?
    pub fn is_within(&self, from: Time, until: Time) -> bool {
        self.sent <= until && self.end.is_none_or(|(end, _)| end > from)
    }

    /// How much later than planned it arrived, if it did: it was held, or stood behind one that was.
    pub fn delayed_by(&self) -> base::Span {
        match self.end {
            Some((end, Outcome::Arrived)) => end.since(self.due),
            Some((_, Outcome::Lost | Outcome::Unread | Outcome::Reset | Outcome::Refused(_))) | None => {
                base::Span::ZERO
            }
        }
    }
}

/// Between whom, and on which connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub from: ProcessId,
    /// As [`Told::to`].
    pub to: Option<ProcessId>,
    /// As [`Told::connection`].
    pub connection: Option<u32>,
}

/// Listens to a world and writes down its messages, from a state of it on.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    under_way: FlatMap<MessageId, Told>,
    /// Those that have come to an end, in the order of their ends.
    ended: Vec<Told>,
    /// Of each sender: when its last one was refused, and how many then. Refused messages have no place on a lane.
    refused: FlatMap<ProcessId, (Time, u64)>,
    /// The one message that is wanted whole, and it, once it was sent.
    wanted: Option<(MessageId, Option<Message>)>,
}

impl Journal {
    /// Begins with what is under way in the world as it stands.
    pub fn of(world: &World) -> Journal {
        let mut journal = Journal::default();
        for (connection, open) in world.network().connections() {
            for lane in 0..2_u8 {
                let (from, to) = open.direction(lane);
                let line = Line { from, to: Some(to), connection: Some(connection) };
                for flight in &open.lanes[usize::from(lane)].in_flight {
                    let id = MessageId { connection, lane, number: flight.number };
                    let told = Told::new(id, line, &flight.message, (flight.sent, flight.arrives));
                    journal.under_way.insert(id, told);
                }
            }
        }
        journal
    }

    /// The same, with one message that is kept whole when it comes by.
    pub fn wanting(world: &World, id: MessageId) -> Journal {
        let flights = world.network().connection(id.connection).filter(|_| id.lane < 2);
        let flight = flights.and_then(|open| {
            open.lanes[usize::from(id.lane)].in_flight.iter().find(|flight| flight.number == id.number)
        });
        let found = flight.map(|flight| (*flight.message).clone());
        Journal { wanted: Some((id, found)), ..Journal::of(world) }
    }

    /// The message that was wanted, if it has come by.
    pub fn found(&self) -> Option<&Message> {
        self.wanted.as_ref()?.1.as_ref()
    }

    /// A message sets out, or was refused: is it the one?
    fn look_at(&mut self, id: MessageId, message: &Message) {
        if let Some((wanted, found)) = &mut self.wanted
            && *wanted == id
        {
            *found = Some(message.clone());
        }
    }

    /// Every message that was under way at some instant after `from` and up to `until`, in the order in which they were
    /// sent. The world must have run up to `until`, and the journal have begun at `from` or before.
    pub fn between(&self, from: Time, until: Time) -> Vec<&Told> {
        let all = self.ended.iter().chain(self.under_way.values());
        let mut within: Vec<&Told> = all.filter(|told| told.is_within(from, until)).collect();
        base::sort_by_key(&mut within, |told| (told.sent, told.id));
        within
    }

    /// Messages held here.
    pub fn len(&self) -> usize {
        self.ended.len() + self.under_way.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets those that came to their end at `from` or before.
    pub fn forget_before(&mut self, from: Time) {
        self.ended.retain(|told| told.is_within(from, Time::MAX));
    }

    fn note(&mut self, passing: &Passing<'_>) {
        match passing {
            Passing::Sent(sent) => {
                let line = Line { from: sent.from, to: Some(sent.to), connection: Some(sent.id.connection) };
                let told = Told::new(sent.id, line, sent.message, (sent.sent, sent.due));
                self.look_at(sent.id, sent.message);
                let before = self.under_way.insert(sent.id, told);
                assert!(before.is_none(), "{:?} is sent twice", sent.id);
            }
            Passing::Ended { id, at, outcome } => {
                // Whoever listens from the beginning, or began with what was under way, has heard of it.
                let mut told = self.under_way.remove(id).unwrap_or_else(|| panic!("{id:?} ends and was never sent"));
                told.end = Some((*at, *outcome));
                self.ended.push(told);
            }
            Passing::Refused { line, message, at, why } => {
                let last = self.refused.get(&line.from).filter(|(last, _)| last == at);
                let before = last.map_or(0, |(_, count)| *count);
                self.refused.insert(line.from, (*at, before + 1));
                // Which ones they are shall not depend on where the telling began. A sender is one end of a connection; one
                // without is told from the others' by the sender.
                let connection = line.connection.unwrap_or(u32::MAX - line.from.0);
                let number = at.0.saturating_mul(MessageId::REFUSED_AT_ONCE).saturating_add(before);
                let id = MessageId { connection, lane: MessageId::NO_LANE, number };
                let mut told = Told::new(id, *line, message, (*at, *at));
                told.end = Some((*at, Outcome::Refused(*why)));
                self.look_at(id, message);
                self.ended.push(told);
            }
        }
    }
}

impl FactSink for Journal {
    fn fact(&mut self, _at: Time, _process: ProcessId, _fact: Fact) {}

    fn wants_facts(&self) -> bool {
        false
    }

    fn wants_messages(&self) -> bool {
        true
    }

    fn message(&mut self, passing: &Passing<'_>) {
        self.note(passing);
    }
}

/// Facts, messages in their place, or both as meters, by what it was made for: one listener of one type, so that a program
/// holds one world's code and not one for each kind of listener.
#[derive(Debug, Default)]
pub struct Ear {
    pub facts: Vec<(Time, ProcessId, Fact)>,
    /// When there is a journal, facts are not built.
    pub journal: Option<Journal>,
    /// They hear facts before these are kept.
    pub meters: Option<Box<Meters>>,
}

impl FactSink for Ear {
    fn fact(&mut self, at: Time, process: ProcessId, fact: Fact) {
        if let Some(meters) = &mut self.meters {
            meters.note(at, process, &fact);
        }
        if self.journal.is_none() {
            self.facts.push((at, process, fact));
        }
    }

    fn wants_facts(&self) -> bool {
        self.journal.is_none()
    }

    fn wants_messages(&self) -> bool {
        self.journal.is_some() || self.meters.is_some()
    }

    fn message(&mut self, passing: &Passing<'_>) {
        if let Some(journal) = &mut self.journal {
            journal.note(passing);
        }
        if let Some(meters) = &mut self.meters {
            meters.note_message(passing);
        }
    }
}

#[cfg(test)]
mod tests;
