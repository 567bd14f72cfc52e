//! Who belongs to the one partition that is shown where there is room for one only.

use super::{ProcessId, Str, TopicPartition};

/// Everybody that stands beside one partition. It goes by how they were set up, not by what they do at the moment: who
/// is stopped, or owns nothing just now, keeps his place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneView {
    pub partition: TopicPartition,
    /// Producers that write to it.
    pub writers: Vec<ProcessId>,
    /// Groups that subscribe to its topic.
    pub groups: Vec<Str>,
}
