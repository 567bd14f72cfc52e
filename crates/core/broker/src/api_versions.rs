//! What the broker's listener says of versions (`KafkaApis.handleApiVersionsRequest`).

use crate::broker::Broker;
use api::{ApiVersionsRequest, ApiVersionsResponse, Finalized, Listener, Version};

impl Broker {
    /// Features as of the metadata that this broker has applied (`KRaftMetadataCache.features`).
    pub(crate) fn api_versions(&self, request: &ApiVersionsRequest, version: Version) -> ApiVersionsResponse {
        let mut levels =
            self.image.features().iter().map(|(name, level)| (name, *level)).filter(|(_, level)| *level > 0);
        let finalized = Finalized { levels: &mut levels, epoch: self.image.last_applied().0 };
        request.answer(Listener::Broker, version, finalized)
    }
}
