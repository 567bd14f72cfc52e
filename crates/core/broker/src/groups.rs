//! The broker's side of the group coordinator: requests in, appends to `__consumer_offsets` out, and
//! its partitions loaded and unloaded as leadership moves.
//!
//! Kafka: `GroupCoordinatorService` behind `KafkaApis`, `CoordinatorPartitionWriter`,
//! `CoordinatorLoaderImpl`. What groups do is the coordinator crate's business.

use crate::broker::Broker;
use crate::replicas::Entry;
use api::{Acks, OffsetCommitPartition, OffsetCommitRequest, OffsetCommitResponse, OffsetDeleteRequest, Response};
use base::{ConnectionId, ErrorCode, PartitionId, Str, TopicId, TopicIdPartition, TopicPartition};
use coordinator::GroupRequest;
use coordinator::runtime::{Append, Led};
use log::AppendOrigin;
use metadata::topic_name;
use port::{Cx, ReplyTo};
use records::{Batch, BatchBuilder, NewRecord};

impl Broker {
    pub(crate) fn on_group_request(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, client_id: &Str, request: GroupRequest) {
        self.coordinator.on_request(cx, reply, client_id, request);
    }

    /// Of partitions that do not exist nothing is committed (`KafkaApis.handleOffsetCommitRequest`).
    pub(crate) fn on_offset_commit(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, mut request: OffsetCommitRequest) {
        let mut refused = OffsetCommitResponse { partitions: Vec::new() };
        let asked = std::mem::take(&mut request.partitions);
        for mut each in asked {
            match self.committable(&each) {
                Ok(topic_id) => {
                    each.topic_id = topic_id;
                    request.partitions.push(each);
                }
                Err(error) => refused.partitions.push((each.topic, each.partition, error)),
            }
        }
        if request.partitions.is_empty() && !refused.partitions.is_empty() {
            return cx.respond(reply, Response::OffsetCommit(refused));
        }
        self.coordinator.commit(cx, reply, &request, refused);
    }

    /// Of topics that do not exist nothing is deleted (`KafkaApis.handleOffsetDeleteRequest`).
    pub(crate) fn on_offset_delete(&mut self, cx: &mut Cx<'_>, reply: ReplyTo, mut request: OffsetDeleteRequest) {
        let exists = |partition: &TopicPartition| {
            let topic = self.image.topic_by_name(&partition.topic);
            topic.is_some_and(|topic| topic.partitions.contains_key(&partition.partition))
        };
        let (known, unknown): (Vec<_>, Vec<_>) = request.partitions.into_iter().partition(exists);
        let refused = coordinator::unknown_partitions(unknown);
        if known.is_empty() && !refused.partitions.is_empty() {
            return cx.respond(reply, Response::OffsetDelete(refused));
        }
        request.partitions = known;
        self.coordinator.delete_offsets(cx, reply, &request, refused);
    }

    fn committable(&self, asked: &OffsetCommitPartition) -> Result<TopicId, ErrorCode> {
        let topic = match asked.topic_id {
            TopicId::ZERO => self.image.topic_id(&asked.topic).ok_or(ErrorCode::UnknownTopicOrPartition)?,
            id => self.image.topic(id).map(|topic| topic.id).ok_or(ErrorCode::UnknownTopicId)?,
        };
        let at = TopicIdPartition { topic, partition: asked.partition };
        self.image.partition(at).map(|_| topic).ok_or(ErrorCode::UnknownTopicOrPartition)
    }

    /// Appends what the coordinator wants written. `false`: it wanted nothing.
    pub(crate) fn carry_coordinator(&mut self, cx: &mut Cx<'_>) -> bool {
        if !self.coordinator.runtime().has_appends() {
            return false;
        }
        let appends = self.coordinator.runtime_mut().take_appends();
        for append in &appends {
            if self.coordinator.runtime().expects(append.token) {
                self.append_for_coordinator(cx, append);
            }
        }
        true
    }

    fn append_for_coordinator(&mut self, cx: &mut Cx<'_>, append: &Append) {
        let appended = self.offsets_partition(append.partition).ok_or(ErrorCode::NotCoordinator).and_then(|at| {
            let batch = batch_of(append, cx);
            let entry = Entry { batch: &batch, origin: AppendOrigin::Coordinator, acks: Acks::ALL };
            let (purgatories, mut serving) = self.serving();
            purgatories.append(cx, &mut serving, at, &entry).map(|info| (at, info))
        });
        match appended {
            Ok((at, info)) => {
                self.coordinator.runtime_mut().on_appended(append.token, info.last_offset.plus(1));
                self.tell_high_watermark(cx, at);
            }
            Err(error) => self.coordinator.runtime_mut().on_refused(cx, append.token, error),
        }
    }

    /// The high watermark of a partition may have moved. What the log took, nothing but leadership that goes can
    /// take away from the coordinator; in-sync replicas below the minimum do not
    /// (`PartitionWriter.Listener.onHighWatermarkUpdated`, `CoordinatorRuntime.HighWatermarkListener`).
    pub(crate) fn tell_high_watermark(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) {
        if self.coordinator.runtime().pending_writes() == 0 {
            return;
        }
        // Deleted with this very change: whoever waits for its coordinator was told when it was unloaded.
        let Some(partition) = self.replicas.get(at) else { return };
        if &*partition.name().topic == topic_name::GROUP_METADATA {
            let high_watermark = partition.log().high_watermark();
            self.coordinator.runtime_mut().on_high_watermark(cx, at.partition, high_watermark);
        }
    }

    pub(crate) fn coordinator_closed(&mut self, connection: ConnectionId) {
        self.coordinator.runtime_mut().on_closed(connection);
    }

    pub(crate) fn coordinator_deadline(&mut self, cx: &mut Cx<'_>) {
        if self.coordinator.runtime().next_deadline().is_some_and(|at| at <= cx.now) {
            self.coordinator.runtime_mut().on_deadline(cx);
        }
    }

    /// This broker leads a partition now. If it keeps offsets, its groups live here from now on.
    pub(crate) fn coordinator_elected(&mut self, cx: &mut Cx<'_>, at: TopicIdPartition) {
        let partition = self.replicas.get(at).expect("what was made leader just now is here");
        if &*partition.name().topic != topic_name::GROUP_METADATA {
            return;
        }
        let log = partition.log();
        // A batch that the disk does not give ends what can be known.
        let batches: Vec<Batch> =
            log.batches_from(log.log_start()).map_while(|entry| log.read_batch(cx.store, &entry).ok()).collect();
        let led =
            Led { partition: at.partition, epoch: partition.leader_epoch(), high_watermark: log.high_watermark() };
        self.coordinator.runtime_mut().load(cx, led, &mut batches.into_iter());
    }

    /// This broker leads the partition no longer.
    pub(crate) fn coordinator_resigned(&mut self, cx: &mut Cx<'_>, name: &TopicPartition) {
        if &*name.topic == topic_name::GROUP_METADATA {
            self.coordinator.unload(cx, name.partition);
        }
    }

    fn offsets_partition(&self, partition: PartitionId) -> Option<TopicIdPartition> {
        Some(TopicIdPartition { topic: self.image.topic_id(topic_name::GROUP_METADATA)?, partition })
    }
}

/// One batch, as Kafka's coordinator writes its records: no producer id, the broker's time.
fn batch_of(append: &Append, cx: &Cx<'_>) -> Batch {
    let mut builder = BatchBuilder::new();
    for (key, value) in &append.records {
        let (key, value) = (Some(key.clone()), value.clone());
        builder.append(&NewRecord { timestamp: cx.wall, key, value, headers: Vec::new() });
    }
    builder.build()
}
