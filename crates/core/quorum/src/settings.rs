//! The timeouts of the quorum, resolved once when a process boots. Kafka: `QuorumConfig`.

use base::{Span, Str};
use std::collections::BTreeMap;

/// `controller.quorum.*`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QuorumSettings {
    /// How long an election may take; drawn anew from this to twice this each time.
    pub election_timeout: Span,
    /// Without a successful fetch for so long, a follower asks for an election.
    pub fetch_timeout: Span,
    /// The longest a follower waits after its leader's EndQuorumEpoch.
    pub election_backoff_max: Span,
    /// How long a leader collects records before it writes them as one batch.
    pub append_linger: Span,
    pub request_timeout: Span,
    pub retry_backoff: Span,
}

impl QuorumSettings {
    /// Kafka's defaults with a node's overrides on top. Texts were checked before the process started.
    pub fn resolve(overrides: &BTreeMap<Str, Str>) -> QuorumSettings {
        let millis = |name: &str, default: u64| {
            let text = overrides.get(&*format!("controller.quorum.{name}"));
            Span::from_millis(text.and_then(|text| text.parse().ok()).unwrap_or(default))
        };
        QuorumSettings {
            election_timeout: millis("election.timeout.ms", 1_000),
            fetch_timeout: millis("fetch.timeout.ms", 2_000),
            election_backoff_max: millis("election.backoff.max.ms", 1_000),
            append_linger: millis("append.linger.ms", 25),
            request_timeout: millis("request.timeout.ms", 2_000),
            retry_backoff: millis("retry.backoff.ms", 20),
        }
    }

    /// A leader that no majority has fetched from for so long resigns
    /// (`LeaderState.CHECK_QUORUM_TIMEOUT_FACTOR`).
    pub fn check_quorum_timeout(&self) -> Span {
        self.fetch_timeout.times(3).divided_by(2)
    }

    /// How often a leader repeats BeginQuorumEpoch.
    pub fn begin_quorum_epoch_interval(&self) -> Span {
        self.fetch_timeout.divided_by(2)
    }

    /// How long a replica at `position` of the `successors` that a resigning leader named waits before
    /// it asks for an election; `None`: not named. Kafka: `endEpochElectionBackoff`.
    pub fn backoff_at(&self, position: Option<usize>, successors: usize) -> Span {
        let max = self.election_backoff_max.as_millis();
        let shifted = |position: usize| {
            // Both shifts are cut so that a hostile list costs nothing.
            let base = max >> (successors - 1).min(63);
            base << (position - 1).min(20)
        };
        match position {
            Some(0) => Span::ZERO,
            Some(position) => Span::from_millis(shifted(position).min(max)),
            None => self.election_backoff_max,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferred_successors_wait_in_turn() {
        let settings = QuorumSettings::resolve(&BTreeMap::new());
        let waits = |count: usize| -> Vec<u64> {
            (0..count).map(|position| settings.backoff_at(Some(position), count).as_millis()).collect()
        };
        assert_eq!(waits(2), [0, 500]);
        assert_eq!(waits(4), [0, 125, 250, 500]);
        assert_eq!(settings.backoff_at(None, 4), Span::from_secs(1));
        assert_eq!(settings.check_quorum_timeout(), Span::from_secs(3));
    }
}
