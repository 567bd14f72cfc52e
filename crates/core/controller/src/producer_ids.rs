//! Blocks of producer ids for brokers (`ProducerIdControlManager`, KIP-730).

use crate::{Decision, View};
use api::{AllocateProducerIdsRequest, AllocateProducerIdsResponse, Response};
use base::ErrorCode;
use metadata::MetadataRecord;

/// Ids in one block.
const BLOCK: i32 = 1_000;

/// AllocateProducerIds: the next thousand, to one broker.
/// A broker's unused ids are lost when it stops: no id may ever be given twice.
pub(crate) fn allocate(view: View<'_>, request: &AllocateProducerIdsRequest) -> Decision {
    let start = view.image.next_producer_id();
    let checked = view.check_broker_epoch(request.broker, request.broker_epoch);
    let next = start.checked_add(i64::from(BLOCK)).ok_or(ErrorCode::UnknownServerError);
    match checked.and(next) {
        Ok(next) => {
            let (broker, broker_epoch) = (request.broker, request.broker_epoch);
            let response = AllocateProducerIdsResponse { error: ErrorCode::None, start, length: BLOCK };
            Decision {
                records: vec![MetadataRecord::ProducerIds { broker, broker_epoch, next }],
                response: Response::AllocateProducerIds(response),
            }
        }
        Err(error) => {
            Decision::answer(Response::AllocateProducerIds(AllocateProducerIdsResponse { error, start: -1, length: 0 }))
        }
    }
}
