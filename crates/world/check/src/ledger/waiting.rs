//! What producers have taken and not yet told their applications about, and what they told last.

use base::{ErrorCode, FlatMap, ProcessId, Time};

/// One producer's records on their way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct OnTheWay {
    count: u64,
    /// When the first of them came, or when a producer that had more got its last answer.
    since: Time,
    /// How what ended last ended, and when.
    last: Option<(Time, ErrorCode)>,
}

/// What a producer that runs has heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Since when it has heard of nothing that it sent; `None`: nothing is on its way.
    pub waits_since: Option<Time>,
    /// How what ended last ended, and when; `NONE` is success.
    pub last: Option<(Time, ErrorCode)>,
}

/// See the module.
#[derive(Clone, Debug, Default, Hash)]
pub(super) struct Waiting(FlatMap<ProcessId, OnTheWay>);

impl Waiting {
    /// A record is on its way from when `send` has returned.
    pub(super) fn sent(&mut self, producer: ProcessId, at: Time) {
        let known = self.0.entry(producer).or_default();
        if known.count == 0 {
            known.since = at;
        }
        known.count += 1;
    }

    /// Success or failure was reported of so many; how many of them were on their way.
    pub(super) fn ended(&mut self, producer: ProcessId, records: u64, (at, how): (Time, ErrorCode)) -> u64 {
        // It has ended, and what it waited for was counted then.
        let Some(known) = self.0.get_mut(&producer) else { return 0 };
        let ended = records.min(known.count);
        *known = OnTheWay { count: known.count - ended, since: at, last: Some((at, how)) };
        ended
    }

    /// A record that was never on its way.
    pub(super) fn refused(&mut self, producer: ProcessId, at: Time, error: ErrorCode) {
        self.0.entry(producer).or_default().last = Some((at, error));
    }

    /// `None`: it has sent nothing in its present life.
    pub(super) fn heard(&self, producer: ProcessId) -> Option<Heard> {
        let known = self.0.get(&producer)?;
        Some(Heard { waits_since: (known.count > 0).then_some(known.since), last: known.last })
    }

    /// The producer is gone, and nobody will be told of these.
    pub(super) fn gone(&mut self, producer: ProcessId) -> u64 {
        self.0.remove(&producer).map_or(0, |known| known.count)
    }

    /// Since when a producer has heard of nothing that it sent, at the longest.
    pub(super) fn longest(&self) -> Option<Time> {
        self.0.values().filter(|known| known.count > 0).map(|known| known.since).min()
    }
}
