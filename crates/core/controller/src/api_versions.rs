//! What the controller listener says of versions, and which requests it takes out of an Envelope.

use api::{ApiVersionsRequest, EnvelopeRequest, FEATURES_4_3_0, Finalized, Incoming, Listener, Response, Version};
use base::{ErrorCode, Offset, Str};
use metadata::{Image, feature};

/// The answer of any controller, active or not (`ControllerApis.handleApiVersionsRequest`). Before it has read which
/// features the cluster has, it tells the lowest metadata version of its release (`FeaturesPublisher`).
pub(crate) fn answer(image: &Image, request: &ApiVersionsRequest, version: Version) -> Response {
    let lowest = FEATURES_4_3_0.iter().find(|range| range.name == feature::METADATA_VERSION);
    let lowest = (Str::from(feature::METADATA_VERSION), lowest.map_or(0, |range| range.min));
    let unread = image.features().is_empty();
    let read = image.features().iter().map(|(name, level)| (name, *level)).filter(|(_, level)| *level > 0);
    let mut levels = read.chain(unread.then_some((&lowest.0, lowest.1)));
    // Kafka tells where the features last changed; here that place is not kept.
    let Offset(epoch) = if unread { Offset::UNDEFINED } else { image.last_applied() };
    let finalized = Finalized { levels: &mut levels, epoch };
    Response::ApiVersions(request.answer(Listener::Controller, version, finalized))
}

/// The request in an Envelope, if brokers may pass such a one on.
///
/// # Errors
/// INVALID_REQUEST for a kind that is served where it arrives, UNSUPPORTED_VERSION for a form that cannot be read
/// (`EnvelopeUtils`).
pub(crate) fn unpack(envelope: EnvelopeRequest) -> Result<Incoming, ErrorCode> {
    let passed = envelope.passed;
    let row = passed.request.api_key().row();
    if !row.takes(passed.version) {
        return Err(ErrorCode::UnsupportedVersion);
    }
    if row.is_forwarded() { Ok(passed) } else { Err(ErrorCode::InvalidRequest) }
}
