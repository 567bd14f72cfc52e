//! A producer's batches as they stand on the stage: which is open and how full, which wait, which are on their way, and
//! how full the memory behind them is. All of it is the producer's own accumulator, nothing is drawn that it does not
//! hold. What has been before, and each batch in full, is the inspector's.

use super::{Permille, TopicPartition};

/// Batches of one producer; the view has none where nothing would be seen of them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct BatchesView {
    /// By partition: those that have batches, or had one.
    pub rows: Vec<BatchRow>,
    /// How many partitions more there are.
    pub more: usize,
    /// `None` while there is enough of it, and nobody has set how much there is.
    pub buffer: Option<BufferView>,
    /// What they are, in one word.
    pub name: &'static str,
    /// What a screen reader says.
    pub label: String,
}

/// The batches of one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRow {
    pub partition: TopicPartition,
    /// Which of the five topic hues.
    pub hue: u8,
    /// The batch that records join; `None`: the next record opens one.
    pub open: Option<OpenBatch>,
    /// Batches that are closed and not sent.
    pub waiting: usize,
    /// Batches that are sent and not answered.
    pub in_flight: usize,
    /// What is to be read beside the name: how many wait, how full the open one is, or why the last one closed.
    pub note: String,
}

/// A batch that records still join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBatch {
    pub records: u32,
    /// Bytes, and how many it has room for (`batch.size`).
    pub size: u32,
    pub capacity: u32,
    /// The part of its room that is taken.
    pub filled: Permille,
    /// The part of `linger.ms` that is over, in steps of a fortieth; `None` where nothing is waited for, and for those
    /// who have movement switched off.
    pub lingered: Option<Permille>,
}

/// `buffer.memory`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BufferView {
    pub used: Permille,
    /// A `send` waits for some of it.
    pub blocks: bool,
    /// "buffer", or that a `send` is blocked.
    pub name: String,
    /// How full it is, or how long that `send` has waited by now.
    pub note: String,
}
