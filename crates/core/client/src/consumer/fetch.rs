//! Fetching ahead and handing out: one fetch per node none of whose partitions has buffered records,
//! and up to max.poll.records per poll. Kafka: `AbstractFetch`, `FetchCollector`, `CompletedFetch`.

use super::assigned::{Assigned, Place};
use super::state::Opened;
use super::{
    Application, Consumer, ConsumerRequest, ConsumerTimer, DeliveredRecord, FetchPosition, FetchSession, KEPT_RECORDS,
    Position,
};
use crate::network::Node;
use api::{ApiKey, FetchPartition, FetchPartitionResponse, FetchRequest, FetchResponse, Request};
use base::{Aside, ErrorCode, LeaderEpoch, Offset, Str, TopicId, TopicPartition};
use bytes::Bytes;
use port::{Compact, Cx, Fact, KafkaFact, PositionLoss, RecordRef};
use records::{Batch, Record};
use std::sync::Arc;

/// What a poll leaves for the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Polled {
    More,
    /// There is nothing more, or the application has to work first.
    Everything,
}

impl Consumer {
    /// Sends a fetch to every leader that has none in flight. While records of one of a leader's
    /// partitions are buffered it is not asked for the others: a request without the buffered ones
    /// would take them out of the session.
    pub(super) fn send_fetches(&mut self, cx: &mut Cx<'_>) {
        let leaders = self.by_leader(cx, Assigned::unasked, |position| matches!(position, Position::At(_)));
        for (node, mut places) in leaders {
            // What is paused is neither asked for nor in the way (`SubscriptionState.isFetchable`).
            places.retain(|place| !self.is_paused(*place));
            if places.is_empty() {
                continue;
            }
            let is_buffered = |place: &Place| places.binary_search(place).is_ok();
            if self.partitions.buffered().iter().any(is_buffered)
                || self.fetching.contains(&node)
                || !self.network.ready(cx, node)
            {
                continue;
            }
            self.send_fetch(cx, node, places);
        }
    }

    /// One request for all partitions that a node leads and of which nothing is buffered
    /// (`AbstractFetch.prepareFetchRequests`).
    fn send_fetch(&mut self, cx: &mut Cx<'_>, node: Node, places: Vec<Place>) {
        let wanted = self.wanted(&places);
        let next = self.sessions.get_or_insert_with(node, FetchSession::default).next(wanted);
        let request = Request::Fetch(FetchRequest {
            replica: None,
            cluster_id: None,
            max_wait: self.config.fetch_wait_max,
            min_bytes: self.config.fetch_min_bytes,
            max_bytes: self.config.fetch_max_bytes,
            isolation: self.isolation(),
            session_id: next.session_id,
            session_epoch: next.session_epoch,
            partitions: next.partitions,
            forgotten: next.forgotten,
            rack: Some(self.config.client_rack.clone()).filter(|rack| !rack.is_empty()),
        });
        let partitions: Vec<_> = places.iter().map(|place| self.partitions.at(*place).0.clone()).collect();
        self.partitions.fetch_sent(&places);
        self.fetching.insert(node);
        let assignment = self.assignment_number;
        self.send(cx, node, request, ConsumerRequest::Fetch { assignment, partitions, places: Aside(places) });
    }

    /// Does the application not want it now? Mostly nothing is paused, and nobody looks for it.
    fn is_paused(&self, place: Place) -> bool {
        let paused = self.program.paused();
        !paused.is_empty() && paused.contains(self.partitions.at(place).0)
    }

    /// Where each of these is to be read from.
    fn wanted(&self, places: &[Place]) -> Vec<FetchPartition> {
        let mut wanted = Vec::with_capacity(places.len());
        let mut topic: Option<(&Str, TopicId)> = None;
        for place in places {
            let (partition, state) = self.partitions.at(*place);
            // One topic follows the other, and each has many partitions.
            let known = topic.filter(|(name, _)| Arc::ptr_eq(name, &partition.topic));
            let known = known.or_else(|| Some((&partition.topic, self.network.metadata().topic_id(&partition.topic)?)));
            let (name, id) = known.expect("a topic with a leader has an id");
            topic = Some((name, id));
            let (_, epoch) = self.partitions.leader(*place).expect("places are listed by their leaders");
            wanted.push(FetchPartition {
                topic: id,
                partition: partition.partition,
                current_leader_epoch: epoch,
                fetch_offset: state.offset().expect("only what has a position is fetched"),
                last_fetched_epoch: LeaderEpoch::UNDEFINED,
                log_start_offset: Offset::UNDEFINED,
                max_bytes: self.config.partition_fetch_max_bytes,
            });
        }
        wanted
    }

    /// A fetch of these is answered or lost.
    pub(super) fn fetch_is_over(&mut self, assignment: u64, places: &[Place]) {
        if assignment == self.assignment_number {
            self.partitions.fetch_is_over(places);
        }
    }

    /// Answers of an earlier assignment are dropped whole: positions have moved on, perhaps in other hands.
    pub(super) fn on_fetched(
        &mut self,
        cx: &mut Cx<'_>,
        (node, assignment, asked): (Node, u64, &[TopicPartition]),
        answer: FetchResponse,
    ) {
        self.fetching.remove(&node);
        if let Some(session) = self.sessions.get_mut(&node) {
            session.answered(&answer);
        }
        if assignment != self.assignment_number {
            return;
        }
        for part in answer.partitions {
            // The topic was deleted since it was asked for, or the broker names what nobody knows.
            let Some(name) = self.network.metadata().name_of(part.topic).cloned() else { continue };
            let partition = TopicPartition { topic: name, partition: part.partition };
            if let Some(hint) = part.current_leader {
                self.network.hint(cx, (part.topic, part.partition), hint, &answer.node_endpoints);
            }
            // Names are asked for in order, and there may be thousands.
            if asked.binary_search(&partition).is_ok() {
                self.take_part(cx, &partition, part);
            }
        }
    }

    /// One partition of an answer: records go into its buffer, errors decide where it is read from next
    /// (`FetchCollector.handleInitializeErrors`).
    fn take_part(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition, part: FetchPartitionResponse) {
        // The part before it has ended the consumer.
        let Some(state) = self.partitions.get_mut(partition) else { return };
        // It was asked at a position that is in doubt by now: what it brought is no answer to what will be asked.
        let Position::At(position) = state.position else { return };
        if self.program.stale.contains(partition) {
            return;
        }
        match part.error {
            ErrorCode::None => {
                if state.high_watermark != Some(part.high_watermark) {
                    state.high_watermark = Some(part.high_watermark);
                }
                let unread = |batch: &Batch| batch.last_offset() >= position.offset;
                state.buffer.extend(part.records.into_iter().filter(unread));
            }
            ErrorCode::OffsetOutOfRange => self.reset(cx, partition, PositionLoss::OutOfRange(position.offset)),
            ErrorCode::TopicAuthorizationFailed | ErrorCode::CorruptMessage => {
                let message = format!(
                    "Encountered corrupt message when fetching offset {} for topic-partition {partition}",
                    position.offset.0
                );
                self.die(cx, (ApiKey::Fetch, part.error), &message);
            }
            _ => {
                self.note_fetch_refused(cx, partition, part.error);
                if part.error != ErrorCode::UnknownLeaderEpoch {
                    self.network.request_update();
                }
                self.hold(cx, partition);
            }
        }
    }

    /// The application polls, and polls again at once while it needs no time and there is more.
    pub(super) fn deliver(&mut self, cx: &mut Cx<'_>) {
        while self.poll_once(cx) == Polled::More {}
    }

    /// `poll` returns with up to max.poll.records, and the application works on them.
    fn poll_once(&mut self, cx: &mut Cx<'_>) -> Polled {
        let mut left = self.program.wants(self.config.poll_records_max.max(1) as u32, self.delivered);
        let limit = left;
        self.partitions.look(&self.network);
        let buffered = self.partitions.buffered().iter();
        let buffered = buffered.filter(|place| !self.is_paused(**place));
        let mut partitions: Vec<TopicPartition> = buffered.map(|place| self.partitions.at(*place).0.clone()).collect();
        if partitions.is_empty() {
            return Polled::Everything;
        }
        // Not always the same one first: a partition with much in it would starve the others.
        let start = self.rotation as usize % partitions.len();
        partitions.rotate_left(start);
        self.rotation = self.rotation.wrapping_add(1);
        for partition in &partitions {
            while left > 0 && self.hand_out(cx, partition, &mut left) {}
        }
        let count = limit - left;
        self.last_poll = cx.now;
        self.was_given(cx, count);
        if !self.program.work.is_empty() {
            self.begin_work(cx);
        } else if count > 0 && self.setup.processing_time.0 > 0 {
            self.application = Application::Processing;
            self.timers.set(ConsumerTimer::Poll, cx.now + self.setup.processing_time.times(u64::from(count)));
            if !self.program.is_standalone() {
                self.timers.set(ConsumerTimer::PollInterval, cx.now + self.config.poll_interval_max);
            }
        }
        if self.application != Application::Polling || self.close_wanted {
            return Polled::Everything;
        }
        // A poll that was not filled has taken all that can be taken.
        if left > 0 {
            return Polled::Everything;
        }
        self.partitions.look(&self.network);
        let is_more = !self.partitions.buffered().is_empty();
        if is_more { Polled::More } else { Polled::Everything }
    }

    /// Hands out records of the partition's first buffered batch; false when there is none.
    fn hand_out(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition, left: &mut u32) -> bool {
        // The partition before it has ended the consumer.
        let Some(state) = self.partitions.get_mut(partition) else { return false };
        let (Some(batch), Position::At(position)) = (state.buffer.front().cloned(), state.position) else {
            // All is handed out, or a position in doubt keeps what it has.
            return false;
        };
        let opened = match state.opened.take().filter(|opened| opened.goes_on(&batch, position.offset)) {
            Some(opened) => Ok(opened),
            None => Opened::read(cx, &batch, position.offset),
        };
        let Ok(mut unread) = opened else {
            let message = format!(
                "Received exception when fetching the next record from {partition}. If needed, please seek past the record to continue consumption."
            );
            self.die(cx, (ApiKey::Fetch, ErrorCode::CorruptMessage), &message);
            return false;
        };
        let mut next = position.offset;
        while *left > 0
            && let Some(record) = unread.next()
        {
            next = record.offset.plus(1);
            *left -= 1;
            self.delivered(cx, partition, &batch, record);
        }
        let state = self.partitions.get_mut(partition).expect("an application that reads is still assigned");
        if unread.is_done() {
            next = batch.next_offset();
            state.buffer.pop_front();
        } else {
            state.opened = Some(unread);
        }
        state.position = Position::At(FetchPosition { offset: next, offset_epoch: batch.leader_epoch(), ..position });
        true
    }

    /// The application has the record now: what it does with it, and whether it commits that, is another matter.
    fn delivered(&mut self, cx: &mut Cx<'_>, partition: &TopicPartition, batch: &Batch, record: Record) {
        self.delivered += 1;
        let group = &self.setup.group;
        cx.fact(|| {
            let index = |trace: &records::Trace| {
                let index = trace.index_at(record.offset.since(batch.base_offset()))?;
                Some(RecordRef { producer: trace.producer, index })
            };
            Fact::Kafka(KafkaFact::Delivered {
                group: group.clone(),
                partition: partition.clone(),
                offset: record.offset,
                record: batch.trace().and_then(index),
                key: record.key.as_ref().map(|key| String::from_utf8_lossy(key).into()),
            })
        });
        if self.recent.len() == KEPT_RECORDS {
            self.recent.pop_front();
        }
        // By themselves: a part of the answer would keep all of it, once per snapshot of the world.
        let key = record.key.as_deref().map(Bytes::copy_from_slice);
        let value = record.value.as_deref().map(Compact::from);
        let (offset, at) = (record.offset, cx.now);
        let delivered = DeliveredRecord { partition: partition.clone(), offset, key, value, at };
        if self.program.goes_by_record() {
            self.program.work.push_back(delivered.clone());
        }
        self.recent.push_back(delivered);
    }
}
