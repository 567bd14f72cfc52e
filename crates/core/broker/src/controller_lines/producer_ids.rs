//! Producer ids: taken one by one from a block of 1,000 that the controller gave to this broker.
//!
//! Kafka: `RPCProducerIdManager`. While there is no block the client is told
//! COORDINATOR_LOAD_IN_PROGRESS and tries again; the next block is asked for in good time.

use super::{ControllerLines, Present, Purpose};
use api::{
    AllocateProducerIdsRequest, AllocateProducerIdsResponse, InitProducerIdRequest, InitProducerIdResponse, Request,
    Response,
};
use base::{BrokerId, ErrorCode, ProducerId};
use port::{Cx, ReplyTo};

/// The block in use and the one after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ProducerIds {
    next: i64,
    end: i64,
    size: i64,
    prefetched: Option<(i64, i64)>,
}

impl ProducerIds {
    fn take(&mut self) -> Option<i64> {
        if self.next == self.end
            && let Some((start, end)) = self.prefetched.take()
        {
            (self.next, self.end, self.size) = (start, end, end - start);
        }
        let id = (self.next < self.end).then_some(self.next)?;
        self.next += 1;
        Some(id)
    }

    /// Nine tenths are gone and nothing is at hand.
    fn runs_low(&self) -> bool {
        self.prefetched.is_none() && (self.end - self.next) * 10 <= self.size
    }

    /// A block came, or the next request for an id asks again.
    pub(super) fn on_block(&mut self, answer: &AllocateProducerIdsResponse) {
        if !answer.error.is_error() {
            self.prefetched = Some((answer.start, answer.start + i64::from(answer.length)));
        }
    }
}

pub(super) fn request(broker: BrokerId, broker_epoch: i64) -> Request {
    Request::AllocateProducerIds(AllocateProducerIdsRequest { broker, broker_epoch })
}

impl ControllerLines {
    pub(crate) fn on_init_producer_id(
        &mut self,
        cx: &mut Cx<'_>,
        present: &mut Present<'_>,
        reply: ReplyTo,
        request: &InitProducerIdRequest,
    ) {
        let id = match &request.transactional_id {
            None => self.producer_ids.take().ok_or(ErrorCode::CoordinatorLoadInProgress),
            // Transactions are not modelled.
            Some(_) => Err(ErrorCode::UnsupportedVersion),
        };
        if self.producer_ids.runs_low() {
            self.ask(cx, present, Purpose::AllocateProducerIds);
        }
        let response = match id {
            Ok(id) => InitProducerIdResponse { error: ErrorCode::None, producer_id: ProducerId(id), producer_epoch: 0 },
            Err(error) => InitProducerIdResponse { error, producer_id: ProducerId::NONE, producer_epoch: -1 },
        };
        cx.respond(reply, Response::InitProducerId(response));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_follow_one_another_without_a_gap_in_service() {
        let mut ids = ProducerIds::default();
        assert!(ids.runs_low() && ids.take().is_none());
        ids.prefetched = Some((1_000, 1_010));
        assert_eq!(ids.take(), Some(1_000));
        assert!(!ids.runs_low());
        assert_eq!((0..8).filter_map(|_| ids.take()).last(), Some(1_008));
        assert!(ids.runs_low());
        ids.prefetched = Some((5_000, 6_000));
        assert_eq!([ids.take(), ids.take()], [Some(1_009), Some(5_000)]);
    }
}
