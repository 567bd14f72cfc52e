//! What a consumer writes into its log about its group and its positions. Kafka: `AbstractCoordinator`,
//! `ConsumerRebalanceListenerInvoker`, `SubscriptionState`.

use super::{Consumer, FetchPosition, Release};
use crate::log::{Coordinator, CoordinatorLoss, Generation, Named, OfGroup, OfPosition, Placed};
use crate::network::Node;
use api::ApiKey;
use base::{ErrorCode, TopicPartition};
use port::{Cx, PositionLoss};

impl Consumer {
    /// Its generation as lines name it.
    pub(super) fn generation(&self) -> Generation {
        let (member_id, protocol) = (self.group.member_id.clone(), self.group.protocol.clone());
        Generation { number: self.group.generation, member_id, protocol }
    }

    /// The coordinator with the address that was told with it.
    fn coordinator(&self) -> Option<Coordinator> {
        let id = self.group.coordinator?;
        let mut lines = self.network.lines();
        lines.find(|(node, _)| *node == Node::Coordinator(id)).map(|(_, line)| (id, line.endpoint.clone()))
    }

    /// `markCoordinatorUnknown`.
    pub(super) fn note_coordinator_lost(&mut self, cx: &Cx<'_>, how: CoordinatorLoss) {
        // It was lost before: several requests of one connection fail together.
        let Some(coordinator) = self.coordinator() else { return };
        self.network.note(cx, OfGroup::CoordinatorLost(coordinator, how));
    }

    /// `resetStateOnResponseError`.
    pub(super) fn note_membership_lost(&mut self, cx: &Cx<'_>, api: ApiKey, error: ErrorCode) {
        self.network.note(cx, OfGroup::MembershipLost(api, error));
    }

    /// `maybeLeaveGroup`.
    pub(super) fn note_leaving(&mut self, cx: &Cx<'_>, reason: &'static str) {
        // It is told on the coordinator's connection.
        let Some(coordinator) = self.coordinator() else { return };
        self.network.note(cx, OfGroup::Leaving(self.group.member_id.clone(), coordinator, reason));
    }

    /// Nothing is said of nothing.
    pub(super) fn note_released(&mut self, cx: &Cx<'_>, release: Release) {
        let names: Vec<&TopicPartition> = self.partitions.keys().collect();
        if names.is_empty() || self.program.is_standalone() {
            return;
        }
        let partitions = Named::of(names.into_iter());
        let said = match release {
            Release::Revoked => OfGroup::Revoked(partitions),
            Release::Lost => OfGroup::Lost(partitions),
        };
        self.network.note(cx, said);
    }

    /// A position with the leader that it is read from.
    pub(super) fn placed(&self, partition: &TopicPartition, position: FetchPosition) -> Box<Placed> {
        let known = self.network.leader(&partition.topic, partition.partition);
        let leader = known.and_then(|(node, _)| {
            let brokers = self.network.metadata().brokers();
            let (id, broker) = brokers.iter().find(|(id, _)| Node::Broker(**id) == node)?;
            Some((*id, broker.endpoint.clone(), broker.rack.clone()))
        });
        let epoch = known.map_or(base::LeaderEpoch::UNDEFINED, |(_, epoch)| epoch);
        let FetchPosition { offset, offset_epoch, .. } = position;
        Box::new(Placed { partition: partition.clone(), offset, offset_epoch, leader, epoch })
    }

    /// Nothing committed (`OffsetFetchResponseHandler`), or out of range (`FetchCollector`); a cut log says more than the model
    /// knows of it here.
    pub(super) fn note_position_lost(&mut self, cx: &Cx<'_>, partition: &TopicPartition, why: PositionLoss) {
        let position = self.partitions.get(partition).and_then(|state| state.position.known());
        let said = match (why, position) {
            (PositionLoss::NeverCommitted, _) => OfPosition::NothingCommitted(partition.clone()),
            (PositionLoss::OutOfRange(_), Some(position)) => OfPosition::OutOfRange(self.placed(partition, position)),
            (PositionLoss::OutOfRange(_), None) | (PositionLoss::Truncated(_), _) => return,
        };
        self.network.note(cx, said);
    }

    /// `FetchCollector.handleInitializeErrors`: most errors are told at DEBUG only.
    pub(super) fn note_fetch_refused(&mut self, cx: &Cx<'_>, partition: &TopicPartition, error: ErrorCode) {
        let is_told = matches!(
            error,
            ErrorCode::UnknownTopicOrPartition | ErrorCode::UnknownTopicId | ErrorCode::InconsistentTopicId
        );
        if is_told {
            self.network.note(cx, OfPosition::FetchRefused(partition.clone(), error));
        }
    }
}
