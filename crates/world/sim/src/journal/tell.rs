//! The places where a world tells what becomes of messages.

use super::{Line, MessageId, Outcome, Passing, Refused, Sent};
use crate::sink::FactSink;
use crate::world::World;
use api::Message;
use base::{ProcessId, Time};

impl World {
    /// The last message of a lane has just set out.
    pub(crate) fn tell_sent(&self, id: u32, lane: u8, facts: &mut impl FactSink) {
        if !facts.wants_messages() {
            return;
        }
        let connection = self.network.connection(id).expect("a message was just sent on it");
        let (from, to) = connection.direction(lane);
        let last = connection.lanes[usize::from(lane)].in_flight.back().expect("a message was just sent on it");
        let id = MessageId { connection: id, lane, number: last.number };
        facts.message(&Passing::Sent(Sent {
            id,
            from,
            to,
            message: &last.message,
            sent: last.sent,
            due: last.arrives,
        }));
    }

    /// Whatever is still under way on a lane comes to nothing now, or as it leaves its busy sender.
    pub(crate) fn tell_dropped(&self, (id, lane): (u32, u8), outcome: Outcome, facts: &mut impl FactSink) {
        if !facts.wants_messages() {
            return;
        }
        let connection = self.network.connection(id).expect("its messages are told before it is forgotten");
        for flight in &connection.lanes[usize::from(lane)].in_flight {
            let id = MessageId { connection: id, lane, number: flight.number };
            facts.message(&Passing::Ended { id, at: self.now.max(flight.sent), outcome });
        }
    }

    /// A message was sent that cannot set out. `connection`: its number and its receiver, where they are known.
    pub(crate) fn tell_refused(
        &self,
        (from, connection): (ProcessId, Option<(u32, ProcessId)>),
        (message, why): (&Message, Refused),
        at: Time,
        facts: &mut impl FactSink,
    ) {
        if facts.wants_messages() {
            let line = Line { from, to: connection.map(|(_, to)| to), connection: connection.map(|(id, _)| id) };
            facts.message(&Passing::Refused { line, message, at, why });
        }
    }
}
