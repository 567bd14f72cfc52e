//! What the broker's listener says of versions (`KafkaApis.handleApiVersionsRequest`).

use api::{ApiVersionsRequest, ApiVersionsResponse, Finalized, Listener, Version};
use metadata::Image;

/// Features as of the metadata that this broker has applied (`KRaftMetadataCache.features`).
pub(crate) fn answer(image: &Image, request: &ApiVersionsRequest, version: Version) -> ApiVersionsResponse {
    let mut levels = image.features().iter().map(|(name, level)| (name, *level)).filter(|(_, level)| *level > 0);
    let finalized = Finalized { levels: &mut levels, epoch: image.last_applied().0 };
    request.answer(Listener::FIRST, version, finalized)
}
