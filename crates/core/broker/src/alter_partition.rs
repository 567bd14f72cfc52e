//! Proposing ISRs to the controller: all partitions that want one in one AlterPartition, one request
//! under way at a time.
//!
//! Kafka: `DefaultAlterPartitionManager`; the table of failures is [`crate::partition`]'s.

use crate::broker::Broker;
use crate::controller_channel::Purpose;
use crate::partition::{IsrProposal, ProposalOutcome};
use crate::timer::Timer;
use api::{AlterPartitionItem, AlterPartitionRequest, AlterPartitionResponse, LeaderRecoveryState, Request};
use base::{BlockSet, ErrorCode, Span, TopicIdPartition};
use port::ChannelKind;
use port::Cx;

/// `DefaultAlterPartitionManager`'s pause before it sends again.
const RETRY_PAUSE: Span = Span::from_millis(50);

/// Partitions with a proposal that is not answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AlterPartitions {
    unsent: BlockSet<TopicIdPartition>,
    in_flight: BlockSet<TopicIdPartition>,
}

impl AlterPartitions {
    /// Partitions of the request under way, and those whose proposals wait.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.in_flight.len(), self.unsent.len())
    }
}

impl Broker {
    /// A leader wants another ISR. While an older proposal for the same partition is not answered,
    /// the new one is taken back (Kafka: OPERATION_NOT_ATTEMPTED).
    pub(crate) fn propose_isr(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition, proposal: IsrProposal) {
        let is_busy = self.alter_partitions.unsent.contains(&at) || self.alter_partitions.in_flight.contains(&at);
        if is_busy {
            if let Some(partition) = self.partitions.get_mut(&at) {
                partition.on_alter_partition_failed(ErrorCode::OperationNotAttempted);
            }
            return;
        }
        drop(proposal);
        self.alter_partitions.unsent.insert(at);
        self.send_alter_partition(cx);
    }

    pub(crate) fn send_alter_partition(&mut self, cx: &mut Cx<'_>) {
        let pauses = self.timers.deadline(&Timer::AlterPartitionRetry).is_some();
        if !pauses && !self.alter_partitions.unsent.is_empty() && self.alter_partitions.in_flight.is_empty() {
            self.ask_controller(cx, ChannelKind::Partitions, Purpose::AlterPartition);
        }
    }

    /// Everything that is to be proposed now; what was sent and not answered goes again.
    pub(crate) fn alter_partition_request(&mut self) -> Option<Request> {
        let unsent = std::mem::take(&mut self.alter_partitions.unsent);
        self.alter_partitions.in_flight.extend(unsent.iter().copied());
        let broker_epoch = self.lifecycle.broker_epoch;
        let item = |at: &TopicIdPartition| {
            let proposal = self.partitions.get(at)?.leader()?.proposal()?;
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
        let partitions: Vec<AlterPartitionItem> = self.alter_partitions.in_flight.iter().filter_map(item).collect();
        self.alter_partitions.in_flight =
            partitions.iter().map(|item| TopicIdPartition { topic: item.topic, partition: item.partition }).collect();
        let request = AlterPartitionRequest { broker: self.id(), broker_epoch, partitions };
        (!request.partitions.is_empty()).then_some(Request::AlterPartition(request))
    }

    pub(crate) fn on_alter_partition(&mut self, cx: &mut Cx<'_>, answer: &AlterPartitionResponse) {
        if answer.error.is_error() {
            // STALE_BROKER_EPOCH and the like: the lifecycle mends it, the proposals go again.
            return self.retry_alter_partition(cx);
        }
        let mut pending = std::mem::take(&mut self.alter_partitions.in_flight);
        let mut must_retry = false;
        for result in &answer.partitions {
            let at = TopicIdPartition { topic: result.topic, partition: result.partition };
            pending.remove(&at);
            let Some(partition) = self.partitions.get_mut(&at) else { continue };
            let (outcome, change) = partition.on_alter_partition(cx, result);
            self.note_change(cx, at, change);
            if outcome == ProposalOutcome::Retry {
                must_retry = true;
                self.alter_partitions.unsent.insert(at);
            }
        }
        // What the answer leaves out goes again.
        must_retry |= !pending.is_empty();
        self.alter_partitions.unsent.extend(pending.iter().copied());
        if must_retry {
            self.timers.set(Timer::AlterPartitionRetry, cx.now + RETRY_PAUSE);
        } else {
            self.send_alter_partition(cx);
        }
    }

    /// The request as a whole failed.
    pub(crate) fn retry_alter_partition(&mut self, cx: &mut Cx<'_>) {
        let pending = std::mem::take(&mut self.alter_partitions.in_flight);
        self.alter_partitions.unsent.extend(pending.iter().copied());
        self.timers.set(Timer::AlterPartitionRetry, cx.now + RETRY_PAUSE);
    }

    /// Every half replica.lag.time.max.ms.
    pub(crate) fn on_shrink_isr_due(&mut self, cx: &mut Cx<'_>) {
        self.timers.set(Timer::ShrinkIsr, cx.now + self.config.replication.lag_time_max.divided_by(2));
        let led: Vec<TopicIdPartition> =
            self.partitions.iter().filter(|(_, partition)| partition.is_leader()).map(|(at, _)| *at).collect();
        for at in led {
            self.note_idle_followers(at);
            let Some(partition) = self.partitions.get_mut(&at) else { continue };
            let change = partition.maybe_shrink_isr(cx);
            self.note_change(cx, at, change);
        }
    }
}
