//! What the controllers have decided, as far as anybody knows it: the newest committed image, also of those that are down,
//! because what was committed stays so. After all controllers were started anew none of them knows anything until a leader
//! of the metadata log is found; until then the logs on their disks say it.

use base::{LeaderEpoch, Offset, ProcessId, Time};
use log::Log;
use metadata::Image;
use sim::Slot;

use super::cluster::{self, Cluster};

/// Which part of whose log was read.
type Read = (ProcessId, Time, Offset, Offset, LeaderEpoch);

/// The metadata log that was read last, when nobody had an image of it.
#[derive(Clone, Debug, Default)]
pub(super) struct MetadataBook {
    read: Option<Read>,
    image: Image,
}

impl MetadataBook {
    /// The newest that a majority of the controllers has on its disks, if no controller knows what is committed and that is
    /// more than `known`.
    pub(super) fn newer(&mut self, cluster: &Cluster<'_>, known: Offset) -> Option<&Image> {
        let controllers = || cluster.controllers().filter_map(|(_, slot)| Some((slot, cluster::node(slot)?)));
        if controllers().any(|(_, node)| node.controller().is_some_and(|own| !own.committed_image().is_empty())) {
            return None;
        }
        let mut ends: Vec<Offset> = controllers().map(|(_, node)| node.quorum().log_end()).collect();
        base::sort(&mut ends);
        // So much have as many as are needed to commit it.
        let limit = ends.get(ends.len().saturating_sub(1) / 2).copied().filter(|limit| limit.0 > known.0 + 1)?;
        let newest = controllers().map(|(slot, node)| (slot, node.quorum().log().log()));
        let newest = newest.filter(|(_, log)| log.log_end() >= limit && log.log_start() == Offset::ZERO);
        let (slot, log) = newest.max_by_key(|(_, log)| (log.latest_epoch(), log.log_end()))?;
        let read = (slot.id, slot.since, log.log_end(), limit, log.latest_epoch());
        if self.read != Some(read) {
            (self.read, self.image) = (Some(read), replayed(slot, log, limit));
        }
        Some(&self.image)
    }
}

/// The image that the log makes up to there, as a node that reads it would have it.
fn replayed(slot: &Slot, log: &Log, limit: Offset) -> Image {
    let mut image = Image::default();
    for entry in log.batches_from(Offset::ZERO) {
        let Ok(batch) = log.read_batch(&slot.store, &entry) else { return image };
        let records = if batch.is_control() { Vec::new() } else { batch.records().unwrap_or_default() };
        for record in records.iter().filter(|record| record.offset < limit) {
            if let Some(Ok(decoded)) = record.value.as_ref().map(metadata::codec::decode) {
                image.apply(record.offset, &decoded);
            }
        }
    }
    image
}
