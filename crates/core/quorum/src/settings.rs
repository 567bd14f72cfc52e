//! The timeouts of the quorum, resolved once when a process boots. Kafka: `QuorumConfig`.

use base::Span;
use config::{BrokerConfig, Overrides};

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
    /// `controller.quorum.fetch.max.bytes`
    pub fetch_max_bytes: i32,
    /// `metadata.log.segment.bytes`
    pub log_segment_bytes: i32,
}

impl QuorumSettings {
    /// Kafka's defaults with a node's overrides on top. Overrides that do not resolve are refused before
    /// a process is started.
    pub fn resolve(overrides: &Overrides) -> QuorumSettings {
        let config = BrokerConfig::resolve(overrides).expect("overrides are checked before a process starts").quorum;
        QuorumSettings {
            election_timeout: config.election_timeout,
            fetch_timeout: config.fetch_timeout,
            election_backoff_max: config.election_backoff_max,
            append_linger: config.append_linger,
            request_timeout: config.request_timeout,
            retry_backoff: config.retry_backoff,
            fetch_max_bytes: config.fetch_max_bytes,
            log_segment_bytes: config.log_segment_bytes,
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
        let settings = QuorumSettings::resolve(&Overrides::new());
        let waits = |count: usize| -> Vec<u64> {
            (0..count).map(|position| settings.backoff_at(Some(position), count).as_millis()).collect()
        };
        assert_eq!(waits(2), [0, 500]);
        assert_eq!(waits(4), [0, 125, 250, 500]);
        assert_eq!(settings.backoff_at(None, 4), Span::from_secs(1));
        assert_eq!(settings.check_quorum_timeout(), Span::from_secs(3));
    }
}
