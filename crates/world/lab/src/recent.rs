//! The visible facts of the last moments, which a picture shows as movement. They are no part of the state: what is
//! missing is derived again on the way to a place.

use crate::history::RECENT_FACTS;
use crate::run::Happening;
use crate::visible::{Visibility, classify};
use base::Time;
use std::collections::VecDeque;

/// So many are held, so that a step back finds those that it shows again, and whoever reads every one of them finds those
/// of a short way.
const HELD_FACTS: usize = 2 * RECENT_FACTS;

/// Visible facts of the last moments, so many as pictures near the cursor may show.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent {
    facts: VecDeque<Happening>,
    /// Every visible fact after this instant…
    pub(crate) from: Time,
    /// …up to this one is held.
    pub(crate) until: Time,
}

impl Recent {
    /// The cursor moves to `at`: holds on to what comes not after `until`; `None`: to nothing.
    pub(crate) fn keep(&mut self, at: Time, until: Option<Time>) {
        let Some(until) = until else {
            *self = Recent { facts: VecDeque::new(), from: at, until: at };
            return;
        };
        let keep = self.facts.partition_point(|happening| happening.at <= until);
        self.facts.truncate(keep);
        self.until = self.until.min(until);
    }

    /// Takes what the cursor came across on its way to `at`; what is held already is passed over.
    pub(crate) fn add(&mut self, facts: &mut Vec<Happening>, at: Time) {
        let (known, visible) = (self.until, |fact: &Happening| classify(&fact.fact).0 != Visibility::Waiting);
        self.facts.extend(facts.drain(..).filter(|fact| fact.at > known && visible(fact)));
        self.until = self.until.max(at);
        while self.facts.len() > HELD_FACTS {
            self.from = self.facts.pop_front().map_or(self.from, |dropped| dropped.at);
        }
    }

    /// Those after an instant, the newest [`RECENT_FACTS`] at most.
    pub(crate) fn after(&self, from: Option<Time>) -> impl Iterator<Item = &Happening> {
        let first = from.map_or(0, |from| self.facts.partition_point(|fact| fact.at <= from));
        self.facts.range(first.max(self.facts.len().saturating_sub(RECENT_FACTS))..)
    }

    /// Every one after an instant that is still held.
    pub(crate) fn since(&self, from: Time) -> impl Iterator<Item = &Happening> {
        self.facts.range(self.facts.partition_point(|fact| fact.at <= from)..)
    }
}
