//! The test-only switches that break one rule each, so that the checks can be shown to notice.
//!
//! Without the cargo feature `mutants` every question is answered `false` at compile time. With it
//! the override `blumfeld.mutant` names the rule to break; names nobody knows break nothing.

use base::{FlatMap, Str};
use std::hash::{Hash, Hasher};

/// A rule that can be broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// acks=all is answered after the local append.
    AckBeforeHighWatermark,
    /// A shrunk ISR counts before the controller has confirmed it.
    HighWatermarkWithoutMaximalIsr,
    /// A new follower cuts its log to its own HW instead of comparing epochs.
    TruncateToHighWatermark,
    /// The leader epoch of a request is not looked at.
    NoEpochFence,
    /// A restarted voter has forgotten its vote and may give it again.
    VoteNotPersisted,
    /// The controller prefers whoever is not in sync.
    NewLeaderNotInIsr,
    /// Anybody may commit offsets for a group.
    CommitWithoutGenerationCheck,
    /// What comes on a connection that was given up counts for the one that its line has now.
    StaleOwner,
    /// What was decided on top of a write that its log refused is not given up.
    AheadNotDropped,
    /// An answer that has to wait for a coordinator's write is forgotten.
    ParkedReplyLost,
    /// A partition's log looks a batch up one offset too far on.
    SegmentIndexOffByOne,
    /// A new leader does not note its epoch before it writes.
    EpochNotNoted,
    /// What is known of producers stays when the batches that told it are cut off.
    ProducersNotReloaded,
    /// acks=all is not told that the high watermark has come.
    ProduceNotTold,
    /// Fetches that wait are not told of new records.
    FetchNotWoken,
    /// A proposal of an ISR is not sent again when its connection is lost.
    ProposalLost,
    /// Whoever becomes the active controller does not begin sessions for the brokers that it finds.
    SessionsForgotten,
    /// An assertion weakened: whoever has voted gives its vote to another candidate of the epoch, too.
    VoteGivenTwice,
}

impl Mutant {
    /// All of them.
    pub const ALL: [Mutant; 18] = [
        Mutant::AckBeforeHighWatermark,
        Mutant::HighWatermarkWithoutMaximalIsr,
        Mutant::TruncateToHighWatermark,
        Mutant::NoEpochFence,
        Mutant::VoteNotPersisted,
        Mutant::NewLeaderNotInIsr,
        Mutant::CommitWithoutGenerationCheck,
        Mutant::StaleOwner,
        Mutant::AheadNotDropped,
        Mutant::ParkedReplyLost,
        Mutant::SegmentIndexOffByOne,
        Mutant::EpochNotNoted,
        Mutant::ProducersNotReloaded,
        Mutant::ProduceNotTold,
        Mutant::FetchNotWoken,
        Mutant::ProposalLost,
        Mutant::SessionsForgotten,
        Mutant::VoteGivenTwice,
    ];

    /// What the override calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Mutant::AckBeforeHighWatermark => "ack-before-hw",
            Mutant::HighWatermarkWithoutMaximalIsr => "hw-without-maximal-isr",
            Mutant::TruncateToHighWatermark => "truncate-to-hw",
            Mutant::NoEpochFence => "no-epoch-fence",
            Mutant::VoteNotPersisted => "vote-not-persisted",
            Mutant::NewLeaderNotInIsr => "new-leader-not-in-isr",
            Mutant::CommitWithoutGenerationCheck => "commit-without-generation-check",
            Mutant::StaleOwner => "stale-owner",
            Mutant::AheadNotDropped => "ahead-not-dropped",
            Mutant::ParkedReplyLost => "parked-reply-lost",
            Mutant::SegmentIndexOffByOne => "segment-index-off-by-one",
            Mutant::EpochNotNoted => "epoch-not-noted",
            Mutant::ProducersNotReloaded => "producers-not-reloaded",
            Mutant::ProduceNotTold => "produce-not-told",
            Mutant::FetchNotWoken => "fetch-not-woken",
            Mutant::ProposalLost => "proposal-lost",
            Mutant::SessionsForgotten => "sessions-forgotten",
            Mutant::VoteGivenTwice => "vote-given-twice",
        }
    }
}

/// Which rule a process breaks on purpose: none, outside of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TestSwitches {
    #[cfg(feature = "mutants")]
    broken: Option<Mutant>,
}

impl TestSwitches {
    /// Reads `blumfeld.mutant`.
    #[cfg(feature = "mutants")]
    pub fn from_overrides(overrides: &FlatMap<Str, Str>) -> TestSwitches {
        let named = overrides.get("blumfeld.mutant");
        let broken = named.and_then(|name| Mutant::ALL.into_iter().find(|mutant| mutant.name() == &**name));
        TestSwitches { broken }
    }

    /// Production rules.
    #[cfg(not(feature = "mutants"))]
    pub fn from_overrides(_overrides: &FlatMap<Str, Str>) -> TestSwitches {
        TestSwitches {}
    }

    /// Is this rule broken?
    #[cfg(feature = "mutants")]
    pub fn breaks(self, mutant: Mutant) -> bool {
        self.broken == Some(mutant)
    }

    /// Is this rule broken? Never.
    #[cfg(not(feature = "mutants"))]
    pub const fn breaks(self, _mutant: Mutant) -> bool {
        false
    }
}

/// Nothing: digests see the override itself, and a build that has the switches must give the digests of one
/// that has not.
impl Hash for TestSwitches {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Digest;

    #[test]
    fn the_digest_is_that_of_a_build_without_switches() {
        let named = |mutant: Mutant| FlatMap::from([("blumfeld.mutant".into(), mutant.name().into())]);
        for mutant in Mutant::ALL {
            let switches = TestSwitches::from_overrides(&named(mutant));
            assert_eq!(switches.breaks(mutant), cfg!(feature = "mutants"));
            assert_eq!(Digest::of(&switches), Digest::of(&()));
        }
        assert_eq!(TestSwitches::from_overrides(&FlatMap::new()), TestSwitches::default());
    }
}
