//! What a reader finds in a partition: whole batches, nothing, a log that parts from its own, or why it may not read.
//!
//! Kafka: `Partition.fetchRecords`, `ReplicaManager.readFromLog`.

use crate::fetch_session::{FetchSession, Watched};
use crate::partition::Partition;
use api::{EpochEndOffset, IsolationLevel, ReplicaState};
use base::{ErrorCode, Offset};
use log::{ReadError, diverging_epoch};

/// Who reads.
#[derive(Clone, Copy)]
pub(super) enum Reader {
    Consumer(IsolationLevel),
    Follower(ReplicaState),
}

/// What a look at one partition shows a reader.
#[derive(Clone, Copy)]
pub(super) enum Visit {
    Error(ErrorCode),
    Diverging(EpochEndOffset),
    /// There are whole batches before this offset.
    Readable(Offset),
    Idle,
}

impl Reader {
    pub(super) fn of(session: &FetchSession) -> Reader {
        match session.replica {
            Some(replica) => Reader::Follower(replica),
            None => Reader::Consumer(session.isolation),
        }
    }

    /// Where what it may read ends.
    fn bound(self, partition: &Partition) -> Offset {
        match self {
            Reader::Follower(_) => partition.log_end(),
            Reader::Consumer(IsolationLevel::ReadUncommitted) => partition.high_watermark(),
            Reader::Consumer(IsolationLevel::ReadCommitted) => partition.log().last_stable_offset(),
        }
    }
}

/// What a reader finds, or why it may not read.
pub(super) fn look(partition: &Partition, watched: &Watched, reader: Reader) -> Visit {
    check_and_look(partition, watched, reader).unwrap_or_else(Visit::Error)
}

/// The checks of `Partition.fetchRecords`, in Kafka's order.
fn check_and_look(partition: &Partition, watched: &Watched, reader: Reader) -> Result<Visit, ErrorCode> {
    let log = partition.log();
    match reader {
        Reader::Follower(replica) => {
            partition.leader_in(watched.leader_epoch)?;
            partition.check_follower(replica.id, replica.epoch)?;
        }
        // Consumers may read from followers as well (KIP-392).
        Reader::Consumer(_) => partition.check_leader_epoch(watched.leader_epoch)?,
    }
    let (start, end, offset) = (log.log_start(), log.log_end(), watched.fetch_offset);
    if let Some(diverging) = diverging_epoch(log.epochs(), start, end, watched.last_fetched_epoch, offset)? {
        return Ok(Visit::Diverging(EpochEndOffset { epoch: diverging.epoch, end_offset: diverging.end }));
    }
    if offset < start || offset > end {
        return Err(ReadError::OutOfRange { asked: offset, start, end }.into());
    }
    if offset == end {
        return Ok(Visit::Idle);
    }
    let bound = reader.bound(partition);
    Ok(if log.has_batch_between(offset, bound) { Visit::Readable(bound) } else { Visit::Idle })
}

/// Is there nothing more to say about this partition until it changes? A follower outside the
/// ISR is looked at with every fetch, since each may bring it in.
pub(super) fn is_settled(
    partition: &Partition,
    (told, reader): (Option<(Offset, Offset)>, Reader),
    visit: &Visit,
) -> bool {
    let is_in_sync = match reader {
        Reader::Consumer(_) => true,
        Reader::Follower(replica) => partition.isr().contains(&replica.id),
    };
    let present = (partition.high_watermark(), partition.log().log_start());
    is_in_sync && told == Some(present) && matches!(visit, Visit::Idle)
}
