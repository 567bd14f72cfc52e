//! Who hears what happens in a world. Listening changes nothing.

use crate::journal::Passing;
use base::{ProcessId, Time};
use port::Fact;

/// Who listens to facts.
pub trait FactSink {
    /// Something happened on `process` at `at`.
    fn fact(&mut self, at: Time, process: ProcessId, fact: Fact);
    /// When false, facts are never built.
    fn wants_facts(&self) -> bool {
        true
    }
    /// Something happened to a message; told only to whom wants to know.
    fn message(&mut self, _passing: &Passing<'_>) {}
    /// When false, nothing is told of messages.
    fn wants_messages(&self) -> bool {
        false
    }
}

/// Nobody listens.
pub struct NoFacts;

impl FactSink for NoFacts {
    fn fact(&mut self, _at: Time, _process: ProcessId, _fact: Fact) {}
    fn wants_facts(&self) -> bool {
        false
    }
}

impl FactSink for Vec<(Time, ProcessId, Fact)> {
    fn fact(&mut self, at: Time, process: ProcessId, fact: Fact) {
        self.push((at, process, fact));
    }
}
