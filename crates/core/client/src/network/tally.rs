//! How often a client has asked for what, for whoever looks. It decides nothing, so it is no part of the client's state:
//! runs and their digests do not know it.

use api::{ApiKey, Response};
use base::FlatMap;
use std::hash::{Hash, Hasher};

/// Requests that a client has written since it was started.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    sent: FlatMap<ApiKey, u64>,
    empty_fetches: u64,
}

impl Tally {
    /// By kind, in the order of Kafka's numbers.
    pub fn sent(&self) -> impl Iterator<Item = (ApiKey, u64)> {
        self.sent.iter().map(|(key, count)| (*key, *count))
    }

    /// Of one kind.
    pub fn of(&self, key: ApiKey) -> u64 {
        self.sent.get(&key).copied().unwrap_or_default()
    }

    /// Fetches that were answered without a record: their time was up (`fetch.max.wait.ms`).
    pub fn empty_fetches(&self) -> u64 {
        self.empty_fetches
    }

    pub(super) fn note(&mut self, key: ApiKey) {
        *self.sent.entry(key).or_default() += 1;
    }

    pub(super) fn note_answer(&mut self, response: &Response) {
        if let Response::Fetch(fetch) = response
            && !fetch.error.is_error()
            && fetch.partitions.iter().all(|part| part.records.is_empty() && !part.error.is_error())
        {
            self.empty_fetches += 1;
        }
    }
}

impl Hash for Tally {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
