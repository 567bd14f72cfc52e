//! Whatever is done to a log in a row, its batches, its segments' indexes, its leader epochs and its producers are those
//! of a model: a plain list of batches that is walked anew each time.

use crate::world;

use base::{Draw, LeaderEpoch, Offset, ProducerId, Rng, Timestamp};
use log::{
    AppendOptions, AppendOrigin, BatchMetadata, FirstBatch, LeaderEpochCache, Log, LogConfig, LogSetup, ProducerAppend,
    ProducerState, ReadLimits,
};
use port::{Extent, MemoryStore, Store};
use records::{Batch, BatchBuilder, ControlType, EndTransactionMarker};
use world::{record, sent, setup};

const STEPS: usize = 400;

/// Epochs, the last batch but its time, where a transaction began: all that a snapshot keeps (it has one time per
/// producer, which a marker moves too).
type Known = (ProducerId, i16, i32, Timestamp, Option<Offset>, Option<BatchMetadata>);

fn known(state: &ProducerState) -> Vec<Known> {
    let of = |(id, entry): (ProducerId, &log::ProducerEntry)| {
        let last = entry.batches.last().map(|last| BatchMetadata { timestamp: Timestamp(-1), ..*last });
        (id, entry.epoch, entry.coordinator_epoch, entry.last_timestamp, entry.transaction_start, last)
    };
    state.producers().map(of).collect()
}

/// A log and what it should be.
struct Twin {
    rng: Rng,
    store: MemoryStore,
    config: LogConfig,
    log: Log,
    epoch: LeaderEpoch,
    /// As they were written.
    batches: Vec<Batch>,
    epochs: LeaderEpochCache,
    producers: ProducerState,
    /// What was known of producers when a segment was closed.
    snapshots: Vec<(Offset, ProducerState)>,
}

impl Twin {
    fn new(seed: u64) -> Twin {
        let mut rng = Rng::new(seed, 7);
        // Some segments hold a few batches, some more than an index keeps unpacked.
        let per_segment = [3, 10, 50][rng.below(3) as usize];
        let size = i64::from(sent(2, 0).size());
        let config =
            LogConfig { segment_bytes: size * per_segment, retention_bytes: 60 * size, ..LogConfig::default() };
        let mut store = MemoryStore::new();
        let log = Log::open(&mut store, setup(config.clone())).expect("memory does not fail");
        let (batches, snapshots) = (Vec::new(), Vec::new());
        let (epoch, epochs, producers) = (LeaderEpoch(0), LeaderEpochCache::default(), ProducerState::default());
        Twin { rng, store, config, log, epoch, batches, epochs, producers, snapshots }
    }

    fn act(&mut self) {
        match self.rng.below(48) {
            0 | 1 => self.cut(),
            2 => self.open(),
            3 => {
                self.store.power_off(&mut self.rng);
                self.open();
            }
            4 => {
                self.log.roll(&mut self.store, Timestamp(0)).expect("memory does not fail");
                self.note_snapshots();
            }
            5 => self.raise_log_start(),
            6 => self.delete_old(),
            7 => self.epoch = LeaderEpoch(self.epoch.0 + 1),
            8 => self.replicate_behind_a_gap(),
            _writes => self.write(),
        }
    }

    fn write(&mut self) {
        let batch = self.something();
        let options = AppendOptions::new(AppendOrigin::Coordinator, Timestamp(1_000));
        let placed = batch.assign(self.log.log_end(), self.epoch);
        self.log.append_as_leader(&mut self.store, &batch, self.epoch, options).expect("a sound batch");
        self.written(placed);
    }

    /// As after compaction.
    fn replicate_behind_a_gap(&mut self) {
        let at = self.log.log_end().plus(i64::from(self.rng.below(5)));
        let batch = sent(1 + self.rng.below(3), 900).assign(at, self.epoch);
        self.log.append_as_follower(&mut self.store, &batch, self.epoch, Timestamp(0)).expect("in order");
        self.written(batch);
    }

    fn written(&mut self, batch: Batch) {
        self.note_snapshots();
        if let Some(append) = ProducerAppend::of(&batch, 0).expect("sound") {
            self.producers.apply(&append);
        }
        self.epochs.assign(batch.leader_epoch(), batch.base_offset());
        self.batches.push(batch);
    }

    /// One of four producers goes on, in a transaction or not, or ends it.
    fn something(&mut self) -> Batch {
        let rng = &mut self.rng;
        let producer = ProducerId(i64::from(rng.below(4)));
        let entry = self.log.producers().entry(producer);
        let (epoch, open) = entry.map_or((0, false), |entry| (entry.epoch.max(0), entry.transaction_start.is_some()));
        let sequence = entry.map_or(0, |entry| entry.last_sequence() + 1);
        let data = |epoch, sequence, count| {
            let mut builder = BatchBuilder::new().producer(producer, epoch, sequence);
            (0..count).for_each(|_| builder.append(&record(Timestamp(1_000))));
            builder
        };
        match rng.below(12) {
            0 if open => {
                let value = EndTransactionMarker { coordinator_epoch: 5 }.to_bytes();
                let kind = if rng.below(2) == 0 { ControlType::Commit } else { ControlType::Abort };
                let marker = BatchBuilder::new().producer(producer, epoch, -1).transactional();
                marker.control(kind, value, Timestamp(7)).build()
            }
            1 if !open => data(epoch + 1, 0, 1).build(),
            2 | 3 => sent(1 + rng.below(4), 900),
            _data if open || rng.below(8) == 0 => data(epoch, sequence, 1).transactional().build(),
            _data => data(epoch, sequence, 1 + rng.below(2)).build(),
        }
    }

    fn cut(&mut self) {
        let end = self.log.log_end().0 as u64;
        let to = Offset(self.rng.below_u64(end + 2) as i64);
        let was_to_cut = self.log.truncate_to(&mut self.store, to).expect("memory does not fail");
        assert_eq!(was_to_cut, to.0 < end as i64);
        self.batches.retain(|batch| batch.last_offset() < to);
        // A batch that was cut in the middle has gone, the epoch that it began has not.
        self.epochs.truncate_from_end(self.log.log_end());
        if was_to_cut {
            assert_eq!(self.log.log_end(), to);
            self.remember_producers();
        }
    }

    /// As a broker does that has its checkpoints.
    fn open(&mut self) {
        let before = self.log.clone();
        let setup = LogSetup {
            log_start: before.log_start(),
            high_watermark: before.high_watermark(),
            ..setup(self.config.clone())
        };
        self.log = Log::open(&mut self.store, setup).expect("memory does not fail");
        let end = self.log.log_end();
        assert_eq!(self.log.log_start(), before.log_start());
        // The end may lie behind a cut within a batch, which no file says.
        let is_safe = |batch: &&Batch| batch.last_offset() < before.recovery_point();
        assert!(self.batches.iter().rfind(is_safe).is_none_or(|last| last.next_offset() <= end));
        self.batches.retain(|batch| batch.last_offset() < end);
        if end == before.log_start() {
            let first = self.log.segments().next().map(|segment| segment.base_offset);
            self.batches.retain(|batch| Some(batch.base_offset()) >= first);
        }
        self.epochs.clear();
        self.batches.iter().for_each(|batch| self.epochs.assign(batch.leader_epoch(), batch.base_offset()));
        self.epochs.truncate_from_start(self.log.log_start());
        self.epochs.truncate_from_end(end);
        self.remember_producers();
    }

    fn raise_log_start(&mut self) {
        self.log.raise_high_watermark(self.log.log_end());
        let room = self.log.log_end().since(self.log.log_start());
        let to = self.log.log_start().plus(self.rng.below_u64(room as u64 / 4 + 1) as i64);
        self.log.raise_log_start(to).expect("all is committed");
        self.epochs.truncate_from_start(self.log.log_start());
    }

    fn delete_old(&mut self) {
        self.log.raise_high_watermark(self.log.log_end());
        self.log.delete_old_segments(&mut self.store, Timestamp(1_000)).expect("memory does not fail");
        self.note_snapshots();
        let first = self.log.segments().next().expect("has one").base_offset;
        self.batches.retain(|batch| batch.base_offset() >= first);
        self.epochs.truncate_from_start(self.log.log_start());
    }

    /// Those that were written now, and not those that are gone.
    fn note_snapshots(&mut self) {
        let ends = self.snapshot_ends();
        self.snapshots.retain(|(end, _)| ends.contains(end));
        for end in ends {
            if self.snapshots.iter().all(|(at, _)| *at != end) {
                self.snapshots.push((end, self.producers.clone()));
            }
        }
    }

    fn snapshot_ends(&self) -> Vec<Offset> {
        let names = self.store.list("orders-1/");
        let digits = names.iter().filter_map(|name| name.strip_prefix("orders-1/")?.strip_suffix(".snapshot"));
        digits.map(|digits| Offset(digits.parse().expect("a number"))).collect()
    }

    /// From the newest snapshot that lies within the log, and all batches behind it.
    fn remember_producers(&mut self) {
        let (start, end) = (self.log.log_start(), self.log.log_end());
        self.snapshots.retain(|(at, _)| *at > start && *at <= end);
        self.snapshots.sort_by_key(|(at, _)| *at);
        let newest = self.snapshots.last().cloned();
        let (from, mut producers) = newest.unwrap_or((start, ProducerState::default()));
        for batch in self.batches.iter().filter(|batch| batch.last_offset() >= from) {
            if let Some(append) = ProducerAppend::of(batch, 0).expect("sound") {
                producers.apply(&append);
            }
        }
        self.producers = producers;
        assert_eq!(self.snapshot_ends(), self.snapshots.iter().map(|(end, _)| *end).collect::<Vec<_>>());
    }

    fn check(&mut self) {
        let end = self.log.log_end();
        let from = Offset(self.rng.below_u64(end.0 as u64 + 2) as i64);
        let expected: Vec<&Batch> = self.batches.iter().filter(|batch| batch.last_offset() >= from).collect();
        let found: Vec<Extent> = self.log.batches_from(from).map(|entry| entry.extent).collect();
        assert_eq!(found.len(), expected.len(), "from {from}");
        for (extent, batch) in found.iter().zip(&expected) {
            assert_eq!(self.store.read(*extent).as_ref(), Ok(&batch.bytes()));
        }
        self.check_read(from, &found, &expected);
        self.check_segments();
        assert_eq!(known(self.log.producers()), known(&self.producers));
        assert_eq!(self.log.epochs().entries(), self.epochs.entries());
    }

    /// A read gives what lies in one segment.
    fn check_read(&self, from: Offset, found: &[Extent], expected: &[&Batch]) {
        let limits = ReadLimits { max_bytes: u64::MAX, up_to: self.log.log_end(), first_batch: FirstBatch::Always };
        let read = self.log.read(&self.store, from, limits);
        if from < self.log.log_start() || from > self.log.log_end() {
            return assert!(read.is_err());
        }
        let in_segment = found.iter().take_while(|extent| extent.file == found[0].file).count();
        let read = read.expect("in range").batches;
        assert!(read.iter().eq(expected[..in_segment].iter().copied()), "from {from}");
        // What does not fit is not passed over either, also where its segment has no more.
        let too_little = ReadLimits { max_bytes: 1, first_batch: FirstBatch::WithinLimit, ..limits };
        assert_eq!(self.log.read(&self.store, from, too_little).map(|data| data.batches.len()), Ok(0));
    }

    /// Each has what lies between its base and the next one's, one batch behind the other in its own file.
    fn check_segments(&self) {
        let (mut next, mut total) = (0, 0);
        for segment in self.log.segments() {
            let mut position = 0;
            for entry in segment.batches_from(segment.base_offset) {
                let batch = &self.batches[next];
                assert_eq!((entry.base_offset, entry.last_offset), (batch.base_offset(), batch.last_offset()));
                assert!(entry.base_offset >= segment.base_offset);
                assert_eq!(entry.extent, Extent { file: segment.file, position, length: batch.size() });
                position += u64::from(batch.size());
                next += 1;
            }
            assert_eq!((segment.size, self.store.len(segment.file)), (position, Ok(position)));
            total += position;
        }
        assert_eq!((next, self.log.size()), (self.batches.len(), total));
    }
}

#[test]
fn a_log_is_what_a_model_that_replays_all_says() {
    for seed in 0..60 {
        let mut twin = Twin::new(seed);
        for _step in 0..STEPS {
            twin.act();
            twin.check();
        }
    }
}

/// A planted bug: a look-up goes one offset too far.
#[cfg(feature = "mutants")]
#[test]
#[should_panic(expected = "from ")]
fn an_index_that_is_off_by_one_is_noticed() {
    let named = [("blumfeld.mutant".into(), port::Mutant::SegmentIndexOffByOne.name().into())];
    let mut twin = Twin::new(1);
    twin.config.switches = port::TestSwitches::from_overrides(&named.into());
    twin.log.set_config(twin.config.clone());
    for _step in 0..STEPS {
        twin.write();
        twin.check();
    }
}
