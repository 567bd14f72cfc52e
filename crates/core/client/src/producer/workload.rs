//! What the application around a producer does: a record every so often, with a key by pattern and
//! a value that names it.

use super::{Given, data};
use base::{Draw, Rng, Seldom, Span, Str};
use bytes::Bytes;
use config::ProducerApplication;
use config::application::Named;
use port::{KeyPattern, ProducerSetup};
use records::Header;

/// See the module.
#[derive(Clone, Debug, Hash)]
pub struct Workload {
    pub(crate) setup: ProducerSetup,
    client: Str,
    /// Records made so far.
    made: u64,
    /// The application waits inside `send`: no metadata, or no buffer memory.
    pub(crate) blocked: bool,
    /// How it was told to work.
    pub(crate) application: Seldom<ProducerApplication>,
    /// The record that it waits for, by its number in this process.
    pub(crate) awaits: Seldom<Option<u64>>,
}

impl Workload {
    /// An application that has sent nothing yet.
    pub(crate) fn new(setup: ProducerSetup, client: Str, application: ProducerApplication) -> Workload {
        let (application, awaits) = (Seldom(application), Seldom(None));
        Workload { setup, client, made: 0, blocked: false, application, awaits }
    }

    /// How it was told to work.
    pub fn application(&self) -> &ProducerApplication {
        &self.application
    }

    /// How many records it makes in all; `None`: there is no end.
    pub fn limit(&self) -> Option<u64> {
        self.setup.limit
    }

    /// Does it wait for what becomes of a record before it makes the next one?
    pub fn awaits_answer(&self) -> bool {
        self.awaits.is_some()
    }

    /// Is it held up by a record that it has sent, or is about to send?
    pub(crate) fn is_held(&self) -> bool {
        self.blocked || self.awaits.is_some()
    }

    /// Records made so far.
    pub fn made(&self) -> u64 {
        self.made
    }

    /// Time between two records, if the producer works by itself and is not done.
    pub fn interval(&self) -> Option<Span> {
        let done = self.setup.limit.is_some_and(|limit| self.made >= limit);
        // Two records at one instant would never let time pass.
        let interval = self.setup.interval.filter(|_| !done)?;
        let ramp = self.application.load.ramp;
        Some(ramp.map_or(interval, |ramp| ramp.interval(interval, self.made)).max(Span::from_micros(1)))
    }

    /// The next record.
    pub(crate) fn make(&mut self, rng: &mut Rng) -> Given {
        let number = self.made;
        self.made += 1;
        // Drawn only where it was asked for: others draw what they always did.
        let hot = self.application.load.skew.is_some_and(|share| rng.below(100) < u32::from(share));
        let key = match &self.setup.keys {
            KeyPattern::None => None,
            KeyPattern::Cycle(keys) if keys.is_empty() => None,
            KeyPattern::Cycle(keys) => {
                let index = if hot { 0 } else { number as usize % keys.len() };
                Some(text(&keys[index]))
            }
            KeyPattern::Random { prefix, count } => {
                let mut key = Vec::with_capacity(prefix.len() + 10);
                key.extend_from_slice(prefix.as_bytes());
                let index = if hot { 0 } else { rng.below(*count) };
                put_number(&mut key, u64::from(index) + 1);
                Some(key.into())
            }
        };
        let size = self.setup.value_size as usize;
        let mut value = match self.application.load.data {
            Some(pack) => data::value(pack, (key.as_deref(), number), rng),
            None => self.name(number, size),
        };
        value.resize(size.max(value.len()), b'.');
        let header = |(name, value): &Named| Header { key: name.clone(), value: value.as_ref().map(text) };
        let headers = self.application.headers.iter().map(header).collect();
        Given { key, value: Some(value.into()), headers: Seldom(headers), timestamp: Seldom::default() }
    }
}

impl Workload {
    /// `NAME-NUMBER`, with room for more.
    fn name(&self, number: u64, size: usize) -> Vec<u8> {
        // Room for the name and any number, so that it grows at most once.
        let mut value = Vec::with_capacity(size.max(self.client.len() + 21));
        value.extend_from_slice(self.client.as_bytes());
        value.push(b'-');
        put_number(&mut value, number);
        value
    }
}

fn text(text: &Str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

/// A number's digits as `Display` writes them, without what that brings along: each record has two numbers.
pub(super) fn put_number(text: &mut Vec<u8>, number: u64) {
    let (mut digits, mut first, mut rest) = ([0; 20], 20, number);
    loop {
        first -= 1;
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    text.extend_from_slice(&digits[first..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_put_as_it_is_displayed() {
        for number in [0, 7, 10, 1_234_567_890, u64::MAX] {
            let mut text = Vec::new();
            put_number(&mut text, number);
            assert_eq!(text, number.to_string().into_bytes());
        }
    }
}
