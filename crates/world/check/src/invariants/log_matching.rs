//! R13 `LogMatchingProperty`: two replicas that both have HW > o hold the same record and epoch at o.
//! On every step by epochs; at the end of a run byte by byte. Replicas that an unclean election has not brought in
//! line yet are left out.

use super::{Invariant, Kind, Moment};
use crate::history::History;
use base::{FlatMap, Offset, TopicIdPartition};
use broker::Partition;
use log::BatchEntry;
use port::{MemoryStore, Store};
use sim::Cluster;

#[derive(Clone, Debug, Default)]
pub(super) struct LogMatching;

impl Invariant for LogMatching {
    fn id(&self) -> &'static str {
        "R13 LogMatchingProperty"
    }

    fn is_promised(&self, history: &History) -> bool {
        history.keeps_committed_data()
    }

    fn check(&mut self, moment: &Moment<'_>) -> Result<(), String> {
        if !moment.kinds.has(Kind::CommittedMoved) {
            return Ok(());
        }
        for partition in moment.touched.iter() {
            let committed = moment.history.committed(partition).filter(|committed| committed.binds(partition));
            // Nothing was committed, or the replica has no record yet of the leader that was elected uncleanly.
            let Some(committed) = committed else { continue };
            let common = partition.high_watermark().min(committed.end);
            if let Some((held, expected)) = committed.differing(partition, common) {
                let name = partition.name();
                return Err(format!("{name}: below {common} this replica has epochs {held:?}, others {expected:?}"));
            }
        }
        Ok(())
    }
}

/// A replica with the disk that holds its bytes.
#[derive(Clone, Copy)]
struct Held<'a> {
    partition: &'a Partition,
    store: &'a MemoryStore,
}

impl<'a> Held<'a> {
    /// Whole batches below `to`: followers take over what the leader has as it lies.
    fn batches(self, from: Offset, to: Offset) -> impl Iterator<Item = BatchEntry> + 'a {
        let entries = self.partition.log().batches_from(from).take_while(move |entry| entry.base_offset < to);
        entries.map(|entry| entry.into_owned())
    }

    /// All bytes of a batch as they lie on the disk: header, checksum, records.
    fn bytes(self, batch: &BatchEntry) -> Result<bytes::Bytes, String> {
        let read = self.store.read(batch.extent);
        read.map_err(|error| format!("{}: {batch:?} cannot be read: {error:?}", self.partition.name()))
    }
}

/// Every replica against the first one of its partition, byte by byte below both high watermarks.
pub(super) fn compare_all(cluster: Cluster<'_>, history: &History) -> Result<(), String> {
    let mut first: FlatMap<TopicIdPartition, Held<'_>> = FlatMap::new();
    let binds = |partition: &Partition| history.committed(partition).is_none_or(|committed| committed.binds(partition));
    for slot in cluster.slots() {
        // Clients and controllers of their own hold no logs.
        let Some(broker) = slot.process.as_ref().and_then(|process| process.node()?.broker()) else { continue };
        for partition in broker.partitions().values().filter(|partition| binds(partition)) {
            let held = Held { partition, store: &slot.store };
            match first.get(&partition.id()) {
                Some(other) => compare(*other, held)?,
                None => drop(first.insert(partition.id(), held)),
            }
        }
    }
    Ok(())
}

/// From where both logs begin to where both are committed.
fn compare(one: Held<'_>, two: Held<'_>) -> Result<(), String> {
    let name = one.partition.name();
    let from = one.partition.log().log_start().max(two.partition.log().log_start());
    let to = one.partition.high_watermark().min(two.partition.high_watermark());
    let (mut mine, mut theirs) = (one.batches(from, to), two.batches(from, to));
    loop {
        match (mine.next(), theirs.next()) {
            (None, None) => return Ok(()),
            (Some(a), Some(b)) if a.base_offset == b.base_offset && one.bytes(&a)? == two.bytes(&b)? => {}
            (Some(a), Some(b)) => return Err(format!("{name}: {a:?} here is {b:?} there, below {to}")),
            (Some(only), None) | (None, Some(only)) => {
                return Err(format!("{name}: one replica alone holds {only:?}, below {to}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{LeaderEpoch, Timestamp, TopicId, TopicPartition};
    use log::{Log, LogConfig, LogSetup, Shutdown};
    use records::{BatchBuilder, NewRecord};

    /// A replica with one committed batch of one record.
    fn replica(value: &'static str) -> (Partition, MemoryStore) {
        let mut store = MemoryStore::new();
        let setup = LogSetup {
            directory: "t-0".into(),
            config: LogConfig::default(),
            log_start: Offset::ZERO,
            high_watermark: Offset::ZERO,
            shutdown: Shutdown::Clean,
            wall: Timestamp(0),
        };
        let mut log = Log::open(&mut store, setup).expect("memory does not fail");
        let record = NewRecord { timestamp: Timestamp(1), value: Some(value.into()), ..NewRecord::default() };
        let batch = BatchBuilder::new().at(Offset(0), LeaderEpoch(0)).record(&record).build();
        log.append_as_follower(&mut store, &batch, LeaderEpoch(0), Timestamp(0)).expect("in order");
        log.update_high_watermark(Offset(1));
        let id = TopicIdPartition { topic: TopicId(1), partition: 0 };
        (Partition::new(id, TopicPartition::new("t", 0), log, port::TestSwitches::default()), store)
    }

    #[test]
    fn another_letter_at_the_same_offset_and_size_is_another_log() {
        let replicas = ["aye", "aye", "bye"].map(replica);
        let [one, two, three] = [0, 1, 2].map(|at| Held { partition: &replicas[at].0, store: &replicas[at].1 });
        assert_eq!(compare(one, two), Ok(()));
        assert!(compare(one, three).expect_err("they differ").contains("below 1"));
    }
}
