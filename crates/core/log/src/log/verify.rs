//! What always holds of a log between two events. It changes nothing; whoever breaks it has a bug.

use super::Log;
use base::Offset;

impl Log {
    /// Checks what always holds. Costs as much as there are segments, leader epochs and producers.
    ///
    /// # Panics
    /// When it does not hold.
    pub fn verify(&self) {
        self.verify_bounds();
        self.verify_segments();
        self.verify_epochs();
        self.verify_producers();
    }

    /// What may be read lies between what is deleted and what is written (`UnifiedLog`).
    fn verify_bounds(&self) {
        let (start, high_watermark, end) = (self.log_start, self.high_watermark, self.log_end);
        assert!(Offset::ZERO <= start && start <= high_watermark, "{}: HW {high_watermark} < {start}", self.directory);
        assert!(high_watermark <= end, "{}: HW {high_watermark} is beyond the log end {end}", self.directory);
        assert!(self.recovery_point <= end, "{}: flushed beyond the log end {end}", self.directory);
    }

    /// A segment ends where the next begins, so that exactly one can hold an offset; the last batch ends the log.
    fn verify_segments(&self) {
        let bases: Vec<Offset> = self.segments().map(|segment| segment.base_offset).collect();
        assert!(bases.is_sorted_by(|one, next| one < next), "{}: segments overlap", self.directory);
        assert!(self.active.base_offset <= self.log_end, "{}: the active segment lies ahead", self.directory);
        let last = self.active.batches_from(self.log_end.plus(-1)).last();
        if let Some(last) = last {
            assert!(last.last_offset < self.log_end, "{}: a batch beyond the log end", self.directory);
            // Of what is deleted, though its file is still there, the reign may be forgotten.
            let is_known = last.last_offset < self.log_start || last.leader_epoch <= self.latest_epoch();
            assert!(is_known, "{}: a batch of an unknown reign", self.directory);
        }
        let empty = self.active.size == 0;
        assert_eq!(empty, self.active.largest_timestamp.is_none(), "{}: what is in it has a time", self.directory);
    }

    /// Reigns follow each other within the log (KIP-101): who compares logs by them relies on it.
    fn verify_epochs(&self) {
        let entries = self.epochs.entries();
        let rising = entries.windows(2).all(|pair| pair[0].epoch < pair[1].epoch && pair[0].start < pair[1].start);
        assert!(rising, "{}: reigns out of order: {entries:?}", self.directory);
        let inside = entries.iter().all(|entry| self.log_start <= entry.start && entry.start <= self.log_end);
        assert!(inside, "{}: a reign outside {}..{}: {entries:?}", self.directory, self.log_start, self.log_end);
    }

    /// Nobody is remembered for what the log does not have, or a retry would be taken for a duplicate and lost.
    fn verify_producers(&self) {
        for (producer, entry) in self.producers.producers() {
            let batches = &entry.batches;
            assert!(batches.len() <= 5, "{}: {producer:?} has too long a memory", self.directory);
            let rising = batches.windows(2).all(|pair| pair[0].last_offset < pair[1].last_offset);
            assert!(rising, "{}: {producer:?} wrote backwards: {batches:?}", self.directory);
            let inside = batches.iter().all(|batch| batch.last_offset < self.log_end);
            assert!(inside, "{}: {producer:?} is known for what was cut: {batches:?}", self.directory);
            let begun = entry.transaction_start.is_none_or(|start| start < self.log_end);
            assert!(begun, "{}: {producer:?} has begun beyond the log end", self.directory);
        }
    }
}
