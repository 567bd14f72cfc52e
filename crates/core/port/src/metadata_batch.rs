//! How much fits into one batch of the metadata log. The controller measures by it what it decides, the quorum what it
//! is given, so that the two never disagree.

/// The largest batch in bytes (`KafkaRaftClient.MAX_BATCH_SIZE_BYTES`).
pub const METADATA_BATCH_MAX: u64 = 8 << 20;

/// The most that lengths and numbers add to one record.
const RECORD_OVERHEAD: u64 = 32;
/// Kept free for the batch's own header.
const HEADER: u64 = 1_024;

/// Bytes that records with frames of these lengths take, at most.
pub fn metadata_records_size(frames: impl Iterator<Item = usize>) -> u64 {
    frames.map(|length| length as u64 + RECORD_OVERHEAD).sum()
}

/// Do records of that size fit into one batch?
pub fn fits_metadata_batch(size: u64) -> bool {
    size <= METADATA_BATCH_MAX - HEADER
}
