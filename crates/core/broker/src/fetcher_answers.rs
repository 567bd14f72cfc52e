//! What a follower does with its leader's answers: append, cut, start over, back off.
//!
//! Kafka: `AbstractFetcherThread.processFetchRequest`, `fetchOffsetAndTruncate`; semantics §6.1.

use crate::broker::Broker;
use crate::fetcher::FetchStatus;
use crate::partition::Change;
use crate::timer::Timer;
use crate::wires::Asked;
use api::{FetchPartitionResponse, FetchResponse, ListOffsetsPartitionResponse, ListOffsetsResponse, Response};
use base::{BrokerId, ErrorCode, Offset, TopicIdPartition};
use log::EpochEndOffset;
use port::{BrokerLine, Cx};

impl Broker {
    pub(crate) fn fetcher_answered(&mut self, cx: &mut Cx<'_>, leader: BrokerId, asked: Asked, response: Response) {
        match (asked, response) {
            (Asked::Fetch, Response::Fetch(answer)) => self.on_fetched(cx, leader, &answer),
            (Asked::ListOffsets, Response::ListOffsets(answer)) => self.on_leader_offsets(cx, leader, &answer),
            // An answer to something else: no leader to copy from.
            (Asked::Fetch | Asked::ListOffsets | Asked::Controller(_), _) => {
                return self.give_up_line(cx, BrokerLine::Leader(leader));
            }
        }
        self.pump_fetcher(cx, leader);
    }

    fn on_fetched(&mut self, cx: &mut Cx<'_>, leader: BrokerId, answer: &FetchResponse) {
        let Some(fetcher) = self.fetchers.get_mut(&leader) else { return };
        if answer.error.is_error() {
            // The session is gone on the other side: begin anew.
            fetcher.session_id = 0;
            fetcher.reset_session();
            return;
        }
        fetcher.session_id = answer.session_id;
        if answer.session_id == 0 {
            fetcher.reset_session();
        } else {
            fetcher.session_epoch = fetcher.session_epoch.checked_add(1).unwrap_or(1);
        }
        for part in &answer.partitions {
            self.on_fetched_partition(cx, leader, part);
        }
    }

    fn on_fetched_partition(&mut self, cx: &mut Cx<'_>, leader: BrokerId, part: &FetchPartitionResponse) {
        let at = TopicIdPartition { topic: part.topic, partition: part.partition };
        let followed = self.fetchers.get(&leader).and_then(|fetcher| fetcher.partitions.get(&at)).copied();
        let Some(followed) = followed.filter(|followed| followed.status == FetchStatus::Fetching) else { return };
        let Some((sent_epoch, sent_offset, _)) = followed.sent else { return };
        let is_current = self.partitions.get(&at).is_some_and(|partition| {
            !partition.is_leader() && partition.leader_epoch() == sent_epoch && partition.log_end() == sent_offset
        });
        if !is_current {
            return;
        }
        if part.error == ErrorCode::OffsetOutOfRange {
            self.set_fetch_status(leader, at, FetchStatus::AskingForOffsets);
        } else if part.error == ErrorCode::FencedLeaderEpoch {
            self.set_fetch_status(leader, at, FetchStatus::Fenced);
        } else if part.error.is_error() {
            self.back_off(cx, leader, at);
        } else {
            self.take_over(cx, leader, at, part);
        }
    }

    fn take_over(&mut self, cx: &mut Cx<'_>, leader: BrokerId, at: TopicIdPartition, part: &FetchPartitionResponse) {
        let Some(partition) = self.partitions.get_mut(&at) else { return };
        let before = partition.log_end();
        let taken = match part.diverging {
            Some(diverging) => {
                let ends = EpochEndOffset { epoch: diverging.epoch, end: diverging.end_offset };
                Ok(partition.truncate_diverging(cx, ends))
            }
            None => partition.append_replicated(cx, &part.records).map(|appended| {
                let followed = partition.follow_leader_offsets(cx, part.high_watermark, part.log_start_offset);
                Change { moved: appended.moved || followed.moved, proposal: None }
            }),
        };
        let has_moved = partition.log_end() != before;
        match taken {
            Ok(change) => {
                self.note_change(cx, at, change);
                if has_moved || part.diverging.is_some() {
                    self.set_fetch_status(leader, at, FetchStatus::Fetching);
                }
            }
            Err(_) => self.back_off(cx, leader, at),
        }
    }

    fn set_fetch_status(&mut self, leader: BrokerId, at: TopicIdPartition, status: FetchStatus) {
        if let Some(fetcher) = self.fetchers.get_mut(&leader) {
            fetcher.set_status(at, status);
        }
    }

    fn back_off(&mut self, cx: &mut Cx<'_>, leader: BrokerId, at: TopicIdPartition) {
        self.set_fetch_status(leader, at, FetchStatus::BackingOff);
        self.wires.timers.set(Timer::FetchBackoff(at), cx.now + self.wires.config.replication.fetch_backoff);
    }

    /// Latest and earliest offsets of the leader, in pairs.
    fn on_leader_offsets(&mut self, cx: &mut Cx<'_>, leader: BrokerId, answer: &ListOffsetsResponse) {
        for pair in answer.partitions.chunks_exact(2) {
            let [latest, earliest] = pair else { continue };
            let topic = self.image.topic_id(&latest.topic);
            let Some(topic) = topic else { continue };
            let at = TopicIdPartition { topic, partition: latest.partition };
            let status = self
                .fetchers
                .get(&leader)
                .and_then(|fetcher| fetcher.partitions.get(&at))
                .map(|followed| followed.status);
            if status == Some(FetchStatus::AskingForOffsets) {
                self.on_leader_bounds(cx, leader, at, (latest, earliest));
            }
        }
    }

    fn on_leader_bounds(
        &mut self,
        cx: &mut Cx<'_>,
        leader: BrokerId,
        at: TopicIdPartition,
        (latest, earliest): (&ListOffsetsPartitionResponse, &ListOffsetsPartitionResponse),
    ) {
        let failed = latest.error.is_error() || earliest.error.is_error() || latest.offset == Offset::UNDEFINED;
        let Some(partition) = self.partitions.get_mut(&at).filter(|_| !failed) else {
            return self.back_off(cx, leader, at);
        };
        let own = partition.log_end();
        let change = if latest.offset < own {
            partition.truncate(cx, latest.offset)
        } else if earliest.offset > own {
            partition.start_over(cx, earliest.offset)
        } else {
            Change::default()
        };
        self.note_change(cx, at, change);
        self.set_fetch_status(leader, at, FetchStatus::Fetching);
    }
}
