//! Questions about offsets: ListOffsets and OffsetForLeaderEpoch.
//!
//! Kafka: `ReplicaManager.fetchOffset`, `Partition.fetchOffsetForTimestamp`,
//! `Partition.lastOffsetForLeaderEpoch`; semantics §5.2.

use crate::partition::Partition;
use crate::view::View;
use api::{
    EpochEndOffset, IsolationLevel, ListOffsetsPartition, ListOffsetsPartitionResponse, ListOffsetsRequest,
    ListOffsetsResponse, OffsetForLeaderEpochPartition, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse,
    OffsetSpec,
};
use base::{ErrorCode, LeaderEpoch, Offset, Timestamp};
use log::TimestampAndOffset;
use port::Cx;

/// What was found: an offset, perhaps with its record's timestamp, and its epoch.
type Found = (Option<Timestamp>, Offset, LeaderEpoch);

impl View<'_> {
    /// Where logs begin and end, or where a time lies in them.
    pub(crate) fn list_offsets(self, cx: &Cx<'_>, request: &ListOffsetsRequest) -> ListOffsetsResponse {
        let answer = |asked: &ListOffsetsPartition| {
            let found = match asked.spec {
                // Of what is before 1970 only the numbers that mean something else are known
                // (`ReplicaManager.isListOffsetsTimestampUnsupported`).
                OffsetSpec::Timestamp(Timestamp(..0)) => Err(ErrorCode::UnsupportedVersion),
                OffsetSpec::Timestamp(_) | OffsetSpec::Latest | OffsetSpec::Earliest | OffsetSpec::MaxTimestamp => self
                    .by_name(&asked.topic, asked.partition)
                    .and_then(|partition| list_offset(cx, partition, asked, request)),
            };
            let (error, (timestamp, offset, leader_epoch)) = match found {
                Ok(found) => (ErrorCode::None, found),
                Err(error) => (error, (None, Offset::UNDEFINED, LeaderEpoch::UNDEFINED)),
            };
            let (topic, partition) = (asked.topic.clone(), asked.partition);
            ListOffsetsPartitionResponse { topic, partition, error, timestamp, offset, leader_epoch }
        };
        ListOffsetsResponse { partitions: request.partitions.iter().map(answer).collect() }
    }

    /// Where epochs end in the logs that this broker leads.
    pub(crate) fn ends_of_epochs(self, request: &OffsetForLeaderEpochRequest) -> OffsetForLeaderEpochResponse {
        let answer = |asked: &OffsetForLeaderEpochPartition| {
            let found = self.by_name(&asked.topic, asked.partition).and_then(|partition| epoch_end(partition, asked));
            let undefined = EpochEndOffset { epoch: LeaderEpoch::UNDEFINED, end_offset: Offset::UNDEFINED };
            let (error, end) = match found {
                Ok(end) => (ErrorCode::None, end.unwrap_or(undefined)),
                Err(error) => (error, undefined),
            };
            (asked.topic.clone(), asked.partition, error, end)
        };
        OffsetForLeaderEpochResponse { partitions: request.partitions.iter().map(answer).collect() }
    }
}

fn epoch_end(
    partition: &Partition,
    asked: &OffsetForLeaderEpochPartition,
) -> Result<Option<EpochEndOffset>, ErrorCode> {
    partition.leader_in(asked.current_leader_epoch)?;
    let end = partition.log().end_offset_for_epoch(asked.leader_epoch);
    Ok(end.map(|end| EpochEndOffset { epoch: end.epoch, end_offset: end.end }))
}

fn list_offset(
    cx: &Cx<'_>,
    partition: &Partition,
    asked: &ListOffsetsPartition,
    request: &ListOffsetsRequest,
) -> Result<Found, ErrorCode> {
    let leader = partition.leader_in(asked.current_leader_epoch)?;
    let (log, epoch) = (partition.log(), leader.leader_epoch());
    let end = match (request.replica, request.isolation) {
        (Some(_), _) => log.log_end(),
        (None, IsolationLevel::ReadUncommitted) => log.high_watermark(),
        (None, IsolationLevel::ReadCommitted) => log.last_stable_offset(),
    };
    // A new leader whose HW has not reached its epoch could tell a client less than the old one did.
    let is_behind = request.replica.is_none() && leader.epoch_start() > log.high_watermark();
    let known_end = if is_behind { Err(ErrorCode::OffsetNotAvailable) } else { Ok(end) };
    match asked.spec {
        OffsetSpec::Latest => Ok((None, known_end?, epoch)),
        OffsetSpec::Earliest => {
            let start = log.log_start();
            Ok((None, start, log.epochs().epoch_for_offset(start).unwrap_or(LeaderEpoch::UNDEFINED)))
        }
        OffsetSpec::MaxTimestamp => by_time(log.offset_of_max_timestamp(cx.store)?, end, known_end),
        OffsetSpec::Timestamp(target) => by_time(log.offset_for_timestamp(cx.store, target)?, end, known_end),
    }
}

/// A record found by time counts only below the visible end.
fn by_time(
    found: Option<TimestampAndOffset>,
    end: Offset,
    known_end: Result<Offset, ErrorCode>,
) -> Result<Found, ErrorCode> {
    match found {
        Some(found) if found.offset < end => Ok((Some(found.timestamp), found.offset, found.leader_epoch)),
        Some(_) | None => known_end.map(|_| (None, Offset::UNDEFINED, LeaderEpoch::UNDEFINED)),
    }
}
