//! What a leader asks of a batch before it gives it offsets. Records are decoded only where a rule needs
//! them. Kafka: `UnifiedLog.analyzeAndValidateRecords`, `LogValidator`.

use crate::config::LogConfig;
use crate::producers::AppendOrigin;
use base::{ErrorCode, Offset, Timestamp};
use records::{Batch, TimestampType};

/// # Errors
/// `MessageTooLarge`, `RecordListTooLarge`, `InvalidRecord`, `InvalidTimestamp`, or what decoding gives.
pub(crate) fn validate(
    batch: &Batch,
    config: &LogConfig,
    origin: AppendOrigin,
    wall: Timestamp,
) -> Result<(), ErrorCode> {
    match origin {
        AppendOrigin::Client => validate_client_header(batch)?,
        AppendOrigin::Coordinator | AppendOrigin::RaftLeader | AppendOrigin::Replication => {}
    }
    // The metadata quorum bounds its batches itself.
    let size = i64::from(batch.size());
    if size > config.max_message_bytes && origin != AppendOrigin::RaftLeader {
        return Err(ErrorCode::MessageTooLarge);
    }
    validate_records(batch, config, origin, wall)?;
    if size > config.segment_bytes && origin != AppendOrigin::RaftLeader {
        return Err(ErrorCode::RecordListTooLarge);
    }
    Ok(())
}

fn validate_client_header(batch: &Batch) -> Result<(), ErrorCode> {
    let count = i64::from(batch.last_offset_delta()) + 1;
    let is_sound = batch.base_offset() == Offset::ZERO
        && count > 0
        && count == i64::from(batch.record_count())
        && !batch.is_control()
        && (!batch.has_producer_id() || batch.base_sequence() >= 0);
    if is_sound { Ok(()) } else { Err(ErrorCode::InvalidRecord) }
}

fn validate_records(batch: &Batch, config: &LogConfig, origin: AppendOrigin, wall: Timestamp) -> Result<(), ErrorCode> {
    if batch.is_control() || origin == AppendOrigin::RaftLeader {
        return Ok(());
    }
    let checks_time = !config.log_append_time;
    if checks_time && batch.timestamp_type() == TimestampType::LogAppendTime {
        return Err(ErrorCode::InvalidTimestamp);
    }
    let earliest = Timestamp(wall.0.saturating_sub(config.timestamp_before_max_ms));
    let latest = Timestamp(wall.0.saturating_add(config.timestamp_after_max_ms));
    // The header's maximum is enough to refuse; to accept one earliest time, each record counts.
    if checks_time && batch.max_timestamp() > latest {
        return Err(ErrorCode::InvalidTimestamp);
    }
    let checks_earliest = checks_time && config.timestamp_before_max_ms != i64::MAX;
    if !config.is_compacting && !checks_earliest {
        return Ok(());
    }
    for (index, record) in batch.records()?.iter().enumerate() {
        if config.is_compacting && record.key.is_none() || record.offset.since(batch.base_offset()) != index as i64 {
            return Err(ErrorCode::InvalidRecord);
        }
        if checks_earliest && record.timestamp.0 >= 0 && record.timestamp < earliest {
            return Err(ErrorCode::InvalidTimestamp);
        }
    }
    Ok(())
}
