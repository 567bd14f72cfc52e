//! How a follower's log is made a prefix of its leader's: the leader's check of a fetch, and the
//! follower's answer to it. Pure functions over two lists of leader epochs.
//!
//! Kafka: `Partition.readRecords`, `AbstractFetcherThread.getOffsetTruncationState` (KIP-101,
//! KIP-279, KIP-595).

use crate::leader_epochs::{EpochEndOffset, LeaderEpochCache};
use crate::read_error::ReadError;
use base::{LeaderEpoch, Offset};

/// The leader's word that the logs part: its own largest epoch not above the follower's, and
/// where that epoch ends.
pub type DivergingEpoch = EpochEndOffset;

/// The leader's check of a follower's fetch. `None`: the follower's log is a prefix so far. An
/// undefined `last_fetched_epoch` (−1) is not checked.
///
/// # Errors
/// [`ReadError::OutOfRange`] when the leader knows nothing of that epoch (it is later than its own), or the
/// follower asks below the log start.
pub fn diverging_epoch(
    epochs: &LeaderEpochCache,
    log_start: Offset,
    log_end: Offset,
    last_fetched_epoch: LeaderEpoch,
    fetch_offset: Offset,
) -> Result<Option<DivergingEpoch>, ReadError> {
    if last_fetched_epoch == LeaderEpoch::UNDEFINED {
        return Ok(None);
    }
    let out_of_range = || ReadError::OutOfRange { asked: fetch_offset, start: log_start, end: log_end };
    let own = epochs.end_offset_for(last_fetched_epoch, log_end).ok_or_else(out_of_range)?;
    // Below the log start it does not matter whether the epochs part.
    if fetch_offset < log_start {
        return Err(out_of_range());
    }
    let parts = own.epoch < last_fetched_epoch || own.end < fetch_offset;
    Ok(parts.then_some(own))
}

/// A follower's decision after the leader's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TruncationStep {
    /// The new log end.
    pub offset: Offset,
    /// False: ask again, with the epoch that is then the last.
    pub is_complete: bool,
}

/// Where a follower truncates to when the leader says that its largest epoch not above the
/// follower's is `leader.epoch`, ending at `leader.end`. `own` is the follower's own
/// [`LeaderEpochCache::end_offset_for`] that epoch. An undefined `leader.end` (−1, formats before
/// leader epochs) means `initial_fetch_offset`, which is the high watermark for a new follower.
pub fn truncation_step(
    leader: EpochEndOffset,
    own: Option<EpochEndOffset>,
    log_end: Offset,
    initial_fetch_offset: Offset,
) -> TruncationStep {
    if leader.end == Offset::UNDEFINED {
        return TruncationStep { offset: initial_fetch_offset, is_complete: true };
    }
    let own = own.filter(|_| leader.epoch != LeaderEpoch::UNDEFINED);
    match own {
        // The follower knows no epochs that far back: trust the leader.
        None => TruncationStep { offset: leader.end.min(log_end), is_complete: true },
        Some(own) if own.epoch == leader.epoch => {
            TruncationStep { offset: own.end.min(leader.end).min(log_end), is_complete: true }
        }
        // The follower never saw that epoch: cut to what it has before it, then compare again.
        Some(own) => TruncationStep { offset: own.end.min(log_end), is_complete: false },
    }
}
