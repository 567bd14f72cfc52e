//! Where a topic's leaders and copies would go.

use base::{BrokerId, TopicPartition};

/// One partition of a topic that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedView {
    pub partition: TopicPartition,
    pub leader: Option<BrokerId>,
    /// The preferred leader first.
    pub replicas: Vec<BrokerId>,
    /// In the reader's words.
    pub text: String,
}
