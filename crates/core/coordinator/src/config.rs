//! What the group coordinator is started with: settings as the crate `config` resolved them, and one
//! test-only switch. Nothing is parsed here.

use ::config::{GroupCoordinatorConfig, Overrides};
use base::Span;

/// What the group coordinator is started with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupConfig {
    pub settings: GroupCoordinatorConfig,
    /// What is checked before a commit is written.
    pub fencing: CommitFencing,
}

impl GroupConfig {
    /// The resolved settings and the broker's overrides, which name the mutant, if any.
    pub fn new(settings: &GroupCoordinatorConfig, overrides: &Overrides) -> GroupConfig {
        GroupConfig { settings: settings.clone(), fencing: CommitFencing::from_overrides(overrides) }
    }
}

/// How long a new member may wait in the join phase (`CLASSIC_GROUP_NEW_MEMBER_JOIN_TIMEOUT_MS`).
pub(crate) const NEW_MEMBER_JOIN_TIMEOUT: Span = Span::from_secs(300);

/// What is checked before a commit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommitFencing {
    /// Member, instance and generation, as Kafka does.
    Checked,
    /// Nothing: a mutant that the checks must catch.
    #[cfg(feature = "mutants")]
    Unchecked,
}

impl CommitFencing {
    /// `Checked`, unless this build has mutants and `blumfeld.mutant` asks for this one.
    pub fn from_overrides(overrides: &Overrides) -> CommitFencing {
        match overrides.get("blumfeld.mutant").map(|name| &**name) {
            #[cfg(feature = "mutants")]
            Some("commit-without-generation-check") => CommitFencing::Unchecked,
            _ => CommitFencing::Checked,
        }
    }
}
