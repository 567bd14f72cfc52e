//! Proposing ISRs to the controller: all partitions that want one in one AlterPartition, one request
//! under way at a time.
//!
//! Kafka: `DefaultAlterPartitionManager`; the table of failures is [`crate::partition`]'s.

use super::{ControllerLines, Present, Purpose};
use crate::partition::ProposalOutcome;
use crate::replicas::Replicas;
use crate::timer::Timer;
use crate::wires::Wires;
use api::{AlterPartitionItem, AlterPartitionRequest, AlterPartitionResponse, LeaderRecoveryState};
use base::{BlockSet, BrokerId, Span, TimerTable, TopicIdPartition};
use port::Cx;

/// `DefaultAlterPartitionManager`'s pause before it sends again.
const RETRY_PAUSE: Span = Span::from_millis(50);

/// Partitions with a proposal that is not answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct AlterPartitions {
    unsent: BlockSet<TopicIdPartition>,
    in_flight: BlockSet<TopicIdPartition>,
}

/// May a leader have what it proposes asked for?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Proposing {
    Asked,
    /// An older proposal for the same partition is not answered: the new one has to be taken back (Kafka:
    /// OPERATION_NOT_ATTEMPTED).
    Busy,
}

impl AlterPartitions {
    /// Partitions of the request under way, and those whose proposals wait.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.in_flight.len(), self.unsent.len())
    }

    fn wants_to_send(&self, timers: &TimerTable<Timer>) -> bool {
        let pauses = timers.deadline(&Timer::AlterPartitionRetry).is_some();
        !pauses && !self.unsent.is_empty() && self.in_flight.is_empty()
    }

    /// Everything that is to be proposed now; what was sent and not answered goes again. `None`: nothing is.
    pub(super) fn request(
        &mut self,
        broker: BrokerId,
        broker_epoch: i64,
        replicas: &Replicas,
    ) -> Option<AlterPartitionRequest> {
        let unsent = std::mem::take(&mut self.unsent);
        self.in_flight.extend(unsent.iter().copied());
        let item = |at: &TopicIdPartition| {
            let proposal = replicas.get(*at)?.leader()?.proposal()?;
            Some(AlterPartitionItem {
                topic: at.topic,
                partition: at.partition,
                leader_epoch: proposal.leader_epoch,
                new_isr: proposal.to.iter().map(|&(id, epoch)| (id, epoch.unwrap_or(broker_epoch))).collect(),
                // A leader settles what an unclean election left (KIP-704) with its first proposal.
                leader_recovery_state: LeaderRecoveryState::Recovered,
                partition_epoch: proposal.partition_epoch,
            })
        };
        let partitions: Vec<AlterPartitionItem> = self.in_flight.iter().filter_map(item).collect();
        self.in_flight =
            partitions.iter().map(|item| TopicIdPartition { topic: item.topic, partition: item.partition }).collect();
        (!partitions.is_empty()).then_some(AlterPartitionRequest { broker, broker_epoch, partitions })
    }

    /// The request as a whole failed.
    pub(super) fn retry(&mut self, cx: &Cx<'_>, wires: &mut Wires) {
        let pending = std::mem::take(&mut self.in_flight);
        self.unsent.extend(pending.iter().copied());
        wires.timers.set(Timer::AlterPartitionRetry, cx.now + RETRY_PAUSE);
    }
}

impl ControllerLines {
    /// A leader wants another ISR.
    pub(crate) fn propose(&mut self, cx: &mut Cx<'_>, present: &mut Present<'_>, at: TopicIdPartition) -> Proposing {
        let known = &mut self.alter_partitions;
        if known.unsent.contains(&at) || known.in_flight.contains(&at) {
            return Proposing::Busy;
        }
        known.unsent.insert(at);
        self.send_proposals(cx, present);
        Proposing::Asked
    }

    /// Asks for what is proposed, unless a request for others is under way or has just failed.
    pub(crate) fn send_proposals(&mut self, cx: &mut Cx<'_>, present: &mut Present<'_>) {
        if self.alter_partitions.wants_to_send(&present.wires.timers) {
            self.ask(cx, present, Purpose::AlterPartition);
        }
    }

    /// What the controller said of proposals. What is left to ask is sent by
    /// [`send_proposals`](Self::send_proposals).
    pub(crate) fn proposals_answered(
        &mut self,
        cx: &mut Cx<'_>,
        wires: &mut Wires,
        replicas: &mut Replicas,
        answer: &AlterPartitionResponse,
    ) {
        let known = &mut self.alter_partitions;
        if answer.error.is_error() {
            // STALE_BROKER_EPOCH and the like: the lifecycle mends it, the proposals go again.
            return known.retry(cx, wires);
        }
        let (mut pending, mut must_retry) = (std::mem::take(&mut known.in_flight), false);
        for result in &answer.partitions {
            let at = TopicIdPartition { topic: result.topic, partition: result.partition };
            pending.remove(&at);
            if replicas.isr_answered(cx, result) == Some(ProposalOutcome::Retry) {
                must_retry = true;
                known.unsent.insert(at);
            }
        }
        // What the answer leaves out goes again.
        must_retry |= !pending.is_empty();
        known.unsent.extend(pending.iter().copied());
        if must_retry {
            wires.timers.set(Timer::AlterPartitionRetry, cx.now + RETRY_PAUSE);
        }
    }
}
