//! What Kafka's tools ask for, as a conversation: what is known so far, what is missing first, and whom that is asked.
//!
//! Nothing says in which order requests go but what is missing: a coordinator or a leader that is not one any more is
//! forgotten, and asked for again for that reason. Kafka: `AdminApiDriver` with its handlers and lookup strategies,
//! and what `ConsumerGroupCommand` and its like call one after the other. One request is under way at a time, where
//! Kafka asks several brokers at once.

mod hear;
mod known;
mod route;
mod route_groups;
mod want;

#[cfg(test)]
mod tests;

use super::operation::Whom;
use api::{Request, Response};
use base::{BrokerId, ErrorCode, Span, Str, Timestamp};
use known::Known;
use port::{Ask, Said, Told};
pub(crate) use want::Want;

/// An [`Ask`] under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Inquiry {
    ask: Ask,
    known: Known,
    /// What is asked now, or waits to be.
    want: Option<Want>,
    /// The client's clock when it was asked.
    asked_at: Timestamp,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Ask(Want),
    Done(Told),
    Failed(ErrorCode, Option<Str>),
}

/// What an answer was worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// It is known now.
    On,
    /// It is to be asked again, after a while.
    Again,
    Failed(ErrorCode, Option<Str>),
}

/// Where one part of the way to an answer leads: the value, or what comes first.
type Way<T> = Result<T, Box<Step>>;

impl Inquiry {
    pub(crate) fn new(ask: Ask, asked_at: Timestamp) -> Inquiry {
        Inquiry { ask, known: Known::default(), want: None, asked_at }
    }

    /// Looks for what is missing. What is to be asked is kept until it is answered.
    pub(crate) fn step(&mut self) -> Step {
        let step = self.route().unwrap_or_else(|step| *step);
        self.want = match &step {
            Step::Ask(want) => Some(want.clone()),
            Step::Done(_) | Step::Failed(..) => None,
        };
        step
    }

    /// Whom the next request goes to.
    pub(crate) fn whom(&self) -> Whom {
        self.want.as_ref().map_or(Whom::Any, Want::whom)
    }

    /// The next request.
    pub(crate) fn request(&self, timeout: Span) -> Option<Request> {
        Some(self.want.as_ref()?.request(&self.ask, timeout))
    }

    /// Kafka's name of the call that is under way: a driver's calls say which request they make.
    pub(crate) fn call_name(&self) -> String {
        let name = self.ask.name();
        match self.want.as_ref().and_then(|want| want.driver_api(&self.ask)) {
            Some(api) => format!("{name}(api={api})"),
            None => name.to_owned(),
        }
    }

    /// Is it looked up who has to be asked, and not for the first time? Kafka's client counts that as one call.
    pub(crate) fn looks_up(&self) -> bool {
        matches!(self.want, Some(Want::Metadata(_) | Want::Coordinator(_)))
    }

    /// Takes an answer in.
    pub(crate) fn hear(&mut self, response: Response) -> Heard {
        // Nothing was asked: an answer to what was given up.
        let Some(want) = self.want.clone() else { return Heard::Again };
        self.take(&want, response)
    }

    /// A broker was not reached: perhaps others lead and coordinate now.
    pub(crate) fn lost(&mut self, broker: BrokerId) {
        self.known.forget_broker(broker);
    }

    /// What is told although time is over: what is known, and of the rest that it took too long.
    pub(crate) fn told_in_part(&self, said: &Said) -> Option<Told> {
        self.partial(said)
    }
}
