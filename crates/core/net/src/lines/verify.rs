//! What always holds of an owner's lines between two events.

use super::{LineKey, Lines};
use crate::line::LineState;
use crate::timer::LineTimer;
use base::{ConnectionId, FlatSet, TimerKey, TimerTable};

impl<K: LineKey, P> Lines<K, P> {
    /// Checks what always holds. Costs as much as there are lines and requests in flight.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify<T: From<LineTimer<K>> + TimerKey>(&self, timers: &TimerTable<T>) {
        let mut connections: FlatSet<ConnectionId> = FlatSet::new();
        let mut numbers: FlatSet<i32> = FlatSet::new();
        for (key, line) in self.iter() {
            // Events come by connection: two lines with the same one would hear each other's answers.
            if let Some(connection) = line.connection() {
                assert!(connection >= self.first, "{key:?} has a connection of a former life");
                assert!(connections.insert(connection), "{key:?} has another line's connection");
            }
            // What was asked on a connection that is gone was given back to whoever asked.
            let idle = line.in_flight.is_empty() && line.forgotten == 0;
            assert!(line.is_connected() || idle, "{key:?} waits for answers without a connection");
            assert!(line.in_flight.len() as u32 <= line.rules.in_flight_max, "{key:?} asks more than it may");
            // Answers are told apart by number.
            let distinct = line.in_flight.iter().all(|request| numbers.insert(request.correlation_id));
            assert!(distinct, "{key:?} has a number in flight twice");
            let in_order = line.in_flight.iter().is_sorted_by_key(|request| request.sent_at);
            assert!(in_order, "{key:?} has its requests out of order");
            // Nobody waits for ever, neither for an answer nor for a connection.
            if let Some(first) = line.first_deadline() {
                let timer = timers.deadline(&LineTimer::Answer(key).into());
                assert!(timer.is_some_and(|at| at <= first), "{key:?} waits for an answer without end: {timer:?}");
            }
            if matches!(line.state, LineState::Connecting(_)) && line.rules.setup.is_some() {
                let timer = timers.deadline(&LineTimer::Setup(key).into());
                assert!(timer.is_some(), "{key:?} waits for a connection without end");
            }
        }
    }
}
