//! What a broker tells clients that came to the wrong one: why a partition is not here, who leads it as far as this
//! broker's image of the metadata says, and where that leader listens (KIP-951).

use api::LeaderIdAndEpoch;
use base::{BrokerId, Endpoint, ErrorCode, TopicIdPartition};
use metadata::Image;

/// Why a partition is not here: no such topic, no such partition, or another broker has it.
pub(crate) fn missing_partition(image: &Image, at: TopicIdPartition) -> ErrorCode {
    match image.topic(at.topic) {
        None => ErrorCode::UnknownTopicId,
        Some(topic) if topic.partitions.contains_key(&at.partition) => ErrorCode::NotLeaderOrFollower,
        Some(_) => ErrorCode::UnknownTopicOrPartition,
    }
}

/// Who leads, for those who were refused because this broker does not.
pub(crate) fn leader_hint(image: &Image, at: TopicIdPartition, error: ErrorCode) -> Option<LeaderIdAndEpoch> {
    if !matches!(error, ErrorCode::NotLeaderOrFollower | ErrorCode::FencedLeaderEpoch) {
        return None;
    }
    let registration = image.partition(at)?;
    Some(LeaderIdAndEpoch { leader: registration.leader?, epoch: registration.leader_epoch })
}

/// Where the hinted leaders listen, for whoever has asked on that listener.
pub(crate) fn endpoints_of(
    (image, listener): (&Image, &str),
    hints: impl Iterator<Item = Option<LeaderIdAndEpoch>>,
) -> Vec<(BrokerId, Endpoint)> {
    let mut ids: Vec<BrokerId> = hints.flatten().map(|hint| hint.leader).collect();
    if ids.is_empty() {
        return Vec::new();
    }
    base::sort(&mut ids);
    ids.dedup();
    ids.into_iter().filter_map(|id| Some((id, image.broker(id)?.endpoints.of(listener)?.clone()))).collect()
}
