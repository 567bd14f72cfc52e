//! Idempotence and transactions as one partition sees them: who wrote what last, which transactions
//! are open. Kafka: `ProducerStateManager`, `ProducerAppendInfo`.
//!
//! Checking and applying are two steps, so that nothing is remembered of a batch that was not
//! written. What outlives the process is in [`crate::snapshot`].

use crate::producer_entry::{BatchMetadata, ProducerEntry};
use crate::snapshot::Producers;
use base::{ErrorCode, FlatMap, Offset, ProducerId, Shared, Timestamp};
use records::{Batch, ControlType, EndTransactionMarker};

/// Who appends; it decides which checks apply (`AppendOrigin`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AppendOrigin {
    /// A producer: everything is checked.
    Client,
    /// A coordinator of this broker, or a transaction marker: epochs are checked, sequences are not.
    Coordinator,
    /// A follower's fetch: the leader has checked.
    Replication,
    /// The leader of the metadata quorum.
    RaftLeader,
}

/// The end of a transaction as its marker says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Marker {
    pub is_abort: bool,
    pub coordinator_epoch: i32,
    /// From 2 on (KIP-890) a marker carries a higher epoch than the transaction's data.
    pub transaction_version: i16,
}

/// What producer state needs to know of a batch with a producer id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProducerAppend {
    pub producer: ProducerId,
    pub epoch: i16,
    pub base_sequence: i32,
    pub last_sequence: i32,
    pub first_offset: Offset,
    pub last_offset: Offset,
    pub timestamp: Timestamp,
    pub is_transactional: bool,
    pub marker: Option<Marker>,
}

impl ProducerAppend {
    /// `None` for batches without a producer id, and for control batches that end no transaction.
    ///
    /// # Errors
    /// When the batch is a marker that cannot be decoded.
    pub fn of(batch: &Batch, transaction_version: i16) -> Result<Option<ProducerAppend>, ErrorCode> {
        if !batch.has_producer_id() {
            return Ok(None);
        }
        let marker = match batch.is_control() {
            false => None,
            true => match marker_of(batch, transaction_version)? {
                None => return Ok(None),
                marker => marker,
            },
        };
        Ok(Some(ProducerAppend {
            producer: batch.producer_id(),
            epoch: batch.producer_epoch(),
            base_sequence: batch.base_sequence(),
            last_sequence: batch.last_sequence(),
            first_offset: batch.base_offset(),
            last_offset: batch.last_offset(),
            timestamp: batch.max_timestamp(),
            is_transactional: batch.is_transactional(),
            marker,
        }))
    }

    fn metadata(&self) -> BatchMetadata {
        BatchMetadata {
            last_sequence: self.last_sequence,
            last_offset: self.last_offset,
            offset_delta: self.last_offset.since(self.first_offset) as i32,
            timestamp: self.timestamp,
        }
    }
}

fn marker_of(batch: &Batch, transaction_version: i16) -> Result<Option<Marker>, ErrorCode> {
    let records = batch.records()?;
    // Compaction may leave a control batch without its record; it ends no transaction (`ProducerAppendInfo.append`).
    let Some(record) = records.first() else { return Ok(None) };
    let is_abort = match record.key.as_deref().and_then(ControlType::from_key) {
        Some(ControlType::Abort) => true,
        Some(ControlType::Commit) => false,
        Some(
            ControlType::LeaderChange
            | ControlType::SnapshotHeader
            | ControlType::SnapshotFooter
            | ControlType::KRaftVersion
            | ControlType::KRaftVoters,
        )
        | None => return Ok(None),
    };
    let value = record.value.as_deref().and_then(EndTransactionMarker::parse).ok_or(ErrorCode::InvalidRecord)?;
    Ok(Some(Marker { is_abort, coordinator_epoch: value.coordinator_epoch, transaction_version }))
}

/// May the batch be written?
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProducerVerdict {
    /// Yes; then [`ProducerState::apply`] what is given here.
    Accept(Option<ProducerAppend>),
    /// It has been: answer with these offsets.
    Duplicate(BatchMetadata),
}

/// A transaction that its marker has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CompletedTransaction {
    pub producer: ProducerId,
    pub first_offset: Offset,
    /// The marker's own.
    pub last_offset: Offset,
    pub is_aborted: bool,
}

/// A partition is being verified with the transaction coordinator (KIP-890) before a
/// transaction's first batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Verification {
    /// The lowest sequence number seen meanwhile: no batch may overtake it.
    pub lowest_sequence: i32,
    /// Transactions V2.
    pub supports_epoch_bump: bool,
}

/// All producers of one partition. Cheap to clone.
#[derive(Clone, Debug, Default, Hash)]
pub struct ProducerState {
    producers: Shared<Producers>,
    verifications: FlatMap<ProducerId, Verification>,
    /// Open transactions by their first offset.
    ongoing: FlatMap<Offset, ProducerId>,
    /// Ended ones whose marker lies at or above the high watermark: first offset to marker's offset.
    unreplicated: FlatMap<Offset, Offset>,
}

impl ProducerState {
    /// Every producer that is remembered.
    pub fn producers(&self) -> impl Iterator<Item = (ProducerId, &ProducerEntry)> {
        self.producers.iter().map(|(id, entry)| (*id, entry))
    }

    pub fn entry(&self, producer: ProducerId) -> Option<&ProducerEntry> {
        self.producers.get(&producer)
    }

    /// Where the oldest transaction begins whose end is not committed.
    pub fn first_unstable_offset(&self) -> Option<Offset> {
        let ongoing = self.ongoing.keys().next();
        let unreplicated = self.unreplicated.keys().next();
        ongoing.into_iter().chain(unreplicated).min().copied()
    }

    /// Where the last stable offset will be once `ended` is committed: the start of the oldest other
    /// open transaction. The transaction index keeps it for aborted ones (`ProducerStateManager.lastStableOffset`);
    /// there is no such index yet, so only Kafka's own cases ask for it.
    pub fn last_stable_offset_after(&self, ended: &CompletedTransaction) -> Offset {
        let others = self.ongoing.iter().find(|(_, producer)| **producer != ended.producer);
        others.map_or(ended.last_offset.plus(1), |(first, _)| *first)
    }

    /// Verification of a transaction's first batch has begun; an earlier sequence replaces a later one
    /// (`ProducerStateManager.maybeCreateVerificationStateEntry`, KIP-890). Brokers call it once they verify
    /// transactions; until then only Kafka's own cases do.
    pub fn begin_verification(&mut self, producer: ProducerId, verification: Verification) {
        let known = self.verifications.entry(producer).or_insert(verification);
        known.lowest_sequence = known.lowest_sequence.min(verification.lowest_sequence);
        known.supports_epoch_bump = verification.supports_epoch_bump;
    }

    /// Checks a batch that has its place already, changing nothing.
    ///
    /// # Errors
    /// `OutOfOrderSequenceNumber`, `InvalidProducerEpoch`, `InvalidTxnState`,
    /// `TransactionCoordinatorFenced` (semantics: producer state per partition).
    pub fn check(&self, append: ProducerAppend, origin: AppendOrigin) -> Result<ProducerVerdict, ErrorCode> {
        let unknown = ProducerEntry::default();
        let entry = self.entry(append.producer).unwrap_or(&unknown);
        if origin == AppendOrigin::Replication {
            return Ok(ProducerVerdict::Accept(Some(append)));
        }
        if let Some(marker) = append.marker {
            check_marker(entry, append.epoch, marker)?;
            return Ok(ProducerVerdict::Accept(Some(append)));
        }
        if origin == AppendOrigin::Client {
            let duplicate = entry.duplicate_of(append.base_sequence, append.last_sequence);
            if let Some(original) = duplicate.filter(|_| entry.epoch == append.epoch) {
                return Ok(ProducerVerdict::Duplicate(original));
            }
        }
        if append.epoch < entry.epoch {
            return Err(ErrorCode::InvalidProducerEpoch);
        }
        if origin == AppendOrigin::Client {
            self.check_sequence(entry, &append)?;
        }
        if entry.transaction_start.is_some() && !append.is_transactional {
            return Err(ErrorCode::InvalidTxnState);
        }
        Ok(ProducerVerdict::Accept(Some(append)))
    }

    fn check_sequence(&self, entry: &ProducerEntry, append: &ProducerAppend) -> Result<(), ErrorCode> {
        let first = append.base_sequence;
        let overtakes = self.verifications.get(&append.producer).is_some_and(|verification| {
            let must_begin = verification.supports_epoch_bump && entry.batches.is_empty();
            first > verification.lowest_sequence || (must_begin && first != 0)
        });
        let in_order = match entry.epoch {
            // Nothing is known (expired, or truncated away): any sequence goes.
            -1 => true,
            epoch if epoch != append.epoch => first == 0,
            _ => {
                let last = entry.last_sequence();
                i64::from(first) == i64::from(last) + 1 || (first == 0 && last == i32::MAX)
            }
        };
        if in_order && !overtakes { Ok(()) } else { Err(ErrorCode::OutOfOrderSequenceNumber) }
    }

    /// Takes note of a batch that has been written. Returns the transaction that it ended.
    pub fn apply(&mut self, append: &ProducerAppend) -> Option<CompletedTransaction> {
        let entry = self.producers.entry(append.producer).or_default();
        entry.enter_epoch(append.epoch);
        entry.last_timestamp = append.timestamp;
        let Some(marker) = append.marker else {
            entry.remember(append.metadata());
            if append.is_transactional && entry.transaction_start.is_none() {
                entry.transaction_start = Some(append.first_offset);
                self.ongoing.insert(append.first_offset, append.producer);
            }
            if append.is_transactional {
                self.verifications.remove(&append.producer);
            }
            return None;
        };
        entry.coordinator_epoch = marker.coordinator_epoch;
        let first_offset = entry.transaction_start.take()?;
        self.ongoing.remove(&first_offset);
        self.unreplicated.insert(first_offset, append.last_offset);
        let (producer, last_offset) = (append.producer, append.last_offset);
        Some(CompletedTransaction { producer, first_offset, last_offset, is_aborted: marker.is_abort })
    }

    /// Ended transactions whose marker is below the high watermark no longer hold the last stable
    /// offset back.
    pub fn on_high_watermark(&mut self, high_watermark: Offset) {
        if !self.unreplicated.is_empty() {
            self.unreplicated.retain(|_, last| *last >= high_watermark);
        }
    }

    /// Ended transactions below the log start are forgotten; producers are not.
    pub(crate) fn on_log_start(&mut self, log_start: Offset) {
        self.unreplicated.retain(|_, last| *last >= log_start);
    }

    /// Forgets producers that were silent for `expiration_ms` or more, unless a transaction is open. The broker
    /// calls it every `producer.id.expiration.check.interval.ms`.
    pub fn expire(&mut self, wall: Timestamp, expiration_ms: i64) {
        let is_expired = |entry: &ProducerEntry| {
            entry.transaction_start.is_none() && wall.0 - entry.last_timestamp.0 >= expiration_ms
        };
        if self.producers.values().any(is_expired) {
            self.producers.retain(|_, entry| !is_expired(entry));
        }
    }

    pub fn clear(&mut self) {
        *self = ProducerState::default();
    }

    /// Everything, as a snapshot holds it.
    pub(crate) fn all(&self) -> &Producers {
        &self.producers
    }

    /// What a snapshot says. Transactions that ended before it are taken as committed, as Kafka takes them; who was silent
    /// for too long goes at the next check ([`ProducerState::expire`]).
    pub(crate) fn restored(producers: Producers) -> ProducerState {
        let open = producers.iter().filter_map(|(id, entry)| Some((entry.transaction_start?, *id)));
        let ongoing = open.collect();
        ProducerState { producers: Shared::new(producers), ongoing, ..ProducerState::default() }
    }
}

fn check_marker(entry: &ProducerEntry, epoch: i16, marker: Marker) -> Result<(), ErrorCode> {
    // A marker that was written before, its answer lost: with nothing open it does no harm again.
    let repeats = entry.transaction_start.is_none();
    // No epoch follows the largest, so the last transaction of a producer id can only be ended in its own (KAFKA-20090).
    let is_last_epoch = epoch == i16::MAX;
    let is_stale = match marker.transaction_version {
        2.. => epoch < entry.epoch || (epoch == entry.epoch && !repeats && !is_last_epoch),
        _ => epoch < entry.epoch,
    };
    if is_stale {
        return Err(ErrorCode::InvalidProducerEpoch);
    }
    if marker.coordinator_epoch < entry.coordinator_epoch {
        return Err(ErrorCode::TransactionCoordinatorFenced);
    }
    Ok(())
}
