//! A command at its place in a run.

use base::Time;
use sim::Command;

/// A command and its place: after all events up to `after`, at an instant of its own one nanosecond
/// later. So `after` can be a round number, and links stay short.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlacedCommand {
    pub after: Time,
    pub command: Command,
}

impl PlacedCommand {
    /// The command's own instant.
    pub fn at(&self) -> Time {
        Time(self.after.0.saturating_add(1))
    }
}
