//! Faults of the network as data, so that worlds clone, hash and serialise.

use base::{FlatMap, ProcessId, Span, Time};

/// What is wrong with one direction of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkRule {
    /// Nothing passes; what is sent waits.
    Cut,
    /// Everything takes this much longer.
    Delayed(Span),
    /// Nothing passes before this instant.
    StalledUntil(Time),
}

/// Rules by direction (from, to). No rule: the link works.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct Links {
    rules: FlatMap<(ProcessId, ProcessId), LinkRule>,
}

impl Links {
    pub(crate) fn set(&mut self, from: ProcessId, to: ProcessId, rule: LinkRule) {
        self.rules.insert((from, to), rule);
    }

    pub(crate) fn heal(&mut self, from: ProcessId, to: ProcessId) -> bool {
        self.rules.remove(&(from, to)).is_some()
    }

    pub(crate) fn rule(&self, from: ProcessId, to: ProcessId) -> Option<LinkRule> {
        if self.rules.is_empty() { None } else { self.rules.get(&(from, to)).copied() }
    }

    pub(crate) fn is_cut(&self, from: ProcessId, to: ProcessId) -> bool {
        self.rule(from, to) == Some(LinkRule::Cut)
    }

    /// Either direction silent: no handshake can end.
    pub(crate) fn blocks_handshake(&self, a: ProcessId, b: ProcessId) -> bool {
        self.is_cut(a, b) || self.is_cut(b, a)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (ProcessId, ProcessId, LinkRule)> {
        self.rules.iter().map(|((from, to), rule)| (*from, *to, *rule))
    }
}
