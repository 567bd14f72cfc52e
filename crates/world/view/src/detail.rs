//! How much of a cluster a picture holds. What there is room for is decided before a picture is made, from its
//! [`Shape`]; a picture of fifty brokers without cells then never reads a record.

use std::rc::Rc;

use super::{BatchesView, BrokerId, Permille, ProcessId, Str, TopicPartition};

/// How much a picture holds of each broker. Lanes that are opened are full whatever the rest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Detail {
    /// Rows with the newest records as cells.
    #[default]
    Cells,
    /// Rows without cells: one line per partition.
    Lines,
    /// No rows, and a mark for each replica: one line per broker.
    Brokers,
}

/// Who is there and how many rows each would have. No record is read for it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Shape {
    /// By broker id.
    pub brokers: Vec<LaneShape>,
    /// Names of racks, in order; empty where no broker has one.
    pub racks: Vec<Str>,
    pub partitions: usize,
    pub controllers: usize,
    /// Cards of producers where each has its own, and where alike ones share one.
    pub producers: usize,
    pub crowds: usize,
    pub groups: Vec<GroupShape>,
    /// Stores outside Kafka that consumers' programs write to.
    pub stores: usize,
}

/// A broker's lane: how many rows it has at full size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneShape {
    pub process: ProcessId,
    pub id: BrokerId,
    pub rows: usize,
    /// Where in [`Shape::racks`] its rack is.
    pub rack: Option<usize>,
}

/// A group with its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupShape {
    pub name: Str,
    pub members: usize,
    /// Partitions of the topics that it reads: as many as one member could own.
    pub reads: usize,
    /// The most partitions that any member of it owns.
    pub owned: usize,
}

/// The part that a replica plays in the newest decided metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkRole {
    Leads,
    Copies,
}

/// A replica as one small cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaMark {
    pub partition: TopicPartition,
    /// Which of the five topic hues.
    pub hue: u8,
    pub role: MarkRole,
    /// Its partition lacks a copy: the ISR is smaller than the assignment.
    pub short: bool,
    /// This copy is out of the ISR.
    pub out: bool,
    /// Its partition has no leader.
    pub offline: bool,
}

/// What a broker has done in the last second of Kafka's time.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LoadView {
    /// Bytes that it sent and received over the network.
    pub bytes: u64,
    /// Records that it wrote as a leader.
    pub records: u64,
    /// Bytes, of those of the broker that had most.
    pub share: Permille,
    /// How much of the second it was at work.
    pub busy: Permille,
    /// It has much more to do than others, or hardly time for more; none of one that does not run.
    pub heat: Option<Heat>,
    /// "18.2 MB/s, 1,200 records/s".
    pub text: String,
}

/// Why a broker is hot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heat {
    /// So much of the second it was at work.
    Busy(Permille),
    /// So many tenths of the bytes of the broker in the middle.
    Times(u64),
}

/// How far a group is behind, over everything that it reads.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LagView {
    /// Records below the high watermark that it has not been given, where its position is known.
    pub total: u64,
    /// The partition with most of them.
    pub worst: Option<(TopicPartition, u64)>,
    /// Partitions of which nobody knows a position; they count for nothing above.
    pub unknown: usize,
    /// Over the last seconds more was written than it was given.
    pub grows: bool,
    /// "88k", or "?" while nothing is known.
    pub text: String,
    /// "most in orders-3: 1,200"; empty where there is none.
    pub worst_text: String,
}

/// Producers that send alike, as one card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrowdView {
    /// What their names begin with: `web` for web-1 to web-40.
    pub name: String,
    pub topic: Str,
    pub hue: u8,
    pub members: Vec<ProcessId>,
    /// How many of them are stopped.
    pub stopped: usize,
    /// "40 producers, 2 stopped"; empty for one alone that runs.
    pub count: String,
    /// How many of them hang, and how many stand in `send`, waiting for memory; and that in words.
    pub hung: usize,
    pub blocked: usize,
    pub trouble: String,
    /// The first of those in the worst state: stopped, hanging, blocked, sending.
    pub worst: ProcessId,
    /// Bytes that they sent in the last second of Kafka's time, and their records that leaders wrote.
    pub bytes: u64,
    pub records: u64,
    /// "1.2 MB/s, 800 records/s".
    pub rate: String,
    /// The partition that got most of those records, and its share.
    pub skew: Option<(TopicPartition, Permille)>,
    /// "orders-3 gets 71 %"; empty where no partition gets much more than its part.
    pub skew_text: String,
    /// All their batches together, by partition; `None` where nothing would be seen of them.
    pub batches: Option<BatchesView>,
    /// Records that wait for a leader.
    pub waiting: u64,
    pub waiting_text: String,
    pub selected: bool,
    pub label: String,
}

/// Where a stream begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StreamEnd {
    /// A card of producers, by its place among the crowds.
    Crowd(usize),
    Broker(ProcessId),
    /// All brokers of a rack; `None`: of no rack.
    Rack(Option<Str>),
    Group(Str),
}

/// Records that flow between a card of producers, the brokers and a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamView {
    pub from: StreamEnd,
    pub to: StreamEnd,
    pub hue: u8,
    /// In the last second of Kafka's time.
    pub records: u64,
}

/// What a dense stage says beside its headline.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SummaryView {
    /// "50 brokers, 500 partitions".
    pub title: String,
    /// "1 broker stopped, 30 copies missing, nothing lost".
    pub text: String,
    pub tone: super::Tone,
}

/// Marks are shared with the picture before, where nothing changed.
pub type Marks = Rc<Vec<ReplicaMark>>;
