//! What the controller hands to the quorum. A decision that takes effect as a whole is one batch; one that is many
//! independent changes may be several.
//!
//! Kafka: `QuorumController.appendRecords`, `ControllerResult.isAtomic`.

use api::Request;
use base::Str;
use bytes::Bytes;
use metadata::MetadataRecord;

/// Records in one batch (`QuorumController.MAX_RECORDS_PER_BATCH`).
const MAX_RECORDS: usize = 10_000;

/// Records to append to the metadata log as one atomic batch.
#[derive(Clone, Debug, Hash)]
pub struct Append {
    pub id: u64,
    pub records: Vec<MetadataRecord>,
    /// The records as the log holds them, in the same order.
    pub frames: Vec<Bytes>,
    /// One line per record; empty when nobody listens to facts.
    pub summary: Str,
}

/// A decision's records with their frames, not yet applied to anything.
pub(crate) struct Measured {
    pub(crate) records: Vec<MetadataRecord>,
    pub(crate) frames: Vec<Bytes>,
}

impl Measured {
    /// Encoded once: the size decides about batches, the bytes go into the log.
    pub(crate) fn of(records: Vec<MetadataRecord>) -> Measured {
        let frames = records.iter().map(metadata::codec::encode).collect();
        Measured { records, frames }
    }

    /// Can all of it be one batch?
    pub(crate) fn fits(&self) -> bool {
        let size = port::metadata_records_size(self.frames.iter().map(Bytes::len));
        self.records.len() <= MAX_RECORDS && port::fits_metadata_batch(size)
    }

    /// In batches as large as they may be.
    ///
    /// # Panics
    /// When a record alone is larger than a batch: a partition's replicas and a setting's text end far below that.
    pub(crate) fn batches(self) -> Vec<Measured> {
        let mut batches: Vec<Measured> = Vec::new();
        let mut room = 0;
        let mut size = 0;
        for (record, frame) in self.records.into_iter().zip(self.frames) {
            let more = port::metadata_records_size([frame.len()].into_iter());
            assert!(port::fits_metadata_batch(more), "one record fits into a batch");
            if room == 0 || !port::fits_metadata_batch(size + more) {
                batches.push(Measured { records: Vec::new(), frames: Vec::new() });
                (room, size) = (MAX_RECORDS, 0);
            }
            let batch = batches.last_mut().expect("one was just begun");
            batch.records.push(record);
            batch.frames.push(frame);
            room -= 1;
            size += more;
        }
        batches
    }
}

/// Does the request take effect as a whole or not at all (`ControllerResult.atomicOf`)?
pub(crate) fn is_atomic(request: &Request) -> bool {
    !matches!(request, Request::BrokerHeartbeat(_) | Request::AlterPartition(_) | Request::ElectLeaders(_))
}
