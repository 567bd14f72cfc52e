//! The test-only switches that break one rule each, so that the checks can be shown to notice.
//!
//! Without the cargo feature `mutants` every question is answered `false` at compile time. With it
//! the override `blumfeld.mutant` names the rule to break.

use base::Str;
use std::collections::BTreeMap;

/// Which rule this broker breaks on purpose: none, outside of tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Rules {
    #[cfg(feature = "mutants")]
    broken: Option<Mutant>,
}

/// The rules that can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mutant {
    /// acks=all is answered after the local append.
    AckBeforeHighWatermark,
    /// A shrunk ISR counts before the controller has confirmed it.
    HighWatermarkWithoutMaximalIsr,
    /// A new follower cuts its log to its own HW instead of comparing epochs.
    TruncateToHighWatermark,
    /// The leader epoch of a request is not looked at.
    NoEpochFence,
}

impl Rules {
    /// Reads `blumfeld.mutant`; names of other crates' mutants mean nothing here.
    #[cfg(feature = "mutants")]
    pub fn from_overrides(overrides: &BTreeMap<Str, Str>) -> Rules {
        let broken = match overrides.get("blumfeld.mutant").map(|name| &**name) {
            Some("ack-before-hw") => Some(Mutant::AckBeforeHighWatermark),
            Some("hw-without-maximal-isr") => Some(Mutant::HighWatermarkWithoutMaximalIsr),
            Some("truncate-to-hw") => Some(Mutant::TruncateToHighWatermark),
            Some("no-epoch-fence") => Some(Mutant::NoEpochFence),
            Some(_) | None => None,
        };
        Rules { broken }
    }

    /// Production rules.
    #[cfg(not(feature = "mutants"))]
    pub fn from_overrides(_overrides: &BTreeMap<Str, Str>) -> Rules {
        Rules {}
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
