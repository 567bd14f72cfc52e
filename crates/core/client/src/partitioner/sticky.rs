//! Records without a key stay with one partition until about `batch.size` bytes went there and a
//! batch ends, then another is drawn (KIP-794). Partitions with longer queues are drawn less often
//! when `partitioner.adaptive.partitioning.enable` says so. Kafka: `BuiltInPartitioner`.

use base::{Draw, PartitionId};

/// Weights by which the next partition is drawn: a cumulative table over partitions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LoadTable {
    cumulative: Vec<u32>,
    partitions: Vec<PartitionId>,
}

impl LoadTable {
    /// Weights from queued batches per partition: (longest + 1 − own). `all` counts the topic's
    /// partitions, also those left out here because their broker is slow. `None`: draw uniformly.
    pub fn new(queues: &[(PartitionId, u32)], all: u32) -> Option<LoadTable> {
        if queues.is_empty() || all < 2 {
            return None;
        }
        let longest = queues.iter().map(|(_, size)| *size).max().unwrap_or_default();
        let all_equal = queues.iter().all(|(_, size)| *size == longest);
        if all_equal && queues.len() as u32 == all {
            return None;
        }
        let mut total = 0;
        let mut weigh = |size: u32| {
            total += longest + 1 - size;
            total
        };
        let cumulative = queues.iter().map(|(_, size)| weigh(*size)).collect();
        Some(LoadTable { cumulative, partitions: queues.iter().map(|(partition, _)| *partition).collect() })
    }

    /// How far each partition reaches in the draw.
    pub fn cumulative(&self) -> &[u32] {
        &self.cumulative
    }

    /// The partition for a non-negative random number.
    pub fn pick(&self, random: u32) -> PartitionId {
        let total = self.cumulative.last().copied().expect("a table has an entry");
        let index = self.cumulative.partition_point(|&sum| sum <= random % total);
        self.partitions[index]
    }
}

/// What a draw chooses from.
#[derive(Clone, Copy, Debug)]
pub struct Partitions<'a> {
    /// How many the topic has.
    pub count: u32,
    /// Those with a leader, ascending.
    pub available: &'a [PartitionId],
    /// Weights, when queues differ.
    pub load: Option<&'a LoadTable>,
}

impl Partitions<'_> {
    /// Uniform over the sum of weights, so that short queues are drawn more often (KIP-794).
    fn draw(&self, draw: &mut impl Draw) -> PartitionId {
        let random = draw.below(1 << 31);
        match (self.load, self.available) {
            (Some(load), _) => load.pick(random),
            (None, []) => (random % self.count.max(1)) as PartitionId,
            (None, available) => available[random as usize % available.len()],
        }
    }
}

/// May the partitioner move on, or would that leave a half-filled batch behind?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Boundary {
    /// The queue is empty or its last batch is full.
    BatchEnds,
    /// The last batch still has room.
    BatchOpen,
}

impl Boundary {
    /// A partition is left only between batches: leaving in the middle would send a batch that is half empty.
    pub fn from_all_full(full: bool) -> Boundary {
        if full { Boundary::BatchEnds } else { Boundary::BatchOpen }
    }
}

/// The partition that records without a key go to now, per topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StickyPartitioner {
    /// Bytes (`batch.size`, at least 1).
    batch_size: u32,
    current: Option<PartitionId>,
    /// Bytes appended there since it was drawn.
    produced: u32,
}

impl StickyPartitioner {
    /// batch.size is also the measure of when to go on to another partition.
    pub fn new(batch_size: u32) -> StickyPartitioner {
        StickyPartitioner { batch_size: batch_size.max(1), current: None, produced: 0 }
    }

    /// The partition to append to; the first call draws.
    pub fn current(&mut self, partitions: &Partitions<'_>, draw: &mut impl Draw) -> PartitionId {
        match self.current {
            Some(partition) => partition,
            None => {
                let partition = partitions.draw(draw);
                self.current = Some(partition);
                partition
            }
        }
    }

    /// The partition drawn last, for whoever looks.
    pub fn chosen(&self) -> Option<PartitionId> {
        self.current
    }

    /// Counts `appended` bytes and says whether it is time for another partition: batch.size bytes
    /// at a boundary, or twice as many anyway.
    pub fn is_due(&mut self, appended: u32, boundary: Boundary) -> bool {
        self.produced = self.produced.saturating_add(appended);
        let enough = self.produced >= self.batch_size && boundary == Boundary::BatchEnds;
        enough || self.produced >= self.batch_size.saturating_mul(2)
    }

    /// Draws the next partition.
    pub fn switch(&mut self, partitions: &Partitions<'_>, draw: &mut impl Draw) {
        self.current = Some(partitions.draw(draw));
        self.produced = 0;
    }
}
