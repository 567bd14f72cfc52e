//! What the application around a producer does: a record every so often, with a key by pattern and
//! a value that names it.

use base::{Draw, Rng, Span, Str};
use bytes::Bytes;
use port::{KeyPattern, ProducerSetup};

/// See the module.
#[derive(Clone, Debug, Hash)]
pub struct Workload {
    pub(crate) setup: ProducerSetup,
    client: Str,
    /// Records made so far.
    made: u64,
    /// The application waits inside `send`: no metadata, or no buffer memory.
    pub(crate) blocked: bool,
}

impl Workload {
    /// An application that has sent nothing yet.
    pub(crate) fn new(setup: ProducerSetup, client: Str) -> Workload {
        Workload { setup, client, made: 0, blocked: false }
    }

    /// Records made so far.
    pub fn made(&self) -> u64 {
        self.made
    }

    /// Time between two records, if the producer works by itself and is not done.
    pub fn interval(&self) -> Option<Span> {
        let done = self.setup.limit.is_some_and(|limit| self.made >= limit);
        // Two records at one instant would never let time pass.
        self.setup.interval.filter(|_| !done).map(|interval| interval.max(Span::from_micros(1)))
    }

    /// The next record's key and value.
    pub(crate) fn make(&mut self, rng: &mut Rng) -> (Option<Bytes>, Option<Bytes>) {
        let number = self.made;
        self.made += 1;
        let key = match &self.setup.keys {
            KeyPattern::None => None,
            KeyPattern::Cycle(keys) if keys.is_empty() => None,
            KeyPattern::Cycle(keys) => Some(Bytes::copy_from_slice(keys[number as usize % keys.len()].as_bytes())),
            KeyPattern::Random { prefix, count } => {
                let mut key = Vec::with_capacity(prefix.len() + 10);
                key.extend_from_slice(prefix.as_bytes());
                put_number(&mut key, u64::from(rng.below(*count)) + 1);
                Some(key.into())
            }
        };
        let size = self.setup.value_size as usize;
        // Room for the name and any number, so that it grows at most once.
        let mut value = Vec::with_capacity(size.max(self.client.len() + 21));
        value.extend_from_slice(self.client.as_bytes());
        value.push(b'-');
        put_number(&mut value, number);
        value.resize(size.max(value.len()), b'.');
        (key, Some(value.into()))
    }
}

/// A number's digits as `Display` writes them, without what that brings along: each record has two numbers.
fn put_number(text: &mut Vec<u8>, number: u64) {
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
