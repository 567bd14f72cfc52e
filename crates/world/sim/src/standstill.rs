//! Notices a clock that stands still while events rise: every event has an instant of its own, so a cluster that answers
//! without any delay moves time on by a nanosecond per event and would never reach the next second.
//!
//! This watches a run and is no part of it: digests do not know of it, and nothing is ever stopped here.

use base::{ProcessId, Span, Time};

/// So many events within [`STANDSTILL_SPAN`] are a standstill. Nodes that take any time for their work come to a
/// hundredth of it.
pub const STANDSTILL_EVENTS: u64 = 100_000;

/// Virtual time in which so many events are too many.
pub const STANDSTILL_SPAN: Span = Span::from_millis(1);

/// A clock that stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standstill {
    /// When it began.
    pub since: Time,
    /// Events from then on.
    pub events: u64,
    /// Who did most of them, if one did more than half; else one of those that did much.
    pub busiest: ProcessId,
}

/// Counts events by spans of virtual time.
#[derive(Clone, Debug)]
pub(crate) struct Crowding {
    since: Time,
    events: u64,
    /// When the present span began, and its events.
    span: Time,
    in_span: u64,
    /// Majority vote (Boyer and Moore): two numbers find who has more than half.
    candidate: ProcessId,
    votes: u64,
}

impl Crowding {
    pub(crate) fn new() -> Crowding {
        let start = Time::ZERO;
        Crowding { since: start, events: 0, span: start, in_span: 0, candidate: ProcessId(0), votes: 0 }
    }

    /// An event at that instant.
    pub(crate) fn note(&mut self, now: Time, process: ProcessId) {
        if now > self.span + STANDSTILL_SPAN {
            if self.in_span < STANDSTILL_EVENTS {
                (self.since, self.events, self.votes) = (now, 0, 0);
            }
            (self.span, self.in_span) = (now, 0);
        }
        self.events += 1;
        self.in_span += 1;
        if self.votes == 0 {
            self.candidate = process;
        }
        if self.candidate == process {
            self.votes += 1;
        } else {
            self.votes -= 1;
        }
    }

    /// Also while a new span begins, as long as the one before was one.
    pub(crate) fn standstill(&self) -> Option<Standstill> {
        let stands = self.in_span >= STANDSTILL_EVENTS || self.events > self.in_span;
        stands.then_some(Standstill { since: self.since, events: self.events, busiest: self.candidate })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standstill_begins_with_its_first_event_and_ends_with_the_first_quiet_span() {
        let mut crowding = Crowding::new();
        let busy = |crowding: &mut Crowding, from: u64, events: u64| {
            (0..events).for_each(|at| crowding.note(Time(from + at), ProcessId(if at % 3 == 0 { 1 } else { 2 })));
        };
        busy(&mut crowding, 5_000_000, STANDSTILL_EVENTS - 1);
        assert_eq!(crowding.standstill(), None);
        busy(&mut crowding, 5_100_000, 1_500_000);
        let found = crowding.standstill().expect("a nanosecond per event");
        assert_eq!((found.since, found.events, found.busiest), (Time(5_000_000), 1_599_999, ProcessId(2)));
        for at in 1..40 {
            crowding.note(Time(6_600_000 + at * 500_000), ProcessId(3));
        }
        assert_eq!(crowding.standstill(), None);
    }
}
