//! Faults of the network as data, so that worlds clone, hash and serialise.

use api::MessageKind;
use base::{FlatMap, ProcessId, Span, Time};

/// What is wrong with one direction of a link. Rules of different kinds stand beside each other: a slow link that is
/// cut is slow again when the cut alone ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkRule {
    /// Nothing passes; what is sent waits.
    Cut,
    /// Nothing passes before this instant.
    StalledUntil(Time),
    /// Messages of this kind, requests or answers, wait for the link to heal, and on their connection all that follows:
    /// a connection has an order.
    Held(MessageKind),
    /// The next `left` messages of this kind are lost and nobody is told, as a middle box in trouble does it. Their
    /// connections live on.
    Lost { api: MessageKind, left: u32 },
    /// Everything takes this much longer.
    Delayed(Span),
}

impl LinkRule {
    /// Can both stand in one direction? A second one of a kind takes the first one's place.
    fn is_beside(self, other: LinkRule) -> bool {
        match (self, other) {
            (LinkRule::Held(one), LinkRule::Held(other)) => one != other,
            (LinkRule::Lost { api: one, .. }, LinkRule::Lost { api: other, .. }) => one != other,
            (one, other) => std::mem::discriminant(&one) != std::mem::discriminant(&other),
        }
    }
}

/// What becomes of a message that stands at the end of its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Passes,
    /// Until somebody heals the link.
    Waits,
    WaitsUntil(Time),
    IsLost,
}

/// Rules by direction (from, to), the gravest first. No rule: the link works.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct Links {
    rules: FlatMap<(ProcessId, ProcessId), Vec<LinkRule>>,
}

impl Links {
    /// A rule of the same kind takes the place of the one before; others stay beside it.
    pub(crate) fn set(&mut self, from: ProcessId, to: ProcessId, rule: LinkRule) {
        let rules = self.rules.entry((from, to)).or_default();
        rules.retain(|there| there.is_beside(rule));
        let at = rules.iter().position(|there| *there > rule).unwrap_or(rules.len());
        rules.insert(at, rule);
    }

    /// Takes all rules of that direction away.
    pub(crate) fn heal(&mut self, from: ProcessId, to: ProcessId) -> bool {
        self.rules.remove(&(from, to)).is_some()
    }

    /// What holds in that direction.
    fn rules(&self, from: ProcessId, to: ProcessId) -> &[LinkRule] {
        if self.rules.is_empty() { &[] } else { self.rules.get(&(from, to)).map_or(&[], Vec::as_slice) }
    }

    /// Does nothing at all pass?
    pub(crate) fn is_cut(&self, from: ProcessId, to: ProcessId) -> bool {
        self.rules(from, to).contains(&LinkRule::Cut)
    }

    /// How much longer everything takes.
    pub(crate) fn delay(&self, from: ProcessId, to: ProcessId) -> Span {
        let delay = |rule: &LinkRule| match rule {
            LinkRule::Delayed(by) => Some(*by),
            LinkRule::Cut | LinkRule::StalledUntil(_) | LinkRule::Held(_) | LinkRule::Lost { .. } => None,
        };
        self.rules(from, to).iter().find_map(delay).unwrap_or(Span::ZERO)
    }

    /// When what has no API of its own (a reset, a handshake's answer) passes that would be there at `at`; `None`: not
    /// while the link is cut.
    pub(crate) fn passes_at(&self, from: ProcessId, to: ProcessId, at: Time) -> Option<Time> {
        self.rules(from, to).iter().try_fold(at + self.delay(from, to), |at, rule| match rule {
            LinkRule::Cut => None,
            LinkRule::StalledUntil(until) => Some(at.max(*until)),
            LinkRule::Held(_) | LinkRule::Lost { .. } | LinkRule::Delayed(_) => Some(at),
        })
    }

    /// What becomes of a message of that kind at `at`; one that is lost is counted.
    pub(crate) fn fate(&mut self, from: ProcessId, to: ProcessId, message: (MessageKind, Time)) -> Fate {
        if self.rules(from, to).is_empty() {
            return Fate::Passes;
        }
        let (api, at) = message;
        let rules = self.rules.get_mut(&(from, to)).expect("there are some");
        let fate = |rule: &LinkRule| match rule {
            LinkRule::Cut => Some(Fate::Waits),
            LinkRule::StalledUntil(until) if *until > at => Some(Fate::WaitsUntil(*until)),
            LinkRule::Held(held) if *held == api => Some(Fate::Waits),
            LinkRule::Lost { api: lost, .. } if *lost == api => Some(Fate::IsLost),
            LinkRule::StalledUntil(_) | LinkRule::Held(_) | LinkRule::Lost { .. } | LinkRule::Delayed(_) => None,
        };
        // The rules there are concern other messages.
        let Some(fate) = rules.iter().find_map(fate) else { return Fate::Passes };
        if fate == Fate::IsLost {
            count_down(rules, api);
            if rules.is_empty() {
                self.rules.remove(&(from, to));
            }
        }
        fate
    }

    /// Either direction silent: no handshake can end.
    pub(crate) fn blocks_handshake(&self, a: ProcessId, b: ProcessId) -> bool {
        self.is_cut(a, b) || self.is_cut(b, a)
    }

    /// Every rule with its direction.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ProcessId, ProcessId, LinkRule)> {
        self.rules.iter().flat_map(|((from, to), rules)| rules.iter().map(|rule| (*from, *to, *rule)))
    }
}

/// One message of that kind was lost.
fn count_down(rules: &mut Vec<LinkRule>, api: MessageKind) {
    for rule in rules.iter_mut() {
        if let LinkRule::Lost { api: lost, left } = rule
            && *lost == api
        {
            *left = left.saturating_sub(1);
        }
    }
    rules.retain(|rule| !matches!(rule, LinkRule::Lost { left: 0, .. }));
}
