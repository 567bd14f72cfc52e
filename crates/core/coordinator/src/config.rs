//! What the group coordinator is started with: settings as the crate `config` resolved them, and one
//! test-only switch. Nothing is parsed here.

use ::config::{GroupCoordinatorConfig, Overrides};
use base::Span;
use port::TestSwitches;

/// What the group coordinator is started with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupConfig {
    pub settings: GroupCoordinatorConfig,
    /// Which rule is broken on purpose.
    pub switches: TestSwitches,
}

impl GroupConfig {
    /// The resolved settings and the broker's overrides, which name the mutant, if any.
    pub fn new(settings: &GroupCoordinatorConfig, overrides: &Overrides) -> GroupConfig {
        GroupConfig { settings: settings.clone(), switches: TestSwitches::from_overrides(overrides) }
    }
}

/// How long a new member may wait in the join phase (`CLASSIC_GROUP_NEW_MEMBER_JOIN_TIMEOUT_MS`).
pub(crate) const NEW_MEMBER_JOIN_TIMEOUT: Span = Span::from_secs(300);
